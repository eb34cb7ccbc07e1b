"""A visit's answers in words: the questions of the form edition it was made with, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vacanthouses.models import RuleTable


@dataclass(frozen=True)
class Question:
    """``options`` by value, in the form's order; empty for questions with free answers."""

    id: str
    title: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    question: Question
    value: Any

    @property
    def text(self) -> str:
        if self.value in (None, "", []):
            return ""
        values = self.value if isinstance(self.value, list) else [self.value]
        return ", ".join(self._one(value) for value in values)

    def _one(self, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return self.question.options.get(str(value), str(value))

    @property
    def is_many(self) -> bool:
        return isinstance(self.value, list)

    @property
    def chosen(self) -> list[str]:
        if self.value is None:
            return []
        return [str(value) for value in self.value] if isinstance(self.value, list) else [str(self.value)]


def in_language(titles: Any) -> str:
    """A title of a rule table, which carries its words in both languages."""
    if isinstance(titles, Mapping):
        language = (get_language() or "ko")[:2]
        return str(titles.get(language) or titles.get("ko") or "")
    return str(titles or "")


def answered(form: RuleTable | None, answers: Mapping[str, Any]) -> list[Answered]:
    """The form's questions with their answers, and after them answers to questions the form does not know."""
    questions = {question.id: question for question in _questions(form.body)} if form else {}
    found = [Answered(question, answers.get(name)) for name, question in questions.items()]
    return found + [Answered(Question(name, name), value) for name, value in answers.items() if name not in questions]


def _questions(node: Any) -> Iterator[Question]:
    """Every question of a form's body, however its sections are nested."""
    if isinstance(node, Mapping):
        if isinstance(node.get("questions"), list):
            for found in node["questions"]:
                # A photo is shown as a photo, not as an answer.
                if isinstance(found, Mapping) and found.get("id") and found.get("type") != "photo":
                    options = _yes_no() if found.get("type") == "yes_no" else _options(found.get("options"))
                    yield Question(str(found["id"]), in_language(found.get("title")), options)
                yield from _questions({name: value for name, value in found.items() if name != "options"})
            return
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _questions(each)


def _yes_no() -> dict[str, str]:
    return {"yes": _("yes"), "no": _("no")}


def _options(found: Any) -> dict[str, str]:
    if isinstance(found, Mapping):
        return {str(value): in_language(_title(told)) for value, told in found.items()}
    if isinstance(found, list):
        return {_value(each): in_language(_title(each)) or _value(each) for each in found}
    return {}


def _title(found: Any) -> Any:
    return found.get("title", found) if isinstance(found, Mapping) else found


def _value(found: Any) -> str:
    return str(found.get("id", found.get("value", ""))) if isinstance(found, Mapping) else str(found)
