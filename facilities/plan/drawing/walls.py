"""Walls: the straight faces of rooms and of the level's outline, and where on them an opening may lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from ..document import Opening, Unit, snapped
from ..topology import WALL_MAX_M
from .draft import Place, Refused

# Whose faces the outline's are; no room's key is empty.
OUTLINE = ""
# An opening keeps this far from corners and from other openings, where there is room to.
CLEAR_M = 0.05
# How far along its wall an opening may be pushed by others on it.
SLIDE_MAX_M = 1.5
# Nodes this near to a straight line are no corners.
STRAIGHT_M = 0.0005
# Lines count as parallel up to about three degrees.
_PARALLEL = 0.9986
_HAIR_M = 0.01

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Wall:
    """The part of a face with the same thing opposite. Places on it are told as ``t``, metres along it from ``start``,
    and ``depth``, metres from it away from the room. An opening's middle may be where it fits into low..high."""

    owner: str
    opposite: str | None
    start: Place
    along: Place
    low: float
    high: float
    thickness: float

    @property
    def length(self) -> float:
        return self.high - self.low

    @property
    def outward(self) -> Place:
        return self.along[1], -self.along[0]

    def t(self, place: Place) -> float:
        return (place[0] - self.start[0]) * self.along[0] + (place[1] - self.start[1]) * self.along[1]

    def depth(self, place: Place) -> float:
        return (place[0] - self.start[0]) * self.outward[0] + (place[1] - self.start[1]) * self.outward[1]

    def line(self, t: float, depth: float, width: float) -> LineString:
        """A line of that width whose middle lies there, on the grid."""
        x = self.start[0] + self.outward[0] * depth
        y = self.start[1] + self.outward[1] * depth
        reach = (t - width / 2, t + width / 2)
        return snapped(LineString([(x + self.along[0] * at, y + self.along[1] * at) for at in reach]))

    def holds(self, line: LineString) -> bool:
        """Whether the line lies in this wall with both ends."""
        ends = [line.coords[0][:2], line.coords[-1][:2]]
        return all(
            self.low - _HAIR_M <= self.t(end) <= self.high + _HAIR_M
            and -_HAIR_M <= self.depth(end) <= self.thickness + _HAIR_M
            for end in ends
        )

    def seat(self, t: float, width: float, taken: Iterable[LineString]) -> float:
        """The nearest t at which an opening fits: off the corners, clear of the lines taken. Raises Refused."""
        if width > self.length + 2 * STRAIGHT_M:
            raise Refused("wall_too_short", params={"width": width, "length": round(self.length, 3)})
        spans = self._free(taken)
        for clear in (CLEAR_M, 0.0):
            found = [min(max(t, low + half), high - half) for low, high in spans
                     if (half := width / 2 + clear) <= (high - low) / 2 + STRAIGHT_M]  # fmt: skip
            nearest = min(found, key=lambda at: abs(at - t), default=None)
            if nearest is not None and (len(spans) == 1 or abs(nearest - t) <= SLIDE_MAX_M):
                return nearest
        raise Refused("no_room_on_wall", params={"width": width, "length": round(self.length, 3)})

    def _free(self, taken: Iterable[LineString]) -> list[tuple[float, float]]:
        """What is left of low..high between the lines that lie in this wall."""
        spans, begin = [], self.low
        for low, high in sorted(self._reach(line) for line in taken if self._beside(line)):
            if low > begin:
                spans.append((begin, min(low, self.high)))
            begin = max(begin, high)
        return [(low, high) for low, high in [*spans, (begin, self.high)] if high > low]

    def _reach(self, line: LineString) -> tuple[float, float]:
        low, high = sorted((self.t(line.coords[0][:2]), self.t(line.coords[-1][:2])))
        return low, high

    def _beside(self, line: LineString) -> bool:
        low, high = self._reach(line)
        depths = [self.depth(end[:2]) for end in (line.coords[0], line.coords[-1])]
        near = all(-0.1 <= depth <= self.thickness + 0.1 for depth in depths)
        return near and high > self.low and low < self.high


class Walls:
    """The faces of a level's rooms and outline. A room lies to the left of its faces, the inside to the right of the
    outline's."""

    def __init__(self, units: Sequence[Unit], outline: BaseGeometry | None) -> None:
        self.rooms = {unit.key: unit.geometry for unit in units}
        polygons = shapely.orient_polygons(np.array(list(self.rooms.values()), dtype=object))
        if outline is not None:
            polygons = np.append(polygons, [shapely.orient_polygons(outline, exterior_cw=True)])
        owners = np.array([*(unit.key for unit in units), OUTLINE], dtype=object)
        smooth = shapely.simplify(polygons, STRAIGHT_M, preserve_topology=False)
        self.start, self.end, whose = edges(smooth)
        self.owner = owners[whose]
        self.length = np.hypot(*(self.end - self.start).T)
        self.along = (self.end - self.start) / self.length[:, None]
        self.outward = np.column_stack([self.along[:, 1], -self.along[:, 0]])

    def nearest(self, at: Place, within: float, owner: str | None = None, along: Place | None = None) -> int | None:
        """The face nearest to a place, a room's before the outline's; of that owner and parallel to ``along``, if
        given. Of equally near ones, the longest."""
        if not len(self.length):
            return None
        t = np.clip(self._t(at), 0, self.length)
        distance = np.hypot(*(self.start + self.along * t[:, None] - at).T)
        distance[self.length == 0] = np.inf
        if owner is not None:
            distance[self.owner != owner] = np.inf
        if along is not None:
            distance[np.abs(self.along @ np.array(along)) < _PARALLEL] = np.inf
        for which in (self.owner != OUTLINE, self.owner == OUTLINE):
            found = np.flatnonzero(which & (distance <= within))
            if len(found):
                order = np.lexsort((-self.length[found], distance[found].round(4)))
                return int(found[order[0]])
        return None

    def _t(self, at: Place) -> Floats:
        found: Floats = ((np.array(at) - self.start) * self.along).sum(axis=1)
        return found

    def wall(self, face: int, at: Place, opposite: str | None = None) -> Wall:
        """The wall behind a face, at that place; the one to ``opposite``, if given and if there is such."""
        begin, along, length = self.start[face], self.along[face], float(self.length[face])
        t = float(np.clip((np.array(at) - begin) @ along, 0, length))
        low, high, depth, other = self._opposite(face)
        if opposite is not None and opposite in self.owner[other]:
            wanted = self.owner[other] == opposite
            low, high, depth, other = low[wanted], high[wanted], depth[wanted], other[wanted]
            t = float(np.clip(t, low.min(), high.max()))
        off = np.maximum(np.maximum(low - t, t - high), 0)
        found: tuple[str | None, float, float, float] = (None, *self._alone(t, low, high, length), 0.0)
        if len(other) and off.min() <= WALL_MAX_M / 2:
            best = np.lexsort((depth, off.round(2)))[0]
            found = (self.owner[other[best]], float(low[best]), float(high[best]), max(float(depth[best]), 0.0))
        return Wall(
            str(self.owner[face]), found[0], (float(begin[0]), float(begin[1])), (float(along[0]), float(along[1])),
            *found[1:],
        )  # fmt: skip

    def _opposite(self, face: int) -> tuple[Floats, Floats, Floats, NDArray[np.intp]]:
        """The faces that look at this one from across the wall: from t, to t, distance, index."""
        facing = self.along @ self.along[face] < -_PARALLEL
        ends = np.stack([self.start, self.end]) - self.start[face]
        depths = ends @ self.outward[face]
        near = facing & (depths.min(axis=0) >= -_HAIR_M) & (depths.max(axis=0) <= WALL_MAX_M + STRAIGHT_M)
        reach = ends @ self.along[face]
        low = np.clip(reach.min(axis=0), 0, self.length[face])
        high = np.clip(reach.max(axis=0), 0, self.length[face])
        which = np.flatnonzero(near & (high - low > _HAIR_M))
        return low[which], high[which], depths.mean(axis=0)[which], which

    @staticmethod
    def _alone(t: float, low: Floats, high: Floats, length: float) -> tuple[float, float]:
        """The stretch around t that has nothing opposite."""
        return max([0.0, *high[high <= t]]), min([length, *low[low >= t]])

    def between(self, owners: Sequence[str], least: float) -> list[Polygon]:
        """The pieces of wall, at least that long, that lie between faces of two of these rooms."""
        found = []
        for face in np.flatnonzero(np.isin(self.owner, list(owners))):
            low, high, depth, other = self._opposite(int(face))
            ours = np.isin(self.owner[other], list(owners)) & (self.owner[other] != self.owner[face])
            for index in np.flatnonzero(ours & (high - low >= least) & (depth > STRAIGHT_M)):
                # A little into both rooms, so that rounding leaves no gap.
                near, far = -STRAIGHT_M, depth[index] + STRAIGHT_M
                corners = [(low[index], near), (high[index], near), (high[index], far), (low[index], far)]
                found.append(Polygon([self._place(int(face), t, off) for t, off in corners]))
        return found

    def _place(self, face: int, t: float, depth: float) -> Place:
        x, y = self.start[face] + self.along[face] * t + self.outward[face] * depth
        return float(x), float(y)

    def around(self, opening: Opening) -> Wall | None:
        """The wall an opening lies on, if it does."""
        middle = shapely.get_coordinates(opening.geometry.interpolate(0.5, normalized=True))[0]
        at = (float(middle[0]), float(middle[1]))
        face = self.nearest(at, WALL_MAX_M, along=direction(opening.geometry))
        if face is None:
            return None
        wall = self.wall(face, at)
        return wall if wall.holds(opening.geometry) else None


def direction(line: LineString) -> Place:
    """The unit vector from a line's first to its last place."""
    return unit_vector(line.coords[0], line.coords[-1])


def unit_vector(start: Sequence[float], end: Sequence[float]) -> Place:
    x, y = end[0] - start[0], end[1] - start[1]
    length = hypot(x, y) or 1.0
    return x / length, y / length


def middle(line: LineString) -> Place:
    found = line.interpolate(0.5, normalized=True)
    return float(found.x), float(found.y)


def edges(polygons: Iterable[BaseGeometry]) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """All edges of polygons: starts (n, 2), ends (n, 2) and the index of the polygon of each."""
    parts, of_part = shapely.get_parts(np.asarray(list(polygons), dtype=object), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    apart = within & (places[1:] != places[:-1]).any(axis=1)
    return places[:-1][apart], places[1:][apart], of_part[of_ring[ring[:-1][apart]]]
