"""Corridors that lead on at one end only, and closed areas with a single way out."""

from collections.abc import Iterator

import networkx as nx
import shapely
from shapely import Point

from ..findings import Finding
from ..topology import OUTSIDE
from .inside import interior
from .passages import Link, Network
from .terrain import Terrain, Walker

_CORRIDORS = ("walkway",)


def dead_ends(network: Network) -> Iterator[Finding]:
    """Notes: people on their way out use any door, so restrictions do not count here."""
    if network.links_of[OUTSIDE]:
        yield from _corridors(network)
        yield from _closed_areas(network)


def _corridors(network: Network) -> Iterator[Finding]:
    anyone = Terrain(network, Walker(staff=True, fleeing=True))
    for key, room in network.rooms.items():
        if not room.is_open or room.category not in _CORRIDORS:
            continue
        minx, miny, maxx, maxy = room.geometry.bounds
        if max(maxx - minx, maxy - miny) <= network.rules.dead_end_m:
            continue
        leading_out = anyone.spread([OUTSIDE], frozenset([key]))
        ways = [link for link in network.links_of[key] if link.other(key) in leading_out]
        if len(ways) == 1:
            yield from _too_long(network, key, ways[0])


def _too_long(network: Network, key: str, way_out: Link) -> Iterator[Finding]:
    room = network.rooms[key]
    corners = [Point(corner) for corner in room.geometry.exterior.coords]
    start = way_out.place or network.middles[key]
    inside = interior(room.geometry)
    distances = inside.distances(start, corners)
    far = int(distances.argmax())
    if distances[far] > network.rules.dead_end_m:
        metres = round(float(distances[far]), 1)
        yield Finding(
            "dead_end", "note", room.level, (key,), {"rooms": [key], "metres": metres}, inside.path(start, corners[far])
        )


def _closed_areas(network: Network) -> Iterator[Finding]:
    """Closed rooms that hang together on a level, where many work and only one opening leads out."""
    closed = nx.Graph()
    closed.add_nodes_from(key for key, room in network.rooms.items() if not room.is_open)
    closed.add_edges_from(
        (link.a, link.b) for link in network.links if not link.is_shaft and link.a in closed and link.b in closed
    )
    for area in list(nx.connected_components(closed)):
        desks = sum(network.rooms[key].desks for key in area)
        if desks < network.rules.escape_desks:
            continue
        out = [link for key in area for link in network.links_of[key] if link.other(key) not in area]
        if len(out) == 1 and out[0].opening is not None:
            keys = sorted(area, key=list(network.rooms).index)
            door = out[0].opening
            yield Finding(
                "single_way_out", "note", door.level, (*keys, door.key),
                {"rooms": keys, "opening": door.key, "desks": desks}, shapely.centroid(door.geometry),
            )  # fmt: skip
