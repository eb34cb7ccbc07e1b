"""Plans beside one another: the figures that a redesign is judged by, and options ranked by weights people set.

Definitions: *open* rooms have no restriction, all others are closed; voids and structure are neither. *Waiting* is the
open waiting areas (``waitingroom``). *Shared* rooms are open and made for residents, or open and used after hours (see
``uses.is_shared``). *Idle space activated* is the ground of rooms idle before on which rooms that are not idle stand
now. *m2 per staff* is the area of the teams' rooms by the planned staff of those teams (today's where none is
planned). Walks lead from the nearest public entrance to each counter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Protocol

import shapely

from .costs import Cost
from .document import Document
from .findings import Finding
from .ledger import Ledger
from .schedule import Schedule, schedule
from .standards import Standard
from .uses import is_shared

MORE, LESS, NEITHER = "more", "less", ""
SHARE, M2, METRES, STEPS, COUNT, PEOPLE, KRW = "share", "m2", "m", "steps", "count", "people", "krw"
BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "same", "unknown"
# Figures that are shown alike are alike: half of what their last digit says.
_ALIKE = {SHARE: 0.0005, M2: 0.005, METRES: 0.05, STEPS: 0.5}


@dataclass(frozen=True)
class Kind:
    """What a figure is measured in, and which way is better."""

    unit: str
    better: str

    @property
    def alike(self) -> float:
        """Below this a difference is none."""
        return _ALIKE.get(self.unit, 1e-6)


KINDS: dict[str, Kind] = {
    "open_m2": Kind(M2, NEITHER),
    "closed_m2": Kind(M2, NEITHER),
    "open_share": Kind(SHARE, MORE),
    "waiting_m2": Kind(M2, MORE),
    "shared_m2": Kind(M2, MORE),
    "after_hours_m2": Kind(M2, MORE),
    "idle_m2": Kind(M2, LESS),
    "idle_activated_m2": Kind(M2, MORE),
    "m2_per_staff": Kind(M2, MORE),
    "staff_seated": Kind(PEOPLE, NEITHER),
    "staff_unseated": Kind(PEOPLE, LESS),
    "standards_short": Kind(COUNT, LESS),
    "walk_mean_m": Kind(METRES, LESS),
    "walk_mean_steps": Kind(STEPS, LESS),
    "walk_longest_m": Kind(METRES, LESS),
    "counters_unreached": Kind(COUNT, LESS),
    "circulation_errors": Kind(COUNT, LESS),
    "circulation_warnings": Kind(COUNT, LESS),
    "rooms_changed": Kind(COUNT, NEITHER),
    "changes_unsourced": Kind(COUNT, LESS),
    "cost_krw": Kind(KRW, LESS),
}
# What options are ranked by, and what each counts unless people say otherwise.
WEIGHTS: dict[str, float] = {
    "open_share": 1,
    "waiting_m2": 2,
    "shared_m2": 3,
    "idle_activated_m2": 2,
    "m2_per_staff": 2,
    "staff_unseated": 3,
    "walk_mean_m": 1,
    "circulation_errors": 3,
    "changes_unsourced": 1,
    "cost_krw": 2,
}


class Walk(Protocol):
    """From an entrance to a counter (``routes.Route``); ``metres`` is None where the public cannot get there."""

    @property
    def metres(self) -> float | None: ...

    @property
    def steps(self) -> int | None: ...


@dataclass(frozen=True)
class Figures:
    """By the codes of ``KINDS``; None where a figure cannot be told (no staff, no counter, not checked)."""

    values: Mapping[str, float | None]

    def __getitem__(self, code: str) -> float | None:
        return self.values.get(code)


@dataclass(frozen=True)
class Row:
    """A figure before and after. ``verdict``: better, worse, same, unknown, or empty for a figure that only informs."""

    code: str
    before: float | None
    after: float | None

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def difference(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def verdict(self) -> str:
        if self.difference is None:
            return UNKNOWN
        if abs(self.difference) < self.kind.alike:
            return SAME
        if self.kind.better == NEITHER:
            return NEITHER
        return BETTER if (self.difference > 0) == (self.kind.better == MORE) else WORSE


@dataclass(frozen=True)
class Beside:
    """What is known of a plan beside its document: ``before`` is the plan it is judged against."""

    before: Document | None = None
    ledger: Ledger | None = None
    cost: Cost | None = None
    findings: Sequence[Finding] | None = None
    walks: Sequence[Walk] | None = None
    standards: Sequence[Standard] = field(default=())


def figures(document: Document, beside: Beside | None = None) -> Figures:
    """The figures of a plan. What ``beside`` does not hold is None."""
    beside = beside or Beside()
    areas = schedule(document, beside.standards)
    return Figures({**_areas(document), **_people(document, areas), **_ways(beside), **_against(document, beside)})


def compare(before: Figures, after: Figures) -> tuple[Row, ...]:
    """Every figure that at least one of the two has."""
    rows = (Row(code, before[code], after[code]) for code in KINDS)
    return tuple(row for row in rows if row.before is not None or row.after is not None)


def _areas(document: Document) -> dict[str, float | None]:
    rooms = [unit for unit in document.units if unit.is_walkable]
    opened = fsum(unit.geometry.area for unit in rooms if unit.is_open)
    closed = fsum(unit.geometry.area for unit in rooms if not unit.is_open)
    shared = (
        unit.geometry.area
        for unit in rooms
        if is_shared(unit.category, is_open=unit.is_open, after_hours=unit.after_hours) and not unit.idle
    )
    return {
        "open_m2": opened,
        "closed_m2": closed,
        "open_share": opened / (opened + closed) if rooms else None,
        "waiting_m2": fsum(unit.geometry.area for unit in rooms if unit.category == "waitingroom" and unit.is_open),
        "shared_m2": fsum(shared),
        "after_hours_m2": fsum(unit.geometry.area for unit in rooms if unit.after_hours and unit.is_open),
        "idle_m2": fsum(unit.geometry.area for unit in rooms if unit.idle),
    }


def _people(document: Document, areas: Schedule) -> dict[str, float | None]:
    seated = next(item for item in areas.per_head if item.what == "seated")
    known = [item.is_met for item in areas.standards if item.is_met is not None]
    unseated = (finding.params["heads"] for finding in areas.findings if finding.code == "not_seated")
    return {
        "m2_per_staff": seated.planned if seated.planned is not None else seated.now,
        "staff_seated": float(areas.staff_planned or areas.staff_now) if document.teams else None,
        "staff_unseated": float(sum(unseated)) if document.teams else None,
        "standards_short": float(known.count(False)) if known else None,
    }


def _ways(beside: Beside) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    if beside.findings is not None:
        for code, severity in (("circulation_errors", "error"), ("circulation_warnings", "warning")):
            found[code] = float(sum(finding.severity == severity for finding in beside.findings))
    if beside.walks:
        metres = [walk.metres for walk in beside.walks if walk.metres is not None]
        steps = [walk.steps for walk in beside.walks if walk.steps is not None]
        found |= {
            "walk_mean_m": fsum(metres) / len(metres) if metres else None,
            "walk_longest_m": max(metres, default=None),
            "walk_mean_steps": sum(steps) / len(steps) if steps else None,
            "counters_unreached": float(len(beside.walks) - len(metres)),
        }
    return found


def _against(document: Document, beside: Beside) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    if beside.before is not None:
        found["idle_activated_m2"] = idle_activated(beside.before, document)
    if beside.ledger is not None:
        found["rooms_changed"] = float(len(beside.ledger.changed))
        found["changes_unsourced"] = float(len(beside.ledger.unsourced))
    if beside.cost is not None:
        total = beside.cost.total_krw
        found["cost_krw"] = None if total is None else float(total)
    return found


def idle_activated(before: Document, after: Document) -> float:
    """Square metres of rooms idle before on which rooms in use stand now."""
    found = []
    for level in dict.fromkeys(unit.level for unit in before.units if unit.idle):
        idle = shapely.union_all([unit.geometry for unit in before.on_level("units", level) if unit.idle])
        used = [unit.geometry for unit in after.on_level("units", level) if unit.is_walkable and not unit.idle]
        found.append(idle.intersection(shapely.union_all(used)).area)
    return fsum(found)


@dataclass(frozen=True)
class Contribution:
    """``utility`` is 1 for the best option's value and 0 for the worst one's; ``points`` is its part of the score."""

    code: str
    value: float | None
    utility: float
    weight: float
    points: float

    @property
    def is_missing(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Ranked:
    """``rank`` counts from 1; options of equal score share one. ``score`` is out of 100."""

    key: str
    rank: int
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Ranking:
    """``without`` are weighted figures that no option has, ``equal`` those that tell no options apart."""

    options: tuple[Ranked, ...]
    without: tuple[str, ...]
    equal: tuple[str, ...]


def rank(options: Mapping[str, Figures], weights: Mapping[str, float]) -> Ranking:
    """Options by what they are worth to those who set the weights, the best first; ties in the given order.

    A figure is worth 1 where it is best among the options and 0 where it is worst, in proportion between; where all
    are alike it is worth 1 to all, and a missing one is worth nothing. Weights are counted in proportion.
    Raises ValueError for a negative weight or a figure without a better and a worse.
    """
    for code, weight in weights.items():
        if weight < 0 or code not in KINDS or KINDS[code].better == NEITHER:
            raise ValueError(code)
    weighted = {code: weight for code, weight in weights.items() if weight > 0}
    values = {code: [found[code] for found in options.values()] for code in weighted}
    without = tuple(code for code, found in values.items() if all(value is None for value in found))
    counted = {code: weight for code, weight in weighted.items() if code not in without}
    whole = fsum(counted.values())
    scored = []
    for key, found in options.items():
        contributions = tuple(_contribution(code, found[code], values[code], counted[code] / whole) for code in counted)
        scored.append((key, fsum(item.points for item in contributions), contributions))
    scored.sort(key=lambda item: -round(item[1], 9))
    ranked = [
        Ranked(key, 1 + sum(other > score + 1e-9 for _key, other, _parts in scored), score, contributions)
        for key, score, contributions in scored
    ]
    equal = tuple(code for code in counted if len(options) > 1 and _alike(code, values[code]))
    return Ranking(tuple(ranked), without, equal)


def _alike(code: str, values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) == len(values) and max(known) - min(known) < KINDS[code].alike


def _contribution(code: str, value: float | None, values: Iterable[float | None], weight: float) -> Contribution:
    known = [other for other in values if other is not None]
    lowest, highest = min(known), max(known)
    if value is None:
        utility = 0.0
    elif highest - lowest < KINDS[code].alike:
        utility = 1.0
    else:
        utility = (value - lowest) / (highest - lowest)
        utility = utility if KINDS[code].better == MORE else 1.0 - utility
    return Contribution(code, value, utility, weight, 100 * weight * utility)
