"""From the solids and surfaces of IndoorGML to floors, doors and storeys. Local metres."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.geometry import repaired

from . import guesses
from .indoorgml_xml import Content, Face, Feature, Ring
from .places import ToLocal

SAME_STOREY_M: Final = guesses.SAME_STOREY_M
_STOREY: Final = re.compile(r"""\b(?:storey|level|floor)\s*[=:]\s*["']?([^"':,;]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """``floor`` in local metres, None where nothing can be made of the cell's shape; ``low`` and ``high`` are z."""

    feature: Feature
    floor: BaseGeometry | None
    low: float
    high: float

    def thickness(self) -> float:
        """Of the smallest rectangle around the floor."""
        sides = self._sides()
        return min(side.length for side in sides) if sides else 0.0

    def axis(self) -> LineString | None:
        """The line along the middle of the smallest rectangle around the floor."""
        sides = self._sides()
        if not sides:
            return None
        short = sorted(sides, key=lambda side: side.length)[:2]
        return LineString([side.interpolate(0.5, normalized=True) for side in short])

    def _sides(self) -> list[LineString]:
        box = None if self.floor is None else shapely.oriented_envelope(self.floor)
        if not isinstance(box, Polygon) or box.is_empty:
            return []
        points = shapely.get_coordinates(box)
        return [LineString(points[index : index + 2]) for index in range(4)]


def cells_of(content: Content, to_local: ToLocal, metres: float) -> list[Cell]:
    """The file's cells with their floors: of a solid the lowest of its horizontal faces."""
    found = []
    for feature in content.cells:
        faces = feature.shape.faces
        heights = np.concatenate([ring[:, 2] for face in faces for ring in face]) if faces else np.zeros(1)
        floor = _floor(faces)
        local = None if floor is None else to_local(floor)
        found.append(Cell(feature, local, float(heights.min()) * metres, float(heights.max()) * metres))
    return found


def _floor(faces: list[Face]) -> BaseGeometry | None:
    heights = [face[0][:, 2] for face in faces]
    size = max((float(np.ptp(face[0][:, :2], axis=0).max()) for face in faces), default=0.0)
    # In the file's own unit, so a share of the size rather than a length.
    flat = size * 0.002
    seen = [(z, polygon(face)) for z, face in zip(heights, faces, strict=True)]
    level = [(z.min(), shape) for z, shape in seen if np.ptp(z) <= flat and shape.area > 0]
    lowest = min((z for z, _ in level), default=0.0)
    # Where nothing lies flat, as with a ramp, what is covered when seen from above.
    kept = [shape for z, shape in level if z - lowest <= flat] or [shape for _, shape in seen if shape.area > 0]
    whole = shapely.union_all([shape if shape.is_valid else repaired(shape) for shape in kept])
    return whole if isinstance(whole, Polygon | MultiPolygon) and not whole.is_empty else None


def polygon(face: Face) -> Polygon:
    """A face seen from above."""
    rings = [ring[:, :2] for ring in face if len(ring) >= 4]
    return Polygon(rings[0], rings[1:]) if rings else Polygon()


def base_line(group: Sequence[Feature], to_local: ToLocal, metres: float) -> tuple[LineString | None, float]:
    """The line on the floor along which boundaries of one opening stand, and its z.

    The two directions of a door may each be drawn as half of it: the line reaches from end to end when the halves lie
    in one line, and is the first boundary's own otherwise.
    """
    bases = [base for feature in group if (base := _base(feature)) is not None]
    if not bases:
        return None, 0.0
    z = min(float(base[:, 2].min()) for base in bases) * metres
    first = to_local(_ends(bases[0]))
    whole = to_local(_ends(np.concatenate(bases)))
    straight = all(whole.distance(shapely.Point(xy)) <= max(0.02, whole.length / 50) for xy in _xy(bases, to_local))
    return (whole if straight else first), z


def _base(feature: Feature) -> Ring | None:
    """The lowest points of a boundary."""
    rings = [*feature.shape.lines, *(face[0] for face in feature.shape.faces)]
    if not rings:
        return None
    points = np.concatenate(rings)
    low, high = points[:, 2].min(), points[:, 2].max()
    return points[points[:, 2] <= low + (high - low) * 0.1]


def _ends(points: Ring) -> LineString:
    """From the one to the other of the two points farthest apart."""
    xy = points[:, :2]
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    one, other = np.unravel_index(far.argmax(), far.shape)
    return LineString([xy[min(one, other)], xy[max(one, other)]])


def _xy(bases: list[Ring], to_local: ToLocal) -> Any:
    return shapely.get_coordinates(to_local(MultiPoint(np.concatenate(bases)[:, :2])))


@dataclass(frozen=True)
class Storeys:
    """``levels`` are the values of levels from the lowest up, ``floors`` their z; ``height`` of a storey, 0 unknown."""

    levels: list[dict[str, Any]]
    floors: list[float]
    names: list[str]
    height: float

    def index(self, feature: Feature, z: float) -> int:
        """The level of a cell or a boundary: the one it names, else the highest that is not above it."""
        name = storey_name(feature)
        if name and name in self.names:
            return self.names.index(name)
        below = [index for index, floor in enumerate(self.floors) if floor <= z + SAME_STOREY_M / 2]
        return below[-1] if below else 0


def storey_name(feature: Feature) -> str:
    found = _STOREY.search(feature.description)
    return found[1].strip() if found else ""


def find_storeys(cells: Sequence[Cell]) -> Storeys:
    """The storeys that cells name in their descriptions; where some name none, those their floors lie at."""
    rooms = [cell for cell in cells if cell.floor is not None]
    named: dict[str, list[float]] = {}
    for cell in rooms:
        named.setdefault(storey_name(cell.feature), []).append(cell.low)
    if named and "" not in named and "-" not in "".join(named):
        pairs = sorted((median(lows), name) for name, lows in named.items())
    else:
        pairs = [(floor, "") for floor in _floors([cell.low for cell in rooms])]
    floors, names = [floor for floor, _ in pairs], [name for _, name in pairs]
    ordinals = guesses.ordinals(floors, names)
    heights = [cell.high - cell.low for cell in rooms if cell.high > cell.low]
    steps = [above - below for below, above in pairwise(floors)]
    usual = median(steps) if steps else median(heights) if heights else 0.0
    levels = []
    for index, ordinal in enumerate(ordinals):
        follows = index + 1 < len(ordinals) and ordinals[index + 1] == ordinal + 1
        height = steps[index] if follows else usual
        short = names[index] or (f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}")
        fits = 1.8 <= height <= 30
        levels.append({"ordinal": ordinal, "short_name": short, "height_m": round(height, 3) if fits else None})
    return Storeys(levels, floors, names, usual)


def _floors(lows: list[float]) -> list[float]:
    """Heights of storeys: where between floors there is a gap of more than ``SAME_STOREY_M``."""
    found: list[float] = []
    for low in sorted(lows):
        if not found or low - found[-1] > SAME_STOREY_M:
            found.append(low)
    return found
