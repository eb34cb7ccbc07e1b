"""Fixtures and amenities placed, attributes set, parts removed, teams moved, levels copied."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shapely.geometry.base import BaseGeometry

from ..document import KINDS, Amenity, Fixture, Kind, Level
from .draft import Draft, Refused
from .rules import outside, point_in
from .values import Operation, attributes, geometry, keys, malformed, one_of, optional_key, text
from .walls import OUTLINE, Walls

_PLACED: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "fixtures": (Fixture, ("Polygon", "LineString")),
    "amenities": (Amenity, ("Point",)),
}
_KINDS_PLACED = ("fixtures", "amenities")


def place(draft: Draft, operation: Operation) -> None:
    """A new fixture or amenity."""
    kind: Kind = one_of(operation, "kind", _KINDS_PLACED)
    level = draft.level(text(operation, "level"))
    values = attributes(kind, operation.get("attributes", {}), draft.document)
    draft.put(kind, _PLACED[kind][0](draft.new_key(), level.key, _shape(kind, operation), **values))


def _shape(kind: Kind, operation: Operation) -> BaseGeometry:
    return geometry(operation, "geometry", _PLACED[kind][1])


def move(draft: Draft, operation: Operation) -> None:
    kind: Kind = one_of(operation, "kind", _KINDS_PLACED)
    part = draft.get(kind, text(operation, "key"))
    draft.put(kind, replace(part, geometry=_shape(kind, operation)))


def set_attributes(draft: Draft, operation: Operation) -> None:
    kind: Kind = one_of(operation, "kind", KINDS)
    parts = [draft.get(kind, key) for key in keys(operation, "keys")]
    values = attributes(kind, operation.get("attributes"), draft.document)
    for part in parts:
        draft.put(kind, replace(part, **values))


def remove(draft: Draft, operation: Operation) -> None:
    """Take parts away; with a room the openings on walls that were no other room's."""
    kind: Kind = one_of(operation, "kind", KINDS)
    parts = [draft.get(kind, key) for key in keys(operation, "keys")]
    if kind == "units":
        for level in {part.level for part in parts}:
            _remove_openings_of(draft, level, {part.key for part in parts})
    for part in parts:
        draft.remove(kind, part.key)


def _remove_openings_of(draft: Draft, level: str, rooms: set[str]) -> None:
    walls = Walls(draft.on_level("units", level), draft.level(level).outline)
    orphans = []
    for opening in draft.on_level("openings", level):
        wall = walls.around(opening)
        owners = {wall.owner, wall.opposite} - {None, OUTLINE} if wall else set()
        if owners and owners <= rooms:
            orphans.append(opening.key)
            draft.remove("openings", opening.key)
    if orphans:
        draft.note("openings_removed", level, count=len(orphans))


def assign_team(draft: Draft, operation: Operation) -> None:
    """A team, and with it its headcount, goes from one room to another, out of a room or into one."""
    team = text(operation, "team")
    if team not in draft.document.team_of:
        raise Refused("unknown_team", params={"key": team[:60]})
    source, target = optional_key(operation, "from"), optional_key(operation, "to")
    if source == target:
        raise malformed("to")
    if target is not None:
        draft.unit(target)
    if source is not None:
        room = draft.unit(source)
        if team not in room.teams:
            raise Refused("team_not_there", (source,), {"team": team})
        draft.put("units", replace(room, teams=tuple(key for key in room.teams if key != team)))
    if target is not None:
        room = draft.unit(target)
        if team not in room.teams:
            draft.put("units", replace(room, teams=(*room.teams, team)))


def copy_level(draft: Draft, operation: Operation) -> None:
    """Everything on a level again on another, with new keys. Teams stay where they are: a team sits in one place."""
    source, target = draft.level(text(operation, "from")), draft.level(text(operation, "to"))
    replaces = operation.get("replace", False)
    if not isinstance(replaces, bool):
        raise malformed("replace")
    if source is target:
        raise Refused("same_level")
    _refuse_outside(draft, source, target)
    _empty(draft, target, replaces)
    left_behind = 0
    for kind in KINDS:
        for part in draft.on_level(kind, source.key):
            copy = replace(part, key=draft.new_key(), level=target.key)
            if kind == "units" and part.teams:
                left_behind += len(part.teams)
                copy = replace(copy, teams=())
            draft.put(kind, copy)
    if left_behind:
        draft.note("teams_not_copied", target.key, count=left_behind)


def _refuse_outside(draft: Draft, source: Level, target: Level) -> None:
    """The rooms must fit the other level's outline, but for those that reach over their own."""
    rooms = draft.on_level("units", source.key)
    already = {room.key for room, _ in outside(source.outline, rooms)}
    over = [(room, part) for room, part in outside(target.outline, rooms) if room.key not in already]
    if over:
        area = round(sum(part.area for _, part in over), 4)
        raise Refused("outside_outline", [room.key for room, _ in over], {"area": area}, point_in(over[0][1]))


def _empty(draft: Draft, level: Level, replaces: bool) -> None:
    there = [(kind, part.key) for kind in KINDS for part in draft.on_level(kind, level.key)]
    if there and not replaces:
        raise Refused("level_not_empty", params={"level": level.key, "parts": len(there)})
    for kind, key in there:
        draft.remove(kind, key)
