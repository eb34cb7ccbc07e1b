"""How far the public walks from the nearest entrance to each counter."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import shapely
from shapely import LineString, Point
from shapely.geometry import mapping

from ..document import DOOR, STEP_FREE_VERTICAL, Document, Fixture
from ..findings import Finding
from ..topology import OUTSIDE, WALL_MAX_M, by_level
from .inside import interior
from .passages import Link, Network
from .survey import PUBLIC
from .terrain import Terrain


@dataclass(frozen=True)
class CounterRoute:
    """From a public entrance to a counter. ``metres`` None: nobody gets there. ``doors`` counts those gone through, the
    entrance too; ``route`` is a line for each level, in local metres."""

    counter: str
    name: str
    level: str
    room: str = ""
    entrance: str = ""
    metres: float | None = None
    steps: int | None = None
    doors: int | None = None
    route: tuple[tuple[str, LineString], ...] = ()

    def to_json(self) -> dict[str, Any]:
        route = [{"level": level, "line": mapping(line)} for level, line in self.route]
        return {**vars(self), "route": route}


@dataclass(frozen=True)
class _At:
    """Somebody who has come through ``link`` into ``room``, on the way from ``before``."""

    link: Link
    room: str
    metres: float
    doors: int
    before: "_At | None"

    def place(self, network: Network) -> Point:
        return self.link.place or network.middles[self.room]


def to_counters(network: Network, reached: Collection[str]) -> tuple[CounterRoute, ...]:
    """The shortest way to each counter (a fixture of that category) through the rooms that the public reaches."""
    counters = [fixture for fixture in network.document.fixtures if fixture.category == "counter"]
    if not counters:
        return ()
    stands = _where_to_stand(network, counters, reached)
    best: dict[str, tuple[float, _At]] = {}
    wanted = {counter for held in stands.values() for counter, _ in held}
    for at in _walk(network, reached):
        farthest = max((best[counter][0] if counter in best else float("inf") for counter in wanted), default=0.0)
        if at.metres >= farthest:
            break
        held = stands.get(at.room, [])
        far = interior(network.rooms[at.room].geometry).distances(at.place(network), [point for _, point in held])
        for (counter, _), metres in zip(held, far.tolist(), strict=True):
            if at.metres + metres < best.get(counter, (float("inf"),))[0]:
                best[counter] = (at.metres + metres, at)
    points = {(room, counter): point for room, held in stands.items() for counter, point in held}
    return tuple(_route(network, counter, best.get(counter.key), points) for counter in counters)


def _where_to_stand(
    network: Network, counters: list[Fixture], reached: Collection[str]
) -> dict[str, list[tuple[str, Point]]]:
    """For each reached room the counters in it, or along it where they are in none; and the place before each."""
    found: dict[str, list[tuple[str, Point]]] = {}
    rooms = by_level(network.rooms[key] for key in network.rooms if key in reached)
    for counter in counters:
        near = [(room.geometry.distance(counter.geometry), room) for room in rooms.get(counter.level, ())]
        least = min((distance for distance, _ in near), default=0.0)
        for distance, room in near:
            if distance <= WALL_MAX_M and (distance == 0 or least > 0):
                point = shapely.get_point(shapely.shortest_line(room.geometry, counter.geometry.centroid), 0)
                found.setdefault(room.key, []).append((counter.key, point))
    return found


def _walk(network: Network, reached: Collection[str]) -> Iterator[_At]:
    """Every opening and shaft that the public comes through, nearest to an entrance first."""
    public = Terrain(network, PUBLIC)
    usable = {
        room: [link for link in network.links_of[room] if not public.obstacles(link, link.other(room))]
        for room in (OUTSIDE, *reached)
    }
    heap: list[tuple[float, int, _At]] = []
    count = 0
    for link in usable[OUTSIDE]:
        if link.other(OUTSIDE) in reached:
            heappush(heap, (0.0, count := count + 1, _At(link, link.other(OUTSIDE), 0.0, _doors(link), None)))
    done: set[tuple[Link, str]] = set()
    while heap:
        _, _, at = heappop(heap)
        if (at.link, at.room) in done:
            continue
        done.add((at.link, at.room))
        yield at
        onward = [
            link
            for link in usable[at.room]
            if link.other(at.room) in reached and (link, link.other(at.room)) not in done
        ]
        ends = [link.place or network.middles[at.room] for link in onward]
        far = interior(network.rooms[at.room].geometry).distances(at.place(network), ends)
        for link, metres in zip(onward, far.tolist(), strict=True):
            total = at.metres + metres + _climb(network, link)
            heappush(
                heap, (total, count := count + 1, _At(link, link.other(at.room), total, at.doors + _doors(link), at))
            )


def _doors(link: Link) -> int:
    return int(link.opening is not None and link.opening.kind == DOOR)


def _climb(network: Network, link: Link) -> float:
    """Metres walked on stairs or a ramp from level to level; a lift takes one there."""
    if not link.is_shaft or network.rooms[link.a].category == "elevator":
        return 0.0
    low, high = sorted(network.ordinals.get(network.rooms[room].level, 0) for room in (link.a, link.b))
    between = [level for level in network.document.levels if low <= level.ordinal < high]
    up = sum(level.height_m or network.rules.storey_m for level in between)
    # A ramp rises by one in twelve.
    return up * (12.0 if network.rooms[link.a].category in STEP_FREE_VERTICAL else network.rules.stairs_slope)


def _route(
    network: Network, counter: Fixture, best: tuple[float, _At] | None, points: dict[tuple[str, str], Point]
) -> CounterRoute:
    if best is None:
        return CounterRoute(counter.key, counter.name, counter.level)
    metres, at = best
    lines = _lines(network, at, points[at.room, counter.key])
    first = at
    while first.before is not None:
        first = first.before
    return CounterRoute(
        counter.key, counter.name, counter.level, at.room, first.link.key, round(metres, 2),
        round(metres / network.rules.step_m), at.doors, lines,
    )  # fmt: skip


def _lines(network: Network, at: _At, end: Point) -> tuple[tuple[str, LineString], ...]:
    found: list[tuple[str, LineString]] = []
    here: _At | None = at
    while here is not None:
        room = network.rooms[here.room]
        path = interior(room.geometry).path(here.place(network), end)
        if found and found[-1][0] == room.level:
            path = LineString([*path.coords, *found.pop()[1].coords[1:]])
        found.append((room.level, path))
        before = here.before
        if before is not None:
            end = here.link.place or network.middles[before.room]
        here = before
    return tuple(reversed(found))


def unreached_counters(document: Document, routes: Collection[CounterRoute]) -> Iterator[Finding]:
    """A counter that the public cannot stand at."""
    for route in routes:
        if route.metres is None:
            fixture = document.get("fixtures", route.counter)
            params = {"fixture": route.counter}
            yield Finding("counter_unreached", "warning", route.level, (route.counter,), params, fixture.geometry)
