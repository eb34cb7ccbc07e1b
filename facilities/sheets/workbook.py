"""The area schedule as a workbook: what adds up to the outline, uses by level, teams, standards, and every room.

Areas are numbers in full precision, shown with two decimals, so that sums made in the sheet come out. Text that a
spreadsheet would run as a formula is defused (``gis_core.exports.cells``).
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from facilities.plan.document import Document
from facilities.plan.schedule import NO_TEAM, Schedule, Share, pyeong
from facilities.plan.space import Space
from facilities.words.document import RESTRICTION_LABELS, UNIT_CATEGORY_LABELS
from facilities.words.names import level_name, room_name
from facilities.words.schedule import PER_HEAD_LABELS, SHARING_NOTE, standard_text, text
from facilities.words.uses import GROUP_LABELS
from gis_core.exports.cells import guarded, sheet_title

AREA, TENTHS, WHOLE, TEXT = "#,##0.00", "#,##0.0", "#,##0", "@"
_HEAD = PatternFill("solid", fgColor="E6EBF1")
_LINE = Border(bottom=Side(style="thin", color="B1B8BE"))
_SUM = Border(top=Side(style="thin", color="33363D"))


@dataclass(frozen=True)
class Heading:
    """What stands above the tables: the centre and building, the plan, and the day of the figures."""

    building: str
    plan: str
    on: date
    note: str = ""


@dataclass(frozen=True)
class _Column:
    title: str
    form: str = TEXT
    width: float = 13.0


def schedule_workbook(document: Document, schedule: Schedule, heading: Heading) -> bytes:
    """An XLSX file in the active language."""
    book = Workbook()
    book.remove(book.active)
    _summary(book, document, schedule, heading)
    _uses(book, document, schedule)
    _teams(book, document, schedule)
    _rooms(book, document)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class _Page:
    """A worksheet written from the top down."""

    def __init__(self, book: Workbook, title: str) -> None:
        self.sheet: Worksheet = book.create_sheet(sheet_title(title))
        self.row = 1
        self._widths: dict[int, float] = {}
        self.sheet.page_setup.orientation, self.sheet.page_setup.paperSize = "landscape", self.sheet.PAPERSIZE_A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def line(self, words: Any, *, bold: bool = False, size: float = 11) -> None:
        cell = self.sheet.cell(self.row, 1, guarded(str(words)))
        cell.font = Font(bold=bold, size=size)
        self.row += 1

    def gap(self) -> None:
        self.row += 1

    def table(
        self, title: str, columns: Sequence[_Column], rows: Iterable[Sequence[Any]], total: Sequence[Any] = ()
    ) -> None:
        """A table with its title; ``total`` is a last row that stands out."""
        if title:
            self.line(title, bold=True, size=12)
        for number, column in enumerate(columns, 1):
            cell = self.sheet.cell(self.row, number, guarded(column.title))
            cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _LINE
            cell.alignment = Alignment(horizontal="left" if column.form == TEXT else "right", wrap_text=True)
            self._widen(number, column.width)
        self.row += 1
        for values in rows:
            self._values(columns, values)
        if total:
            self._values(columns, total, is_total=True)
        self.gap()

    def _values(self, columns: Sequence[_Column], values: Sequence[Any], is_total: bool = False) -> None:
        for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            cell = self.sheet.cell(self.row, number, guarded(str(value) if isinstance(value, Promise) else value))
            cell.number_format = column.form
            if is_total:
                cell.font, cell.border = Font(bold=True), _SUM
        self.row += 1

    def _widen(self, number: int, width: float) -> None:
        self._widths[number] = max(width, self._widths.get(number, 0.0))
        self.sheet.column_dimensions[get_column_letter(number)].width = self._widths[number]


def _summary(book: Workbook, document: Document, schedule: Schedule, heading: Heading) -> None:
    page = _Page(book, _("Area schedule"))
    page.line(_("Area schedule"), bold=True, size=15)
    page.line(f"{heading.building} · {heading.plan}")
    page.line(_("Figures of %(day)s") % {"day": heading.on.isoformat()})
    if heading.note:
        page.line(heading.note)
    page.gap()
    names = (
        _("Rooms"), _("Voids"), _("Drawn structure"), _("Walls"), _("Not assigned"), _("Outline"), _("Does not add up"),
    )  # fmt: skip
    columns = [_Column(_("Level"), width=24), *(_Column(f"{name} (m²)", AREA) for name in names)]
    levels = [[level_name(item.level), *_space(item.block.space)] for item in schedule.levels]
    page.table(_("What makes up the outline"), columns, levels, [_("In all"), *_space(schedule.total.space)])
    per_head = [_Column(_("Square metres per member of staff")), _Column("m²", AREA)]
    per_head += [_Column(_("now"), AREA), _Column(_("planned"), AREA)]
    rows: list[list[Any]] = [
        [PER_HEAD_LABELS[item.what], item.m2, item.now, item.planned] for item in schedule.per_head
    ]
    rows.append([_("Staff"), None, schedule.staff_now, schedule.staff_planned])
    page.table(_("Per head"), per_head, rows)
    _standards(page, document, schedule)
    page.line(_("What is missing"), bold=True, size=12)
    for finding in schedule.findings:
        page.line(f"· {text(finding, document)}")
    if not schedule.findings:
        page.line(_("Nothing."))


def _space(space: Space) -> list[float | None]:
    """Without an outline the walls are not known, rather than none."""
    known = space.outline_m2 is not None
    beyond = [space.walls_m2 if known else None, space.unassigned_m2 if known else None]
    return [space.rooms_m2, space.voids_m2, space.structure_m2, *beyond, space.outline_m2, _clean(space.remainder_m2)]


def _clean(value: float | None) -> float | None:
    """Nothing where only the computer's last digit is left."""
    return None if value is None else round(value, 6) + 0.0


def _standards(page: _Page, document: Document, schedule: Schedule) -> None:
    columns = [
        _Column(_("Standard"), width=24), _Column(_("Applies to")), _Column(_("Value"), AREA),
        _Column(_("Required (m²)"), AREA), _Column(_("Drawn (m²)"), AREA), _Column(_("Difference (m²)"), AREA),
        _Column(_("Source"), width=30), _Column(_("In force from")),
    ]  # fmt: skip
    rows = []
    for item in schedule.standards:
        norm = item.standard
        since = norm.effective_from.isoformat() if norm.effective_from else ""
        figures = [norm.value, item.required_m2, item.actual_m2, item.difference_m2]
        rows.append([norm.name or norm.code, standard_text(norm, document), *figures, norm.source, since])
    page.table(_("Against the standards"), columns, rows)


def _uses(book: Workbook, document: Document, schedule: Schedule) -> None:
    page = _Page(book, _("By use"))
    by_group = _by_level(document, _("Group of uses"))
    page.table(_("By group of uses"), by_group, *_rows(schedule, "by_group", GROUP_LABELS))
    by_use = _by_level(document, _("Use"))
    page.table(_("By use"), by_use, *_rows(schedule, "by_category", UNIT_CATEGORY_LABELS))
    by_restriction = _by_level(document, pgettext("of a room", "Access"))
    page.table(_("Open and closed"), by_restriction, *_rows(schedule, "by_restriction", RESTRICTION_LABELS))


def _by_level(document: Document, title: str) -> list[_Column]:
    levels = [_Column(f"{level_name(level)} (m²)", AREA) for level in document.ordered_levels()]
    whole = [_Column(_("In all (m²)"), AREA), _Column(_("pyeong"), TENTHS), _Column(_("Rooms"), WHOLE)]
    return [_Column(title, width=28), *levels, *whole]


def _rows(schedule: Schedule, listed: str, labels: Mapping[str, Any]) -> tuple[list[list[Any]], list[Any]]:
    """The rows of a list of the schedule with a column for each level, and their total."""
    total: tuple[Share, ...] = getattr(schedule.total, listed)
    rows = [
        [
            labels.get(share.key, share.key),
            *(item.block.m2(listed, share.key) for item in schedule.levels),
            share.m2,
            share.pyeong,
            share.rooms,
        ]
        for share in total
    ]
    whole = schedule.total.space.rooms_m2
    levels = [item.block.space.rooms_m2 for item in schedule.levels]
    return rows, [_("In all"), *levels, whole, pyeong(whole), sum(share.rooms for share in total)]


def _teams(book: Workbook, document: Document, schedule: Schedule) -> None:
    page = _Page(book, _("By team"))
    columns = [
        _Column(_("Team"), width=24), _Column(_("Level")), _Column(_("Rooms"), WHOLE), _Column(_("Staff now"), WHOLE),
        _Column(_("Staff planned"), WHOLE), _Column(_("Civil visits a day"), WHOLE), _Column("m²", AREA),
        _Column(_("pyeong"), TENTHS), _Column(_("m² per head now"), AREA), _Column(_("m² per head planned"), AREA),
    ]  # fmt: skip
    rows = []
    for row in schedule.teams:
        team, levels = row.team, ", ".join(level_name(document.level_of[key]) for key in row.levels)
        counts = [len(row.units), team.headcount_now, team.headcount_planned, team.visits_per_day]
        areas = [row.m2, pyeong(row.m2), row.per_head_now, row.per_head_planned]
        rows.append([team.name, levels, *counts, *areas])
    common = schedule.total.m2("by_team", NO_TEAM)
    rows.append([_("Rooms without a team"), "", *[None] * 4, common, pyeong(common), None, None])
    whole = schedule.total.space.rooms_m2
    people = [schedule.staff_now, schedule.staff_planned, schedule.visits]
    page.table("", columns, rows, [_("In all"), "", None, *people, whole, pyeong(whole), None, None])
    page.line(SHARING_NOTE)


def _rooms(book: Workbook, document: Document) -> None:
    page = _Page(book, _("Rooms"))
    columns = [
        _Column(_("Level")), _Column(_("Number")), _Column(_("Name"), width=24), _Column(_("Use"), width=20),
        _Column(pgettext("of a room", "Access"), width=18), _Column(_("Team"), width=24), _Column(_("Desks"), WHOLE),
        _Column(_("After hours")), _Column(_("Idle")), _Column("m²", AREA), _Column(_("pyeong"), TENTHS),
        _Column(_("Room key"), width=38),
    ]  # fmt: skip
    rows = []
    for level in document.ordered_levels():
        for unit in sorted(document.on_level("units", level.key), key=lambda unit: (unit.number, room_name(unit))):
            teams = ", ".join(document.team_of[key].name for key in unit.teams if key in document.team_of)
            facts = [
                UNIT_CATEGORY_LABELS[unit.category],
                RESTRICTION_LABELS[unit.restriction],
                teams,
                unit.desks or None,
            ]
            state = [_yes(unit.after_hours), _yes(unit.idle), unit.geometry.area, pyeong(unit.geometry.area), unit.key]
            rows.append([level_name(level), unit.number, unit.name_ko or unit.name_en, *facts, *state])
    page.table("", columns, rows)
    page.sheet.freeze_panes = "D2"


def _yes(value: bool) -> str:
    return _("Yes") if value else ""
