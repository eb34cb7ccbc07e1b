"""Splitting a survey round's houses into work areas of equal work.

Places are metres (EPSG:5179), work is minutes. Houses are neighbours where no third house lies in the circle between
them (Gabriel and Sokal, 1969): that graph reaches every house, so every area can be kept in one piece. Balance gives
way where one piece would break, and the areas that are off say by how much. The same houses give the same areas.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import shapely
from scipy.spatial import Delaunay, QhullError
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

TOLERANCE = 0.15
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """``houses`` are places in the given list; ``off`` is its work over the equal share, less one."""

    houses: tuple[int, ...]
    minutes: float
    off: float
    is_connected: bool

    @property
    def is_even(self) -> bool:
        return abs(self.off) <= TOLERANCE


def neighbours(points: Sequence[Point]) -> nx.Graph:
    """Which houses are next to one another; houses at the same place are."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(points)))
    first: dict[Point, int] = {}
    for house, point in enumerate(points):
        if (same := first.setdefault(point, house)) != house:
            graph.add_edge(same, house)
    houses = list(first.values())
    places = np.array([points[house] for house in houses], dtype=float).reshape(-1, 2)
    for a, b in _pairs(places):
        middle = (places[a] + places[b]) / 2
        inside = ((places - middle) ** 2).sum(axis=1) < ((places[a] - middle) ** 2).sum() * (1 - 1e-9)
        if not inside.any():
            graph.add_edge(houses[a], houses[b])
    return _joined(graph, points)


def _pairs(places: np.ndarray[Any, Any]) -> set[tuple[int, int]]:
    try:
        corners = Delaunay(places - places.mean(axis=0)).simplices if len(places) > 2 else []
    except QhullError:  # all on one line
        corners = []
    if len(corners) == 0:
        row = np.lexsort(places.T)
        return {(int(a), int(b)) for a, b in pairwise(row)}
    return {(int(min(t[i], t[i - 1])), int(max(t[i], t[i - 1]))) for t in corners for i in range(3)}


def _joined(graph: nx.Graph, points: Sequence[Point]) -> nx.Graph:
    """Qhull leaves out places that nearly coincide with others: such pieces get a link to the nearest house."""
    places = np.array(points, dtype=float).reshape(-1, 2)
    while len(pieces := sorted(nx.connected_components(graph), key=min)) > 1:
        piece = np.array(sorted(pieces[-1]))
        others = np.array(sorted(set(graph) - pieces[-1]))
        gaps = ((places[piece][:, None] - places[others][None]) ** 2).sum(axis=2)
        a, b = divmod(int(gaps.argmin()), len(others))
        graph.add_edge(int(piece[a]), int(others[b]))
    return graph


def split(points: Sequence[Point], minutes: Sequence[float], count: int) -> list[Area]:
    """``count`` compact areas of nearly equal work. Raises ValueError for more areas than houses, or no work."""
    if not 1 <= count <= len(points):
        raise ValueError("there must be at least one house for each area")
    if min(minutes) <= 0:
        raise ValueError("every house takes some time")
    graph = neighbours(points)
    owner = [0] * len(points)
    _halved(points, minutes, list(range(len(points))), (0, count), owner)
    _mended(graph, minutes, owner, count)
    _balanced(graph, points, minutes, owner, count)
    share = sum(minutes) / count
    areas = []
    for area in range(count):
        houses = tuple(house for house, own in enumerate(owner) if own == area)
        work = sum(minutes[house] for house in houses)
        in_one = bool(houses) and nx.is_connected(graph.subgraph(houses))
        areas.append(Area(houses, work, work / share - 1, in_one))
    return areas


def _halved(
    points: Sequence[Point], minutes: Sequence[float], houses: list[int], numbers: tuple[int, int], owner: list[int]
) -> None:
    """Cut across the longer side, again and again, in proportion to the areas still to be made."""
    low, high = numbers
    if high - low == 1:
        for house in houses:
            owner[house] = low
        return
    spans = np.ptp(np.array([points[house] for house in houses]), axis=0)
    axis = int(spans[1] > spans[0])
    row = sorted(houses, key=lambda house: (points[house][axis], points[house][1 - axis], house))
    middle = (low + high) // 2
    aim = sum(minutes[house] for house in row) * (middle - low) / (high - low)
    sums = np.cumsum([minutes[house] for house in row])
    cut = int(np.abs(sums - aim).argmin()) + 1
    cut = min(max(cut, middle - low), len(row) - (high - middle))
    _halved(points, minutes, row[:cut], (low, middle), owner)
    _halved(points, minutes, row[cut:], (middle, high), owner)


def _mended(graph: nx.Graph, minutes: Sequence[float], owner: list[int], count: int) -> None:
    """Every area keeps its heaviest piece; the others go to the lightest area they touch."""
    work = np.zeros(count)
    for house, area in enumerate(owner):
        work[area] += minutes[house]
    loose: list[set[int]] = []
    for area in range(count):
        inside = graph.subgraph([house for house, own in enumerate(owner) if own == area])
        pieces = sorted(nx.connected_components(inside), key=lambda piece: -sum(minutes[house] for house in piece))
        loose += pieces[1:]
    waiting = set().union(*loose)
    while loose:
        for piece in list(loose):
            beside = {owner[other] for house in piece for other in graph[house] if other not in waiting}
            if beside:
                new = min(beside, key=lambda area: (work[area], area))
                for house in piece:
                    work[owner[house]] -= minutes[house]
                    work[new] += minutes[house]
                    owner[house] = new
                waiting -= piece
                loose.remove(piece)


def _balanced(graph: nx.Graph, points: Sequence[Point], minutes: Sequence[float], owner: list[int], count: int) -> None:
    """Hand houses from the heaviest areas along their neighbours to the lightest while that evens the work."""
    work = [sum(minutes[house] for house, own in enumerate(owner) if own == area) for area in range(count)]
    for _ in range(len(points) * 4):
        if not any(
            _handed(graph, points, minutes, owner, work, (heavy, light))
            for heavy in sorted(range(count), key=lambda area: -work[area])[:3]
            for light in sorted(range(count), key=lambda area: work[area])[:3]
            if work[heavy] > work[light]
        ):
            return


def _handed(
    graph: nx.Graph, points: Sequence[Point], minutes: Sequence[float], owner: list[int], work: list[float],
    ends: tuple[int, int],
) -> bool:  # fmt: skip
    """One house at every step of the way between two areas; nothing where that leaves the work less even."""
    beside = nx.Graph([(owner[a], owner[b]) for a, b in graph.edges if owner[a] != owner[b]])
    if not (ends[0] in beside and ends[1] in beside and nx.has_path(beside, *ends)):
        return False
    old, before = list(owner), list(work)
    way = nx.shortest_path(beside, *ends)
    for giver, taker in pairwise(way):
        house = _giveable(graph, points, owner, (giver, taker))
        if house is None:
            break
        owner[house] = taker
        work[giver] -= minutes[house]
        work[taker] += minutes[house]
    else:
        if sum(each**2 for each in work) < sum(each**2 for each in before) - 1e-6:
            return True
    owner[:], work[:] = old, before
    return False


def _giveable(graph: nx.Graph, points: Sequence[Point], owner: list[int], areas: tuple[int, int]) -> int | None:
    """The house of the giver beside the taker that is nearest to the taker's middle and whose loss breaks nothing."""
    giver, taker = areas
    inside = [house for house, own in enumerate(owner) if own == giver]
    if len(inside) < 2:
        return None
    own = graph.subgraph(inside)
    fixed = set(nx.articulation_points(own))
    middles = [np.mean([points[h] for h, area in enumerate(owner) if area == which], axis=0) for which in areas]

    def gain(house: int) -> tuple[float, int]:
        away, near = (float(((np.array(points[house]) - middle) ** 2).sum()) for middle in middles)
        return near - away, house

    edge = [h for h in inside if h not in fixed and any(owner[other] == taker for other in graph[h])]
    return min(edge, key=gain, default=None)


def outlines(points: Sequence[Point], areas: Iterable[Area], within: BaseGeometry) -> list[MultiPolygon]:
    """The ground nearer to an area's houses than to any other's, inside ``within``: one shape for each area.

    Houses at the same place cannot be told apart by ground: it goes to the first area that has one there.
    """
    owner: dict[Point, int] = {}
    listed = list(areas)
    for number, area in enumerate(listed):
        for house in area.houses:
            owner.setdefault(points[house], number)
    if len(owner) == 1:
        cells = [within]
    else:
        seeds = shapely.MultiPoint(list(owner))
        cells = list(shapely.voronoi_polygons(seeds, extend_to=within, ordered=True).geoms)
    parts: list[list[BaseGeometry]] = [[] for _ in listed]
    for number, cell in zip(owner.values(), cells, strict=True):
        parts[number].append(cell)
    return [_polygons(shapely.union_all(cells).intersection(within)) for cells in parts]


def _polygons(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and part.area])
