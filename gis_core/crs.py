"""Coordinate reference systems: which ones Dongne stores, shows and accepts, and how it moves between them.

Stored geometry is EPSG:5179 (KGD2002 / Unified CS, metres). In code, coordinates are always x (east) first;
the order a CRS's own registry entry prescribes matters only at the API's edge (``north_first``).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError
from shapely import transform as shapely_transform
from shapely.geometry.base import BaseGeometry

STORAGE_SRID = 5179
WEB_SRID = 3857
LONLAT_SRID = 4326
# Floor plans: a building's own metres, square to its walls (an engineering CRS, see the first migration).
LOCAL_SRID = 990_001

# Korea's lands and waters with room to spare: west, south, east, north in degrees.
KOREA = (122.0, 32.0, 133.0, 39.5)

# What national files come in, by the number people know them by.
KOREAN_SRIDS = (4326, 5179, 5186, 5185, 5187, 5188, 5181, 5174, 2097, 5178)

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/{srid}"
API_SRIDS = (4326, 3857, 5179, 5181, 5185, 5186, 5187, 5188)


class UnknownCrs(ValueError):
    """The text names no CRS that can be used here."""


def uri(srid: int) -> str:
    return EPSG_URI.format(srid=srid)


API_CRS_URIS = (CRS84, *(uri(srid) for srid in API_SRIDS))


def parse_uri(text: str) -> tuple[int, bool]:
    """The SRID an OGC CRS URI names, and whether its coordinates come north first.

    Raises UnknownCrs for anything that is not in ``API_CRS_URIS``.
    """
    if text == CRS84:
        return LONLAT_SRID, False
    for srid in API_SRIDS:
        if text == uri(srid):
            return srid, north_first(srid)
    raise UnknownCrs(text)


@lru_cache(maxsize=64)
def north_first(srid: int) -> bool:
    """Whether the registry's own axis order for this CRS is north, east (or latitude, longitude)."""
    try:
        return CRS.from_epsg(srid).axis_info[0].direction == "north"
    except CRSError as error:
        raise UnknownCrs(str(srid)) from error


@lru_cache(maxsize=64)
def transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(source), CRS.from_epsg(target), always_xy=True)


def reproject(geometry: BaseGeometry, source: int, target: int) -> BaseGeometry:
    """The geometry in another CRS, x first on both sides."""
    if source == target:
        return geometry
    move = transformer(source, target)

    def convert(x, y):  # type: ignore[no-untyped-def]
        return move.transform(x, y)

    return shapely_transform(geometry, convert, interleaved=False)


def ground_area(geometry: BaseGeometry) -> float:
    """Square metres on the ground of a shape in EPSG:5179 that is small enough to have one scale (a village)."""
    at = geometry.centroid
    return float(geometry.area) / _grid_scale(at.x, at.y) ** 2 if geometry.area else 0.0


@dataclass(frozen=True)
class LocalFrame:
    """A building's own frame: metres, square to its walls.

    ``anchor_x``, ``anchor_y`` (EPSG:5179) is where the local origin lies; ``rotation`` is the angle in degrees,
    counter-clockwise from grid east, of the local x axis. Local metres are true metres, so EPSG:5179's scale
    factor at the anchor is applied on the way out and undone on the way in.
    """

    anchor_x: float
    anchor_y: float
    rotation: float = 0.0

    @property
    def scale(self) -> float:
        return _grid_scale(self.anchor_x, self.anchor_y)

    def to_world(self, geometry: BaseGeometry) -> BaseGeometry:
        """Local metres to EPSG:5179."""
        c, s, k = cos(radians(self.rotation)), sin(radians(self.rotation)), self.scale

        def convert(x, y):  # type: ignore[no-untyped-def]
            return self.anchor_x + k * (c * x - s * y), self.anchor_y + k * (s * x + c * y)

        return shapely_transform(geometry, convert, interleaved=False)

    def to_local(self, geometry: BaseGeometry) -> BaseGeometry:
        """EPSG:5179 to local metres."""
        c, s, k = cos(radians(self.rotation)), sin(radians(self.rotation)), self.scale

        def convert(x, y):  # type: ignore[no-untyped-def]
            dx, dy = (x - self.anchor_x) / k, (y - self.anchor_y) / k
            return c * dx + s * dy, -s * dx + c * dy

        return shapely_transform(geometry, convert, interleaved=False)


@lru_cache(maxsize=1024)
def _grid_scale(x: float, y: float) -> float:
    lon, lat = transformer(STORAGE_SRID, LONLAT_SRID).transform(x, y)
    return Proj(CRS.from_epsg(STORAGE_SRID)).get_factors(lon, lat).meridional_scale
