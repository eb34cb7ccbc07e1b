"""Shapes that are broken on purpose."""

from shapely import Polygon

from tests.factories import place


def bow_tie(east: float = 100.0, north: float = 100.0, size: float = 50.0) -> Polygon:
    """A polygon that crosses itself in the middle (EPSG:5179)."""
    return Polygon(
        [
            place(east, north),
            place(east + size, north + size),
            place(east + size, north),
            place(east, north + size),
        ]
    )
