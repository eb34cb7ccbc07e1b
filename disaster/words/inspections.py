"""What checklists ask, and what was found, in the user's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import localize
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disaster.checklists import BadChecklist, Checklist, Problem, Question, read
from disaster.models import Inspection

_FAULTS = {
    "not_a_mapping": gettext_lazy("names with values are needed here"),
    "not_a_list": gettext_lazy("a list is needed here"),
    "missing": gettext_lazy("is missing"),
    "not_a_number": gettext_lazy("needs a number"),
    "not_a_text": gettext_lazy("needs a text"),
    "not_yes_or_no": gettext_lazy("needs true or false"),
    "not_one_of": gettext_lazy("must be one of: %(names)s"),
    "twice": gettext_lazy("“%(name)s” is there twice"),
    "unknown_question": gettext_lazy("“%(name)s” is not asked before"),
    "unknown_version": gettext_lazy("must be %(known)s"),
    "unknown_name": gettext_lazy("is a name that is not known here"),
    "too_many": gettext_lazy("has more than %(most)s questions"),
    "too_few": gettext_lazy("needs at least two choices"),
    "not_a_key": gettext_lazy("must begin with a small letter and have only small letters, digits and _"),
    "no_limit": gettext_lazy("a measure needs “min” or “max”"),
    "below_min": gettext_lazy("is less than “min”"),
    "not_chosen": gettext_lazy("“%(name)s” is no question with choices"),
}
PROBLEMS = {
    "missing": gettext_lazy("“%(question)s” has no answer."),
    "photo_missing": gettext_lazy("The photo “%(question)s” is missing."),
    "not_an_option": gettext_lazy("“%(question)s” is not one of the choices."),
    "not_a_number": gettext_lazy("“%(question)s” is no number."),
    "not_a_text": gettext_lazy("“%(question)s” is no text."),
    "too_long": gettext_lazy("“%(question)s” is too long."),
}
REASONS = {
    "too_low": gettext_lazy("%(value)s %(unit)s, at least %(limit)s needed"),
    "too_high": gettext_lazy("%(value)s %(unit)s, at most %(limit)s allowed"),
}


def in_language(titles: Mapping[str, str]) -> str:
    return titles.get((get_language() or "ko")[:2]) or titles.get("ko", "")


def fault_text(fault: BadChecklist) -> str:
    """“questions.2.min: needs a number”."""
    words = str(_FAULTS[fault.code]) % fault.params
    return _("%(place)s: %(fault)s") % {"place": fault.path or _("The checklist"), "fault": words}


def problem_text(checklist: Checklist, problem: Problem) -> str:
    question = checklist.question(problem.key)
    return str(PROBLEMS[problem.code]) % {"question": in_language(question.title) if question else problem.key}


def answer_text(question: Question, value: Any) -> str:
    """An answer as people read it; “no answer” where there is none."""
    if value in (None, ""):
        return _("no answer")
    if question.kind == "yes_no":
        return _("Yes") if value == "yes" else _("No")
    if question.kind == "choice":
        chosen = next((option for option in question.options if option.value == value), None)
        return in_language(chosen.title) if chosen else str(value)
    return f"{localize(value)} {question.unit}".strip()


def limits_text(question: Question) -> str:
    """“200 – 3,000 L/min”."""
    low, high = (None if limit is None else _plain(limit) for limit in (question.low, question.high))
    if low and high:
        return f"{low} – {high} {question.unit}"
    if low:
        return _("at least %(limit)s") % {"limit": f"{low} {question.unit}"}
    return _("at most %(limit)s") % {"limit": f"{high} {question.unit}"} if high else ""


def _plain(number: float) -> str:
    return str(localize(int(number) if float(number).is_integer() else number))


def reason_text(question: Question, failure: Mapping[str, Any]) -> str:
    """Why a question failed: “Does it start? No”, or the value with its limit."""
    words = REASONS.get(failure.get("code", ""))
    if words is None:
        return answer_text(question, failure.get("value"))
    told = {name: _plain(failure[name]) for name in ("value", "limit")}
    return str(words) % {**told, "unit": failure.get("unit", "")}


def failed_text(inspection: Inspection) -> str:
    """What failed, in one line; "" where nothing did."""
    try:
        checklist = read(inspection.checklist.body)
    except BadChecklist:
        return ", ".join(str(each.get("key")) for each in inspection.failed)
    told = []
    for failure in inspection.failed:
        question = checklist.question(failure["key"])
        if question is not None:
            told.append(f"{in_language(question.title)} {reason_text(question, failure)}")
    return "; ".join(told)
