"""Whether the rooms, doors and furniture of a plan fit together: what overlaps, is left over, or leads nowhere.

Walls may be drawn as the space between rooms, up to ``WALL_MAX_M``; what is wider and no room is a gap. Two rooms less
than ``SLIVER_M`` apart were meant to share a wall: no wall is that thin.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .document import GRID_M, Document, Level, Opening, Unit
from .drawing.rules import OVERLAP_M2, difference, outside, overlaps, point_in, polygons_of, solid
from .drawing.walls import edges
from .findings import Finding
from .space import too_wide_for_a_wall
from .topology import OUTSIDE, WALL_MAX_M, Sides, sides

SLIVER_M = 0.02
# Shorter ones are the tips of acute corners.
_SLIVER_LENGTH_M = 0.1
_OVER_M = 0.001
_BEYOND_M = 0.01


def check(document: Document, level: str | None = None) -> list[Finding]:
    """Everything that does not fit, by level from the lowest; the errors of a level first.

    Codes: rooms_overlap, room_invalid, room_outside_outline (errors); gap, sliver, duplicate_number, no_outline,
    opening_joins_nothing, opening_joins_one_side, opening_within_room, opening_outside, fixture_outside_rooms
    (warnings); unnamed_room, amenity_outside_rooms (notes). Areas are m2, lengths metres.
    """
    levels = [one for one in document.ordered_levels() if level is None or one.key == level]
    keys = {one.key for one in levels}
    joined = sides(
        replace(
            document,
            units=tuple(unit for unit in document.units if unit.level in keys and unit.geometry.area > 0),
            openings=tuple(opening for opening in document.openings if opening.level in keys),
        )
    )
    return [finding for one in levels for finding in _check_level(document, one, joined)]


def _check_level(document: Document, level: Level, joined: dict[str, Sides]) -> Iterator[Finding]:
    floor = _Floor(level, document.on_level("units", level.key))
    yield from floor.faults()
    yield from floor.gaps()
    yield from floor.slivers()
    yield from _openings(document.on_level("openings", level.key), joined)
    yield from _names(floor)
    yield from _furniture(document, floor)


@dataclass(frozen=True)
class _Floor:
    level: Level
    units: Sequence[Unit]

    @cached_property
    def shapes(self) -> "NDArray[np.object_]":
        return np.array([solid(unit.geometry) for unit in self.units], dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    @cached_property
    def covered(self) -> BaseGeometry:
        return shapely.disjoint_subset_union_all(self.shapes)

    @cached_property
    def outline(self) -> BaseGeometry | None:
        return None if self.level.outline is None else solid(self.level.outline)

    def finding(self, code: str, severity: str, units: Sequence[Unit], where: BaseGeometry | None = None) -> Finding:
        return Finding(code, severity, self.level.key, tuple(unit.key for unit in units), geometry=where)  # type: ignore[arg-type]

    def faults(self) -> Iterator[Finding]:
        for unit in self.units:
            if not unit.geometry.is_valid:
                yield self.finding("room_invalid", "error", [unit], unit.geometry)
        for one, other, common in overlaps(self.units):
            yield _with_area(self.finding("rooms_overlap", "error", [one, other], common))
        for unit, over in outside(self.outline, self.units):
            yield _with_area(self.finding("room_outside_outline", "error", [unit], over))
        if self.outline is None and self.units:
            yield self.finding("no_outline", "warning", [])

    def gaps(self) -> Iterator[Finding]:
        """What of the outline is neither room nor wall."""
        if self.outline is None or not len(self.units):
            return
        for gap in too_wide_for_a_wall(difference(self.outline, self.covered)):
            yield _with_area(self.finding("gap", "warning", [], gap))

    def slivers(self) -> Iterator[Finding]:
        """What closes up when the rooms grow by half of the width that no wall has."""
        apart = self._hardly_apart()
        if not len(apart):
            return
        half = SLIVER_M / 2
        rooms = shapely.union_all(self.shapes[apart])
        closed = rooms.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
        for part in polygons_of(difference(closed, self.covered)):
            length = part.length / 2
            if part.area > OVERLAP_M2 and length > _SLIVER_LENGTH_M:
                near = sorted(self.tree.query(part, predicate="dwithin", distance=_OVER_M).tolist())
                if len(near) > 1:
                    found = self.finding("sliver", "warning", [self.units[index] for index in near], part)
                    yield replace(found, params={"width": round(part.area / length, 4), "length": round(length, 2)})

    def _hardly_apart(self) -> "NDArray[np.intp]":
        """The rooms with a corner close to another room's wall and yet not on it."""
        starts, ends, whose = edges(self.shapes)
        places, of_place = shapely.get_coordinates(self.shapes, return_index=True)
        lines = shapely.linestrings(np.stack([starts, ends], axis=1))
        points = shapely.points(places)
        place, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=SLIVER_M)
        other = of_place[place] != whose[edge]
        place, edge = place[other], edge[other]
        apart = shapely.distance(points[place], lines[edge]) > 2 * GRID_M
        return np.unique(np.concatenate([of_place[place[apart]], whose[edge[apart]]]))


def _with_area(finding: Finding) -> Finding:
    assert finding.geometry is not None
    x, y = point_in(finding.geometry)
    return replace(finding, params={"area": round(finding.geometry.area, 4), "x": round(x, 1), "y": round(y, 1)})


def _openings(openings: Sequence[Opening], joined: dict[str, Sides]) -> Iterator[Finding]:
    for opening in openings:
        code = _opening_fault(opening, joined[opening.key])
        if code:
            rooms = [side for side in joined[opening.key] if side is not None and side != OUTSIDE]
            keys = (opening.key, *dict.fromkeys(rooms))
            yield Finding(code, "warning", opening.level, keys, geometry=opening.geometry)


def _opening_fault(opening: Opening, pair: Sides) -> str:
    if set(pair) <= {None, OUTSIDE}:
        return "opening_joins_nothing"
    if None in pair:
        return "opening_joins_one_side"
    if pair[0] == pair[1]:
        return "opening_within_room"
    return "opening_outside" if OUTSIDE in pair and not opening.entrance else ""


def _names(floor: _Floor) -> Iterator[Finding]:
    numbers: dict[str, list[Unit]] = defaultdict(list)
    for unit in floor.units:
        if unit.number:
            numbers[unit.number].append(unit)
        elif unit.is_walkable and not (unit.name_ko or unit.name_en):
            yield floor.finding("unnamed_room", "note", [unit], unit.geometry)
    for number, units in numbers.items():
        if len(units) > 1:
            yield replace(floor.finding("duplicate_number", "warning", units), params={"number": number})


def _furniture(document: Document, floor: _Floor) -> Iterator[Finding]:
    """A shutter or counter may stand in a wall, an amenity must be in a room or it is out of doors."""
    for kind, code, severity, within in (
        ("fixtures", "fixture_outside_rooms", "warning", WALL_MAX_M),
        ("amenities", "amenity_outside_rooms", "note", _BEYOND_M),
    ):
        parts = document.on_level(kind, floor.level.key)  # type: ignore[arg-type]
        places = shapely.point_on_surface([part.geometry for part in parts])
        inside = set(floor.tree.query(places, predicate="dwithin", distance=within)[0].tolist())
        for index, part in enumerate(parts):
            if index not in inside:
                yield Finding(code, severity, part.level, (part.key,), geometry=part.geometry)  # type: ignore[arg-type]
