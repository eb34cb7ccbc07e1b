"""From what a user sends as a shape to what is stored: read, checked with reason and place, repaired on request."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from shapely import MultiLineString, MultiPolygon, Point, Polygon
from shapely import from_wkb as shapely_from_wkb
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.geometry import (
    SAME_PLACE_M,
    Fault,
    NotGeometry,
    fault,
    from_geojson,
    outside_korea,
    polygons,
    repaired,
    same_place,
    seems_swapped,
)

from .errors import Invalid

# What a "Geometry" may be: a point, a line, or an area of one or more parts.
ANY_SHAPE = frozenset({"Point", "LineString", "Polygon", "MultiPolygon"})


@dataclass(frozen=True)
class Shape:
    """A checked geometry in EPSG:5179, with what a repair changed (empty when there was none)."""

    geometry: BaseGeometry
    repairs: tuple[str, ...] = ()


def read_shape(value: Any, field: str, *, srid: int = LONLAT_SRID, repair: bool = False) -> Shape:
    """A GeoJSON geometry (dict) or shapely geometry in ``srid``, x first, as a valid shape in EPSG:5179.

    Raises Invalid, naming the field, with the reason and the place in lon/lat.
    """
    geometry = value if isinstance(value, BaseGeometry) else _from_geojson(value, field)
    lonlat = reproject(geometry, srid, LONLAT_SRID)
    outside = outside_korea(lonlat)
    if outside:
        raise Invalid({field: [_outside_message(*outside)]})
    found = fault(lonlat)
    stored = reproject(geometry, srid, STORAGE_SRID)
    if found is None and stored.is_valid:
        return Shape(stored)
    found = found or _in_lonlat(fault(stored)) or Fault("Invalid")
    if not repair or found.reason == "Empty":
        raise Invalid({field: [fault_message(found)]})
    mended = repaired(stored)
    if mended.is_empty:
        raise Invalid({field: [fault_message(found)]})
    report = _("%(fault)s It was repaired: the area changed from %(before)s to %(after)s m².") % {
        "fault": fault_message(found),
        "before": f"{stored.area:,.1f}",
        "after": f"{mended.area:,.1f}",
    }
    return Shape(mended, (report,))


def _in_lonlat(found: Fault | None) -> Fault | None:
    """A fault of a stored shape with its place in lon/lat."""
    if found is None or found.place is None:
        return found
    place = reproject(Point(found.place), STORAGE_SRID, LONLAT_SRID)
    assert isinstance(place, Point)
    return Fault(found.reason, (place.x, place.y))


def _from_geojson(value: Any, field: str) -> BaseGeometry:
    try:
        return from_geojson(value)
    except NotGeometry as error:
        texts = {
            NotGeometry.STRUCTURE: _("This is not a GeoJSON geometry."),
            NotGeometry.NUMBERS: _("A coordinate is not a number."),
            NotGeometry.RING: _("A ring of the polygon is not closed or has fewer than four points."),
        }
        raise Invalid({field: [texts[error.args[0]]]}) from error


def _outside_message(x: float, y: float) -> str:
    place = {"lon": f"{x:.6g}", "lat": f"{y:.6g}"}
    if seems_swapped(x, y):
        return _("%(lon)s, %(lat)s lies outside Korea: longitude and latitude seem to be exchanged.") % place
    return _("%(lon)s, %(lat)s lies outside Korea.") % place


def fault_message(found: Fault) -> str:
    """A fault in the user's language, with its place."""
    reasons = {
        "Self-intersection": _("The outline crosses itself"),
        "Ring Self-intersection": _("A ring touches or crosses itself"),
        "Hole lies outside shell": _("A hole lies outside the outline"),
        "Holes are nested": _("A hole lies within another hole"),
        "Nested shells": _("A part lies within another part"),
        "Interior is disconnected": _("The inside falls into separate pieces"),
        "Duplicate Rings": _("Two rings are the same"),
        "Too few points in geometry component": _("A ring has too few points"),
        "Empty": _("The shape is empty"),
    }
    reason = reasons.get(found.reason, found.reason)
    if found.place is None:
        return f"{reason}."
    return _("%(reason)s at %(lon)s, %(lat)s.") % {
        "reason": reason,
        "lon": f"{found.place[0]:.7f}",
        "lat": f"{found.place[1]:.7f}",
    }


def of_kind(shape: Shape, geometry_type: str, field: str) -> Shape:
    """The shape as the column's type: Point, LineString, Polygon, MultiPolygon, or Geometry for any of them.

    Raises Invalid when it is another.
    """
    geometry = shape.geometry
    if geometry_type == "MultiPolygon" and isinstance(geometry, Polygon | MultiPolygon):
        return Shape(polygons(geometry), shape.repairs)
    is_wrapped = isinstance(geometry, MultiPolygon | MultiLineString) and len(geometry.geoms) == 1
    single = geometry.geoms[0] if is_wrapped else geometry
    if single.geom_type in (ANY_SHAPE if geometry_type == "Geometry" else {geometry_type}):
        return Shape(single, shape.repairs)
    wanted = _("point, line or area") if geometry_type == "Geometry" else geometry_type
    told = _("This must be a %(wanted)s, not a %(found)s.") % {"wanted": wanted, "found": geometry.geom_type}
    raise Invalid({field: [told]})


def split_feature_geometry(value: Any, outline: str | None) -> tuple[Any, Any]:
    """A feature's geometry as (location, outline) for layers that have both.

    A polygon is taken as the outline; a GeometryCollection of a point and a polygon gives both.
    """
    if outline is None or not isinstance(value, dict):
        return value, None
    if value.get("type") in {"Polygon", "MultiPolygon"}:
        return None, value
    if value.get("type") == "GeometryCollection" and isinstance(value.get("geometries"), list):
        parts: Iterable[Any] = [part for part in value["geometries"] if isinstance(part, dict)]
        point = next((part for part in parts if part.get("type") == "Point"), None)
        polygon = next((part for part in parts if part.get("type") in {"Polygon", "MultiPolygon"}), None)
        return point, polygon
    return value, None


def to_geos(geometry: BaseGeometry | None) -> GEOSGeometry | None:
    if geometry is None:
        return None
    return GEOSGeometry(memoryview(geometry.wkb), srid=STORAGE_SRID)


def to_shapely(geometry: GEOSGeometry | None) -> BaseGeometry | None:
    return None if geometry is None else shapely_from_wkb(bytes(geometry.wkb))


def to_geojson(geometry: GEOSGeometry | None) -> dict[str, Any] | None:
    """A stored geometry as a GeoJSON dict in lon/lat, 7 decimals."""
    moved = to_shapely(geometry)
    if moved is None:
        return None
    return _rounded(mapping(reproject(moved, STORAGE_SRID, LONLAT_SRID)))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 7) if isinstance(value, float) else value


def same_shape(one: GEOSGeometry | None, other: GEOSGeometry | None) -> bool:
    """Whether two stored shapes are the same, but for what a round trip through lon/lat does to them."""
    if one is None or other is None:
        return one is other
    a, b = to_shapely(one), to_shapely(other)
    assert a is not None
    assert b is not None
    return same_place(a, b, SAME_PLACE_M)


__all__ = [
    "Point",
    "Shape",
    "fault_message",
    "of_kind",
    "read_shape",
    "same_shape",
    "split_feature_geometry",
    "to_geojson",
    "to_geos",
    "to_shapely",
]
