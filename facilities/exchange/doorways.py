"""Where walls stop and go on: the ends of walls, and the openings between them. Local metres.

The end of a wall drawn as two lines is a short edge (a cap) across them, beyond which neither goes on; the end of a
wall drawn as one line is where it stops. From each a ray goes straight ahead: what it meets squarely, near enough, is
the other jamb of a doorway, which is then closed, so that the rooms on its two sides become two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString

from .linework import Floats, Linework, covered, joined, unique

CAP_MIN_M = 0.03
# The widest opening that is looked for where something drawn in it (a door, a window) says that there is one.
WIDEST_M = 7.0
# A wall that ends before the long side of another is at least this long: shorter ones are pilasters.
STUB_M = 0.6
COLUMN_M = 1.2
_PARALLEL, _SQUARE = 0.98, 0.2


@dataclass(frozen=True)
class WallEnd:
    """``corners`` are the points (indices) from which the doorway's sides run; ``ahead`` is where the wall would go on,
    ``body`` how far back its shorter side goes to the next corner."""

    middle: Floats
    ahead: Floats
    corners: tuple[int, ...]
    width: float
    body: float
    edge: int = -1


@dataclass(frozen=True)
class Doorway:
    """``line`` runs from jamb to jamb along the middle of the wall; ``sides`` (n, 2, 2) close it. It is ``open`` when
    neither face of the wall goes on across it."""

    line: LineString
    sides: Floats
    open: bool = True


def doorways(
    work: Linework,
    limit: float,
    thickest: float,
    filled: Callable[[LineString, float], bool],
    is_wall: Sequence[bool],
) -> list[Doorway]:
    """The openings between wall ends that are at most ``limit`` wide, or wider if ``filled(line, width)`` says that
    something is drawn in them. ``thickest`` is how thick a wall may be; ``is_wall`` says it of each edge."""
    caps, single = _caps(work, thickest, is_wall), _single_ends(work, is_wall)
    of_edge = {end.edge: end for end in caps}
    found, done = _single_doorways(single, limit, filled)
    for end in caps + [end for end in single if end.corners[0] not in done]:
        made = _opposite(work, end, of_edge, limit, filled)
        if made is not None:
            doorway, name = made
            if name in found:  # the same opening, seen from its other jamb
                sides = joined([found[name].sides, doorway.sides])
                doorway = Doorway(doorway.line, sides, doorway.open and found[name].open)
            found[name] = doorway
    return list(found.values())


def _caps(work: Linework, thickest: float, is_wall: Sequence[bool]) -> list[WallEnd]:
    short = np.flatnonzero((work.lengths >= CAP_MIN_M) & (work.lengths <= thickest))
    return [end for edge in short.tolist() for end in _ends_at(work, edge, is_wall)]


def _ends_at(work: Linework, edge: int, is_wall: Sequence[bool]) -> list[WallEnd]:
    """The wall that ends at this edge, if one does: two lines square to it that do not go on beyond it."""
    start, end = work.edges[edge].tolist()
    across = work.away(edge, start)
    found = []
    for ahead in (np.array([-across[1], across[0]]), np.array([across[1], -across[0]])):
        back = [_edge_towards(work, point, -ahead, edge) for point in (start, end)]
        onward = [_edge_towards(work, point, ahead, edge) for point in (start, end)]
        corners = tuple(point for point, next_ in zip((start, end), onward, strict=True) if next_ is None)
        if not corners or _goes_on_across(work, edge, corners):
            continue
        if any(line is None or not is_wall[line] for line in back):
            continue
        body = min(_reach_back(work, point, -ahead) for point in (start, end))
        middle = (work.points[start] + work.points[end]) / 2
        found.append(WallEnd(middle, ahead, corners, float(work.lengths[edge]), body, edge))
    return found if len(found) == 1 else []


def _goes_on_across(work: Linework, edge: int, corners: tuple[int, ...]) -> bool:
    """Whether the edge is a part of another wall's face, at which the wall ends."""
    return any(_edge_towards(work, point, -work.away(edge, point), edge) is not None for point in corners)


def _edge_towards(work: Linework, point: int, direction: Floats, but: int) -> int | None:
    for edge in work.edges_at[point]:
        if edge != but and float(work.away(edge, point) @ direction) > _PARALLEL:
            return edge
    return None


def _reach_back(work: Linework, point: int, direction: Floats) -> float:
    """How far a line goes on straight from a point."""
    reached, edge = 0.0, _edge_towards(work, point, direction, -1)
    while edge is not None and reached < WIDEST_M:
        reached += float(work.lengths[edge])
        point = work.other_end(edge, point)
        edge = _edge_towards(work, point, direction, edge)
    return reached


def _single_ends(work: Linework, is_wall: Sequence[bool]) -> list[WallEnd]:
    """Where a wall drawn as one line stops; a window or a door may go on straight from there."""
    found = []
    for point, edges in enumerate(work.edges_at):
        walls = [edge for edge in edges if is_wall[edge]]
        if len(walls) != 1 or len(edges) > 2:
            continue
        back = work.away(walls[0], point)
        body = _reach_back(work, point, back)
        straight = all(edge in walls or float(work.away(edge, point) @ back) < -_PARALLEL for edge in edges)
        if straight and body >= STUB_M:
            found.append(WallEnd(work.points[point], -back, (point,), 0.0, body))
    return found


def _single_doorways(
    ends: Sequence[WallEnd], limit: float, filled: Callable[[LineString, float], bool]
) -> tuple[dict[tuple[int, ...], Doorway], set[int]]:
    """The openings between single walls that are in one line, and the points at which these end."""
    found: dict[tuple[int, ...], Doorway] = {}
    middles = np.array([end.middle for end in ends]).reshape(-1, 2)
    aheads = np.array([end.ahead for end in ends]).reshape(-1, 2)
    for end in ends:
        offsets = middles - end.middle
        distances = offsets @ end.ahead
        aside = np.abs(offsets @ [-end.ahead[1], end.ahead[0]])
        facing = (aside < CAP_MIN_M) & (aheads @ end.ahead < -_PARALLEL) & (distances > CAP_MIN_M)
        if not facing.any():
            continue
        nearest = int(np.argmin(np.where(facing, distances, np.inf)))
        other, distance = ends[nearest], float(distances[nearest])
        line = LineString([end.middle, other.middle])
        if distance <= limit or (distance <= WIDEST_M and filled(line, 0.0)):
            name = tuple(sorted([*end.corners, *other.corners]))
            found[name] = Doorway(line, np.array([[end.middle, other.middle]]))
    return found, {point for name in found for point in name}


def _opposite(
    work: Linework,
    end: WallEnd,
    of_edge: dict[int, WallEnd],
    limit: float,
    filled: Callable[[LineString, float], bool],
) -> tuple[Doorway, tuple[int, ...]] | None:
    hit = work.first_hit(end.middle, end.ahead, WIDEST_M)
    if hit is None or hit[0] < CAP_MIN_M:
        return None
    width, edge = hit
    if abs(float(work.away(edge, int(work.edges[edge][0])) @ end.ahead)) > _SQUARE:
        return None
    line = shapely.linestrings([end.middle, end.middle + end.ahead * width])
    facing = of_edge.get(edge)
    if facing is not None and float(facing.ahead @ end.ahead) > -_PARALLEL:
        facing = None
    plausible = width <= limit and (facing is not None or end.body >= STUB_M) and not _is_column(work, end)
    if not plausible and not filled(line, end.width):
        return None
    sides = [side for side in _sides(work, end, width, edge) if not _is_drawn(work, side)]
    if not sides:
        return None  # a joint within a wall whose two faces go on
    name = tuple(sorted([end.edge, edge])) if facing is not None else (end.edge, *end.corners)
    is_open = len(sides) == (1 if end.edge < 0 else 2)
    return Doorway(line, unique(np.array(sides)), is_open), name


def _is_drawn(work: Linework, side: Floats) -> bool:
    """Whether a wall's face goes on there already."""
    line = shapely.linestrings(side)
    near = work.tree.query(line, predicate="dwithin", distance=CAP_MIN_M / 2)
    return covered(line, work.lines[near], CAP_MIN_M / 2) > 0.6


def _is_column(work: Linework, end: WallEnd) -> bool:
    """A column's side looks like the end of a wall: one that is nothing but a small ring is a column."""
    if end.edge < 0 or len(end.corners) < 2:
        return False
    start, last = end.corners
    point, edge, steps = start, end.edge, 0
    while steps < 12:
        onward = [other for other in work.edges_at[point] if other != edge]
        if len(onward) != 1:
            return False
        edge = onward[0]
        point = work.other_end(edge, point)
        steps += 1
        if point == last:
            return end.body <= COLUMN_M
        if np.hypot(*(work.points[point] - work.points[start])) > COLUMN_M:
            return False
    return False


def _sides(work: Linework, end: WallEnd, width: float, edge: int) -> list[Floats]:
    """Lines from the wall end's corners straight ahead to what is opposite."""
    found = []
    for corner in end.corners:
        start = work.points[corner]
        hit = work.first_hit(start, end.ahead, width + end.width + CAP_MIN_M)
        if hit is not None and abs(hit[0] - width) <= max(end.width, CAP_MIN_M):
            target, met = start + end.ahead * hit[0], hit[1]
        else:
            target, met = start + end.ahead * width, edge
        found.append(np.array([start, _at_corner(work, target, met)]))
    return found


def _at_corner(work: Linework, target: Floats, edge: int) -> Floats:
    """The end of the edge where the target is beside it or off it; else the target."""
    ends = work.segments[edge]
    distances = np.hypot(*(ends - target).T)
    nearest: Floats = ends[int(np.argmin(distances))]
    off = shapely.distance(work.lines[edge], shapely.points(target)) > 1e-3
    return nearest if off or float(distances.min()) < CAP_MIN_M else target
