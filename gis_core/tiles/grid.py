"""The WebMercatorQuad grid (OGC 17-083r4): tiles in EPSG:3857 and their true shape in the storage CRS."""

from functools import lru_cache

from django.contrib.gis.geos import GEOSGeometry
from shapely import LineString, Point, box, segmentize
from shapely.geometry.base import BaseGeometry

from gis_core.crs import STORAGE_SRID, WEB_SRID, reproject
from gis_core.layers.counts import WORLD_HALF

EXTENT = 4096
MAX_ZOOM = 22

# EPSG:5179 cannot show the far side of the world: tiles are cut to where Korea's records can lie.
_KOREA_WEB = (12_500_000.0, 3_500_000.0, 15_500_000.0, 5_500_000.0)


class OutsideGrid(ValueError):
    """There is no such tile."""


def tile_bounds(z: int, x: int, y: int, margin: int = 0) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in EPSG:3857, widened by ``margin`` tile units (of 4096)."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise OutsideGrid((z, x, y))
    size = 2 * WORLD_HALF / 2**z
    more = size * margin / EXTENT
    # Each line from its own number, so that neighbours share it to the last bit.
    west, east = -WORLD_HALF + x * size, -WORLD_HALF + (x + 1) * size
    north, south = WORLD_HALF - y * size, WORLD_HALF - (y + 1) * size
    return west - more, south - more, east + more, north + more


def in_storage(west: float, south: float, east: float, north: float, srid: int) -> BaseGeometry | None:
    """A rectangle of another CRS as a shape in EPSG:5179 whose edges follow the curves its sides become.

    A straight line between the corners would miss features near the edges: the rectangle is cut into pieces first.
    A rectangle without width or height gives a line or a point. None when it lies wholly outside Korea.
    """
    rectangle = _rectangle(west, south, east, north)
    limits: BaseGeometry = (
        reproject(segmentize(box(*_KOREA_WEB), 500_000), WEB_SRID, srid) if srid != WEB_SRID else box(*_KOREA_WEB)
    )
    # From the whole rectangle, not from what is left of it in Korea: neighbours must cut their common side alike. And a
    # little more than a 32nd: rounding must not give them 32 pieces and 33.
    step = min(_reach(rectangle), _reach(limits)) / 31.999
    rectangle = rectangle.intersection(limits)
    if rectangle.is_empty:
        return None
    return reproject(segmentize(rectangle, step) if step else rectangle, srid, STORAGE_SRID)


def _reach(shape: BaseGeometry) -> float:
    west, south, east, north = shape.bounds
    return float(max(east - west, north - south))


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if west < east and south < north:
        return box(west, south, east, north)
    corner = Point(west, south)
    return corner if west == east and south == north else LineString([corner, (east, north)])


@lru_cache(maxsize=4096)
def tile_area(z: int, x: int, y: int, margin: int = 0) -> GEOSGeometry | None:
    """A tile's area in EPSG:5179, or None when nothing of Korea lies in it."""
    area = in_storage(*tile_bounds(z, x, y, margin), WEB_SRID)
    return None if area is None else GEOSGeometry(memoryview(area.wkb), srid=STORAGE_SRID)
