"""The parts of a sheet around the drawing: title block, room table, north arrow, scale bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from facilities.plan.document import EMPLOYEES_ONLY, OPEN

from . import palette, symbols
from .paper import Box
from .svg import FAINT, INK, PAPER, add, group, number, shortened, text_width

ROW_MM, HEAD_MM, TITLE_MM = 4.5, 5.2, 7.0
_SMALL, _TEXT = 2.0, 2.25
_RULE = "#b1b8be"
_LENGTHS_M = (50.0, 20.0, 10.0, 5.0, 2.0, 1.0)


@dataclass(frozen=True)
class Cell:
    """A field of the title block; ``share`` of the strip's width."""

    label: str
    words: str
    share: float
    strong: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the room table. Sums have no ``short``."""

    short: str
    name: str
    restriction: str
    m2: float
    pyeong: float
    is_sum: bool = False


def write(parent: Element, words: str, x: float, y: float, size: float = _TEXT, **attributes: Any) -> None:
    add(parent, "text", words, x=x, y=y, font_size=size, **{"fill": INK, **attributes})


def draw_strip(parent: Element, box: Box, cells: Sequence[Cell]) -> None:
    """The title block along the foot of the sheet."""
    strip = group(parent, "title-block")
    line = {"stroke": INK, "stroke_width": 0.35}
    add(strip, "path", d=f"M{number(box.left)} {number(box.top)}H{number(box.right)}", fill="none", **line)
    whole = sum(cell.share for cell in cells)
    x = box.left
    for place, cell in enumerate(cells):
        width = box.width * cell.share / whole
        if place:
            data = f"M{number(x)} {number(box.top)}V{number(box.bottom)}"
            add(strip, "path", d=data, fill="none", stroke=_RULE, stroke_width=0.2)
        room = width - 4.0
        write(strip, shortened(cell.label, _SMALL, room), x + 2.0, box.top + 5.0, _SMALL, fill=FAINT)
        size = 4.0 if cell.strong else 3.0
        while size > 2.2 and text_width(cell.words, size) > room:
            size -= 0.2
        weight = 700 if cell.strong else None
        write(strip, shortened(cell.words, size, room), x + 2.0, box.top + 12.0, size, font_weight=weight)
        x += width


def rows_in(height: float) -> int:
    """How many rows a column of a table takes below its head."""
    return max(0, int((height - HEAD_MM - 1.0) // ROW_MM))


def draw_table(parent: Element, box: Box, rows: Sequence[Row]) -> None:
    """One column of the room table: number, name, whether closed, m2 and pyeong."""
    table = group(parent, "room-table")
    right_m2, right_pyeong = box.right - 13.5, box.right - 1.0
    y = box.top + HEAD_MM
    add(table, "rect", x=box.left, y=box.top, width=box.width, height=HEAD_MM, fill="#f4f5f6")
    head: dict[str, Any] = {"size": _SMALL, "fill": FAINT}
    write(table, _("No."), box.left + 1.0, y - 1.6, **head)
    write(table, _("Room"), box.left + 12.5, y - 1.6, **head)
    write(table, "m²", right_m2, y - 1.6, text_anchor="end", **head)
    write(table, _("pyeong"), right_pyeong, y - 1.6, text_anchor="end", **head)
    _rule(table, box, box.top, INK)
    _rule(table, box, y, _RULE)
    for row in rows:
        _draw_row(table, box, y, row, (right_m2, right_pyeong))
        y += ROW_MM
        _rule(table, box, y, _RULE)


def _draw_row(table: Element, box: Box, y: float, row: Row, rights: tuple[float, float]) -> None:
    base = y + ROW_MM - 1.35
    weight = 700 if row.is_sum else None
    name_left = box.left + (1.0 if row.is_sum else 12.5)
    room = rights[0] - 12.0 - name_left - (3.0 if row.restriction != OPEN else 0)
    name = shortened(row.name, _TEXT, room)
    if not row.is_sum:
        write(table, shortened(row.short, _TEXT, 10.5), box.left + 1.0, base)
    write(table, name, name_left, base, font_weight=weight)
    if row.restriction != OPEN:
        at = (rights[0] - 12.0, y + ROW_MM / 2)
        symbols.draw_sign(table, at, row.restriction, palette.DOOR_INK[row.restriction])
    write(table, f"{row.m2:,.2f}", rights[0], base, text_anchor="end", font_weight=weight)
    write(table, f"{row.pyeong:,.2f}", rights[1], base, text_anchor="end", font_weight=weight)


def _rule(parent: Element, box: Box, y: float, ink: str) -> None:
    data = f"M{number(box.left)} {number(y)}H{number(box.right)}"
    add(parent, "path", d=data, fill="none", stroke=ink, stroke_width=0.35 if ink == INK else 0.13)


def closed_note(parent: Element, x: float, y: float) -> None:
    """What the diamond behind a room's name means."""
    symbols.draw_sign(parent, (x + 1.0, y - 0.75), EMPLOYEES_ONLY, palette.DOOR_INK[EMPLOYEES_ONLY])
    write(parent, _("not open to the public"), x + 3.0, y, _SMALL, fill=FAINT)


def draw_heading(parent: Element, words: str, x: float, y: float) -> None:
    write(parent, words, x, y, 2.8, font_weight=700)


def draw_north(parent: Element, x: float, y: float, rotation: float) -> None:
    """An arrow to grid north around (``x``, ``y``), 15 mm high, for a building turned by ``rotation`` degrees."""
    turn = f"translate({number(x)} {number(y)}) rotate({number(rotation)})"
    arrow = group(parent, "north", transform=turn)
    add(arrow, "circle", cx=0, cy=0, r=6.2, fill="none", stroke=INK, stroke_width=0.2)
    add(arrow, "path", d="M0 -6.2L2.1 4.4L0 2.4Z", fill=INK)
    add(arrow, "path", d="M0 -6.2L-2.1 4.4L0 2.4Z", fill=PAPER, stroke=INK, stroke_width=0.2)
    letter = {"text_anchor": "middle", "font_weight": 700}
    add(arrow, "text", "N", x=0, y=-7.2, font_size=3.0, fill=INK, **letter)


def draw_scale_bar(parent: Element, x: float, y: float, scale: int, longest: float) -> None:
    """A bar of a round length, at most ``longest`` mm, and what it stands for; its lower edge at ``y``."""
    bar = group(parent, "scale-bar")
    whole = next((one for one in _LENGTHS_M if one * 1000 / scale <= longest), 1.0)
    width = whole * 1000 / scale
    # 50 into fives, 20 into fours, 10 and 5 into fives, 2 and 1 into fours: round steps.
    parts = 4 if whole in {20.0, 2.0, 1.0} else 5
    step = width / parts
    for place in range(parts):
        fill = INK if place % 2 == 0 else PAPER
        look = {"stroke": INK, "stroke_width": 0.2}
        add(bar, "rect", x=x + step * place, y=y - 1.5, width=step, height=1.5, fill=fill, **look)
    for share, words in ((0.0, "0"), (1.0, f"{whole:g} m")):
        write(bar, words, x + width * share, y - 2.5, 2.1, text_anchor="start" if share == 0 else "end")
    write(bar, f"1:{scale}", x, y + 4.4, 3.2, font_weight=700)
