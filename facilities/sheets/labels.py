"""Where a room's name goes: inside the room, clear of doors and furniture, as large as it fits. No Django here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from .svg import text_width

# Font sizes (mm of paper), the preferred first. Below the last (5.4 pt) nobody can read a copy.
SIZES = (2.8, 2.5, 2.2, 1.9)
SECOND_LINE = 0.88
LINE_HEIGHT = 1.28
_PAD_MM = 0.45
# Kept from the walls.
_CLEAR_MM = 0.5


@dataclass(frozen=True)
class Text:
    """What is written into a room: the name in one line or two, and smaller lines of details below."""

    name: tuple[str, ...]
    details: tuple[str, ...] = ()

    def rows(self, size: float) -> list[tuple[str, float]]:
        """Each line with its font size."""
        return [(line, size) for line in self.name] + [(line, size * SECOND_LINE) for line in self.details]

    def extent(self, size: float) -> tuple[float, float]:
        """Width and height (mm)."""
        widths = [text_width(line, font) for line, font in self.rows(size)]
        return max(widths) + 2 * _PAD_MM, size * LINE_HEIGHT * len(widths) + _PAD_MM


@dataclass(frozen=True)
class Label:
    """Text around (``x``, ``y``), a place in metres. ``turned`` text reads from below upwards."""

    text: Text
    size: float
    x: float
    y: float
    turned: bool = False


def place(
    room: Polygon, tiers: Sequence[Sequence[Text]], obstacles: BaseGeometry | None, per_mm: float
) -> Label | None:
    """The first text that fits at some size; None when none does.

    Within a tier a text clear of the obstacles comes first; a poorer tier is tried only when no text of the one
    before fits at all. ``per_mm`` is metres of building per millimetre of paper.
    """
    inner = room.buffer(-_CLEAR_MM * per_mm)
    if inner.is_empty:
        return None
    free = inner if obstacles is None else inner.difference(obstacles)
    spaces = [(space, np.array(list(_centres(space)))) for space in ((free, inner) if free is not inner else (inner,))]
    for tier in tiers:
        for space, centres in spaces:
            for text in tier:
                found = _fitted(text, space, centres, per_mm)
                if found:
                    return found
    return None


def _fitted(text: Text, space: BaseGeometry, centres: NDArray[np.float64], per_mm: float) -> Label | None:
    if not len(centres):
        return None
    shapely.prepare(space)
    west, south, east, north = space.bounds
    x, y = centres[:, 0], centres[:, 1]
    for turned in (False, True):
        for size in SIZES if not turned else SIZES[1:]:
            width, height = (side * per_mm for side in text.extent(size))
            if turned:
                width, height = height, width
            if width > east - west or height > north - south:
                continue
            spots = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            inside = shapely.contains(space, spots)
            if inside.any():
                first = int(inside.argmax())
                return Label(text, size, float(x[first]), float(y[first]), turned)
    return None


def _centres(space: BaseGeometry) -> Iterator[tuple[float, float]]:
    """Places to try: the middle, the middle of the widest part, and a coarse grid from the middle outwards."""
    if space.is_empty:
        return
    parts = [part for part in getattr(space, "geoms", [space]) if isinstance(part, Polygon) and part.area > 0]
    for part in sorted(parts, key=lambda part: -part.area)[:2]:
        west, south, east, north = part.bounds
        middle = ((west + east) / 2, (south + north) / 2)
        yield part.centroid.x, part.centroid.y
        yield middle
        deepest = shapely.maximum_inscribed_circle(part, tolerance=max(east - west, north - south) / 50)
        yield deepest.coords[0][0], deepest.coords[0][1]
        fractions = (0.5, 0.35, 0.65, 0.2, 0.8)
        yield from (
            (west + (east - west) * across, south + (north - south) * up) for up in fractions for across in fractions
        )


def wrapped(name: str) -> tuple[str, ...]:
    """The name in two lines, parted at the space nearest its middle, else in the middle of a long word."""
    spaces = [at for at, character in enumerate(name) if character == " "]
    if spaces:
        at = min(spaces, key=lambda at: abs(at - len(name) / 2))
        return name[:at], name[at + 1 :]
    if len(name) < 5:
        return (name,)
    at = (len(name) + 1) // 2
    return name[:at], name[at:]
