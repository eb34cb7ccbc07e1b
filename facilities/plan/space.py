"""What a level's outline is filled with: rooms, voids, drawn structure, walls, and what nobody has drawn yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from .document import SOLIDS, VOIDS, Document, Level, Unit
from .topology import WALL_MAX_M

# Sums that differ by less are equal: a hundredth of a square metre.
TOLERANCE_M2 = 0.01
# What is left where thick walls meet when a wall's thickness is taken off: still wall, as in ``coverage``.
_CORE_M2 = 0.01


@dataclass(frozen=True)
class Space:
    """Square metres of one level, or of several. Without an outline only what is drawn is known.

    ``walls_m2`` is the ground between rooms that is too narrow to be anything else, ``unassigned_m2`` the ground too
    wide to be a wall. ``overlap_m2`` is counted twice in the rooms, ``outside_m2`` lies beyond the outline.
    """

    rooms_m2: float = 0.0
    voids_m2: float = 0.0
    structure_m2: float = 0.0
    outline_m2: float | None = None
    walls_m2: float = 0.0
    unassigned_m2: float = 0.0
    overlap_m2: float = 0.0
    outside_m2: float = 0.0

    @property
    def drawn_m2(self) -> float:
        return fsum((self.rooms_m2, self.voids_m2, self.structure_m2))

    @property
    def remainder_m2(self) -> float | None:
        """What the outline holds less its parts: 0 unless rooms overlap or lie outside. None without an outline."""
        if self.outline_m2 is None:
            return None
        return fsum((self.outline_m2, -self.drawn_m2, -self.walls_m2, -self.unassigned_m2))

    @property
    def reconciles(self) -> bool:
        remainder = self.remainder_m2
        return remainder is not None and abs(remainder) < TOLERANCE_M2


@dataclass(frozen=True)
class Filling:
    """A level's space, with the places that need a planner's eye (local metres; the largest first)."""

    space: Space
    unassigned: tuple[Polygon, ...] = ()
    overlaps: tuple[tuple[str, str, float], ...] = ()
    outside: tuple[tuple[str, float], ...] = ()


def fill(level: Level, units: Sequence[Unit]) -> Filling:
    """How the level's outline is filled by these units, which are all of the level."""
    shapes = [unit.geometry for unit in units]
    drawn = shapely.union_all(shapes) if shapes else Polygon()
    overlap = max(0.0, fsum(shape.area for shape in shapes) - drawn.area)
    overlaps = overlapping(units) if overlap >= TOLERANCE_M2 else ()
    parts = _parts(units)
    if level.outline is None or level.outline.is_empty:
        return Filling(Space(*parts, overlap_m2=overlap), overlaps=overlaps)
    free = level.outline.difference(drawn)
    wide = too_wide_for_a_wall(free)
    unassigned = fsum(polygon.area for polygon in wide)
    beyond = drawn.difference(level.outline).area
    space = Space(
        *parts,
        outline_m2=level.outline.area,
        walls_m2=max(0.0, free.area - unassigned),
        unassigned_m2=unassigned,
        overlap_m2=overlap,
        outside_m2=beyond,
    )
    outside = _outside(level.outline, units) if beyond >= TOLERANCE_M2 else ()
    return Filling(space, wide, overlaps, outside)


def in_all(spaces: Iterable[Space]) -> Space:
    """The sum over levels. Levels without an outline leave the whole without one: half a sum would mislead."""
    found = list(spaces)
    outlines = [space.outline_m2 for space in found]
    whole = None if not found or None in outlines else fsum(value or 0.0 for value in outlines)
    names = ("rooms_m2", "voids_m2", "structure_m2", "walls_m2", "unassigned_m2", "overlap_m2", "outside_m2")
    return Space(outline_m2=whole, **{name: fsum(getattr(space, name) for space in found) for name in names})


def too_wide_for_a_wall(free: BaseGeometry) -> tuple[Polygon, ...]:
    """The parts of free ground into which a square of ``WALL_MAX_M`` fits, the largest first."""
    reach = WALL_MAX_M / 2
    # A hair less on the way in, so that ground exactly as wide as the thickest wall is a wall.
    narrowed = free.buffer(-reach - 1e-6, join_style="mitre")
    core = shapely.union_all([part for part in _polygons(narrowed) if part.area > _CORE_M2])
    if core.is_empty:
        return ()
    wide = core.buffer(reach + 1e-6, join_style="mitre").intersection(free)
    return tuple(sorted(_polygons(wide), key=lambda polygon: -polygon.area))


def overlapping(units: Sequence[Unit]) -> tuple[tuple[str, str, float], ...]:
    """Pairs of units that lie on one another, with the square metres they share, the most first."""
    shapes = [unit.geometry for unit in units]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = []
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one < other:
            shared = shapes[one].intersection(shapes[other]).area
            if shared >= TOLERANCE_M2:
                found.append((units[one].key, units[other].key, float(shared)))
    return tuple(sorted(found, key=lambda item: -item[2]))


def _parts(units: Sequence[Unit]) -> tuple[float, float, float]:
    voids = fsum(unit.geometry.area for unit in units if unit.category in VOIDS)
    structure = fsum(unit.geometry.area for unit in units if unit.category in SOLIDS)
    return fsum(unit.geometry.area for unit in units if unit.is_walkable), voids, structure


def _outside(outline: Polygon | MultiPolygon, units: Sequence[Unit]) -> tuple[tuple[str, float], ...]:
    beyond = [(unit.key, float(unit.geometry.difference(outline).area)) for unit in units]
    return tuple(sorted((item for item in beyond if item[1] >= TOLERANCE_M2), key=lambda item: -item[1]))


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    parts = shape.geoms if hasattr(shape, "geoms") else [shape]
    return [part for part in parts if isinstance(part, Polygon) and part.area > 1e-6]


def fills(document: Document) -> dict[str, Filling]:
    """Every level's filling by its key, from the lowest level up."""
    return {level.key: fill(level, document.on_level("units", level.key)) for level in document.ordered_levels()}
