"""python -m benchmarks.readiness [--towns N] [--rounds N]: the readiness of 3,500 towns with ten items each.

Towns, depots, stock, standards, inspections, people and trainings are written inside a transaction that is taken back.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

# All towns with their forecast; promised.
LIMIT_S = 10.0

_TOWNS = """
INSERT INTO gis_core_adminarea (version, created_at, updated_at, retired_reason, level, name, parent_id, full_name,
    mois_code, kostat_code, geometry, km2, boundary)
SELECT 1, now(), now(), '', 'eupmyeondong', 'bench ' || n, NULL, '', '99' || lpad(n::text, 8, '0'), '',
    ST_Multi(ST_MakeEnvelope(900000 + 100 * (n %% 60), 1600000 + 100 * (n / 60), 900100 + 100 * (n %% 60),
        1600100 + 100 * (n / 60), 5179)), 0.01, 'schematic'
FROM generate_series(1, %(towns)s) AS n
"""
_DEPOTS = """
INSERT INTO disaster_depot (version, created_at, updated_at, retired_reason, is_example, name, kind, area_id,
    keeper_person, keeper_phone, address, access_note, location)
SELECT 1, now(), now(), '', true, 'bench', 'flood', area.id, '', '', '', '', ST_PointOnSurface(area.geometry)
FROM gis_core_adminarea AS area, generate_series(1, 2) WHERE area.mois_code LIKE '99________'
"""
_STANDARDS = """
INSERT INTO disaster_standardquantity (version, created_at, updated_at, retired_reason, item_id, depot_id, quantity,
    method, source, effective_from)
SELECT 1, now(), now(), '', item.id, depot.id, 10, 'own', 'bench', DATE '2020-01-01'
FROM disaster_depot AS depot, (SELECT id FROM disaster_item ORDER BY id LIMIT 10) AS item WHERE depot.name = 'bench'
"""
_BALANCES = """
INSERT INTO disaster_balance (depot_id, lot_id, condition, quantity, sequence, shelf)
SELECT depot.id, lot.id, 'usable', (random() * 14)::int, 0, ''
FROM disaster_depot AS depot, (SELECT DISTINCT ON (item_id) id FROM disaster_lot WHERE item_id IN (
    SELECT id FROM disaster_item ORDER BY id LIMIT 10) ORDER BY item_id, id) AS lot
WHERE depot.name = 'bench'
"""
_INSPECTIONS = """
INSERT INTO disaster_inspection (version, created_at, updated_at, retired_reason, is_example, uuid, kind, depot_id,
    item_class_id, checklist_id, result, answers, failed, note, signature, inspected_by_id, inspected_on, inspected_at,
    received_at, is_complete, location)
SELECT 1, now(), now(), '', true, gen_random_uuid(), 'regular', depot.id, class.id, %(checklist)s, 'passed', '{}', '[]',
    '', '[]', %(user)s, CURRENT_DATE - (random() * 300)::int, now(), now(), true, depot.location
FROM disaster_depot AS depot, disaster_itemclass AS class WHERE depot.name = 'bench'
"""
_PEOPLE = """
INSERT INTO disaster_responder (version, created_at, updated_at, retired_reason, is_example, name, phone, area_id, duty,
    is_available, note)
SELECT 1, now(), now(), '', true, '', '', area.id, 'volunteer', true, ''
FROM gis_core_adminarea AS area, generate_series(1, 4) WHERE area.mois_code LIKE '99________'
"""
_ATTENDANCES = """
INSERT INTO disaster_attendance (training_id, responder_id, was_present)
SELECT training.id, responder.id, true
FROM disaster_responder AS responder JOIN gis_core_adminarea AS area ON area.id = responder.area_id,
    disaster_training AS training
WHERE area.mois_code LIKE '99________' AND training.title = 'bench'
"""
_BARE = """
SELECT asked.area_id, asked.item_id, asked.needed, held.usable
FROM (
    SELECT depot.area_id, standard.item_id, sum(standard.quantity) AS needed
    FROM disaster_standardquantity AS standard JOIN disaster_depot AS depot ON depot.id = standard.depot_id
    WHERE standard.retired_at IS NULL GROUP BY 1, 2
) AS asked LEFT JOIN (
    SELECT depot.area_id, lot.item_id, sum(balance.quantity) AS usable
    FROM disaster_balance AS balance JOIN disaster_lot AS lot ON lot.id = balance.lot_id
    JOIN disaster_depot AS depot ON depot.id = balance.depot_id
    WHERE balance.condition = 'usable' GROUP BY 1, 2
) AS held USING (area_id, item_id)
"""


def _fill(towns: int) -> None:
    from django.db import connection
    from django.utils import timezone
    from psycopg2 import sql

    from disaster.models import Checklist, Item, ItemClass, Lot, Training
    from gis_core.models import AdminArea, User

    today = timezone.localdate()
    for item in Item.objects.order_by("pk")[:10]:
        Lot.objects.get_or_create(item=item, code="")
    area = AdminArea.objects.order_by("pk")[0]
    for each in ItemClass.objects.filter(people_needed__gt=0):
        held = today - timedelta(days=100)
        Training.objects.create(title="bench", item_class=each, area=area, held_on=held, hours=2)
    checklist = Checklist.objects.create(title="bench", effective_from=today, source="bench", body={})
    values = {"towns": towns, "checklist": checklist.pk, "user": User.objects.order_by("pk")[0].pk}
    names = "depot standardquantity inspection responder".split()
    tracked = ["gis_core_adminarea", *(f"disaster_{name}" for name in names)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Their history would take longer than all that is measured.
        for table in tracked:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        for statement in (_TOWNS, _DEPOTS, _STANDARDS, _BALANCES, _INSPECTIONS, _PEOPLE, _ATTENDANCES):
            cursor.execute(statement, values)
        for table in tracked:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
        # Not of depots and people: after an import the database's statistics are old as well.
        cursor.execute("ANALYZE disaster_balance, disaster_standardquantity, disaster_inspection, disaster_attendance")


def _milliseconds(run: Callable[[], Any]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def run(rounds: int, towns: int = 3_500) -> int:
    """Prints milliseconds; returns 1 when all towns take longer than ``LIMIT_S``."""
    from django.db import connection, transaction
    from django.utils import timezone

    from disaster.models import Hazard
    from disaster.services import readiness
    from gis_core.models import AdminArea

    today = timezone.localdate()
    found: dict[str, float] = {}
    with transaction.atomic():
        _fill(towns)
        areas = list(AdminArea.objects.filter(mois_code__startswith="99", name__startswith="bench").defer("geometry"))

        def bare() -> None:
            with connection.cursor() as cursor:
                cursor.execute(_BARE)
                cursor.fetchall()

        def scores(chosen: list[AdminArea], day: Any = today) -> None:
            for town in readiness.of_towns(chosen, Hazard.FLOOD, day).values():
                _score = town.score, town.forecast and town.forecast.score

        cases: dict[str, Callable[[], Any]] = {
            "bare SQL: usable stock over standard": bare,
            "all towns, with forecast": lambda: scores(areas),
            "all towns, as of 100 days ago": lambda: scores(areas, today - timedelta(days=100)),
            "the 51 towns of a page, with forecast": lambda: scores(areas[:51]),
            "all scores of a day kept": lambda: readiness.keep(today, [area.pk for area in areas]),
        }
        print(f"\nReadiness of {len(areas):,} towns, ten items, milliseconds (medians of {rounds})")
        for name, case in cases.items():
            case()
            found[name] = median(_milliseconds(case) for _ in range(rounds))
            ratio = found[name] / found["bare SQL: usable stock over standard"]
            print(f"{name:<42}{found[name]:10.1f}{ratio:8.2f}", flush=True)
        transaction.set_rollback(True)
    return int(found["all towns, with forecast"] > LIMIT_S * 1000)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readiness", description=__doc__)
    parser.add_argument("--towns", type=int, default=3_500)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (default: 3)")
    arguments = parser.parse_args()
    from .database import use_own_database

    use_own_database(fresh=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    sys.exit(run(arguments.rounds, arguments.towns))
