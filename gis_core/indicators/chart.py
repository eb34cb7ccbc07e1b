"""Indicators as pictures: towns by class on a map, a series over periods. SVG composed on the server; shapes are in
EPSG:5179.

Pure: no Django. More is darker; what is unknown is hatched; each town says its value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from shapely import union_all
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.static_map import view_of

from .classes import ValueClass

_RAMP = (
    ("#e6f0f8", "#1e2124"),
    ("#c4dcee", "#1e2124"),
    ("#95c2e0", "#1e2124"),
    ("#63a5d1", "#1e2124"),
    ("#2f74a9", "#ffffff"),
    ("#1c588c", "#ffffff"),
    ("#0b3a66", "#ffffff"),
)
_HATCH_ID = "indicator-unknown"
_HATCH = (
    f'<defs><pattern id="{_HATCH_ID}" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="7" height="7" fill="#ffffff"/>'
    '<path d="M0 0V7" stroke="#8a949e" stroke-width="3"/></pattern></defs>'
)
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"


@dataclass(frozen=True)
class Town:
    """``klass`` None is unknown; ``told`` is what the map says of it."""

    name: str
    shape: BaseGeometry
    klass: ValueClass | None
    told: str
    url: str = ""


def look_of(klass: ValueClass | None) -> tuple[str, str]:
    """Fill and ink."""
    if klass is None:
        return f"url(#{_HATCH_ID})", "#1e2124"
    return _RAMP[round(klass.index * (len(_RAMP) - 1) / max(klass.of - 1, 1))]


def choropleth(towns: Sequence[Town], title: str, width: float = 620, height: float = 460) -> str:
    if not towns:
        return ""
    west, _south, east, north = view_of(union_all([town.shape.envelope for town in towns]), width, height)
    scale = width / (east - west)
    shapes, labels = [], []
    for town in towns:
        shown = town.shape.simplify(0.5 / scale)
        path = "".join(_ring(ring.coords, west, north, scale) for part in _polygons(shown) for ring in _rings(part))
        told = escape(f"{town.name} {town.told}")
        look = f'fill="{look_of(town.klass)[0]}" fill-rule="evenodd" stroke="#58616a" stroke-width="0.8"'
        shape = f'<path d="{path}" {look}><title>{told}</title></path>'
        shapes.append(f'<a href="{escape(town.url)}" aria-label="{told}">{shape}</a>' if town.url else shape)
        if shown.area * scale**2 > 1100:
            labels.append(_label(town, shown, (west, north, scale)))
    return _picture(width, height, title, _HATCH + "".join(shapes + labels))


def legend_mark(klass: ValueClass | None) -> str:
    """A class's look, to stand beside its words."""
    fill = "#ffffff" if klass is None else look_of(klass)[0]
    # A hatch of its own: a pattern of another picture is not seen from everywhere.
    hatch = '<path d="M-2 8L8 -2M0 16L16 0M8 18L18 8" stroke="#8a949e" stroke-width="3"/>' if klass is None else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'<rect width="16" height="16" fill="{fill}"/>{hatch}'
        '<rect x="0.5" y="0.5" width="15" height="15" fill="none" stroke="#58616a"/></svg>'
    )


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [shape]
    return [part for part in shape.geoms if isinstance(part, Polygon)] if isinstance(shape, MultiPolygon) else []


def _rings(polygon: Polygon) -> list[BaseGeometry]:
    return [polygon.exterior, *polygon.interiors]


def _ring(coords: Sequence[tuple[float, ...]], west: float, north: float, scale: float) -> str:
    return "M" + "L".join(f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y, *_h in coords) + "Z"


def _label(town: Town, shown: BaseGeometry, view: tuple[float, float, float]) -> str:
    west, north, scale = view
    inside = shown.representative_point()
    x, y = (inside.x - west) * scale, (north - inside.y) * scale
    # On a hatch letters need a ground.
    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if town.klass is None else ""
    look = f'text-anchor="middle" fill="{look_of(town.klass)[1]}" pointer-events="none"{halo}'
    name = f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" {look}>{escape(town.name)}</text>'
    left, _low, right, _high = shown.bounds
    across = shown.intersection(LineString([(left, inside.y), (right, inside.y)])).length * scale
    if across < 6.4 * len(town.told):
        # A long figure would run into the neighbours; it stands in the table.
        return name
    return (
        name + f'<text x="{x:.1f}" y="{y + 12:.1f}" font-size="11" font-weight="700" {look}>{escape(town.told)}</text>'
    )


@dataclass(frozen=True)
class Point:
    """A period of a series: how it is called, its place on the axis (months), its value, and the value in words."""

    label: str
    month: float
    value: Decimal | None
    told: str


def series(points: Sequence[Point], title: str, width: float = 620, height: float = 240) -> str:
    """The values as a line with a dot and its number for each period, broken where one is unknown. The axis holds 0."""
    known = [float(point.value) for point in points if point.value is not None]
    if not known:
        return ""
    left, top, across, up = 30.0, 34.0, width - 60, height - 70
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0
    begin = points[0].month
    months = (points[-1].month - begin) or 1.0

    def at(point: Point) -> tuple[float, float]:
        x = left + across * ((point.month - begin) / months if len(points) > 1 else 0.5)
        return x, top + up * (1 - (float(point.value or 0) - low) / span)

    zero = top + up * (1 - (0 - low) / span)
    axis = f'<path d="M{left - 12:g} {zero:.1f}H{left + across + 12:.1f}" stroke="#8a949e"/>'
    lines = "".join(
        f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, run))}" fill="none" stroke="#1c588c" '
        'stroke-width="2.5"/>'
        for run in _runs(points)
        if len(run) > 1
    )
    dots = "".join(_dot(*at(point), point, width) for point in points if point.value is not None)
    every = -(-len(points) // 8)
    names = "".join(
        f'<text x="{at(point)[0]:.1f}" y="{height - 10:g}" text-anchor="{_anchor(at(point)[0], width)}" font-size="11" '
        f'fill="#464c53">{escape(point.label)}</text>'
        for number, point in enumerate(points)
        if number % every == 0
    )
    return _picture(width, height, title, axis + lines + dots + names)


def _anchor(x: float, width: float) -> str:
    return "start" if x < 70 else "end" if x > width - 70 else "middle"


def _dot(x: float, y: float, point: Point, width: float) -> str:
    told = escape(point.told)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="#1c588c" stroke="#ffffff" stroke-width="1.5">'
        f"<title>{escape(point.label)} {told}</title></circle>"
        f'<text x="{x:.1f}" y="{y - 12:.1f}" text-anchor="{_anchor(x, width)}" font-size="12" font-weight="700" '
        f'fill="#1e2124" stroke="#ffffff" stroke-width="4" paint-order="stroke">{told}</text>'
    )


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Periods in a row whose values are known."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _picture(width: float, height: float, title: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="{_FONT}">{inner}</svg>'
    )
