"""A small map as SVG, composed on the server, so that a sheet needs no browser and no tiles. No Django here."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from math import floor, log10

from shapely import box
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

# Metres that a point's surroundings span at least, and what is left free around a shape.
_LEAST_SPAN = 2_000.0
_MARGIN = 0.15
# A shape smaller than this (pixels) is marked by a dot: nobody would find it.
_DOT_BELOW = 14.0
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"


@dataclass(frozen=True)
class Ground:
    """An area below the record: its shape (EPSG:5179) and its name."""

    geometry: BaseGeometry
    name: str
    own: bool = False


def view_of(around: BaseGeometry, width: float, height: float) -> tuple[float, float, float, float]:
    """West, south, east, north (EPSG:5179) around a shape, in the proportions of the picture."""
    west, south, east, north = around.bounds
    across = max((east - west) * (1 + _MARGIN), _LEAST_SPAN)
    up = max((north - south) * (1 + _MARGIN), _LEAST_SPAN * height / width)
    across, up = max(across, up * width / height), max(up, across * height / width)
    x, y = (west + east) / 2, (south + north) / 2
    return x - across / 2, y - up / 2, x + across / 2, y + up / 2


def draw(
    subject: BaseGeometry,
    grounds: Iterable[Ground],
    *,
    view: tuple[float, float, float, float],
    title: str,
    width: float = 480,
    height: float = 300,
    color: str = "#0b50d0",
) -> str:
    """The record's shape (EPSG:5179) over the areas around it, with a scale bar.

    ``view`` is from ``view_of`` for the same ``width`` x ``height`` (pixels).
    """
    west, _south, east, north = view
    scale = width / (east - west)
    pen = _Pen(west, north, scale)
    window = box(*view)
    parts = [f'<rect width="{width:g}" height="{height:g}" fill="#eef2f5"/>']
    labels = []
    for ground in grounds:
        shown = ground.geometry.intersection(window).simplify(0.4 / scale)
        if shown.is_empty:
            continue
        fill = "#ffffff" if ground.own else "#f7f8f9"
        parts.append(f'<path d="{pen.path(shown)}" fill="{fill}" stroke="#8a949e" stroke-width="0.8"/>')
        labels.append(_label(pen, shown, ground.name, pen.at(subject.centroid.x, subject.centroid.y), width))
    parts += [*filter(None, labels), _subject(pen, subject, scale, color), _scale_bar(scale, width, height)]
    frame = f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" fill="none" stroke="#b1b8be"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-label="{escape(title)}" font-family="{_FONT}">{"".join(parts)}{frame}</svg>'
    )


class _Pen:
    """Metres to pixels, y down."""

    def __init__(self, west: float, north: float, scale: float) -> None:
        self.west, self.north, self.scale = west, north, scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    def path(self, geometry: BaseGeometry) -> str:
        return "".join(
            self._ring(ring) for polygon in _polygons(geometry) for ring in (polygon.exterior, *polygon.interiors)
        )

    def _ring(self, ring: LineString) -> str:
        points = (self.at(x, y) for x, y, *_height in ring.coords)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry]
    if isinstance(geometry, MultiPolygon) or hasattr(geometry, "geoms"):
        return [part for one in geometry.geoms for part in _polygons(one)]
    return []


def _label(pen: _Pen, shown: BaseGeometry, name: str, subject: tuple[float, float], width: float) -> str:
    """The area's name inside what is seen of it, clear of the record; nothing when too little is seen."""
    if shown.area * pen.scale**2 < 1600:
        return ""
    inside = shown.representative_point()
    x, y = pen.at(inside.x, inside.y)
    half = 5.6 * len(name) + 4
    x = min(max(x, half), width - half)
    if abs(y - 4 - subject[1]) < 18 and abs(x - subject[0]) < 6 * len(name) + 12:
        y = subject[1] - 18 if y < subject[1] else subject[1] + 26
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" fill="#58616a">{escape(name)}</text>'


def _subject(pen: _Pen, subject: BaseGeometry, scale: float, color: str) -> str:
    west, south, east, north = subject.bounds
    if max(east - west, north - south) * scale < _DOT_BELOW:
        x, y = pen.at((west + east) / 2, (south + north) / 2)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{color}" stroke="#ffffff" stroke-width="2"/>'
    if isinstance(subject, LineString):
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in (pen.at(*place[:2]) for place in subject.coords))
        return f'<path d="M{line}" fill="none" stroke="{color}" stroke-width="3"/>'
    path = pen.path(subject.simplify(0.3 / scale))
    look = f'fill="{color}" fill-opacity="0.2" fill-rule="evenodd" stroke="{color}" stroke-width="1.8"'
    return f'<path d="{path}" {look}/>'


def _scale_bar(scale: float, width: float, height: float) -> str:
    """A round length of at most a third of the width."""
    most = width / 3 / scale
    unit = 10 ** floor(log10(most))
    metres = next(unit * step for step in (5, 2, 1) if unit * step <= most)
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    x, y, length = 12.0, height - 12, metres * scale
    return (
        f'<path d="M{x} {y - 5}V{y}H{x + length:.1f}V{y - 5}" fill="none" stroke="#33363d" stroke-width="1.4"/>'
        f'<text x="{x + length + 6:.1f}" y="{y}" font-size="10" fill="#33363d">{text}</text>'
    )
