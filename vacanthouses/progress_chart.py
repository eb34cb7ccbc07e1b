"""Pictures of a survey round's progress as SVG, composed on the server. Pure; shapes are in EPSG:5179."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from shapely import union_all
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.static_map import view_of

# Light to dark by share done; each town also says its share in figures.
CLASSES = ((0.25, "#dcecf7"), (0.5, "#a9cfe8"), (0.75, "#62a5d1"), (1.0, "#2a78ad"), (2.0, "#0a4a7a"))
NOTHING = "#f0f1f2"
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"


@dataclass(frozen=True)
class Town:
    """``share`` is what is done of what is to be done; None where nothing is."""

    name: str
    shape: BaseGeometry
    share: float | None


def color_of(share: float | None) -> str:
    return NOTHING if share is None else next(color for limit, color in CLASSES if share < limit)


def choropleth(towns: Sequence[Town], title: str, width: float = 560, height: float = 420) -> str:
    """Towns coloured by the share done, each with its name and share where it is large enough on the picture."""
    if not towns:
        return ""
    west, _south, east, north = view_of(union_all([town.shape.envelope for town in towns]), width, height)
    scale = width / (east - west)
    shapes, labels = [], []
    for town in towns:
        shown = town.shape.simplify(0.5 / scale)
        path = "".join(_ring(ring.coords, west, north, scale) for part in _polygons(shown) for ring in _rings(part))
        told = "–" if town.share is None else f"{town.share:.0%}"
        look = f'fill="{color_of(town.share)}" fill-rule="evenodd" stroke="#58616a" stroke-width="0.7"'
        shapes.append(f'<path d="{path}" {look}><title>{escape(town.name)} {told}</title></path>')
        if shown.area * scale**2 > 500:
            labels.append(_label(town, told, shown, (west, north, scale)))
    return _picture(width, height, title, "".join(shapes + labels))


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [shape]
    return [part for part in shape.geoms if isinstance(part, Polygon)] if isinstance(shape, MultiPolygon) else []


def _rings(polygon: Polygon) -> list[BaseGeometry]:
    return [polygon.exterior, *polygon.interiors]


def _ring(coords: Sequence[tuple[float, ...]], west: float, north: float, scale: float) -> str:
    return "M" + "L".join(f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y, *_h in coords) + "Z"


def _label(town: Town, told: str, shown: BaseGeometry, view: tuple[float, float, float]) -> str:
    west, north, scale = view
    inside = shown.representative_point()
    x, y = (inside.x - west) * scale, (north - inside.y) * scale
    dark = town.share is not None and town.share >= 0.75
    look = f'text-anchor="middle" fill="{"#ffffff" if dark else "#1e2124"}"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" {look}>{escape(town.name)}</text>'
        f'<text x="{x:.1f}" y="{y + 12:.1f}" font-size="11" font-weight="700" {look}>{told}</text>'
    )


@dataclass(frozen=True)
class BurnDown:
    """What was left at the end of each day, from the round's begin to its end."""

    total: int
    begin: date
    end: date
    left: Sequence[tuple[date, int]]

    def needed(self, day: date) -> float:
        """What should be left on a day, when every day of the round does as much as the others."""
        whole = max((self.end - self.begin).days, 1)
        gone = min(max((day - self.begin).days, 0), whole)
        return self.total * (1 - gone / whole)


def left_by_day(total: int, begin: date, until: date, done: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """What was left after each day on which something was done; what was done before the begin counts as then."""
    left, found = total, []
    for day, number in sorted(done):
        left -= number
        if day <= begin:
            continue
        found.append((day, left))
    early = sum(number for day, number in done if day <= begin)
    points = [(begin, total - early), *found]
    return [*points, (until, points[-1][1])] if until > points[-1][0] else points


def burn_down(chart: BurnDown, title: str, width: float = 560, height: float = 300) -> str:
    """What is left as a line, and the straight line that ends in time (dashed)."""
    margin_left, margin_bottom, top = 52.0, 28.0, 14.0
    last = max(chart.end, *(day for day, _left in chart.left)) if chart.left else chart.end
    days = max((last - chart.begin).days, 1)
    across, up = width - margin_left - 14, height - margin_bottom - top

    def at(day: date, left: float) -> str:
        x = margin_left + across * (day - chart.begin).days / days
        return f"{x:.1f} {top + up * (1 - left / max(chart.total, 1)):.1f}"

    grid = "".join(
        f'<path d="M{margin_left} {top + up * part:.1f}H{width - 14:.1f}" stroke="#d8dbde" stroke-width="1"/>'
        f'<text x="{margin_left - 6}" y="{top + up * part + 4:.1f}" text-anchor="end" font-size="11" fill="#464c53">'
        f"{round(chart.total * (1 - part)):,}</text>"
        for part in (0, 0.5, 1)
    )
    ends = "".join(
        f'<text x="{x:.1f}" y="{height - 8}" text-anchor="{anchor}" font-size="11" fill="#464c53">{day:%Y-%m-%d}</text>'
        for x, anchor, day in ((margin_left, "start", chart.begin), (width - 14, "end", last))
    )
    straight = f"M{at(chart.begin, chart.total)}L{at(chart.end, 0)}"
    needed = f'<path d="{straight}" stroke="#6b7684" stroke-dasharray="5 4" fill="none"/>'
    steps = "L".join(at(day, left) for day, left in chart.left)
    line = f'<path d="M{steps}" stroke="#0b50d0" stroke-width="2.5" fill="none"/>' if chart.left else ""
    return _picture(width, height, title, grid + ends + needed + line)


def _picture(width: float, height: float, title: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="{_FONT}">{inner}</svg>'
    )
