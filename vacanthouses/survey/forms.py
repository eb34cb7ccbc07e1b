"""Survey forms: what is asked, when a question matters, and what is missing or wrong. Pure.

A form is the body of a rule table of kind ``form``::

    sections: [{title: {ko, en}, questions: [
      {id: roof, type: single, title: {ko, en}, options: [{value: good, title: {ko, en}}], required: true,
       relevant: {question: outer_wall, in: [poor, bad]}}]}]

Types: single, multi, yes_no, number (``low``, ``high``, ``unit``), text, date, photo (the id is the photo's slot).
A condition is {all: [..]}, {any: [..]}, {not: ..}, {outcome: [..]}, or {question, is|in|known|at_least}.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vacanthouses.rule_reading import BadRule, at, flag, mapping, number, sequence, text, titles

TYPES = ("single", "multi", "yes_no", "number", "text", "date", "photo")
TEXT_LIMIT = 2000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YES_NO = ("yes", "no")
# What is asked of a house that was entered; other outcomes ask only what names them.
SURVEYED = "surveyed"
OUTCOMES = (SURVEYED, "not_vacant", "no_entry", "gone")


@dataclass(frozen=True)
class Question:
    """``options`` by value. ``low`` and ``high`` in ``unit``."""

    id: str
    type: str
    title: Mapping[str, str]
    hint: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    required: bool
    relevant: Mapping[str, Any] | None
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Section:
    title: Mapping[str, str]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Form:
    sections: tuple[Section, ...]

    @property
    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions


@dataclass(frozen=True)
class Problem:
    """``code``: missing, photo_missing, not_an_option, not_a_text, too_long, not_a_number, out_of_range, not_a_date."""

    question: str
    code: str
    params: Mapping[str, Any]


def read(body: Any) -> Form:
    """Raises BadRule."""
    sections = []
    for index, said in enumerate(sequence(mapping(body, "").get("sections"), "sections")):
        path = at("sections", index)
        found = mapping(said, path)
        questions = sequence(found.get("questions"), at(path, "questions"))
        sections.append(
            Section(
                titles(found, path),
                tuple(_question(each, at(at(path, "questions"), i)) for i, each in enumerate(questions)),
            )
        )
    form = Form(tuple(sections))
    _check(form)
    return form


def _question(said: Any, path: str) -> Question:
    body = mapping(said, path)
    kind = text(body, "type", path)
    if kind not in TYPES:
        raise BadRule(at(path, "type"), "not_one_of", names=", ".join(TYPES))
    options: dict[str, Mapping[str, str]] = {}
    if kind in {"single", "multi"}:
        for index, each in enumerate(sequence(body.get("options"), at(path, "options"))):
            place = at(at(path, "options"), index)
            option = mapping(each, place)
            options[text(option, "value", place)] = titles(option, place)
    low, high = (number(body, name, path) if name in body else None for name in ("low", "high"))
    relevant = body.get("relevant")
    return Question(
        text(body, "id", path), kind, titles(body, path),
        mapping(body.get("hint") or {}, at(path, "hint")), options, flag(body, "required", path),
        None if relevant is None else mapping(relevant, at(path, "relevant")), low, high,
        text(body, "unit", path, default=""),
    )  # fmt: skip


def _check(form: Form) -> None:
    """Raises BadRule: every id once, and conditions ask for questions that come before."""
    known: set[str] = set()
    for question in form.questions:
        if question.id in known:
            raise BadRule(question.id, "twice", name=question.id)
        for asked in _asked(question.relevant, f"{question.id}.relevant"):
            if asked not in known:
                raise BadRule(f"{question.id}.relevant", "unknown_question", name=asked)
        known.add(question.id)


def _asked(condition: Any, path: str) -> Iterator[str]:
    if condition is None:
        return
    found = mapping(condition, path)
    for name in ("all", "any"):
        if name in found:
            for each in sequence(found[name], at(path, name)):
                yield from _asked(each, at(path, name))
            return
    if "not" in found:
        yield from _asked(mapping(found["not"], at(path, "not")), at(path, "not"))
    elif "outcome" in found:
        if not set(sequence(found["outcome"], at(path, "outcome"))) <= set(OUTCOMES):
            raise BadRule(at(path, "outcome"), "not_one_of", names=", ".join(OUTCOMES))
    else:
        _check_test(found, path)
        yield text(found, "question", path)


def _check_test(condition: Mapping[str, Any], path: str) -> None:
    """Raises BadRule unless exactly one test is there, of values that can be compared."""
    named = [name for name in ("is", "in", "known", "at_least") if name in condition]
    if len(named) != 1:
        raise BadRule(path, "not_a_condition")
    if named == ["in"]:
        sequence(condition["in"], at(path, "in"))
    elif named == ["known"]:
        flag(condition, "known", path)
    elif named == ["at_least"]:
        number(condition, "at_least", path)


def holds(condition: Mapping[str, Any] | None, answers: Mapping[str, Any], outcome: str) -> bool:
    """Whether a condition is true. An answer that is not known fulfils nothing but ``known: false``."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(each, answers, outcome) for each in condition["all"])
    if "any" in condition:
        return any(holds(each, answers, outcome) for each in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], answers, outcome)
    if "outcome" in condition:
        return outcome in condition["outcome"]
    value = answers.get(condition["question"])
    if "known" in condition:
        return is_known(value) is condition["known"]
    if "at_least" in condition:
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= condition["at_least"]
    wanted = condition["in"] if "in" in condition else [condition["is"]]
    return any(each in wanted for each in value) if isinstance(value, list) else value in wanted


def is_known(value: Any) -> bool:
    return value is not None and value not in ("", [])


def relevant(form: Form, answers: Mapping[str, Any], outcome: str) -> frozenset[str]:
    """Ids of the questions that matter. The answer to one that does not matter counts as not given.

    A question without a condition matters when the house was surveyed; one that names outcomes, with those.
    """
    found: dict[str, Any] = {}
    ids = set()
    for question in form.questions:
        by_outcome = outcome == SURVEYED or _names_outcome(question.relevant)
        if by_outcome and holds(question.relevant, found, outcome):
            ids.add(question.id)
            if question.id in answers:
                found[question.id] = answers[question.id]
    return frozenset(ids)


def _names_outcome(condition: Mapping[str, Any] | None) -> bool:
    if condition is None:
        return False
    parts = [*condition.get("all", ()), *condition.get("any", ()), *([condition["not"]] if "not" in condition else [])]
    return "outcome" in condition or any(_names_outcome(each) for each in parts)


def kept(form: Form, answers: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """The answers that count: known, and to questions that matter."""
    ids = relevant(form, answers, outcome)
    return {name: value for name, value in answers.items() if name in ids and is_known(value)}


def problems(form: Form, answers: Mapping[str, Any], photo_slots: Collection[str], outcome: str) -> list[Problem]:
    """What is missing or wrong, in the order of the form."""
    ids = relevant(form, answers, outcome)
    found = []
    for question in form.questions:
        if question.id in ids:
            problem = _photo(question, photo_slots) if question.type == "photo" else _wrong(question, answers)
            if problem is not None:
                found.append(problem)
    return found


def _photo(question: Question, slots: Collection[str]) -> Problem | None:
    # A slot may hold several photos: photo_roof, photo_roof.2 ...
    has_one = any(slot == question.id or slot.startswith(f"{question.id}.") for slot in slots)
    return None if has_one or not question.required else Problem(question.id, "photo_missing", {})


def _wrong(question: Question, answers: Mapping[str, Any]) -> Problem | None:
    value = answers.get(question.id)
    if not is_known(value):
        return Problem(question.id, "missing", {}) if question.required else None
    if question.type in {"single", "multi", "yes_no"}:
        return _not_chosen(question, value)
    if question.type == "number":
        return _not_counted(question, value)
    if not isinstance(value, str):
        return Problem(question.id, "not_a_text", {})
    if question.type == "date":
        return None if _is_date(value) else Problem(question.id, "not_a_date", {"value": value[:40]})
    return Problem(question.id, "too_long", {"limit": TEXT_LIMIT}) if len(value) > TEXT_LIMIT else None


def _not_chosen(question: Question, value: Any) -> Problem | None:
    allowed = YES_NO if question.type == "yes_no" else tuple(question.options)
    values = value if question.type == "multi" and isinstance(value, list) else [value]
    wrong = [each for each in values if not isinstance(each, str) or each not in allowed]
    return Problem(question.id, "not_an_option", {"value": str(wrong[0])[:40]}) if wrong else None


def _not_counted(question: Question, value: Any) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return Problem(question.id, "not_a_number", {"value": str(value)[:40]})
    low, high = question.low, question.high
    if (low is not None and value < low) or (high is not None and value > high):
        return Problem(question.id, "out_of_range", {"low": low, "high": high})
    return None


def _is_date(value: str) -> bool:
    try:
        return _DATE.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False
