"""The roll-up of projects by district and year as a file."""

import csv
import tempfile
from collections.abc import Iterator
from io import StringIO
from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gis_core.exports.cells import Cell, guarded, sheet_title

from .models import Stage
from .rollup import Line, Tally, total


def heads() -> list[str]:
    return [
        _("District"),
        _("Area code"),
        _("Year"),
        _("Projects"),
        *(str(stage.label) for stage in Stage),
        _("Budget (KRW)"),
        _("Executed (KRW)"),
        _("Execution rate (%)"),
        _("Meetings"),
        _("Meetings per centre"),
        _("Open requests"),
    ]


def rows(lines: list[Line]) -> Iterator[list[Cell]]:
    """A row for each line, and their sum at the end."""
    for line in lines:
        yield [guarded(line.district or _("outside all areas")), line.code, line.year, *_figures(line.tally)]
    yield [_("Total"), "", None, *_figures(total(line.tally for line in lines))]


def _figures(tally: Tally) -> list[Cell]:
    return [
        tally.projects,
        *tally.by_stage,
        tally.budget_krw,
        tally.executed_krw,
        _rounded(tally.execution_rate),
        tally.meetings,
        _rounded(tally.meetings_per_centre),
        tally.requests_open,
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _name(extension: str) -> str:
    return f"redesign-programme-{timezone.localdate():%Y%m%d}.{extension}"


def rollup_csv(lines: list[Line]) -> HttpResponseBase:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(heads())
    for row in rows(lines):
        writer.writerow(["" if cell is None else cell for cell in row])
    # The mark tells Excel that this is UTF-8; without it Korean text is garbled.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return response


def rollup_xlsx(lines: list[Line]) -> HttpResponseBase:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(_("Programme")))
    sheet.freeze_panes = "B2"
    head = []
    for number, title in enumerate(heads()):
        cell = WriteOnlyCell(sheet, title)
        cell.font = Font(bold=True)
        head.append(cell)
        sheet.column_dimensions[get_column_letter(number + 1)].width = 24 if number == 0 else 14
    sheet.append(head)
    for row in rows(lines):
        sheet.append(row)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_name("xlsx"))
