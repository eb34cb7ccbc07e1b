"""A plan as one GeoJSON FeatureCollection (RFC 7946): ``write``, and ``read`` of our own and of anybody's rooms.

Every feature says in ``feature_type`` what it is (level, unit, opening, fixture, amenity) and carries its attributes by
the names of ``facilities.plan.document``, so that a GIS program can show, filter and change them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import KINDS, Document, Kind
from gis_core.crs import LONLAT_SRID
from gis_core.geometry import NotGeometry, from_geojson

from . import archive, imdf_values, jsontext, places, shapes, tidy
from .draft import Draft
from .geojson_foreign import Options, read_foreign
from .meta import Meta
from .report import BROKEN, NOT_THIS_FORMAT, Imported, ImportRefused

__all__ = ["Options", "read", "write"]

OWN: Final = "dongne"
_TYPES: Final[dict[Kind, str]] = {
    "units": "unit",
    "openings": "opening",
    "fixtures": "fixture",
    "amenities": "amenity",
}
_KINDS: Final[dict[str, Kind]] = {type_: kind for kind, type_ in _TYPES.items()}

Feature = dict[str, Any]


def write(document: Document, meta: Meta) -> bytes:
    """The plan in longitude and latitude (WGS84)."""
    root = {
        "type": "FeatureCollection",
        "name": meta.plan_name or meta.building_name,
        OWN: {
            "version": 1,
            "frame": places.frame_to_json(meta.frame),
            "venue": meta.venue_key,
            "building": meta.building_key,
            "teams": [asdict(team) for team in document.teams],
        },
        "features": list(_features(document, meta)),
    }
    return jsontext.dump(root)


def _features(document: Document, meta: Meta) -> Iterable[Feature]:
    for level in document.ordered_levels():
        yield _feature(meta, level.key, "level", level.outline, {**asdict(level)})
    for kind in KINDS:
        for part in document.parts(kind):
            floor = document.level_of.get(part.level)
            told = {"level": part.level, "level_ordinal": floor.ordinal if floor else None}
            yield _feature(meta, part.key, _TYPES[kind], part.geometry, {**imdf_values.own(part), **told})


def _feature(meta: Meta, key: str, type_: str, shape: BaseGeometry | None, told: dict[str, Any]) -> Feature:
    properties = {"feature_type": type_, **told}
    properties.pop("outline", None)
    feature: Feature = {"type": "Feature", "id": key, "geometry": None, "properties": properties}
    if shape is not None:
        right, turned = shapes.right_handed(shape)
        feature["geometry"] = mapping(places.to_lonlat(meta.frame, right))
        if turned:
            feature["turned"] = turned
    return feature


def read(source: Path | str | bytes, options: Options | None = None) -> Imported:
    """The plan in a GeoJSON file. Raises ImportRefused."""
    root = jsontext.parse(archive.content(source))
    if not isinstance(root, dict) or not isinstance(root.get("type"), str):
        raise ImportRefused(NOT_THIS_FORMAT, {"expected": "GeoJSON"})
    features = [root] if root["type"] == "Feature" else root.get("features")
    if root["type"] not in {"Feature", "FeatureCollection"} or not isinstance(features, list):
        raise ImportRefused(BROKEN, {"detail": "not a FeatureCollection"})
    found = [feature for feature in features if isinstance(feature, dict) and feature.get("type") == "Feature"]
    options = options or Options()
    if any(_type(feature) == "level" for feature in found):
        return _read_ours(root, found, options)
    return read_foreign(root, found, options)


def _type(feature: Feature) -> str:
    return str(jsontext.properties(feature).get("feature_type"))


def _read_ours(root: dict[str, Any], features: list[Feature], options: Options) -> Imported:
    """Another program may have saved the file since and lost what stands beside the features: a frame is then made."""
    draft = Draft()
    whole = root.get(OWN)
    whole = whole if isinstance(whole, dict) else {}
    read_shapes = {id(feature): _shape(feature) for feature in features}
    placed = [shape for shape in read_shapes.values() if shape is not None]
    place = places.placed(options.frame or places.frame_of(whole.get("frame")), placed)
    place.note(draft.notes)
    for feature in sorted(features, key=lambda feature: _type(feature) != "level"):
        told, type_ = jsontext.properties(feature), _type(feature)
        shape = read_shapes[id(feature)]
        local = None if shape is None else shapes.turned_back(place.to_local(shape), feature.get("turned"))
        key = told.get("key") or feature.get("id")
        if type_ == "level":
            draft.add_level(key, told, local, str(key))
        elif type_ in _KINDS:
            draft.add(_KINDS[type_], key, str(told.get("level")), local, told, str(key))
    draft.teams = tidy.teams(whole.get("teams"), draft.notes)
    document = draft.finish(ours=True)
    draft.check(document)
    return Imported(document, draft.notes.findings(), place.origin, place.rotation, LONLAT_SRID, frame=place.frame)


def _shape(feature: Feature) -> BaseGeometry | None:
    try:
        shape = from_geojson(feature.get("geometry"))
    except NotGeometry:
        return None
    return None if shape.is_empty or not max(map(abs, shape.bounds)) <= 180 else shape
