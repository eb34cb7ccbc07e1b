"""Rooms drawn, split, merged and reshaped."""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from ..document import GRID_M, Opening, Unit, snapped
from ..topology import WALL_MAX_M
from .draft import Draft, Refused
from .follow import Shift, follow, reseat, shifts_between
from .rules import (
    OVERLAP_M2,
    ROOM_MIN_M2,
    grid_difference,
    grid_union,
    point_in,
    polygons_of,
    refuse_bad_shape,
    settle,
    solid,
)
from .values import DESKS_MAX, Operation, attributes, geometry, keys, line, one_of, text
from .walls import Walls, middle

FREE, CUT = "free", "cut"
# A line drawn to a wall may end this far short of it.
_REACH_M = 0.01
# Rooms on both sides of a wall are one when merged if at least this much of it lies between them.
_SHARED_MIN_M = 0.1


def draw(draft: Draft, operation: Operation) -> None:
    """A new room: of the space that no room has, or cut out of the rooms below."""
    level = draft.level(text(operation, "level"))
    drawn = geometry(operation, "geometry", ("Polygon",))
    values = attributes("units", operation.get("attributes", {}), draft.document)
    over = one_of(operation, "over", (FREE, CUT))
    refuse_bad_shape(drawn)
    walls, before = _walls(draft, level.key), draft.units()
    below = [unit for unit in draft.on_level("units", level.key) if _overlaps(unit.geometry, drawn)]
    key = draft.new_key()
    shape = _free_part(draft, level.key, drawn, below) if over == FREE else _cut(draft, key, drawn, below)
    draft.put("units", Unit(key, level.key, shape, **values))
    settle(draft, before)
    if over == CUT:
        _drop_buried(draft, level.key, shape, key)
    reseat(draft, level.key, walls)


def _walls(draft: Draft, level: str) -> Walls:
    return Walls(draft.on_level("units", level), draft.level(level).outline)


def _overlaps(one: BaseGeometry, other: BaseGeometry) -> bool:
    one = solid(one)
    return bool(one.intersects(other)) and one.intersection(other).area > 0


def _free_part(draft: Draft, level: str, drawn: Polygon, below: Sequence[Unit]) -> Polygon:
    if not below:
        return drawn
    rooms = grid_union([solid(unit.geometry) for unit in below])
    parts = [part for part in polygons_of(grid_difference(drawn, rooms)) if part.area >= ROOM_MIN_M2]
    if not parts:
        raise Refused("no_free_space", [unit.key for unit in below], place=point_in(drawn))
    parts = polygons_of(_without_wall_space(parts[0], rooms)) + parts[1:]
    if len(parts) > 1:
        draft.note("largest_part_kept", level, parts=len(parts), area=round(sum(part.area for part in parts[1:]), 2))
    return parts[0]


def _without_wall_space(part: Polygon, rooms: BaseGeometry) -> BaseGeometry:
    """The part without the strips by which it reaches into the walls between the rooms, unless nothing else is left."""
    half = WALL_MAX_M / 2
    wide = part.buffer(-half, join_style="mitre").buffer(half, join_style="mitre", mitre_limit=10)
    strips = [
        strip
        for strip in polygons_of(part.difference(wide))
        if strip.area > OVERLAP_M2 and strip.boundary.intersection(rooms.buffer(GRID_M)).length > strip.length / 2
    ]
    left = grid_difference(part, shapely.union_all(strips)) if strips else part
    return left if left.area >= ROOM_MIN_M2 else part


def _cut(draft: Draft, key: str, drawn: Polygon, below: Sequence[Unit]) -> Polygon:
    """Take the polygon out of the rooms below. What is left of them too small to be a room goes to the new one."""
    for unit in below:
        parts = polygons_of(grid_difference(solid(unit.geometry), drawn))
        rooms = [part for part in parts if part.area >= ROOM_MIN_M2]
        if not rooms:
            raise Refused("room_would_vanish", (unit.key,), place=point_in(unit.geometry))
        if len(rooms) < len(parts):
            drawn = _joined([drawn, *(part for part in parts if part.area < ROOM_MIN_M2)])
        made = _replace_by_parts(draft, unit, rooms)
        if made:
            draft.note("room_fell_apart", unit.level, (unit.key, *made), parts=len(rooms))
    return drawn


def _joined(parts: Sequence[Polygon]) -> Polygon:
    return polygons_of(grid_union(parts))[0]


def _replace_by_parts(draft: Draft, unit: Unit, parts: Sequence[Polygon]) -> list[str]:
    """The largest part keeps the key, the teams, the desks and the number; the others are new rooms, told by key."""
    largest, *others = sorted(parts, key=lambda part: -part.area)
    draft.put("units", replace(unit, geometry=largest))
    made = [draft.new_key() for _ in others]
    for key, part in zip(made, others, strict=True):
        draft.put("units", replace(unit, key=key, geometry=part, teams=(), desks=0, number=""))
    return made


def split(draft: Draft, operation: Operation) -> None:
    """Two rooms (or more, where the line crosses it more often) of one."""
    unit = draft.unit(text(operation, "unit"))
    drawn = line(operation.get("line"), "line")
    walls, before = _walls(draft, unit.level), draft.units()
    border = solid(unit.geometry).boundary
    network = shapely.union_all([border, _extended(drawn)], grid_size=GRID_M)
    inside = shapely.buffer(solid(unit.geometry), GRID_M)
    parts = [part for part in polygonize(shapely.get_parts(network)) if inside.contains(part.representative_point())]
    if len(parts) < 2:
        raise Refused("line_misses", (unit.key,), place=middle(drawn))
    for part in parts:
        refuse_bad_shape(part, (unit.key,))
    _replace_by_parts(draft, unit, parts)
    settle(draft, before)
    reseat(draft, unit.level, walls)


def _extended(drawn: LineString) -> LineString:
    """The line drawn out at both ends, unless it closes on itself."""
    places = [place[:2] for place in drawn.coords]
    if drawn.is_closed:
        return drawn
    places[0] = _beyond(places[1], places[0])
    places[-1] = _beyond(places[-2], places[-1])
    return snapped(LineString(places))


def _beyond(start: tuple[float, ...], end: tuple[float, ...]) -> tuple[float, float]:
    length = LineString([start, end]).length or 1.0
    share = 1 + _REACH_M / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def merge(draft: Draft, operation: Operation) -> None:
    """One room of several that touch, or that a wall parts; it keeps the key and the attributes of ``into``."""
    chosen = keys(operation, "units")
    into = draft.unit(text(operation, "into"))
    units = [draft.unit(key) for key in chosen]
    if into.key not in chosen or len(units) < 2:
        raise Refused("merge_too_few", chosen)
    if any(unit.level != into.level for unit in units):
        raise Refused("other_level", chosen)
    walls, before = _walls(draft, into.level), draft.units()
    others = [unit for unit in draft.on_level("units", into.level) if unit.key not in chosen]
    shape = _merged(units, walls, others)
    ordered = [into, *(unit for unit in units if unit is not into)]
    teams = tuple(dict.fromkeys(team for unit in ordered for team in unit.teams))
    desks = min(sum(unit.desks for unit in units), DESKS_MAX)
    for unit in units:
        if unit is not into:
            draft.remove("units", unit.key)
    draft.put("units", replace(into, geometry=shape, teams=teams, desks=desks))
    settle(draft, before)
    _drop_buried(draft, into.level, shape, into.key)
    reseat(draft, into.level, walls)


def _merged(units: Sequence[Unit], walls: Walls, others: Sequence[Unit]) -> Polygon:
    keys = [unit.key for unit in units]
    shapes = [solid(unit.geometry) for unit in units]
    bridges = walls.between(keys, _SHARED_MIN_M)
    if bridges:
        taken = [solid(unit.geometry) for unit in others]
        shapes += polygons_of(grid_difference(shapely.union_all(bridges), shapely.union_all(taken)))
    found = polygons_of(grid_union(shapes))
    if len([part for part in found if part.area >= ROOM_MIN_M2]) != 1:
        raise Refused("do_not_touch", keys)
    return _without_wall_holes(found[0], others) if bridges else found[0]


def _without_wall_holes(merged: Polygon, others: Sequence[Unit]) -> Polygon:
    """Without the holes that are left where walls met between the rooms."""
    holes = [Polygon(ring) for ring in merged.interiors]
    kept = [
        hole
        for hole in holes
        if hole.area > WALL_MAX_M**2 or any(hole.intersects(other.geometry.representative_point()) for other in others)
    ]
    return Polygon(merged.exterior, [hole.exterior for hole in kept])


def _drop_buried(draft: Draft, level: str, shape: Polygon, room: str) -> None:
    """Remove the openings that a room has swallowed: their wall is no more."""
    inside = shape.buffer(-GRID_M * 10)
    shapely.prepare(inside)
    openings: list[Opening] = draft.on_level("openings", level)
    buried = [opening for opening in openings if inside.contains(shapely.Point(middle(opening.geometry)))]
    for opening in buried:
        draft.remove("openings", opening.key)
    if buried:
        draft.note("openings_removed", level, (room,), count=len(buried))


def reshape(draft: Draft, operation: Operation) -> None:
    """Another polygon for one room; its neighbours stay. Openings on its walls go with them."""
    unit = draft.unit(text(operation, "unit"))
    drawn = geometry(operation, "geometry", ("Polygon",))
    refuse_bad_shape(drawn, (unit.key,))
    walls, before = _walls(draft, unit.level), draft.units()
    draft.put("units", replace(unit, geometry=drawn))
    settle(draft, before)
    shifts: list[Shift] = shifts_between(unit.key, unit.geometry, drawn)
    follow(draft, unit.level, shifts, walls)
