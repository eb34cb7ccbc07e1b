"""Checklists: what is asked of a depot or a class of items, and what follows from the answers. Pure.

The body of an edition::

    version: 1
    questions:
      - {key: starts, title: {ko, en}, kind: yes_no, photo: on_fail, blocks: true, severity: high,
         repair: {ko, en}, only_if: {question: fuel, is: "yes"}}

Kinds: ``yes_no`` (fails with ``fails_on``, "no" unless told), ``measure`` (``unit``, ``min``, ``max``: fails outside),
``choice`` (``options``, each ``value``, ``title`` and whether it ``fails``), ``text`` (never fails). Everything but a
text must be answered unless ``required: false``. ``blocks``: a failure makes units unusable until it is repaired.
The phone reads the same body (``js/inspect/logic.js``); both run ``tests/disaster/checklist_vectors.json``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION = 1
KINDS = ("yes_no", "measure", "choice", "text")
YES_NO = ("yes", "no")
PHOTO = ("never", "optional", "required", "on_fail")
# How many days a repair may take, by how bad the fault is.
DAYS = {"high": 3, "normal": 14, "low": 30}
TEXT_LIMIT = 2000
MOST_QUESTIONS = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class BadChecklist(ValueError):
    """``path`` is where in the body (``questions.3.min``); ``code`` and ``params`` say what is wrong there."""

    def __init__(self, path: str, code: str, **params: Any) -> None:
        super().__init__(f"{path}: {code} {params}" if params else f"{path}: {code}")
        self.path, self.code, self.params = path, code, params


@dataclass(frozen=True)
class Option:
    value: str
    title: Mapping[str, str]
    fails: bool


@dataclass(frozen=True)
class Condition:
    """Whether an earlier question was answered with one of these."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """``low`` and ``high`` in ``unit``; ``repair`` what is to be done about a failure, in both languages."""

    key: str
    kind: str
    title: Mapping[str, str]
    hint: Mapping[str, str]
    repair: Mapping[str, str]
    required: bool
    photo: str
    blocks: bool
    severity: str
    only_if: Condition | None
    fails_on: str = "no"
    options: tuple[Option, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def days(self) -> int:
        return DAYS[self.severity]


@dataclass(frozen=True)
class Checklist:
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)


@dataclass(frozen=True)
class Fault:
    """``code``: no, chosen, too_low, too_high; ``params`` has the value and the limit."""

    key: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """Questions that matter, by key. What was not answered is not passed."""

    passed: tuple[str, ...]
    failed: tuple[Fault, ...]
    unanswered: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        return not self.failed and not self.unanswered


@dataclass(frozen=True)
class Problem:
    """``code``: missing, photo_missing, not_an_option, not_a_number, not_a_text, too_long."""

    key: str
    code: str


def read(body: Any) -> Checklist:
    """Raises BadChecklist."""
    found = _mapping(body, "")
    if found.get("version") != VERSION:
        raise BadChecklist("version", "unknown_version", known=VERSION)
    said = _sequence(found.get("questions"), "questions")
    if not said:
        raise BadChecklist("questions", "missing")
    if len(said) > MOST_QUESTIONS:
        raise BadChecklist("questions", "too_many", most=MOST_QUESTIONS)
    known: dict[str, Question] = {}
    for index, each in enumerate(said):
        path = f"questions.{index}"
        question = _question(each, path, known)
        if question.key in known:
            raise BadChecklist(f"{path}.key", "twice", name=question.key)
        known[question.key] = question
    return Checklist(tuple(known.values()))


_NAMES = {
    "key", "kind", "title", "hint", "repair", "required", "photo", "blocks", "severity", "only_if", "fails_on",
    "options", "unit", "min", "max",
}  # fmt: skip


def _question(said: Any, path: str, before: Mapping[str, Question]) -> Question:
    body = _mapping(said, path)
    for name in body:
        if name not in _NAMES:
            raise BadChecklist(f"{path}.{name}", "unknown_name")
    key = _text(body, "key", path)
    if not _KEY.fullmatch(key):
        raise BadChecklist(f"{path}.key", "not_a_key")
    kind = _one_of(body, "kind", path, KINDS)
    title = _titles(body.get("title"), f"{path}.title")
    low, high = _limits(body, path) if kind == "measure" else (None, None)
    return Question(
        key, kind, title,
        hint=_titles(body["hint"], f"{path}.hint") if "hint" in body else {},
        repair=_titles(body["repair"], f"{path}.repair") if "repair" in body else title,
        required=_flag(body, "required", path, kind != "text"),
        photo=_one_of(body, "photo", path, PHOTO, "optional"),
        blocks=_flag(body, "blocks", path, False),
        severity=_one_of(body, "severity", path, tuple(DAYS), "normal"),
        only_if=_condition(body["only_if"], f"{path}.only_if", before) if "only_if" in body else None,
        fails_on=_one_of(body, "fails_on", path, YES_NO, "no"),
        options=_options(body.get("options"), f"{path}.options") if kind == "choice" else (),
        unit=_text(body, "unit", path) if kind == "measure" else "",
        low=low, high=high,
    )  # fmt: skip


def _limits(body: Mapping[str, Any], path: str) -> tuple[float | None, float | None]:
    low, high = (_number(body, name, path) for name in ("min", "max"))
    if low is None and high is None:
        raise BadChecklist(f"{path}.min", "no_limit")
    if low is not None and high is not None and low > high:
        raise BadChecklist(f"{path}.max", "below_min")
    return low, high


def _options(said: Any, path: str) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for index, each in enumerate(_sequence(said, path)):
        place = f"{path}.{index}"
        option = _mapping(each, place)
        value = _text(option, "value", place)
        if value in found:
            raise BadChecklist(f"{place}.value", "twice", name=value)
        found[value] = Option(
            value, _titles(option.get("title"), f"{place}.title"), _flag(option, "fails", place, False)
        )
    if len(found) < 2:
        raise BadChecklist(path, "too_few")
    return tuple(found.values())


def _condition(said: Any, path: str, before: Mapping[str, Question]) -> Condition:
    body = _mapping(said, path)
    name = _text(body, "question", path)
    asked = before.get(name)
    if asked is None:
        raise BadChecklist(f"{path}.question", "unknown_question", name=name)
    values = YES_NO if asked.kind == "yes_no" else tuple(option.value for option in asked.options)
    if not values:
        raise BadChecklist(f"{path}.question", "not_chosen", name=name)
    return Condition(name, (_one_of(body, "is", path, values),))


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadChecklist(path, "not_a_mapping")
    return value


def _sequence(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise BadChecklist(path, "missing" if value is None else "not_a_list")
    return value


def _text(body: Mapping[str, Any], name: str, path: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadChecklist(f"{path}.{name}", "missing" if value in (None, "") else "not_a_text")
    return value


def _titles(said: Any, path: str) -> Mapping[str, str]:
    found = _mapping(said, path)
    return {language: _text(found, language, path) for language in ("ko", "en")}


def _one_of(body: Mapping[str, Any], name: str, path: str, values: tuple[str, ...], default: str | None = None) -> str:
    value = body.get(name, default)
    if value not in values:
        raise BadChecklist(f"{path}.{name}", "missing" if value is None else "not_one_of", names=", ".join(values))
    return str(value)


def _flag(body: Mapping[str, Any], name: str, path: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise BadChecklist(f"{path}.{name}", "not_yes_or_no")
    return value


def _number(body: Mapping[str, Any], name: str, path: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if not is_number(value):
        raise BadChecklist(f"{path}.{name}", "not_a_number")
    return float(value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def is_known(value: Any) -> bool:
    return value is not None and value != ""


def relevant(checklist: Checklist, answers: Mapping[str, Any]) -> frozenset[str]:
    """Keys of the questions that matter. The answer to one that does not matter counts as not given."""
    found: set[str] = set()
    for question in checklist.questions:
        asks = question.only_if
        if asks is None or (asks.question in found and answers.get(asks.question) in asks.values):
            found.add(question.key)
    return frozenset(found)


def kept(checklist: Checklist, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count: known, and to questions that matter."""
    keys = relevant(checklist, answers)
    return {key: value for key, value in answers.items() if key in keys and is_known(value)}


def fault_of(question: Question, value: Any) -> Fault | None:
    """Why an answer fails its question; None where it passes, or is no answer."""
    key = question.key
    if question.kind == "yes_no":
        return Fault(key, "no", {"value": value}) if value == question.fails_on else None
    if question.kind == "choice":
        chosen = next((option for option in question.options if option.value == value), None)
        return Fault(key, "chosen", {"value": value}) if chosen and chosen.fails else None
    if question.kind == "measure" and is_number(value):
        if question.low is not None and value < question.low:
            return Fault(key, "too_low", {"value": value, "limit": question.low, "unit": question.unit})
        if question.high is not None and value > question.high:
            return Fault(key, "too_high", {"value": value, "limit": question.high, "unit": question.unit})
    return None


def judge(checklist: Checklist, answers: Mapping[str, Any]) -> Judgement:
    """What passed, what failed and why, and what had to be answered and was not. An answer that is none of the
    question's is no answer."""
    keys = relevant(checklist, answers)
    passed, failed, unanswered = [], [], []
    for question in checklist.questions:
        if question.key not in keys:
            continue
        value = answers.get(question.key)
        if not is_known(value) or _wrong(question, value):
            if question.required:
                unanswered.append(question.key)
        elif fault := fault_of(question, value):
            failed.append(fault)
        else:
            passed.append(question.key)
    return Judgement(tuple(passed), tuple(failed), tuple(unanswered))


def problems(checklist: Checklist, answers: Mapping[str, Any], photos: Collection[str] | None) -> list[Problem]:
    """What is missing or wrong, in the order of the checklist. ``photos``: keys that have one; None asks for none."""
    keys = relevant(checklist, answers)
    found = []
    for question in checklist.questions:
        if question.key in keys:
            value = answers.get(question.key)
            code = _wrong(question, value) if is_known(value) else ("missing" if question.required else None)
            if code is None and photos is not None and question.key not in photos and _needs_photo(question, value):
                code = "photo_missing"
            if code:
                found.append(Problem(question.key, code))
    return found


def _needs_photo(question: Question, value: Any) -> bool:
    return question.photo == "required" or (question.photo == "on_fail" and fault_of(question, value) is not None)


def _wrong(question: Question, value: Any) -> str | None:
    if question.kind == "yes_no":
        return None if value in YES_NO else "not_an_option"
    if question.kind == "choice":
        return None if any(option.value == value for option in question.options) else "not_an_option"
    if question.kind == "measure":
        return None if is_number(value) else "not_a_number"
    if not isinstance(value, str):
        return "not_a_text"
    return "too_long" if len(value) > TEXT_LIMIT else None


__all__ = [
    "DAYS", "BadChecklist", "Checklist", "Fault", "Judgement", "Problem", "Question", "fault_of", "is_known", "judge",
    "kept", "problems", "read", "relevant",
]  # fmt: skip
