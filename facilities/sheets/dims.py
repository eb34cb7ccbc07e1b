"""Dimension lines along the building's lower and left side: from wall axis to wall axis, and over all, in mm.

No Django here.
"""

from collections.abc import Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from facilities.plan.document import Level, Unit
from facilities.plan.topology import WALL_MAX_M

from .svg import INK, Pen, add, number, text_width

# What the two lines of dimensions take beyond the building (mm).
DIMS_MM = 14.0
_FIRST_MM, _SECOND_MM = 11.0, 17.0
_TICK_MM, _SIZE = 0.9, 2.0
# Rooms that begin so near the outer face stand along it (metres).
_ALONG_M = 1.0

View = tuple[float, float, float, float]


def draw_dims(parent: Element, pen: Pen, level: Level, units: Sequence[Unit], view: View) -> None:
    """The lines lie outside ``view`` (west, south, east, north in metres)."""
    west, south, east, north = level.outline.bounds if level.outline else view
    along_x = _stops([unit.geometry.bounds[0::2] for unit in units if unit.geometry.bounds[1] < south + _ALONG_M])
    along_y = _stops([unit.geometry.bounds[1::2] for unit in units if unit.geometry.bounds[0] < west + _ALONG_M])
    for stops, away in ((_within(along_x, west, east), _FIRST_MM), ([west, east], _SECOND_MM)):
        if len(stops) > 2 or away == _SECOND_MM:
            places = [pen.at(x, view[1]) for x in stops]
            _chain(parent, [(x, y + away) for x, y in places], stops, upright=False)
    for stops, away in ((_within(along_y, south, north), _FIRST_MM), ([south, north], _SECOND_MM)):
        if len(stops) > 2 or away == _SECOND_MM:
            places = [pen.at(view[0], y) for y in stops]
            _chain(parent, [(x - away, y) for x, y in places], stops, upright=True)


def _stops(spans: Sequence[tuple[float, ...]]) -> list[float]:
    """The middles of the walls between rooms that stand side by side."""
    ordered = sorted((span[0], span[1]) for span in spans)
    found = []
    for (_start, end), (start, _end) in pairwise(ordered):
        if -1e-6 <= start - end <= WALL_MAX_M:
            found.append((start + end) / 2)
    return found


def _within(stops: Sequence[float], low: float, high: float) -> list[float]:
    return [low, *(stop for stop in stops if low + 0.3 < stop < high - 0.3), high]


def _chain(parent: Element, places: Sequence[tuple[float, float]], stops: Sequence[float], *, upright: bool) -> None:
    line = {"fill": "none", "stroke": INK, "stroke_width": 0.13}
    data = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (places[0], places[-1]))
    for x, y in places:
        data += f"M{number(x - _TICK_MM)} {number(y + _TICK_MM)}L{number(x + _TICK_MM)} {number(y - _TICK_MM)}"
    add(parent, "path", d=data, **line)
    for (ax, ay), (bx, by), first, second in zip(places, places[1:], stops, stops[1:], strict=False):
        words = f"{round((second - first) * 1000):,}"
        x, y = (ax + bx) / 2, (ay + by) / 2
        if text_width(words, _SIZE) > abs(bx - ax) + abs(by - ay):
            continue
        x, y = (x - 0.8, y) if upright else (x, y - 0.8)
        turn = f"rotate(-90 {number(x)} {number(y)})" if upright else None
        add(parent, "text", words, x=x, y=y, font_size=_SIZE, text_anchor="middle", fill=INK, transform=turn)
