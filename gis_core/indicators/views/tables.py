"""Values as tables: brought as CSV or XLSX and looked at before they are written; taken away the same way."""

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl import Workbook

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.exports.cells import guarded, sheet_title
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem
from gis_core.imports.reader import read
from gis_core.imports.source import Source
from gis_core.indicators import rows, services, words
from gis_core.indicators.forms import CityTableForm
from gis_core.indicators.querysets import cities, figures, places_of, towns_of
from gis_core.models import AdminArea, AreaCode, Indicator
from gis_core.views.jobs import csv_lines

from .asking import asked, changed_scope, find

MOST_SHOWN = 500


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_import(request: HttpRequest, key: str) -> HttpResponse:
    """Upload a table; a file that cannot be read is told here."""
    scope = changed_scope(request)
    indicator = find(key)
    offered = cities(scope)
    initial = {"city": request.GET.get("city", "")}
    form = CityTableForm(request.POST or None, request.FILES or None, cities=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"], request.user)
        given = form.kept()
        try:
            source = read(uploads.path_of(upload), encoding=given.get("encoding", ""), layer=given.get("layer", ""))
            source.require_clean()
            rows.columns(source.fields, has_period="period" in given)
        except ImportProblem as problem:
            uploads.forget(upload)
            form.add_error("file", str(problem))
        except rows.NoColumns as missing:
            uploads.forget(upload)
            form.add_error("period" if missing.code == "period" else "file", words.column_fault(missing.code))
        else:
            return redirect(f"{reverse('indicator-import-table', args=[key, upload])}?{urlencode(given)}")
    context = {"form": form, "indicator": indicator}
    return render(request, "gis_core/indicators/import.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Table:
    """An uploaded table of a city and what it says, cell by cell."""

    source: Source
    city: AdminArea
    areas: dict[int, AdminArea]
    cells: list[rows.Cell]

    @property
    def faults(self) -> list[rows.Cell]:
        return [cell for cell in self.cells if cell.fault]

    def lines(self) -> list[services.Line]:
        return [
            services.Line(cell.row, cell.area, cell.period, cell.value, cell.evidence)
            for cell in self.cells
            if not cell.fault and cell.area is not None and cell.value is not None
        ]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_import_table(request: HttpRequest, key: str, upload: str) -> HttpResponse:
    """What would be written, beside what is known now; "write" writes exactly that, or nothing."""
    scope = changed_scope(request)
    indicator = find(key)
    if services.is_written(upload):
        messages.info(request, _("This table was written already. To write it again, upload it again."))
        return redirect("indicator-import", key)
    table = _table(request, indicator, upload, scope)
    refusals: list[str] = []
    if request.method == "POST" and not table.faults:
        try:
            written = services.write(
                request.user, indicator, upload, request.POST.get("digest", ""),
                lambda: services.against_known(indicator, table.lines()),
            )  # fmt: skip
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            refusals = [text for texts in invalid.errors.values() for text in texts]
        else:
            messages.success(request, _("Written: %(new)s new, %(changed)s changed, %(same)s as they were.") % written)
            uploads.forget(upload)
            return redirect(f"{reverse('indicator', args=[key])}?{urlencode({'city': table.city.mois_code})}")
    lines = services.against_known(indicator, table.lines())
    context = {
        "indicator": indicator, "table": table, "refusals": refusals, "digest": services.digest(lines),
        "faults": [_fault(cell) for cell in table.faults[:MOST_SHOWN]], "fault_count": len(table.faults),
        "lines": [_line(each, table, indicator) for each in lines[:MOST_SHOWN]],
        "more": max(len(lines) - MOST_SHOWN, 0),
        "counts": {state: sum(each.state == state for each in lines) for state in ("new", "changed", "same")},
    }  # fmt: skip
    status = 409 if refusals else 422 if request.method == "POST" else 200
    return render(request, "gis_core/indicators/import_table.html", context, status=status)


def _table(request: HttpRequest, indicator: Indicator, upload: str, scope: frozenset[int] | None) -> Table:
    """Raises Http404 for somebody else's table, or one that is no longer kept."""
    city = cities(scope).filter(mois_code=request.GET.get("city", "")).first()
    if city is None or not uploads.belongs_to(upload, request.user):
        raise Http404
    period = request.GET.get("period", "")
    try:
        path = uploads.path_of(upload)
        source = read(path, encoding=request.GET.get("encoding", ""), layer=request.GET.get("layer", ""))
        found = rows.columns(source.fields, has_period=bool(period))
    except (ImportProblem, rows.NoColumns) as problem:
        raise Http404(str(problem)) from problem
    areas = {area.pk: area for area in places_of(city)}
    told = ((row.number, row.values) for row in source.rows)
    cells = rows.cells(told, found, _names(areas), period, indicator.unit)
    # Towns in which the person changes nothing are known, and refused by name.
    cells = [_within(cell, scope, areas) for cell in cells]
    return Table(source, city, areas, cells)


def _within(cell: rows.Cell, scope: frozenset[int] | None, areas: dict[int, AdminArea]) -> rows.Cell:
    if cell.fault or cell.area is None or scope is None or cell.area in scope:
        return cell
    return rows.Cell(cell.row, cell.field, fault="not_yours", about=areas[cell.area].name)


def _names(areas: dict[int, AdminArea]) -> dict[str, int]:
    """Areas by every code they have or had, and by their name and full name."""
    found = dict(AreaCode.objects.filter(area__in=areas).values_list("code", "area_id"))
    for pk, area in areas.items():
        for name in (area.name, area.full_name):
            found[rows.place_name(name)] = pk
    return found


def _fault(cell: rows.Cell) -> dict[str, Any]:
    return {"row": cell.row, "field": cell.field, "text": words.row_fault(cell)}


def _line(line: services.Line, table: Table, indicator: Indicator) -> dict[str, Any]:
    states = {"new": _("new value"), "changed": _("changed"), "same": _("as it is")}
    return {
        "row": line.row, "area": table.areas[line.area_id].name, "period": words.period_label(line.period),
        "value": words.value_text(line.value, indicator), "evidence": line.evidence, "state": line.state,
        "told": states[line.state],
        "before": words.value_text(line.before, indicator) if line.state == "changed" else "",
    }  # fmt: skip


@login_required
@require_safe
def indicator_export(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """``?city=``: all values of a city and its towns that the person sees, as a table the import reads again."""
    indicator = find(key)
    found = asked(request)
    if found.city is None:
        raise Http404
    lines = _export_lines(indicator, [found.city, *towns_of(found.city, found.scope)])
    stem = f"{indicator.key}-{found.city.mois_code}"
    response: HttpResponseBase
    if name == "xlsx":
        response = FileResponse(_workbook(indicator, lines), as_attachment=True, filename=f"{stem}.xlsx")
    else:
        response = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = content_disposition_header(True, f"{stem}.csv") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _export_lines(indicator: Indicator, areas: list[AdminArea]) -> list[list[Any]]:
    known = figures([area.pk for area in areas], [indicator.key])
    lines: list[list[Any]] = [[_("Code"), _("Town"), _("Period"), _("Value"), _("Unit"), _("Evidence")]]
    for period in known.periods(indicator.key):
        for area in areas:
            value = known.of(indicator.key, area.pk, period)
            if value is not None:
                note = known.evidence.get((indicator.key, (area.pk, period)), "")
                lines.append([area.mois_code, area.name, period, _shown(value), indicator.unit, note])
    return lines


def _shown(value: Decimal) -> Decimal:
    """As entered, without zeros at its end; what a formula gives, with as many decimals as values are kept."""
    kept = round(value, 4)
    return kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept.normalize()


def _workbook(indicator: Indicator, lines: list[list[Any]]) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(indicator.name))
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([float(each) if isinstance(each, Decimal) else guarded(str(each)) for each in line])
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return file
