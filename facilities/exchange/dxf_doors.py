"""Doors as drawings show them: a leaf that stands open and the arc that it swings through. Local metres."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, STRtree

from .dxf_entities import Arc, Piece, arc_points
from .linework import NOTHING, Floats, covered, joined, segments_of

LEAF_MIN_M, LEAF_MAX_M = 0.45, 2.5
SWEEP_MIN, SWEEP_MAX = 15.0, 135.0
_BESIDE_M = 0.12
_LEAF_M = 0.06
_LEAF_THICK_M = 0.08
# The tips of a double door's leaves meet within this.
_MEET_M = 0.2
_WINDOW_BLOCK = re.compile(r"창|window|\bwin|sash|fenster|ventana", re.IGNORECASE)
_DOOR_BLOCK = re.compile(r"문|door|puerta|porte|^\w?[SWAF]?D[-_ ]?\d", re.IGNORECASE)


@dataclass(frozen=True)
class Door:
    """``line`` is the door closed, from hinge to tip, or from hinge to hinge of a double one. ``sure`` says that the
    drawing left no doubt which end of the arc is the closed one; ``how`` is "arc", "block" or "line"."""

    line: LineString
    sure: bool = True
    how: str = "arc"


@dataclass(frozen=True)
class Doors:
    """``panels`` are the segments (n, 2, 2) of the layers that are no leaf and no arc: frames, windows, glass. They
    bound rooms where walls have a gap. ``leaves`` are those of sliding doors, which stand beside their opening."""

    doors: tuple[Door, ...]
    panels: Floats
    leaves: Floats = field(default_factory=NOTHING.copy)


def is_swing(arc: Arc) -> bool:
    return LEAF_MIN_M <= arc.radius <= LEAF_MAX_M and SWEEP_MIN <= arc.sweep <= SWEEP_MAX


def find_doors(pieces: Sequence[Piece], walls: Floats, *, only_with_leaf: bool = False) -> Doors:
    """The doors among the pieces of the door layers, and the walls (segments) they hang in.

    ``only_with_leaf`` is for wall layers: there an arc is a door only if its leaf is drawn too.
    """
    arcs = [(arc, piece) for piece in pieces for arc in piece.arcs if is_swing(arc)]
    if only_with_leaf and arcs:
        drawn = _tree_of(joined([segments_of(piece.points, piece.closed) for piece in pieces if not piece.arcs]))
        arcs = [(arc, piece) for arc, piece in arcs if _has_leaf(arc, drawn)]
    swings = {id(piece) for _arc, piece in arcs if piece.kind in ("ARC", "ELLIPSE")}
    lines = [piece for piece in pieces if id(piece) not in swings]
    segments = joined([segments_of(piece.points, piece.closed) for piece in lines])
    wall_tree, line_tree = _tree_of(walls), _tree_of(segments)
    swung = _merged([_closed(arc, line_tree, wall_tree) for arc, _piece in arcs])
    with_arc = {piece.place.insert for _arc, piece in arcs if piece.place.insert}
    plain = [] if only_with_leaf else _plain_blocks([piece for piece in lines if piece.place.insert not in with_arc])
    panels = _without_leaves(segments, [arc for arc, _piece in arcs], swung)
    sliding = np.zeros(len(panels), dtype=bool) if only_with_leaf else _is_sliding(panels, wall_tree)
    return Doors(tuple(swung + plain), panels[~sliding], panels[sliding])


def _tree_of(segments: Floats) -> STRtree:
    return STRtree(shapely.linestrings(segments) if len(segments) else [])


def _closed(arc: Arc, drawn: STRtree, walls: STRtree) -> Door:
    """The door closed: its tip is at the end of the arc at which no leaf is drawn and a wall is near."""
    lines = [LineString([arc.centre, tip]) for tip in (arc.start, arc.end)]
    leaf = [_leaf_along(line, drawn) for line in lines]
    if (leaf[0] >= 0.6) != (leaf[1] >= 0.6):
        return Door(lines[0] if leaf[1] >= 0.6 else lines[1])
    if not len(walls.geometries):
        return Door(lines[0], sure=False)
    tips = [shapely.points(arc.start), shapely.points(arc.end)]
    near = [float(walls.geometries[walls.nearest(tip)].distance(tip)) for tip in tips]
    closed = int(near[1] < near[0])
    return Door(lines[closed], sure=abs(near[0] - near[1]) > _BESIDE_M)


def _has_leaf(arc: Arc, drawn: STRtree) -> bool:
    """Whether a leaf stands at exactly one end of a quarter circle."""
    if not 75 <= arc.sweep <= 105:
        return False
    leaves = [_leaf_along(LineString([arc.centre, tip]), drawn) >= 0.6 for tip in (arc.start, arc.end)]
    return leaves[0] != leaves[1]


def _leaf_along(line: LineString, drawn: STRtree) -> float:
    """How much of the line has a line beside it that is no longer."""
    inside = drawn.query(line.buffer(_BESIDE_M), predicate="contains")
    return covered(line, drawn.geometries[inside]) if len(inside) else 0.0


def _merged(doors: list[Door]) -> list[Door]:
    """Two leaves whose tips meet are one double door."""
    tips = shapely.get_point([door.line for door in doors], 1) if doors else []
    near = STRtree(tips)
    found, gone = [], set()
    for number, door in enumerate(doors):
        if number in gone:
            continue
        others = near.query(tips[number], predicate="dwithin", distance=_MEET_M)
        partner = next((int(i) for i in sorted(others) if i > number and _meet(door.line, doors[i].line)), None)
        if partner is None:
            found.append(door)
        else:
            gone.add(partner)
            hinges = [shapely.get_coordinates(each.line)[0] for each in (door, doors[partner])]
            found.append(Door(LineString(hinges), door.sure and doors[partner].sure))
    return found


def _meet(one: LineString, other: LineString) -> bool:
    (hinge, tip), (other_hinge, other_tip) = shapely.get_coordinates([one, other]).reshape(2, 2, 2)
    along, back = tip - hinge, other_tip - other_hinge
    opposed = float(along @ back) < -0.95 * math.hypot(*along) * math.hypot(*back)
    return opposed and math.hypot(*(tip - other_tip)) < _MEET_M


def _plain_blocks(pieces: Iterable[Piece]) -> list[Door]:
    """Blocks named as doors that have no arc: a door as long as the block's longer side."""
    by_insert: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.place.insert and _DOOR_BLOCK.search(piece.place.block) and not _WINDOW_BLOCK.search(piece.place.block):
            by_insert.setdefault(piece.place.insert, []).append(piece)
    found = []
    for parts in by_insert.values():
        box = shapely.multipoints(np.concatenate([part.points for part in parts])).minimum_rotated_rectangle
        if isinstance(box, Polygon):
            line = _long_middle(box)
            if LEAF_MIN_M <= line.length <= 2 * LEAF_MAX_M:
                found.append(Door(line, how="block"))
    return found


def _long_middle(box: Polygon) -> LineString:
    """The middle line of a rectangle, along its longer side."""
    corners = shapely.get_coordinates(box)[:4]
    if math.dist(corners[0], corners[1]) < math.dist(corners[1], corners[2]):
        corners = np.roll(corners, 1, axis=0)
    return LineString([(corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2])


def _without_leaves(segments: Floats, arcs: Sequence[Arc], doors: Sequence[Door]) -> Floats:
    """Segments that are not within a door's swing, but those along the closed door are kept."""
    if not len(segments) or not arcs:
        return segments
    lines = shapely.linestrings(segments)
    # Less than a wall is thick: the jambs beside a door stay.
    swings = [Polygon([arc.centre, *arc_points(arc)]).buffer(_LEAF_M) for arc in arcs]
    inside, _which = STRtree(swings).query(lines, predicate="within")
    closed = shapely.union_all([door.line.buffer(0.05) for door in doors])
    leaf = np.zeros(len(segments), dtype=bool)
    leaf[inside] = True
    leaf &= ~(shapely.within(lines, closed) & (shapely.length(lines) > 2 * _LEAF_M))
    found: Floats = segments[~leaf]
    return found


def _is_sliding(segments: Floats, walls: STRtree) -> NDArray[np.bool_]:
    """Which segments are the sides of narrow rectangles that hang free: the leaves of sliding doors."""
    found = np.zeros(len(segments), dtype=bool)
    if not len(segments) or not len(walls.geometries):
        return found
    lines = shapely.linestrings(segments)
    faces = shapely.get_parts(shapely.polygonize([shapely.node(shapely.multilinestrings(list(lines)))]))
    leaves = [face.exterior.buffer(0.001) for face in faces if _is_sliding_leaf(face)]
    if leaves:
        found[STRtree(leaves).query(lines, predicate="within")[0]] = True
    # A frame or a jamb joins the two faces of the wall.
    ends = [walls.query(shapely.points(segments[:, end]), predicate="dwithin", distance=0.005)[0] for end in (0, 1)]
    found[np.intersect1d(*ends)] = False
    return found


def _is_sliding_leaf(face: Polygon) -> bool:
    box = face.minimum_rotated_rectangle
    if not isinstance(box, Polygon) or face.area < 0.9 * box.area:
        return False
    (x0, y0), (x1, y1), (x2, y2), *_rest = box.exterior.coords
    short, long = sorted((math.dist((x0, y0), (x1, y1)), math.dist((x1, y1), (x2, y2))))
    return short <= _LEAF_THICK_M and LEAF_MIN_M <= long <= 2 * LEAF_MAX_M
