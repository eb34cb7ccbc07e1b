"""GeoPackage and Shapefile, in the storage CRS (EPSG:5179), with codes as the API has them."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyogrio
from django.contrib.gis.db.models.functions import AsWKB, GeoFunc
from django.db.models import IntegerField, QuerySet
from django.utils.translation import gettext as _

from gis_core.crs import STORAGE_SRID
from gis_core.layers.layer import Layer, Property

PAGE = 5_000
_ID = "record_id"
# What the DBF format allows: bytes of a name, bytes of a text.
_NAME_LIMIT, _TEXT_LIMIT = 10, 254
_NUMBERS: dict[str, Any] = {"integer": np.int64, "number": np.float64, "boolean": np.bool_}


@dataclass(frozen=True)
class _Column:
    """One column of a page: values as OGR takes them, and which of them are unknown."""

    values: Any
    unknown: Any

    @classmethod
    def of(cls, prop: Property, found: list[Any]) -> "_Column":
        unknown = np.array([value is None for value in found])
        if prop.type in _NUMBERS:
            kind = _NUMBERS[prop.type]
            return cls(np.array([0 if value is None else value for value in found]).astype(kind), unknown)
        if prop.type == "date":
            return cls(np.array(found, dtype="datetime64[D]"), unknown)
        return cls(np.array([_text(value) for value in found], dtype=object), unknown)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def geopackage(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]) -> IO[bytes]:
    """One table of the records' places, and one of their outlines where the layer has them."""
    with _folder() as folder:
        path = folder / f"{layer.id}.gpkg"
        for table in _tables(layer, queryset):
            _write(path, table, "GPKG", properties, [prop.name for prop in properties])
        out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
        out.write(path.read_bytes())
    out.seek(0)
    return out


def shapefile(layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]) -> IO[bytes]:
    """A ZIP of shapefiles (UTF-8), with a text that tells the short names and how many texts had to be cut."""
    names = _short([prop.name for prop in properties])
    # A shapefile holds one kind of shape: a record then stands in one of three files, not in each.
    is_mixed = layer.geometry_type == "Geometry"
    tables = _by_kind(layer, queryset) if is_mixed else _tables(layer, queryset)
    cut = _Cut(1 if is_mixed else len(tables))
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with _folder() as folder:
        for table in tables:
            _write(folder / f"{table.name}.shp", table, "ESRI Shapefile", properties, names, shorten=cut)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
            archive.writestr("README.txt", "﻿" + _about(properties, names, cut.count))
    out.seek(0)
    return out


@dataclass(frozen=True)
class _Table:
    """Records with the shapes of one field, under a name; ``kind`` is OGR's name of their geometry type."""

    name: str
    field: str
    kind: str
    records: QuerySet[Any]


class _Dimension(GeoFunc):
    function = "ST_Dimension"
    output_field = IntegerField()


def _tables(layer: Layer, queryset: QuerySet[Any]) -> list[_Table]:
    kind = "Unknown" if layer.geometry_type == "Geometry" else layer.geometry_type
    found = [_Table(layer.id, layer.geometry, kind, queryset)]
    if layer.outline:
        found.append(_Table(f"{layer.id}-{layer.outline}", layer.outline, "Polygon", queryset))
    return found


def _by_kind(layer: Layer, queryset: QuerySet[Any]) -> list[_Table]:
    """Points, lines and areas apart."""
    measured = queryset.annotate(p__dimension=_Dimension(layer.geometry))
    kinds = (("points", "Point"), ("lines", "LineString"), ("areas", "Polygon"))
    return [
        _Table(f"{layer.id}-{name}", layer.geometry, kind, measured.filter(p__dimension=dimension))
        for dimension, (name, kind) in enumerate(kinds)
    ]


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dongne-export-") as name:
        yield Path(name)


class _Cut:
    """Cuts texts to what a DBF holds, and counts them: each stands in every one of the ``files``."""

    def __init__(self, files: int) -> None:
        self._files, self._cut = files, 0

    @property
    def count(self) -> int:
        return self._cut // self._files

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value.encode()) <= _TEXT_LIMIT:
            return value
        self._cut += 1
        return value.encode()[:_TEXT_LIMIT].decode(errors="ignore")


def _write(
    path: Path, table: _Table, driver: str, properties: tuple[Property, ...], names: list[str],
    shorten: Callable[[Any], Any] | None = None,
) -> None:  # fmt: skip
    """All records of a table, by pages of ids; an empty table where there is none."""
    columns = {f"p_{prop.name}": prop.expression for prop in properties}
    rows = table.records.order_by("pk").annotate(p__wkb=AsWKB(table.field), **columns)
    rows = rows.values_list("pk", "p__wkb", *columns)
    last, begun = 0, False
    while True:
        page = list(rows.filter(pk__gt=last)[:PAGE])
        if begun and not page:
            break
        ids, shapes, *values = zip(*page, strict=True) if page else ((), (), *((),) * len(properties))
        found = [_Column.of(prop, list(column)) for prop, column in zip(properties, values, strict=True)]
        texts = [np.array([*map(shorten, one.values)], dtype=object) if shorten and one.values.dtype == object else one.values for one in found]  # fmt: skip  # noqa: E501
        pyogrio.raw.write(
            path,
            np.array([None if shape is None else bytes(shape) for shape in shapes], dtype=object),
            [np.array(ids, dtype=np.int64), *texts],
            [_ID, *names],
            field_mask=[None, *(one.unknown for one in found)],
            layer=table.name,
            driver=driver,
            geometry_type=table.kind,
            crs=f"EPSG:{STORAGE_SRID}",
            encoding="UTF-8",
            append=begun,
        )
        begun = True
        if len(page) < PAGE:
            break
        last = page[-1][0]


def _short(names: list[str]) -> list[str]:
    """Names of at most ten characters, each once."""
    found: list[str] = []
    for name in names:
        short, number = name[:_NAME_LIMIT], 1
        while short in found:
            number += 1
            short = f"{name[: _NAME_LIMIT - len(str(number))]}{number}"
        found.append(short)
    return found


def _about(properties: tuple[Property, ...], names: list[str], cut: int) -> str:
    lines = [_("EPSG:5179, UTF-8. Columns:"), f"{_ID}: {_('record number')}"]
    lines += [f"{short}: {prop.title} ({prop.name})" for short, prop in zip(names, properties, strict=True)]
    if cut:
        lines.append(_("%(number)s texts are longer than a shapefile allows and were cut; GeoPackage and CSV hold them whole.") % {"number": cut})  # fmt: skip  # noqa: E501
    return "\r\n".join(lines) + "\r\n"
