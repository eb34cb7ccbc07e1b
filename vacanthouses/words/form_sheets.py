"""A survey form on paper: its questions with their answers, or with what is needed to fill it in by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vacanthouses.models import RuleTable, SurveyStep, VisitOutcome
from vacanthouses.survey import forms

from .answers import Answered, answered, in_language, read_form

TITLES = {
    SurveyStep.PRELIMINARY: gettext_lazy("Preliminary survey form"),
    SurveyStep.FIELD: gettext_lazy("Field survey form"),
    SurveyStep.GRADING: gettext_lazy("Grading survey form"),
    SurveyStep.CONFIRMATION: gettext_lazy("Confirmation inspection form"),
}


@dataclass(frozen=True)
class Row:
    """A question with its answer. Empty ``text``: not answered; not ``applies``: nobody was to answer it."""

    number: int | None
    title: str
    text: str
    applies: bool = True


@dataclass(frozen=True)
class Blank:
    """A question to be answered by hand. ``only_if`` says in words when it matters; ``options`` are ticked."""

    number: int
    title: str
    type: str
    hint: str
    only_if: str
    required: bool
    options: list[str]
    unit: str


@dataclass(frozen=True)
class Part:
    """A section of the form."""

    title: str
    rows: list[Any]


def filled(table: RuleTable | None, answers: Mapping[str, Any], outcome: str, without: str) -> list[Part]:
    """The form's sections with their answers; photos have a place of their own, questions ``without`` this prefix too.

    A section of which nothing was to be answered is left out. Answers to questions that are not on the form come last.
    """
    form = read_form(table)
    told = {each.question.id: each for each in answered(table, answers)}
    matter = forms.relevant(form, answers, outcome) if form else frozenset()
    parts, number = [], 0
    for section in form.sections if form else ():
        rows = []
        for question in section.questions:
            number += 1
            found = told.pop(question.id, None)
            if found is not None and not question.id.startswith(without):
                applies = question.id in matter or forms.is_known(found.value)
                rows.append(Row(number, found.question.title, _with_unit(found, question), applies))
        parts.append(Part(in_language(section.title), rows))
    rest = [Row(None, each.question.title, each.text) for each in told.values()]
    parts.append(Part(_("Other answers") if form else "", rest))
    return [part for part in parts if any(row.applies for row in part.rows)]


def _with_unit(found: Answered, question: forms.Question) -> str:
    return f"{found.text} {question.unit}".strip() if found.text else ""


def blank(form: forms.Form) -> list[Part]:
    """The form's sections as they are printed to be filled in."""
    numbers = {question.id: number for number, question in enumerate(form.questions, start=1)}
    words = _Words(numbers, {question.id: question for question in form.questions})
    return [
        Part(in_language(section.title), [_blank(question, words) for question in section.questions])
        for section in form.sections
    ]


def _blank(question: forms.Question, words: "_Words") -> Blank:
    titles = [in_language(each) for each in question.options.values()]
    said = words.told(question.relevant) if question.relevant else ""
    return Blank(
        words.numbers[question.id],
        in_language(question.title),
        question.type,
        in_language(question.hint),
        _("Only if %(condition)s.") % {"condition": said} if said else "",
        question.required,
        [_("yes"), _("no")] if question.type == "yes_no" else titles,
        _range(question),
    )


def _range(question: forms.Question) -> str:
    """“3 – 60 m²”."""
    low, high = ("" if each is None else f"{each:g}" for each in (question.low, question.high))
    return f"{low} – {high} {question.unit}".strip() if low or high else question.unit


@dataclass(frozen=True)
class _Words:
    """Conditions in words: questions by the numbers they have on the paper."""

    numbers: Mapping[str, int]
    asked: Mapping[str, forms.Question]

    def told(self, condition: Mapping[str, Any]) -> str:
        if "all" in condition:
            return str(_(", and ")).join(self.told(each) for each in condition["all"])
        if "any" in condition:
            return str(_(", or ")).join(self.told(each) for each in condition["any"])
        if "not" in condition:
            return _("not (%(condition)s)") % {"condition": self.told(condition["not"])}
        if "outcome" in condition:
            return _("the outcome is %(outcomes)s") % {"outcomes": _quoted(map(_outcome, condition["outcome"]))}
        return self._answer(condition)

    def _answer(self, condition: Mapping[str, Any]) -> str:
        number = {"number": self.numbers[condition["question"]]}
        if "known" in condition:
            return (_("%(number)s is answered") if condition["known"] else _("%(number)s is not answered")) % number
        if "at_least" in condition:
            return _("%(number)s is %(least)s or more") % {**number, "least": f"{condition['at_least']:g}"}
        wanted = condition["in"] if "in" in condition else [condition["is"]]
        question = self.asked[condition["question"]]
        return _("the answer to %(number)s is %(answers)s") % {
            **number, "answers": _quoted(_option(question, each) for each in wanted),
        }  # fmt: skip


def _outcome(value: str) -> str:
    return str(VisitOutcome(value).label)


def _option(question: forms.Question, value: Any) -> str:
    if question.type == "yes_no":
        return _("yes") if value == "yes" else _("no")
    return in_language(question.options.get(str(value))) or str(value)


def _quoted(found: Iterable[str]) -> str:
    return str(_(" or ")).join(f"“{each}”" for each in found)
