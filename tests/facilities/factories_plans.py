"""Plans made to measure: rows of rooms, each row on its own corridor, corridors on one spine. Pure: no database.

    +--+--+----+----+----+
    |L |S |101 |102 |103 |   the spine (left) runs the whole depth of the building to the lift (L) and the stairs (S);
    +--+--+----+----+----+   each room has a door to the corridor south of it, each corridor a gap to the spine,
    |     |   corridor   |   and the spine an entrance from outside on level 0.
    +-----+--------------+

With ``wall`` there is that much solid wall around and between all rooms, and openings lie in the middle of it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from shapely import LineString, Polygon, box
from shapely.affinity import rotate

from facilities.plan.document import GAP, KINDS, Document, Level, Opening, Unit, snapped
from facilities.plan.drawing.nodes import with_shared_walls

SPINE_M, CORRIDOR_M, CORE_M = 4.2, 2.0, 3.0


def key(*words: object) -> str:
    """The same UUID for the same words in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(str(word) for word in words)))


def key_source(name: str = "new") -> Callable[[], str]:
    """What ``drawing.apply`` takes as ``new_key``: a different key each time, the same ones in every run."""
    numbers = count(1)
    return lambda: key(name, next(numbers))


def turned(document: Document, degrees: float) -> Document:
    """The same plan with all its walls slanted, as a plan is that was not drawn square to them."""

    def turn(part: Any) -> Any:
        return replace(part, geometry=rotate(part.geometry, degrees, origin=(0, 0)))

    levels = tuple(replace(level, outline=rotate(level.outline, degrees, origin=(0, 0))) for level in document.levels)
    parts = {kind: tuple(map(turn, document.parts(kind))) for kind in KINDS}
    return with_shared_walls(replace(document, levels=levels, **parts))


@dataclass(frozen=True)
class _Grid:
    rows: int
    columns: int
    wall: float
    room: tuple[float, float]

    @property
    def pitch(self) -> tuple[float, float]:
        """From one room to the next, and from one row to the next."""
        return self.room[0] + self.wall, self.room[1] + CORRIDOR_M + 2 * self.wall

    @property
    def inner(self) -> tuple[float, float, float]:
        """Where the rows begin (x), and how far the inside reaches (x, y)."""
        left = SPINE_M + self.wall
        return left, left + self.columns * self.pitch[0] - self.wall, self.rows * self.pitch[1] - self.wall


def make_document(
    rows: int,
    columns: int,
    levels: int = 1,
    wall: float = 0.0,
    room: tuple[float, float] = (4.0, 5.0),
    **attributes: Any,
) -> Document:
    """``rows`` x ``columns`` rooms of ``room`` metres on each level, with doors; ``attributes`` go to those rooms.

    Keys are ``key(level ordinal, "room", row, column)``, and likewise "corridor" (row), "spine", "stairs", "elevator";
    doors are ``key(ordinal, "door", ...)`` with the words of their room. Each level also has those rooms beside its
    ``rows * columns``: one corridor a row, the spine, the stairs and the lift.
    """
    grid = _Grid(rows, columns, wall, room)
    floors = [_level(grid, ordinal) for ordinal in range(levels)]
    units = [unit for floor in floors for unit in _units(grid, floor, attributes)]
    openings = [opening for floor in floors for opening in _openings(grid, floor)]
    return Document(levels=tuple(floors), units=tuple(units), openings=tuple(openings))


def _level(grid: _Grid, ordinal: int) -> Level:
    _, right, top = grid.inner
    outline = _box(-grid.wall, -grid.wall, right + grid.wall, top + grid.wall)
    return Level(key("level", ordinal), ordinal, f"{ordinal + 1}F", f"{ordinal + 1}층", 3.6, outline)


def _box(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return snapped(box(x0, y0, x1, y1))


def _units(grid: _Grid, level: Level, attributes: dict[str, Any]) -> list[Unit]:
    floor, wall = level.ordinal, grid.wall
    left, right, top = grid.inner
    end, lift = top - CORE_M, 2.0
    core = [
        ("spine", _box(0, 0, SPINE_M, end - wall), "walkway", ""),
        ("elevator", _box(0, end, lift, top), "elevator", "L1"),
        ("stairs", _box(lift + wall, end, SPINE_M, top), "stairs", "S1"),
    ]
    found = [
        Unit(key(floor, name), level.key, shape, category, name_ko=name, name_en=name, shaft=shaft)
        for name, shape, category, shaft in core
    ]
    for row in range(grid.rows):
        base = row * grid.pitch[1]
        corridor = _box(left, base, right, base + CORRIDOR_M)
        name = f"corridor {row + 1}"
        found.append(Unit(key(floor, "corridor", row), level.key, corridor, "walkway", name_ko=name, name_en=name))
        for column in range(grid.columns):
            x, y = left + column * grid.pitch[0], base + CORRIDOR_M + wall
            number = f"{floor + 1}{row * grid.columns + column + 1:02}"
            values = {"category": "office", "name_ko": f"사무실 {number}", "name_en": f"Office {number}", **attributes}
            shape = _box(x, y, x + grid.room[0], y + grid.room[1])
            found.append(Unit(key(floor, "room", row, column), level.key, shape, number=number, **values))
    return found


def _openings(grid: _Grid, level: Level) -> list[Opening]:
    floor, half = level.ordinal, grid.wall / 2
    left, _, top = grid.inner
    end = top - CORE_M - half
    found = [_door(level, "door", name, at=(x, end)) for name, x in (("elevator", 1.0), ("stairs", 3.2))]
    if floor == 0:
        found.append(_door(level, "entrance", at=(SPINE_M / 2, -half), width=1.8, entrance=True))
    for row in range(grid.rows):
        base = row * grid.pitch[1]
        gap = (left - half, base + CORRIDOR_M / 2)
        found.append(_door(level, "gap", row, at=gap, width=1.6, upright=True, kind=GAP))
        for column in range(grid.columns):
            x = left + column * grid.pitch[0] + grid.room[0] / 2
            found.append(_door(level, "door", "room", row, column, at=(x, base + CORRIDOR_M + half)))
    return found


def _door(
    level: Level, *words: object, at: tuple[float, float], width: float = 0.9, upright: bool = False, **values: Any
) -> Opening:
    dx, dy = (0.0, width / 2) if upright else (width / 2, 0.0)
    line = snapped(LineString([(at[0] - dx, at[1] - dy), (at[0] + dx, at[1] + dy)]))
    return Opening(key(level.ordinal, *words), level.key, line, **values)
