"""A wide stock table as it would be written: each column an item, each row a depot, each cell from what to what.

Nothing is written here. Whatever is not clear is a question (``Preview.questions``) or a refused cell, and stops the
import until a person answers it or leaves it out.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from disaster import wide_table as rules
from disaster.models import Balance, Condition, Depot, Item
from disaster.querysets_counts import held_on
from disaster.wide_table import RowKind
from disaster.words import wide_table as words
from gis_core.imports.source import Row, Source
from gis_core.models import AdminArea

from .ledger import lowest_since
from .stock_places import Places

PLACE, DEPOT, NEW, OUT = "place", "depot", "new", ""


@dataclass(frozen=True)
class Choices:
    """What a person chose. ``columns``: by heading PLACE, DEPOT, NEW, OUT or "item-<id>"; ``new``: name and unit by
    heading; ``rows``: by row a depot, or 0 to leave it out; ``out``: cells left out, as "row:column"; ``kind``:
    the kind of depot that receives where a town has several."""

    columns: Mapping[str, str]
    new: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)
    out: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True)
class Column:
    """An item's column. ``item`` is None for one that will be made."""

    index: int
    heading: str
    item: Item | None
    name: str
    unit: str


@dataclass(frozen=True)
class Change:
    """What the import does to one cell's balance. ``before`` is None where nothing was known."""

    row: int
    column: Column
    depot: Depot
    before: int | None
    after: int

    @property
    def is_opening(self) -> bool:
        return self.before is None

    @property
    def difference(self) -> int:
        return self.after - (self.before or 0)


@dataclass(frozen=True)
class Refused:
    """A cell that cannot be taken, and why. ``key`` names it among the cells left out."""

    key: str
    row: int
    heading: str
    text: str
    reason: str
    is_out: bool


@dataclass
class RowView:
    """A row as it was understood. ``depot`` is None where it is left out (``reason``) or not decided (``choices``)."""

    number: int
    label: str
    kind: RowKind
    town: AdminArea | None = None
    depot: Depot | None = None
    reason: str = ""
    choices: list[Depot] = field(default_factory=list)
    has_fault: bool = False

    @property
    def is_open(self) -> bool:
        return self.depot is None and not self.reason


@dataclass
class Preview:
    columns: list[Column]
    rows: list[RowView]
    changes: list[Change]
    refused: list[Refused]
    questions: list[str]
    unknown: int = 0

    @property
    def is_clear(self) -> bool:
        return not self.questions and all(each.is_out for each in self.refused)

    @property
    def digest(self) -> str:
        """Everything that would be written, as one value: what was confirmed is what is written, or nothing."""
        facts = [
            [each.row, each.column.heading, each.column.name, each.depot.pk, each.before, each.after]
            for each in self.changes
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def read(source: Source, choices: Choices, places: Places, items: Mapping[int, Item], day: date) -> Preview:
    """What the table would do to the ledger on a day. Four statements, and one per cell that takes on a past day."""
    rows = _rows(source, choices, places)
    units = _unit_row(source, rows)
    columns, questions = _columns(source, choices, items, units)
    questions += _row_questions(source, rows, choices)
    shelf = _Shelf([row.depot for row in rows if row.depot], columns, day)
    preview = Preview(columns, rows, [], [], questions)
    by_number = {row.number: row for row in source.rows}
    for view in rows:
        if view.depot is not None:
            for column in columns:
                _cell(preview, choices, by_number[view.number], view, column, shelf)
    return preview


def _cell(preview: Preview, choices: Choices, row: Row, view: RowView, column: Column, shelf: "_Shelf") -> None:
    text, key = row.values[column.heading], f"{row.number}:{column.index}"
    cell = rules.read_cell(text, column.unit)
    assert view.depot is not None
    reason = ""
    if cell.fault is not None:
        reason = words.fault(cell.fault, text, cell.unit, column.name, column.unit)
    elif cell.quantity is None:
        preview.unknown += 1
        return
    else:
        reason = shelf.refusal(view.depot, column, cell.quantity)
    if reason:
        preview.refused.append(Refused(key, row.number, column.heading, text, reason, key in choices.out))
    elif key not in choices.out:
        before = shelf.before(view.depot, column)
        preview.changes.append(Change(row.number, column, view.depot, before, cell.quantity or 0))


def _rows(source: Source, choices: Choices, places: Places) -> list[RowView]:
    place = next((name for name in source.fields if choices.columns.get(name) == PLACE), "")
    store = next((name for name in source.fields if choices.columns.get(name) == DEPOT), "")
    faulty = {each.row for each in source.problems}
    by_pk = {depot.pk: depot for depot in places.depots}
    found = []
    for row in source.rows:
        label = row.values.get(place, "")
        kind = rules.row_kind(label, (text for name, text in row.values.items() if name != place))
        view = RowView(row.number, label, kind, has_fault=row.number in faulty)
        _place_row(view, places, row.values.get(store, ""), choices.kind)
        chosen = choices.rows.get(row.number)
        if chosen == 0:
            view.depot, view.reason = None, view.reason or _("left out by you")
        elif chosen in by_pk:
            view.depot, view.reason = by_pk[chosen], ""
        found.append(view)
    return found


def _place_row(view: RowView, places: Places, store: str, wanted: str) -> None:
    view.town = places.town(view.label) if view.kind == RowKind.PLACE else None
    view.choices = places.depots_in(view.town) if view.town else places.depots
    if view.kind != RowKind.PLACE and not (view.kind == RowKind.NAMELESS and store):
        view.reason = words.row(view.kind, places.city)
    elif store:
        view.depot = places.depot(store, view.town)
    elif view.town is None:
        view.reason = words.row(RowKind.PLACE, places.city)
    elif len(fitting := [each for each in view.choices if each.kind == wanted] or view.choices) == 1:
        view.depot = fitting[0]
    elif not view.choices:
        view.reason = _("you keep no depot in this town")


def _unit_row(source: Source, rows: Iterable[RowView]) -> dict[str, str]:
    """Units by heading, where a row of the table tells them."""
    numbers = {row.number for row in rows if row.kind == RowKind.UNITS}
    return {
        name: text.strip("()[] ") for row in source.rows if row.number in numbers for name, text in row.values.items()
    }


def _columns(
    source: Source, choices: Choices, items: Mapping[int, Item], units: Mapping[str, str]
) -> tuple[list[Column], list[str]]:
    columns, questions = [], []
    for index, heading in enumerate(source.fields):
        chosen = choices.columns.get(heading, OUT)
        if chosen == NEW:
            name, unit = (text.strip() for text in choices.new.get(heading, ("", "")))
            columns.append(Column(index, heading, None, name, unit))
            if not name or not unit:
                questions.append(_("%(column)s: enter the name and the unit of the new item.") % {"column": heading})
            elif rules.simple(name) in {rules.simple(each.name) for each in items.values()}:
                questions.append(_("%(column)s: there is an item called %(item)s already; choose it.")
                                 % {"column": heading, "item": name})  # fmt: skip
        elif chosen.startswith("item-") and (item := items.get(int(chosen[5:] or 0))) is not None:
            columns.append(Column(index, heading, item, str(item), item.unit))
    if not any(value == PLACE for value in choices.columns.values()):
        questions.append(_("Say which column names the town."))
    if not columns:
        questions.append(_("Say for at least one column which item it holds."))
    return columns, questions + _column_questions(columns, units)


def _column_questions(columns: Sequence[Column], units: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    seen: dict[str, str] = {}
    for column in columns:
        told = rules.read_heading(column.heading).unit or units.get(column.heading, "")
        facts: dict[str, Any] = {"column": column.heading, "item": column.name, "unit": column.unit, "told": told}
        if told and column.unit and not rules.same_unit(told, column.unit) and len(told) <= 5:
            found.append(_("%(column)s is in %(told)s, but %(item)s is counted in %(unit)s.") % facts)
        first = seen.setdefault(rules.simple(column.name), column.heading)
        if first != column.heading:
            found.append(_("%(first)s and %(column)s are both %(item)s: leave one out.") % {**facts, "first": first})
    return found


def _row_questions(source: Source, rows: Sequence[RowView], choices: Choices) -> list[str]:
    found = []
    taken: dict[int, int] = {}
    problems = {each.row: each for each in source.problems}
    for view in rows:
        facts = {"row": view.number, "label": view.label or _("(no name)")}
        if view.is_open:
            found.append(_("Row %(row)s (%(label)s): choose the depot, or leave the row out.") % facts)
        if view.depot is None:
            continue
        if view.has_fault:
            told = _("Row %(row)s (%(label)s): %(reason)s Leave the row out.")
            found.append(told % {**facts, "reason": problems[view.number].text})
        first = taken.setdefault(view.depot.pk, view.number)
        if first != view.number:
            told = _("Rows %(first)s and %(row)s are both %(depot)s: leave one out.")
            found.append(told % {**facts, "first": first, "depot": view.depot})
    return found


class _Shelf:
    """What these depots hold of these items: all lots and conditions together, at the end of a day. Two statements."""

    def __init__(self, depots: Sequence[Depot], columns: Iterable[Column], day: date) -> None:
        self.day = day
        numbers = sorted({depot.pk for depot in depots})
        held = held_on(numbers, day)
        items = [column.item.pk for column in columns if column.item]
        self._balances: dict[tuple[int, int], list[tuple[Balance, int]]] = {}
        rows = Balance.objects.filter(depot__in=numbers, lot__item__in=items).select_related("lot__item", "depot")
        for balance in rows:
            key = balance.depot_id, balance.lot.item_id
            self._balances.setdefault(key, []).append((balance, held[balance.pk]))

    def _of(self, depot: Depot, column: Column) -> list[tuple[Balance, int]]:
        return self._balances.get((depot.pk, column.item.pk), []) if column.item else []

    def before(self, depot: Depot, column: Column) -> int | None:
        """None where nobody has said anything."""
        known = self._of(depot, column)
        return sum(quantity for _balance, quantity in known) if known else None

    def refusal(self, depot: Depot, column: Column, after: int) -> str:
        """Why the ledger cannot come to hold this, or nothing. What differs goes to, or comes from, what is usable and
        in no lot: which lot it was the table does not say."""
        known = self._of(depot, column)
        change = after - sum(quantity for _balance, quantity in known)
        loose = next((balance for balance, _held in known if _is_loose(balance)), None)
        facts = {"depot": depot, "item": column.name, "unit": column.unit}
        counted = max((balance.counted_on for balance, _held in known if balance.counted_on), default=None)
        if change and counted and self.day < counted:
            return _("counted on %(day)s: nothing can be written for a day before that") % {"day": counted.isoformat()}
        if change < 0:
            free = lowest_since(loose, self.day) if loose else 0
            if free + change < 0 and len(known) > (loose is not None):
                told = _("%(item)s is kept by lot or condition in %(depot)s: which are gone only a count can say")
                return told % facts
            if free + change < 0:
                told = _("later movements need at least %(number)s %(unit)s")
                return told % {**facts, "number": sum(held for _balance, held in known) - free}
        return ""


def _is_loose(balance: Balance) -> bool:
    return not balance.lot.code and balance.condition == Condition.USABLE
