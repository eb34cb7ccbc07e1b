"""The screening score: what utility readings and other signs say about a house before anybody goes there.

Each reason asks one thing and is answered yes, no or unknown; only a yes gives points. Sources: 처리지침 §8의3 (meter
removal, solar PV, gas, water use or cut-off, lists); every threshold and weight is in the rule table.

*More evidence* is a partial order: ``b`` has more than ``a`` when everything known in ``a`` is the same in ``b``
(a month filled in, a removal or cut-off learnt, a sign looked for). The score never falls along it, since a test that
lacks a month is unknown and gives nothing. Two things are no evidence but what the evidence is weighed against, and
stay equal along the order: which exclusions hold, and whether there is solar PV. With PV a low net import says little,
so reasons from use of power get only a share of their points (``pv_share``); learning of PV may lower the score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vacanthouses.rule_reading import BadRule, at, mapping, number, sequence, text, titles

KINDS = ("power", "water", "gas")
YES, NO, UNKNOWN = 1, 0, -1
USE_TESTS = ("month_use", "year_use", "identical")
METER_TESTS = (*USE_TESTS, "removed", "cut_off")


@dataclass(frozen=True)
class Reason:
    """``limit`` in kWh or m3; ``months`` is how many months must be so (month_use) or be known (the others)."""

    code: str
    title: Mapping[str, str]
    test: str
    kind: str
    points: float
    limit: float = 0.0
    months: int = 12


@dataclass(frozen=True)
class Table:
    reasons: tuple[Reason, ...]
    exclusions: Mapping[str, Mapping[str, str]]
    threshold: float
    near_m: float
    not_vacant_days: int
    pv_code: str
    pv_share: float
    months: int
    known: "KnownYield | None" = None


@dataclass(frozen=True)
class KnownYield:
    """The share of suspected houses that surveys elsewhere confirmed; it weighs as much as ``prior`` visits."""

    share: float
    prior: float
    title: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """``use[kind]`` is the house's use by month, the oldest first, None where unknown; ``removed`` and ``cut_off`` the
    kinds known to be so; ``signs`` the other sources: True found, False looked for and not found."""

    use: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    cut_off: frozenset[str] = frozenset()
    signs: Mapping[str, bool] = field(default_factory=dict)
    excluded_by: str = ""


@dataclass(frozen=True)
class Found:
    code: str
    value: float | None
    limit: float | None
    points: float


@dataclass(frozen=True)
class Explanation:
    score: float
    reasons: tuple[Found, ...]
    unknown: tuple[str, ...]
    excluded_by: str = ""


def read(body: Any) -> Table:
    """The table of a body. Raises BadRule."""
    body = mapping(body, "")
    rows = sequence(body.get("reasons"), "reasons")
    reasons = tuple(_reason(row, at("reasons", place)) for place, row in enumerate(rows))
    codes = [reason.code for reason in reasons]
    if not codes:
        raise BadRule("reasons", "empty")
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise BadRule(at(at("reasons", place), "code"), "twice", name=code)
    excluded = mapping(body.get("exclusions", {}), "exclusions")
    return Table(
        reasons=reasons,
        exclusions={
            code: titles(mapping(row, at("exclusions", code)), at("exclusions", code)) for code, row in excluded.items()
        },
        threshold=number(body, "threshold", "", low=0, high=100),
        near_m=number(body, "near_m", "", low=0, high=1000),
        not_vacant_days=int(number(body, "not_vacant_days", "", low=0, high=3650)),
        pv_code=text(body, "pv_code", "", default=""),
        pv_share=number(body, "pv_share", "", low=0, high=1, default=1),
        months=max(reason.months for reason in reasons),
        known=_known(mapping(body["known_yield"], "known_yield")) if "known_yield" in body else None,
    )


def _known(row: Mapping[str, Any]) -> KnownYield:
    share = number(row, "share", "known_yield", low=0, high=1)
    return KnownYield(share, number(row, "prior", "known_yield", low=0, high=10_000), titles(row, "known_yield"))


def _reason(row: Any, path: str) -> Reason:
    row = mapping(row, path)
    test = text(row, "test", path)
    if test not in (*METER_TESTS, "sign"):
        raise BadRule(at(path, "test"), "not_one_of", names=", ".join((*METER_TESTS, "sign")))
    kind = text(row, "kind", path, default="")
    if (test in METER_TESTS) != (kind in KINDS):
        raise BadRule(at(path, "kind"), "not_one_of", names=", ".join(KINDS))
    months = number(row, "months", path, low=1, high=60, default=12)
    if not months.is_integer():
        raise BadRule(at(path, "months"), "not_a_number")
    limit = number(row, "limit", path, low=0, default=None if test in ("month_use", "year_use") else 0)
    points = number(row, "points", path, low=0, high=100)
    return Reason(text(row, "code", path), titles(row, path), test, kind, points, limit, int(months))


def explain(table: Table, facts: Facts) -> Explanation:
    """Why this house may be empty: the score is the points of the reasons met, at most 100."""
    found, unknown = [], []
    score = 0.0
    has_pv = bool(table.pv_code) and facts.signs.get(table.pv_code, False)
    for reason in table.reasons:
        answer, value = _answer(reason, facts, table.months)
        if answer == UNKNOWN:
            unknown.append(reason.code)
        elif answer == YES:
            points = _points(table, reason, has_pv)
            score = score + points
            limit = reason.limit if reason.test in ("month_use", "year_use") else None
            found.append(Found(reason.code, value, limit, points))
    return Explanation(min(score, 100.0), tuple(found), tuple(unknown), facts.excluded_by)


def _points(table: Table, reason: Reason, has_pv: bool) -> float:
    weak = has_pv and reason.kind == "power" and reason.test in USE_TESTS
    return reason.points * table.pv_share if weak else reason.points


def _answer(reason: Reason, facts: Facts, window: int) -> tuple[int, float | None]:
    if reason.test == "sign":
        sign = facts.signs.get(reason.code)
        return (UNKNOWN if sign is None else YES if sign else NO), None
    if reason.test in ("removed", "cut_off"):
        # No date of it in a delivery says nothing either way.
        told = facts.removed if reason.test == "removed" else facts.cut_off
        return (YES if reason.kind in told else UNKNOWN), None
    use = facts.use.get(reason.kind, ())
    use = (*(None for _month in range(window - len(use))), *use)[-window:]
    if reason.test == "month_use":
        return _low_months(reason, use)
    last = use[-reason.months :]
    known = [value for value in last if value is not None]
    total = 0.0
    for value in known:
        total = total + value
    if reason.test == "year_use":
        if total > reason.limit:
            return NO, total
        return (YES, total) if len(known) == reason.months else (UNKNOWN, None)
    if known and min(known) != max(known):
        return NO, None
    return (YES, known[0]) if len(known) == reason.months else (UNKNOWN, None)


def _low_months(reason: Reason, use: tuple[float | None, ...]) -> tuple[int, float | None]:
    """Whether so many months are low; the value is the highest of the low ones."""
    low = [value for value in use if value is not None and value <= reason.limit]
    if len(low) >= reason.months:
        return YES, max(low)
    return (NO if len(low) + use.count(None) < reason.months else UNKNOWN), None


@dataclass(frozen=True)
class Columns:
    """The same facts of many houses: ``use[kind]`` is (houses, table.months) with NaN for unknown, ``removed`` and
    ``cut_off`` are booleans, ``signs`` are YES, NO or UNKNOWN."""

    count: int
    use: Mapping[str, NDArray[np.float64]]
    removed: Mapping[str, NDArray[np.bool_]]
    cut_off: Mapping[str, NDArray[np.bool_]]
    signs: Mapping[str, NDArray[np.int8]]


def scores(table: Table, columns: Columns) -> NDArray[np.float64]:
    """What ``explain`` gives as the score of each house, for a million of them."""
    total = np.zeros(columns.count)
    nowhere = np.zeros(columns.count, dtype=bool)
    pv = columns.signs.get(table.pv_code)
    has_pv = nowhere if pv is None else pv == YES
    for reason in table.reasons:
        points = np.where(has_pv, _points(table, reason, True), _points(table, reason, False))
        total = np.where(_met(reason, columns, nowhere), total + points, total)
    return np.minimum(total, 100.0)


def _met(reason: Reason, columns: Columns, nowhere: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if reason.test == "sign":
        sign = columns.signs.get(reason.code)
        return nowhere if sign is None else sign == YES
    if reason.test in ("removed", "cut_off"):
        return (columns.removed if reason.test == "removed" else columns.cut_off).get(reason.kind, nowhere)
    use = columns.use.get(reason.kind)
    if use is None:
        return nowhere
    if reason.test == "month_use":
        return np.asarray((use <= reason.limit).sum(axis=1) >= reason.months)
    last = use[:, -reason.months :]
    # A NaN among the months makes every comparison false: unknown is not met.
    if reason.test == "identical":
        return np.asarray((last == last[:, :1]).all(axis=1))
    total = np.zeros(columns.count)
    for month in last.T:
        total = total + month
    return np.asarray(total <= reason.limit)
