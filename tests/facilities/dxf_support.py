"""Small drawings, drawn as offices draw them. Coordinates in metres; the file is written in the unit asked for."""

import io
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import ezdxf
from ezdxf.document import Drawing

from facilities.exchange import dxf_read
from facilities.exchange.dxf_options import METRES, DxfOptions
from facilities.exchange.report import Imported
from facilities.plan.document import Document, Unit

XY = tuple[float, float]
ROLES = {"WALL": "walls", "DOOR": "doors", "ROOM": "rooms", "TEXT": "texts"}
INSUNITS = {"in": 1, "ft": 2, "mm": 4, "cm": 5, "m": 6}


class Sheet:
    """A drawing in the making. ``turn`` degrees and ``move`` metres place it as a survey would."""

    def __init__(self, unit: str = "mm", version: str = "R2018", *, turn: float = 0.0, move: XY = (0.0, 0.0)) -> None:
        self.drawing: Drawing = ezdxf.new(version)
        self.drawing.header["$INSUNITS"] = INSUNITS[unit]
        self.space = self.drawing.modelspace()
        self.unit, self.turn, self.move = unit, turn, move

    def at(self, point: XY) -> XY:
        c, s = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        x, y = point
        scale = METRES[self.unit]
        return (x * c - y * s + self.move[0]) / scale, (x * s + y * c + self.move[1]) / scale

    def line(self, *points: XY, layer: str = "WALL") -> "Sheet":
        for start, end in pairwise(points):
            self.space.add_line(self.at(start), self.at(end), dxfattribs={"layer": layer})
        return self

    def ring(self, *points: XY, layer: str = "ROOM", closed: bool = True) -> "Sheet":
        self.space.add_lwpolyline([self.at(point) for point in points], close=closed, dxfattribs={"layer": layer})
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, layer: str = "ROOM") -> "Sheet":
        return self.ring((x0, y0), (x1, y0), (x1, y1), (x0, y1), layer=layer)

    def text(self, words: str, at: XY, height: float = 0.2, layer: str = "TEXT") -> "Sheet":
        entity = self.space.add_mtext(words, dxfattribs={"layer": layer, "char_height": height / METRES[self.unit]})
        entity.dxf.insert, entity.dxf.attachment_point = self.at(at), 5
        return self

    def door(self, hinge: XY, tip: XY, layer: str = "DOOR", opens: float = 90.0) -> "Sheet":
        """A leaf that stands open at ``opens`` degrees from its closed line, and its swing."""
        radius, angle = math.dist(hinge, tip), math.degrees(math.atan2(tip[1] - hinge[1], tip[0] - hinge[0]))
        stands = math.radians(angle + opens)
        self.line(hinge, (hinge[0] + radius * math.cos(stands), hinge[1] + radius * math.sin(stands)), layer=layer)
        low, high = sorted((angle + self.turn, angle + self.turn + opens))
        self.space.add_arc(self.at(hinge), radius / METRES[self.unit], low, high, dxfattribs={"layer": layer})
        return self

    def double_walls(self, *segments: tuple[float, float, float, float], thick: float = 0.2) -> "Sheet":
        """Walls as closed rectangles around upright or level middle lines."""
        half = thick / 2
        for x0, y0, x1, y1 in segments:
            self.box(min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half, layer="WALL")
        return self

    def data(self, encoding: str = "") -> bytes:
        stream = io.StringIO()
        self.drawing.write(stream)
        return stream.getvalue().encode(encoding or self.drawing.output_encoding, "surrogateescape")

    def read(self, **options: Any) -> Imported:
        given = {"unit": self.unit, "roles": ROLES, **options}
        return dxf_read.read(self.data(), DxfOptions(**given))


def areas(found: Imported | Document) -> list[float]:
    document = found if isinstance(found, Document) else found.document
    return sorted(round(unit.geometry.area, 4) for unit in document.units)


def codes(found: Imported) -> dict[str, int]:
    return {finding.code: finding.params.get("count", 1) for finding in found.findings}


def room(found: Imported, name: str) -> Unit:
    return next(unit for unit in found.document.units if name in (unit.name_ko, unit.name_en))


def two_rooms(sheet: Sheet, gap: Sequence[float] = (2.0, 2.9), thick: float = 0.2) -> Sheet:
    """Two rooms of 4 x 3 m (inside) one above the other, with an opening of 0.9 m in the wall between them.

    The outer walls are drawn as two lines, the inner one as two pieces that end at the opening.
    """
    high, wide = 6.0 + thick, 4.0
    sheet.box(-thick, -thick, wide + thick, high + thick, layer="WALL")
    top = 3.0 + thick
    left, right = gap
    sheet.line((0, 0), (wide, 0), (wide, 3.0), (right, 3.0), (right, top), (wide, top), (wide, high), (0, high))
    sheet.line((0, high), (0, top), (left, top), (left, 3.0), (0, 3.0), (0, 0))
    return sheet
