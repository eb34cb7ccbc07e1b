"""The tables of the comparison page: rows with everything in words, for the template to set out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from facilities.models import Plan, Request
from facilities.plan import ledger as pure
from facilities.plan.comparison import KINDS, SAME, Row, rank
from facilities.plan.document import DOOR, GAP
from facilities.plan.ledger import Entry
from facilities.services.comparison import Examined
from facilities.sheets.legend import legend_of
from facilities.sheets.svg import root, to_text
from facilities.words import comparison as words
from facilities.words.ledger import COST_LABELS, STATUS_LABELS, STATUS_LETTERS, Teller, status_of
from facilities.words.names import room_name

# The same colours as in comparison.css.
_INKS = {
    "changed": "#8a4b00",
    pure.MOVED: "#005a9c",
    pure.SPLIT: "#5e3b9e",
    pure.MERGED: "#5e3b9e",
    pure.NEW: "#00664a",
    pure.REMOVED: "#a8261a",
}
# A sign of the legend in its box (mm).
_SIGN = (7.0, 4.6)


@dataclass(frozen=True)
class LedgerRow:
    """A room. ``status`` is the class of its badge, ``letter`` the one that stands in the drawings."""

    level: str
    room: str
    status: str
    letter: str
    label: str
    texts: list[str]
    m2_before: float | None
    m2_after: float | None
    m2_change: float
    requests: list[Request]
    is_unsourced: bool


@dataclass(frozen=True)
class LedgerTable:
    rows: list[LedgerRow]
    m2_before: float
    m2_after: float
    unsourced: int

    @property
    def m2_change(self) -> float:
        return self.m2_after - self.m2_before


def ledger_rows(base: Examined, shown: Examined, requests: Iterable[Request], *, with_kept: bool) -> LedgerTable:
    """Rooms that change, or all; the sums are over all rooms either way."""
    teller = Teller(base.document, shown.document)
    by_id = {request.pk: request for request in requests}
    entries = shown.ledger.entries if with_kept else shown.ledger.changed
    return LedgerTable(
        [_ledger_row(entry, teller, by_id) for entry in entries],
        fsum(entry.m2_before for entry in shown.ledger.entries),
        fsum(entry.m2_after for entry in shown.ledger.entries),
        len(shown.ledger.unsourced),
    )


def _ledger_row(entry: Entry, teller: Teller, requests: Mapping[int, Request]) -> LedgerRow:
    status = status_of(entry)
    return LedgerRow(
        level=teller.level(entry.unit),
        room=room_name(entry.unit),
        status=status,
        letter=str(STATUS_LETTERS[status]),
        label=str(STATUS_LABELS[status]),
        texts=teller.texts(entry),
        m2_before=entry.m2_before if entry.before else None,
        m2_after=entry.m2_after if entry.after else None,
        m2_change=entry.m2_change,
        requests=[requests[pk] for pk in entry.requests],
        is_unsourced=entry.is_unsourced,
    )


def marks(shown: Examined) -> tuple[dict[str, str], dict[str, str]]:
    """The letters to draw into the rooms of the plan before, and of the plan after."""
    changed = [(entry, str(STATUS_LETTERS[status_of(entry)])) for entry in shown.ledger.changed]
    before = {entry.key: letter for entry, letter in changed if entry.before}
    return before, {entry.key: letter for entry, letter in changed if entry.after}


def inks(shown: Examined) -> dict[str, str]:
    """The colour of each room that changes, in the drawings."""
    return {entry.key: _INKS[status_of(entry)] for entry in shown.ledger.changed}


def changed_on(shown: Examined, level: str) -> int:
    """How many rooms change on a level, those that leave it included."""
    return sum(level in {unit.level for unit in (entry.before, entry.after) if unit} for entry in shown.ledger.changed)


def letters(shown: Examined) -> list[tuple[str, str, str, int]]:
    """Each kind of change that occurs: its class, letter, name, and how many rooms."""
    found = [status_of(entry) for entry in shown.ledger.changed]
    return [
        (status, str(STATUS_LETTERS[status]), str(STATUS_LABELS[status]), found.count(status))
        for status in _INKS
        if status in found
    ]


def legend(both: Sequence[Examined], level: str, fill: str) -> list[tuple[SafeString, str]]:
    """What fills and signs mean in the two drawings: a small picture and its words."""
    items = {item.label: item for one in both for item in legend_of(one.document, level, fill)}
    found = []
    for label, item in items.items():
        svg = root(*_SIGN, label, aria_hidden="true")
        item.draw(svg, _SIGN[0] / 2, _SIGN[1] / 2)
        # Made by our own writer of SVG, which escapes every name.
        found.append((mark_safe(to_text(svg)), label))  # noqa: S308
    return found


def work_rows(shown: Examined) -> list[tuple[str, list[str]]]:
    """What is built: of openings by kind and of walls, how much is new, moved, closed, and only given other rules."""
    rows = []
    for kind, title in ((DOOR, _("Doors")), (GAP, _("Openings without a door"))):
        found = [entry for entry in shown.ledger.openings if entry.opening.kind == kind]
        counts = [sum(entry.status == status for entry in found) for status in (pure.NEW, pure.MOVED, pure.REMOVED)]
        counts.append(sum(entry.status == pure.KEPT and bool(entry.changes) for entry in found))
        rows.append((title, [str(count) for count in counts]))
    walls = shown.ledger.walls.values()
    built, removed = fsum(change.built_m for change in walls), fsum(change.removed_m for change in walls)
    return [*rows, (_("Walls"), [f"{built:,.1f} m", "—", f"{removed:,.1f} m", "—"])]


@dataclass(frozen=True)
class BillRow:
    label: str
    quantity: float
    unit_krw: int | None
    krw: int | None
    source: str


def bill_rows(shown: Examined) -> list[BillRow]:
    return [
        BillRow(
            label=str(COST_LABELS[line.item]),
            quantity=line.quantity,
            unit_krw=line.unit_cost.krw if line.unit_cost else None,
            krw=line.krw,
            source=line.unit_cost.source if line.unit_cost else "",
        )
        for line in shown.cost.lines
    ]


@dataclass(frozen=True)
class Cell:
    """A figure of one plan: its value, its difference from the base, and whether that is better."""

    plan: Plan
    value: str
    difference: str = ""
    verdict: str = ""
    sign: str = ""
    verdict_text: str = ""


@dataclass(frozen=True)
class FigureRow:
    code: str
    label: str
    note: str
    cells: list[Cell] = field(default_factory=list)


def columns(examined: Sequence[Examined]) -> list[tuple[Plan, bool]]:
    """The plans in the order of the columns, and whether each is the base."""
    return [(one.plan, number == 0) for number, one in enumerate(examined)]


def figure_rows(examined: Sequence[Examined]) -> list[FigureRow]:
    """Every figure that one of the plans has, before and after."""
    base, *options = examined
    rows = []
    for code in KINDS:
        if any(one.figures[code] is not None for one in examined):
            cells = [Cell(base.plan, words.value_text(code, base.figures[code]))]
            cells += [_cell(one.plan, Row(code, base.figures[code], one.figures[code])) for one in options]
            note = str(words.FIGURE_NOTES.get(code, ""))
            rows.append(FigureRow(code, str(words.FIGURE_LABELS[code]), note, cells))
    return rows


def _cell(plan: Plan, row: Row) -> Cell:
    differs = row.difference is not None and row.verdict != SAME
    return Cell(
        plan,
        words.value_text(row.code, row.after),
        words.difference_text(row.code, row.difference) if differs else "",
        row.verdict,
        words.VERDICT_SIGNS[row.verdict],
        str(words.VERDICT_LABELS[row.verdict]),
    )


@dataclass(frozen=True)
class PartRow:
    label: str
    value: str
    weight: float
    points: float
    is_missing: bool


@dataclass(frozen=True)
class RankedRow:
    plan: Plan
    rank: int
    is_tied: bool
    score: float
    parts: list[PartRow]


@dataclass(frozen=True)
class RankingTable:
    rows: list[RankedRow]
    without: list[str]
    equal: list[str]


def ranking(options: Sequence[Examined], weights: Mapping[str, float]) -> RankingTable:
    found = rank({str(one.plan.pk): one.figures for one in options}, weights)
    plans = {str(one.plan.pk): one.plan for one in options}
    ranks = [item.rank for item in found.options]
    rows = []
    for item in found.options:
        parts = [
            PartRow(
                str(words.FIGURE_LABELS[part.code]),
                words.value_text(part.code, part.value),
                100 * part.weight,
                part.points,
                part.is_missing,
            )
            for part in item.contributions
        ]
        rows.append(RankedRow(plans[item.key], item.rank, ranks.count(item.rank) > 1, item.score, parts))
    return RankingTable(rows, _names(found.without), _names(found.equal))


def _names(codes: Iterable[str]) -> list[str]:
    return [str(words.FIGURE_LABELS[code]) for code in codes]
