"""Which openings a shutter closes when it is down."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely
from shapely import LineString

from ..document import Document
from ..topology import Rays, by_level

# A shutter closes what lies along it, not a door in the wall where it ends: directions may differ by 30 degrees.
_ALONG = 0.5


class Shutters:
    """The shutters of a plan. An opening is closed when its middle is within ``reach_m`` of one and lies along it."""

    def __init__(self, document: Document, reach_m: float) -> None:
        self._document, self._reach = document, reach_m
        shutters = by_level(fixture for fixture in document.fixtures if fixture.category == "shutter")
        self._segments = {
            level: [segment for fixture in fixtures for segment in _segments(fixture.geometry)]
            for level, fixtures in shutters.items()
        }

    @cached_property
    def closed(self) -> frozenset[str]:
        """Keys of the openings that are closed when the shutters are down."""
        openings = by_level(self._document.openings) if self._segments else {}
        return frozenset(
            opening.key
            for level, on_level in openings.items()
            for opening, shut in zip(on_level, self.close(level, [part.geometry for part in on_level]), strict=True)
            if shut
        )

    def close(self, level: str, lines: Sequence[LineString]) -> list[bool]:
        """For each line on the level, whether a shutter closes it."""
        segments = self._segments.get(level, [])
        if not segments or not lines:
            return [False] * len(lines)
        rays = Rays.across(lines)
        middles = shapely.points(rays.origins)
        shut = np.zeros(len(lines), dtype=bool)
        for segment in segments:
            across = Rays.across([segment]).directions[0]
            aside = np.abs(rays.directions[:, 0] * across[1] - rays.directions[:, 1] * across[0])
            shut |= (aside <= _ALONG) & (shapely.distance(middles, segment) <= self._reach)
        found: list[bool] = shut.tolist()
        return found


def _segments(shape: shapely.Geometry) -> list[LineString]:
    points = shapely.get_coordinates(shape)
    pairs = np.stack([points[:-1], points[1:]], axis=1)
    return [segment for segment in shapely.linestrings(pairs) if segment.length > 0]
