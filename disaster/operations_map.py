"""What goes from where to where, as SVG for screen and paper: areas, depots, arrows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from shapely import MultiPoint, box
from shapely.geometry.base import BaseGeometry

from disaster.ways import Place
from gis_core.static_map import Ground, view_of

WIDTH, HEIGHT = 640.0, 440.0
# Colours that colour-blind eyes tell apart; each has a shape of its own too.
_MARKS = {
    "over": ("#0072B2", "M0 -7L7 5H-7Z"),
    "short": ("#D55E00", "M0 7L7 -5H-7Z"),
    "even": ("#5c6670", "M-5 -5H5V5H-5Z"),
    "unknown": ("#5c6670", "M-5 -5L5 5M5 -5L-5 5"),
    "incident": ("#b01c3a", "M0 -9L2.6 -3 9 -3 4 1.4 6 8 0 4 -6 8 -4 1.4 -9 -3 -2.6 -3Z"),
}


@dataclass(frozen=True)
class Mark:
    """A place (EPSG:5179) with what it is and what is written beside it."""

    place: Place
    kind: str
    text: str = ""
    title: str = ""


@dataclass(frozen=True)
class Line:
    """Something goes from one place to another."""

    start: Place
    end: Place
    text: str = ""


def draw(marks: Sequence[Mark], lines: Sequence[Line], grounds: Sequence[Ground], title: str) -> str:
    """The picture, empty where there is nothing to show."""
    places = [mark.place for mark in marks]
    if not places:
        return ""
    view = view_of(MultiPoint(places), WIDTH, HEIGHT)
    pen = _Pen(view)
    parts = [f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#eef2f5"/>']
    window = box(*view)
    for ground in grounds:
        shown = ground.geometry.intersection(window).simplify(0.4 / pen.scale)
        if not shown.is_empty:
            parts.append(f'<path d="{pen.path(shown)}" fill="#fff" stroke="#b1b8be" stroke-width="0.8"/>')
            parts.append(_name(pen, shown, ground.name, places))
    parts += [_arrow(pen, line) for line in lines]
    parts += [_mark(pen, mark) for mark in marks]
    font = "'Pretendard GOV', 'Noto Sans CJK KR', sans-serif"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="{font}">{"".join(parts)}</svg>'
    )


def legend_mark(kind: str) -> str:
    """One sign of the map, to stand beside its words."""
    pen = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 20 20" width="16" height="16" aria-hidden="true">'
    return f"{pen}{_sign(kind)}</svg>"


class _Pen:
    """Metres to pixels, y down."""

    def __init__(self, view: tuple[float, float, float, float]) -> None:
        self.west, _south, east, self.north = view
        self.scale = WIDTH / (east - self.west)

    def at(self, place: Place) -> Place:
        return (place[0] - self.west) * self.scale, (self.north - place[1]) * self.scale

    def path(self, shape: BaseGeometry) -> str:
        rings = [ring for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"
                 for ring in (part.exterior, *part.interiors)]  # fmt: skip
        return "".join(self._ring(ring.coords) for ring in rings)

    def _ring(self, coords: Sequence[tuple[float, ...]]) -> str:
        points = (self.at((each[0], each[1])) for each in coords)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _name(pen: _Pen, shown: BaseGeometry, name: str, places: Sequence[Place]) -> str:
    """Where there is room for it, and clear of the marks."""
    if shown.area * pen.scale**2 < 2500:
        return ""
    inside = shown.representative_point()
    x, y = pen.at((inside.x, inside.y))
    if any(abs(px - x) < 34 and abs(py - y) < 14 for px, py in map(pen.at, places)):
        y += 26
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" fill="#8a949e">{escape(name)}</text>'


def _sign(kind: str) -> str:
    color, path = _MARKS[kind]
    if kind == "unknown":
        return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
    return f'<path d="{path}" fill="{color}" stroke="#fff" stroke-width="1.2"/>'


def _mark(pen: _Pen, mark: Mark) -> str:
    x, y = pen.at(mark.place)
    title = f"<title>{escape(mark.title)}</title>" if mark.title else ""
    text = ""
    if mark.text:
        # Where there is no room on the right it stands on the left.
        side = 'x="-6" y="-12" text-anchor="end"' if x + 10 + 9 * len(mark.text) > WIDTH else 'x="10" y="4"'
        text = (
            f'<text {side} font-size="12" font-weight="600" fill="#1e2124" stroke="#fff" stroke-width="3" '
            f'paint-order="stroke">{escape(mark.text)}</text>'
        )
    return f'<g transform="translate({x:.1f} {y:.1f})">{title}{_sign(mark.kind)}{text}</g>'


def _arrow(pen: _Pen, line: Line) -> str:
    """From mark to mark, ending a little before the second, with a head."""
    (x1, y1), (x2, y2) = pen.at(line.start), pen.at(line.end)
    length = hypot(x2 - x1, y2 - y1)
    if length < 18:
        return ""
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    x2, y2 = x2 - dx * 10, y2 - dy * 10
    left = (x2 - dx * 9 - dy * 4.5, y2 - dy * 9 + dx * 4.5)
    right = (x2 - dx * 9 + dy * 4.5, y2 - dy * 9 - dx * 4.5)
    shaft = f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#33363d" stroke-width="1.6" fill="none"/>'
    head = f'<path d="M{x2:.1f} {y2:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z" fill="#33363d"/>'
    text = ""
    if line.text:
        text = (
            f'<text x="{(x1 + x2) / 2:.1f}" y="{(y1 + y2) / 2 - 4:.1f}" text-anchor="middle" font-size="12" '
            f'fill="#33363d" stroke="#fff" stroke-width="3" paint-order="stroke">{escape(line.text)}</text>'
        )
    return shaft + head + text
