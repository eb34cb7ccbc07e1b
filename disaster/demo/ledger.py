"""Two years of the stock ledger: it ends at what ``fixtures/stock.csv`` says (cells are ``held/standard``).

Told backwards: from what is held today each day's movements are taken back, those that cannot have been are left out,
and what is left on a lot's first day is what was received then. So nothing is ever below zero, and every ending fits.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from disaster.models import Depot, Item, Loan, Movement, MovementKind, StandardMethod, StandardQuantity
from gis_core.demo import fixtures

from .ledger_events import Event, Key, Plan, plans
from .ledger_rows import LotKey, write

SOURCE = "예시 자료 (공식 기준 아님)"
FIRST_DAY = date(2020, 1, 1)
DAYS = 730
SEED = 5219
SERIAL_ITEMS = ("수중펌프", "발전기", "조명탑")


@dataclass(frozen=True)
class Cell:
    depot: Depot
    item: Item
    held: int
    standard: int | None


def load() -> dict[str, int]:
    if Movement.objects.exists():
        return {"movements": 0}
    rng = random.Random(SEED)  # noqa: S311
    today = timezone.localdate()
    cells = _cells()
    held, firsts = _today(rng, cells, today)
    events = _backwards(plans(rng, cells, held, today, today - timedelta(days=DAYS)), held, firsts)
    movements = write(rng, events, held, cells, today)
    return {
        "movements": movements,
        "loans": Loan.objects.count(),
        "standard quantities": _standards(cells, today),
    }


def _cells() -> list[Cell]:
    items = {item.name: item for item in Item.objects.all()}
    depots = {
        (depot.area.mois_code if depot.area else "", depot.name): depot
        for depot in Depot.objects.filter(is_example=True).select_related("area")
    }
    found = []
    for row in fixtures.rows("stock"):
        for name, item in items.items():
            if row.get(name):
                held, _slash, standard = row[name].partition("/")
                depot = depots[row["town_code"], row["depot"]]
                found.append(Cell(depot, item, int(held), int(standard) if standard else None))
    return found


def _today(rng: random.Random, cells: list[Cell], today: date) -> tuple[dict[Key, int], dict[LotKey, date]]:
    """What each depot holds today by lot and condition, and the day on which each lot was first received."""
    held: dict[Key, int] = {}
    firsts: dict[LotKey, date] = {}
    opened = today - timedelta(days=DAYS)
    serial = 0
    for cell in cells:
        depot, item = cell.depot, cell.item
        if item.name in SERIAL_ITEMS and cell.held and rng.random() < 0.25:
            for number in range(cell.held):
                serial += 1
                lot = LotKey(item, f"SN-{serial:04d}", opened - timedelta(days=rng.randint(200, 4200)), None)
                firsts[lot] = opened + timedelta(days=rng.choice([0, 0, 0, 210]))
                broken = number > 0 and rng.random() < 0.12
                held[depot, lot, "usable"] = int(not broken)
                if broken:
                    held[depot, lot, "repair"] = 1
            continue
        life = item.service_life_months if item.item_class and item.item_class.code == "consumable" else None
        if life is None:
            lot = LotKey(item)
            firsts[lot] = opened
            held[depot, lot, "usable"] = cell.held
            continue
        _consumables(rng, cell, life, today, held, firsts)
    return held, firsts


def _consumables(
    rng: random.Random, cell: Cell, life: int, today: date, held: dict[Key, int], firsts: dict[LotKey, date]
) -> None:
    """Three lots: one that expired a while ago, one about to, one that is good for long."""
    life_days = life * 365 // 12
    lots: list[LotKey] = []
    for expires in (today - timedelta(days=40), today + timedelta(days=55), today + timedelta(days=life_days - 260)):
        made = expires - timedelta(days=life_days)
        lot = LotKey(cell.item, f"{made:%y%m}-{len(lots) + 1}", made, expires)
        firsts[lot] = max(today - timedelta(days=DAYS), made + timedelta(days=12))
        lots.append(lot)
    chance = rng.random()
    old = cell.held // rng.randint(4, 8) if chance < 0.18 else 0
    soon = cell.held // rng.randint(3, 6) if 0.18 <= chance < 0.35 else 0
    for lot, quantity in zip(lots, (old, soon, cell.held - old - soon), strict=True):
        held[cell.depot, lot, "usable"] = quantity


def _backwards(planned: list[Plan], held: dict[Key, int], firsts: dict[LotKey, date]) -> list[Event]:
    """What happened, the earliest first; ``held`` is left as it is today."""
    then = dict(held)
    happened: list[Event] = []
    days: dict[date, list[Plan]] = defaultdict(list)
    for plan in planned:
        days[plan.day].append(plan)
    starting = defaultdict(list)
    for key in then:
        starting[firsts[key[1]]].append(key)
    for day in sorted({*days, *starting}, reverse=True):
        touched: set[Key] = set()
        for plan in days[day]:
            # Decided backwards, so a plan may look at what was left after it.
            event = plan.event(then)
            if event is None or touched & event.changes.keys() or any(firsts[key[1]] >= day for key in event.changes):
                continue
            if all(then.get(key, 0) - change >= 0 for key, change in event.changes.items()):
                touched |= event.changes.keys()
                happened.append(event)
                for key, change in event.changes.items():
                    then[key] = then.get(key, 0) - change
        happened += _received(day, starting[day], then)
    return happened[::-1]


def _received(day: date, keys: list[Key], then: dict[Key, int]) -> list[Event]:
    """The beginning of lots: what was there then came in that day, usable."""
    found: dict[Depot, dict[Key, int]] = defaultdict(dict)
    for depot, lot, condition in keys:
        number = then.pop((depot, lot, condition), 0)
        if number:
            usable = (depot, lot, "usable")
            found[depot][usable] = found[depot].get(usable, 0) + number
    return [
        Event(MovementKind.RECEIVE, day, changes, reason="장부 개설 또는 새 로트")
        for _depot, changes in sorted(found.items(), key=lambda pair: pair[0].pk)
    ]


def _standards(cells: list[Cell], today: date) -> int:
    """The depots' own, one that was raised last year, and the city's for pumps."""
    rows = [
        StandardQuantity(
            item=cell.item, depot=cell.depot, quantity=cell.standard, method=StandardMethod.OWN, source=SOURCE,
            effective_from=FIRST_DAY,
        )
        for cell in cells
        if cell.standard
    ]  # fmt: skip
    first = next((cell for cell in cells if cell.standard and cell.depot.area), None)
    if first is not None and first.depot.area is not None and first.depot.area.parent_id:
        needed = sum(cell.standard or 0 for cell in cells if cell.item == first.item)
        rows.append(
            StandardQuantity(
                item=first.item, area_id=first.depot.area.parent_id, quantity=needed, method=StandardMethod.OWN,
                source=SOURCE, effective_from=date(today.year - 1, 1, 1),
            )
        )  # fmt: skip
    return len(StandardQuantity.objects.bulk_create(rows))
