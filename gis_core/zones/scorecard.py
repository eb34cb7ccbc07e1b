"""Members of a zone, the zone and their cities side by side. Pure: counts and figures go in, rows and gaps come out.

Nothing is added up here: what a column counts was counted over that column's own set of areas, so that areas which
overlap, lie in one another, or share a record never count anything twice. What a person may not see is ``NONE`` or
``PART``, and what nobody knows is None: neither is ever zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    MEMBER = "member"
    ZONE = "zone"
    CITY = "city"


class Seen(StrEnum):
    ALL = "all"
    PART = "part"
    NONE = "none"


class Join(StrEnum):
    """How a figure of several towns is told: by its weakest town, or from the least to the most."""

    LEAST = "least"
    RANGE = "range"


HIGHER, LOWER, NEITHER = "higher", "lower", "neither"
# A figure is worth a sentence where the worst has less than this share of the best.
FAR_APART = 0.8


@dataclass(frozen=True)
class Column:
    """A set of areas with everything below them. ``own``: the area itself, where it is one; ``towns``: the towns among
    ``area_ids``."""

    key: str
    title: str
    kind: Kind
    area_ids: frozenset[int]
    towns: frozenset[int]
    own: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Cell:
    """A value, or from ``low`` to ``high``; None is not known. ``known`` of ``of`` towns gave it, where towns did."""

    low: float | None = None
    high: float | None = None
    seen: Seen = Seen.ALL
    known: int = 0
    of: int = 0
    when: tuple[str, ...] = ()

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.low != self.high


@dataclass(frozen=True)
class Row:
    title: str
    cells: tuple[Cell, ...]
    unit: str = ""
    decimals: int = 0
    is_category: bool = False
    is_shared: bool = False
    better: str = NEITHER
    note: str = ""
    color: str = ""
    shape: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody has any, as far as is seen."""
        return all(not cell.low and not cell.high for cell in self.cells)


@dataclass(frozen=True)
class Asset:
    """A layer of which more is something to share; its categories too, but for those that every town has its own of."""

    by_category: bool = True
    but: frozenset[str] = frozenset()

    def shares(self, category: str) -> bool:
        return self.by_category and category not in self.but


@dataclass(frozen=True)
class Section:
    """The rows of a layer: the first counts its records."""

    key: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Counted:
    """What a column holds of a layer, counted over that column's areas."""

    count: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)
    sums: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class CategoryTitle:
    value: str
    title: str
    color: str = ""
    shape: str = ""


@dataclass(frozen=True)
class Known:
    """A figure of an area: the same value twice, or from the least to the most it could be; ``when``: its period."""

    low: float
    high: float
    when: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure that a domain knows of areas (primary keys). ``scope``: where this person may see it; None: anywhere."""

    title: str
    unit: str
    values: Mapping[int, Known]
    join: Join = Join.RANGE
    better: str = HIGHER
    decimals: int = 0
    note: str = ""
    scope: frozenset[int] | None = None


@dataclass(frozen=True)
class Lack:
    """What some members have none of and others have; where no member has any, which cities do."""

    what: str
    lacking: tuple[str, ...]
    having: tuple[tuple[str, int], ...] = ()
    elsewhere: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Spread:
    """A figure in which members stand far apart."""

    what: str
    unit: str
    decimals: int
    best: tuple[str, float]
    worst: tuple[str, float]


def seen(area_ids: frozenset[int], scope: frozenset[int] | None) -> Seen:
    """How much of these areas a person sees whose scope this is."""
    if scope is None or area_ids <= scope:
        return Seen.ALL
    return Seen.PART if area_ids & scope else Seen.NONE


def section(
    key: str, title: str, columns: Sequence[Column], scope: frozenset[int] | None, counted: Mapping[str, Counted],
    *, categories: Iterable[CategoryTitle] = (), sums: Sequence[tuple[str, str]] = (), asset: Asset | None = None,
) -> Section:  # fmt: skip
    """A layer's rows. Left out are categories of which nobody has any, and of what is not to be shared those that only
    the cities have. ``sums``: title and unit of each sum."""
    states = [seen(column.area_ids, scope) for column in columns]
    found = [counted.get(column.key, Counted()) for column in columns]

    def row(name: str, values: Iterable[float | None], **how: object) -> Row:
        cells = [_cell(value, state) for value, state in zip(values, states, strict=True)]
        return Row(name, tuple(cells), **how)  # type: ignore[arg-type]

    rows = [row(title, [each.count for each in found], is_shared=asset is not None)]
    for each in categories:
        values = [one.categories.get(each.value, 0) for one in found]
        is_shared = asset is not None and asset.shares(each.value)
        if any(value for value, column in zip(values, columns, strict=True) if is_shared or column.kind != Kind.CITY):
            looks = {"color": each.color, "shape": each.shape}
            rows.append(row(each.title, values, is_category=True, is_shared=is_shared, **looks))
    for number, (name, unit) in enumerate(sums):
        values_of_sum = [one.sums[number] if number < len(one.sums) else None for one in found]
        rows.append(row(name, values_of_sum, unit=unit, is_category=True))
    return Section(key, title, tuple(rows))


def _cell(value: float | None, state: Seen) -> Cell:
    return Cell(seen=state) if state is Seen.NONE else Cell(value, value, state)


def figure_row(figure: Figure, columns: Sequence[Column]) -> Row:
    """A domain's figure: an area's own value where there is one, else what its towns' values come to."""
    cells = tuple(_figure_cell(figure, column) for column in columns)
    return Row(figure.title, cells, figure.unit, figure.decimals, better=figure.better, note=figure.note)


def _figure_cell(figure: Figure, column: Column) -> Cell:
    state = seen(column.area_ids, figure.scope)
    if state is Seen.NONE:
        return Cell(seen=state)
    own = figure.values.get(column.own) if column.own is not None else None
    if own is not None:
        return Cell(own.low, own.high, state, when=_periods([own]))
    found = [figure.values[area] for area in sorted(column.area_ids) if area in figure.values]
    known, of = len(column.towns & figure.values.keys()), len(column.towns)
    if not found:
        return Cell(seen=state, of=of)
    low, high = min(each.low for each in found), max(each.high for each in found)
    if figure.join is Join.LEAST:
        # A chain holds as much as its weakest link, between the least and the most that one could be.
        high = min(each.high for each in found)
    return Cell(low, high, state, known, of, _periods(found))


def _periods(found: Iterable[Known]) -> tuple[str, ...]:
    return tuple(sorted({each.when for each in found if each.when}))


def lacks(sections: Iterable[Section], columns: Sequence[Column]) -> list[Lack]:
    """Of what can be shared, what some members have none of; only where all of a member is seen is none none."""
    found: list[Lack] = []
    for each in sections:
        whole = each.rows[0]
        if not whole.is_shared:
            continue
        without = frozenset(
            number for number, column in enumerate(columns) if column.kind is Kind.MEMBER and _none(whole.cells[number])
        )
        found += _lack(each.title, whole, columns, frozenset())
        for row in each.rows[1:]:
            if row.is_shared:
                # Who has nothing of the layer at all was told already.
                found += _lack(f"{each.title} – {row.title}", row, columns, without)
    return found


def _lack(what: str, row: Row, columns: Sequence[Column], told: frozenset[int]) -> list[Lack]:
    cells = list(enumerate(zip(columns, row.cells, strict=True)))
    members = [(number, column, cell) for number, (column, cell) in cells if column.kind is Kind.MEMBER]
    lacking = tuple(column.title for number, column, cell in members if _none(cell) and number not in told)
    having = tuple((column.title, int(cell.low or 0)) for _n, column, cell in members if cell.low)
    if not lacking:
        return []
    if having:
        return [Lack(what, lacking, having)]
    elsewhere = tuple(
        (column.title, int(cell.low)) for _n, (column, cell) in cells if column.kind is Kind.CITY and cell.low
    )
    return [Lack(what, lacking, (), elsewhere)] if elsewhere else []


def _none(cell: Cell) -> bool:
    return cell.seen is Seen.ALL and cell.low == 0


def spreads(rows: Iterable[Row], columns: Sequence[Column]) -> list[Spread]:
    """Figures in which members whose value is known stand far apart."""
    found = []
    for row in rows:
        known = [
            (column.title, cell.low)
            for column, cell in zip(columns, row.cells, strict=True)
            if column.kind is Kind.MEMBER and cell.low is not None and not cell.is_range and cell.low >= 0
        ]
        if row.better == NEITHER or len(known) < 2:
            continue
        ordered = sorted(known, key=lambda pair: pair[1], reverse=row.better == HIGHER)
        small, large = sorted((ordered[0][1], ordered[-1][1]))
        if small < large * FAR_APART:
            found.append(Spread(row.title, row.unit, row.decimals, ordered[0], ordered[-1]))
    return found


def outermost(area_ids: Iterable[int], below: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Of these areas, those that lie in no other of them; ``below`` holds each with everything below it."""
    ids = set(area_ids)
    return frozenset(area for area in ids if not any(area in below[other] for other in ids if other != area))
