"""Doors as architects draw them: a gap in the wall, the leaf standing open, and the arc it swings. No Django here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import LineString, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import GAP, Opening, Unit

# No wall is thicker (metres); the same bound as in the circulation check.
WALL_MAX_M = 0.6
# A door wider than this has two leaves.
_ONE_LEAF_M = 1.3
_HERE_M = 0.03
_PASSAGES = frozenset({"walkway", "lobby", "stairs", "waitingroom", "ramp", "terrace"})

XY = tuple[float, float]


@dataclass(frozen=True)
class Leaf:
    """A door leaf hinged at ``hinge``, standing open at ``tip``; closed it reaches ``shut``."""

    hinge: XY
    tip: XY
    shut: XY

    @property
    def sweep(self) -> Polygon:
        middle = ((self.tip[0] + self.shut[0]) / 2, (self.tip[1] + self.shut[1]) / 2)
        away = math.dist(self.hinge, middle) or 1.0
        bulge = math.dist(self.hinge, self.tip) / away
        corner = tuple(self.hinge[i] + (middle[i] - self.hinge[i]) * bulge for i in (0, 1))
        return Polygon([self.hinge, self.tip, corner, self.shut])


@dataclass(frozen=True)
class Symbol:
    """An opening's drawing in local metres. ``inward`` is the unit vector into the building, at an entrance's
    outer face ``outside``."""

    opening: Opening
    cut: Polygon
    jambs: tuple[LineString, ...]
    leaves: tuple[Leaf, ...] = ()
    panels: tuple[LineString, ...] = ()
    outside: XY | None = None
    inward: XY = (0.0, 0.0)

    @property
    def taken(self) -> BaseGeometry:
        """What labels should keep clear of."""
        return shapely.union_all([self.cut.buffer(0.05), *(leaf.sweep for leaf in self.leaves)])


class Rooms:
    """Finds the room at a place, and the room on each side of an opening."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = [unit for unit in units if unit.is_walkable]
        self._tree = STRtree([unit.geometry for unit in self._units])

    def at(self, place: XY) -> Unit | None:
        found = self._tree.query(Point(place), predicate="intersects")
        return min((self._units[n] for n in found), key=lambda unit: float(unit.geometry.area), default=None)


def symbol(opening: Opening, rooms: Rooms, walls: BaseGeometry) -> Symbol:
    (px, py), (qx, qy) = opening.geometry.coords[0][:2], opening.geometry.coords[-1][:2]
    length = math.hypot(qx - px, qy - py) or 1.0
    along = ((qx - px) / length, (qy - py) / length)
    normal = (-along[1], along[0])
    middle = ((px + qx) / 2, (py + qy) / 2)
    left, right = _thickness(middle, normal, walls)
    face_left, face_right = _shifted((px, py), normal, left), _shifted((px, py), normal, -right)
    far_left, far_right = _shifted((qx, qy), normal, left), _shifted((qx, qy), normal, -right)
    cut = Polygon([face_left, far_left, far_right, face_right])
    jambs = (LineString([face_left, face_right]), LineString([far_left, far_right]))
    on_left = rooms.at(_shifted(middle, normal, left + 0.15))
    on_right = rooms.at(_shifted(middle, normal, -right - 0.15))
    swings_left = _swings_left(on_left, on_right)
    start, end = (face_left, far_left) if swings_left else (face_right, far_right)
    towards = normal if swings_left else (-normal[0], -normal[1])
    room = on_left if swings_left else on_right
    leaves, panels = _moving(opening, start, end, towards, room, _slides(opening, on_left, on_right))
    outside, inward = _outside(opening, middle, normal, (left, right), (on_left, on_right))
    return Symbol(opening, cut, jambs, leaves, panels, outside, inward)


def _shifted(place: XY, direction: XY, metres: float) -> XY:
    return place[0] + direction[0] * metres, place[1] + direction[1] * metres


def _thickness(middle: XY, normal: XY, walls: BaseGeometry) -> tuple[float, float]:
    """How far the wall reaches to the left and right of the opening; a nominal wall where none is drawn."""
    probe = LineString([_shifted(middle, normal, -WALL_MAX_M), _shifted(middle, normal, WALL_MAX_M)])
    pieces = probe.intersection(walls) if not walls.is_empty else LineString()
    for piece in getattr(pieces, "geoms", [pieces]):
        if isinstance(piece, LineString) and piece.length > 1e-6 and piece.distance(Point(middle)) < _HERE_M:
            reach = sorted(
                (x - middle[0]) * normal[0] + (y - middle[1]) * normal[1]
                for x, y in (piece.coords[0], piece.coords[-1])
            )
            return max(reach[1], 0.0), max(-reach[0], 0.0)
    return 0.05, 0.05


def _swings_left(left: Unit | None, right: Unit | None) -> bool:
    """Doors swing into the room rather than into the passage, and into the smaller of two rooms."""
    if left is None or right is None:
        return right is None
    passages = left.category in _PASSAGES, right.category in _PASSAGES
    if passages[0] != passages[1]:
        return passages[1]
    return bool(left.geometry.area <= right.geometry.area)


def _slides(opening: Opening, *rooms: Unit | None) -> bool:
    return opening.automatic or any(room is not None and room.category == "elevator" for room in rooms)


def _moving(
    opening: Opening, start: XY, end: XY, towards: XY, room: Unit | None, slides: bool
) -> tuple[tuple[Leaf, ...], tuple[LineString, ...]]:
    """The leaves, or the two panels that slide past one another."""
    if opening.kind == GAP:
        return (), ()
    if slides:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        inset, deeper = (_shifted(point, towards, -0.04) for point in (start, middle)), -0.09
        second = LineString([_shifted(middle, towards, deeper), _shifted(end, towards, deeper)])
        return (), (LineString(list(inset)), second)
    width = math.dist(start, end)
    if width > _ONE_LEAF_M:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        half = width / 2
        pair = (Leaf(start, _shifted(start, towards, half), middle), Leaf(end, _shifted(end, towards, half), middle))
        return pair, ()
    hinge, shut = (start, end) if _nearer_corner(start, end, towards, room) else (end, start)
    return (Leaf(hinge, _shifted(hinge, towards, width), shut),), ()


def _nearer_corner(start: XY, end: XY, towards: XY, room: Unit | None) -> bool:
    """Whether a wall stands nearer to the start than to the end: the open leaf lies against it."""
    if room is None:
        return True
    along = (end[0] - start[0], end[1] - start[1])
    inside = _shifted(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), towards, 0.3)
    edge = room.geometry.boundary

    def distance(sign: int) -> float:
        ray = LineString([inside, (inside[0] + sign * along[0] * 40, inside[1] + sign * along[1] * 40)])
        hit = ray.intersection(edge)
        return math.inf if hit.is_empty else float(hit.distance(Point(inside)))

    return distance(-1) <= distance(1)


def _outside(
    opening: Opening, middle: XY, normal: XY, reach: tuple[float, float], sides: tuple[Unit | None, Unit | None]
) -> tuple[XY | None, XY]:
    if not opening.entrance:
        return None, (0.0, 0.0)
    out_left = sides[0] is None or (sides[1] is not None and sides[0].category in {"terrace", "unenclosedarea", "road"})
    if out_left:
        return _shifted(middle, normal, reach[0]), (-normal[0], -normal[1])
    return _shifted(middle, normal, -reach[1]), normal
