"""What must hold of the rooms of a level after every operation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from ..document import GRID_M, Level, Unit
from .draft import Draft, Place, Refused
from .nodes import shared
from .values import CORNERS_MAX, refuse_invalid

# Smaller than this is no room, but the remains of one.
ROOM_MIN_M2 = 0.05
# Rooms may share this much: what rounding to the grid can do to the longest slanted walls, and nobody sees.
OVERLAP_M2 = 1e-4
# Rounding leaves even a corner on a line along the axes this far beside it.
STRAIGHT_M = 1e-9
# How far a room may reach over the outline, for the same reason.
_OVER_M = 0.001


def settle(draft: Draft, before: Mapping[str, Unit]) -> None:
    """Make the walls of all rooms whose polygons changed since ``before`` fit their neighbours', and refuse what must
    not be. Raises Refused.

    What was so already before the operation, in an imported plan, is not held against it.
    """
    for key, unit in draft.units().items():
        if _is_new(unit, before.get(key)):
            _tidy(draft, unit, before.get(key))
    after = draft.units()
    changed = {key for key, unit in after.items() if _is_new(unit, before.get(key))}
    for level in {after[key].level for key in changed}:
        here = {key for key in changed if after[key].level == level}
        for key in here:
            refuse_bad_shape(after[key].geometry, (key,))
        rooms = _near(draft.on_level("units", level), [after[key].geometry for key in here])
        rooms = _with_shared_walls(draft, rooms, here)
        old = [unit for unit in before.values() if unit.level == level]
        _refuse_outside(draft.level(level), [room for room in rooms if room.key in here], old)
        _refuse_overlaps(rooms, here, old)


def _is_new(unit: Unit, before: Unit | None) -> bool:
    return before is None or (unit.geometry is not before.geometry and unit.geometry != before.geometry)


def _tidy(draft: Draft, unit: Unit, before: Unit | None) -> None:
    """Leave out corners on a straight line; and where that gives the old polygon again, keep the old one as it was."""
    shape = shapely.simplify(unit.geometry, STRAIGHT_M) if unit.geometry.is_valid else unit.geometry
    if before is not None and before.geometry.is_valid and shape.equals(before.geometry):
        shape = before.geometry
    draft.put("units", replace(unit, geometry=shape))


def refuse_bad_shape(polygon: Polygon, keys: tuple[str, ...] = ()) -> None:
    """Refuse what cannot be a room's polygon. Raises Refused."""
    refuse_invalid(polygon, keys)
    if polygon.area < ROOM_MIN_M2:
        raise Refused("too_small", keys, {"area": round(polygon.area, 4), "least": ROOM_MIN_M2}, point_in(polygon))
    if shapely.get_num_coordinates(polygon) > CORNERS_MAX + 1 + len(polygon.interiors):
        raise Refused("too_many_corners", keys, {"maximum": CORNERS_MAX})


def _near(units: Sequence[Unit], changed: Sequence[Polygon]) -> list[Unit]:
    """The rooms that touch the rectangle around those that changed."""
    x0, y0, x1, y1 = shapely.total_bounds(changed) + np.array([-1, -1, 1, 1]) * _OVER_M
    low_x, low_y, high_x, high_y = shapely.bounds([unit.geometry for unit in units]).T
    near = (low_x <= x1) & (high_x >= x0) & (low_y <= y1) & (high_y >= y0)
    return [unit for unit, is_near in zip(units, near, strict=True) if is_near]


def _with_shared_walls(draft: Draft, rooms: list[Unit], changed: Iterable[str]) -> list[Unit]:
    noded = shared(rooms, changed)
    found = [replace(room, geometry=noded[room.key]) if room.key in noded else room for room in rooms]
    for room in found:
        if room.key in noded:
            draft.put("units", room)
    return found


def _refuse_outside(level: Level, changed: Sequence[Unit], before: Sequence[Unit]) -> None:
    over = outside(level.outline, changed)
    if not over:
        return
    covered = shapely.union_all([solid(unit.geometry) for unit in before])
    for room, part in over:
        new = part.difference(covered)
        if new.area > OVERLAP_M2:
            raise Refused("outside_outline", (room.key,), {"area": round(new.area, 4)}, point_in(new))


def outside(outline: BaseGeometry | None, rooms: Sequence[Unit]) -> list[tuple[Unit, BaseGeometry]]:
    """The rooms that reach over the outline, if there is one, and with what."""
    if outline is None:
        return []
    outline = solid(outline)
    shapely.prepare(outline)
    over = [room for room in rooms if not outline.covers(room.geometry)]
    if not over:
        return []
    allowed = outline.buffer(_OVER_M)
    parts = [(room, solid(room.geometry).difference(allowed)) for room in over]
    return [(room, part) for room, part in parts if part.area > OVERLAP_M2]


def _refuse_overlaps(rooms: Sequence[Unit], changed: Iterable[str], before: Sequence[Unit]) -> None:
    for one, other, common in overlaps(rooms, changed):
        new = common.difference(_doubly_covered(before, common)) if common.area > 0 else common
        if new.area > OVERLAP_M2:
            params = {"area": round(new.area, 4)}
            raise Refused("overlap", (one.key, other.key), params, point_in(new))


def overlaps(rooms: Sequence[Unit], changed: Iterable[str] | None = None) -> list[tuple[Unit, Unit, BaseGeometry]]:
    """Pairs of rooms (one of them among ``changed``, if given) that share more than ``OVERLAP_M2``, and what."""
    polygons = np.array([solid(room.geometry) for room in rooms], dtype=object)
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = one < other
    if changed is not None:
        new = np.isin(np.array([room.key for room in rooms], dtype=object), list(changed))
        once &= new[one] | new[other]
    # Neighbours only touch. Telling so is much cheaper than intersecting them.
    one, other = one[once], other[once]
    more = ~shapely.touches(polygons[one], polygons[other])
    one, other = one[more], other[more]
    common = shapely.intersection(polygons[one], polygons[other])
    large = np.flatnonzero(shapely.area(common) > OVERLAP_M2)
    return [(rooms[one[index]], rooms[other[index]], common[index]) for index in large]


def _doubly_covered(units: Sequence[Unit], where: BaseGeometry) -> BaseGeometry:
    """What of a place two of these rooms covered."""
    shapes = (solid(unit.geometry) for unit in units)
    here = [shape.intersection(where) for shape in shapes if shape.intersects(where)]
    return shapely.union_all([one.intersection(other) for one, other in combinations(here, 2)])


def solid(geometry: BaseGeometry) -> BaseGeometry:
    """The same, or the area that is left of it when repaired, where an import has left an invalid polygon."""
    if geometry.is_valid:
        return geometry
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def point_in(geometry: BaseGeometry) -> Place:
    found = shapely.point_on_surface(geometry)
    return round(float(found.x), 3), round(float(found.y), 3)


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry, the largest first."""
    found = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]
    return sorted(found, key=lambda part: -part.area)


def difference(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """What of one is not in the other. Off the grid GEOS cannot always tell, on it always."""
    try:
        return one.difference(other)
    except shapely.errors.GEOSException:
        return grid_difference(one, other)


def grid_difference(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    return shapely.difference(one, other, grid_size=GRID_M)


def grid_union(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(geometries, grid_size=GRID_M)
