"""Towns as SVG, with some of them filled, lines and signs over them: for screen and paper. No Django here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from shapely import box
from shapely.geometry.base import BaseGeometry

Place = tuple[float, float]
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"
# Share of the extent that is left free around it.
_MARGIN = 0.08
# Names are not written into less than this (square pixels).
_LEAST_NAMED = 1300.0
OTHER, MEMBER, CHOSEN = "#eef0f2", "#ffffff", "#cfe0fb"


@dataclass(frozen=True)
class Ground:
    """An area under everything else: its shape (EPSG:5179), name and fill."""

    shape: BaseGeometry
    name: str
    fill: str = OTHER


@dataclass(frozen=True)
class Sign:
    """A record on the map: colour and shape as in its layer's style, and its words."""

    place: Place
    color: str
    shape: str
    title: str


@dataclass(frozen=True)
class Frame:
    """West, south, east, north in EPSG:5179, in the proportions of the picture (pixels)."""

    bounds: tuple[float, float, float, float]
    width: float
    height: float

    @property
    def scale(self) -> float:
        return self.width / (self.bounds[2] - self.bounds[0])

    def at(self, x: float, y: float) -> Place:
        return (x - self.bounds[0]) * self.scale, (self.bounds[3] - y) * self.scale


def frame_of(shapes: Iterable[BaseGeometry], width: float = 960.0, height: float = 460.0) -> Frame:
    """A frame around these shapes."""
    boxes = [shape.bounds for shape in shapes if not shape.is_empty]
    west, south = min(each[0] for each in boxes), min(each[1] for each in boxes)
    east, north = max(each[2] for each in boxes), max(each[3] for each in boxes)
    across, up = max(east - west, 500.0) * (1 + 2 * _MARGIN), max(north - south, 500.0) * (1 + 2 * _MARGIN)
    across, up = max(across, up * width / height), max(up, across * height / width)
    x, y = (west + east) / 2, (south + north) / 2
    return Frame((x - across / 2, y - up / 2, x + across / 2, y + up / 2), width, height)


def draw(
    frame: Frame, grounds: Sequence[Ground], title: str, *,
    border: BaseGeometry | None = None, near: BaseGeometry | None = None, signs: Iterable[Sign] = (),
) -> str:  # fmt: skip
    """``border`` is drawn as a strong line, ``near`` as a pale band."""
    window = box(*frame.bounds)
    shown = [(ground, ground.shape.intersection(window).simplify(0.4 / frame.scale)) for ground in grounds]
    shown = [(ground, shape) for ground, shape in shown if not shape.is_empty]
    parts = [f'<rect width="{frame.width:g}" height="{frame.height:g}" fill="#dfe6ec"/>']
    parts += [
        f'<path d="{_rings(shape, frame)}" fill="{ground.fill}" stroke="#8a949e" stroke-width="0.8"/>'
        for ground, shape in shown
    ]
    if near is not None:
        path = _rings(near.intersection(window).simplify(0.4 / frame.scale), frame)
        parts.append(f'<path d="{path}" fill="#f2b84b" fill-opacity="0.28" stroke="none"/>')
    if border is not None:
        look = 'fill="none" stroke="#b01c3a" stroke-width="2.4" stroke-linejoin="round"'
        parts.append(f'<path d="{_lines(border.simplify(0.4 / frame.scale), frame)}" {look}/>')
    parts += [_sign(sign, frame) for sign in signs]
    parts += [_name(ground.name, shape, frame) for ground, shape in shown]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:g} {frame.height:g}" overflow="hidden" '
        f'role="img" aria-label="{escape(title)}" font-family="{_FONT}">{"".join(parts)}{_scale_bar(frame)}</svg>'
    )


def _parts(shape: BaseGeometry, kind: str) -> list[BaseGeometry]:
    if hasattr(shape, "geoms"):
        return [part for one in shape.geoms for part in _parts(one, kind)]
    return [shape] if shape.geom_type == kind and not shape.is_empty else []


def _rings(shape: BaseGeometry, frame: Frame) -> str:
    rings = [ring for part in _parts(shape, "Polygon") for ring in (part.exterior, *part.interiors)]
    return "".join(f"M{_path(ring.coords, frame.at)}Z" for ring in rings)


def _lines(shape: BaseGeometry, frame: Frame) -> str:
    return "".join(f"M{_path(part.coords, frame.at)}" for part in _parts(shape, "LineString"))


def _path(places: Iterable[Sequence[float]], at: Callable[[float, float], Place]) -> str:
    return "L".join("{:.1f} {:.1f}".format(*at(x, y)) for x, y, *_height in places)


def _name(name: str, shape: BaseGeometry, frame: Frame) -> str:
    if shape.area * frame.scale**2 < _LEAST_NAMED:
        return ""
    inside = shape.representative_point()
    x, y = frame.at(inside.x, inside.y)
    half = 5.8 * len(name)
    x = min(max(x, half), frame.width - half)
    # Twice: on paper a border is always painted over its text, whatever the order asked for.
    text = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11"'
    return (
        f'<text {text} fill="#fff" stroke="#fff" stroke-width="2.4">{escape(name)}</text>'
        f'<text {text} fill="#464c53">{escape(name)}</text>'
    )


SHAPES = {
    "square": "M-4.4 -4.4H4.4V4.4H-4.4Z",
    "triangle": "M0 -5.6L5.4 4.4H-5.4Z",
    "diamond": "M0 -6L6 0 0 6 -6 0Z",
    "star": "M0 -6.6L1.7 -2.1 6.3 -2 2.7 0.9 3.9 5.4 0 2.8 -3.9 5.4 -2.7 0.9 -6.3 -2 -1.7 -2.1Z",
}


def _sign(sign: Sign, frame: Frame) -> str:
    x, y = frame.at(*sign.place)
    look = f'fill="{sign.color}" stroke="#fff" stroke-width="1.2"'
    mark = f'<path d="{SHAPES[sign.shape]}" {look}/>' if sign.shape in SHAPES else f'<circle r="4.6" {look}/>'
    return f'<g transform="translate({x:.1f} {y:.1f})"><title>{escape(sign.title)}</title>{mark}</g>'


def _scale_bar(frame: Frame) -> str:
    """A round length of at most a third of the width."""
    most = frame.width / 3 / frame.scale
    unit = 10 ** floor(log10(most))
    metres = next(unit * step for step in (5, 2, 1) if unit * step <= most)
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    y, end = frame.height - 10, 12 + metres * frame.scale
    return (
        f'<path d="M12 {y - 5:g}V{y:g}H{end:.1f}V{y - 5:g}" fill="none" stroke="#33363d" stroke-width="1.4"/>'
        f'<text x="{end + 6:.1f}" y="{y:g}" font-size="11" fill="#33363d">{label}</text>'
    )
