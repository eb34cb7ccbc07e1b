"""Shapefile, GeoPackage, FlatGeobuf and KML through pyogrio's raw arrays.

A file is opened only after its first bytes agree with its name: GDAL goes by content, and a "GeoPackage" that is
really a virtual dataset could read other files or the network.
"""

import struct
import warnings
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext_lazy as _
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read as read_raw
from shapely.errors import ShapelyError

from .coordinates import declared
from .errors import Notice, problem
from .source import Row, Source
from .tables import plain
from .text import codec_name, is_garbled, known_codec

_FORMATS = {".shp": "Shapefile", ".gpkg": "GeoPackage", ".fgb": "FlatGeobuf", ".kml": "KML"}
_MAGIC = {".shp": struct.pack(">i", 9994), ".gpkg": b"SQLite format 3\x00", ".fgb": b"fgb"}
SUFFIXES = tuple(_FORMATS)


def read_vector(path: Path, name: str, layer: str = "", encoding: str = "") -> Source:
    """The features of one layer. Geometry is two-dimensional; a feature without one counts as a null geometry."""
    suffix = path.suffix.lower()
    if suffix == ".kml":
        _check_xml(path)
    else:
        with path.open("rb") as opened:
            if not opened.read(16).startswith(_MAGIC[suffix]):
                raise problem(_("The file is not a %(format)s."), format=_FORMATS[suffix])
    source = Source(name, _FORMATS[suffix], [], [], spatial=True)
    if suffix == ".shp":
        _check_shapefile(path, source)
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            meta, shapes, columns = _open(path, source, layer)
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise problem(
            _("The file cannot be read: %(reason)s"), reason=str(error)[:200].replace(str(path), name)
        ) from error
    texts = {str(remark.message).replace(str(path), name): None for remark in remarks}
    source.warnings += [
        Notice(_("The file was read with a remark: %(remark)s"), params={"remark": text}) for text in texts
    ]
    source.crs = declared(meta["crs"], "format" if suffix == ".kml" else "file")
    text = _Dbf(path, source, encoding) if suffix == ".shp" else _Plain()
    source.encoding = source.encoding or "utf-8"
    source.encoding_note = source.encoding_note or "format"
    text.learn([*meta["fields"], *(value for column in columns if column.dtype == object for value in column)])
    source.fields = [text.read(field, 0, "") for field in meta["fields"]]
    source.rows = list(_rows(source, shapes, columns, text))
    source.count()
    if not source.rows:
        raise problem(_("The file holds no features."))
    return source


def _open(path: Path, source: Source, layer: str) -> tuple[dict[str, Any], np.ndarray, list[np.ndarray]]:
    source.layers = [str(each) for each in pyogrio.list_layers(path)[:, 0]]
    options = {}
    if path.suffix.lower() == ".shp":
        # Latin-1 keeps every byte of a DBF as it is; the text is decoded once, by _Dbf.
        source.layer, options = source.layers[0], {"encoding": "ISO-8859-1"}
    else:
        source.layer = _choose(source.layers, layer)
    meta, _fids, shapes, columns = read_raw(path, layer=source.layer, force_2d=True, datetime_as_string=True, **options)
    return meta, shapes, columns


def _choose(layers: list[str], layer: str) -> str:
    if layer and layer not in layers:
        raise problem(_("There is no layer “%(name)s”; there are: %(names)s"), name=layer, names=", ".join(layers))
    if not layer and len(layers) > 1:
        raise problem(_("The file holds several layers; choose one: %(names)s"), names=", ".join(layers))
    if not layers:
        raise problem(_("The file holds no layers."))
    return layer or layers[0]


def _check_xml(path: Path) -> None:
    """Refuse XML that is broken, or that defines entities (they can grow without end)."""
    parser = expat.ParserCreate()

    def refuse(*_arguments: Any) -> None:
        raise problem(_("A KML with a document type is not read."))

    parser.StartDoctypeDeclHandler = refuse
    try:
        with path.open("rb") as opened:
            parser.ParseFile(opened)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise problem(_("The KML is not well-formed: %(reason)s"), reason=str(error)) from error


def _check_shapefile(path: Path, source: Source) -> None:
    beside = {each.suffix.lower(): each for each in path.parent.glob(f"{_escaped(path.stem)}.*")}
    missing = [suffix for suffix in (".dbf", ".shx") if suffix not in beside]
    if missing:
        raise problem(
            _("A Shapefile needs its %(files)s beside it; bring all of them in one zip."), files=", ".join(missing)
        )
    with path.open("rb") as opened:
        header = opened.read(100)
    stated = struct.unpack(">i", header[24:28])[0] * 2 if len(header) == 100 else -1
    if stated > path.stat().st_size or stated < 100:
        raise problem(
            _("The Shapefile is cut short: %(there)s of %(stated)s bytes are there."),
            there=path.stat().st_size,
            stated=max(stated, 100),
        )
    shapes, records = (beside[".shx"].stat().st_size - 100) // 8, _dbf_count(beside[".dbf"])
    if shapes != records:
        source.problems.append(
            Notice(
                _("The Shapefile holds %(shapes)s shapes but %(records)s rows of facts."),
                params={"shapes": shapes, "records": records},
            )
        )


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _dbf_count(path: Path) -> int:
    with path.open("rb") as opened:
        header = opened.read(8)
    return struct.unpack("<i", header[4:8])[0] if len(header) == 8 else -1


def _rows(source: Source, shapes: np.ndarray, columns: list[np.ndarray], text: "_Plain") -> list[Row]:
    rows = []
    for index, blob in enumerate(shapes if shapes is not None else [None] * (len(columns[0]) if columns else 0)):
        number = index + 1
        values = {
            field: text.read(column[index], number, field) if isinstance(column[index], str) else _value(column[index])
            for field, column in zip(source.fields, columns, strict=True)
        }
        try:
            shape = shapely.from_wkb(blob) if blob is not None else None
        except ShapelyError as error:
            source.problems.append(
                Notice(_("The geometry cannot be read: %(reason)s"), number, params={"reason": str(error)})
            )
            shape = None
        if shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            source.problems.append(Notice(_("A coordinate is not a number."), number))
        rows.append(Row(number, values, shape))
    return rows


def _value(value: Any) -> str:
    """A value of a typed column: missing numbers and days are empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value)
    return plain(value.item() if isinstance(value, np.generic) else value)


class _Plain:
    """Text that GDAL has decoded already."""

    def learn(self, values: list[Any]) -> None:
        """Look at all of the text before the first of it is decoded."""

    def read(self, value: str, row: int, field: str) -> str:
        return value.strip()


class _Dbf(_Plain):
    """Text of a DBF, whose encoding is given, named by a .cpg, or found out from the text."""

    def __init__(self, path: Path, source: Source, encoding: str) -> None:
        self.source = source
        self.codec = "cp949"
        self.how = "detected"
        cpg = next((each for each in path.parent.glob(f"{_escaped(path.stem)}.[cC][pP][gG]")), None)
        label = cpg.read_text("ascii", "replace").strip() if cpg else ""
        if encoding:
            self.codec, self.how = known_codec(encoding), "given"
        elif label and codec_name(label):
            self.codec, self.how = known_codec(label), "file"
        elif label:
            source.warnings.append(
                Notice(_("The .cpg names an unknown encoding (%(label)s)."), params={"label": label[:40]})
            )

    def learn(self, values: list[Any]) -> None:
        raw = [value.encode("iso-8859-1") for value in values if isinstance(value, str) and not value.isascii()]
        if self.how == "file" and not self._fits(raw):
            better = _detect(raw)
            self.source.warnings.append(
                Notice(
                    _("The .cpg says %(stated)s, but the text is %(found)s."),
                    params={"stated": self.codec, "found": better},
                )
            )
            self.codec, self.how = better, "detected"
        elif self.how == "detected":
            self.codec = _detect(raw)
        self.source.encoding, self.source.encoding_note = self.codec, self.how

    def _fits(self, raw: list[bytes]) -> bool:
        if self.codec in ("iso-8859-1", "iso8859-1", "cp1252"):
            return not any(is_garbled(value.decode("iso-8859-1")) for value in raw)
        return all(_decode(value, self.codec) is not None for value in raw)

    def read(self, value: str, row: int, field: str) -> str:
        """The decoded text. A letter that the field's width cut in two is dropped, and told."""
        raw = value.encode("iso-8859-1")
        decoded = _decode(raw, self.codec)
        if decoded is None:
            self.source.problems.append(
                Notice(_("The text is not %(encoding)s."), row or None, field, {"encoding": self.codec})
            )
            return ""
        text, cut = decoded
        if cut:
            self.source.warnings.append(Notice(_("The text was cut off within a letter."), row or None, field or text))
        return text.strip()


def _detect(raw: list[bytes]) -> str:
    """UTF-8 when all of the text is that (cut letters apart), else CP949, as old files are."""
    if raw and all(_decode(value, "utf-8") is not None for value in raw):
        return "utf-8"
    return "cp949"


def _decode(raw: bytes, codec: str) -> tuple[str, bool] | None:
    """The text, and whether its last letter was cut in two; None when the text is not in this encoding."""
    try:
        return raw.decode(codec), False
    except UnicodeDecodeError as error:
        # A letter cut by the field's width fails at the very end, with fewer bytes than a letter has.
        if error.end == len(raw) and len(raw) - error.start < (4 if codec.startswith("utf") else 2) and error.start:
            return raw[: error.start].decode(codec), True
    return None
