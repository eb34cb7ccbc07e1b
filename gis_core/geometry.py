"""Geometry rules without Django: validity with a place, cleaning, repair. Coordinates x first."""

import re
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import MultiPolygon, Point, Polygon, get_coordinates
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis_core.crs import KOREA

# A round trip through degrees with seven decimals moves a stored coordinate by less than this (metres).
SAME_PLACE_M = 0.02

_PLACE = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>[-\d.e+]+) (?P<y>[-\d.e+]+)\]$")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a geometry (GEOS's own words) and where, in the geometry's CRS; the place may be unknown."""

    reason: str
    place: tuple[float, float] | None = None


class NotGeometry(ValueError):
    """The value is no GeoJSON geometry; ``args[0]`` is one of the keys below."""

    STRUCTURE = "structure"
    NUMBERS = "numbers"
    RING = "ring"


def from_geojson(value: Any, *, within_collection: bool = False) -> BaseGeometry:
    """A shapely geometry (2D) of a GeoJSON geometry object; collections do not nest. Raises NotGeometry."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise NotGeometry(NotGeometry.STRUCTURE)
    if value["type"] == "GeometryCollection":
        if within_collection or not isinstance(value.get("geometries"), list):
            raise NotGeometry(NotGeometry.STRUCTURE)
        return shapely.GeometryCollection([from_geojson(part, within_collection=True) for part in value["geometries"]])
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        raise NotGeometry(NotGeometry.STRUCTURE)
    if not _all_numbers(coordinates):
        raise NotGeometry(NotGeometry.NUMBERS)
    if value["type"] in {"Polygon", "MultiPolygon"} and not _rings_closed(value["type"], coordinates):
        raise NotGeometry(NotGeometry.RING)
    try:
        return shapely.force_2d(shape(value))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, ShapelyError) as error:
        raise NotGeometry(NotGeometry.STRUCTURE) from error


def _all_numbers(value: Any, depth: int = 4) -> bool:
    """Whether lists nested no deeper than a MultiPolygon's hold nothing but numbers."""
    if isinstance(value, list):
        return depth > 0 and all(_all_numbers(item, depth - 1) for item in value)
    # NaN and infinity are no JSON, but Python's parser takes them.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _rings_closed(kind: str, coordinates: list[Any]) -> bool:
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rings = [ring for polygon in polygons if isinstance(polygon, list) for ring in polygon]
    return all(isinstance(ring, list) and len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)


def fault(geometry: BaseGeometry) -> Fault | None:
    """Why a geometry is not valid (OGC Simple Features), or None."""
    if geometry.is_empty:
        return Fault("Empty")
    if geometry.is_valid:
        return None
    text = shapely.is_valid_reason(geometry)
    found = _PLACE.match(text)
    if not found:
        return Fault(text)
    return Fault(found["reason"].strip(), (float(found["x"]), float(found["y"])))


def repaired(geometry: BaseGeometry) -> BaseGeometry:
    """A valid geometry of the same dimension: lines and points that a broken polygon leaves over are dropped."""
    made = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if isinstance(geometry, Polygon | MultiPolygon):
        parts = [part for part in shapely.get_parts(made).tolist() if isinstance(part, Polygon | MultiPolygon)]
        made = shapely.union_all(parts) if parts else Polygon()
    return made


def polygons(geometry: BaseGeometry) -> MultiPolygon:
    """A polygon or multipolygon as a multipolygon."""
    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    assert isinstance(geometry, MultiPolygon), geometry.geom_type
    return geometry


def outside_korea(lonlat: BaseGeometry) -> tuple[float, float] | None:
    """The first coordinate (lon, lat) that does not lie in Korea, or None."""
    west, south, east, north = KOREA
    for x, y in get_coordinates(lonlat):
        if not (west <= x <= east and south <= y <= north):
            return float(x), float(y)
    return None


def seems_swapped(x: float, y: float) -> bool:
    """Whether the coordinate would lie in Korea with x and y exchanged."""
    west, south, east, north = KOREA
    return west <= y <= east and south <= x <= north


def same_place(one: BaseGeometry, other: BaseGeometry, tolerance: float) -> bool:
    """Whether two geometries have the same vertices to a tolerance (in their CRS's unit), wherever rings begin.

    Sorting the vertices first would not do: where two are equally far west, rounding decides which one is first.
    """
    if one.geom_type != other.geom_type:
        return False
    if one.equals_exact(other, tolerance):
        return True
    a, b = shapely.points(get_coordinates(one)), shapely.points(get_coordinates(other))
    if len(a) != len(b) or abs(one.area - other.area) > tolerance * one.length:
        return False
    of_a, of_b = shapely.STRtree(b).query(a, predicate="dwithin", distance=tolerance)
    return len(set(of_a.tolist())) == len(set(of_b.tolist())) == len(a)


def inner_point(geometry: BaseGeometry) -> Point:
    """A point that surely lies on the geometry."""
    return geometry.point_on_surface()
