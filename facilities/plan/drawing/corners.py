"""Corners moved: of all rooms that have one there, and with them the walls between and what lies on these."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from ..document import Unit, snapped
from .draft import Draft, Place, Refused
from .follow import Shift, follow
from .nodes import with_nodes
from .rules import refuse_bad_shape, settle
from .values import Operation, malformed, place, text
from .walls import STRAIGHT_M, Floats, Walls, unit_vector

# Corners this near to the place told are meant.
_NEAR_M = 0.001
MOVES_MAX = 500


def move_corners(draft: Draft, operation: Operation) -> None:
    level = draft.level(text(operation, "level"))
    moves = _moves(operation)
    units: list[Unit] = draft.on_level("units", level.key)
    walls = Walls(units, level.outline)
    corners = Corners(units, np.array(list(moves)))
    for start, end in moves.items():
        if not corners.move(start, end):
            raise Refused("no_corner", place=start)
    corners.carry()
    shapes = corners.shapes()
    before = draft.units()
    for key, shape in shapes.items():
        refuse_bad_shape(shape, (key,))
        draft.put("units", replace(before[key], geometry=shape))
    settle(draft, before)
    follow(draft, level.key, corners.shifts(), walls)


def _moves(operation: Operation) -> dict[Place, Place]:
    value = operation.get("moves")
    if not isinstance(value, list) or not 0 < len(value) <= MOVES_MAX:
        raise malformed("moves")
    found: dict[Place, Place] = {}
    for move in value:
        if not isinstance(move, Mapping):
            raise malformed("moves")
        start, end = place(move.get("from"), "from"), place(move.get("to"), "to")
        if found.setdefault(start, end) != end:
            raise Refused("corner_twice", place=start)
    return found


class Corners:
    """The corners of rooms, old and new places side by side.

    Wherever rooms meet is a corner of all of them, so that a wall that moves stays shared: it bends where the next
    room ends on it, and no farther. Between two corners of one straight wall that both move, all corners go along.
    """

    def __init__(self, units: Sequence[Unit], given: Floats) -> None:
        """``given`` are the places to be moved, which may lie on a wall between its corners."""
        near = _near(units, given)
        self._polygons = _noded(near, units, given)
        self._keys = [unit.key for unit in near]
        rings, room = shapely.get_rings(self._polygons, return_index=True)
        self.old, self._ring = shapely.get_coordinates(rings, return_index=True)
        self.new = self.old.copy()
        self._room = room[self._ring]
        self._moves: dict[Place, Place] = {}

    def move(self, start: Place, end: Place) -> bool:
        """Move the corners at a place; whether there are any."""
        here = np.hypot(*(self.old - start).T) <= _NEAR_M
        self.new[here] = end
        self._moves.update(dict.fromkeys(_places(self.old[here]), end))
        return bool(here.any())

    def carry(self) -> None:
        """Take along the corners between two that move on the same straight wall."""
        beside = self._neighbours()
        carried: dict[Place, Place] = {}
        for start, goal in self._moves.items():
            for first in beside[start]:
                run = self._run(start, first, beside)
                if run:
                    shift = Shift("", start, run[-1], goal, self._moves[run[-1]])
                    carried.update((corner, shift.carried(corner)) for corner in run[:-1] if shift.keeps(corner))
        for corner, goal in carried.items():
            self.new[(self.old == corner).all(axis=1)] = goal

    def _neighbours(self) -> dict[Place, set[Place]]:
        """The places next to each place along a wall."""
        found: dict[Place, set[Place]] = defaultdict(set)
        edges = np.flatnonzero(self._ring[1:] == self._ring[:-1])
        for start, end in zip(_places(self.old[edges]), _places(self.old[edges + 1]), strict=True):
            if start != end:
                found[start].add(end)
                found[end].add(start)
        return found

    def _run(self, start: Place, first: Place, beside: Mapping[Place, set[Place]]) -> list[Place]:
        """The places on the straight wall from ``start`` on, up to the next one that moves; none, if none does."""
        x, y = unit_vector(start, first)
        found = [first]
        while found[-1] not in self._moves:
            reach = (found[-1][0] - start[0]) * x + (found[-1][1] - start[1]) * y
            ahead = [
                (along, other)
                for other in beside[found[-1]]
                if (along := (other[0] - start[0]) * x + (other[1] - start[1]) * y) > reach
                and abs((other[0] - start[0]) * y - (other[1] - start[1]) * x) <= 2 * STRAIGHT_M
            ]
            if not ahead:
                return []
            found.append(min(ahead)[1])
        return found

    def shifts(self) -> list[Shift]:
        """The edges that moved, with the room to their left."""
        moved = (self.new != self.old).any(axis=1)
        edges = np.flatnonzero((self._ring[1:] == self._ring[:-1]) & (moved[1:] | moved[:-1]))
        ends = [_places(side[at]) for side in (self.old, self.new) for at in (edges, edges + 1)]
        rooms = [self._keys[room] for room in self._room[edges]]
        return [Shift(*edge) for edge in zip(rooms, *ends, strict=True)]

    def shapes(self) -> dict[str, Polygon]:
        """The new polygons of the rooms that changed, by key."""
        changed = np.unique(self._room[(self.new != self.old).any(axis=1)])
        found: dict[str, Polygon] = {}
        for room in changed:
            mine = self._room == room
            shape = snapped(shapely.set_coordinates(self._polygons[room : room + 1].copy(), self.new[mine])[0])
            found[self._keys[room]] = shapely.remove_repeated_points(shape)
        return found


def _places(coordinates: Floats) -> list[Place]:
    return [(float(x), float(y)) for x, y in coordinates]


def _near(units: Sequence[Unit], given: Floats) -> list[Unit]:
    """The rooms that touch the rectangle around the places."""
    around = shapely.box(*shapely.total_bounds(shapely.points(given))).buffer(_NEAR_M)
    touched = shapely.intersects(shapely.box(*shapely.bounds([unit.geometry for unit in units]).T), around)
    return [unit for unit, is_near in zip(units, touched, strict=True) if is_near]


def _noded(near: Sequence[Unit], units: Sequence[Unit], given: Floats) -> "NDArray[np.object_]":
    """The polygons, counter-clockwise, with corners wherever a corner of any room or a given place lies on them."""
    found = shapely.orient_polygons(np.array([unit.geometry for unit in near], dtype=object))
    corners = shapely.get_coordinates([unit.geometry for unit in units])
    for places, within in ((given, _NEAR_M), (np.unique(corners, axis=0), STRAIGHT_M)):
        points = shapely.points(places)
        point, room = shapely.STRtree(points).query(shapely.boundary(found), predicate="dwithin", distance=within)[::-1]
        for index in np.unique(room):
            found[index] = with_nodes(found[index], places[point[room == index]], within)
    return found
