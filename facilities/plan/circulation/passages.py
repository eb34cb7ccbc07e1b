"""A plan as a network: rooms joined by openings and, across levels, by shafts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import shapely
from shapely import LineString, Point

from ..document import STEP_FREE_VERTICAL, VERTICAL, Document, Opening, Unit
from ..neighbours import Wall, walls
from ..topology import OUTSIDE, Sides, joins, sides
from .shutters import Shutters


@dataclass(frozen=True)
class Rules:
    """What a circulation check asks for. All of it is the user's to change; metres."""

    # Clear width of a door on a step-free route. Source: Enforcement Rules of the Act on Guarantee of Convenience
    # Promotion for Persons with Disabilities, annex 1 (?): to be checked against the law in force.
    min_clear_width_m: float = 0.9
    # The public waits here: staff on their way to closed rooms should not have to cross it. A civil-service hall
    # (lobby) is not among them: it is where counters are.
    waiting_categories: tuple[str, ...] = ("waitingroom",)
    # How far an opening may be from a shutter that closes it.
    shutter_reach_m: float = 0.5
    # Longer corridors should lead on at both ends, and larger closed areas have two ways out (planners' practice,
    # not law).
    dead_end_m: float = 10.0
    escape_desks: int = 10
    # The door that is proposed where one is missing, with its frame.
    new_door_m: float = 0.9
    frame_m: float = 0.1
    # Of an adult.
    step_m: float = 0.65
    # Where a level does not say its height; and how far one walks on stairs for each metre up.
    storey_m: float = 3.5
    stairs_slope: float = 2.0


@dataclass(frozen=True, eq=False)
class Link:
    """A way from one room to another, both ways: through ``opening``, by a shaft (neither opening nor wall), or where a
    door could be put into ``wall``. One of ``a`` and ``b`` may be OUTSIDE. ``place``: the middle of the opening."""

    a: str
    b: str
    opening: Opening | None = None
    wall: Wall | None = None
    place: Point | None = None
    step_free: bool = True
    shuttered: bool = False

    @property
    def key(self) -> str:
        return self.opening.key if self.opening else ""

    @property
    def is_shaft(self) -> bool:
        return self.opening is None and self.wall is None

    def other(self, room: str) -> str:
        return self.b if room == self.a else self.a


class Network:
    """The rooms people can walk in, and the links between them."""

    def __init__(self, document: Document, rules: Rules, known_sides: dict[str, Sides] | None = None) -> None:
        self.document, self.rules = document, rules
        self.sides = sides(document) if known_sides is None else known_sides
        self.rooms: dict[str, Unit] = {unit.key: unit for unit in document.units if unit.is_walkable}
        self.shutters = Shutters(document, rules.shutter_reach_m)
        self.links: list[Link] = [*self._openings(), *self._shafts()]

    def _openings(self) -> Iterator[Link]:
        shut = self.shutters.closed
        openings = self.document.openings
        for opening, place in zip(openings, _middles([part.geometry for part in openings]), strict=True):
            for a, b in self._joined(opening):
                yield Link(a, b, opening, place=place, shuttered=opening.key in shut)

    def _joined(self, opening: Opening) -> Iterator[tuple[str, str]]:
        pair = self.sides[opening.key]
        rooms = [side for side in pair if side in self.rooms]
        if joins(pair) and (len(rooms) == 2 or (OUTSIDE in pair and rooms)):
            yield pair[0] or "", pair[1] or ""
        if opening.entrance and OUTSIDE not in pair:
            # It is said to lead outside: so it does, wherever it was drawn.
            yield from ((OUTSIDE, str(room)) for room in dict.fromkeys(rooms))

    def _shafts(self) -> Iterator[Link]:
        """Stairs lead from one level to the next that has them; a lift stops wherever it has a door."""
        shafts: dict[tuple[str, bool], dict[int, list[Unit]]] = {}
        for room in self.rooms.values():
            if room.shaft and room.category in VERTICAL:
                step_free = room.category in STEP_FREE_VERTICAL
                stops = shafts.setdefault((room.shaft, step_free), {})
                stops.setdefault(self.ordinals.get(room.level, 0), []).append(room)
        for (_, step_free), stops in shafts.items():
            levels = sorted(stops)
            for low, high in combinations(levels, 2) if step_free else pairwise(levels):
                for below in stops[low]:
                    yield from (Link(below.key, above.key, step_free=step_free) for above in stops[high])

    @cached_property
    def ordinals(self) -> dict[str, int]:
        return {level.key: level.ordinal for level in self.document.levels}

    @cached_property
    def links_of(self) -> dict[str, list[Link]]:
        """The links of each room, and of OUTSIDE."""
        found: dict[str, list[Link]] = {room: [] for room in (OUTSIDE, *self.rooms)}
        for link in self.links:
            found[link.a].append(link)
            found[link.b].append(link)
        return found

    @cached_property
    def middles(self) -> dict[str, Point]:
        """A point well inside each room."""
        points = shapely.point_on_surface([room.geometry for room in self.rooms.values()])
        return dict(zip(self.rooms, points, strict=True))

    @cached_property
    def possible(self) -> list[Link]:
        """Where a door could be made: between neighbours, and to the outside on levels that are left by doors."""
        ground = {level.key for level in self.document.levels if level.ordinal == 0}
        ground |= {opening.level for opening in self.document.openings if opening.entrance}
        least = self.rules.new_door_m + 2 * self.rules.frame_m
        found = [wall for wall in walls(self.document, least) if wall.b != OUTSIDE or wall.level in ground]
        return [
            Link(
                wall.a, wall.b, wall=wall, place=place,
shuttered=self.shutters.close(wall.level, [wall.line])[0],
            )
            for wall, place in zip(found, _middles([wall.line for wall in found]), strict=True)
        ]  # fmt: skip

    def lengths(self, links: Sequence[Link]) -> list[float]:
        """How far it is from the middle of one room through each link to the middle of the other (metres, roughly)."""
        places = [link.place or self.middles[link.b] for link in links]
        ends = [
            [place if room == OUTSIDE else self.middles[room] for room, place in zip(rooms, places, strict=True)]
            for rooms in ([link.a for link in links], [link.b for link in links])
        ]
        metres: list[float] = shapely.distance(places, ends).sum(axis=0).tolist() if links else []
        return metres

    def level_of(self, link: Link) -> str:
        """The key of the level it is on; of a shaft, that of its lower end."""
        part = link.opening or link.wall
        return part.level if part else self.rooms[link.a].level


def _middles(lines: Sequence[LineString]) -> Sequence[Point]:
    if not lines:
        return []
    found: Sequence[Point] = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return found
