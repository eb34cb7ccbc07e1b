"""A proposed split as SVG: the areas' outlines and their houses. No Django here."""

from collections.abc import Sequence
from html import escape

from shapely import MultiPoint, MultiPolygon, union_all
from shapely.geometry.base import BaseGeometry

WIDTH = 720.0
# Told apart by eyes that do not see colours as well: neighbours differ in lightness, and each area bears its number.
FILLS = ("#dbe9f6", "#f6e3d0", "#dff0e3", "#efe0f0", "#f3efc9", "#d9f0f0")


def split_map(
    points: Sequence[tuple[float, float]], shapes: Sequence[MultiPolygon], members: Sequence[Sequence[int]], title: str
) -> str:
    """``points`` in EPSG:5179; ``members`` are indices of points, for each of the ``shapes``."""
    west, south, east, north = union_all([MultiPoint(points), *shapes]).buffer(100).bounds
    scale = WIDTH / (east - west)
    height = min((north - south) * scale, WIDTH)
    scale = min(scale, height / (north - south))

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - west) * scale, (north - y) * scale

    parts = [
        f'<path d="{_path(shape, at)}" fill="{FILLS[number % len(FILLS)]}" stroke="#4d5b6b" stroke-width="1"/>'
        for number, shape in enumerate(shapes)
    ]
    for number, houses in enumerate(members, 1):
        places = [at(*points[house]) for house in houses]
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1e2124"/>' for x, y in places]
        x, y = (sum(each[axis] for each in places) / len(places) for axis in (0, 1))
        parts.append(
            f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle" font-size="18" font-weight="700" fill="#0b3a8f" '
            f'stroke="#fff" stroke-width="4" paint-order="stroke">{number}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _path(shape: BaseGeometry, at: object) -> str:
    assert callable(at)
    rings = [ring for part in shape.geoms for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join("{:.1f} {:.1f}".format(*at(x, y)) for x, y in ring.coords) + "Z" for ring in rings)
