"""Openings follow their wall.

When a whole wall moves, what lies on it moves with it. When a wall only gets longer or shorter, an opening stays where
it is in the building, as long as it still lies on the wall; else it is pushed along. Its width never changes: a wall
that becomes too short for it is refused. Lines of furniture along a wall (shutters, counters) go the same way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import hypot
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from ..document import Kind, Opening, snapped
from ..topology import WALL_MAX_M
from .draft import Draft, Place, Refused
from .walls import STRAIGHT_M, Wall, Walls, direction, middle, unit_vector

# An opening or a line drawn this far off its wall still belongs to it.
_ASKEW_M = 0.02
_PARALLEL = 0.99


@dataclass(frozen=True)
class Shift:
    """An edge of a room's polygon that moves: its ends before and after."""

    owner: str
    start: Place
    end: Place
    new_start: Place
    new_end: Place

    @cached_property
    def length(self) -> float:
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @cached_property
    def new_length(self) -> float:
        return hypot(self.new_end[0] - self.new_start[0], self.new_end[1] - self.new_start[1])

    @cached_property
    def along(self) -> Place:
        return unit_vector(self.start, self.end)

    @cached_property
    def new_along(self) -> Place:
        return unit_vector(self.new_start, self.new_end)

    def moves(self) -> bool:
        return self.start != self.new_start or self.end != self.new_end

    def t(self, place: Place) -> float:
        """Metres along the old edge."""
        return (place[0] - self.start[0]) * self.along[0] + (place[1] - self.start[1]) * self.along[1]

    def depth(self, place: Place) -> float:
        """Metres off the old edge, away from the room."""
        return (place[0] - self.start[0]) * self.along[1] - (place[1] - self.start[1]) * self.along[0]

    def new_t(self, t: float) -> float:
        """Where on the new edge that comes to lie: only what both ends move along the edge moves it along."""
        begin, end = (self._advance(old, new) for old, new in ((self.start, self.new_start), (self.end, self.new_end)))
        common = min(begin, end, key=abs) if begin * end > 0 else 0.0
        stretched = self.length + end - begin
        if stretched < self.length / 2 and stretched < self.new_length / 2:
            return t / self.length * self.new_length
        return (t + common - begin) / stretched * self.new_length

    def _advance(self, old: Place, new: Place) -> float:
        return (new[0] - old[0]) * self.along[0] + (new[1] - old[1]) * self.along[1]

    def place(self, t: float, depth: float) -> Place:
        """A place by metres along the new edge and off it."""
        along = self.new_along
        return (
            self.new_start[0] + along[0] * t + along[1] * depth,
            self.new_start[1] + along[1] * t - along[0] * depth,
        )

    def carried(self, place: Place) -> Place:
        return self.place(self.new_t(self.t(place)), self.depth(place))

    def keeps(self, place: Place) -> bool:
        """Whether a place on the old edge is on the new one too."""
        return -STRAIGHT_M <= self.new_t(self.t(place)) <= self.new_length + STRAIGHT_M

    def carries(self, at: Place, along: Place) -> bool:
        """Whether a line with that middle and direction lies along the old edge, on it or in the wall behind."""
        (ax, ay), (bx, by) = self.along, along
        return (
            abs(ax * bx + ay * by) > _PARALLEL
            and -STRAIGHT_M <= self.t(at) <= self.length + STRAIGHT_M
            and -_ASKEW_M <= self.depth(at) <= WALL_MAX_M + _ASKEW_M
        )


def shifts_between(owner: str, before: Polygon, after: Polygon) -> list[Shift]:
    """The edges of a room that has been given another polygon, where its corners can be told from one another."""
    old, new = (shapely.orient_polygons(shape) for shape in (before, after))
    if len(old.interiors) != len(new.interiors):
        return []
    found: list[Shift] = []
    for ring, other in zip([old.exterior, *old.interiors], [new.exterior, *new.interiors], strict=True):
        found += _ring_shifts(owner, shapely.get_coordinates(ring)[:-1], shapely.get_coordinates(other)[:-1])
    return found


def _ring_shifts(owner: str, old: Any, new: Any) -> list[Shift]:
    if len(old) != len(new):
        return []
    turned = [np.roll(new, -step, axis=0) for step in range(len(new))]
    new = min(turned, key=lambda places: float(np.hypot(*(places - old).T).sum()))
    was, now = [[(float(x), float(y)) for x, y in places] for places in (old, new)]
    ends = [*range(1, len(was)), 0]
    return [Shift(owner, was[at], was[to], now[at], now[to]) for at, to in enumerate(ends)]


def follow(draft: Draft, level: str, shifts: Sequence[Shift], before: Walls) -> None:
    """Move what lies along edges that moved, and see that the other openings still fit their walls. Raises Refused."""
    carriers = _Carriers([shift for shift in shifts if shift.moves()], before)
    after = _walls_now(draft, level)
    moved = set()
    for opening in _near(draft, "openings", level, before):
        shift = carriers.of(opening.geometry)
        if shift is not None:
            moved.add(opening.key)
            draft.put("openings", replace(opening, geometry=_opening_line(draft, opening, shift, before, after)))
    for fixture in _near(draft, "fixtures", level, before):
        if isinstance(fixture.geometry, LineString):
            shift = carriers.of(fixture.geometry)
            if shift is not None:
                places = [shift.carried((place[0], place[1])) for place in fixture.geometry.coords]
                draft.put("fixtures", replace(fixture, geometry=snapped(LineString(places))))
    reseat(draft, level, before, moved)


def _walls_now(draft: Draft, level: str) -> Walls:
    return Walls(draft.on_level("units", level), draft.level(level).outline)


def _near(draft: Draft, kind: Kind, level: str, before: Walls) -> list[Any]:
    """The parts in or near the rooms that are not what they were."""
    now = {unit.key: unit.geometry for unit in draft.on_level("units", level)}
    changed = [
        geometry
        for one, other in ((now, before.rooms), (before.rooms, now))
        for key, geometry in one.items()
        if other.get(key) is not geometry
    ]
    parts = draft.on_level(kind, level)
    if not changed or not parts:
        return []
    near = shapely.box(*shapely.total_bounds(changed)).buffer(WALL_MAX_M + _ASKEW_M, join_style="mitre")
    touched = shapely.intersects(near, [part.geometry for part in parts])
    return [part for part, is_near in zip(parts, touched, strict=True) if is_near]


class _Carriers:
    """Edges that move, to be asked which of them a line goes with."""

    def __init__(self, shifts: Sequence[Shift], before: Walls) -> None:
        self._shifts, self._before = shifts, before
        self._tree = shapely.STRtree([LineString([shift.start, shift.end]) for shift in shifts])

    def of(self, line: LineString) -> Shift | None:
        """Of the edges whose wall the line lies in, the nearest."""
        at, along = middle(line), direction(line)
        found = []
        for index in self._tree.query(Point(at), predicate="dwithin", distance=WALL_MAX_M + _ASKEW_M):
            shift = self._shifts[index]
            if shift.carries(at, along):
                wall = _wall_of(self._before, shift.owner, at, shift.along)
                if wall is not None and shift.depth(at) <= wall.thickness + _ASKEW_M:
                    found.append(shift)
        return min(found, key=lambda shift: abs(shift.depth(at)), default=None)


def _opening_line(draft: Draft, opening: Opening, shift: Shift, before: Walls, after: Walls) -> LineString:
    at, width = middle(opening.geometry), opening.width_m
    t, depth = shift.new_t(shift.t(at)), shift.depth(at)
    target = shift.place(min(max(t, 0.0), shift.new_length), 0.0)
    was = _wall_of(before, shift.owner, at, shift.along)
    wall = _wall_of(after, shift.owner, target, shift.new_along, was.opposite if was else None)
    if was is None or wall is None:
        return like(
            opening.geometry, snapped(LineString([shift.place(t + side * width / 2, depth) for side in (-1, 1)]))
        )
    depth = _depth(depth, was, wall)
    t = wall.t(shift.place(t, 0.0))
    moved = like(opening.geometry, wall.line(t, depth, width))
    if wall.holds(moved) or not was.holds(opening.geometry):
        return moved
    return like(opening.geometry, wall.line(_seat(draft, opening, wall, t), depth, width))


def _depth(depth: float, was: Wall, wall: Wall) -> float:
    """At the same share of the wall's thickness as before; in the middle, where it had none."""
    if was.thickness > STRAIGHT_M:
        return depth / was.thickness * wall.thickness
    return wall.thickness / 2 if abs(depth) <= STRAIGHT_M else depth


def _wall_of(walls: Walls, owner: str, at: Place, along: Place, opposite: str | None = None) -> Wall | None:
    face = walls.nearest(at, WALL_MAX_M + _ASKEW_M, owner=owner, along=along)
    return None if face is None else walls.wall(face, at, opposite)


def _seat(draft: Draft, opening: Opening, wall: Wall, t: float) -> float:
    others = draft.on_level("openings", opening.level)
    try:
        return wall.seat(t, opening.width_m, [other.geometry for other in others if other.key != opening.key])
    except Refused as refused:
        keys = [opening.key, *(owner for owner in (wall.owner, wall.opposite) if owner)]
        raise Refused(refused.code, keys, refused.params, middle(opening.geometry)) from refused


def like(old: LineString, new: LineString) -> LineString:
    """The new line in the old one's direction, so that left stays left."""
    (ax, ay), (bx, by) = direction(old), direction(new)
    return new if ax * bx + ay * by >= 0 else new.reverse()


def reseat(draft: Draft, level: str, before: Walls, but: Collection[str] = ()) -> None:
    """Push openings that lay well in their wall off the corners that have come to be there, and note which.

    Raises Refused where one no longer fits.
    """
    after, pushed = _walls_now(draft, level), []
    for opening in _near(draft, "openings", level, before):
        was = None if opening.key in but else before.around(opening)
        if was is None or after.around(opening) is not None:
            continue
        at = middle(opening.geometry)
        face = after.nearest(at, WALL_MAX_M, along=direction(opening.geometry))
        if face is None:
            continue
        wall = after.wall(face, at)
        line = wall.line(_seat(draft, opening, wall, wall.t(at)), _depth(was.depth(at), was, wall), opening.width_m)
        draft.put("openings", replace(opening, geometry=like(opening.geometry, line)))
        pushed.append(opening.key)
    if pushed:
        draft.note("openings_pushed", level, pushed, count=len(pushed))
