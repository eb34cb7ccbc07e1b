"""The shortest way between two points inside a room, round its corners."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon

from ..topology import Floats, Integers

# Walking along a wall or just touching a corner is walking inside.
_SLACK_M = 0.001
_CONVEX = 1e-6


@lru_cache(maxsize=4096)
def interior(polygon: Polygon) -> "Interior":
    """The room to walk in; kept, because the same rooms are asked again after each edit."""
    return Interior(polygon)


class Interior:
    """A room's inside (metres). Points outside it, as in the thickness of a wall, are taken at the nearest place."""

    def __init__(self, polygon: Polygon) -> None:
        self._polygon = polygon
        self.is_convex = polygon.convex_hull.area - polygon.area <= _CONVEX * polygon.area

    def path(self, start: Point, end: Point) -> LineString:
        """The shortest line from start to end that stays inside."""
        if self.is_convex:
            return LineString([start, end])
        a, b = self._inside([start, end])
        corners: list[Point] = []
        if not self._sight(a[None], b[None])[0, 0]:
            total, first, last = self._through_corners(a, b[None])
            if np.isfinite(total[0]):
                corners = [Point(self._corners[hop]) for hop in self._hops(int(first[0]), int(last[0]))]
        way: LineString = shapely.remove_repeated_points(LineString([start, a, *corners, b, end]))
        return way

    def distances(self, start: Point, ends: Sequence[Point]) -> Floats:
        """How far it is to each of the points."""
        straight: Floats = shapely.distance(start, np.array(ends, dtype=object))
        if self.is_convex or not len(ends):
            return straight
        points = self._inside([start, *ends])
        hidden = np.flatnonzero(~self._sight(points[:1], points[1:])[0])
        if len(hidden):
            total, _, _ = self._through_corners(points[0], points[1:][hidden])
            straight[hidden] = np.where(np.isfinite(total), total, straight[hidden])
        return straight

    def _inside(self, points: Sequence[Point]) -> Floats:
        lines = shapely.shortest_line(self._polygon, np.array(points, dtype=object))
        found: Floats = shapely.get_coordinates(shapely.get_point(lines, 0))
        return found

    @cached_property
    def _roomy(self) -> Polygon:
        roomy = self._polygon.buffer(_SLACK_M, join_style="mitre")
        shapely.prepare(roomy)
        return roomy

    def _sight(self, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Whether each of a (n, 2) sees each of b (m, 2): (n, m)."""
        ends = np.stack(np.broadcast_arrays(a[:, None], b[None]), axis=2)
        seen: NDArray[np.bool_] = shapely.covers(self._roomy, shapely.linestrings(ends))
        return seen

    @cached_property
    def _corners(self) -> Floats:
        """The corners that stick into the room."""
        found = []
        for ring in shapely.get_rings(shapely.orient_polygons(self._polygon)):
            points = shapely.get_coordinates(ring)[:-1]
            before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found.append(points[turn < 0])
        corners: Floats = np.concatenate(found)
        return corners

    @cached_property
    def _between_corners(self) -> tuple[Floats, Integers]:
        """Distances from corner to corner by Floyd and Warshall, and the corner that comes next on the way."""
        corners = self._corners
        far = np.hypot(*(corners[:, None] - corners[None]).transpose(2, 0, 1))
        far = np.where(self._sight(corners, corners) | (far == 0), far, np.inf)
        following = np.broadcast_to(np.arange(len(corners)), far.shape).copy()
        for middle in range(len(corners)):
            around = far[:, middle, None] + far[None, middle]
            shorter = around < far - 1e-12
            far = np.where(shorter, around, far)
            following = np.where(shorter, following[:, middle, None], following)
        return far, following

    def _through_corners(self, start: Floats, ends: Floats) -> tuple[Floats, Integers, Integers]:
        """For each end the length by way of corners (inf where there is none), the first corner and the last."""
        corners, (far, _) = self._corners, self._between_corners
        from_start = self._seen(start[None], corners)[0]
        to_ends = self._seen(ends, corners)
        total = from_start[None, :, None] + far[None] + to_ends[:, None, :]
        best = total.reshape(len(ends), -1).argmin(axis=1)
        first, last = np.unravel_index(best, far.shape)
        return total.reshape(len(ends), -1).min(axis=1), first, last

    def _seen(self, points: Floats, corners: Floats) -> Floats:
        """Distances (n, m) from points to the corners they see, inf to the others."""
        far = np.hypot(*(points[:, None] - corners[None]).transpose(2, 0, 1))
        found: Floats = np.where(self._sight(points, corners), far, np.inf)
        return found

    def _hops(self, first: int, last: int) -> list[int]:
        _, following = self._between_corners
        found = [first]
        while found[-1] != last:
            found.append(int(following[found[-1], last]))
        return found
