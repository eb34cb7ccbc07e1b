"""A small map of projects by stage as SVG, composed on the server. Pure: coordinates in EPSG:5179."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from gis_core import static_map

WIDTH, HEIGHT = 560.0, 360.0
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"
_SHAPES = {
    "square": '<rect x="-5" y="-5" width="10" height="10"{look}/>',
    "triangle": '<path d="M0 -6.5 6 5H-6z"{look}/>',
    "diamond": '<path d="M0 -7 6 0 0 7 -6 0z"{look}/>',
    "star": '<path d="m0 -7.5 2.1 4.6 5 .6-3.7 3.4 1 5L0 3.6l-4.4 2.5 1-5L-7.1 -2.3l5-.6z"{look}/>',
}


@dataclass(frozen=True)
class Dot:
    """A project: its place, and the colour and shape of its stage."""

    x: float
    y: float
    color: str
    shape: str


def overview(dots: Sequence[Dot], grounds: Iterable[tuple[str, BaseGeometry]], *, title: str) -> str:
    """The dots over the named areas. Text in the picture is escaped; all else is made of numbers."""
    grounds = list(grounds)
    around = MultiPoint([(dot.x, dot.y) for dot in dots])
    west, _south, east, north = static_map.view_of(around, WIDTH, HEIGHT)
    scale = WIDTH / (east - west)

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - west) * scale, (north - y) * scale

    parts = [f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#eef2f5"/>']
    labels = []
    for name, shape in grounds:
        parts.append(f'<path d="{_path(shape.simplify(0.5 / scale), at)}" fill="#ffffff" stroke="#8a949e"/>')
        inside = shape.representative_point()
        x, y = at(inside.x, inside.y)
        if 0 < x < WIDTH and 12 < y < HEIGHT and shape.area * scale**2 > 2500:
            labels.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(name)}</text>')
    marks = "".join(_mark(dot, *at(dot.x, dot.y)) for dot in dots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="{_FONT}" font-size="12" fill="#464c53">'
        f"{''.join(parts)}{''.join(labels)}{marks}</svg>"
    )


def _mark(dot: Dot, x: float, y: float) -> str:
    if dot.shape == "ring":
        drawn = f'<circle r="4.5" fill="#ffffff" stroke="{escape(dot.color)}" stroke-width="3"/>'
    else:
        look = f' fill="{escape(dot.color)}" stroke="#ffffff"'
        drawn = _SHAPES.get(dot.shape, '<circle r="5.5"{look}/>').replace("{look}", look)
    return f'<g transform="translate({x:.1f} {y:.1f})">{drawn}</g>'


def _path(shape: BaseGeometry, at: object) -> str:
    parts = getattr(shape, "geoms", [shape])
    rings = [ring for part in parts if hasattr(part, "exterior") for ring in (part.exterior, *part.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*point[:2]) for point in ring.coords)) + "Z"  # type: ignore[operator]
        for ring in rings
    )
