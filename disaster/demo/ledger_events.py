"""What may have happened in two years: issues in the seasons, purchases before them, transfers, loans, repairs."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from disaster.models import Depot, Item, MovementKind

from .ledger_rows import LotKey

Key = tuple[Depot, LotKey, str]
USABLE = "usable"
WHY = {
    "flood": ("호우 예비특보 대비 배치", "하천변 침수 우려 지역 배치", "배수로 정비", "태풍 대비 주민 배부"),
    "snow": ("대설주의보 제설 작업", "마을 안길 제설", "결빙 구간 살포", "제설 자재 마을 배부"),
}


@dataclass(frozen=True)
class Event:
    """A movement that happened; ``loan`` names the loan it belongs to."""

    kind: MovementKind
    day: date
    changes: dict[Key, int]
    reason: str = ""
    loan: "LoanPlan | None" = None


@dataclass(frozen=True, eq=False)
class LoanPlan:
    key: Key
    quantity: int
    lent_on: date
    due_on: date
    returned_on: date | None
    purpose: str


@dataclass(frozen=True)
class Plan:
    """What may have happened on a day; ``event`` makes it of what was held after it, or says None."""

    day: date
    event: Callable[[Mapping[Key, int]], Event | None] = field(compare=False)


def plans(rng: random.Random, cells: Sequence[Any], held: Mapping[Key, int], today: date, opened: date) -> list[Plan]:
    by_depot: dict[Depot, list[Key]] = defaultdict(list)
    for key in held:
        if key[2] == USABLE:
            by_depot[key[0]].append(key)
    found: list[Plan] = []
    for keys in by_depot.values():
        found += _uses(rng, keys, opened, today)
        found += _purchases(rng, keys, opened, today)
        found += _losses(rng, keys, opened, today)
    found += _transfers(rng, list(by_depot.values()), opened, today)
    found += _loans(rng, [key for key in held if _is_machine(key) and held[key] > 1], opened, today)
    found += _repairs(rng, [key for key in held if key[2] == "repair"], today)
    return sorted(found, key=lambda plan: plan.day)


def _is_machine(key: Key) -> bool:
    return key[2] == USABLE and bool(key[1].item.item_class and key[1].item.item_class.code in {"pump", "generator"})


def _season(day: date) -> str | None:
    if (5, 15) <= (day.month, day.day) <= (10, 15):
        return "flood"
    return "snow" if (day.month, day.day) >= (11, 15) or (day.month, day.day) <= (3, 15) else None


def _days(opened: date, today: date) -> Iterator[date]:
    return (opened + timedelta(days=number) for number in range(20, (today - opened).days - 2))


def _uses(rng: random.Random, keys: list[Key], opened: date, today: date) -> Iterator[Plan]:
    """Things that are used up go out in the season of what they are for; machines and tools stay."""
    for day in _days(opened, today):
        season = _season(day)
        if season is None or rng.random() > 0.035:
            continue
        fitting = [key for key in keys if _is_used_up(key[1].item) and season in key[1].item.hazards]
        fitting = [key for key in fitting if key[1].expires_on is None or key[1].expires_on >= day]
        if fitting:
            chosen = rng.sample(fitting, min(len(fitting), rng.randint(1, 3)))
            changes = {key: -_some(rng, key[1].item) for key in chosen}
            yield _plan(MovementKind.ISSUE, day, changes, rng.choice(WHY[season]))


def _is_used_up(item: Item) -> bool:
    return bool(item.item_class and item.item_class.code == "consumable") or item.name == "로프"


def _some(rng: random.Random, item: Item) -> int:
    return rng.randint(10, 60) if item.unit in {"매", "포"} else rng.randint(1, 5)


def _purchases(rng: random.Random, keys: list[Key], opened: date, today: date) -> Iterator[Plan]:
    for year in range(opened.year, today.year + 1):
        for month, words in ((4, "여름철 대비 구입"), (10, "겨울철 대비 구입")):
            day = date(year, month, rng.randint(3, 26))
            fitting = [key for key in keys if _is_used_up(key[1].item) and not _is_over(key, day + timedelta(days=180))]
            if opened < day < today and fitting:
                chosen = rng.sample(fitting, min(len(fitting), 4))
                yield _plan(MovementKind.RECEIVE, day, {key: 3 * _some(rng, key[1].item) for key in chosen}, words)


def _is_over(key: Key, day: date) -> bool:
    return key[1].expires_on is not None and key[1].expires_on < day


def _losses(rng: random.Random, keys: list[Key], opened: date, today: date) -> Iterator[Plan]:
    """Expired lots that were written off, and tools that broke."""
    for key in keys:
        expires_on = key[1].expires_on
        if expires_on is not None and expires_on < today - timedelta(days=9):
            day = expires_on + timedelta(days=rng.randint(2, 9))
            # Written off where nothing of it is left today.
            number = rng.randint(5, 30)
            yield Plan(day, lambda then, key=key, day=day, n=number: (  # type: ignore[misc]
                Event(MovementKind.EXPIRE, day, {key: -n}, "내용연한 경과 폐기") if not then.get(key) else None
            ))  # fmt: skip
        elif key[1].item.item_class and key[1].item.item_class.code == "tool" and rng.random() < 0.3:
            day = opened + timedelta(days=rng.randint(60, (today - opened).days - 10))
            yield _plan(MovementKind.DISPOSE, day, {key: -rng.randint(1, 3)}, "파손 폐기")


def _transfers(rng: random.Random, depots: list[list[Key]], opened: date, today: date) -> Iterator[Plan]:
    """Between the depots of a town."""
    towns: dict[int | None, list[list[Key]]] = defaultdict(list)
    for keys in depots:
        towns[keys[0][0].area_id].append(keys)
    for both in towns.values():
        if len(both) < 2:
            continue
        there = {key[1]: key for key in both[1]}
        pairs = [(key, there[key[1]]) for key in both[0] if key[1] in there]
        for source, target in rng.sample(pairs, min(len(pairs), 2)):
            day = opened + timedelta(days=rng.randint(150, (today - opened).days - 20))
            number = max(1, _some(rng, source[1].item) // 2)
            if not _is_over(source, day):
                yield _plan(MovementKind.TRANSFER, day, {source: -number, target: number}, "보관소 간 관리전환")


def _loans(rng: random.Random, keys: list[Key], opened: date, today: date) -> Iterator[Plan]:
    """Most came back; one is overdue, one is still out."""
    chosen = rng.sample(sorted(keys, key=lambda key: (key[0].pk, key[1].code)), min(len(keys), 12))
    purposes = ("마을 침수 논 배수", "경로당 정전 대비", "마을 행사 전기", "비닐하우스 배수")
    for number, key in enumerate(chosen):
        if number < 2:
            lent_on = today - timedelta(days=(45, 9)[number])
            due_on, returned_on = today + timedelta(days=(-24, 12)[number]), None
        else:
            lent_on = opened + timedelta(days=rng.randint(120, (today - opened).days - 90))
            due_on = lent_on + timedelta(days=14)
            returned_on = lent_on + timedelta(days=rng.randint(4, 30))
        loan = LoanPlan(key, 1, lent_on, due_on, returned_on, rng.choice(purposes))
        if returned_on is not None:
            yield Plan(returned_on, lambda _then, loan=loan: (  # type: ignore[misc]
                Event(MovementKind.RETURN, loan.returned_on, {loan.key: 1}, "대여 반납", loan)
            ))  # fmt: skip
        yield Plan(lent_on, lambda _then, loan=loan: (  # type: ignore[misc]
            Event(MovementKind.LOAN, loan.lent_on, {loan.key: -1}, loan.purpose, loan)
        ))  # fmt: skip


def _repairs(rng: random.Random, keys: list[Key], today: date) -> Iterator[Plan]:
    """Machines that wait for repair today were found not to start some weeks ago."""
    for depot, lot, condition in keys:
        day = today - timedelta(days=rng.randint(12, 80))
        yield _plan(MovementKind.RECONDITION, day, {(depot, lot, condition): 1, (depot, lot, USABLE): -1}, "시동 불량")


def _plan(kind: MovementKind, day: date, changes: dict[Key, int], reason: str) -> Plan:
    event = Event(kind, day, changes, reason)
    return Plan(day, lambda _then: event)
