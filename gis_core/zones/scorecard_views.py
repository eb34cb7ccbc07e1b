"""The comparison of a zone's members, as a page and on paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import pdf
from gis_core.files.services import clean_name
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone

from . import scorecard_words as words
from .scorecard import Column, Row, Section
from .scorecard_services import Comparison, compare

MINUTES = (5, 10, 15, 30)
USUAL_MINUTES = 10
# More columns than this do not fit on a sheet.
ON_A4 = 8


class MinutesForm(forms.Form):
    minutes = forms.TypedChoiceField(
        choices=[(each, f"{each}") for each in MINUTES], coerce=int,
        label=_("Help must come within (minutes)"),
    )  # fmt: skip


def find_zone(user: Any, pk: int) -> CooperationZone:
    """A live zone that this person may see. Raises Http404."""
    zone: CooperationZone | None = layers.get("zones").queryset(user).filter(pk=pk).first()
    if zone is None:
        raise Http404
    return zone


@login_required
@never_cache
@require_safe
def scorecard(request: HttpRequest, pk: int) -> HttpResponse:
    """``?minutes=``: within which help must come, for what sharing would gain."""
    context, status = _context(request, pk)
    return render(request, "gis_core/zones/scorecard.html", context, status=status)


@login_required
@never_cache
@require_safe
def scorecard_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    context, _status = _context(request, pk)
    context |= {"printed_by": request.user, "is_wide": len(context["columns"]) > ON_A4}
    response = HttpResponse(
        pdf.render("gis_core/zones/scorecard_sheet.html", context, request), content_type="application/pdf"
    )
    name = clean_name(f"{context['zone']} {context['day']:%Y-%m-%d}.pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def _context(request: HttpRequest, pk: int) -> tuple[dict[str, Any], int]:
    zone = find_zone(request.user, pk)
    form = MinutesForm(request.GET if "minutes" in request.GET else {"minutes": USUAL_MINUTES})
    minutes = form.cleaned_data["minutes"] if form.is_valid() else USUAL_MINUTES
    day = timezone.localdate()
    found = compare(request.user, zone, day, minutes)
    context = {
        "zone": zone, "record": zone, "layer": layers.get("zones"), "form": form, "day": day, "found": found,
        "columns": [(column, words.KIND_TITLES[column.kind]()) for column in found.columns],
        "tab": "scorecard",
        "sections": [_section(each, found.columns) for each in found.sections],
        "figures": [_row(row, found.columns) for row in found.figures],
        "lacks": [words.lack(each) for each in found.lacks],
        "spreads": [words.spread(each) for each in found.spreads],
        "is_partly_seen": _is_partly_seen(found),
    }  # fmt: skip
    return context, 422 if form.errors else 200


def _is_partly_seen(found: Comparison) -> bool:
    rows = [*(row for each in found.sections for row in each.rows), *found.figures]
    return any(cell.seen != "all" for row in rows for cell in row.cells)


def _section(found: Section, columns: Sequence[Column]) -> dict[str, Any]:
    layer = layers.get(found.key)
    url = reverse("record-list", args=[layer])
    # Only the first row counts what the list behind the address lists.
    rows = [_row(row, columns, "" if row.is_category else url) for row in found.rows]
    return {"title": found.title, "rows": rows}


def _row(row: Row, columns: Sequence[Column], url: str = "") -> dict[str, Any]:
    cells = [
        words.cell(row, column, found, f"{url}?area={column.code}" if url and column.code and found.low else "")
        for column, found in zip(columns, row.cells, strict=True)
    ]
    return {"row": row, "cells": cells}
