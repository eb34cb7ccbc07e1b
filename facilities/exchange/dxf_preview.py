"""A drawing's layers as small SVG paths, so that a person sees which is which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from .dxf_entities import Piece
from .dxf_inspect import extent
from .dxf_options import Role

# The longer side of the picture, in the units of its viewBox.
SIZE = 1000
# Lines drawn of one layer, the longest first, and corners of all together: a picture, not the drawing.
LINES_MAX, CORNERS_MAX = 1500, 60_000


@dataclass(frozen=True)
class Preview:
    """``paths`` holds the ``d`` of each layer by its key; ``cut`` says that short lines were left out."""

    width: int
    height: int
    paths: dict[str, str]
    cut: bool = False


def preview(pieces: Sequence[Piece], roles: dict[str, Role]) -> Preview:
    """The layers in one picture around those that are likely to be the plan, else around everything."""
    plan = [piece for piece in pieces if roles.get(piece.layer, "ignore") in ("rooms", "walls", "doors")] or list(
        pieces
    )
    if not plan:
        return Preview(SIZE, SIZE, {})
    points = np.concatenate([piece.points for piece in plan])
    low, high = points.min(axis=0), points.max(axis=0)
    if max(extent(plan)) * 4 < max(high - low):  # a stray line far off
        low, high = np.percentile(points, [0.5, 99.5], axis=0)
    scale = SIZE / max(*(high - low), 1e-9)
    width, height = (max(1, round(float(side * scale))) for side in high - low)
    by_layer: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_layer.setdefault(piece.layer, []).append(piece)
    left, cut, paths = CORNERS_MAX, False, {}
    for layer, own in sorted(by_layer.items(), key=lambda item: roles.get(item[0], "ignore") == "ignore"):
        lines = _lines(own, low, high[1], scale)
        shown = lines[: max(0, min(LINES_MAX, left // 3))]
        cut = cut or len(shown) < len(lines)
        left -= sum(map(len, shown))
        paths[layer] = "".join(map(_path, shown))
    return Preview(width, height, paths, cut)


def _lines(pieces: Sequence[Piece], low: "np.ndarray", top: float, scale: float) -> "list[np.ndarray]":
    """The pieces in the picture's whole units, the longest first."""
    found = []
    for piece in pieces:
        ring = np.concatenate([piece.points, piece.points[:1]]) if piece.closed else piece.points
        on_page = np.column_stack([ring[:, 0] - low[0], top - ring[:, 1]]) * scale
        line = shapely.simplify(shapely.linestrings(on_page), 0.5)
        found.append(np.clip(np.rint(shapely.get_coordinates(line)), -SIZE, 3 * SIZE).astype(int))
    return sorted(found, key=lambda line: -float(np.ptp(line, axis=0).max()))


def _path(line: "np.ndarray") -> str:
    (x, y), *rest = line.tolist()
    return f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in rest)
