"""The demo's movements as rows, in few statements: numbered and added up as the ledger itself does it."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from disaster.models import Balance, Entry, Item, Loan, Lot, Movement, MovementKind
from gis_core.models import Organisation, User


@dataclass(frozen=True)
class LotKey:
    item: Item
    code: str = ""
    made_on: date | None = None
    expires_on: date | None = None


def write(rng: random.Random, events: Sequence[Any], held: dict[Any, int], cells: Sequence[Any], today: date) -> int:
    """Lots, balances, loans, movements and entries. Raises AssertionError where the entries do not end at ``held``."""
    lots = _lots({key[1] for event in events for key in event.changes} | {key[1] for key in held})
    loans = _loans([event.loan for event in events if event.kind == MovementKind.LOAN], lots)
    recorded = sorted(((_recorded(rng, event, today), number, event) for number, event in enumerate(events)))
    officer = User.objects.filter(username="officer").first()
    movements = Movement.objects.bulk_create(
        Movement(
            key=uuid.UUID(int=rng.getrandbits(128), version=4), key_hash="demo", kind=event.kind,
            occurred_on=event.day, recorded_at=at, recorded_by=officer, reason=event.reason,
            loan=loans.get(event.loan), counterpart=loans[event.loan].borrower if event.loan in loans else None,
        )
        for at, _number, event in recorded
    )  # fmt: skip
    balances = _balances(recorded, held, lots, cells)
    Entry.objects.bulk_create(
        Entry(movement=movement, balance=balances[key], change=change, sequence=sequence, quantity_after=after,
              occurred_on=event.day)
        for movement, event, key, change, sequence, after in _numbered(movements, [each[2] for each in recorded])
    )  # fmt: skip
    return len(movements)


def _lots(keys: set[LotKey]) -> dict[LotKey, Lot]:
    ordered = sorted(keys, key=lambda key: (key.item.pk, key.code))
    made = Lot.objects.bulk_create(
        Lot(item=key.item, code=key.code, made_on=key.made_on, expires_on=key.expires_on) for key in ordered
    )
    return dict(zip(ordered, made, strict=True))


def _loans(plans: list[Any], lots: dict[LotKey, Lot]) -> dict[Any, Loan]:
    """Borrowers are partners of the depot's town."""
    partners: dict[int | None, Organisation] = {}
    for each in Organisation.objects.filter(is_example=True).exclude(kind="town_office").order_by("pk"):
        partners.setdefault(each.area_id, each)
    made = Loan.objects.bulk_create(
        Loan(
            depot=plan.key[0], lot=lots[plan.key[1]], borrower=partners.get(plan.key[0].area_id),
            borrower_name="" if plan.key[0].area_id in partners else "마을회",
            quantity=plan.quantity, returned=plan.quantity if plan.returned_on else 0, lent_on=plan.lent_on,
            due_on=plan.due_on, purpose=plan.purpose,
        )
        for plan in plans
    )  # fmt: skip
    return dict(zip(plans, made, strict=True))


def _recorded(rng: random.Random, event: Any, today: date) -> datetime:
    """Most are written down the same day; some that take from the shelf only days later."""
    late = rng.choice((2, 3, 6)) if event.kind == MovementKind.ISSUE and rng.random() < 0.06 else 0
    day = min(event.day + timedelta(days=late), today - timedelta(days=1))
    # What came is written down before what went, so that no balance is ever recorded below zero.
    hour = 9 if all(change > 0 for change in event.changes.values()) else rng.randint(13, 17)
    return timezone.make_aware(datetime.combine(day, time(hour, rng.randint(0, 59))))


def _balances(recorded: Any, held: dict[Any, int], lots: dict[LotKey, Lot], cells: Sequence[Any]) -> dict[Any, Balance]:
    known: dict[Any, tuple[int, date]] = {}
    for _at, _number, event in recorded:
        for key in event.changes:
            count, last = known.get(key, (0, event.day))
            known[key] = count + 1, max(last, event.day)
    # Zero of an item that a depot holds in another lot says nothing more; where it holds none, it does.
    quantities = {key: held.get(key, 0) for key in known}
    told = {(key[0], key[1].item) for key in known}
    for key in held:
        if key not in known and (key[0], key[1].item) not in told:
            quantities[key] = held[key]
            told.add((key[0], key[1].item))
    shelves = {item: f"{'ABC'[number % 3]}-{number // 3 + 1}" for number, item in enumerate(_items(cells))}
    made = Balance.objects.bulk_create(
        Balance(
            depot=key[0], lot=lots[key[1]], condition=key[2], quantity=quantity, sequence=known.get(key, (0,))[0],
            moved_on=known[key][1] if key in known else None, shelf=shelves[key[1].item],
        )
        for key, quantity in quantities.items()
    )  # fmt: skip
    return dict(zip(quantities, made, strict=True))


def _items(cells: Sequence[Any]) -> list[Item]:
    return sorted({cell.item for cell in cells}, key=lambda item: item.pk)


def _numbered(movements: list[Movement], events: list[Any]) -> list[tuple[Any, ...]]:
    """Entries in the order in which they were recorded: numbers without gaps, and the balance after each."""
    count: dict[Any, int] = {}
    quantity: dict[Any, int] = {}
    rows = []
    for movement, event in zip(movements, events, strict=True):
        for key, change in event.changes.items():
            count[key] = count.get(key, 0) + 1
            quantity[key] = quantity.get(key, 0) + change
            assert quantity[key] >= 0, f"{key} falls below zero on {event.day}"
            rows.append((movement, event, key, change, count[key], quantity[key]))
    return rows
