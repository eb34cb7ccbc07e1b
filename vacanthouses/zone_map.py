"""A concentration zone as SVG, for screen and paper: its border, vacant parcels, buildings by age. No Django here."""

from collections.abc import Callable, Sequence
from html import escape

from shapely import Point, Polygon

from vacanthouses.concentration import Building, House
from vacanthouses.route_map import WIDTH, Place, outline, projection, scale_bar

BORDER, VACANT, PARCEL, OLD, YOUNG = "#b01c3a", "#b01c3a", "#f3c9d2", "#5c6670", "#1f6feb"
MIDDLE = Point(8, 8)


def zone_map(
    zone: Polygon, houses: Sequence[House], buildings: Sequence[Building], title: str, height: float = 420.0
) -> str:
    """All shapes in EPSG:5179. Vacant houses are squares; other buildings are full circles where old, rings where not,
    and crosses where nobody knows."""
    corners = [(x, y) for x, y in zone.exterior.coords]
    at, scale = projection(corners, height, least_m=60)
    vacant = {(house.point.x, house.point.y) for house in houses}
    parts = [
        f'<path d="{outline(house.parcel, at)}" fill="{PARCEL}" stroke="none"/>'
        for house in houses
        if house.parcel is not None
    ]
    parts.append(
        f'<path d="{outline(zone, at)}" fill="{BORDER}" fill-opacity=".05" stroke="{BORDER}" stroke-width="2.5"/>'
    )
    parts += [_building(each, at) for each in buildings if (each.point.x, each.point.y) not in vacant]
    parts += [_vacant(house, at) for house in houses]
    parts += scale_bar(scale, height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" overflow="hidden" role="img" '
        f"aria-label=\"{escape(title)}\" font-family=\"'Pretendard GOV', 'Noto Sans CJK KR', sans-serif\">"
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#f7f8f9"/>{"".join(parts)}</svg>'
    )


def _building(building: Building, at: Callable[[Place], Place]) -> str:
    x, y = at((building.point.x, building.point.y))
    if building.old is None:
        d = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8"
        return f'<path d="{d}" fill="none" stroke="{OLD}" stroke-width="1.8"/>'
    fill, line = (OLD, OLD) if building.old else ("#fff", YOUNG)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{fill}" stroke="{line}" stroke-width="1.8"/>'


def _vacant(house: House, at: Callable[[Place], Place]) -> str:
    x, y = at((house.point.x, house.point.y))
    return (
        f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{VACANT}" stroke="#fff" '
        'stroke-width="1.2"/>'
    )


def legend_mark(kind: str) -> str:
    """One sign of the map, to stand beside its words: vacant, old, young or unknown."""
    age = {"old": True, "young": False}.get(kind)
    sign = _vacant(House(0, MIDDLE), _as_is) if kind == "vacant" else _building(Building(MIDDLE, age), _as_is)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
    return f"{head}{sign}</svg>"


def _as_is(place: Place) -> Place:
    return place
