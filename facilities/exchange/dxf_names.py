"""Which text names which room, and what the names say of its use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely import Point, Polygon, STRtree

from . import guesses
from .names import RoomName, Writing, is_measure, is_number, plain, room_name
from .notes import Notes
from .report import GUESSED_CATEGORY

SEVERAL_NAMES: Final = "dxf.several_names"  # name, others: more than one name in a room
TEXT_OUTSIDE: Final = "dxf.text_outside"  # count: names that stand in no room


@dataclass(frozen=True)
class Named:
    """``rooms`` are the attributes of each room, ``names`` what was read in it."""

    names: Sequence[RoomName]
    rooms: Sequence[dict[str, Any]]
    outside: Sequence[Writing]

    def note(self, index: int, keys: Sequence[str], notes: Notes) -> None:
        """What was guessed of this room, whose parts have these keys."""
        name, attributes = self.names[index], self.rooms[index]
        for key in keys:
            if "category" in attributes:
                notes.add(GUESSED_CATEGORY, "note", key=key, category=attributes["category"])
        if name.others and keys:
            notes.add(SEVERAL_NAMES, key=keys[0], name=name.shown, others=", ".join(name.others)[:120])

    def note_others(self, notes: Notes) -> None:
        for writing in self.outside:
            notes.add(TEXT_OUTSIDE, "note", place=Point(writing.at))


def is_name(writing: Writing) -> bool:
    lines = [plain(line) for line in writing.text.splitlines()]
    return any(line and not is_measure(line) and not is_number(line) for line in lines)


def name_rooms(rooms: Sequence[Polygon], writings: Sequence[Writing]) -> Named:
    """Each text goes to the room its middle stands in, or the nearest within a letter's height."""
    inside: list[list[Writing]] = [[] for _room in rooms]
    outside = []
    tree = STRtree(rooms)
    for writing in writings:
        at = Point(writing.at)
        index = int(tree.nearest(at))
        if shapely.distance(rooms[index], at) <= writing.height:
            inside[index].append(writing)
        elif is_name(writing):
            outside.append(writing)
    names = [room_name(texts, _middle(room)) for texts, room in zip(inside, rooms, strict=True)]
    return Named(names, [_attributes(name) for name in names], outside)


def _middle(room: Polygon) -> tuple[float, float]:
    return room.centroid.x, room.centroid.y


def _attributes(name: RoomName) -> dict[str, Any]:
    found: dict[str, Any] = {"name_ko": name.ko, "name_en": name.en, "number": name.number}
    category = guesses.category(name.ko, name.en)
    if category:
        found["category"] = category
    return found
