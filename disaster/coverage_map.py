"""Coverage as SVG, for screen and paper: towns, roads, villages by how they stand, depots. No Django here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from shapely import LineString, MultiPolygon, Point, Polygon, union_all
from shapely.geometry.base import BaseGeometry

Place = tuple[float, float]
WIDTH = 720.0
MARGIN = 24.0
NOT_TOLD = "#d2d4d6"
INK, REACHED, OUT, UNKNOWN, DEPOT, BEST, WET = (
    "#1e2124",
    "#00795a",
    "#b01c3a",
    "#6b7684",
    "#0b50d0",
    "#7a3fb0",
    "#0072b2",
)
# Metres that a scale bar may stand for.
SCALES = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
LEAST_M = 500.0


@dataclass(frozen=True)
class Mark:
    """A sign with its words. ``kind``: reached, out, unknown (villages); holding, empty, unsure, wet, best (depots)."""

    kind: str
    place: Place
    title: str


@dataclass(frozen=True)
class Picture:
    """An image under everything else: west, south, east, north in EPSG:5179, and where it comes from."""

    bounds: tuple[float, float, float, float]
    href: str


def coverage_map(
    towns: Sequence[tuple[str, BaseGeometry]],
    marks: Sequence[Mark],
    title: str,
    *,
    roads: Iterable[LineString] = (),
    picture: Picture | None = None,
    height: float = 460.0,
) -> str:
    """All places in EPSG:5179. Towns give the extent; where there are none, the marks do."""
    at, scale = _projection([shape for _name, shape in towns] or [Point(mark.place) for mark in marks], height)
    # Beside a picture nothing is known, which must not look dry.
    ground = "#fff" if picture is None else NOT_TOLD
    parts = [f'<path d="{outline(shape, at, scale)}" fill="{ground}" stroke="none"/>' for _name, shape in towns]
    if picture is not None:
        parts.append(_image(picture, at))
    parts += [
        f'<path d="{outline(shape, at, scale)}" fill="none" stroke="#8a939c" stroke-width="1"/>' for _n, shape in towns
    ]
    parts += [_road(line, at, scale) for line in roads]
    # What matters most lies on top.
    order = ("reached", "empty", "unknown", "out", "holding", "unsure", "wet", "best")
    parts += [_drawn(mark, at) for mark in sorted(marks, key=lambda mark: order.index(mark.kind))]
    parts += [_name(name, shape, at, scale) for name, shape in towns]
    parts += _scale_bar(scale, height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" overflow="hidden" role="img" '
        f"aria-label=\"{escape(title)}\" font-family=\"'Pretendard GOV', 'Noto Sans CJK KR', sans-serif\">"
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#eef1f4"/>{"".join(parts)}</svg>'
    )


def _projection(shapes: Sequence[BaseGeometry], height: float) -> tuple[Callable[[Place], Place], float]:
    west, south, east, north = union_all([shape.envelope for shape in shapes]).bounds if shapes else (0, 0, 1, 1)
    across, up = max(east - west, LEAST_M), max(north - south, LEAST_M)
    scale = min((WIDTH - 2 * MARGIN) / across, (height - 2 * MARGIN) / up)
    middle = ((west + east) / 2, (south + north) / 2)

    def at(place: Place) -> Place:
        return WIDTH / 2 + (place[0] - middle[0]) * scale, height / 2 - (place[1] - middle[1]) * scale

    return at, scale


def outline(shape: BaseGeometry, at: Callable[[Place], Place], scale: float) -> str:
    found = shape.simplify(0.4 / scale)
    parts = [part for part in getattr(found, "geoms", [found]) if isinstance(part, Polygon | MultiPolygon)]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join(f"M{_line(ring.coords, at)}Z" for ring in rings)


def _line(places: Iterable[Sequence[float]], at: Callable[[Place], Place]) -> str:
    return "L".join("{:.1f} {:.1f}".format(*at((x, y))) for x, y, *_height in places)


def _road(line: LineString, at: Callable[[Place], Place], scale: float) -> str:
    path = _line(line.simplify(0.4 / scale).coords, at)
    return f'<path d="M{path}" fill="none" stroke="#b79a4a" stroke-width="1.1" stroke-linejoin="round"/>'


def _image(picture: Picture, at: Callable[[Place], Place]) -> str:
    west, south, east, north = picture.bounds
    (left, top), (right, bottom) = at((west, north)), at((east, south))
    box = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
    image = f'<image href="{escape(picture.href)}" {box} preserveAspectRatio="none"/>'
    return f'<rect {box} fill="#fff"/>{image}'


def _name(name: str, shape: BaseGeometry, at: Callable[[Place], Place], scale: float) -> str:
    if shape.area * scale**2 < 900:
        return ""
    inside = shape.representative_point()
    x, y = at((inside.x, inside.y))
    # A little above: in the middle of a town its depots stand.
    text = f'x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle" font-size="11"'
    # Twice: on paper a border is always painted over its text, whatever the order asked for.
    return (
        f'<text {text} fill="#fff" stroke="#fff" stroke-width="2.4">{escape(name)}</text>'
        f'<text {text} fill="#58616a">{escape(name)}</text>'
    )


def _drawn(mark: Mark, at: Callable[[Place], Place]) -> str:
    x, y = at(mark.place)
    place = f'class="mark {mark.kind}" transform="translate({x:.1f} {y:.1f})"'
    return f"<g {place}><title>{escape(mark.title)}</title>{SIGNS[mark.kind]}</g>"


def legend_mark(kind: str) -> str:
    """One sign of the map, to stand beside its words."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-9 -9 18 18" width="16" height="16" aria-hidden="true">'
    return f"{head}{SIGNS[kind]}</svg>"


_TRIANGLE = "M0 -7L6.6 5H-6.6Z"
_STAR = "M0 -8L2.1 -2.6 7.6 -2.5 3.3 1 4.7 6.5 0 3.4 -4.7 6.5 -3.3 1 -7.6 -2.5 -2.1 -2.6Z"
# Each its own shape, so that no meaning hangs on a colour alone.
SIGNS = {
    "reached": f'<circle r="3.4" fill="{REACHED}" stroke="#fff" stroke-width="1"/>',
    "out": f'<path d="M0 -5.2L5.2 0 0 5.2 -5.2 0Z" fill="#fff" stroke="{OUT}" stroke-width="2.2"/>',
    "unknown": f'<circle r="3.8" fill="#fff" stroke="{UNKNOWN}" stroke-width="1.6" stroke-dasharray="2.2 1.6"/>',
    "holding": f'<path d="{_TRIANGLE}" fill="{DEPOT}" stroke="#fff" stroke-width="1.4"/>',
    "empty": f'<path d="{_TRIANGLE}" transform="scale(.72)" fill="#fff" stroke="{UNKNOWN}" stroke-width="1.8"/>',
    "unsure": f'<path d="{_TRIANGLE}" fill="#fff" stroke="{DEPOT}" stroke-width="1.6" stroke-dasharray="2.4 1.8"/>',
    "wet": f'<path d="{_TRIANGLE}" fill="{OUT}" stroke="#fff" stroke-width="1.4"/>'
    '<path d="M-3.2 -1.4L3.2 4.2M3.2 -1.4L-3.2 4.2" stroke="#fff" stroke-width="1.6"/>',
    "best": f'<path d="{_STAR}" fill="{BEST}" stroke="#fff" stroke-width="1.2"/>',
}


def _scale_bar(scale: float, height: float) -> list[str]:
    metres = next((each for each in SCALES if each * scale >= 70), SCALES[-1])
    label = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    y, end = height - 16, 16 + metres * scale
    place = f'x="{(16 + end) / 2:.1f}" y="{y - 6:g}" text-anchor="middle" font-size="12"'
    return [
        f'<path d="M16 {y - 5:g}V{y:g}H{end:.1f}V{y - 5:g}" fill="none" stroke="{INK}" stroke-width="1.6"/>',
        f'<text {place} fill="#fff" stroke="#fff" stroke-width="3">{label}</text>',
        f'<text {place} fill="{INK}">{label}</text>',
    ]
