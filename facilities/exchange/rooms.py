"""Rooms out of wall lines: the faces between them that are too wide to be a wall. Local metres."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import GRID_M
from facilities.plan.topology import WALL_MAX_M

from .doorways import CAP_MIN_M, Doorway, doorways
from .linework import NOTHING, Floats, Linework, bridges, covered, joined, segments_of, snapped_ends, unique

CUPBOARD_M, CUPBOARD_M2 = 0.35, 0.5


@dataclass(frozen=True)
class Rules:
    """``snap_m``: ends this near one another are one. ``close_m``: loose ends are led on this far. ``doorway_m``: so
    wide may an opening between wall ends be that nothing is drawn in. ``thin_m``: what is nowhere wider is a wall.
    ``room_min_m2``: smaller faces are left out unless a name stands in them."""

    snap_m: float = 0.02
    close_m: float = 0.1
    doorway_m: float = 1.3
    thin_m: float = WALL_MAX_M
    room_min_m2: float = 1.0


@dataclass
class Found:
    """``joints`` are the lines that were added to close what did not meet, ``doorways`` what was closed between wall
    ends; ``loose`` the lines that bound nothing; ``duplicates`` how many lines were drawn twice."""

    rooms: list[Polygon] = field(default_factory=list)
    walls: list[Polygon] = field(default_factory=list)
    tiny: list[Polygon] = field(default_factory=list)
    joints: list[LineString] = field(default_factory=list)
    doorways: list[Doorway] = field(default_factory=list)
    loose: list[LineString] = field(default_factory=list)
    duplicates: int = 0

    @property
    def outline(self) -> Polygon | MultiPolygon | None:
        """The outer face of the outer walls, around everything that holds a room."""
        return outline_around(self.rooms, self.walls)


def find_rooms(
    walls: Floats,
    rules: Rules = Rules(),
    *,
    panels: Floats = NOTHING,
    leaves: Floats = NOTHING,
    doors: Sequence[LineString] = (),
    names: Sequence[Point] = (),
) -> Found:
    """The rooms between ``walls`` (n, 2, 2).

    ``panels`` (n, 2, 2) are what is drawn in openings, such as windows and frames: they bound rooms too. ``leaves``
    are sliding doors, which only tell that there is an opening.
    ``doors`` are closed doors, across their openings. A face with one of ``names`` in it is a room however small.
    """
    found = Found()
    given = unique(joined([walls, panels]))
    found.duplicates = len(walls) + len(panels) - len(given)
    work = Linework(snapped_ends(given, rules.snap_m))
    joints = bridges(work, rules.snap_m, rules.close_m)
    if len(joints):
        found.joints = list(shapely.linestrings(joints))
        work = Linework(joined([work.segments, joints]))
    filling = Filling(joined([panels, leaves]), doors)
    wall_edges = _beside(work, walls, rules.snap_m)
    found.doorways = doorways(work, rules.doorway_m, rules.thin_m, filling.fills, wall_edges)
    added = [doorway.sides for doorway in found.doorways]
    ways = [doorway.line for doorway in found.doorways]
    unhung = [door for door, way in zip(doors, doorways_of(doors, ways), strict=True) if way is None]
    added += [segments_of(shapely.get_coordinates(led_on(door, work))) for door in unhung]
    if added:
        work = Linework(snapped_ends(joined([work.segments, *added]), GRID_M))
    _sort_faces(work, rules, names, found)
    _take_cupboards(doors, filling, rules, found)
    return found


def _beside(work: Linework, walls: Floats, distance: float) -> list[bool]:
    """Whether each edge lies on one of the wall lines, and is not of a door or window."""
    if not len(walls):
        return [False] * len(work.edges)
    middles = shapely.points(work.segments.mean(axis=1))
    near = STRtree(shapely.linestrings(walls)).query(middles, predicate="dwithin", distance=distance)
    found = np.zeros(len(work.edges), dtype=bool)
    found[near[0]] = True
    return found.tolist()


class Filling:
    """What is drawn within openings: doors and windows."""

    def __init__(self, panels: Floats, doors: Sequence[LineString]) -> None:
        lines = [*(shapely.linestrings(panels) if len(panels) else ()), *doors]
        self.lines = np.array([line for line in lines if line.length > CAP_MIN_M], dtype=object)
        self.tree = STRtree(self.lines)

    def fills(self, opening: LineString, thickness: float) -> bool:
        """Whether lines along the opening, within the wall or at its faces, take up most of it."""
        return covered(opening, self.lines[self.tree.query(opening.buffer(thickness / 2 + 0.15))]) >= 0.4


def doorways_of(doors: Sequence[LineString], ways: Sequence[LineString]) -> list[int | None]:
    """For each closed door, the number of the doorway in which it stands."""
    tree = STRtree(ways)
    found: list[int | None] = []
    for door in doors:
        near = tree.query(door.centroid, predicate="dwithin", distance=WALL_MAX_M)
        found.append(next((int(way) for way in sorted(near) if covered(ways[way], [door]) > 0.4), None))
    return found


def led_on(door: LineString, work: Linework, reach: float = 0.3) -> LineString:
    """The closed door's line led on at both ends to the walls it hangs between."""
    start, end = shapely.get_coordinates(door)[[0, -1]]
    along = (end - start) / np.hypot(*(end - start))
    ends = []
    for origin, direction in ((start, -along), (end, along)):
        inside = origin - direction * reach
        hit = work.first_hit(inside, direction, 2 * reach)
        ends.append(origin if hit is None else inside + direction * hit[0])
    return LineString(ends)


def _sort_faces(work: Linework, rules: Rules, names: Sequence[Point], found: Found) -> None:
    faces, cuts, dangles, _invalid = shapely.polygonize_full(list(work.lines))
    found.loose = [*shapely.get_parts(cuts), *shapely.get_parts(dangles)]
    polygons = shapely.get_parts(faces)
    named = np.zeros(len(polygons), dtype=bool)
    if len(names) and len(polygons):
        named[STRtree(polygons).query(list(names), predicate="within")[1]] = True
    for polygon, has_name in zip(polygons, named, strict=True):
        if is_thin(polygon, rules.thin_m) and not (has_name and polygon.area > CUPBOARD_M2):
            found.walls.append(polygon)
        elif polygon.area < rules.room_min_m2 and not has_name:
            found.tiny.append(polygon)
        else:
            found.rooms.append(polygon)


def _take_cupboards(doors: Sequence[LineString], filling: Filling, rules: Rules, found: Found) -> None:
    """A face as thin as a wall into which a door leads is a cupboard, and a room."""
    used = [way for way in found.doorways if way.open or filling.fills(way.line, rules.thin_m)]
    fronts = [line for way in used for line in shapely.linestrings(way.sides)] + list(doors)
    fronts = [line for line in fronts if line.length > CUPBOARD_M]
    middles = [way.line.interpolate(0.5, normalized=True) for way in used]
    tree = STRtree(fronts)
    for face in [face for face in found.walls if is_cupboard(face)]:
        near = [fronts[index] for index in tree.query(face, predicate="dwithin", distance=rules.snap_m).tolist()]
        edge = face.exterior.buffer(rules.snap_m)
        leads_in = any(edge.intersection(front).length > 0.6 * front.length for front in near)
        if leads_in and not any(face.contains(middle) for middle in middles):
            found.walls.remove(face)
            found.rooms.append(face)


def is_cupboard(face: Polygon) -> bool:
    """Whether what was taken for a wall is large enough to be a cupboard."""
    box = face.minimum_rotated_rectangle
    return face.area > max(CUPBOARD_M2, 0.85 * box.area) and not is_thin(face, CUPBOARD_M)


def is_thin(polygon: BaseGeometry, thickest: float) -> bool:
    """Whether a face is a wall: most of it is nowhere wider than ``thickest``."""
    core = polygon.buffer(-thickest / 2, join_style="mitre")
    if core.is_empty:
        return True
    return bool(core.buffer(thickest / 2, join_style="mitre").intersection(polygon).area < polygon.area / 2)


def outline_around(rooms: Sequence[Polygon], walls: Sequence[BaseGeometry]) -> Polygon | MultiPolygon | None:
    """The outer edge of rooms with the walls that touch them."""
    if not rooms:
        return None
    united = shapely.union_all([*rooms, *walls], grid_size=GRID_M)
    filled = [Polygon(part.exterior) for part in shapely.get_parts(united) if isinstance(part, Polygon)]
    tree = STRtree([room.representative_point() for room in rooms])
    kept = [shape for shape in filled if len(tree.query(shape, predicate="intersects"))]
    whole = shapely.union_all(kept)
    return whole if isinstance(whole, Polygon | MultiPolygon) and not whole.is_empty else None
