"""How many metres of wall one plan builds and takes away beside another.

A wall is seen by its faces: the edges of the rooms along it. Two faces that look at one another across no more than
``WALL_MAX_M`` are one wall, and so are two rooms' edges that lie on one another: each counts half. There is no wall
along a gap. A face stands already where the other plan has one in the same place, where the wall it belongs to has
its other face there, or at the level's outline: outer walls stand, whatever is drawn inside.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .document import GAP, SOLIDS, Document, Unit
from .topology import WALL_MAX_M

Floats: TypeAlias = NDArray[np.float64]
# (face, from, to): a stretch of a face, in metres along it.
Stretch: TypeAlias = tuple[int, float, float]

# Faces nearer than this are the same face, and a stretch shorter than this is none.
SAME_M = 0.02
# Sine of the angle up to which two faces are parallel (two degrees).
_PARALLEL = 0.035


class WallChange(NamedTuple):
    built_m: float
    removed_m: float


def changed_walls(before: Document, after: Document, level: str) -> WallChange:
    """Metres of wall on a level that only the second plan has, and that only the first has."""
    old, new = _Faces.of(before, level), _Faces.of(after, level)
    if old.is_same(new):
        return WallChange(0.0, 0.0)
    return WallChange(_only_in(new, old), _only_in(old, new))


def _only_in(faces: "_Faces", others: "_Faces") -> float:
    standing = faces.covered_by(others, SAME_M)
    fresh = faces.without(standing)
    across = fresh.covered_by(faces.only(standing), WALL_MAX_M, facing=True)
    built = fresh.without(across)
    paired = built.covered_by(fresh, WALL_MAX_M, facing=True)
    return built.total_m - _length(paired) / 2


class _Faces(NamedTuple):
    """Edges: where they start (n, 2), their direction (n, 2; the room to the left) and their length (n)."""

    starts: Floats
    directions: Floats
    lengths: Floats

    @classmethod
    def of(cls, document: Document, level: str) -> "_Faces":
        """The faces of the inner walls of a level."""
        rooms: list[Unit] = document.on_level("units", level)
        faces = cls._from([room.geometry for room in rooms if room.category not in SOLIDS])
        gaps = [part.geometry for part in document.on_level("openings", level) if part.kind == GAP]
        faces = faces.without(faces.covered_by(cls._from_lines(gaps), WALL_MAX_M))
        outline = document.level_of[level].outline if level in document.level_of else None
        if outline is not None:
            faces = faces.without(faces.covered_by(cls._from([outline]), WALL_MAX_M, outward=True))
        return faces

    @classmethod
    def _from(cls, shapes: Iterable[BaseGeometry]) -> "_Faces":
        polygons = [part for shape in shapes for part in (shape.geoms if hasattr(shape, "geoms") else [shape])]
        rings = [
            ring for polygon in shapely.orient_polygons(polygons) for ring in (polygon.exterior, *polygon.interiors)
        ]
        return cls._from_lines(rings)

    @classmethod
    def _from_lines(cls, lines: Sequence[BaseGeometry]) -> "_Faces":
        pairs = [np.stack([points[:-1], points[1:]], axis=1) for points in map(shapely.get_coordinates, lines)]
        ends = np.concatenate(pairs) if pairs else np.empty((0, 2, 2))
        along = ends[:, 1] - ends[:, 0]
        lengths = np.hypot(along[:, 0], along[:, 1])
        real = lengths > 0
        return cls(ends[real, 0], along[real] / lengths[real, None], lengths[real])

    @property
    def total_m(self) -> float:
        return float(self.lengths.sum())

    def is_same(self, other: "_Faces") -> bool:
        return all(np.array_equal(mine, theirs) for mine, theirs in zip(self, other, strict=True))

    def covered_by(
        self, others: "_Faces", reach: float, *, facing: bool = False, outward: bool = False
    ) -> list[Stretch]:
        """The stretches of these faces beside which, within ``reach`` metres, runs one of the others.

        ``facing``: only those whose room lies on the other side; ``outward``: only those away from one's own room.
        """
        mine, theirs = _near(self, others, reach)
        start, along = self.starts[mine], self.directions[mine]
        ends = [others.starts[theirs], others.starts[theirs] + others.directions[theirs] * others.lengths[theirs, None]]
        ahead = [((end - start) * along).sum(axis=1) for end in ends]
        # To the right of an edge is the wall, to its left the room.
        right = [_cross(end - start, along) for end in ends]
        first = np.maximum(np.minimum(*ahead), 0.0)
        last = np.minimum(np.maximum(*ahead), self.lengths[mine])
        fits = (np.abs(_cross(along, others.directions[theirs])) <= _PARALLEL) & (last - first > 0)
        nearest = -SAME_M if facing or outward else -reach - SAME_M
        fits &= (np.minimum(*right) >= nearest) & (np.maximum(*right) <= reach + SAME_M)
        if facing:
            fits &= (along * others.directions[theirs]).sum(axis=1) < 0
        return _united(mine[fits], first[fits], last[fits])

    def only(self, stretches: Iterable[Stretch]) -> "_Faces":
        found = list(stretches)
        index = np.array([face for face, _first, _last in found], dtype=np.intp)
        first = np.array([first for _face, first, _last in found], dtype=float)
        last = np.array([last for _face, _first, last in found], dtype=float)
        starts = self.starts[index] + self.directions[index] * first[:, None]
        return _Faces(starts, self.directions[index], last - first)

    def without(self, stretches: Sequence[Stretch]) -> "_Faces":
        """What is left of these faces; remains shorter than ``SAME_M`` are dropped."""
        taken: dict[int, list[tuple[float, float]]] = {}
        for face, first, last in stretches:
            taken.setdefault(face, []).append((first, last))
        left: list[Stretch] = []
        for face, length in enumerate(self.lengths.tolist()):
            at = 0.0
            for first, last in [*taken.get(face, ()), (length, length)]:
                if first - at > SAME_M:
                    left.append((face, at, first))
                at = last
        return self.only(left)


def _near(faces: _Faces, others: _Faces, reach: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    lines, other_lines = _lines(faces), _lines(others)
    found = shapely.STRtree(other_lines).query(lines, predicate="dwithin", distance=reach + 2 * SAME_M)
    return found[0], found[1]


def _lines(faces: _Faces) -> NDArray[np.object_]:
    ends = np.stack([faces.starts, faces.starts + faces.directions * faces.lengths[:, None]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def _cross(one: Floats, other: Floats) -> Floats:
    found: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return found


def _united(faces: NDArray[np.intp], first: Floats, last: Floats) -> list[Stretch]:
    """Stretches that touch made one, in order along each face."""
    found: list[Stretch] = []
    for index in np.lexsort((first, faces)):
        face, start, end = int(faces[index]), float(first[index]), float(last[index])
        if found and found[-1][0] == face and start <= found[-1][2] + SAME_M:
            found[-1] = (face, found[-1][1], max(found[-1][2], end))
        else:
            found.append((face, start, end))
    return found


def _length(stretches: Iterable[Stretch]) -> float:
    return sum(last - first for _face, first, last in stretches)
