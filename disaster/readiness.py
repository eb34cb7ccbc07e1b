"""How ready a town is for a hazard, and how that will be if nothing more is done. Pure: no Django, no database.

Of each item that is asked for, three factors between 0 and 1 are multiplied: how much of what must be there works; how
fresh its inspection is; how many of the trained people it takes there are. **The weakest item is the town's
readiness**: whoever has pumps and no sandbags is not ready for a flood, one number has one reason, and that reason is
what to do next. The mean over the items stands beside it.

Unknown is a range, never zero. Each factor is a ``Factor`` from the least to the most that it could be. ``score`` is
what the known things limit readiness to; what is unknown may lower it down to ``low``. Where no item is known there is
no score.

Monotone: more stock, a fresher inspection, a later expiry or one more trained person never lowers ``low`` or ``score``;
becoming known never lowers ``low`` (property-tested in tests/disaster/test_readiness.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

STOCK, INSPECTION, PEOPLE = "stock", "inspection", "people"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Factor:
    """Between 0 and 1: known where the least and the most are the same."""

    low: float
    high: float

    @property
    def is_known(self) -> bool:
        return self.low == self.high


UNKNOWN, FULL = Factor(0.0, 1.0), Factor(1.0, 1.0)


@dataclass(frozen=True)
class Batch:
    """Units that are alike and work: until when, and when they last passed an inspection (None: never)."""

    quantity: int
    expires_on: date | None = None
    inspected_on: date | None = None

    def lives_on(self, day: date) -> bool:
        return self.expires_on is None or self.expires_on >= day


@dataclass(frozen=True)
class Asked:
    """An item that a town must hold ``needed`` of (more than 0), and what is known of it.

    ``batches`` None: nobody ever recorded any; else what works, without what is in repair, unusable or promised to
    others. ``fresh_days`` None: is not inspected. ``trained_until``: for each person trained for the item's class the
    last day on which it counts; None: nothing is recorded of the town's people at all.
    """

    item: int
    needed: int
    batches: tuple[Batch, ...] | None
    in_repair: int = 0
    unusable: int = 0
    promised: int = 0
    fresh_days: int | None = None
    people_needed: int = 0
    trained_until: tuple[date, ...] | None = ()


@dataclass(frozen=True)
class Part:
    """Readiness of one item on a day, with the numbers behind it.

    ``days``: since the oldest inspection among the units that count, None where there is none; ``never``: how many of
    these units were never inspected.
    """

    item: int
    stock: Factor
    inspection: Factor
    people: Factor
    low: float
    high: float
    needed: int
    usable: int | None
    expired: int
    in_repair: int
    unusable: int
    promised: int
    days: int | None
    fresh_days: int | None
    never: int
    people_needed: int
    trained: int | None

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @property
    def factors(self) -> tuple[tuple[str, Factor], ...]:
        return (STOCK, self.stock), (INSPECTION, self.inspection), (PEOPLE, self.people)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the factors that keep the item from being known."""
        return () if self.is_known else tuple(name for name, factor in self.factors if not factor.is_known)

    @property
    def weakest(self) -> str:
        """The name of the factor that limits the item most, as far as is known."""
        return min(self.factors, key=lambda pair: pair[1].high)[0]


@dataclass(frozen=True)
class Readiness:
    """Of a town for a hazard: its parts, the weakest first."""

    day: date
    parts: tuple[Part, ...]

    @property
    def is_asked(self) -> bool:
        """Whether anything at all must be there; if not, there is nothing to be ready with."""
        return bool(self.parts)

    @property
    def known(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_known)

    @property
    def score(self) -> float | None:
        """What the known things limit readiness to; None where no item is known."""
        return self.high if self.known else None

    @property
    def high(self) -> float:
        return min((part.high for part in self.parts), default=1.0)

    @property
    def low(self) -> float:
        return min((part.low for part in self.parts), default=0.0)

    @property
    def mean(self) -> float | None:
        """Of the items that are known."""
        known = self.known
        return sum(part.high for part in known) / len(known) if known else None

    @property
    def unknown_share(self) -> float:
        return 1 - len(self.known) / len(self.parts) if self.parts else 1.0

    @property
    def limit(self) -> Part | None:
        """The item that limits the score."""
        return self.parts[0] if self.parts else None


def freshness(days: int, fresh_days: int) -> float:
    """Of an inspection so many days ago: 1 as long as it counts, then falling to 0 at twice that."""
    if days <= fresh_days:
        return 1.0
    return max(0.0, (2 * fresh_days - days) / fresh_days) if fresh_days else 0.0


def measure(asked: Iterable[Asked], day: date) -> Readiness:
    """Readiness on a day, of today or (with the same facts) of a day to come."""
    parts = [measure_item(each, day) for each in asked]
    return Readiness(day, tuple(sorted(parts, key=lambda part: (part.high, part.low, -part.needed, part.item))))


def measure_item(asked: Asked, day: date) -> Part:
    living = [batch for batch in asked.batches or () if batch.lives_on(day)]
    usable = None if asked.batches is None else sum([batch.quantity for batch in living])
    units = _counted(asked, living, day, 1.0)
    never = sum([unit.number for unit in units if unit.is_unknown])
    most = _sum(units)
    least = _sum(_counted(asked, living, day, 0.0)) if never else most
    stock, inspection = _stock_and_inspection(asked, usable, least, most)
    people, trained = _people(asked, day)
    known = usable is not None
    return Part(
        item=asked.item,
        stock=stock,
        inspection=inspection,
        people=people,
        low=least / asked.needed * people.low if known else 0.0,
        high=most / asked.needed * people.high if known else people.high,
        needed=asked.needed,
        usable=usable,
        expired=sum([batch.quantity for batch in asked.batches or ()]) - (usable or 0),
        in_repair=asked.in_repair,
        unusable=asked.unusable,
        promised=asked.promised,
        days=max([unit.days for unit in units if unit.days is not None], default=None),
        fresh_days=asked.fresh_days,
        never=never,
        people_needed=asked.people_needed,
        trained=trained,
    )


def _stock_and_inspection(asked: Asked, usable: int | None, least: float, most: float) -> tuple[Factor, Factor]:
    """The two factors; ``least`` and ``most`` are the units that count, each by its freshness."""
    if usable is None:
        return UNKNOWN, FULL if asked.fresh_days is None else UNKNOWN
    counted = min(usable, asked.needed)
    share = counted / asked.needed
    return Factor(share, share), Factor(least / counted, most / counted) if counted else FULL


def _people(asked: Asked, day: date) -> tuple[Factor, int | None]:
    if asked.people_needed == 0:
        return FULL, None
    if asked.trained_until is None:
        return UNKNOWN, None
    trained = sum([until >= day for until in asked.trained_until])
    share = min(1.0, trained / asked.people_needed)
    return Factor(share, share), trained


class _Counted(NamedTuple):
    """Units that count: how many, how fresh, and days since their inspection (None: never, or not inspected at all)."""

    number: int
    fresh: float
    days: int | None
    is_unknown: bool


def _counted(asked: Asked, living: Sequence[Batch], day: date, never: float) -> list[_Counted]:
    """The units that count, at most ``needed``, the freshest first: so that old units never spoil new ones. ``never``
    is what a unit counts that was never inspected."""
    found = [_unit(asked, batch, day, never) for batch in living if batch.quantity]
    if len(found) > 1:
        found.sort(key=lambda unit: (-unit.fresh, unit.is_unknown))
    left, counted = asked.needed, []
    for unit in found:
        if left <= 0:
            break
        counted.append(unit if unit.number <= left else unit._replace(number=left))
        left -= unit.number
    return counted


def _unit(asked: Asked, batch: Batch, day: date, never: float) -> _Counted:
    if asked.fresh_days is None:
        return _Counted(batch.quantity, 1.0, None, False)
    if batch.inspected_on is None:
        return _Counted(batch.quantity, never, None, True)
    days = (day - batch.inspected_on).days
    return _Counted(batch.quantity, freshness(days, asked.fresh_days), days, False)


def _sum(counted: Sequence[_Counted]) -> float:
    return sum([unit.number * unit.fresh for unit in counted])


@dataclass(frozen=True)
class Fall:
    """An item whose readiness begins to fall on a day, from ``before`` on the day before to ``after`` at the end of
    what was asked about, because of its ``cause``: stock (expiry), inspection or people (training)."""

    day: date
    item: int
    cause: str
    before: float
    after: float


def falls(asked: Iterable[Asked], day: date, until: date) -> list[Fall]:
    """What falls after ``day`` and up to ``until`` if nothing more is done, the first first."""
    found = []
    for each in asked:
        after = measure_item(each, until).high
        for when, cause in sorted(_turns(each)):
            if day < when <= until:
                before, then = measure_item(each, when - ONE_DAY).high, measure_item(each, when).high
                if then < before:
                    found.append(Fall(when, each.item, cause, before, after))
    return sorted(found, key=lambda fall: (fall.day, fall.after, fall.item))


def _turns(asked: Asked) -> set[tuple[date, str]]:
    """Days on which something of an item may begin to count less."""
    found = set()
    for batch in asked.batches or ():
        if batch.expires_on:
            found.add((batch.expires_on + ONE_DAY, STOCK))
        if batch.inspected_on and asked.fresh_days is not None:
            found.add((batch.inspected_on + timedelta(days=asked.fresh_days + 1), INSPECTION))
    if asked.people_needed:
        found |= {(until + ONE_DAY, PEOPLE) for until in asked.trained_until or () if until < date.max}
    return found


def as_body(readiness: Readiness) -> dict[str, Any]:
    """What is kept of a day: bounds, mean, and each item's factors as [low, high] with the numbers behind them."""
    return {
        "low": round(readiness.low, 4),
        "high": round(readiness.high, 4),
        "mean": None if readiness.mean is None else round(readiness.mean, 4),
        "unknown": round(readiness.unknown_share, 4),
        "items": [
            {
                "item": part.item,
                "low": round(part.low, 4),
                "high": round(part.high, 4),
                **{name: [round(factor.low, 4), round(factor.high, 4)] for name, factor in part.factors},
                "needed": part.needed,
                "usable": part.usable,
                "days": part.days,
                "trained": part.trained,
            }
            for part in readiness.parts
        ],
    }
