"""What each opening of a plan joins.

Rooms may share an edge or stand up to ``WALL_MAX_M`` apart; an opening lies on a room's edge or within the wall. From
the middle of the opening a ray goes out to each side, square to it, for the thickness of a wall: the first room it
meets is what the opening leads to. Solid matter drawn as units (walls, columns) is seen through.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from .document import SOLIDS, Document, Opening, Unit

# What lies beyond the level's outline. Keys of rooms are UUIDs, so none can be called this.
OUTSIDE: Final = "outside"
WALL_MAX_M: Final = 0.6
# How far from a wall an opening may have been drawn and still be that wall's.
ASKEW_MAX_M: Final = WALL_MAX_M / 2

Side: TypeAlias = str | None
Sides: TypeAlias = tuple[Side, Side]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]

# Where the rays look, in metres from the opening: the last is just behind the thickest wall.
_DEPTHS = (0.01, 0.06, 0.11, 0.16, 0.21, 0.26, 0.31, 0.41, 0.51, WALL_MAX_M + 0.01)
# The ray from the middle decides; those nearer the jambs are asked where it runs up a wall on the other side.
_MIDDLE, _JAMBS = 0.5, (0.2, 0.8)
_NOBODY: Final = -1


def sides(document: Document) -> dict[str, Sides]:
    """For each opening's key, what lies to the left and to the right of its line (seen along it).

    A side is the key of a unit, ``OUTSIDE`` (beyond the level's outline; where it has none, beyond the convex hull of
    its rooms, or wherever an entrance finds no room), or None: no room and not outside, so that the opening joins
    nothing there. An opening that touches no room at all has None on both sides; one that stands free within a room
    has that room on both.
    """
    openings = by_level(document.openings)
    floors = {level: floor for level, floor in floors_of(document).items() if level in openings}
    found: dict[str, Sides] = {}
    for level, floor in floors.items():
        found.update(zip((part.key for part in openings[level]), floor.sides(openings[level]), strict=True))
    return found


def joins(pair: Sides) -> bool:
    """Whether an opening with these sides leads from one place to another."""
    return None not in pair and pair[0] != pair[1]


def by_level(parts: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in parts:
        found.setdefault(part.level, []).append(part)
    return found


def floors_of(document: Document) -> dict[str, "Floor"]:
    """The rooms of each level that has rooms or openings, by the level's key."""
    units = by_level(document.units)
    levels = dict.fromkeys([*units, *(opening.level for opening in document.openings)])
    outlines = {level.key: level.outline for level in document.levels}
    return {level: Floor(units.get(level, []), outlines.get(level)) for level in levels}


class Rays(NamedTuple):
    """Lines of sight from points (n, 2) along unit vectors (n, 2), in metres."""

    origins: Floats
    directions: Floats

    @classmethod
    def across(cls, lines: Sequence[LineString], share: float = _MIDDLE) -> "Rays":
        """From ``share`` of the way along each line, square to its left."""
        ends = shapely.get_coordinates([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
        start, end = ends.reshape(2, -1, 2)
        length = np.hypot(*(end - start).T)[:, None]
        along = np.divide(end - start, length, out=np.zeros_like(start), where=length > 0)
        origins = shapely.get_coordinates(shapely.line_interpolate_point(lines, share, normalized=True))
        return cls(origins, np.column_stack([-along[:, 1], along[:, 0]]))

    def turned(self) -> "Rays":
        return Rays(self.origins, -self.directions)

    def at(self, which: Integers, depth: float) -> Floats:
        found: Floats = self.origins[which] + self.directions[which] * depth
        return found


class Floor:
    """The rooms of one level, to be asked what lies where."""

    def __init__(self, units: Sequence[Unit], outline: BaseGeometry | None) -> None:
        self.rooms = [unit for unit in units if unit.category not in SOLIDS]
        self.outline = outline
        self._polygons = np.array([room.geometry for room in self.rooms], dtype=object)
        self._tree = shapely.STRtree(self._polygons)

    @cached_property
    def hull(self) -> BaseGeometry:
        """What is not outside."""
        if self.outline is not None:
            hull: BaseGeometry = self.outline
        else:
            hull = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(self._polygons)))
        shapely.prepare(hull)
        return hull

    def sides(self, openings: Sequence[Opening]) -> list[Sides]:
        """What each opening of this level joins, see the module's ``sides``."""
        lines = [opening.geometry for opening in openings]
        entrances = np.array([opening.entrance for opening in openings], dtype=bool)
        found = self._joined(lines, entrances)
        askew = [index for index, pair in enumerate(found) if not joins(pair)] if self.rooms else []
        if askew:
            straight = [self._along_the_wall(lines[index]) for index in askew]
            for index, pair in zip(askew, self._joined(straight, entrances[askew]), strict=True):
                if joins(pair):
                    found[index] = pair
        return found

    def across(self, lines: Sequence[LineString]) -> list[Sides]:
        """What openings at these lines would join."""
        return self._joined(lines, np.zeros(len(lines), dtype=bool))

    def _joined(self, lines: Sequence[LineString], entrances: NDArray[np.bool_]) -> list[Sides]:
        both = [self._one_side(lines, entrances, turned) for turned in (False, True)]
        pairs: list[Sides] = list(zip(*both, strict=True))
        rooms = (OUTSIDE, None)
        return [(None, None) if pair[0] in rooms and pair[1] in rooms else pair for pair in pairs]

    def _one_side(self, lines: Sequence[LineString], entrances: NDArray[np.bool_], turned: bool) -> list[Side]:
        met = np.full(len(lines), _NOBODY, dtype=np.intp)
        for share in (_MIDDLE, *_JAMBS):
            waiting = np.flatnonzero(met == _NOBODY)
            if len(waiting):
                rays = Rays.across([lines[index] for index in waiting.tolist()], share)
                met[waiting] = self._first_met(rays.turned() if turned else rays)
        found: list[Side] = [self.rooms[room].key if room != _NOBODY else None for room in met]
        waiting = np.flatnonzero(met == _NOBODY)
        if len(waiting):
            rays = Rays.across([lines[index] for index in waiting.tolist()])
            beyond = self._leaves(rays.turned() if turned else rays)
            if self.outline is None:
                beyond |= entrances[waiting]
            for index in waiting[beyond].tolist():
                found[index] = OUTSIDE
        return found

    def _first_met(self, rays: Rays) -> Integers:
        """The index of the first room each ray meets, or ``_NOBODY``. Where rooms overlap it goes on into one alone."""
        met = np.full(len(rays.origins), _NOBODY, dtype=np.intp)
        doubtful = met.copy()
        waiting = np.arange(len(met))
        for depth in _DEPTHS:
            at, rooms = self._tree.query(shapely.points(rays.at(waiting, depth)), predicate="intersects")
            alone = np.bincount(at, minlength=len(waiting))[at] == 1
            met[waiting[at[alone]]] = rooms[alone]
            doubtful[waiting[at[~alone]]] = rooms[~alone]
            waiting = waiting[met[waiting] == _NOBODY]
            if not len(waiting):
                break
        found: Integers = np.where(met == _NOBODY, doubtful, met)
        return found

    def _leaves(self, rays: Rays) -> NDArray[np.bool_]:
        """Whether each ray comes out of the building."""
        everything = np.arange(len(rays.origins))
        points = [rays.at(everything, depth) for depth in _DEPTHS]
        out = [~shapely.intersects_xy(self.hull, at[:, 0], at[:, 1]) for at in points]
        found: NDArray[np.bool_] = np.any(out, axis=0)
        return found

    def _along_the_wall(self, line: LineString) -> LineString:
        """The line moved onto the nearest wall and turned along it; as it was where no wall is near."""
        middle = line.interpolate(0.5, normalized=True)
        polygon = self._polygons[self._tree.nearest(middle)]
        wall = min(_edges(polygon), key=middle.distance)
        if wall.distance(middle) > ASKEW_MAX_M:
            return line
        foot = shapely.get_coordinates(wall.interpolate(wall.project(middle)))[0]
        (x1, y1), (x2, y2) = wall.coords[0], wall.coords[-1]
        half = np.array([x2 - x1, y2 - y1]) / wall.length * (line.length / 2 or ASKEW_MAX_M)
        return LineString([foot - half, foot + half])


def _edges(polygon: Polygon) -> list[LineString]:
    rings = [polygon.exterior, *polygon.interiors]
    pairs = [np.stack([points[:-1], points[1:]], axis=1) for points in map(shapely.get_coordinates, rings)]
    edges: list[LineString] = [edge for edge in shapely.linestrings(np.concatenate(pairs)) if edge.length > 0]
    return edges
