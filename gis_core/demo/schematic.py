"""Schematic boundaries from what is known of towns: where their centres lie and how large they are.

Pure. A city becomes a power diagram of its towns (a Voronoi diagram whose cells grow and shrink by weights) within a
rounded outline; the weights are moved until the cells have about the towns' true areas. All in metres.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# Bays of the outline that are narrower than twice this are filled.
SMOOTHING_M = 3_000
ROUNDS = 60
# A town's weight may not push a neighbour's border further than so much of the way to the neighbour's centre.
KEEP_CENTRE = 0.8
# Borders are kept to the centimetre, so that neighbours have the very same corners.
GRID_M = 0.01

Floats = NDArray[np.float64]


def partition(centres: Sequence[tuple[float, float]], areas: Sequence[float]) -> list[BaseGeometry]:
    """One (multi)polygon per town, in the order given: without gaps or overlaps, each holding its own centre.

    ``areas`` are in square metres; towns crowded by much larger neighbours may come out some tenths too large.
    """
    places, wanted = np.array(centres, dtype=float), np.array(areas, dtype=float)
    middle = places.mean(axis=0).round()
    places -= middle
    within = _outline(places, wanted)
    cells = _cells(places, _weights(places, wanted, within), within)
    moved = shapely.transform(cells, lambda corners: np.round((corners + middle) / GRID_M) * GRID_M)
    return list(moved)


def _outline(places: Floats, areas: Floats) -> BaseGeometry:
    """Discs around the centres, joined and smoothed, scaled so that the whole has the towns' total area."""
    low, high = 0.5, 3.0
    outline: BaseGeometry = shapely.Point()
    for _ in range(30):
        scale = (low + high) / 2
        discs = shapely.buffer(shapely.points(places), scale * np.sqrt(areas / np.pi), quad_segs=16)
        outline = shapely.union_all(discs).buffer(SMOOTHING_M).buffer(-SMOOTHING_M)
        low, high = (scale, high) if outline.area < areas.sum() else (low, scale)
    return outline


def _weights(places: Floats, areas: Floats, within: BaseGeometry) -> Floats:
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    weights: Floats = areas / np.pi
    for _ in range(ROUNDS):
        found = shapely.area(_cells(places, weights, within))
        weights = weights + 0.3 * (areas - found) / np.pi
        for _ in range(3):
            weights = np.minimum(weights, (weights[:, None] + KEEP_CENTRE * apart).min(axis=0))
    return weights


def _cells(places: Floats, weights: Floats, within: BaseGeometry) -> NDArray[np.object_]:
    west, south, east, north = within.buffer(1_000).bounds
    frame = np.array([(west, south), (east, south), (east, north), (west, north)])
    cells = [_cell(index, places, weights, frame) for index in range(len(places))]
    found: NDArray[np.object_] = shapely.intersection(cells, within)
    return found


def _cell(index: int, places: Floats, weights: Floats, frame: Floats) -> BaseGeometry:
    """Where the distance to a town's centre, squared and less its weight, is the smallest."""
    own, corners = places[index], frame
    for other, weight in zip(np.delete(places, index, axis=0), np.delete(weights, index), strict=True):
        normal = 2 * (other - own)
        corners = _clip(corners, normal, other @ other - weight - own @ own + weights[index])
    return shapely.Polygon(corners)


def _clip(corners: Floats, normal: Floats, limit: float) -> Floats:
    """The part of a convex polygon where ``normal · corner <= limit``."""
    beyond = corners @ normal - limit
    if (beyond <= 0).all():
        return corners
    kept = []
    following = np.arange(1, len(corners) + 1) % len(corners)
    for here, there, a, b in zip(corners, corners[following], beyond, beyond[following], strict=True):
        if a <= 0:
            kept.append(here)
        if (a <= 0) != (b <= 0):
            kept.append(here + a / (a - b) * (there - here))
    return np.array(kept).reshape(-1, 2)
