"""Utility meters and signs gathered into places: one parcel each, or one spot where no parcel number was given.

A town delivers a million meters. What is known of them stands in columns (a row per place); only of the few that turn
out to be suspected are addresses and locations read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from vacanthouses.models import Evidence, Meter
from vacanthouses.screening import KINDS, NO, UNKNOWN, YES, Columns, Facts, Table

CHUNK = 20_000
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass
class Place:
    pnu: str
    address: str = ""
    area_id: int | None = None
    location: Any = None

    def take(self, other: "Place") -> None:
        self.address = self.address or other.address
        self.area_id = self.area_id or other.area_id
        self.location = self.location or other.location


@dataclass
class Meters:
    """A row per meter, by kind and number: ``use`` of ``Table.months`` months up to the last that any meter of its kind
    tells, NaN for unknown; ``place`` is the number of its place, -1 for none."""

    pk: Ints
    kind: NDArray[np.int8]
    place: Ints
    use: NDArray[np.float64]
    removed: Flags
    cut_off: Flags


@dataclass
class Gathered:
    """Places by number: those with a parcel number first (``pnus``), then the loose spots."""

    area_ids: list[int]
    pnus: list[str]
    meters: Meters
    columns: Columns
    count: int = field(default=0)


def gather(area_ids: Iterable[int], table: Table, day: date, counts: Counter[str]) -> Gathered:
    """The places of these areas with what is known of them; what became of meters goes into counts."""
    ids = sorted(area_ids)
    meters, by_pnu = _read(ids, table.months, day)
    signs = list(
        Evidence.objects.filter(area_id__in=ids)
        .exclude(pnu="")
        .order_by("observed_on", "pk")
        .values_list("code", "pnu", "present")
    )
    for _code, pnu, _present in signs:
        by_pnu.setdefault(pnu, len(by_pnu))
    count = _join_loose(ids, meters, by_pnu, table.near_m, counts)
    counts.update(meters=len(meters.pk), places=count)
    columns = _columns(table, meters, count, [(code, by_pnu[pnu], present) for code, pnu, present in signs])
    return Gathered(ids, list(by_pnu), meters, columns, count)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


_READ = ("pk", "kind", "pnu", "first_month", "usage", "removed_on", "cut_off_on")


def _read(ids: list[int], months: int, day: date) -> tuple[Meters, dict[str, int]]:
    """All meters, and the number of the place of each parcel."""
    by_pnu: dict[str, int] = {}
    number = {kind: index for index, kind in enumerate(KINDS)}
    parts: list[tuple[Any, ...]] = []
    rows = Meter.objects.filter(area_id__in=ids).order_by("kind", "number").values_list(*_READ)
    for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
        pk, kind, pnu, first, usage, removed, cut = zip(*chunk, strict=True)
        parts.append((
            np.array(pk, dtype=np.int64), np.array([number[each] for each in kind], dtype=np.int8),
            np.array([by_pnu.setdefault(each, len(by_pnu)) if each else -1 for each in pnu], dtype=np.int64),
            *_windows(first, usage, months),
            np.array([each is not None and each <= day for each in removed], dtype=bool),
            np.array([each is not None and each <= day for each in cut], dtype=bool),
        ))  # fmt: skip
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        none = np.empty(0, dtype=bool)
        return Meters(empty, empty.astype(np.int8), empty, np.empty((0, months)), none, none), by_pnu
    pks, kinds, places, ends, windows, removals, cuts = (np.concatenate(each) for each in zip(*parts, strict=True))
    # Water is delivered at other times than power: each kind has a last month of its own.
    for each in np.unique(kinds):
        of_kind = kinds == each
        windows[of_kind] = _aligned(windows[of_kind], ends[of_kind], int(ends[of_kind].max()))
    return Meters(pks, kinds, places, windows, removals, cuts), by_pnu


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _windows(
    first: tuple[date, ...], usage: tuple[list[float | None], ...], months: int
) -> tuple[Ints, NDArray[np.float64]]:
    """The last month of each meter, and its use of so many months up to that, NaN for those before its first."""
    missing = [None] * months
    rows = [use[-months:] if len(use) >= months else [*missing[: months - len(use)], *use] for use in usage]
    begin = {day: _month(day) for day in set(first)}
    ends = [begin[day] + len(use) - 1 for day, use in zip(first, usage, strict=True)]
    return np.array(ends, dtype=np.int64), np.array(rows, dtype=float).reshape(-1, months)


def _aligned(windows: NDArray[np.float64], ends: Ints, last: int) -> NDArray[np.float64]:
    """The same with every row ending at ``last``: what its own readings do not reach is unknown."""
    months = windows.shape[1]
    for end in np.unique(ends):
        late = min(last - int(end), months)
        if late:
            of_end = ends == end
            moved = np.full((int(of_end.sum()), months), np.nan)
            moved[:, : months - late] = windows[of_end, late:]
            windows[of_end] = moved
    return windows


def _join_loose(ids: list[int], meters: Meters, by_pnu: dict[str, int], near_m: float, counts: Counter[str]) -> int:
    """Each meter without a parcel number joins the nearest place within ``near_m``, or begins one; how many places."""
    count = len(by_pnu)
    loose = np.flatnonzero(meters.place < 0)
    if not len(loose):
        return count
    spots = dict(Meter.objects.filter(area_id__in=ids, pnu="").exclude(location=None).values_list("pk", "location"))
    rows = [int(row) for row in loose if int(meters.pk[row]) in spots]
    counts["meters_without_place"] += len(loose) - len(rows)
    if not rows:
        return count
    xy = np.array([spots[int(meters.pk[row])].coords for row in rows])
    known, numbers = _spots_of_parcels(ids, by_pnu)
    away, nearest = cKDTree(known).query(xy) if len(known) else (np.full(len(rows), np.inf), [0] * len(rows))
    beside = cKDTree(xy).query_ball_point(xy, near_m)
    begun: dict[int, int] = {}
    for index, row in enumerate(rows):
        # Of equally near ones the parcel, then the spot that was there first.
        options = [(float(away[index]), numbers[int(nearest[index])])] if away[index] <= near_m else []
        options += [(float(np.hypot(*(xy[each] - xy[index]))), begun[each]) for each in beside[index] if each in begun]
        if near_m and options:
            meters.place[row] = min(options)[1]
        else:
            meters.place[row] = begun[index] = count
            count += 1
    return count


def _spots_of_parcels(ids: list[int], by_pnu: dict[str, int]) -> tuple[NDArray[np.float64], list[int]]:
    """Where parcels are, of their first meter or sign that tells; in the order of their numbers."""
    found: dict[str, Any] = {}
    for rows in (
        Meter.objects.filter(area_id__in=ids).order_by("kind", "number"),
        Evidence.objects.filter(area_id__in=ids).order_by("observed_on", "pk"),
    ):
        located = rows.exclude(pnu="").exclude(location=None).values_list("pnu", "location")
        for pnu, location in located.iterator(chunk_size=CHUNK):
            found.setdefault(pnu, location.coords)
    pnus = sorted(found)
    return np.array([found[pnu] for pnu in pnus]).reshape(-1, 2), [by_pnu[pnu] for pnu in pnus]


def _columns(table: Table, meters: Meters, count: int, signs: list[tuple[str, int, bool]]) -> Columns:
    """Of several meters of a kind the use is added up, unknown where one is; removed is when all of them are."""
    use, removed, cut_off = {}, {}, {}
    for number, kind in enumerate(KINDS):
        of_kind = (meters.kind == number) & (meters.place >= 0)
        place, gone, cut = meters.place[of_kind], meters.removed[of_kind], meters.cut_off[of_kind]
        every, all_gone = _count(place, count), _count(place[gone], count)
        removed[kind] = (every > 0) & (all_gone == every)
        cut_off[kind] = (every > 0) & (_count(place[gone | cut], count) == every) & (_count(place[cut], count) > 0)
        # A removed meter counts no more where another is left.
        counted = ~gone | removed[kind][place]
        use[kind] = _sums(place[counted], meters.use[of_kind][counted], count)
        use[kind][every == 0] = np.nan
    codes = {table.pv_code, *(reason.code for reason in table.reasons if reason.test == "sign")} - {""}
    said = {code: np.full(count, UNKNOWN, dtype=np.int8) for code in codes}
    for code, place_number, present in signs:
        # The latest look at a parcel counts, whatever was found then.
        if code in said:
            said[code][place_number] = YES if present else NO
    return Columns(count, use, removed, cut_off, said)


def _count(places: Ints, count: int) -> Ints:
    return np.bincount(places, minlength=count)


def _sums(places: Ints, use: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    # Without any place the counts would be whole numbers, which cannot be unknown.
    sums = [np.bincount(places, np.ascontiguousarray(month), count).astype(np.float64) for month in use.T]
    return np.stack(sums, axis=1)


def facts_at(columns: Columns, index: int) -> Facts:
    """What is known of one place, as ``screening.explain`` takes it."""
    return Facts(
        use={
            kind: tuple(None if value != value else value for value in use[index].tolist())
            for kind, use in columns.use.items()
        },
        removed=frozenset(kind for kind, gone in columns.removed.items() if gone[index]),
        cut_off=frozenset(kind for kind, cut in columns.cut_off.items() if cut[index]),
        signs={code: bool(said[index] == YES) for code, said in columns.signs.items() if said[index] != UNKNOWN},
    )


def named(gathered: Gathered, indexes: list[int]) -> list[Place]:
    """These places with their addresses and locations: of the first meter or sign that tells."""
    pnus, found = gathered.pnus, {}
    for index in indexes:
        found[index] = Place(pnus[index] if index < len(pnus) else "")
    chosen = np.zeros(gathered.count + 1, dtype=bool)
    chosen[indexes] = True
    rows = np.flatnonzero(chosen[gathered.meters.place])
    places = dict(zip(gathered.meters.pk[rows].tolist(), gathered.meters.place[rows].tolist(), strict=True))
    order = gathered.meters.pk[rows].tolist()
    for start in range(0, len(order), CHUNK):
        meters = Meter.objects.only("pk", "pnu", "address", "area_id", "location").in_bulk(order[start : start + CHUNK])
        for pk in order[start : start + CHUNK]:
            meter = meters[pk]
            found[places[pk]].take(Place("", meter.address, meter.area_id, meter.location))
    by_pnu = {place.pnu: place for place in found.values() if place.pnu}
    for row in Evidence.objects.filter(area_id__in=gathered.area_ids, pnu__in=by_pnu).order_by("observed_on", "pk"):
        by_pnu[row.pnu].take(Place("", row.address, row.area_id, row.location))
    return [found[index] for index in indexes]


def doubled(places: list[Place], near_m: float) -> set[int]:
    """The indexes of places within ``near_m`` of one that stands before them and is kept."""
    located = [index for index, place in enumerate(places) if place.location is not None]
    if not near_m or len(located) < 2:
        return set()
    tree = cKDTree([places[index].location.coords for index in located])
    dropped: set[int] = set()
    for first, second in sorted(tree.query_pairs(near_m)):
        if located[first] not in dropped:
            dropped.add(located[second])
    return dropped
