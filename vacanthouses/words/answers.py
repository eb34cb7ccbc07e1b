"""A visit's answers in words: the questions of the form edition it was made with, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vacanthouses.models import RuleTable
from vacanthouses.rule_reading import BadRule
from vacanthouses.survey import forms


@dataclass(frozen=True)
class Question:
    """``options`` by value, in the form's order; empty for questions with free answers. ``type`` as the form says."""

    id: str
    title: str
    options: Mapping[str, str] = field(default_factory=dict)
    type: str = ""


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
        return isinstance(self.value, list) or self.question.type == "multi"

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


def read_form(table: RuleTable | None) -> forms.Form | None:
    """None where there is no form, or one that can no longer be read."""
    try:
        return forms.read(table.body) if table else None
    except BadRule:
        return None


def answered(form: RuleTable | None, answers: Mapping[str, Any]) -> list[Answered]:
    """The form's questions with their answers, and after them answers to questions the form does not know."""
    questions = {question.id: question for question in _questions(form.body)} if form else {}
    found = [Answered(question, answers.get(name)) for name, question in questions.items()]
    return found + [Answered(Question(name, name), value) for name, value in answers.items() if name not in questions]


def worth_reading(form: RuleTable | None, answers: Mapping[str, Any], outcome: str) -> list[Answered]:
    """What was answered, and what should have been: questions that did not matter are left out."""
    read = read_form(form)
    matter = forms.relevant(read, answers, outcome) if read else frozenset()
    return [each for each in answered(form, answers) if forms.is_known(each.value) or each.question.id in matter]


def slot_title(form: RuleTable | None, slot: str) -> str:
    """What a photo was asked for, in words: of “photo_front.2” the question's title and the number."""
    name, _dot, number = slot.partition(".")
    title = _photo_titles(form.body).get(name, "") if form else ""
    return f"{title or name} {number}".strip()


def changes_told(form: RuleTable | None, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """A reviewer's corrections: the question, its answer before, and after."""
    before = {each.question.id: each for each in answered(form, {name: both[0] for name, both in changes.items()})}
    return [(before[name].question.title, before[name].text, replace(before[name], value=both[1]).text)
            for name, both in changes.items() if name in before]  # fmt: skip


def _photo_titles(body: Any) -> dict[str, str]:
    sections = body.get("sections") if isinstance(body, Mapping) else None
    questions = [
        found
        for section in (sections if isinstance(sections, list) else [])
        for found in section.get("questions", [])
        if found.get("type") == "photo"
    ]
    return {str(found.get("id")): in_language(found.get("title")) for found in questions}


def _questions(node: Any) -> Iterator[Question]:
    """Every question of a form's body, however its sections are nested."""
    if isinstance(node, Mapping):
        if isinstance(node.get("questions"), list):
            for found in node["questions"]:
                # A photo is shown as a photo, not as an answer.
                if isinstance(found, Mapping) and found.get("id") and found.get("type") != "photo":
                    options = _yes_no() if found.get("type") == "yes_no" else _options(found.get("options"))
                    yield Question(
                        str(found["id"]), in_language(found.get("title")), options, str(found.get("type") or "")
                    )
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
