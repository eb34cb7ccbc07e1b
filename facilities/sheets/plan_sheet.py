"""The plan sheet: a level drawn to scale on A4 or A3, with title block, legend, scale bar, north and room table.

Each page is one SVG in millimetres; the PDF holds the same pages as vectors, with the Korean font embedded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from facilities.models import Plan
from facilities.plan import space
from facilities.plan.document import SOLIDS, Document, Level
from facilities.plan.schedule import pyeong
from facilities.words.names import bare_name, level_name
from gis_core import pdf

from . import blocks
from .blocks import Cell, Row
from .dims import DIMS_MM
from .drawing_svg import Options, draw_level, view_of
from .legend import Item, draw_legend, legend_height, legend_of
from .names import short_names
from .paper import Box, Layout, choose
from .svg import INK, PAPER, Pen, add, root, to_text

_PAD = 4.0
_FOOT_MM = 21.0
_TABLE_COLUMN_MM = 80.0


@dataclass(frozen=True)
class Asked:
    """What the reader wants; None lets the sheet choose."""

    scale: int | None = None
    paper: str | None = None


@dataclass(frozen=True)
class _Sheet:
    """One level on one layout."""

    plan: Plan
    document: Document
    level: Level
    layout: Layout
    rows: Sequence[Row]
    legend: Sequence[Item]


def levels_with_rooms(document: Document) -> list[Level]:
    """The levels a sheet is made for: all on which something is drawn, or else all."""
    drawn = {unit.level for unit in document.units}
    levels = document.ordered_levels()
    return [level for level in levels if level.key in drawn] or levels


def level_pages(plan: Plan, document: Document, level: Level, asked: Asked) -> tuple[Layout, list[str]]:
    """The level's pages as SVG; more than one when its rooms need a longer table. Raises paper.DoesNotFit."""
    view = view_of([document], level.key)
    layout = choose(view[2] - view[0], view[3] - view[1], asked.scale, asked.paper)
    sheet = _Sheet(plan, document, level, layout, room_rows(document, level), legend_of(document, level.key))
    columns, panel = _panel(sheet)
    taken = sum(blocks.rows_in(column.height) for column in columns)
    if taken < len(sheet.rows):
        # The sums stay together.
        taken = min(taken, sum(not row.is_sum for row in sheet.rows))
    rest = list(sheet.rows[taken:])
    further = _further_columns(layout)
    per_page = sum(blocks.rows_in(column.height) for column in further)
    total = 1 + -(-len(rest) // per_page)
    first = _page(sheet, 1, total)
    _draw_floor(first, sheet, view)
    _draw_panel(first, replace(sheet, rows=sheet.rows[:taken]), columns, panel, bool(rest))
    pages = [to_text(first)]
    for number in range(2, total + 1):
        page = _page(sheet, number, total)
        start = (number - 2) * per_page
        _draw_columns(page, further, rest[start : start + per_page])
        pages.append(to_text(page))
    return layout, pages


def to_pdf(plan: Plan, document: Document, levels: Sequence[Level], asked: Asked, request: HttpRequest | None) -> bytes:
    """The levels' pages one after the other. Raises paper.DoesNotFit."""
    pages: list[dict[str, Any]] = []
    for level in levels:
        layout, drawn = level_pages(plan, document, level, asked)
        # Written by the element builder, which escapes all text.
        pages += [{"layout": layout.name, "svg": mark_safe(svg)} for svg in drawn]  # noqa: S308
    title = f"{plan.building.centre} · {plan}"
    return pdf.render("facilities/sheets/plan_sheet.html", {"pages": pages, "title": title}, request)


def room_rows(document: Document, level: Level) -> list[Row]:
    """The level's rooms by number, and below them what the outline holds."""
    units = [unit for unit in document.on_level("units", level.key) if unit.category not in SOLIDS]
    names = short_names(units)
    ordered = sorted(units, key=lambda unit: _natural(names[unit.key]))
    rows = [
        Row(names[unit.key], bare_name(unit), unit.restriction, unit.geometry.area, pyeong(unit.geometry.area))
        for unit in ordered
    ]
    found = space.fill(level, document.on_level("units", level.key)).space
    sums = [(_("Rooms in all"), found.rooms_m2), (_("Voids"), found.voids_m2)]
    if found.outline_m2 is not None:
        walls = found.walls_m2 + found.structure_m2
        sums += [(_("Walls and structure"), walls), (_("Not yet assigned"), found.unassigned_m2)]
        sums.append((_("Level outline"), found.outline_m2))
    return rows + [Row("", name, "", m2, pyeong(m2), is_sum=True) for name, m2 in sums if m2 >= 0.005]


def _natural(short: str) -> tuple[int, int, str]:
    return (0, int(short), "") if short.isdecimal() else (1, 0, short)


def _page(sheet: _Sheet, number: int, total: int) -> Element:
    """An empty page with its frame and title block."""
    plan, level, layout = sheet.plan, sheet.level, sheet.layout
    title = _("%(plan)s, %(level)s at 1:%(scale)s") % {
        "plan": plan,
        "level": level_name(level),
        "scale": layout.scale,
    }
    page = root(*layout.size, title)
    add(page, "rect", x=0, y=0, width=layout.size[0], height=layout.size[1], fill=PAPER)
    left, top, width, height = layout.inside
    frame = {"stroke": INK, "stroke_width": 0.5}
    add(page, "rect", x=left, y=top, width=width, height=height + layout.strip.height, fill="none", **frame)
    blocks.draw_strip(page, layout.strip, _cells(sheet, number, total))
    return page


def _cells(sheet: _Sheet, number: int, total: int) -> list[Cell]:
    plan, layout = sheet.plan, sheet.layout
    changed = timezone.localtime(plan.frozen_at or plan.updated_at)
    centre = str(plan.building.centre)
    if plan.is_example:
        centre = _("%(name)s (example)") % {"name": centre}
    name = f"{plan} · {plan.get_status_display()}" if str(plan) != plan.get_status_display() else str(plan)
    return [
        Cell(_("Centre"), centre, 30, strong=True),
        Cell(_("Plan"), name, 24),
        Cell(_("Level"), level_name(sheet.level), 9, strong=True),
        Cell(_("Scale"), f"1:{layout.scale} ({layout.paper})", 14),
        Cell(_("Agreed on") if plan.is_frozen else _("As of"), f"{changed:%Y-%m-%d}", 13),
        Cell(_("Version"), str(plan.version), 7),
        Cell(_("Sheet"), f"{number} / {total}", 8),
    ]


def _draw_floor(page: Element, sheet: _Sheet, view: tuple[float, float, float, float]) -> None:
    """The drawing in the middle of its part of the sheet, with room for its dimensions."""
    box, scale = sheet.layout.drawing, sheet.layout.scale
    pen = Pen(0, 0, scale)
    wide, high = pen.mm(view[2] - view[0]), pen.mm(view[3] - view[1])
    left = box.left + (box.width - wide + DIMS_MM) / 2
    top = box.top + (box.height - high - DIMS_MM) / 2
    units = [unit for unit in sheet.document.on_level("units", sheet.level.key) if unit.category not in SOLIDS]
    options = Options(scale=scale, show_dims=True, view=view, numbers=short_names(units))
    draw_level(page, sheet.document, sheet.level.key, Pen(view[0], view[3], scale, left, top), options)


def _panel(sheet: _Sheet) -> tuple[list[Box], Box]:
    """The columns of the room table, and the box of the legend above the scale bar and the arrow."""
    panel = sheet.layout.panel
    left, top = panel.left + _PAD, panel.top + _PAD
    width, height = panel.width - 2 * _PAD, panel.height - 2 * _PAD
    if sheet.layout.landscape:
        legend = legend_height(list(sheet.legend), width) + blocks.TITLE_MM
        key = Box(left, top + height - legend - _FOOT_MM, width, legend + _FOOT_MM)
        return [Box(left, top + blocks.TITLE_MM, width, height - key.height - blocks.TITLE_MM - 6.0)], key
    aside = min(82.0, width / 2 - _PAD)
    key = Box(left + width - aside, top, aside, height)
    table = Box(left, top + blocks.TITLE_MM, width - aside - 2 * _PAD, height - blocks.TITLE_MM - 4.0)
    return _columns(table), key


def _columns(box: Box) -> list[Box]:
    count = max(1, int(box.width // _TABLE_COLUMN_MM))
    width = (box.width - (count - 1) * 5.0) / count
    return [Box(box.left + place * (width + 5.0), box.top, width, box.height) for place in range(count)]


def _further_columns(layout: Layout) -> list[Box]:
    left, top, width, height = layout.inside
    return _columns(Box(left + _PAD, top + _PAD, width - 2 * _PAD, height - 2 * _PAD))


def _draw_panel(page: Element, sheet: _Sheet, columns: list[Box], key: Box, continued: bool) -> None:
    panel = sheet.layout.panel
    line = (
        f"M{panel.left} {panel.top}V{panel.bottom}"
        if sheet.layout.landscape
        else f"M{panel.left} {panel.top}H{panel.right}"
    )
    add(page, "path", d=line, fill="none", stroke=INK, stroke_width=0.35)
    heading = _("Rooms (continued on the next sheet)") if continued else _("Room table")
    blocks.draw_heading(page, heading, columns[0].left, columns[0].top - 2.0)
    used = _draw_columns(page, columns, sheet.rows)
    if any(row.restriction for row in sheet.rows):
        blocks.closed_note(page, columns[0].left, used + 3.6)
    blocks.draw_heading(page, _("Legend"), key.left, key.top + 2.5)
    draw_legend(page, key.left, key.top + 4.5, key.width, list(sheet.legend))
    foot = sheet.layout.panel.bottom - _PAD
    blocks.draw_scale_bar(page, key.left, foot - 6.0, sheet.layout.scale, key.width - 22.0)
    rotation = sheet.plan.building.rotation
    blocks.draw_north(page, key.right - 8.0, foot - 7.0, rotation)


def _draw_columns(page: Element, columns: Sequence[Box], rows: Sequence[Row]) -> float:
    """Fill the columns from the left; gives where the first one ends."""
    rest, end = list(rows), columns[0].top
    for place, column in enumerate(columns):
        most = blocks.rows_in(column.height)
        if place and not rest:
            break
        blocks.draw_table(page, column, rest[:most])
        if place == 0:
            end = column.top + blocks.HEAD_MM + blocks.ROW_MM * min(most, len(rest))
        rest = rest[most:]
    return end
