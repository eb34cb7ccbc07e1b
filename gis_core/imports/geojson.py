"""GeoJSON and TopoJSON, parsed and checked here: GDAL reads many wrong files without a word."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from . import topojson
from .coordinates import bounds, candidates, declared
from .errors import ImportProblem, Notice, problem
from .source import Row, Source
from .tables import plain
from .text import decode

_KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
# RFC 7946 section 7.1: members that would turn one kind of object into another.
_NOT_IN_GEOMETRY = ("geometry", "properties", "features")
_NOT_IN_FEATURE = ("coordinates", "geometries", "features")
_NOT_IN_COLLECTION = ("coordinates", "geometries", "geometry", "properties")


class _Twice(dict):
    """A JSON object in which a name stood twice; what the first one said is lost."""

    name: str = ""


def read_json(data: bytes, name: str, layer: str = "", encoding: str = "") -> Source:
    """The features of a GeoJSON or TopoJSON text. What is wrong with single features goes to ``problems``."""
    text, used = decode(data, encoding)
    root = _parse(text)
    if not isinstance(root, dict):
        raise problem(_("The file is not GeoJSON: it holds no object."))
    if isinstance(root, _Twice):
        raise problem(_("The member “%(name)s” stands twice in one object."), name=root.name)
    if root.get("type") == "Topology":
        source = Source(name, "TopoJSON", [], [], spatial=True)
        source.layers, source.layer, features = topojson.features(root, layer)
    else:
        source = Source(name, "GeoJSON", [], [], spatial=True)
        features = _features(root, source)
    source.encoding, source.encoding_note = used, "given" if encoding else "detected"
    for number, feature in enumerate(features, start=1):
        try:
            source.rows.append(_row(number, feature, source))
        except ImportProblem as error:
            source.problems += [Notice(each.message, number, each.field, each.params) for each in error.notices]
    _complete(source)
    _settle_crs(source, root)
    _check_rings(source)
    return source


def _parse(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise problem(_("%(number)s is not a number in JSON."), number=constant)

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        twice = _Twice(found)
        names = [name for name, _value in pairs]
        twice.name = next(name for name in names if names.count(name) > 1)
        return twice

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=collect)
    except json.JSONDecodeError as error:
        raise problem(
            _("The file is not JSON: line %(line)s, column %(column)s (%(reason)s)."),
            line=error.lineno,
            column=error.colno,
            reason=error.msg,
        ) from error
    except (RecursionError, ValueError) as error:
        raise problem(_("The JSON is nested too deeply, or holds a number that is too long.")) from error


def _features(root: dict[str, Any], source: Source) -> list[Any]:
    kind = root.get("type")
    if kind == "FeatureCollection":
        features = root.get("features")
        if not isinstance(features, list):
            raise problem(_("A FeatureCollection needs a list of features."), field="features")
        source.warnings += _foreign(root, _NOT_IN_COLLECTION)
        return features
    if kind == "Feature":
        return [root]
    if kind in _KINDS:
        source.warnings.append(Notice(_("The file is a bare geometry without facts."), 1))
        return [{"type": "Feature", "properties": {}, "geometry": root}]
    raise problem(_("“%(type)s” is not a type of GeoJSON."), field="type", type=kind)


def _foreign(value: dict[str, Any], names: tuple[str, ...], row: int | None = None) -> list[Notice]:
    return [
        Notice(_("The member “%(name)s” does not belong here and is not read."), row, name, {"name": name})
        for name in names
        if name in value
    ]


def _row(number: int, feature: Any, source: Source) -> Row:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        given = feature.get("type") if isinstance(feature, dict) else feature
        raise problem(_("This is not a Feature but “%(type)s”."), field="type", type=str(given)[:40])
    properties, shape = feature.get("properties"), feature.get("geometry")
    if properties is not None and not isinstance(properties, dict):
        raise problem(_("The properties must be an object."), field="properties")
    for part in (feature, properties, shape):
        if isinstance(part, _Twice):
            raise problem(_("The member “%(name)s” stands twice in one object."), name=part.name)
    if "id" in feature and (isinstance(feature["id"], bool) or not isinstance(feature["id"], str | int | float)):
        raise problem(_("A feature's id must be text or a number."), field="id")
    source.warnings += _foreign(feature, _NOT_IN_FEATURE, number)
    for place, part in (("bbox", feature), ("geometry.bbox", shape)):
        if isinstance(part, dict) and "bbox" in part and not _is_bbox(part["bbox"]):
            source.warnings.append(Notice(_("The bbox is not a list of numbers; it is not used."), number, place))
    values = {name: _text(value) for name, value in (properties or {}).items()}
    return Row(number, values, geometry(shape))


def _is_bbox(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (4, 6) and all(map(_is_number, value))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and -1e15 < value < 1e15


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else plain(value)


def _complete(source: Source) -> None:
    source.fields = list({name: None for row in source.rows for name in row.values})
    source.rows = [
        Row(r.number, {name: r.values.get(name, "") for name in source.fields}, r.geometry) for r in source.rows
    ]
    source.count()
    if not source.rows and not source.problems:
        raise problem(_("The file holds no features."))


def _settle_crs(source: Source, root: dict[str, Any]) -> None:
    """The old ``crs`` member counts; without one, GeoJSON is in degrees, which the numbers must bear out."""
    stated = root.get("crs")
    name = stated.get("properties", {}).get("name") if isinstance(stated, dict) else None
    if stated is not None and not isinstance(name, str):
        source.warnings.append(Notice(_("The crs member names no reference system; it is not used."), field="crs"))
    source.crs = declared(name) if isinstance(name, str) else declared("EPSG:4326", "format")
    shapes = source.geometries()
    if source.crs is None or source.crs.how != "format" or not shapes:
        return
    box = bounds(shapes)
    if max(map(abs, box)) > 360:
        source.crs = None
        fitting = ", ".join(f"EPSG:{srid}" for srid in candidates(box)) or "?"
        source.warnings.append(
            Notice(
                _("The coordinates are not degrees and no CRS is named; in Korea they would lie as %(candidates)s."),
                params={"candidates": fitting},
            )
        )


def _check_rings(source: Source) -> None:
    wrong = [row.number for row in source.rows if row.geometry is not None and not all(_turns_right(row.geometry))]
    if wrong:
        said = _("Rings turn the wrong way round (features: %(count)s, the first in row %(row)s); they are turned.")
        source.warnings.append(Notice(said, params={"count": len(wrong), "row": wrong[0]}))


def _turns_right(shape: BaseGeometry) -> Iterator[bool]:
    for part in shapely.get_parts([shape]):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part.exterior.is_ccw
            yield not any(ring.is_ccw for ring in part.interiors)


def geometry(value: Any, path: str = "geometry") -> BaseGeometry | None:
    """The shapely geometry of a GeoJSON geometry object, two-dimensional.

    Raises ImportProblem whose field is the JSON path of the first thing that is wrong.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise problem(_("A geometry must be an object."), field=path)
    kind = value.get("type")
    if kind not in _KINDS:
        raise problem(_("“%(type)s” is not a type of geometry."), field=f"{path}.type", type=str(kind)[:40])
    foreign = next((name for name in _NOT_IN_GEOMETRY if name in value), None)
    if foreign:
        raise problem(_("A geometry cannot have the member “%(name)s”."), field=path, name=foreign)
    if kind == "GeometryCollection":
        parts = _list(value.get("geometries"), f"{path}.geometries")
        shapes = [geometry(part, f"{path}.geometries[{index}]") for index, part in enumerate(parts)]
        return shapely.GeometryCollection([shape for shape in shapes if shape is not None])
    coordinates = value.get("coordinates")
    # RFC 7946 section 3.1: a geometry without positions may be taken for none.
    return None if coordinates == [] else _BUILD[kind](coordinates, f"{path}.coordinates")


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise problem(_("A list is missing here."), field=path)
    return value


def _each(value: Any, path: str, build: Callable[[Any, str], Any]) -> list[Any]:
    return [build(part, f"{path}[{index}]") for index, part in enumerate(_list(value, path))]


def _position(value: Any, path: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) < 2:
        raise problem(_("A position needs two numbers."), field=path)
    if not all(map(_is_number, value)):
        raise problem(_("A coordinate is not a number."), field=path)
    return value[0], value[1]


def _point(value: Any, path: str) -> BaseGeometry:
    return shapely.Point(_position(value, path))


def _line(value: Any, path: str) -> BaseGeometry:
    positions = _each(value, path, _position)
    if len(positions) < 2:
        raise problem(_("A line needs two positions."), field=path)
    return shapely.LineString(positions)


def _ring(value: Any, path: str) -> list[tuple[float, float]]:
    positions = _each(value, path, _position)
    if len(positions) < 4:
        raise problem(
            _("A ring needs four positions, the last equal to the first; this one has %(count)s."),
            field=path,
            count=len(positions),
        )
    if positions[0] != positions[-1]:
        raise problem(_("The ring is not closed: its last position is not its first."), field=path)
    return positions


def _polygon(value: Any, path: str) -> BaseGeometry:
    rings = _each(value, path, _ring)
    if not rings:
        raise problem(_("A polygon needs a ring."), field=path)
    return shapely.Polygon(rings[0], rings[1:])


_BUILD: dict[str, Callable[[Any, str], BaseGeometry]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": lambda value, path: shapely.MultiPoint(_each(value, path, _position)),
    "MultiLineString": lambda value, path: shapely.MultiLineString(_each(value, path, _line)),
    "MultiPolygon": lambda value, path: shapely.MultiPolygon(_each(value, path, _polygon)),
}
