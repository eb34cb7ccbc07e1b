"""The formats. CSV and GeoJSON stream and have no limit; the others are built on disk and have one."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface, Transform
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gis_core.crs import LONLAT_SRID
from gis_core.layers.layer import Layer, Property
from gis_core.layers.sql import feature_page
from gis_core.views.display import readable

from . import vectors
from .cells import Cell, guarded, sheet_title

FORMATS = {
    "csv": "CSV",
    "geojson": "GeoJSON",
    "xlsx": "Excel (XLSX)",
    "gpkg": "GeoPackage",
    "shp": "Shapefile (ZIP)",
}
XLSX_LIMIT = 100_000
VECTOR_LIMIT = 500_000
PAGE = 5_000


class TooMany(ValueError):
    """More rows than a file of this kind can sensibly hold; the text says so to people."""


def export(
    layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...], name: str, total: int
) -> HttpResponseBase:
    """The response that sends ``queryset`` as a file. ``name`` is one of FORMATS. Raises TooMany."""
    stem = f"{layer.id}-{timezone.localdate():%Y%m%d}"
    if name == "xlsx":
        _refuse_beyond(XLSX_LIMIT, total)
        return _built(_workbook(layer, _Sheet(layer, queryset, properties)), f"{stem}.xlsx")
    if name in {"gpkg", "shp"}:
        _refuse_beyond(VECTOR_LIMIT, total)
        if name == "gpkg":
            return _built(vectors.geopackage(layer, queryset, properties), f"{stem}.gpkg")
        return _built(vectors.shapefile(layer, queryset, properties), f"{stem}-shp.zip")
    if name == "geojson":
        body, media_type = _geojson(layer, queryset, properties), "application/geo+json"
    else:
        body, media_type = _csv(_Sheet(layer, queryset, properties)), "text/csv; charset=utf-8"
    response = StreamingHttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{name}"'
    return response


def _refuse_beyond(limit: int, total: int) -> None:
    if total > limit:
        raise TooMany(
            _("A file of this kind holds up to %(limit)s records here. Filter further, or take CSV.")
            % {"limit": f"{limit:,}"}
        )


def _built(file: IO[bytes], filename: str) -> HttpResponseBase:
    return FileResponse(file, as_attachment=True, filename=filename)


class _Sheet:
    """Head and rows of a table of records.

    Every word is fetched when it is made: a stream is read after the request, when its language is gone.
    """

    def __init__(self, layer: Layer, queryset: QuerySet[Any], properties: Iterable[Property]) -> None:
        shown = readable(layer, properties)
        titles = [capfirst(str(prop.title)) for prop in shown]
        self.head = [capfirst(_("record number")), *titles, capfirst(_("longitude")), capfirst(_("latitude"))]
        self._choices = [{value: str(label) for value, label in prop.choices} for prop in shown]
        self._truth = {True: _("Yes"), False: _("No")}
        place = AsGeoJSON(Transform(PointOnSurface(layer.geometry), LONLAT_SRID), precision=7)
        columns = {f"p_{prop.name}": prop.expression for prop in shown}
        self._selected = (
            queryset.order_by("pk").annotate(p__place=place, **columns).values_list("pk", *columns, "p__place")
        )

    def rows(self) -> Iterator[list[Cell]]:
        """In the order of ids, by pages of ids: no cursor is held open while a slow reader reads."""
        last = 0
        while page := list(self._selected.filter(pk__gt=last)[:PAGE]):
            for pk, *values, point in page:
                yield [pk, *map(self._cell, values, self._choices), *_place(point)]
            last = page[-1][0]

    def _cell(self, value: Any, choices: dict[str, str]) -> Cell:
        if choices and value is not None:
            value = choices.get(value, str(value))
        if isinstance(value, list | tuple):
            value = ", ".join(map(str, value))
        if isinstance(value, bool):
            value = self._truth[value]
        return guarded(value)


def _place(point: str | None) -> list[Cell]:
    if not point:
        return [None, None]
    longitude, latitude = json.loads(point)["coordinates"]
    return [longitude, latitude]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(sheet: _Sheet) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    # The mark tells Excel that this is UTF-8; without it Korean text is garbled.
    yield b"\xef\xbb\xbf" + writer.writerow([guarded(title) for title in sheet.head]).encode()
    for row in sheet.rows():
        yield writer.writerow(["" if cell is None else cell for cell in row]).encode()


def _geojson(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    ordered, last, separator = queryset.order_by("pk"), 0, b""
    while True:
        page = feature_page(layer, ordered.filter(pk__gt=last)[:PAGE], properties)
        if not page.count or page.last_id is None:
            break
        yield separator + page.features.encode()
        last, separator = page.last_id, b","
    yield b"]}"


def _workbook(layer: Layer, records: _Sheet) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(str(layer.title)))
    sheet.freeze_panes = "B2"
    head = []
    for number, title in enumerate(records.head):
        cell = WriteOnlyCell(sheet, title)
        cell.font = Font(bold=True)
        head.append(cell)
        sheet.column_dimensions[get_column_letter(number + 1)].width = 12 if number == 0 else 22
    sheet.append(head)
    for row in records.rows():
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return file
