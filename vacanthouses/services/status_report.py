"""Houses by town, grade and year, and how the same is published without small counts."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from openpyxl import Workbook

from gis_core.exports.cells import guarded, sheet_title
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version, etag
from gis_core.models import AdminArea
from vacanthouses.models import Grade, HouseStatus, VacantHouse
from vacanthouses.suppression import suppress

KEPT_S = 3600


@dataclass(frozen=True)
class Table:
    """Rows of counts with their total last; None is a count that is not published."""

    grades: list[str]
    rows: list[tuple[str, list[int | None]]]
    totals: list[int | None]
    years: list[int]

    @property
    def head(self) -> list[str]:
        return [str(Grade(grade).label) for grade in self.grades]

    @property
    def hides(self) -> bool:
        return any(value is None for _name, values in self.rows for value in values)


def counts(scope: frozenset[int] | None) -> list[tuple[int | None, str, str, int, int]]:
    """(area, grade, status, year found, houses) in these areas: one statement, kept until a house changes."""
    key = "status_report." + etag(data_version(layers.get("vacant-houses")), scope and sorted(scope)).strip('"')
    found: list[Any] | None = cache.get(key)
    if found is None:
        houses = VacantHouse.objects.live().in_areas(scope).order_by().annotate(year=ExtractYear("found_on"))
        rows = houses.values_list("area_id", "grade", "status", "year")
        found = list(rows.annotate(number=Count("pk")))
        cache.set(key, found, KEPT_S)
    return found


def table(scope: frozenset[int] | None, *, year: int | None = None, status: str = "") -> Table:
    """Towns by grade, of houses found in a year and of a status, where these are given."""
    cells: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    every = counts(scope)
    for area, grade, of_status, found_in, number in every:
        if year in (None, found_in) and status in ("", of_status):
            cells[area][grade] += number
    grades = [grade for grade in Grade.values if any(grade in row for row in cells.values())]
    rows: list[tuple[str, list[int | None]]] = [
        (name, [*(cells[area].get(grade, 0) for grade in grades), sum(cells[area].values())])
        for area, name in _names(cells)
    ]
    sums: list[int | None] = [sum(row.get(grade, 0) for row in cells.values()) for grade in grades]
    total = sum(sum(row.values()) for row in cells.values())
    return Table(grades, rows, [*sums, total], sorted({row[3] for row in every}, reverse=True))


def published(scope: frozenset[int] | None = None) -> Table:
    """The one table that may be published: confirmed houses by town and grade, without small counts.

    There is one only, of all years together: from several cuts of the same houses hidden counts would follow.
    """
    key = "status_published." + etag(data_version(layers.get("vacant-houses")), scope and sorted(scope)).strip('"')
    shown: Any = cache.get(key)
    full = table(scope, status=HouseStatus.CONFIRMED)
    if shown is None:
        shown = suppress([[value or 0 for value in values[:-1]] for _name, values in full.rows])
        cache.set(key, shown, KEPT_S)
    rows = [
        (name, [*cells, total])
        for (name, _values), cells, total in zip(full.rows, shown.cells, shown.row_totals, strict=True)
    ]
    return Table(full.grades, rows, [*shown.column_totals, shown.total], full.years)


def _names(cells: Any) -> list[tuple[int | None, str]]:
    ids = [area for area in cells if area is not None]
    named: list[tuple[int | None, str]] = list(
        AdminArea.objects.filter(pk__in=ids).order_by("mois_code").values_list("pk", "full_name")
    )
    return [*named, (None, _("no area"))] if None in cells else named


def cells_of(found: Table) -> list[list[Any]]:
    """The table as a sheet's rows, safe to open; what is not published is said to be so."""
    hidden = _("not published")
    rows: list[list[Any]] = [[_("Town"), *found.head, _("Total")]]
    rows += [[name, *(hidden if value is None else value for value in values)] for name, values in found.rows]
    rows.append([_("Total"), *(hidden if value is None else value for value in found.totals)])
    return [[guarded(cell) for cell in row] for row in rows]


def as_csv(found: Table) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(cells_of(found))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(found: Table) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(_("Vacant houses")))
    for row in cells_of(found):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
