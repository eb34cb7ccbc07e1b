"""The three formats. CSV and GeoJSON stream and have no limit; XLSX is built on disk and has one."""

import csv
import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface, Transform
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gis_core.crs import LONLAT_SRID
from gis_core.layers.layer import Layer, Property
from gis_core.layers.sql import feature_page
from gis_core.views.display import readable

from .cells import Cell, guarded

FORMATS = {"csv": "CSV", "geojson": "GeoJSON", "xlsx": "Excel (XLSX)"}
XLSX_LIMIT = 200_000
PAGE = 5_000


class TooMany(ValueError):
    """More rows than a workbook can sensibly hold; the text says so to people."""


def export(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...], name: str, total: int) -> HttpResponseBase:
    """The response that sends ``queryset`` as a file. ``name`` is one of FORMATS. Raises TooMany for XLSX."""
    filename = f"{layer.id}-{timezone.localdate():%Y%m%d}.{name}"
    if name == "xlsx":
        if total > XLSX_LIMIT:
            raise TooMany(
                _("An Excel file holds up to %(limit)s records here. Filter further, or take CSV.")
                % {"limit": f"{XLSX_LIMIT:,}"}
            )
        return FileResponse(_workbook(layer, queryset, properties), as_attachment=True, filename=filename)
    if name == "geojson":
        body, media_type = _geojson(layer, queryset, properties), "application/geo+json"
    else:
        body, media_type = _csv(layer, queryset, properties), "text/csv; charset=utf-8"
    response = StreamingHttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _header(layer: Layer, properties: list[Property]) -> list[str]:
    return [_("number"), *(str(prop.title) for prop in properties), _("longitude"), _("latitude")]


def _rows(layer: Layer, queryset: QuerySet[Any], properties: list[Property]) -> Iterator[list[Cell]]:
    """Rows in the order of ids, by pages of ids: no cursor is held open while a slow reader reads."""
    place = Transform(PointOnSurface(layer.geometry), LONLAT_SRID)
    columns = {f"p_{prop.name}": prop.expression for prop in properties}
    selected = queryset.order_by("pk").values_list("pk", *columns.values(), AsGeoJSON(place, precision=7))
    choices = [dict(prop.choices) for prop in properties]
    last = 0
    while page := list(selected.filter(pk__gt=last)[:PAGE]):
        for pk, *values, point in page:
            yield [pk, *map(_cell, values, choices), *_place(point)]
        last = page[-1][0]


def _cell(value: Any, choices: dict[str, Any]) -> Cell:
    if choices:
        value = str(choices.get(value, value if value is not None else ""))
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
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


def _csv(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]) -> Iterator[bytes]:
    shown = readable(layer, properties)
    writer = csv.writer(_Echo())
    # The mark tells Excel that this is UTF-8; without it Korean text is garbled.
    yield b"\xef\xbb\xbf" + writer.writerow(_header(layer, shown)).encode()  # type: ignore[attr-defined]
    for row in _rows(layer, queryset, shown):
        yield writer.writerow(["" if cell is None else cell for cell in row]).encode()  # type: ignore[attr-defined]


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


def _workbook(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]) -> IO[bytes]:
    shown = readable(layer, properties)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(layer.title)[:31])
    sheet.freeze_panes = "B2"
    head = []
    for number, title in enumerate(_header(layer, shown)):
        cell = WriteOnlyCell(sheet, title)
        cell.font = Font(bold=True)
        head.append(cell)
        sheet.column_dimensions[get_column_letter(number + 1)].width = 12 if number == 0 else 22
    sheet.append(head)
    with transaction.atomic():
        for row in _rows(layer, queryset, shown):
            sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file
