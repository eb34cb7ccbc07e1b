"""Which rooms of a plan are neighbours, and where the wall between them runs: where a door could be put."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.ops import substring

from .document import Document, Level, Unit
from .topology import OUTSIDE, WALL_MAX_M, Floats, Floor, Integers, floors_of

# Walls whose directions differ by more than this (sine of the angle) do not face each other.
_PARALLEL = 0.1
# How far rooms may overlap (metres) and still be neighbours.
_OVERLAP_M = 0.05


@dataclass(frozen=True)
class Wall:
    """A straight wall between two rooms, or between a room and ``OUTSIDE``: ``line`` runs along its middle (of an outer
    wall, along its inner face)."""

    level: str
    a: str
    b: str
    line: LineString

    @property
    def length_m(self) -> float:
        return float(self.line.length)

    def opening(self, width_m: float) -> LineString:
        """A line of that width in the middle of the wall."""
        half = min(width_m, self.length_m) / 2
        middle = self.length_m / 2
        line: LineString = substring(self.line, middle - half, middle + half)
        return line


def walls(document: Document, min_length_m: float, to_outside: bool = True) -> list[Wall]:
    """The straight stretches of wall, at least that long, between two walkable rooms or a room and the outside.

    The rooms face each other over at most ``WALL_MAX_M``; an opening in the middle of the stretch would join them.
    """
    found: list[Wall] = []
    for key, floor in floors_of(document).items():
        if floor.rooms:
            level = document.level_of.get(key, Level(key, 0))
            found.extend(_on_level(level, floor, min_length_m, to_outside))
    return found


def neighbours(document: Document, min_length_m: float = 0.0) -> dict[frozenset[str], float]:
    """For each pair of rooms that share a wall, how long that wall is in all (metres)."""
    found: dict[frozenset[str], float] = {}
    for wall in walls(document, min_length_m, to_outside=False):
        pair = frozenset((wall.a, wall.b))
        found[pair] = found.get(pair, 0.0) + wall.length_m
    return found


@dataclass(frozen=True)
class _Edges:
    """The edges of rooms: where they start (n, 2), direction, length, and the room of each, which lies to its left."""

    start: Floats
    along: Floats
    length: Floats
    room: Integers

    @classmethod
    def of(cls, rooms: Sequence[Unit]) -> "_Edges":
        polygons = shapely.orient_polygons([room.geometry for room in rooms])
        owners = np.repeat(np.arange(len(rooms)), shapely.get_num_interior_rings(polygons) + 1)
        points, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
        same = ring[:-1] == ring[1:]
        start, end = points[:-1][same], points[1:][same]
        length = np.hypot(*(end - start).T)
        real = length > 0
        start, end, length = start[real], end[real], length[real]
        return cls(start, (end - start) / length[:, None], length, owners[ring[:-1][same][real]])

    @property
    def lines(self) -> NDArray[np.object_]:
        ends = np.stack([self.start, self.start + self.along * self.length[:, None]], axis=1)
        found: NDArray[np.object_] = shapely.linestrings(ends)
        return found


@dataclass(frozen=True)
class _Facing:
    """Pairs of edges that face each other: from ``low`` to ``high`` along the first, ``gap`` across (metres)."""

    first: Integers
    second: Integers
    low: Floats
    high: Floats
    gap: Floats


def _on_level(level: Level, floor: Floor, min_length_m: float, to_outside: bool) -> Iterator[Wall]:
    edges = _Edges.of(floor.rooms)
    facing = _facing(edges)
    once = edges.room[facing.first] < edges.room[facing.second]
    long = facing.high - facing.low >= max(min_length_m, 1e-6)
    which = np.flatnonzero(once & long)
    lines = _lines(edges, facing.first[which], facing.low[which], facing.high[which], facing.gap[which] / 2)
    for index, line, pair in zip(which.tolist(), lines, floor.across(lines), strict=True):
        a, b = (floor.rooms[edges.room[side[index]]] for side in (facing.first, facing.second))
        if {a.key, b.key} == set(pair) and a.is_walkable and b.is_walkable:
            yield Wall(level.key, a.key, b.key, line)
    if to_outside:
        yield from _outer(level, floor, edges, facing, min_length_m)


def _facing(edges: _Edges) -> _Facing:
    lines = edges.lines
    first, second = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=WALL_MAX_M)
    apart = edges.room[first] != edges.room[second]
    first, second = first[apart], second[apart]
    along, other = edges.along[first], edges.along[second]
    opposed = (np.abs(_cross(along, other)) < _PARALLEL) & (_dot(along, other) < 0)
    first, second, along = first[opposed], second[opposed], along[opposed]
    to_start = edges.start[second] - edges.start[first]
    to_end = to_start + edges.along[second] * edges.length[second, None]
    low, high = np.sort([_dot(along, to_start), _dot(along, to_end)], axis=0)
    # The outside lies to the right of an edge: what faces it is that far away on the right.
    gap = -(_cross(along, to_start) + _cross(along, to_end)) / 2
    low, high = np.maximum(low, 0), np.minimum(high, edges.length[first])
    near = (high > low) & (gap >= -_OVERLAP_M) & (gap <= WALL_MAX_M)
    return _Facing(first[near], second[near], low[near], high[near], gap[near])


def _cross(a: Floats, b: Floats) -> Floats:
    found: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return found


def _dot(a: Floats, b: Floats) -> Floats:
    found: Floats = (a * b).sum(axis=1)
    return found


def _lines(edges: _Edges, edge: Integers, low: Floats, high: Floats, aside: Floats) -> list[LineString]:
    """Stretches of edges from ``low`` to ``high`` along them, moved ``aside`` metres to their outside."""
    if not len(edge):
        return []
    along = edges.along[edge]
    start = edges.start[edge] + np.column_stack([along[:, 1], -along[:, 0]]) * aside[:, None]
    ends = np.stack([start + along * low[:, None], start + along * high[:, None]], axis=1)
    return list(shapely.linestrings(ends))


def _outer(level: Level, floor: Floor, edges: _Edges, facing: _Facing, min_length_m: float) -> Iterator[Wall]:
    """The stretches of edges which no other room faces and behind which the building ends."""
    taken: dict[int, list[tuple[float, float]]] = {}
    for edge, low, high in zip(facing.first.tolist(), facing.low.tolist(), facing.high.tolist(), strict=True):
        taken.setdefault(edge, []).append((low, high))
    shortest = max(min_length_m, 1e-6)
    free = [
        (edge, low, high)
        for edge in np.flatnonzero(edges.length >= shortest).tolist()
        for low, high in _between(taken.get(edge, []), float(edges.length[edge]))
        if high - low >= shortest
    ]
    columns = np.array(free, dtype=float).reshape(-1, 3)
    lines = _lines(edges, columns[:, 0].astype(np.intp), columns[:, 1], columns[:, 2], np.zeros(len(free)))
    for (edge, _, _), line, pair in zip(free, lines, floor.across(lines), strict=True):
        room = floor.rooms[edges.room[edge]]
        if set(pair) == {room.key, OUTSIDE} and room.is_walkable:
            yield Wall(level.key, room.key, OUTSIDE, line)


def _between(taken: list[tuple[float, float]], length: float) -> Iterator[tuple[float, float]]:
    """What of 0..length lies in none of the intervals."""
    reached = 0.0
    for low, high in sorted(taken):
        if low > reached:
            yield reached, low
        reached = max(reached, high)
    if length > reached:
        yield reached, length
