"""Comparisons with the national system: upload, say which column is what, look first, keep, download."""

import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl import Workbook

from disaster.access import officer_scope
from disaster.models import StockComparison
from disaster.querysets_counts import cities
from disaster.services import column_mappings
from disaster.services.comparisons import PURPOSE, compared
from disaster.stock_table_forms import ColumnsForm
from disaster.words.wide_table import KINDS, kind
from gis_core.editing.errors import NotAllowed
from gis_core.exports.cells import guarded, sheet_title
from gis_core.views.jobs import csv_lines

from .asking import refuse_others_than_officers
from .stock_tables import find_table, upload_page

SAMPLE_ROWS = 5
MOST_LISTED = 50


def _seen(user: Any) -> Any:
    """Comparisons of cities in which this person keeps depots, and their own."""
    found = StockComparison.objects.select_related("area", "made_by")
    if officer_scope(user) is None:
        return found
    return found.filter(area__in=cities(user).order_by().values("pk"), made_by=user)


@login_required
@never_cache
@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    refuse_others_than_officers(request.user)
    rows = _seen(request.user).defer("rows")[:MOST_LISTED]
    return render(request, "disaster/comparison_list.html", {"rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comparison_upload(request: HttpRequest) -> HttpResponse:
    return upload_page(request, "disaster/comparison_upload.html", "comparison-columns")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comparison_columns(request: HttpRequest, upload: str) -> HttpResponse:
    """Which column is what, remembered for the next list with these headings; a look, then it is kept."""
    table = find_table(request, upload)
    fields = table.source.fields
    form = ColumnsForm(request.POST or None, headings=fields, remembered=column_mappings.recall(PURPOSE, fields))
    preview = None
    if request.method == "POST" and form.is_valid():
        columns = form.columns()
        try:
            preview = compared(request.user, table.source, columns, table.city, table.day)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        column_mappings.remember(request.user, PURPOSE, fields, columns)
        if "keep" in request.POST:
            preview.save()
            messages.success(request, _("The comparison was kept."))
            return redirect("comparison", preview.pk)
    context = {
        "form": form, "table": table, "source": table.source, "preview": preview,
        "rows": _rows(preview) if preview else [],
        "sample": [[row.number, *row.values.values()] for row in table.source.rows[:SAMPLE_ROWS]],
    }  # fmt: skip
    return render(request, "disaster/comparison_columns.html", context, status=422 if form.errors else 200)


def _rows(found: StockComparison) -> list[dict[str, Any]]:
    return [
        {**row, "told": kind(row["kind"]), "numbers": ", ".join(map(str, row["rows"])), "gap": _gap(row)}
        for row in found.rows
    ]


def _gap(row: dict[str, Any]) -> int | None:
    """Ours less theirs; null where one side is silent."""
    return None if row["theirs"] is None or row["ours"] is None else row["ours"] - row["theirs"]


@login_required
@never_cache
@require_safe
def comparison_page(request: HttpRequest, pk: int) -> HttpResponse:
    refuse_others_than_officers(request.user)
    found = get_object_or_404(_seen(request.user), pk=pk)
    asked = request.GET.get("kind", "")
    rows = _rows(found)
    counts = [(value, label, sum(row["kind"] == value for row in rows)) for value, label in KINDS.items()]
    shown = [row for row in rows if row["kind"] == asked] if asked else rows
    context = {"found": found, "rows": shown, "kinds": [each for each in counts if each[2]], "kind": asked}
    return render(request, "disaster/comparison.html", context)


@login_required
@never_cache
@require_safe
def comparison_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Every difference as CSV or XLSX; nothing in it runs as a formula."""
    refuse_others_than_officers(request.user)
    found = get_object_or_404(_seen(request.user), pk=pk)
    head = [_("Rows"), _("Difference"), _("Place"), _("National list number"), _("Item"), _("Unit"),
            _("National system"), _("Our ledger"), _("Ours less theirs")]  # fmt: skip
    lines = [head] + [
        [row["numbers"], str(row["told"]), row["place"], row["list_number"], row["item"], row["unit"], row["theirs"],
         row["ours"], row["gap"]]
        for row in _rows(found)
    ]  # fmt: skip
    name = f"comparison-{found.pk}-{found.as_of:%Y%m%d}.{kind}"
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(_workbook(lines), content_type=_XLSX)
    else:
        raise Http404
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _workbook(lines: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(_("Differences")))
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([guarded(cell) for cell in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
