"""A plan as a DXF that any CAD program opens and that we read back exactly.

Release R2018, UTF-8, millimetres (``$INSUNITS`` 4, ``$MEASUREMENT`` 1) as Korean drawings are. All levels are in one
modelspace, the lowest on the left, each as far to the right as is needed, so that nothing lies over anything else;
``y`` stays as it is and the lowest level's ``x`` too. Layers:

==========================  ===========================================================================
A-ROOM-<IMDF CATEGORY>      rooms: closed polylines, a room's holes as polylines of their own
A-ROOM-TEXT                 name, number and area of each room
A-DOOR, A-DOOR-GAP          doors (the line across the opening, leaves and swings), gaps
A-FIXT-<CATEGORY>           fixtures
A-AMEN                      amenities: a point, a circle, a text
A-LEVEL                     outline and title of each level
==========================  ===========================================================================

What each part is stands in its XDATA, see ``dxf_own``.
"""

import io
import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import ezdxf
import shapely
from ezdxf import units
from ezdxf.document import Drawing
from shapely import LineString, MultiPolygon, Polygon

from facilities.plan.document import DOOR, Amenity, Document, Fixture, Kind, Level, Opening, Unit

from .dxf_own import APPLICATION, DRAWN, ROOM_LAYER, packed
from .meta import GENERATOR, Meta
from .shapes import outline_of

MILLIMETRES = 1000.0
STYLE = "KOREAN"
# Malgun Gothic is on every Korean Windows; other programs put a font of their own in its place.
_FONT = "malgun.ttf"
_GAP_M, _STEP_M = 10.0, 5.0
_LETTER_M, _LETTER_MIN_M = 0.25, 0.06
_DOUBLE_FROM_M = 1.3
_COLORS = {"A-DOOR": 30, "A-DOOR-GAP": 252, "A-ROOM-TEXT": 7, "A-LEVEL": 7, "A-AMEN": 150}
_ROOM_COLORS = (140, 92, 42, 202, 52, 172, 112, 22, 212, 72)


def write(document: Document, meta: Meta | None = None) -> bytes:
    """The document as a DXF. Coordinates are exact to a ten-thousandth of a millimetre."""
    drawing = ezdxf.new("R2018", setup=["linetypes"])
    _set_up(drawing, meta)
    sheet = _Sheet(drawing)
    for level, offset in _laid_out(document):
        sheet.add_level(document, level, offset)
    drawing.set_modelspace_vport(*_view(drawing))
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode("utf-8")


def _set_up(drawing: Drawing, meta: Meta | None) -> None:
    drawing.units = units.MM
    drawing.header["$MEASUREMENT"] = 1
    drawing.header["$LUNITS"] = 2
    drawing.header["$LUPREC"] = 1
    drawing.appids.new(APPLICATION)
    drawing.styles.new(STYLE, dxfattribs={"font": _FONT})
    drawing.header.custom_vars.append("Generator", GENERATOR)
    if meta is not None:
        drawing.header.custom_vars.append("Building", meta.building_name)
        drawing.header.custom_vars.append("Plan", meta.plan_name)
        anchor = f"EPSG:5179 {meta.frame.anchor_x:.4f} {meta.frame.anchor_y:.4f} {meta.frame.rotation:.6f}"
        drawing.header.custom_vars.append("Anchor", anchor)


def _laid_out(document: Document) -> list[tuple[Level, float]]:
    """Each level and how far to the right its origin lies (metres)."""
    found: list[tuple[Level, float]] = []
    free: float | None = None
    for level in document.ordered_levels():
        shape = outline_of(document, level.key)
        left, _low, right, _high = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
        offset = 0.0 if free is None else math.ceil((free - left) / _STEP_M) * _STEP_M
        found.append((level, offset))
        free = offset + right + _GAP_M
    return found


def _view(drawing: Drawing) -> tuple[float, tuple[float, float]]:
    """Height and centre of what a program shows first."""
    points = [
        point
        for entity in drawing.modelspace().query("LWPOLYLINE")
        for point in entity.get_points("xy")  # type: ignore[attr-defined]
    ]
    if not points:
        return 10_000.0, (0.0, 0.0)
    west, south, east, north = shapely.multipoints(points).bounds
    return max(north - south, (east - west) / 2, 1000.0) * 1.1, ((west + east) / 2, (south + north) / 2)


class _Sheet:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.space = drawing.modelspace()
        self.offset = 0.0

    def add_level(self, document: Document, level: Level, offset: float) -> None:
        self.offset = offset
        self._title(document, level)
        self._outline(level)
        for unit in document.on_level("units", level.key):
            self._room(unit)
        for opening in document.on_level("openings", level.key):
            self._opening(opening)
        for fixture in document.on_level("fixtures", level.key):
            self._fixture(fixture)
        for amenity in document.on_level("amenities", level.key):
            self._amenity(amenity)

    def _at(self, point: Iterable[float]) -> tuple[float, float]:
        x, y, *_rest = point
        return (x + self.offset) * MILLIMETRES, y * MILLIMETRES

    def _on(self, layer: str) -> dict[str, Any]:
        name = layer.upper()
        if not self.drawing.layers.has_entry(name):
            color = _COLORS.get(name, _ROOM_COLORS[sum(name.encode()) % len(_ROOM_COLORS)])
            linetype = "DASHED" if name == "A-DOOR-GAP" else "Continuous"
            self.drawing.layers.add(name, color=color, linetype=linetype)
        return {"layer": name}

    def _mark(self, entity: Any, record: dict[str, Any]) -> None:
        entity.set_xdata(APPLICATION, packed(record))

    def _ring(self, layer: str, points: Any, record: dict[str, Any], closed: bool = True) -> None:
        corners = list(points.coords)[: -1 if closed else None]
        entity = self.space.add_lwpolyline([self._at(xy) for xy in corners], close=closed, dxfattribs=self._on(layer))
        self._mark(entity, record)

    def _text(self, text: str, at: Iterable[float], height: float, layer: str, record: dict[str, Any]) -> None:
        style = {**self._on(layer), "style": STYLE, "char_height": height * MILLIMETRES, "attachment_point": 5}
        entity = self.space.add_mtext(text, dxfattribs=style)
        entity.dxf.insert = self._at(at)
        self._mark(entity, record)

    def _title(self, document: Document, level: Level) -> None:
        shape = outline_of(document, level.key)
        left, low, *_rest = shape.bounds if not shape.is_empty else (0.0, 0.0)
        record = {"kind": "level", "offset": [self.offset, 0.0], **_attributes(level, {"outline"})}
        name = " ".join(dict.fromkeys(part for part in (level.short_name, level.name) if part)) or str(level.ordinal)
        self._text(_plain(name), (left + 1.0, low - 1.5), 0.6, "A-LEVEL", record)

    def _outline(self, level: Level) -> None:
        if level.outline is None:
            return
        parts = level.outline.geoms if isinstance(level.outline, MultiPolygon) else [level.outline]
        for part, polygon in enumerate(parts):
            for ring, points in enumerate([polygon.exterior, *polygon.interiors]):
                self._ring("A-LEVEL", points, {"kind": "outline", "of": level.key, "part": part, "ring": ring})

    def _area(self, layer: str, kind: Kind, part: Unit | Fixture, polygon: Polygon) -> None:
        self._ring(layer, polygon.exterior, _record(kind, part))
        for ring, points in enumerate(polygon.interiors):
            self._ring(layer, points, {"kind": "hole", "of": part.key, "ring": ring})

    def _room(self, unit: Unit) -> None:
        self._area(ROOM_LAYER + unit.category, "units", unit, unit.geometry)
        name = unit.name_ko or unit.name_en
        lines = [_plain(text) for text in (name, unit.number) if text] + [f"{unit.geometry.area:.2f}㎡"]
        widest = max(len(line) for line in lines)
        west, south, east, north = unit.geometry.bounds
        fits = min(_LETTER_M, (east - west) * 0.9 / widest, (north - south) * 0.6 / len(lines))
        inside = unit.geometry.representative_point()
        self._text("\\P".join(lines), (inside.x, inside.y), max(fits, _LETTER_MIN_M), "A-ROOM-TEXT", {"kind": DRAWN})

    def _opening(self, opening: Opening) -> None:
        layer = "A-DOOR" if opening.kind == DOOR else "A-DOOR-GAP"
        self._ring(layer, opening.geometry, _record("openings", opening), closed=False)
        if opening.kind != DOOR or len(opening.geometry.coords) != 2:
            return
        start, end = opening.geometry.coords
        if opening.width_m < _DOUBLE_FROM_M:
            self._leaf(start, end, 90.0)
        else:
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            self._leaf(start, middle, 90.0)
            self._leaf(end, middle, -90.0)

    def _leaf(self, hinge: Any, tip: Any, turn: float) -> None:
        """A leaf that stands open, and its swing from the closed tip."""
        (x, y), (end_x, end_y) = self._at(hinge), self._at(tip)
        radius, angle = math.hypot(end_x - x, end_y - y), math.degrees(math.atan2(end_y - y, end_x - x))
        opened = math.radians(angle + turn)
        leaf = self.space.add_line(
            (x, y), (x + radius * math.cos(opened), y + radius * math.sin(opened)), dxfattribs=self._on("A-DOOR")
        )
        low, high = sorted((angle, angle + turn))
        swing = self.space.add_arc((x, y), radius, low, high, dxfattribs=self._on("A-DOOR"))
        for entity in (leaf, swing):
            self._mark(entity, {"kind": DRAWN})

    def _fixture(self, fixture: Fixture) -> None:
        layer = f"A-FIXT-{fixture.category}"
        if isinstance(fixture.geometry, LineString):
            record = {**_record("fixtures", fixture), "open": True}
            self._ring(layer, fixture.geometry, record, closed=False)
        else:
            self._area(layer, "fixtures", fixture, fixture.geometry)

    def _amenity(self, amenity: Amenity) -> None:
        at = (amenity.geometry.x, amenity.geometry.y)
        self._mark(self.space.add_point(self._at(at), dxfattribs=self._on("A-AMEN")), _record("amenities", amenity))
        circle = self.space.add_circle(self._at(at), 0.2 * MILLIMETRES, dxfattribs=self._on("A-AMEN"))
        self._mark(circle, {"kind": DRAWN})
        label = (at[0], at[1] - 0.35)
        self._text(_plain(amenity.name or amenity.category), label, 0.12, "A-AMEN", {"kind": DRAWN})


def _record(kind: Kind, part: Any) -> dict[str, Any]:
    return {"kind": kind, **_attributes(part, {"geometry"})} if kind != "openings" else _opening_record(part)


def _opening_record(part: Opening) -> dict[str, Any]:
    """An opening has a ``kind`` of its own, which stands as ``opening``."""
    values = _attributes(part, {"geometry"})
    return {**values, "kind": "openings", "opening": values["kind"]}


def _attributes(part: Any, but: set[str]) -> dict[str, Any]:
    values = {item.name: getattr(part, item.name) for item in fields(part) if item.name not in but}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _plain(text: str) -> str:
    """A text that MTEXT does not take for formatting."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", " ").replace("^", "^ ")
