"""Which CRS a file is in, and the way from it to EPSG:5179 with the datum shift it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Geod, Proj
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import Transformer, TransformerGroup
from shapely.geometry.base import BaseGeometry

from gis_core.crs import KOREA, KOREAN_SRIDS, LONLAT_SRID, STORAGE_SRID

from .errors import Notice, problem

BESSEL = 6377397.155  # semi-major axis in metres
BESSEL_SRIDS = (5174, 2097, 5178, 5173, 5175, 5176, 2096, 2098, 4162)


@dataclass(frozen=True)
class SourceCrs:
    """A file's CRS. ``how`` it was decided: "given" by the person, by the "file", or by the file's "format"."""

    crs: CRS
    how: str

    @property
    def srid(self) -> int | None:
        return self.crs.to_epsg(min_confidence=70)

    @property
    def bessel(self) -> bool:
        """Whether it stands on the old Korean datum, about 360 m from today's."""
        return _is_bessel(self.crs)

    def __str__(self) -> str:
        return f"EPSG:{self.srid} {self.crs.name}" if self.srid else self.crs.name


def given(text: str) -> SourceCrs:
    """The CRS a person names: "5174", "EPSG:5186", a PROJ string or WKT."""
    return SourceCrs(_parse(f"EPSG:{text.strip()}" if text.strip().isdigit() else text.strip()), "given")


def declared(text: str | None, how: str = "file") -> SourceCrs | None:
    """The CRS a file states, repaired where it would lose the datum shift; None where it says nothing usable."""
    if not text:
        return None
    crs = _parse(text)
    if crs.is_engineering or "undefined" in crs.name.lower():
        return None
    return SourceCrs(_with_datum(crs), how)


def _parse(text: str) -> CRS:
    try:
        crs = CRS.from_user_input(text)
    except CRSError as error:
        raise problem(_("“%(text)s” is not a coordinate reference system that PROJ knows."), text=text[:80]) from error
    return crs


def _is_bessel(crs: CRS) -> bool:
    return crs.ellipsoid is not None and abs(crs.ellipsoid.semi_major_metre - BESSEL) < 0.5


def _with_datum(crs: CRS) -> CRS:
    """An old Korean CRS written without its datum, or with a shift of zeros, becomes the registry's own.

    Careless tools write only the Bessel ellipsoid; PROJ then moves nothing, and the file lands 360 m away.
    """
    base = crs
    if crs.is_bound and crs.source_crs is not None:
        shift = crs.coordinate_operation
        if shift is None or any(shift.towgs84):
            return crs
        base = crs.source_crs
    if not _is_bessel(base) or not _ballpark(base):
        return base
    srid = base.to_epsg(min_confidence=20)
    if srid not in BESSEL_SRIDS:
        raise problem(
            _("The file's reference system “%(name)s” does not say its datum; choose the CRS yourself (5174 or 2097)."),
            name=crs.name,
        )
    return CRS.from_epsg(srid)


def _ballpark(crs: CRS) -> bool:
    return "Ballpark" in _best(crs).description


@lru_cache(maxsize=32)
def _best(crs: CRS, target: int = STORAGE_SRID) -> Transformer:
    """The one most accurate operation, fixed, so that a file's every coordinate moves the same way."""
    try:
        return TransformerGroup(crs, CRS.from_epsg(target), always_xy=True).transformers[0]
    except (ProjError, IndexError) as error:
        raise problem(_("There is no way from “%(name)s” to EPSG:%(target)s."), name=crs.name, target=target) from error


def to_srid(geometries: Iterable[BaseGeometry], source: SourceCrs, target: int = STORAGE_SRID) -> np.ndarray:
    """Two-dimensional copies in another CRS (an object array); what cannot be moved gets infinite coordinates."""
    flat = shapely.force_2d(np.asarray(list(geometries), dtype=object))
    if source.srid == target:
        return flat
    move = _best(source.crs, target)

    def convert(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return move.transform(x, y, errcheck=False)

    return shapely.transform(flat, convert, interleaved=False)


def shift_metres(geometries: list[BaseGeometry], source: SourceCrs) -> float:
    """How far the datum shift moves the file's middle, in metres (0 for a modern datum)."""
    minx, miny, maxx, maxy = bounds(geometries)
    if not source.bessel or isnan(minx):
        return 0.0
    x, y = (minx + maxx) / 2, (miny + maxy) / 2
    base = source.crs.source_crs if source.crs.is_bound and source.crs.source_crs else source.crs
    lon, lat = (x, y) if base.is_geographic else Proj(base)(x, y, inverse=True)
    to_lon, to_lat = _best(source.crs, LONLAT_SRID).transform(x, y)
    return float(Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[2])


def bounds(geometries: list[BaseGeometry]) -> tuple[float, float, float, float]:
    """minx, miny, maxx, maxy; NaN when there is nothing."""
    if not geometries:
        return (nan, nan, nan, nan)
    west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object))
    return float(west), float(south), float(east), float(north)


def placement(geometries: list[BaseGeometry], source: SourceCrs) -> list[Notice]:
    """Warnings when the file does not land in Korea, with what would explain it."""
    west, south, east, north = box = bounds(geometries)
    if isnan(west) or _lands_in_korea(box, source.crs):
        return []
    if _lands_in_korea((south, west, north, east), source.crs):
        return [Notice(_("The coordinates land outside Korea; x and y seem to be exchanged."))]
    fitting = candidates(box)
    if fitting:
        return [
            Notice(
                _("The coordinates land outside Korea as %(crs)s; they would land in Korea as %(candidates)s."),
                params={"crs": str(source), "candidates": ", ".join(f"EPSG:{srid}" for srid in fitting)},
            )
        ]
    return [Notice(_("The coordinates land outside Korea."))]


def candidates(box: Iterable[float]) -> list[int]:
    """The Korean CRSs in which these bounds (minx, miny, maxx, maxy) lie in Korea."""
    edges = tuple(box)
    # Metres near a false origin would be open sea within the box around Korea: such numbers are degrees.
    degrees = max(map(abs, edges)) < 1000
    return [
        srid
        for srid in KOREAN_SRIDS
        if degrees == (srid == LONLAT_SRID) and _lands_in_korea(edges, CRS.from_epsg(srid))
    ]


def _lands_in_korea(box: Iterable[float], crs: CRS) -> bool:
    minx, miny, maxx, maxy = box
    move = _best(crs, LONLAT_SRID)
    lon, lat = move.transform([minx, maxx, minx, maxx], [miny, maxy, maxy, miny], errcheck=False)
    west, south, east, north = KOREA
    return min(lon) >= west and max(lon) <= east and min(lat) >= south and max(lat) <= north
