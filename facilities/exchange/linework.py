"""Lines that were drawn to meet, made to meet: snapped, split where they cross, loose ends joined. Local metres."""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree

from facilities.plan.document import GRID_M

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]

NOTHING: Floats = np.empty((0, 2, 2))


class Linework:
    """Straight edges that meet only at their ends: ``points`` (n, 2), ``edges`` (k, 2) of their indices."""

    def __init__(self, segments: Floats) -> None:
        """``segments`` (n, 2, 2) may cross and overlap."""
        segments = noded(segments)
        self.points, inverse = np.unique(segments.reshape(-1, 2), axis=0, return_inverse=True)
        self.edges: Integers = np.unique(np.sort(inverse.reshape(-1, 2), axis=1), axis=0)

    @cached_property
    def segments(self) -> Floats:
        found: Floats = self.points[self.edges]
        return found

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        found: NDArray[np.object_] = shapely.linestrings(self.segments)
        return found

    @cached_property
    def tree(self) -> STRtree:
        return STRtree(self.lines)

    @cached_property
    def lengths(self) -> Floats:
        found: Floats = np.hypot(*(self.segments[:, 1] - self.segments[:, 0]).T)
        return found

    @cached_property
    def degrees(self) -> Integers:
        return np.bincount(self.edges.ravel(), minlength=len(self.points))

    @cached_property
    def edges_at(self) -> list[list[int]]:
        """For each point, the edges that meet there."""
        found: list[list[int]] = [[] for _ in self.points]
        for number, (start, end) in enumerate(self.edges.tolist()):
            found[start].append(number)
            found[end].append(number)
        return found

    @property
    def loose_ends(self) -> list[int]:
        """Points at which one edge ends and no other begins."""
        return np.flatnonzero(self.degrees == 1).tolist()

    def other_end(self, edge: int, point: int) -> int:
        start, end = self.edges[edge]
        return int(end if start == point else start)

    def away(self, edge: int, point: int) -> Floats:
        """The unit vector along an edge, away from the point at its end."""
        along = self.points[self.other_end(edge, point)] - self.points[point]
        found: Floats = along / np.hypot(*along)
        return found

    def first_hit(self, origin: Floats, direction: Floats, reach: float) -> tuple[float, int] | None:
        """How far ahead the first edge lies, and which it is. Edges that run through the origin are not ahead."""
        ray = shapely.linestrings([origin, origin + direction * reach])
        best: tuple[float, int] | None = None
        for edge in self.tree.query(ray, predicate="intersects").tolist():
            distance = _along(origin, direction, *self.segments[edge])
            if distance is not None and distance > _AT_ORIGIN and (best is None or distance < best[0]):
                best = (distance, edge)
        return best


_AT_ORIGIN = 10 * GRID_M


def _along(origin: Floats, direction: Floats, start: Floats, end: Floats) -> float | None:
    """How far along the ray it crosses the segment's line; None where they are parallel."""
    side = end - start
    cross = direction[0] * side[1] - direction[1] * side[0]
    if abs(cross) < 1e-9 * np.hypot(*side):
        return None
    offset = start - origin
    return float((offset[0] * side[1] - offset[1] * side[0]) / cross)


def segments_of(points: Floats, closed: bool = False) -> Floats:
    """A polyline's sides."""
    if closed:
        points = np.concatenate([points, points[:1]])
    return np.stack([points[:-1], points[1:]], axis=1)


def joined(parts: Sequence[Floats]) -> Floats:
    """Segments of several arrays in one."""
    return np.concatenate([NOTHING, *parts]) if len(parts) else NOTHING


def unique(segments: Floats) -> Floats:
    """The segments on the grid, without points and without those drawn twice."""
    on_grid = np.round(segments / GRID_M)
    on_grid = on_grid[np.any(on_grid[:, 0] != on_grid[:, 1], axis=1)]
    backwards = (on_grid[:, 0, 0] > on_grid[:, 1, 0]) | (
        (on_grid[:, 0, 0] == on_grid[:, 1, 0]) & (on_grid[:, 0, 1] > on_grid[:, 1, 1])
    )
    on_grid[backwards] = on_grid[backwards][:, ::-1]
    found: Floats = np.unique(on_grid.reshape(-1, 4), axis=0).reshape(-1, 2, 2) / round(1 / GRID_M)
    return found


def snapped_ends(segments: Floats, tolerance: float) -> Floats:
    """Ends that lie within the tolerance of one where more lines end are moved onto it. Nothing moves twice."""
    if not len(segments):
        return segments
    points, inverse, counts = np.unique(segments.reshape(-1, 2), axis=0, return_inverse=True, return_counts=True)
    near = STRtree(shapely.points(points))
    first, second = near.query(shapely.points(points), predicate="dwithin", distance=tolerance)
    neighbours: dict[int, list[int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one != other:
            neighbours.setdefault(one, []).append(other)
    target = np.arange(len(points))
    settled = np.zeros(len(points), dtype=bool)
    for one in sorted(neighbours, key=lambda index: (-counts[index], index)):
        if settled[one]:
            continue
        settled[one] = True
        for other in neighbours[one]:
            if not settled[other]:
                settled[other], target[other] = True, one
    return unique(points[target][inverse.reshape(-1)].reshape(-1, 2, 2))


def noded(segments: Floats) -> Floats:
    """The segments split wherever they cross or touch, overlaps taken once."""
    if not len(segments):
        return segments
    united = shapely.union_all(shapely.linestrings(unique(segments)), grid_size=GRID_M)
    parts = shapely.get_parts(united)
    points, owner = shapely.get_coordinates(parts, return_index=True)
    same = owner[:-1] == owner[1:]
    return unique(np.stack([points[:-1][same], points[1:][same]], axis=1))


def bridges(work: Linework, snap: float, reach: float) -> Floats:
    """What joins loose ends: to the line they stop short of (or the end near by), at most ``reach`` away."""
    loose = work.loose_ends
    if not loose:
        return NOTHING
    ends = shapely.points(work.points[loose])
    partner = _nearest_loose(ends, reach)
    found: list[Floats] = []
    for number, point in enumerate(loose):
        here = work.points[point]
        if number in partner:
            found.append(np.array([[here, work.points[loose[partner[number]]]]]))
            continue
        target = _line_beside(work, point, snap)
        if target is None:
            edge = work.edges_at[point][0]
            hit = work.first_hit(here, -work.away(edge, point), reach)
            target = None if hit is None else here - work.away(edge, point) * hit[0]
        if target is not None:
            found.append(np.array([[here, target]]))
    return unique(joined(found))


def _nearest_loose(ends: NDArray[np.object_], reach: float) -> dict[int, int]:
    """Loose ends that are each other's nearest."""
    first, second = STRtree(ends).query(ends, predicate="dwithin", distance=reach)
    nearest: dict[int, tuple[float, int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one != other:
            distance = shapely.distance(ends[one], ends[other])
            nearest[one] = min(nearest.get(one, (np.inf, -1)), (distance, other))
    return {one: other for one, (_distance, other) in nearest.items() if nearest[other][1] == one}


def _line_beside(work: Linework, point: int, snap: float) -> Floats | None:
    """The foot on a line that the end lies within ``snap`` of, not counting its own."""
    at = shapely.points(work.points[point])
    own = work.edges_at[point][0]
    near = [edge for edge in work.tree.query(at, predicate="dwithin", distance=snap).tolist() if edge != own]
    if not near:
        return None
    line = min((work.lines[edge] for edge in near), key=at.distance)
    found: Floats = shapely.get_coordinates(line.interpolate(line.project(at)))[0]
    return found


def covered(line: LineString, others: Sequence[LineString], beside: float = np.inf) -> float:
    """The share of a straight line that has others along it, none of them farther off than ``beside``."""
    start, end = shapely.get_coordinates(line)[[0, -1]]
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    spans = []
    for other in others:
        ends = shapely.get_coordinates(other)[[0, -1]] - start
        side = np.hypot(*(ends[1] - ends[0]))
        aside = np.abs(ends @ [-along[1], along[0]]).max()
        if side and abs((ends[1] - ends[0]) @ along) > _PARALLEL * side and aside <= beside:
            spans.append(tuple(np.clip(sorted(ends @ along), 0, length)))
    total, reached = 0.0, 0.0
    for low, high in sorted(spans):
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return float(total / length)


_PARALLEL = 0.97
