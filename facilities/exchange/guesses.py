"""What can be guessed where a file does not say it: a room's use, a floor's ordinal, which stairs are one shaft."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from facilities.plan.document import RESTRICTED, UNIT_CATEGORIES, VERTICAL, Document, Level, Unit
from facilities.plan.topology import OUTSIDE, sides

from .notes import Notes
from .room_uses import guess_category

GUESSED_SHAFT: Final = "guessed_shaft"  # keys: stairs and lifts taken for one shaft because they lie above one another

FOUND_ENTRANCE: Final = "found_entrance"  # keys: openings that lead outside were taken for entrances

# Floors this near in height are one storey's; a mezzanine stands higher.
SAME_STOREY_M: Final = 1.2

_BELOW: Final = re.compile(r"^(?:b|지하|basement)\s*[-_]?\s*(\d{1,2})", re.IGNORECASE)
_ABOVE: Final = re.compile(
    r"^(?:지상|level|floor|storey|l|f)?\s*[-_]?\s*(\d{1,2})\s*(?:f|fl|층|floor|st|nd|rd|th)?\b", re.IGNORECASE
)


def category(*words: str) -> str | None:
    """The IMDF category that a room's use or name points to, or None. IMDF's own values count before words."""
    said = next((word.strip().lower() for word in words if word.strip().lower() in UNIT_CATEGORIES), None)
    return said or next(filter(None, map(guess_category, words)), None)


def ordinal(name: str) -> int | None:
    """The ordinal a floor's name says, with the first floor as 0: "B1" -1, "지하 2층" -2, "3F" 2, "ground" 0."""
    said = name.strip()
    below = _BELOW.match(said)
    if below and int(below[1]):
        return -int(below[1])
    if re.match(r"ground|지상$|g/?f?$", said, re.IGNORECASE):
        return 0
    above = _ABOVE.match(said)
    if above and int(above[1]):
        return int(above[1]) - 1
    return None


def ordinals(floors: list[float], names: list[str]) -> list[int]:
    """As the names say, where they say it of all and in the order of the heights; else counted from the ground."""
    said = [ordinal(name) for name in names]
    known = [each for each in said if each is not None]
    if len(known) == len(floors) and known == sorted(set(known)):
        return known
    ground = next((index for index, floor in enumerate(floors) if floor >= -SAME_STOREY_M / 2), len(floors) - 1)
    return [index - ground for index in range(len(floors))]


def shafts(units: Iterable[Unit], levels: Iterable[Level], notes: Notes) -> tuple[Unit, ...]:
    """Units in which stairs, lifts and ramps without a shaft, of one kind and above one another, share a new one."""
    found = list(units)
    order = {level.key: place for place, level in enumerate(sorted(levels, key=lambda level: level.ordinal))}
    named = {unit.shaft for unit in found if unit.shaft}
    chains = _chains([unit for unit in found if unit.category in VERTICAL and not unit.shaft], order)
    names: dict[str, str] = {}
    for chain in chains:
        name = new_shaft(chain[0].category, named)
        for unit in chain:
            names[unit.key] = name
            notes.add(GUESSED_SHAFT, "note", key=unit.key)
    return tuple(replace(unit, shaft=names[unit.key]) if unit.key in names else unit for unit in found)


def entrances(document: Document, notes: Notes) -> Document:
    """The document with openings that lead outside as entrances, but for emergency exits and others restricted."""
    leads_out = {key for key, pair in sides(document).items() if OUTSIDE in pair}
    found = []
    for opening in document.openings:
        if opening.key in leads_out and not opening.entrance and opening.restriction != RESTRICTED:
            opening = replace(opening, entrance=True)
            notes.add(FOUND_ENTRANCE, "note", key=opening.key)
        found.append(opening)
    return replace(document, openings=tuple(found))


def joined_shafts(units: Mapping[str, Unit], joins: Iterable[tuple[str, str]]) -> list[Unit]:
    """Units (by key) in which those that are joined, each pair by their keys, have a shaft in common."""
    groups: dict[str, set[str]] = {}
    for pair in joins:
        joined = set().union(*(groups.get(key, {key}) for key in pair))
        groups.update(dict.fromkeys(joined, joined))
    found, taken = dict(units), {unit.shaft for unit in units.values()}
    for key in units:
        if key in groups and not found[key].shaft:
            shaft = new_shaft(units[key].category, taken)
            found.update({each: replace(units[each], shaft=shaft) for each in groups[key]})
    return list(found.values())


def new_shaft(category: str, taken: set[str]) -> str:
    """A name for a shaft that none has yet, which is then taken: "E1" for lifts, "S1" for stairs, "R1" for ramps."""
    letter = {"elevator": "E", "ramp": "R"}.get(category, "S")
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def _chains(units: list[Unit], order: Mapping[str, int]) -> list[list[Unit]]:
    """Each unit with the one of its kind on the next level that it overlaps most, and so on up."""
    by_floor: dict[tuple[int, str], list[Unit]] = defaultdict(list)
    for unit in units:
        by_floor[order[unit.level], unit.category].append(unit)
    chains: list[list[Unit]] = []
    open_chains: dict[str, list[Unit]] = {}
    for (floor, kind), rooms in sorted(by_floor.items()):
        for room in rooms:
            below = [other for other in by_floor.get((floor - 1, kind), []) if other.geometry.intersects(room.geometry)]
            best = max(below, key=lambda other: other.geometry.intersection(room.geometry).area, default=None)
            if best is None or best.geometry.intersection(room.geometry).area < room.geometry.area / 4:
                continue
            chain = open_chains.pop(best.key, None)
            if chain is None:
                chain = [best]
                chains.append(chain)
            chain.append(room)
            open_chains[room.key] = chain
    return chains
