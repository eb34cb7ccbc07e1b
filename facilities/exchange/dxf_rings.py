"""Rooms that a drawing gives as closed shapes: mended, taken once, and made not to overlap. Local metres."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from gis_core.geometry import repaired

from .dxf_entities import Piece
from .notes import Notes
from .report import DUPLICATES, INVALID_SHAPE, REPAIRED_SHAPE
from .rooms import is_thin

CLOSED: Final = "dxf.closed_ring"  # count: polylines whose ends did not meet
NESTED: Final = "dxf.nested"  # count, area_m2: rooms drawn inside others, which were cut out of them
OVERLAP: Final = "dxf.overlap"  # count, area_m2: rooms drawn over each other; the larger one gave way
OUTLINE_TAKEN: Final = "dxf.outline_taken"  # count: a shape around all rooms is the level's outline
TINY: Final = "dxf.tiny"  # count, area_m2: shapes too small for a room

_ROOM_MIN_M2 = 0.1
_SLIVER_M2 = 0.01
_SAME = 0.01


@dataclass
class Rings:
    rooms: list[Polygon] = field(default_factory=list)
    outline: list[Polygon] = field(default_factory=list)


def rooms_of_rings(pieces: Sequence[Piece], names: Sequence[Point], wall_max: float, notes: Notes) -> Rings:
    """The rooms that closed shapes draw; what lies within another is cut out of it, and a shape around all of them
    that leaves nothing but walls is the outline."""
    polygons = [polygon for piece in pieces for polygon in _polygons(piece, notes)]
    found = Rings()
    taken: list[Polygon] = []
    for polygon in sorted(_once(polygons, notes), key=lambda each: each.area):
        if polygon.area < _ROOM_MIN_M2 and not _named(polygon, names):
            notes.add(TINY, "note")
            continue
        rest = _without(polygon, taken, notes)
        if rest is None or rest.area < _ROOM_MIN_M2:
            continue
        if rest.area < 0.9 * polygon.area and is_thin(rest, wall_max):
            found.outline.append(polygon)
            notes.add(OUTLINE_TAKEN, "note", place=polygon)
            continue
        taken.append(polygon)
        found.rooms.extend(_parts(rest, wall_max))
    return found


def _polygons(piece: Piece, notes: Notes) -> list[Polygon]:
    if not piece.closed and not np.array_equal(piece.points[0], piece.points[-1]):
        notes.add(CLOSED, place=Point(piece.points[0]))
    if len(piece.points) < 3:
        return []
    drawn: BaseGeometry = Polygon(piece.points, piece.holes)
    if not drawn.is_valid:
        drawn = repaired(drawn)
        notes.add(REPAIRED_SHAPE, place=drawn)
    parts = [part for part in shapely.get_parts(drawn).tolist() if isinstance(part, Polygon) and part.area > 1e-6]
    if not parts:
        notes.add(INVALID_SHAPE)
    return parts


def _once(polygons: list[Polygon], notes: Notes) -> list[Polygon]:
    tree = STRtree(polygons)
    kept: list[Polygon] = []
    gone: set[int] = set()
    for index, polygon in enumerate(polygons):
        if index in gone:
            continue
        kept.append(polygon)
        for other in tree.query(polygon, predicate="intersects").tolist():
            if other > index and other not in gone and _same(polygon, polygons[other]):
                gone.add(other)
                notes.add(DUPLICATES, "note")
    return kept


def _same(one: Polygon, other: Polygon) -> bool:
    if abs(one.area - other.area) > _SAME * one.area:
        return False
    return bool(one.symmetric_difference(other).area < _SAME * one.area)


def _named(polygon: Polygon, names: Sequence[Point]) -> bool:
    return any(polygon.contains(name) for name in names)


def _without(polygon: Polygon, taken: list[Polygon], notes: Notes) -> BaseGeometry | None:
    """The polygon without the smaller rooms over it."""
    over = [taken[index] for index in STRtree(taken).query(polygon, predicate="intersects").tolist()] if taken else []
    rest: BaseGeometry = polygon
    for other in over:
        common = polygon.intersection(other).area
        if common <= 0:
            continue
        rest = rest.difference(other)
        if common > _SLIVER_M2 and common > 0.95 * other.area:
            notes.add(NESTED, "note", place=other)
        elif common > _SLIVER_M2:
            notes.add(OVERLAP, place=polygon.intersection(other))
    return None if rest.is_empty else rest


def _parts(shape: BaseGeometry, wall_max: float) -> list[Polygon]:
    """The pieces of what is left of a room; slivers along others are dropped."""
    parts = [part for part in shapely.get_parts(shape).tolist() if isinstance(part, Polygon)]
    parts.sort(key=lambda part: -part.area)
    return parts[:1] + [part for part in parts[1:] if part.area >= _ROOM_MIN_M2 and not is_thin(part, wall_max / 2)]


def outline_of_rings(outline: Sequence[Polygon]) -> Polygon | MultiPolygon | None:
    """The largest shape around the rooms, and others that lie beside it."""
    if not outline:
        return None
    whole = shapely.union_all([Polygon(each.exterior) for each in outline])
    return whole if isinstance(whole, Polygon | MultiPolygon) else None
