"""The inner border of a zone: where its members touch one another. Pure: shapes in EPSG:5179, metres."""

from collections.abc import Mapping

import shapely
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from .contiguity import TOLERANCE_M


def inner_border(shapes: Mapping[int, BaseGeometry], neighbours: Mapping[int, Mapping[int, float]]) -> MultiLineString:
    """The borders that members share, as lines; empty where none touch. ``neighbours``: metres of shared border, for a
    common point is none and shall leave no stub."""
    found = [
        line
        for one, others in sorted(neighbours.items())
        for other in sorted(others)
        if one < other
        for line in _lines(shapes[one], shapes[other])
    ]
    merged = shapely.line_merge(shapely.union_all(found)) if found else MultiLineString()
    return MultiLineString([part for part in getattr(merged, "geoms", [merged]) if not part.is_empty])


def _lines(one: BaseGeometry, other: BaseGeometry) -> list[BaseGeometry]:
    small, large = sorted((one, other), key=lambda shape: float(shape.area))
    shared = small.boundary.intersection(large.buffer(TOLERANCE_M, quad_segs=2))
    parts = getattr(shared, "geoms", [shared])
    return [part for part in parts if part.geom_type == "LineString" and part.length > 2 * TOLERANCE_M]
