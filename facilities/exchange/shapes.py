"""Shapes as a plan holds them, out of whatever a file draws. Local metres."""

from collections.abc import Iterable

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import GRID_M, KINDS, Document, snapped
from facilities.plan.drawing.values import REACH_M
from facilities.plan.topology import WALL_MAX_M
from gis_core.geometry import repaired

from .notes import Notes
from .report import INVALID_SHAPE, REPAIRED_SHAPE, SPLIT_SHAPE

# An area smaller than this is what a slip of the pen leaves over.
AREA_MIN_M2 = 0.0001
# What stands for a shape that a file does not have, or that cannot be read.
NOWHERE = Polygon()


def rooms(shape: BaseGeometry, notes: Notes, key: str = "") -> list[Polygon]:
    """The polygons of a shape on the grid, valid, the largest first; what was done to them is noted."""
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty or not _within_reach(shape):
        notes.add(INVALID_SHAPE, key=key)
        return []
    on_grid = snapped(shapely.force_2d(shape))
    if not on_grid.is_valid:
        on_grid = _mended(on_grid)
        notes.add(REPAIRED_SHAPE, key=key)
    parts = [part for part in shapely.get_parts(on_grid).tolist() if part.area >= AREA_MIN_M2]
    if not parts:
        notes.add(INVALID_SHAPE, key=key)
    if len(parts) > 1:
        notes.add(SPLIT_SHAPE, key=key)
    return sorted(parts, key=lambda part: -part.area)


def _mended(shape: BaseGeometry) -> BaseGeometry:
    """Valid, with the corners that mending made on the grid like the others."""
    return snapped(shapely.set_precision(repaired(shape), GRID_M))


def outline(shape: BaseGeometry | None, notes: Notes, level: str) -> Polygon | MultiPolygon | None:
    """A level's outline on the grid, or None where there is none to be had."""
    if shape is None or shape.is_empty:
        return None
    on_grid = snapped(shapely.force_2d(shape))
    if isinstance(on_grid, Polygon | MultiPolygon) and not on_grid.is_valid:
        on_grid = _mended(on_grid)
        notes.add(REPAIRED_SHAPE, level=level)
    if not isinstance(on_grid, Polygon | MultiPolygon) or on_grid.is_empty or not _within_reach(on_grid):
        notes.add(INVALID_SHAPE, level=level)
        return None
    return on_grid


def line(shape: BaseGeometry | None, notes: Notes, key: str = "") -> LineString | None:
    """A line on the grid that has a length."""
    on_grid = snapped(shapely.force_2d(shape)) if isinstance(shape, LineString) and not shape.is_empty else None
    if on_grid is None or on_grid.length < GRID_M or not _within_reach(on_grid):
        notes.add(INVALID_SHAPE, key=key)
        return None
    return on_grid


def point(shape: BaseGeometry | None, notes: Notes, key: str = "") -> Point | None:
    if not isinstance(shape, Point) or shape.is_empty or not _within_reach(shape):
        notes.add(INVALID_SHAPE, key=key)
        return None
    return snapped(shapely.force_2d(shape))


def _within_reach(shape: BaseGeometry) -> bool:
    return max(map(abs, shape.bounds)) <= REACH_M


def hull_of(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Around rooms that stand a wall apart: the rooms and the walls between them. Empty when there are none."""
    half = WALL_MAX_M / 2
    grown = shapely.union_all([shape.buffer(half, join_style="mitre") for shape in shapes])
    return shapely.union_all([grown.buffer(-half, join_style="mitre")])


def outline_of(document: Document, level: str) -> BaseGeometry:
    """A level's outline; where it has none, what its rooms and whatever stands in its walls take up. May be empty."""
    drawn = document.level_of[level].outline
    if drawn is not None:
        return drawn
    rooms = [unit.geometry for unit in document.on_level("units", level)]
    rest = [part.geometry for kind in KINDS[1:] for part in document.on_level(kind, level)]
    return shapely.union_all([hull_of(rooms), *(shape.buffer(0.1 if rooms else 1.0) for shape in rest)])


def right_handed(shape: BaseGeometry) -> tuple[BaseGeometry, list[int]]:
    """The shape with rings as RFC 7946 has them, and the numbers of the rings that were turned round for it."""
    if not isinstance(shape, Polygon):
        return shapely.orient_polygons(shape), []
    rings = [shape.exterior, *shape.interiors]
    turned = [number for number, ring in enumerate(rings) if ring.is_ccw == (number > 0)]
    return turned_back(shape, turned), turned


def turned_back(shape: BaseGeometry, numbers: object) -> BaseGeometry:
    """The polygon with the rings of these numbers turned round; each still begins where it began."""
    if not isinstance(shape, Polygon) or not isinstance(numbers, list) or not numbers:
        return shape
    rings = [shape.exterior, *shape.interiors]
    points = [list(ring.coords)[::-1] if number in numbers else ring.coords for number, ring in enumerate(rings)]
    return Polygon(points[0], points[1:])
