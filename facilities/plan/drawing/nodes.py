"""Keeping shared walls shared on the grid.

A corner that lies on a neighbour's slanted wall is rounded to the grid and so comes to lie up to a cell beside it: on
ten metres that would be an overlap or a gap of several cm2. Such a corner becomes a node of the neighbour's wall too.
Corners that lie on a wall exactly, as on all walls along the axes, need none, and the neighbour is left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from ..document import GRID_M, KINDS, Document, Unit, snapped
from .walls import Floats, edges

Flags: TypeAlias = NDArray[np.bool_]

_BESIDE_M = 1.5 * GRID_M


def with_shared_walls(document: Document) -> Document:
    """The document on the grid, with the nodes that its slanted walls need. For documents that come from elsewhere:
    only with them are its rooms free of overlaps and gaps of rounding."""
    parts = {
        kind: tuple(replace(part, geometry=snapped(part.geometry)) for part in document.parts(kind)) for kind in KINDS
    }
    document = replace(document, **parts)
    noded: dict[str, Polygon] = {}
    for level in document.levels:
        units = document.on_level("units", level.key)
        noded.update(shared(units, [unit.key for unit in units]) if units else {})
    return replace(
        document, units=tuple(replace(unit, geometry=noded.get(unit.key, unit.geometry)) for unit in document.units)
    )


def shared(units: Sequence[Unit], changed: Iterable[str]) -> dict[str, Polygon]:
    """The polygons of the rooms whose walls need nodes, by key. ``changed`` are the rooms that are new in their place;
    pairs of others are left as they are."""
    new = np.isin(np.array([unit.key for unit in units], dtype=object), list(changed))
    polygons = np.array([unit.geometry for unit in units], dtype=object)
    starts, ends, whose = edges(polygons)
    places, of_place = shapely.get_coordinates(polygons, return_index=True)
    tree = shapely.STRtree(shapely.linestrings(np.stack([starts, ends], axis=1)))
    place, edge = tree.query(shapely.points(places), predicate="dwithin", distance=_BESIDE_M)
    other = (of_place[place] != whose[edge]) & (new[of_place[place]] | new[whose[edge]])
    place, edge = place[other], edge[other]
    missing = beside(places[place], starts[edge], ends[edge], _BESIDE_M)
    found: dict[str, Polygon] = {}
    for room in np.unique(whose[edge[missing]]):
        here = missing & (whose[edge] == room)
        noded = with_nodes(polygons[room], places[place[here]], _BESIDE_M)
        if noded.is_valid:
            found[units[room].key] = noded
    return found


def beside(places: Floats, starts: Floats, ends: Floats, within: float, least: float = 1e-9) -> Flags:
    """Which places lie beside their edge (from ``least`` to ``within`` metres off it) and away from its ends."""
    along = ends - starts
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / np.where(length > 0, length, 1.0)[:, None]
    offset = places - starts
    t = (offset * along).sum(axis=1)
    depth = np.abs(offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0])
    clear = max(2 * GRID_M, within)
    inside: Flags = (t > clear) & (t < length - clear) & (depth >= least) & (depth <= within)
    return inside


def with_nodes(polygon: Polygon, places: Floats, within: float, least: float = 0.0) -> Polygon:
    """The polygon with those places as corners that lie on or beside one of its edges."""
    rings = [polygon.exterior, *polygon.interiors]
    noded = [_noded(shapely.get_coordinates(ring), places, within, least) for ring in rings]
    return Polygon(noded[0], noded[1:])


def _noded(ring: Floats, places: Floats, within: float, least: float) -> Floats:
    found = [ring[:1]]
    for start, end in pairwise(ring):
        if (start != end).any():
            on = places[beside(places, start[None, :], end[None, :], within, least)]
            order = np.argsort((on - start) @ (end - start))
            found.append(_distinct(on[order]))
        found.append(end[None, :])
    return np.concatenate(found)


def _distinct(places: Floats) -> Floats:
    keep = np.ones(len(places), dtype=bool)
    keep[1:] = (places[1:] != places[:-1]).any(axis=1)
    return places[keep]
