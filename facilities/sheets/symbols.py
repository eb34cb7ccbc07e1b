"""What stands in rooms, as symbols: stairs, lifts, voids, furniture, doors, arrows and amenities. No Django here."""

import math
from xml.etree.ElementTree import Element

import shapely
from shapely import LineString, MultiLineString, Polygon
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import (
    DOOR,
    GAP,
    OPEN,
    RESTRICTED,
    VOIDS,
    Fixture,
    Unit,
)

from . import palette
from .openings import XY, Leaf, Symbol
from .svg import FAINT, INK, PAPER, Pen, add, number

FINE, THIN, FIRM = 0.13, 0.18, 0.3
# How far apart stairs' steps are drawn (metres).
_TREAD_M = 0.28
_STEPPED = frozenset({"stairs", "steps", "escalator", "ramp", "movingwalkway"})

# Letters in a circle; the legend says what they mean.
AMENITY_SIGNS = {
    "information": "i",
    "ticketing": "No",
    "atm": "₩",
    "aed": "+",
    "drinkingfountain": "D",
    "recyclingpoint": "R",
    "wastebin": "W",
    "photocopier": "C",
    "publicphone": "T",
    "seating": "S",
    "strollerrental": "B",
    "wheelchairrental": "Wh",
    "parking": "P",
    "bicycleparking": "Bi",
    "mailbox": "M",
    "locker": "L",
    "unspecified": "?",
}


def hatching(area: BaseGeometry, angle: float, spacing: float) -> BaseGeometry:
    """Parallel lines ``spacing`` apart (metres) inside an area. All areas share one grid, so that lines run on."""
    if area.is_empty:
        return MultiLineString()
    upright = rotate(area, -angle, origin=(0, 0))
    west, south, east, north = upright.bounds
    first, last = math.floor(south / spacing), math.ceil(north / spacing)
    lines = [LineString([(west, n * spacing), (east, n * spacing)]) for n in range(first, last + 1)]
    return rotate(MultiLineString(lines).intersection(upright), angle, origin=(0, 0))


def draw_hatching(parent: Element, pen: Pen, closed: dict[str, list[Polygon]]) -> None:
    """Lines across the rooms of each restriction."""
    for restriction, rooms in closed.items():
        area = shapely.union_all(rooms)
        for angle in palette.HATCH_ANGLES[restriction]:
            data = pen.path(hatching(area, angle, pen.metres(palette.HATCH_MM)))
            if data:
                add(parent, "path", d=data, fill="none", stroke=palette.HATCH_INK[restriction], stroke_width=FINE)


def draw_inside(parent: Element, pen: Pen, unit: Unit) -> None:
    """The sign inside stairs, lifts and voids."""
    line = {"fill": "none", "stroke": FAINT, "stroke_width": THIN}
    if unit.category in _STEPPED:
        add(parent, "path", d=pen.path(_treads(unit.geometry)), **line)
        data = _arrow_up(pen, unit.geometry)
        add(parent, "path", d=data, fill="none", stroke=INK, stroke_width=THIN)
    elif unit.category == "elevator":
        add(parent, "path", d=pen.path(_diagonals(unit.geometry)), **line)
    elif unit.category in VOIDS:
        add(parent, "path", d=pen.path(_diagonals(unit.geometry)), **line, stroke_dasharray="1.6 0.9")


def _long_way(room: Polygon) -> tuple[XY, XY, float]:
    """The middle line of the smallest rectangle around a room, and the rectangle's width."""
    corners = list(shapely.minimum_rotated_rectangle(room).exterior.coords)[:4]
    sides = [math.dist(corners[n], corners[(n + 1) % 4]) for n in range(2)]
    n = 0 if sides[0] >= sides[1] else 1
    first, second, third, fourth = (corners[(n + k) % 4] for k in range(4))
    start = ((first[0] + fourth[0]) / 2, (first[1] + fourth[1]) / 2)
    end = ((second[0] + third[0]) / 2, (second[1] + third[1]) / 2)
    return start, end, min(sides)


def _treads(room: Polygon) -> BaseGeometry:
    start, end, width = _long_way(room)
    length = math.dist(start, end) or 1.0
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    across = (-along[1] * width, along[0] * width)
    lines = []
    for step in range(1, max(2, int(length / _TREAD_M))):
        x, y = start[0] + along[0] * step * _TREAD_M, start[1] + along[1] * step * _TREAD_M
        lines.append(LineString([(x - across[0], y - across[1]), (x + across[0], y + across[1])]))
    return MultiLineString(lines).intersection(room)


def _diagonals(room: Polygon) -> BaseGeometry:
    corners = list(shapely.minimum_rotated_rectangle(room).exterior.coords)[:4]
    both = MultiLineString([(corners[0], corners[2]), (corners[1], corners[3])])
    return both.intersection(room)


def _arrow_up(pen: Pen, room: Polygon) -> str:
    """An arrow along the stairs."""
    start, end, _width = _long_way(room)
    line = LineString([start, end])
    tail, tip = (line.interpolate(part, normalized=True).coords[0] for part in (0.12, 0.88))
    return pen.line([tail, tip]) + arrow_head(pen.at(*tip), pen.at(*tail), 1.3)


def arrow_head(tip: XY, tail: XY, size: float, spread: float = 0.45) -> str:
    """Path data (mm) of an open arrow head at ``tip``, coming from ``tail``."""
    angle = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    first, second = (
        (tip[0] + size * math.cos(angle + turn), tip[1] + size * math.sin(angle + turn)) for turn in (spread, -spread)
    )
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (first, tip, second))


def draw_fixture(parent: Element, pen: Pen, fixture: Fixture) -> None:
    look = {"fill": PAPER, "stroke": FAINT, "stroke_width": THIN}
    if fixture.category == "shutter":
        look = {"fill": "none", "stroke": INK, "stroke_width": 0.45, "stroke_dasharray": "2.2 0.9 0.5 0.9"}
    elif fixture.category in {"wall", "obstruction"}:
        look = {"fill": FAINT, "stroke": INK, "stroke_width": FIRM}
    elif fixture.category == "counter":
        look = {"fill": "#e8d9bd", "stroke": INK, "stroke_width": THIN}
    if isinstance(fixture.geometry, LineString):
        look["fill"] = "none"
    add(parent, "path", d=pen.path(fixture.geometry), fill_rule="evenodd", **look)


def draw_opening(parent: Element, pen: Pen, symbol: Symbol) -> None:
    opening = symbol.opening
    ink = palette.DOOR_INK[opening.restriction]
    add(parent, "path", d=pen.path(symbol.cut), fill=PAPER, stroke=PAPER, stroke_width=0.08)
    firm = {"fill": "none", "stroke": ink, "stroke_width": FIRM}
    add(parent, "path", d="".join(pen.path(jamb) for jamb in symbol.jambs), **firm)
    if opening.kind == GAP:
        coords = list(symbol.cut.exterior.coords)
        data = pen.line(coords[0:2]) + pen.line(coords[2:4])
        add(parent, "path", d=data, fill="none", stroke=FAINT, stroke_width=THIN, stroke_dasharray="0.9 0.7")
    for leaf in symbol.leaves:
        _draw_leaf(parent, pen, leaf, ink)
    for panel in symbol.panels:
        add(parent, "path", d=pen.path(panel), **firm)
    if opening.restriction != OPEN and opening.kind == DOOR:
        _draw_closed_sign(parent, pen, symbol, ink)


def _draw_leaf(parent: Element, pen: Pen, leaf: Leaf, ink: str) -> None:
    hinge, tip, shut = pen.at(*leaf.hinge), pen.at(*leaf.tip), pen.at(*leaf.shut)
    radius = number(math.dist(hinge, tip))
    cross = (tip[0] - hinge[0]) * (shut[1] - hinge[1]) - (tip[1] - hinge[1]) * (shut[0] - hinge[0])
    arc = f"M{_xy(tip)}A{radius} {radius} 0 0 {1 if cross > 0 else 0} {_xy(shut)}"
    add(parent, "path", d=f"M{_xy(hinge)}L{_xy(tip)}", fill="none", stroke=ink, stroke_width=FIRM)
    add(parent, "path", d=arc, fill="none", stroke=ink, stroke_width=FINE)


def _xy(place: XY) -> str:
    return f"{number(place[0])} {number(place[1])}"


def _draw_closed_sign(parent: Element, pen: Pen, symbol: Symbol, ink: str) -> None:
    """A diamond on a door for staff, a square on a restricted one."""
    centre = symbol.cut.centroid
    draw_sign(parent, pen.at(centre.x, centre.y), symbol.opening.restriction, ink)


def draw_sign(parent: Element, at: XY, restriction: str, ink: str) -> None:
    x, y = at
    half = 0.75
    if restriction == RESTRICTED:
        half = 0.6
        add(parent, "rect", x=x - half, y=y - half, width=2 * half, height=2 * half, fill=ink)
        return
    data = f"M{_xy((x - half, y))}L{_xy((x, y - half))}L{_xy((x + half, y))}L{_xy((x, y + half))}Z"
    add(parent, "path", d=data, fill=ink)


def entrance_tail(pen: Pen, symbol: Symbol) -> XY:
    """Where an entrance's arrow begins (mm)."""
    assert symbol.outside is not None
    x, y = pen.at(*symbol.outside)
    return x - symbol.inward[0] * 6.2, y + symbol.inward[1] * 6.2


def draw_entrance(parent: Element, pen: Pen, symbol: Symbol) -> None:
    """An arrow into the building: full for the public, hollow for staff; two lines before it where there is a step."""
    if symbol.outside is None:
        return
    x, y = pen.at(*symbol.outside)
    (dx, dy), public = (symbol.inward[0], -symbol.inward[1]), symbol.opening.restriction == OPEN
    draw_arrow(parent, (x - dx * 1.4, y - dy * 1.4), (dx, dy), public)
    if not symbol.opening.step_free:
        (ax, ay), (bx, by) = (pen.at(*jamb.centroid.coords[0]) for jamb in symbol.jambs)
        for away in (0.5, 1.1):
            shift = (-dx * away + x - (ax + bx) / 2, -dy * away + y - (ay + by) / 2)
            data = f"M{_xy((ax + shift[0], ay + shift[1]))}L{_xy((bx + shift[0], by + shift[1]))}"
            add(parent, "path", d=data, fill="none", stroke=INK, stroke_width=THIN)


def draw_arrow(parent: Element, tip: XY, direction: XY, public: bool) -> None:
    """An entrance's arrow, 4.8 mm long, whose tip is given."""
    (x, y), (dx, dy) = tip, direction

    def at(back: float, aside: float) -> str:
        return _xy((x - dx * back - dy * aside, y - dy * back + dx * aside))

    outline = [at(0, 0), at(2.3, 1.5), at(2.3, 0.55), at(4.8, 0.55), at(4.8, -0.55), at(2.3, -0.55), at(2.3, -1.5)]
    fill = INK if public else PAPER
    look = {"stroke": INK, "stroke_width": 0.25, "stroke_linejoin": "round"}
    add(parent, "path", d="M" + "L".join(outline) + "Z", fill=fill, **look)


def draw_amenity(parent: Element, at: XY, category: str) -> None:
    sign = AMENITY_SIGNS.get(category, "?")
    add(parent, "circle", cx=at[0], cy=at[1], r=1.7, fill=PAPER, stroke="#0b50d0", stroke_width=0.25)
    size = 2.3 if len(sign) == 1 else 1.7
    add(
        parent, "text", sign, x=at[0], y=at[1] + size * 0.36, font_size=size, font_weight=700,
        text_anchor="middle", fill="#0b50d0",
    )  # fmt: skip
