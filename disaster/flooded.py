"""Whether a depot is of use in a flood: its floor and the way in, by depths. No Django here.

Thresholds are samples (see ``Limits``): a page shows them as such and lets them be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Wet(StrEnum):
    FLOODED = "flooded"
    DRY = "dry"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Limits:
    """From which depth (m) a floor, and a way in, count as flooded. Where a depot's way in is not known, the ground is
    looked at ``ring_m`` around it instead, at ``ring_points`` places."""

    floor_m: float = 0.1
    way_in_m: float = 0.3
    ring_m: float = 30.0
    ring_points: int = 12


@dataclass(frozen=True)
class Depths:
    """Depths in metres; None where the map says nothing. ``way_in`` holds one depth, or those of the ring around."""

    floor: float | None
    way_in: tuple[float | None, ...]
    is_ring: bool


@dataclass(frozen=True)
class Finding:
    floor: Wet
    way_in: Wet
    depths: Depths

    @property
    def state(self) -> Wet:
        """Flooded where either is; dry where both are; else nobody knows."""
        both = {self.floor, self.way_in}
        if Wet.FLOODED in both:
            return Wet.FLOODED
        return Wet.UNKNOWN if Wet.UNKNOWN in both else Wet.DRY


def judge(depths: Depths, limits: Limits) -> Finding:
    """A way in that is known is flooded by its own depth. A ring around is dry, or flooded, only where all of it is: in
    between the way may lead out on either side."""
    return Finding(_wet(depths.floor, limits.floor_m), _ring(depths.way_in, limits.way_in_m), depths)


def _wet(depth: float | None, limit: float) -> Wet:
    if depth is None:
        return Wet.UNKNOWN
    return Wet.FLOODED if depth >= limit else Wet.DRY


def _ring(depths: Sequence[float | None], limit: float) -> Wet:
    found = {_wet(depth, limit) for depth in depths}
    return found.pop() if len(found) == 1 else Wet.UNKNOWN
