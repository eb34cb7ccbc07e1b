"""A table of rows that is changed on one page and saved whole: stages, budgets, scores, reported figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from facilities.services.rows import Row
from gis_core.editing.errors import Invalid, NotAllowed


@dataclass(frozen=True)
class Table:
    """``existing`` are the rows as they are now; ``initial`` what the form begins with, a dict with the row's id and
    version for each; ``save`` writes and returns what to say, or nothing when nothing had changed."""

    title: str
    formset: Any
    existing: Iterable[Any]
    initial: list[dict[str, Any]]
    save: Callable[[list[Row]], str]
    back: str
    # A row is found again by this field when it had no id yet: what is not typed, such as a stage.
    fixed: str = ""


def initial_of(rows: Iterable[Any], *facts: str) -> list[dict[str, Any]]:
    return [{"row": row.pk, "version": row.version, **{name: getattr(row, name) for name in facts}} for row in rows]


def row_of(form: Any, fixed: str = "") -> Row:
    values = form.values()
    if fixed:
        values[fixed] = form.cleaned_data[fixed]
    data = form.cleaned_data
    return Row(form.title, values, data.get("row"), data.get("version"), form.removed)


def _now(form: Any) -> str:
    """What a row says now, where somebody changed it after this form was opened."""
    if form.existing is None or not form.is_bound or str(form.existing.version) == str(form["version"].value()):
        return ""
    values = [(form.fields[name].label, getattr(form.existing, name)) for name in form.facts]
    return ", ".join(f"{label}: {'–' if value in (None, '') else value}" for label, value in values)


def rows_page(request: HttpRequest, table: Table, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, and what it sends. Nothing is written while anything in it is refused."""
    formset = table.formset(request.POST or None, initial=table.initial)
    problems: list[str] = []
    if request.method == "POST" and formset.is_valid():
        try:
            said = table.save([row_of(form, table.fixed) for form in formset if form.is_touched()])
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
        else:
            (messages.success if said else messages.info)(request, said or _("Nothing had changed."))
            return redirect(table.back)
    current = {str(row.pk): row for row in table.existing}
    for form in formset:
        form.existing = current.get(str(form["row"].value()))
        form.now = _now(form)
    shown = {
        **context,
        "title": table.title,
        "formset": formset,
        "problems": problems,
        "back": table.back,
        "fixed": table.fixed,
    }
    return render(request, template, shown, status=422 if request.method == "POST" else 200)
