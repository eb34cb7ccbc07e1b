"""Whether the shapes in an IMDF archive are valid and lie where they should: units on levels, openings on walls."""

from collections import defaultdict
from math import cos, radians
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from facilities.plan.topology import WALL_MAX_M
from gis_core.geometry import NotGeometry, from_geojson

from . import jsontext
from .notes import Notes

BAD_SHAPE: Final = "imdf.bad_shape"  # file: cannot be read, crosses itself, or is not in degrees
WINDING: Final = "imdf.winding"  # file: a ring turns the wrong way (RFC 7946)
SPOT_OUTSIDE: Final = "imdf.spot_outside"  # file: the display point is not on the feature
OUTSIDE_LEVEL: Final = "imdf.outside_level"  # file: reaches beyond the level it is on
LEVEL_OUTSIDE_VENUE: Final = "imdf.level_outside_venue"
UNITS_OVERLAP: Final = "imdf.units_overlap"
OPENING_OFF_WALL: Final = "imdf.opening_off_wall"
ANCHOR_OUTSIDE: Final = "imdf.anchor_outside"  # the anchor is not within its unit

# A millimetre is lost between programs that write seven decimals; a centimetre is a mistake.
SAME_M: Final = 0.02
OVERLAP_MIN_M2: Final = 0.01
_DEGREE_M: Final = 111_320.0

Feature = dict[str, Any]
Shapes = dict[str, BaseGeometry]


def check_shapes(features: dict[str, list[Feature]], notes: Notes) -> None:
    found: dict[str, Shapes] = {kind: {} for kind in features}
    for kind, listed in features.items():
        for feature in listed:
            if feature.get("geometry") is not None:
                shape = _read(kind, feature, notes)
                if shape is not None:
                    found[kind][str(feature.get("id"))] = shape
    found = _metres(found)
    _on_levels(features, found, notes)
    _openings(features["opening"], features["unit"], found, notes)
    _anchors(features["anchor"], found, notes)
    venue = shapely.union_all(list(found["venue"].values())).buffer(SAME_M)
    for id_, level in found["level"].items():
        if not venue.covers(level):
            notes.add(LEVEL_OUTSIDE_VENUE, key=id_)


def _read(kind: str, feature: Feature, notes: Notes) -> BaseGeometry | None:
    id_ = str(feature.get("id"))
    try:
        shape = from_geojson(feature["geometry"])
    except NotGeometry:
        shape = None
    if shape is None or shape.is_empty or not shape.is_valid or not _in_degrees(shape):
        notes.add(BAD_SHAPE, "error", key=id_, file=kind)
        return None
    if not _right_handed(shape):
        notes.add(WINDING, key=id_, file=kind)
    spot = jsontext.properties(feature).get("display_point")
    if spot is not None and not _is_on(spot, shape):
        notes.add(SPOT_OUTSIDE, key=id_, file=kind)
    return shape


def _in_degrees(shape: BaseGeometry) -> bool:
    west, south, east, north = shape.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def _right_handed(shape: BaseGeometry) -> bool:
    return all(
        part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors)
        for part in shapely.get_parts([shape])
        if part.geom_type == "Polygon"
    )


def _is_on(spot: object, shape: BaseGeometry) -> bool:
    try:
        return bool(from_geojson(spot).distance(shape) * _DEGREE_M <= SAME_M)
    except NotGeometry:
        return False


def _metres(found: dict[str, Shapes]) -> dict[str, Shapes]:
    """On a plane at the venue: true enough for what stands within a few hundred metres."""
    points = shapely.get_coordinates([shape for shapes in found.values() for shape in shapes.values()])
    middle = points.mean(axis=0) if len(points) else np.zeros(2)
    size = np.array([_DEGREE_M * cos(radians(middle[1])), _DEGREE_M])

    def flat(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: (xy - middle) * size)

    return {kind: {id_: flat(shape) for id_, shape in shapes.items()} for kind, shapes in found.items()}


def _level_of(feature: Feature) -> str:
    return str(jsontext.properties(feature).get("level_id"))


def _on_levels(features: dict[str, list[Feature]], found: dict[str, Shapes], notes: Notes) -> None:
    grown = {id_: shape.buffer(SAME_M) for id_, shape in found["level"].items()}
    for shape in grown.values():
        shapely.prepare(shape)
    units: dict[str, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    for kind in ("unit", "opening", "fixture", "kiosk", "section", "detail"):
        for feature in features[kind]:
            id_, level = str(feature.get("id")), _level_of(feature)
            shape = found[kind].get(id_)
            if shape is None or level not in grown:
                continue
            if not grown[level].covers(shape):
                notes.add(OUTSIDE_LEVEL, key=id_, file=kind)
            if kind == "unit":
                units[level].append((id_, shape))
    for placed in units.values():
        _overlaps(placed, notes)


def _overlaps(units: list[tuple[str, BaseGeometry]], notes: Notes) -> None:
    shapes = [shape for _, shape in units]
    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="intersects").T:
        if one < other and shapes[one].intersection(shapes[other]).area > OVERLAP_MIN_M2:
            notes.add(UNITS_OVERLAP, key=units[one][0])


def _openings(openings: list[Feature], units: list[Feature], found: dict[str, Shapes], notes: Notes) -> None:
    walls: dict[str, list[BaseGeometry]] = defaultdict(list)
    for unit in units:
        shape = found["unit"].get(str(unit.get("id")))
        if shape is not None:
            walls[_level_of(unit)].append(shape.boundary)
    trees = {level: shapely.STRtree(lines) for level, lines in walls.items()}
    for opening in openings:
        id_ = str(opening.get("id"))
        shape, tree = found["opening"].get(id_), trees.get(_level_of(opening))
        if shape is None:
            continue
        middle = shape.interpolate(0.5, normalized=True)
        if tree is None or not len(tree.query(middle, predicate="dwithin", distance=WALL_MAX_M / 2 + SAME_M)):
            notes.add(OPENING_OFF_WALL, key=id_)


def _anchors(anchors: list[Feature], found: dict[str, Shapes], notes: Notes) -> None:
    for anchor in anchors:
        id_ = str(anchor.get("id"))
        shape = found["anchor"].get(id_)
        unit = found["unit"].get(str(jsontext.properties(anchor).get("unit_id")))
        if shape is not None and unit is not None and unit.distance(shape) > SAME_M:
            notes.add(ANCHOR_OUTSIDE, key=id_)
