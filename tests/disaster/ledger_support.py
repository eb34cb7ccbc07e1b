"""What the tests of the ledger share: a small world of stock, random movements, and what must hold after them."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from disaster.models import Balance, Condition, Depot, Entry, Item, Loan, Lot, Movement, MovementKind
from disaster.services import ledger, loans
from gis_core.editing.errors import Invalid
from gis_core.models import User
from tests.factories import make_depot, place

USABLE, REPAIR = Condition.USABLE, Condition.REPAIR


@dataclass(frozen=True)
class World:
    depots: list[Depot]
    lots: list[Lot]


def make_world(items: int = 20, depots: int = 3) -> World:
    places = [make_depot(place(500 + 200 * number, 500)) for number in range(depots)]
    made = [Item.objects.create(name=f"물품 {number}", unit="개") for number in range(items)]
    lots = [Lot.objects.create(item=item) for item in made]
    return World(places, [Lot.objects.select_related("item").get(pk=lot.pk) for lot in lots])


@dataclass(frozen=True)
class Ask:
    """A movement somebody asks for, as plain values that can be sent again."""

    kind: str
    key: uuid.UUID
    depot: int
    target: int
    lot: int
    quantity: int
    day: date

    def legs(self, world: World) -> tuple[ledger.Leg, ...]:
        depot, target, lot = world.depots[self.depot], world.depots[self.target], world.lots[self.lot]
        if self.kind == MovementKind.TRANSFER:
            return ledger.Leg(depot, lot, -self.quantity), ledger.Leg(target, lot, self.quantity)
        if self.kind == MovementKind.RECONDITION:
            return ledger.Leg(depot, lot, -self.quantity), ledger.Leg(depot, lot, self.quantity, REPAIR)
        sign = 1 if self.kind == MovementKind.RECEIVE else -1
        return (ledger.Leg(depot, lot, sign * self.quantity),)


def random_ask(rng: random.Random, world: World) -> Ask:
    kinds = [MovementKind.RECEIVE] * 4 + [
        MovementKind.ISSUE, MovementKind.ISSUE, MovementKind.TRANSFER, MovementKind.RECONDITION, MovementKind.LOAN,
    ]  # fmt: skip
    depot = rng.randrange(len(world.depots))
    others = [each for each in range(len(world.depots)) if each != depot]
    # Some are written down days later.
    day = timezone.localdate() - timedelta(days=rng.choice((0, 0, 0, 0, 1, 3, 10)))
    return Ask(
        rng.choice(kinds), uuid.UUID(int=rng.getrandbits(128), version=4), depot, rng.choice(others),
        rng.randrange(len(world.lots)), rng.randint(1, 6), day,
    )  # fmt: skip


def carry_out(user: User, world: World, ask: Ask, back: bool = True) -> bool:
    """Whether the ledger took it. A loan comes back at once, in two parts, unless it may stay out."""
    try:
        if ask.kind != MovementKind.LOAN:
            ledger.post(user, ledger.Draft(ask.kind, ask.day, ask.legs(world), key=ask.key))
            return True
        lending = loans.Lending(
            world.depots[ask.depot],
            world.lots[ask.lot],
            ask.quantity,
            ask.day,
            ask.day,
            borrower_name="마을회",
            key=ask.key,
        )
        loan = loans.lend(user, lending)
        if back and ask.quantity % 2:
            loans.give_back(user, loan, 1, ask.day, uuid.uuid5(ask.key, "back"))
        return True
    except Invalid:
        return False


def faults() -> list[str]:
    """All that is wrong with the whole ledger, found by plain SQL and not by the code under test."""
    checks = {
        "a balance is not the sum of its entries": """
            SELECT b.id FROM disaster_balance b LEFT JOIN disaster_entry e ON e.balance_id = b.id
            GROUP BY b.id HAVING b.quantity <> coalesce(sum(e.change), 0)""",
        "numbers have gaps": """
            SELECT b.id FROM disaster_balance b LEFT JOIN disaster_entry e ON e.balance_id = b.id
            GROUP BY b.id HAVING b.sequence <> count(e.id) OR coalesce(max(e.sequence), 0) <> count(e.id)""",
        "a balance was below zero when it was recorded": """
            SELECT id FROM (SELECT e.id, e.quantity_after, sum(change) OVER (PARTITION BY balance_id ORDER BY sequence)
                AS sofar FROM disaster_entry e) AS rows WHERE sofar < 0 OR sofar <> quantity_after""",
        "a balance was below zero at the end of a day": """
            SELECT balance_id FROM (SELECT balance_id,
                sum(sum(change)) OVER (PARTITION BY balance_id ORDER BY occurred_on) AS sofar
                FROM disaster_entry GROUP BY balance_id, occurred_on) AS rows WHERE sofar < 0""",
        "a movement has no entries": """
            SELECT m.id FROM disaster_movement m LEFT JOIN disaster_entry e ON e.movement_id = m.id
            WHERE e.id IS NULL""",
        "something came into being or vanished on the way": """
            SELECT m.id FROM disaster_movement m JOIN disaster_entry e ON e.movement_id = m.id
            WHERE m.kind IN ('transfer', 'recondition') GROUP BY m.id HAVING sum(e.change) <> 0""",
        "a loan does not say what the ledger says": """
            SELECT l.id FROM disaster_loan l LEFT JOIN disaster_movement m ON m.loan_id = l.id
            LEFT JOIN disaster_entry e ON e.movement_id = m.id WHERE l.retired_at IS NULL
            GROUP BY l.id HAVING coalesce(sum(e.change), 0) <> l.returned - l.quantity""",
    }
    found = []
    with connection.cursor() as cursor:
        for told, statement in checks.items():
            cursor.execute(statement)
            found += [f"{told}: {row[0]}" for row in cursor.fetchall()]
    return found


def held(depot: Any, lot: Any, condition: str = USABLE) -> int | None:
    return Balance.objects.filter(depot=depot, lot=lot, condition=condition).values_list("quantity", flat=True).first()


def counts() -> tuple[int, int, int]:
    return Movement.objects.count(), Entry.objects.count(), Loan.objects.count()
