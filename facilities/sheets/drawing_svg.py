"""A level of a plan as an architect's drawing in SVG, in millimetres of paper at a scale.

``level_svg`` is a whole picture for a page; ``draw_level`` draws into a sheet of any kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element

import shapely
from django.utils import translation
from django.utils.translation import gettext as _
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from facilities.plan.document import OPEN, SOLIDS, VOIDS, Document, Level, Unit
from facilities.plan.findings import Finding
from facilities.plan.schedule import pyeong
from facilities.plan.space import too_wide_for_a_wall
from facilities.words.names import bare_name, level_name, room_name

from . import labels as placing
from . import palette, symbols
from .dims import DIMS_MM, draw_dims
from .labels import Text
from .legend import draw_legend, legend_height, legend_of
from .openings import Rooms, Symbol, symbol
from .svg import FAINT, INK, PAPER, Pen, add, group, root, text_width, to_text

View: TypeAlias = tuple[float, float, float, float]
Fill: TypeAlias = Literal["use", "restriction", "plain"]
Labels: TypeAlias = Literal["full", "name", "none"]

# Room around the building for arrows and their names (mm).
MARGIN_MM = 9.0
_MARK_MM = 2.5
# A level on which nothing is drawn yet is shown as this much empty floor (metres).
_NOTHING: View = (0.0, 0.0, 10.0, 8.0)


@dataclass(frozen=True)
class Options:
    """How a level is drawn.

    ``highlighted`` maps keys of rooms to what stands in a circle in them ("" for an outline only), ``inks`` to the
    colour of outline and circle where it is not the usual one. ``numbers`` maps
    keys to numbers that stand before the rooms' names instead of their own, and alone where a name is too long.
    ``findings`` of this level are drawn where they have a geometry. ``view`` (west, south, east, north in metres)
    makes several drawings comparable: see ``view_of``.
    ``language`` is "ko" or "en"; the active one when empty.
    """

    scale: float = 100.0
    fill: Fill = "use"
    labels: Labels = "full"
    language: str = ""
    title: str = ""
    highlighted: Mapping[str, str] = field(default_factory=dict)
    inks: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    show_dims: bool = False
    legend: bool = False
    view: View | None = None


def level_svg(document: Document, level_key: str, options: Options | None = None) -> str:
    """The level as ``<svg>`` with a viewBox in millimetres, safe to put into a page. Raises KeyError for no such level.

    It carries its true size in mm; a page may give it any other through CSS.
    """
    options = options or Options()
    with translation.override(options.language or translation.get_language() or "ko"):
        level = document.level_of[level_key]
        view = options.view or view_of([document], level_key)
        margin = MARGIN_MM + (DIMS_MM if options.show_dims else 0)
        pen = Pen(view[0], view[3], options.scale, margin, margin)
        width = pen.mm(view[2] - view[0]) + 2 * margin
        height = pen.mm(view[3] - view[1]) + 2 * margin
        items = legend_of(document, level_key, options.fill) if options.legend else []
        title = options.title or _("Floor plan, %(level)s") % {"level": level_name(level)}
        svg = root(width, height + legend_height(items, width - 2 * margin), title)
        add(svg, "rect", x=0, y=0, width="100%", height="100%", fill=PAPER)
        draw_level(svg, document, level_key, pen, options)
        if items:
            draw_legend(svg, margin, height, width - 2 * margin, items)
        return to_text(svg)


def view_of(documents: Iterable[Document], level_key: str) -> View:
    """West, south, east, north (metres) of a level in all these documents."""
    shapes: list[BaseGeometry] = []
    for document in documents:
        level = document.level_of.get(level_key)
        if level and level.outline:
            shapes.append(level.outline)
        shapes += [unit.geometry for unit in document.on_level("units", level_key)]
    if not shapes:
        return _NOTHING
    west, south, east, north = shapely.total_bounds(shapely.GeometryCollection(shapes)).tolist()
    return west, south, east, north


def scale_for(view: View, width_mm: float) -> float:
    """The scale at which the view and its margins are so wide: for pictures that need no round scale."""
    return max(view[2] - view[0], 1.0) * 1000 / max(width_mm - 2 * MARGIN_MM, 10.0)


def draw_level(parent: Element, document: Document, level_key: str, pen: Pen, options: Options) -> None:
    """Draw a level into an SVG element, in the active language."""
    level = document.level_of[level_key]
    units = document.on_level("units", level_key)
    drawn = shapely.union_all([unit.geometry for unit in units]) if units else Polygon()
    walls, unassigned = _ground(level, drawn)
    rooms = Rooms(units)
    doors = [symbol(opening, rooms, walls) for opening in document.on_level("openings", level_key)]
    _draw_rooms(group(parent, "rooms"), pen, units, options.fill)
    _draw_unassigned(group(parent, "unassigned"), pen, unassigned)
    fixtures = document.on_level("fixtures", level_key)
    shelf = group(parent, "fixtures")
    for fixture in fixtures:
        symbols.draw_fixture(shelf, pen, fixture)
    solid = group(parent, "walls")
    add(solid, "path", d=pen.path(walls), fill=palette.WALL, fill_rule="evenodd")
    if level.outline is not None:
        edge = {"stroke": palette.WALL, "stroke_width": symbols.THIN}
        # Within the outline: its outer face stays true to scale.
        face = level.outline.buffer(-pen.metres(symbols.THIN / 2), join_style="mitre")
        add(solid, "path", d=pen.path(face), fill="none", **edge)
    _draw_doors(parent, pen, doors)
    highlights = {unit.key: options.highlighted[unit.key] for unit in units if unit.key in options.highlighted}
    marks = _draw_highlights(group(parent, "highlights"), pen, units, highlights, options.inks)
    amenities = document.on_level("amenities", level_key)
    taken = [door.taken for door in doors] + [fixture.geometry.buffer(0.03) for fixture in fixtures] + marks
    taken += [amenity.geometry.buffer(pen.metres(2.0)) for amenity in amenities]
    if options.labels != "none":
        _draw_labels(group(parent, "labels"), pen, units, taken, options)
    table = group(parent, "amenities")
    for amenity in amenities:
        symbols.draw_amenity(table, pen.at(amenity.geometry.x, amenity.geometry.y), amenity.category)
    _draw_findings(group(parent, "findings"), pen, options.findings, level_key)
    if options.show_dims:
        draw_dims(group(parent, "dims"), pen, level, units, options.view or view_of([document], level_key))


def _ground(level: Level, drawn: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """The walls, and the ground inside the outline that is too wide to be a wall."""
    if level.outline is None:
        return Polygon(), Polygon()
    free = level.outline.difference(drawn)
    unassigned = shapely.union_all(list(too_wide_for_a_wall(free)))
    return free.difference(unassigned), unassigned


def _draw_rooms(parent: Element, pen: Pen, units: Sequence[Unit], fill: Fill) -> None:
    for unit in units:
        ground = palette.fill_of(unit.category)
        if fill == "restriction" and unit.category not in VOIDS | SOLIDS:
            ground = palette.RESTRICTION_FILLS[unit.restriction]
        elif fill == "plain" and unit.category not in SOLIDS:
            ground = PAPER
        look = {"fill": ground, "fill_rule": "evenodd", "stroke": palette.WALL, "stroke_width": symbols.THIN}
        room = add(parent, "path", d=pen.path(unit.geometry), data_key=unit.key, **look)
        add(room, "title", room_name(unit))
    closed: dict[str, list[Polygon]] = {}
    for unit in units:
        if unit.restriction != OPEN and unit.is_walkable:
            closed.setdefault(unit.restriction, []).append(unit.geometry)
    symbols.draw_hatching(parent, pen, closed)
    for unit in units:
        symbols.draw_inside(parent, pen, unit)


def _draw_unassigned(parent: Element, pen: Pen, ground: BaseGeometry) -> None:
    """Ground that is no room yet: dotted, so that nobody takes it for a wall or a room."""
    if ground.is_empty:
        return
    look = {"stroke": FAINT, "stroke_width": symbols.THIN, "stroke_dasharray": "0.4 1.2"}
    add(parent, "path", d=pen.path(ground), fill="#fafafa", fill_rule="evenodd", **look)
    dots = symbols.hatching(ground, 0.0, pen.metres(3.0))
    add(parent, "path", d=pen.path(dots), fill="none", stroke="#b1b8be", stroke_width=0.3, stroke_dasharray="0.3 2.7")


def _draw_doors(parent: Element, pen: Pen, doors: Sequence[Symbol]) -> None:
    frame = group(parent, "openings")
    for door in doors:
        symbols.draw_opening(frame, pen, door)
    arrows = group(parent, "entrances")
    for door in doors:
        symbols.draw_entrance(arrows, pen, door)
        if door.outside is not None and door.opening.name:
            _name_entrance(arrows, pen, door)


def _name_entrance(parent: Element, pen: Pen, door: Symbol) -> None:
    """The entrance's name beside its arrow, outside the building; along the wall where the arrow is level."""
    x, y = symbols.entrance_tail(pen, door)
    dx, dy = door.inward
    size = 2.2
    look = {"font_size": size, "fill": INK}
    if abs(dx) > abs(dy):
        x, y = x + 2.6 * dx, y - 2.3
        add(parent, "text", door.opening.name, x=x, y=y, transform=f"rotate(-90 {x:.3f} {y:.3f})", **look)
    else:
        add(parent, "text", door.opening.name, x=x + 2.0, y=y - 1.2 * dy, **look)


def _draw_highlights(
    parent: Element, pen: Pen, units: Sequence[Unit], highlighted: Mapping[str, str], inks: Mapping[str, str]
) -> list[BaseGeometry]:
    """Outlines of rooms, with their circles; gives the circles' ground in metres."""
    taken: list[BaseGeometry] = []
    for unit in units:
        if unit.key not in highlighted:
            continue
        ink = inks.get(unit.key, palette.MARK)
        look = {"stroke": ink, "stroke_width": 0.9, "stroke_linejoin": "round"}
        add(parent, "path", d=pen.path(unit.geometry.buffer(-pen.metres(0.4))), fill="none", **look)
        words = highlighted[unit.key]
        if words:
            place = _mark_place(unit.geometry, pen.metres(_MARK_MM + 0.9))
            draw_mark(parent, pen.at(place.x, place.y), words, ink)
            taken.append(place.buffer(pen.metres(_MARK_MM + 0.3)))
    return taken


def _mark_place(room: Polygon, away: float) -> Point:
    """Near the room's upper left corner."""
    west, _south, _east, north = room.bounds
    inner = room.buffer(-away)
    if inner.is_empty:
        return room.representative_point()
    return nearest_points(inner, Point(west, north))[0]


def draw_mark(parent: Element, at: tuple[float, float], words: str, ink: str = palette.MARK) -> None:
    """A numbered circle, as legends and lists repeat it."""
    add(parent, "circle", cx=at[0], cy=at[1], r=_MARK_MM, fill=ink, stroke=PAPER, stroke_width=0.4)
    size = min(3.0, 3.0 * 4.2 / max(text_width(words, 3.0), 4.2))
    place = {"x": at[0], "y": at[1] + size * 0.36, "text_anchor": "middle"}
    add(parent, "text", words, font_size=size, font_weight=700, fill=PAPER, **place)


def _draw_labels(
    parent: Element, pen: Pen, units: Sequence[Unit], taken: Sequence[BaseGeometry], options: Options
) -> None:
    tree = shapely.STRtree(taken)
    per_mm = pen.metres(1)
    for unit in units:
        if unit.category in SOLIDS:
            continue
        near = [taken[n] for n in tree.query(unit.geometry)]
        obstacles = shapely.union_all(near) if near else None
        placed = placing.place(unit.geometry, _texts(unit, options), obstacles, per_mm)
        if placed:
            _draw_label(parent, pen, placed)


def _texts(unit: Unit, options: Options) -> list[list[Text]]:
    """What may be written into a room, the fullest first."""
    number = options.numbers.get(unit.key, "")
    name = f"{number} {bare_name(unit)}" if number else room_name(unit)
    parted = placing.wrapped(name)
    short = [Text((number or unit.number,))] if number or unit.number else []
    names = [Text((name,)), Text(parted)]
    if options.labels == "name":
        return [names, short]
    m2, in_pyeong = area_texts(unit.geometry.area)
    both = (f"{m2} · {in_pyeong}",)
    full = [Text((name,), both), Text(parted, both), Text((name,), (m2, in_pyeong)), Text(parted, (m2, in_pyeong))]
    return [full, [Text((name,), (m2,)), Text(parted, (m2,))], names, short]


def area_texts(m2: float) -> tuple[str, str]:
    """An area in m2 and in pyeong, as a drawing says them."""
    return f"{m2:,.1f} m²", _("%(number)s pyeong") % {"number": f"{pyeong(m2):,.1f}"}


def _draw_label(parent: Element, pen: Pen, label: placing.Label) -> None:
    x, y = pen.at(label.x, label.y)
    width, height = label.text.extent(label.size)
    turn = f"rotate(-90 {x:.3f} {y:.3f})" if label.turned else None
    whole = group(parent, "label", transform=turn)
    ground = {"fill": PAPER, "fill_opacity": 0.78, "rx": 0.6}
    add(whole, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, **ground)
    rows = label.text.rows(label.size)
    step = label.size * placing.LINE_HEIGHT
    first = y - step * (len(rows) - 1) / 2
    for number, (line, size) in enumerate(rows):
        weight = 700 if number < len(label.text.name) else None
        place = {"x": x, "y": first + step * number + size * 0.36, "text_anchor": "middle"}
        add(whole, "text", line, font_size=size, font_weight=weight, fill=INK, **place)


def _draw_findings(parent: Element, pen: Pen, findings: Sequence[Finding], level_key: str) -> None:
    for finding in findings:
        shape = finding.geometry
        if finding.level != level_key or shape is None or shape.is_empty:
            continue
        ink = palette.SEVERITY_INK[finding.severity]
        look = {"fill": "none", "stroke": ink, "stroke_width": 0.6, "stroke_linejoin": "round"}
        if isinstance(shape, Point):
            x, y = pen.at(shape.x, shape.y)
            add(parent, "circle", cx=x, cy=y, r=2.2, **look)
            continue
        add(parent, "path", d=pen.path(shape), stroke_dasharray="2 1.1", stroke_linecap="round", **look)
        if isinstance(shape, LineString):
            tail, tip = (pen.at(*place[:2]) for place in shape.coords[-2:])
            add(parent, "path", d=symbols.arrow_head(tip, tail, 2.2), **look)
