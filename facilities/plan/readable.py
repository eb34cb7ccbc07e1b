"""Plans written by hand: rooms as rectangles on the axes of walls, doors by the two rooms they join.

``fixtures/plans/README.md`` shows the form. A plan based on another says only what is different. The same codes give
the same keys in every plan of the building.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from .document import Amenity, Document, Fixture, Level, Opening, Team, Unit, snapped
from .neighbours import Wall, walls
from .topology import OUTSIDE

# Walls shorter than this hold no door.
_SHORTEST_WALL_M = 0.4
_SECTIONS = ("rooms", "joined", "doors", "fixtures", "amenities")
# Which way out of the building each side lies.
_SIDES = {"south": (0, -1), "north": (0, 1), "west": (-1, 0), "east": (1, 0)}
# A door as wide as a usual one.
_DOOR_M = 1.0


class Unreadable(ValueError):
    """Says in which plan what could not be read."""


@dataclass(frozen=True)
class WrittenPlan:
    name: str
    based_on: str | None
    about: Mapping[str, Any]
    document: Document


def key_maker(namespace: str) -> Callable[..., str]:
    """The same key for the same words, in every plan and on every machine."""
    root = uuid.uuid5(uuid.NAMESPACE_URL, namespace)
    return lambda *words: str(uuid.uuid5(root, "/".join(words)))


def read(data: Mapping[str, Any]) -> list[WrittenPlan]:
    """All plans of a building, those that others are based on first. Raises Unreadable."""
    key = key_maker(f"dongne/{data['centre']}/{data['building']}")
    levels = {code: _level(code, about, key) for code, about in data["levels"].items()}
    teams = tuple(Team(key("team", about["name"]), **about) for about in data["teams"])
    written: dict[str, dict[str, Any]] = {}
    found = []
    for about in data["plans"]:
        base = written[about["based_on"]] if "based_on" in about else {}
        written[about["name"]] = floors = _merged(base, about["floors"])
        reader = _Reader(about["name"], data["walls"], levels, {team.name: team.key for team in teams}, key)
        facts = {name: value for name, value in about.items() if name not in {"name", "based_on", "floors"}}
        found.append(WrittenPlan(about["name"], about.get("based_on"), facts, reader.document(floors, teams)))
    return found


def _level(code: str, about: Mapping[str, Any], key: Callable[..., str]) -> Level:
    outline = Polygon(about["outline"])
    return Level(key("level", code), about["ordinal"], code, about["name"], about["height_m"], outline)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The floors of one plan with the differences of another: a part that is null goes, with the doors of a room."""
    floors = deepcopy(dict(base))
    for level, sections in over.items():
        floor = floors.setdefault(level, {section: {} for section in _SECTIONS})
        for section, parts in sections.items():
            for code, about in parts.items():
                if about is None:
                    floor[section].pop(code, None)
                elif section == "joined":
                    floor[section][code] = about
                else:
                    floor[section][code] = {**floor[section].get(code, {}), **about}
        rooms = {*floor["rooms"], OUTSIDE}
        floor["doors"] = {code: door for code, door in floor["doors"].items() if {*_joined(code)} <= rooms}
    return floors


def _joined(code: str) -> tuple[str, str]:
    """``hall-office``, or ``hall-office-2`` for the second door between the two."""
    a, b, *_number = code.split("-")
    return a, b


class _Reader:
    def __init__(
        self, plan: str, thickness: Mapping[str, float], levels: Mapping[str, Level], teams: Mapping[str, str],
        key: Callable[..., str],
    ) -> None:  # fmt: skip
        self._plan, self._levels, self._teams, self._key = plan, levels, teams, key
        self._outer, self._inner = thickness["outer"], thickness["inner"]

    def document(self, floors: Mapping[str, Any], teams: tuple[Team, ...]) -> Document:
        units = tuple(unit for code, floor in floors.items() for unit in self._rooms(code, floor))
        rooms = Document(tuple(self._levels.values()), units)
        found = walls(rooms, _SHORTEST_WALL_M)
        return Document(
            levels=rooms.levels,
            units=units,
            openings=tuple(door for code, floor in floors.items() for door in self._doors(code, floor, found)),
            fixtures=tuple(part for code, floor in floors.items() for part in self._fixtures(code, floor)),
            amenities=tuple(part for code, floor in floors.items() for part in self._amenities(code, floor)),
            teams=teams,
        )

    def _rooms(self, level: str, floor: Mapping[str, Any]) -> Iterator[Unit]:
        outline = self._levels[level].outline
        assert outline is not None
        inside = outline.buffer(-self._outer, join_style="mitre")
        axes = {code: _shape(about) for code, about in floor["rooms"].items()}
        together = {code: group for group in floor["joined"].values() for code in group}
        for code, about in floor["rooms"].items():
            group = shapely.union_all([axes[other] for other in together.get(code, [code])])
            clear = group.buffer(-self._inner / 2, join_style="mitre")
            shape = snapped(axes[code].intersection(clear).intersection(inside))
            if not isinstance(shape, Polygon) or shape.is_empty:
                raise Unreadable(f"{self._plan}: room {code} on {level} is not in one piece")
            facts = {name: value for name, value in about.items() if name not in {"at", "shape", "teams"}}
            teams = tuple(self._teams[name] for name in about.get("teams", ()))
            yield Unit(self._key("room", code), self._levels[level].key, shape, teams=teams, **facts)

    def _doors(self, level: str, floor: Mapping[str, Any], found: list[Wall]) -> Iterator[Opening]:
        for code, about in floor["doors"].items():
            ends = {OUTSIDE if room == OUTSIDE else self._key("room", room) for room in _joined(code)}
            held = [wall for wall in found if {wall.a, wall.b} == ends and _lies(wall, about)]
            if not held:
                raise Unreadable(f"{self._plan}: there is no wall for the door {code} on {level}")
            line = self._line(level, max(held, key=lambda wall: wall.length_m), about)
            facts = {name: value for name, value in about.items() if name not in {"at", "side", "width"}}
            yield Opening(self._key("door", code), self._levels[level].key, line, **facts)

    def _line(self, level: str, wall: Wall, about: Mapping[str, Any]) -> LineString:
        """In the middle of the wall's thickness; ``at`` is the middle of the door along x or y."""
        (x1, y1), (x2, y2) = wall.line.coords
        along = (x2 - x1) / wall.length_m, (y2 - y1) / wall.length_m
        width = about.get("width", _DOOR_M)
        middle = wall.line.interpolate(_measure(wall, about["at"]) if "at" in about else wall.length_m / 2)
        if wall.b == OUTSIDE:
            middle = _halfway(middle, self._levels[level].outline)
        reach = [(middle.x + along[0] * side, middle.y + along[1] * side) for side in (-width / 2, width / 2)]
        line: LineString = snapped(LineString(reach))
        return line

    def _fixtures(self, level: str, floor: Mapping[str, Any]) -> Iterator[Fixture]:
        for code, about in floor["fixtures"].items():
            facts = {name: value for name, value in about.items() if name not in {"at", "line"}}
            shape = LineString(about["line"]) if "line" in about else box(*about["at"])
            yield Fixture(self._key("fixture", code), self._levels[level].key, shape, **facts)

    def _amenities(self, level: str, floor: Mapping[str, Any]) -> Iterator[Amenity]:
        for code, about in floor["amenities"].items():
            facts = {name: value for name, value in about.items() if name != "at"}
            yield Amenity(self._key("amenity", code), self._levels[level].key, Point(about["at"]), **facts)


def _shape(about: Mapping[str, Any]) -> Polygon:
    return Polygon(about["shape"]) if "shape" in about else box(*about["at"])


def _lies(wall: Wall, about: Mapping[str, Any]) -> bool:
    """Whether the wall is on the side that the door names and as long as to hold the door where it is to be."""
    half = about.get("width", _DOOR_M) / 2
    if "side" in about and wall.b == OUTSIDE:
        x, y = _SIDES[about["side"]]
        (x1, y1), (x2, y2) = wall.line.coords
        # A room lies to the left of its walls.
        out = (y2 - y1) / wall.length_m, (x1 - x2) / wall.length_m
        if out[0] * x + out[1] * y < 0.9:
            return False
    if "at" not in about:
        return wall.length_m >= 2 * half
    return half - 1e-6 <= _measure(wall, about["at"]) <= wall.length_m - half + 1e-6


def _measure(wall: Wall, at: float) -> float:
    """How far along the wall the coordinate lies: x, or y for a wall that runs north."""
    (x1, y1), (x2, y2) = wall.line.coords
    start, end = (x1, x2) if abs(x2 - x1) >= abs(y2 - y1) else (y1, y2)
    return (at - start) / (end - start) * wall.length_m


def _halfway(point: Point, outline: BaseGeometry | None) -> Point:
    """From the inner to the middle of the outer wall."""
    if outline is None:
        return point
    return shapely.shortest_line(point, outline.boundary).interpolate(0.5, normalized=True)
