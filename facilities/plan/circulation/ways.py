"""The least hindered way through a plan from where somebody starts to a room, and its drawing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import networkx as nx
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from ..document import RESTRICTED
from ..topology import OUTSIDE
from . import terrain as codes
from .inside import interior
from .passages import Link, Network
from .terrain import Obstacle, Terrain

# How hard it is to do away with an obstacle, compared with one another: so ways with the least change come first. A
# door that is there is changed before a new one is made, that before the use of a room is changed, and all of that
# before a lift is built. A waiting room is left where it is.
_EFFORT = {
    codes.RESTRICTED_DOOR: 1.0,
    codes.LOCKED_DOOR: 1.0,
    codes.STEP: 1.0,
    codes.SHUTTERED: 2.0,
    codes.NARROW: 2.0,
    codes.NOT_ENTRANCE: 3.0,
    codes.NO_DOOR: 4.0,
    codes.NO_ENTRANCE: 6.0,
    codes.CLOSED_ROOM: 8.0,
    codes.STAIRS: 40.0,
    codes.WAITING_ROOM: 1000.0,
}
# Restricted rooms are the last to be opened, and toilets, lifts and stores no places to make a passage of.
_RESTRICTED_EFFORT, _NO_PASSAGE_EFFORT = 30.0, 4.0
_NO_PASSAGE = ("restroom", "elevator", "storage", "serverroom", "shower", "mothersroom")
# Staff who keep away from the public rather walk in corridors than across its other rooms.
_AMONG_PUBLIC_EFFORT, _CORRIDORS = 0.5, ("walkway", "stairs", "elevator")
# Among ways with the same obstacles the shortest, in metres, is taken.
_PER_METRE = 1e-4


@dataclass(frozen=True)
class Step:
    """Through ``link`` into ``room``, and what stands against it."""

    link: Link
    room: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Way:
    start: str
    steps: tuple[Step, ...]
    effort: float

    @property
    def obstacles(self) -> list[Obstacle]:
        return [obstacle for step in self.steps for obstacle in step.obstacles]

    @property
    def broken_step(self) -> Step:
        """The first that cannot be taken. Raises StopIteration where nothing is in the way."""
        return next(step for step in self.steps if step.obstacles)

    def turned(self, terrain: Terrain) -> "Way":
        """The same way from its end to its start."""
        rooms = [self.start, *(step.room for step in self.steps)]
        steps = [
            Step(step.link, room, terrain.obstacles(step.link, room))
            for step, room in zip(reversed(self.steps), rooms[-2::-1], strict=True)
        ]
        return Way(rooms[-1], tuple(steps), self.effort)


class Search:
    """The least hindered ways of one walker from the starts to everywhere.

    ``more`` are links to be thought of; ``overcoming`` the codes of obstacles that may be on the way (all of them).
    """

    def __init__(
        self,
        terrain: Terrain,
        starts: Iterable[str] = (OUTSIDE,),
        more: Sequence[Link] = (),
        overcoming: Collection[str] = tuple(_EFFORT),
    ) -> None:
        self._terrain, self._overcoming = terrain, overcoming
        self._best: dict[tuple[str, str], tuple[float, Step]] = {}
        graph = nx.DiGraph()
        graph.add_nodes_from(starts := list(starts))
        links = [*terrain.network.links, *more]
        for link, metres in zip(links, terrain.network.lengths(links), strict=True):
            if not (terrain.walker.indoors and OUTSIDE in (link.a, link.b)):
                self._offer(link.a, link, link.b, metres)
                self._offer(link.b, link, link.a, metres)
        graph.add_weighted_edges_from((room, into, effort) for (room, into), (effort, _) in self._best.items())
        self._efforts, self._rooms = nx.multi_source_dijkstra(graph, starts) if starts else ({}, {})

    def _offer(self, room: str, link: Link, into: str, metres: float) -> None:
        obstacles = self._terrain.obstacles(link, into)
        if any(code not in self._overcoming for code, _ in obstacles):
            return
        effort = metres * _PER_METRE
        effort += sum(_effort(self._terrain.network, obstacle, link) for obstacle in obstacles)
        if self._terrain.walker.avoiding and into != OUTSIDE:
            entered = self._terrain.network.rooms[into]
            effort += _AMONG_PUBLIC_EFFORT * (entered.is_open and entered.category not in _CORRIDORS)
        if effort < self._best.get((room, into), (inf, None))[0]:
            self._best[room, into] = (effort, Step(link, into, obstacles))

    def to(self, room: str) -> Way | None:
        """The way to that room; None where there is none at all."""
        rooms = self._rooms.get(room)
        if rooms is None:
            return None
        steps = tuple(self._best[pair][1] for pair in pairwise(rooms))
        return Way(rooms[0], steps, self._efforts[room])


def _effort(network: Network, obstacle: Obstacle, link: Link) -> float:
    code, key = obstacle
    if code == codes.CLOSED_ROOM and network.rooms[key].restriction == RESTRICTED:
        return _RESTRICTED_EFFORT
    effort = _EFFORT[code]
    if code in {codes.NO_DOOR, codes.NO_ENTRANCE}:
        rooms = [network.rooms[room] for room in (link.a, link.b) if room != OUTSIDE]
        effort += sum(_NO_PASSAGE_EFFORT for room in rooms if room.category.startswith(_NO_PASSAGE))
    return effort


class Drawing:
    """A way as lines, level by level."""

    def __init__(self, network: Network, way: Way, whole: bool = False) -> None:
        self._network = network
        self.pieces: list[tuple[str, list[tuple[float, float]]]] = []
        self._draw(way, whole)

    def _draw(self, way: Way, whole: bool) -> None:
        """Up to the first obstacle, or ``whole`` to the middle of the last room."""
        room = way.start
        if room != OUTSIDE:
            self._begin(self._network.rooms[room].level, self._network.middles[room])
        for step in way.steps:
            place = step.link.place
            if room == OUTSIDE:
                self._begin(self._network.level_of(step.link), place or Point())
            else:
                self._walk(room, place or self._network.middles[room])
            if step.obstacles and not whole:
                return
            if place is None:
                self._begin(self._network.rooms[step.room].level, self._network.middles[step.room])
            room = step.room
        if room != OUTSIDE:
            self._walk(room, self._network.middles[room])

    def _begin(self, level: str, place: Point) -> None:
        self.pieces.append((level, [(place.x, place.y)]))

    def _walk(self, room: str, to: Point) -> None:
        points = self.pieces[-1][1]
        path = interior(self._network.rooms[room].geometry).path(Point(points[-1]), to)
        points.extend((x, y) for x, y in path.coords[1:])

    def on_level(self, level: str) -> BaseGeometry | None:
        """What is drawn on that level: a line, several, or the point where the way ends before it has begun."""
        lines = [shapely.linestrings(points) for where, points in self.pieces if where == level and len(points) > 1]
        if lines:
            found: BaseGeometry = lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
            return found
        return next((Point(points[0]) for where, points in self.pieces if where == level), None)

    def to_json(self) -> list[dict[str, Any]]:
        return [{"level": level, "line": [list(point) for point in points]} for level, points in self.pieces]
