"""python -m benchmarks.ledger [--writes N]: movements written in the ledger a second, by 1 and by 20 clients.

*Bare SQL*: the same rows by plain statements, asked of nobody: a movement, an entry, and the balance's UPDATE, in one
transaction. Each client has a connection of its own; what was written is taken out again afterwards.
"""

import argparse
import os
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from threading import Thread
from time import perf_counter
from typing import Any

CLIENTS = (1, 20)
ITEMS = 20
# How much more time the ledger may take than bare SQL, with one client; promised.
LIMIT = 12.0

_MOVEMENT = """
INSERT INTO disaster_movement (key, key_hash, kind, occurred_on, recorded_at, reason, document)
VALUES (%s, '', 'receive', CURRENT_DATE, now(), 'bench', '') RETURNING id
"""
_BALANCE = """
UPDATE disaster_balance SET quantity = quantity + 1, sequence = sequence + 1, moved_on = CURRENT_DATE WHERE id = %s
RETURNING sequence, quantity
"""
_ENTRY = """
INSERT INTO disaster_entry (movement_id, balance_id, change, sequence, quantity_after, occurred_on)
VALUES (%s, %s, 1, %s, %s, CURRENT_DATE)
"""


def _world() -> tuple[Any, Any, list[Any]]:
    from disaster.models import Balance, Depot, Item, Lot
    from gis_core.models import User

    user = User.objects.get(username="admin")
    depot = Depot.objects.select_related("area").filter(area__isnull=False)[0]
    items = [Item.objects.get_or_create(name=f"bench {number}", defaults={"unit": "개"})[0] for number in range(ITEMS)]
    lots = [Lot.objects.get_or_create(item=item, code="")[0] for item in items]
    for lot in lots:
        Balance.objects.get_or_create(depot=depot, lot=lot)
    return user, depot, list(Lot.objects.select_related("item").filter(pk__in=[lot.pk for lot in lots]))


def _clean() -> None:
    """Out with what was written; the ledger's own triggers would not let it go."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "DELETE FROM disaster_entry WHERE balance_id IN (SELECT b.id FROM disaster_balance b JOIN disaster_lot l"
            " ON l.id = b.lot_id JOIN disaster_item i ON i.id = l.item_id WHERE i.name LIKE 'bench %%')"
        )
        cursor.execute("DELETE FROM disaster_movement WHERE reason = 'bench'")
        cursor.execute(
            "DELETE FROM disaster_balance WHERE lot_id IN (SELECT l.id FROM disaster_lot l JOIN disaster_item i"
            " ON i.id = l.item_id WHERE i.name LIKE 'bench %%')"
        )
        cursor.execute(
            "DELETE FROM disaster_lot WHERE item_id IN (SELECT id FROM disaster_item WHERE name LIKE 'bench %%')"
        )
        cursor.execute("DELETE FROM disaster_item WHERE name LIKE 'bench %%'")


def _at_once(clients: int, writes: int, client: Callable[[int, int], None]) -> float:
    """Writes a second."""
    threads = [Thread(target=client, args=(number, writes // clients)) for number in range(clients)]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (writes // clients) * clients / (perf_counter() - started)


def run(writes: int = 2_000) -> int:
    """Prints writes a second; returns 1 when the ledger takes more than ``LIMIT`` times bare SQL with one client."""
    from django.db import connection
    from django.utils import timezone

    from disaster.models import Balance
    from disaster.services import ledger

    from .database import connect

    user, depot, lots = _world()
    balances = list(Balance.objects.filter(depot=depot, lot__in=lots).order_by("lot").values_list("pk", flat=True))

    def through_the_ledger(number: int, count: int) -> None:
        try:
            for each in range(count):
                leg = ledger.Leg(depot, lots[(number + each) % ITEMS], 1)
                ledger.post(user, ledger.Draft("receive", timezone.localdate(), (leg,), reason="bench"))
        finally:
            connection.close()

    def by_bare_sql(number: int, count: int) -> None:
        with closing(connect(os.environ["DATABASE_URL"])) as own, own.cursor() as cursor:
            own.autocommit = False
            for each in range(count):
                balance = balances[(number + each) % ITEMS]
                cursor.execute(_MOVEMENT, [str(uuid.uuid4())])
                movement = cursor.fetchone()[0]
                cursor.execute(_BALANCE, [balance])
                sequence, quantity = cursor.fetchone()
                cursor.execute(_ENTRY, [movement, balance, sequence, quantity])
                own.commit()

    print(
        f"\nStock ledger, {writes:,} movements over {ITEMS} items, a second{'bare SQL':>14}{'ledger':>10}{'ratio':>8}"
    )
    ratios = []
    try:
        for clients in CLIENTS:
            bare = _at_once(clients, writes, by_bare_sql)
            found = _at_once(clients, writes, through_the_ledger)
            ratios.append(bare / found)
            print(f"{f'{clients} at once':<52}{bare:14.0f}{found:10.0f}{ratios[-1]:8.1f}", flush=True)
    finally:
        _clean()
    return int(ratios[0] > LIMIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--writes", type=int, default=2_000)
    arguments = parser.parse_args()
    from .database import use_own_database

    use_own_database(fresh=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    sys.exit(run(arguments.writes))
