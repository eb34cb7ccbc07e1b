"""python -m benchmarks.overdue [--schedules N] [--rounds N]: the list of due inspections over 100,000 schedules.

Schedules are written inside a transaction that is taken back. The page is measured against its own list in plain SQL.
"""

import argparse
import os
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

# The whole first page, towns' figures and all; promised.
LIMIT_MS = 1_000.0

_SCHEDULES = """
INSERT INTO disaster_schedule (version, created_at, updated_at, retired_reason, uuid, title, depot_id, frequency,
    interval, by_month, by_day, by_month_day, starts_on, basis, shift, is_paused, next_nominal, next_due)
SELECT 1, now(), now(), '', gen_random_uuid(), 'bench ' || n %% 20, depots.ids[1 + n %% cardinality(depots.ids)],
    'MONTHLY', 1, '', '', '13', DATE '2025-01-01', 'scheduled', 'after', n %% 50 = 0, CURRENT_DATE + day,
    CURRENT_DATE + day
FROM (SELECT n, (random() * 400)::int - 40 AS day FROM generate_series(1, %s) AS n) AS days,
    (SELECT array_agg(id) AS ids FROM disaster_depot WHERE retired_at IS NULL) AS depots
"""
_LIST = """
SELECT schedule.id, schedule.title, schedule.next_due, schedule.last_done_on, depot.id, depot.name, area.name,
    class.name, person.name
FROM disaster_schedule AS schedule JOIN disaster_depot AS depot ON depot.id = schedule.depot_id
LEFT JOIN gis_core_adminarea AS area ON area.id = depot.area_id
LEFT JOIN disaster_itemclass AS class ON class.id = schedule.item_class_id
LEFT JOIN gis_core_user AS person ON person.id = schedule.assignee_id
WHERE schedule.retired_at IS NULL AND NOT schedule.is_paused AND depot.retired_at IS NULL
    AND schedule.next_due IS NOT NULL
ORDER BY schedule.next_due, schedule.id LIMIT 51
"""
_COUNTS = """
SELECT depot.area_id, count(*) FILTER (WHERE schedule.next_due < CURRENT_DATE), count(*)
FROM disaster_schedule AS schedule JOIN disaster_depot AS depot ON depot.id = schedule.depot_id
WHERE schedule.retired_at IS NULL AND NOT schedule.is_paused AND depot.retired_at IS NULL GROUP BY 1
"""
BARE = "bare SQL: the list and the towns' figures"
PAGE = "the page, first 50"


def _milliseconds(run: Callable[[], Any]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def run(rounds: int, schedules: int = 100_000) -> int:
    """Prints milliseconds; returns 1 when the page takes longer than ``LIMIT_MS``."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import override_settings

    from disaster.models import Schedule
    from disaster.services.schedules import renew_all
    from gis_core.models import User

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in (_LIST, _COUNTS):
                cursor.execute(statement)
                cursor.fetchall()

    found: dict[str, float] = {}
    with transaction.atomic(), override_settings(ALLOWED_HOSTS=["testserver"]):
        with connection.cursor() as cursor:
            # Reading is measured: the history of a hundred thousand new rows is left out.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(_SCHEDULES, [schedules])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            cursor.execute("ANALYZE disaster_schedule")
        client = Client()
        client.force_login(
            User.objects.filter(username="officer").first() or User.objects.order_by("pk")[0],
            backend="django.contrib.auth.backends.ModelBackend",
        )
        deep = Schedule.objects.active().filter(next_due__isnull=False).order_by("next_due", "pk")[schedules // 2]
        after = f"{deep.next_due}.{deep.pk}"
        cases: dict[str, Callable[[], Any]] = {
            BARE: bare,
            PAGE: lambda: _get(client, {}),
            "the page, overdue only": lambda: _get(client, {"state": "overdue"}),
            "the page, half way down": lambda: _get(client, {"after": after}),
            "the month": lambda: _get(client, {}, "calendar/"),
            "all due days shifted anew": renew_all,
        }
        print(f"\nDue inspections of {schedules:,} schedules, milliseconds (medians of {rounds})", flush=True)
        for name, case in cases.items():
            case()
            found[name] = median(_milliseconds(case) for _ in range(rounds))
            print(f"{name:<42}{found[name]:10.1f}{found[name] / found[BARE]:8.2f}", flush=True)
        transaction.set_rollback(True)
    return int(found[PAGE] > LIMIT_MS)


def _get(client: Any, asked: dict[str, str], page: str = "") -> None:
    answer = client.get(f"/disaster/inspections/{page}", asked)
    if answer.status_code != 200:
        raise SystemExit(f"the page answered {answer.status_code}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overdue", description=__doc__)
    parser.add_argument("--schedules", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (default: 5)")
    arguments = parser.parse_args()
    from .database import use_own_database

    use_own_database(fresh=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    sys.exit(run(arguments.rounds, arguments.schedules))
