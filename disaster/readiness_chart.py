"""Readiness as pictures: towns on a map, a town over the months. SVG composed on the server; shapes are in EPSG:5179.

Pure: no Django. Colours run from orange to blue, which every eye tells apart; what is unknown is hatched, and each town
says its number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from shapely import union_all
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.static_map import view_of

# Up to (not including) a share, its fill and the ink upon it.
CLASSES = (
    (0.25, "#a6510a", "#ffffff"),
    (0.5, "#e8963a", "#1e2124"),
    (0.75, "#fbd9a8", "#1e2124"),
    (1.0, "#b9d9ee", "#1e2124"),
    (2.0, "#2a6ea6", "#ffffff"),
)
NOTHING = "#f0f1f2"
HATCH_ID = "unknown-hatch"
_HATCH = (
    f'<defs><pattern id="{HATCH_ID}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#ffffff"/><path d="M0 0V7" stroke="#8a949e" stroke-width="3"/></pattern></defs>'
)
_FONT = "Pretendard GOV, Noto Sans CJK KR, Noto Sans KR, sans-serif"


@dataclass(frozen=True)
class Town:
    """``score`` None is unknown, or (``is_asked`` false) that nothing is asked for; ``told`` is what the map says."""

    name: str
    shape: BaseGeometry
    score: float | None
    told: str
    url: str
    is_asked: bool = True


def look_of(score: float | None, is_asked: bool = True) -> tuple[str, str]:
    """Fill and ink of a town."""
    if not is_asked:
        return NOTHING, "#464c53"
    if score is None:
        return f"url(#{HATCH_ID})", "#1e2124"
    return next((fill, ink) for limit, fill, ink in CLASSES if score < limit)


def choropleth(towns: Sequence[Town], title: str, width: float = 620, height: float = 460) -> str:
    """Towns by readiness; each leads to its page."""
    if not towns:
        return ""
    west, _south, east, north = view_of(union_all([town.shape.envelope for town in towns]), width, height)
    scale = width / (east - west)
    shapes, labels = [], []
    for town in towns:
        shown = town.shape.simplify(0.5 / scale)
        path = "".join(_ring(ring.coords, west, north, scale) for part in _polygons(shown) for ring in _rings(part))
        fill, _ink = look_of(town.score, town.is_asked)
        look = f'fill="{fill}" fill-rule="evenodd" stroke="#58616a" stroke-width="0.8"'
        told = escape(f"{town.name} {town.told}")
        shapes.append(
            f'<a href="{escape(town.url)}" aria-label="{told}"><path d="{path}" {look}><title>{told}</title></path></a>'
        )
        if shown.area * scale**2 > 700:
            labels.append(_label(town, shown, (west, north, scale)))
    return _picture(width, height, title, _HATCH + "".join(shapes + labels))


def legend_mark(score: float | None, is_asked: bool = True) -> str:
    """A town's look, to stand beside its words."""
    fill, _ink = look_of(score, is_asked)
    if score is None and is_asked:
        # A hatch of its own: a pattern of another picture is not seen from everywhere.
        inner = '<path d="M-2 8L8 -2M0 16L16 0M8 18L18 8" stroke="#8a949e" stroke-width="3"/>'
        fill = "#ffffff"
    else:
        inner = ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'<rect width="16" height="16" fill="{fill}"/>{inner}'
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
    _fill, ink = look_of(town.score, town.is_asked)
    # On a hatch letters need a ground.
    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if town.score is None else ""
    look = f'text-anchor="middle" fill="{ink}" pointer-events="none"{halo}'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" {look}>{escape(town.name)}</text>'
        f'<text x="{x:.1f}" y="{y + 12:.1f}" font-size="11" font-weight="700" {look}>{escape(town.told)}</text>'
    )


@dataclass(frozen=True)
class Kept:
    """Readiness as it was kept on a day: ``score`` None where it was unknown, and the range that it could have been."""

    day: date
    score: float | None
    low: float
    high: float


def trend(kept: Sequence[Kept], title: str, width: float = 620, height: float = 220) -> str:
    """The score as a line with a dot for each day, broken where it was unknown; the range as a pale band. Always from 0
    to 100 %, so that two pictures can be compared."""
    if not kept:
        return ""
    left, top, across, up = 46.0, 14.0, width - 66, height - 44
    begin, days = kept[0].day, max((kept[-1].day - kept[0].day).days, 1)

    def at(day: date, share: float) -> tuple[float, float]:
        return left + across * (day - begin).days / days, top + up * (1 - share)

    grid = "".join(
        f'<path d="M{left} {top + up * (1 - share):.1f}H{left + across:.1f}" stroke="#d8dbde"/>'
        f'<text x="{left - 6}" y="{top + up * (1 - share) + 4:.1f}" text-anchor="end" font-size="11" fill="#464c53">'
        f"{share:.0%}</text>"
        for share in (0, 0.5, 1)
    )
    ends = [(left, "start", kept[0].day), (left + across, "end", kept[-1].day)][: 1 + (len(kept) > 1)]
    dates = "".join(
        f'<text x="{x:.1f}" y="{height - 8}" text-anchor="{anchor}" font-size="11" fill="#464c53">{day:%Y-%m-%d}</text>'
        for x, anchor, day in ends
    )
    around = [at(each.day, each.high) for each in kept] + [at(each.day, each.low) for each in reversed(kept)]
    band = f'<path d="M{_points(around)}Z" fill="#2a6ea6" fill-opacity="0.15"/>' if len(kept) > 1 else ""
    lines = "".join(
        f'<path d="M{_points([at(each.day, each.score or 0.0) for each in run])}" stroke="#1f5c8f" stroke-width="2.5" '
        'fill="none"/>'
        for run in _runs(kept)
        if len(run) > 1
    )
    dots = "".join(_dot(*at(each.day, each.score), each) for each in kept if each.score is not None)
    return _picture(width, height, title, grid + dates + band + lines + dots)


def _dot(x: float, y: float, kept: Kept) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5c8f" stroke="#ffffff" stroke-width="1.5">'
        f"<title>{kept.day:%Y-%m-%d} {kept.score:.0%}</title></circle>"
    )


def _runs(kept: Sequence[Kept]) -> list[list[Kept]]:
    """Days in a row on which the score was known."""
    runs: list[list[Kept]] = [[]]
    for each in kept:
        if each.score is None:
            runs.append([])
        else:
            runs[-1].append(each)
    return [run for run in runs if run]


def _points(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def markers(places: Sequence[tuple[str, float, float]], view: tuple[float, float, float, float], width: float) -> str:
    """Numbered places (EPSG:5179) upon a map of ``gis_core.static_map`` with the same view and width (pixels)."""
    west, _south, east, north = view
    scale = width / (east - west)
    found = []
    for name, x, y in places:
        across, down = (x - west) * scale, (north - y) * scale
        found.append(
            f'<circle cx="{across:.1f}" cy="{down:.1f}" r="8" fill="#0b50d0" stroke="#ffffff" stroke-width="1.5"/>'
            f'<text x="{across:.1f}" y="{down + 3.6:.1f}" text-anchor="middle" font-size="10" font-weight="700" '
            f'fill="#ffffff">{escape(name)}</text>'
        )
    return "".join(found)


def _picture(width: float, height: float, title: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="{_FONT}">{inner}</svg>'
    )
