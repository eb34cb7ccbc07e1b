"""Where an IndoorGML file's coordinates lie: in a CRS that it names and means, or nowhere in particular."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import shapely
from pyproj.exceptions import CRSError, ProjError
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from gis_core.crs import LONLAT_SRID, LocalFrame, UnknownCrs, north_first

from . import places
from .indoorgml_xml import Content
from .notes import Notes
from .places import Place
from .report import MOVED

SRS_IGNORED: Final = "indoorgml.srs_ignored"  # srs: named, but the coordinates are not in it
AXES_SWAPPED: Final = "indoorgml.axes_swapped"  # srs: x and y stand the other way round than it says
NO_SRS: Final = "indoorgml.no_srs"

_CODE: Final = re.compile(r"EPSG\W*(?:[\d.]*[:/])?(\d{4,6})\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class GmlPlace(Place):
    """``metres`` is how many metres a unit of z is."""

    metres: float = 1.0


def placed(content: Content, frame: LocalFrame | None, scale: float, notes: Notes) -> GmlPlace:
    """The place of a file's coordinates; what was doubtful about it is noted. Raises ImportRefused (elsewhere)."""
    everything = MultiPoint([point for ring in _rings(content) for point in ring[:, :2]])
    srid, swap = _meant(content.srs, everything, notes)
    if srid is None:
        plain = places.moved_to_origin([everything], scale)
        if plain.origin != (0.0, 0.0):
            notes.add(MOVED, "note", x=round(plain.origin[0], 3), y=round(plain.origin[1], 3), turned=0.0)
        return GmlPlace(plain.to_local, origin=plain.origin, metres=scale)
    turned = places.swapped(everything) if swap else everything
    walls = [places.swapped(shape) if swap else shape for shape in map(shapely.linestrings, _rings(content))]
    shapes = [turned, *walls]
    found = places.placed(frame, shapes, srid)
    found.note(notes)

    def to_local(shape: BaseGeometry) -> BaseGeometry:
        return found.to_local(places.swapped(shape) if swap else shape)

    return GmlPlace(to_local, found.frame, found.origin, found.rotation, srid)


def _rings(content: Content) -> Iterator[places.Floats]:
    for feature in [*content.cells, *content.boundaries]:
        yield from (ring for face in feature.shape.faces for ring in face)
        yield from feature.shape.lines


def _meant(srs: str, everything: MultiPoint, notes: Notes) -> tuple[int | None, bool]:
    """The EPSG code whose coordinates these are, and whether north comes first. (None, False) for plain metres."""
    if not srs:
        notes.add(NO_SRS, "note")
        return None, False
    code = _CODE.search(srs)
    srid = LONLAT_SRID if "CRS84" in srs else int(code[1]) if code else None
    try:
        # The short form is used with x first by nearly everybody; the long ones as the registry has it.
        swap = srid is not None and "CRS84" not in srs and ("urn" in srs or "http" in srs) and north_first(srid)
        if srid is not None and not everything.is_empty:
            for way in (swap, not swap):
                if places.fits(everything, srid, way):
                    if way != swap:
                        notes.add(AXES_SWAPPED, srs=srs[:80])
                    return srid, way
    except (UnknownCrs, CRSError, ProjError):
        pass
    notes.add(SRS_IGNORED, srs=srs[:80])
    return None, False
