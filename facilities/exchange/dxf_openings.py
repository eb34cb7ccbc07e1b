"""Doors and doorways of a drawing as openings of a plan, with what was guessed of them. Local metres."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, STRtree

from facilities.plan.document import DOOR, GAP, Document, Unit
from facilities.plan.topology import ASKEW_MAX_M, OUTSIDE, Floor, Sides, joins

from .doorways import Doorway
from .dxf_doors import Door
from .linework import Floats, covered
from .notes import Notes
from .rooms import Filling, doorways_of

UNSURE_DOOR: Final = "dxf.unsure_door"  # count: doors of which the drawing does not say where they close
SLIDING: Final = "dxf.sliding_door"  # count: openings between rooms with lines in them, taken for doors
GAPS: Final = "dxf.gap"  # count: openings between wall ends in which no door is drawn
WINDOWS: Final = "dxf.window"  # count: openings to the outside with lines in them, taken for windows
ENTRANCES: Final = "dxf.entrance"  # count: doors that lead outside were marked as entrances
THREE_ROOMS: Final = "dxf.three_rooms"  # count, keys: openings that touch more than two rooms
DOORS: Final = "dxf.doors"  # count: doors read from swings and blocks

_BETTER = ("door", "filled", "empty")
OPENING_MIN_M = 0.5
_WIDEST_LEAF_M = 7.0


@dataclass(frozen=True)
class Candidate:
    """An opening in the making: ``how`` is "door", "filled" or "empty"."""

    line: LineString
    how: str
    sure: bool = True

    def moved(self, dx: float, dy: float) -> "Candidate":
        return replace(self, line=shapely.transform(self.line, lambda xy: xy + np.array([dx, dy])))


def candidates(doors: Sequence[Door], doorways: Sequence[Doorway], panels: Floats) -> list[Candidate]:
    """Every door in the doorway that it belongs to, and the doorways that have none."""
    filling = Filling(panels, ())
    hung = doorways_of([door.line for door in doors], [doorway.line for doorway in doorways])
    found = []
    for door, number in zip(doors, hung, strict=True):
        line = door.line if number is None else _in_doorway(door.line, doorways[number].line)
        found.append(Candidate(line, "door", door.sure))
    for number, doorway in enumerate(doorways):
        if number in hung or doorway.line.length < OPENING_MIN_M:
            continue
        if filling.fills(doorway.line, 0.3):
            found.append(Candidate(doorway.line, "filled"))
        elif doorway.open:
            found.append(Candidate(doorway.line, "empty"))
    return _each_once(found)


def _each_once(found: list[Candidate]) -> list[Candidate]:
    """Without those beside a better one: a wall of several lines has as many ends."""
    ordered = sorted(found, key=lambda each: (_BETTER.index(each.how), -each.line.length))
    tree = STRtree([each.line for each in ordered])
    gone: set[int] = set()
    for number, candidate in enumerate(ordered):
        near = tree.query(candidate.line, predicate="dwithin", distance=ASKEW_MAX_M) if number not in gone else []
        gone.update(int(i) for i in near if i > number and _beside(ordered[i].line, candidate.line))
    return [candidate for number, candidate in enumerate(ordered) if number not in gone]


def _beside(line: LineString, better: LineString) -> bool:
    middle = line.interpolate(0.5, normalized=True)
    return bool(middle.distance(better) < ASKEW_MAX_M and covered(better, [line]) > 0)


def _in_doorway(door: LineString, opening: LineString) -> LineString:
    """The door as wide as it is, moved into the middle of the wall."""
    start, end = shapely.get_coordinates(opening)
    along = (end - start) / opening.length
    width = min(door.length, opening.length)
    middle = opening.project(door.interpolate(0.5, normalized=True))
    first = min(max(middle - width / 2, 0.0), opening.length - width)
    return LineString([start + along * first, start + along * (first + width)])


def lines_between(panels: Floats, doors: Sequence[Door]) -> list[Candidate]:
    """Where rooms are drawn as closed shapes: lines of the door layers as long as a door is, each place once."""
    lines = shapely.linestrings(panels) if len(panels) else []
    fitting = [Candidate(line, "filled") for line in lines if OPENING_MIN_M <= line.length <= _WIDEST_LEAF_M]
    hung = [Candidate(door.line, "door", door.sure) for door in doors]
    return [each for each in _each_once(hung + fitting) if each.how == "filled"]


def openings(
    found: Sequence[Candidate], units: Sequence[Unit], outline: Any, notes: Notes
) -> list[tuple[LineString, dict[str, Any]]]:
    """The candidates that lead from one place to another, with their attributes; doors are kept in any case."""
    floor = Floor(units, outline)
    if not units or not found:
        return []
    pairs = floor.across([candidate.line for candidate in found])
    made = []
    for candidate, pair in zip(found, pairs, strict=True):
        values = _values(candidate, pair, notes)
        if values is not None:
            made.append((candidate.line, values))
    return made


def _values(candidate: Candidate, pair: Sides, notes: Notes) -> dict[str, Any] | None:
    at = candidate.line.interpolate(0.5, normalized=True)
    outside = OUTSIDE in pair
    if candidate.how == "door":
        notes.add(DOORS, "note")
        if not candidate.sure:
            notes.add(UNSURE_DOOR, place=at)
        if outside:
            notes.add(ENTRANCES, "note", place=at)
        return {"kind": DOOR, "entrance": outside}
    if not joins(pair):
        return None
    if candidate.how == "empty":
        notes.add(GAPS, place=at)
        return {"kind": GAP}
    if outside:
        notes.add(WINDOWS, "note", place=at)
        return None
    notes.add(SLIDING, place=at)
    return {"kind": DOOR}


def note_three_rooms(document: Document, notes: Notes) -> None:
    """Openings along which there are more than two rooms."""
    floors = {level.key: Floor(document.on_level("units", level.key), level.outline) for level in document.levels}
    for opening in document.openings:
        coordinates = shapely.get_coordinates(opening.geometry)[[0, -1]]
        thirds = np.linspace(coordinates[0], coordinates[1], 4)
        parts = [LineString(pair) for pair in pairwise(thirds)]
        met = {side for pair in floors[opening.level].across(parts) for side in pair if side not in (None, OUTSIDE)}
        if len(met) > 2:
            notes.add(THREE_ROOMS, key=opening.key, level=opening.level)
