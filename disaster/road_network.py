"""Roads as a network that can be driven: ends that meet within a tolerance are one junction. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

Place = tuple[float, float]
Table = NDArray[np.float64]
Numbers = NDArray[np.intp]
# Ends nearer than this are one junction; drawn by hand or cut at a sheet's edge they hardly ever meet exactly.
SNAP_M = 5.0
# A place farther than this from every road is not joined to any.
JOIN_M = 500.0
# A weight of nothing would count as no edge.
_HAIR = 1e-9


@dataclass(frozen=True)
class Piece:
    """A road in EPSG:5179; one-way roads are driven in the direction in which they were drawn."""

    line: shapely.LineString
    speed_kmh: float
    is_one_way: bool = False


@dataclass(frozen=True)
class Ways:
    """From each source to each target: minutes or metres on roads, infinite as NaN; metres to and from the roads at
    both ends; and whether both are joined to a road at all."""

    values: Table
    access_m: Table
    is_joined: NDArray[np.bool_]


@dataclass(frozen=True)
class _Stops:
    """Where a road is met, in metres from its beginning: by its ends, by other roads' ends, by places."""

    piece: Numbers
    at: Table
    node: Numbers


class Network:
    """Roads joined where their ends meet, or where an end meets the middle of another. Roads that cross without an end
    there do not meet: one passes over the other."""

    def __init__(self, pieces: Sequence[Piece], *, snap_m: float = SNAP_M, join_m: float = JOIN_M) -> None:
        if not pieces:
            raise ValueError("a network needs a road")
        self.lines = np.array([piece.line for piece in pieces], dtype=object)
        self.speeds = np.array([piece.speed_kmh for piece in pieces], dtype=float)
        self.one_way = np.array([piece.is_one_way for piece in pieces], dtype=bool)
        self.join_m = join_m
        self._tree = shapely.STRtree(self.lines)
        self._stops, self._nodes = self._junctions(snap_m)

    @property
    def fastest_kmh(self) -> float:
        return float(self.speeds.max())

    def _junctions(self, snap_m: float) -> tuple[_Stops, int]:
        number, lengths = len(self.lines), shapely.length(self.lines)
        ends = np.concatenate([shapely.get_point(self.lines, 0), shapely.get_point(self.lines, -1)])
        pairs = cKDTree(shapely.get_coordinates(ends)).query_pairs(snap_m, output_type="ndarray")
        near = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(2 * number, 2 * number))
        nodes, node = connected_components(near, directed=False)
        own = np.arange(number)
        # An end in the middle of another road.
        end, piece = self._tree.query(ends, predicate="dwithin", distance=snap_m)
        foreign = (node[end] != node[piece]) & (node[end] != node[piece + number])
        end, piece = end[foreign], piece[foreign]
        at = shapely.line_locate_point(self.lines[piece], ends[end])
        stops = _Stops(
            np.concatenate([own, own, piece]),
            np.concatenate([np.zeros(number), lengths, at]),
            np.concatenate([node[:number], node[number:], node[end]]),
        )
        return stops, int(nodes)

    def ways(self, sources: Sequence[Place], targets: Sequence[Place], *, by_time: bool) -> Ways:
        """The shortest ways: in minutes with ``by_time``, else in metres."""
        places = shapely.points(np.array([*sources, *targets], dtype=float).reshape(-1, 2))
        joined, piece = self._tree.query_nearest(places, max_distance=self.join_m, all_matches=False)
        node = np.full(len(places), -1)
        node[joined] = self._nodes + np.arange(len(joined))
        away = np.full(len(places), np.nan)
        away[joined] = shapely.distance(places[joined], self.lines[piece])
        at = shapely.line_locate_point(self.lines[piece], places[joined])
        graph = self._graph(piece, at, node[joined], by_time)
        number = len(sources)
        first, second = node[:number], node[number:]
        both = (first >= 0)[:, None] & (second >= 0)[None, :]
        values = np.full(both.shape, np.nan)
        if both.any():
            found = dijkstra(graph, indices=first[first >= 0])[:, second[second >= 0]]
            found[np.isinf(found)] = np.nan
            values[both] = found.ravel()
        return Ways(values, away[:number][:, None] + away[number:][None, :], both)

    def _graph(self, piece: Numbers, at: Table, node: Numbers, by_time: bool) -> csr_array:
        """All roads, cut where a junction or a place stands at them."""
        pieces = np.concatenate([self._stops.piece, piece])
        ats = np.concatenate([self._stops.at, at])
        nodes = np.concatenate([self._stops.node, node])
        order = np.lexsort((ats, pieces))
        pieces, ats, nodes = pieces[order], ats[order], nodes[order]
        same = pieces[1:] == pieces[:-1]
        start, end, road = nodes[:-1][same], nodes[1:][same], pieces[1:][same]
        weight = np.diff(ats)[same]
        # Where two stand at one spot the way between them has no direction.
        back = ~self.one_way[road] | (weight <= _HAIR)
        if by_time:
            weight = weight / 1000 / self.speeds[road] * 60
        return _lightest(
            np.concatenate([start, end[back]]),
            np.concatenate([end, start[back]]),
            np.concatenate([weight, weight[back]]) + _HAIR,
            self._nodes + len(node),
        )


def _lightest(start: Numbers, end: Numbers, weight: Table, size: int) -> csr_array:
    """The graph of these edges; of several between the same two nodes the lightest counts, not their sum."""
    order = np.lexsort((weight, end, start))
    start, end, weight = start[order], end[order], weight[order]
    first = np.ones(len(start), dtype=bool)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return csr_array((weight[first], (start[first], end[first])), shape=(size, size))
