"""What is missing or wrong in a survey form, in the user's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vacanthouses.survey.forms import Form, Problem

from .answers import in_language

PROBLEMS = {
    "missing": gettext_lazy("“%(question)s” has no answer."),
    "photo_missing": gettext_lazy("The photo “%(question)s” is missing."),
    "not_an_option": gettext_lazy("“%(question)s”: “%(value)s” is not one of the choices."),
    "not_a_text": gettext_lazy("“%(question)s”: this is no text."),
    "too_long": gettext_lazy("“%(question)s” is longer than %(limit)s characters."),
    "not_a_number": gettext_lazy("“%(question)s”: “%(value)s” is no number."),
    "out_of_range": gettext_lazy("“%(question)s” lies outside what is possible."),
    "not_a_date": gettext_lazy("“%(question)s”: “%(value)s” is no date (2026-03-02)."),
}


def problem_text(form: Form, problem: Problem) -> str:
    question = next((each for each in form.questions if each.id == problem.question), None)
    title = in_language(question.title) if question else _("Question")
    return str(PROBLEMS[problem.code]) % {"question": title, **problem.params}
