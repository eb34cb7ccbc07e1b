"""How far it is from a depot to where something is needed, where no road network is asked. Pure.

A way is the straight line with a detour factor; both constants are said on every page that shows such a figure.
"""

from math import hypot

# Mean ratio of way to straight line in hilly country, and a loaded lorry's mean speed on country roads.
DETOUR = 1.3
KMH = 40

Place = tuple[float, float]


def way_m(here: Place, there: Place) -> float:
    """Metres to drive between two places (EPSG:5179, metres)."""
    return hypot(here[0] - there[0], here[1] - there[1]) * DETOUR


def minutes(metres: float) -> int:
    """Whole minutes for a way, never none."""
    return max(1, round(metres / 1000 / KMH * 60))
