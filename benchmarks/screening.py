"""python -m benchmarks.screening [--meters N] [--rounds N]: a county is screened by its power and water meters."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

NAME = "benchmark of screening"
# Gathering and scoring against reading the same columns of the same rows with a bare cursor; promised.
LIMIT = 4.0

# Two meters a house; one house in twenty uses next to nothing, one month in fifty is unknown.
_FILL = """
INSERT INTO vacanthouses_meter (kind, number, pnu, address, area_id, location, first_month, usage, batch_id)
SELECT kind.name, 'B' || house, '5219025021' || '1' || lpad((house / 5000 + 1)::text, 4, '0')
        || lpad((house %% 5000)::text, 4, '0'), 'house ' || house, %s,
    ST_SetSRID(ST_MakePoint(900000 + (house %% 1000) * 20, 1700000 + house / 1000 * 20), 5179), %s,
    ARRAY(
        SELECT CASE WHEN random() >= 0.02 THEN
            round((random() * CASE WHEN house %% 20 = 0 THEN kind.low ELSE kind.usual END)::numeric, 1) END
        FROM generate_series(1, 12 + 0 * house)
    ), %s
FROM generate_series(0, %s) AS house, (VALUES ('power', 6.0, 400.0), ('water', 0.4, 20.0)) AS kind (name, low, usual)
"""
_BARE = """
SELECT id, kind, pnu, first_month, usage, removed_on, cut_off_on FROM vacanthouses_meter
WHERE area_id = %s ORDER BY kind, number
"""


def _campaign(meters: int) -> Any:
    """The round with its meters, made where they are not there."""
    from datetime import date, timedelta

    from django.db import connection, transaction
    from django.utils import timezone

    from gis_core.models import AdminArea
    from vacanthouses.models import Campaign, Meter, ReadingBatch

    area = AdminArea.objects.towns().order_by("pk")[0]
    today = timezone.localdate()
    campaign, _made = Campaign.objects.get_or_create(
        name=NAME, area=area, regime="rural",
        defaults={"starts_on": today, "ends_on": today + timedelta(days=30), "is_example": True},
    )  # fmt: skip
    if Meter.objects.filter(batch__name=NAME).count() != meters:
        with transaction.atomic(), connection.cursor() as cursor:
            ReadingBatch.objects.filter(name=NAME).delete()
            batch = ReadingBatch.objects.create(name=NAME, source="example")
            # A year up to last month, as the demo meters of the same town have it.
            first = date(today.year - 1, today.month, 1)
            cursor.execute(_FILL, [area.pk, first, batch.pk, meters // 2 - 1])
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) vacanthouses_meter")
    return campaign


def _seconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def run(meters: int, rounds: int) -> int:
    """Prints seconds; returns 1 when gathering and scoring take more than ``LIMIT`` times the bare reading."""
    from django.db import connection, transaction
    from django.utils import timezone

    from vacanthouses import screening
    from vacanthouses.models import RuleKind
    from vacanthouses.services import places, rules
    from vacanthouses.services.screening import screen

    rules.load_samples()
    campaign, today = _campaign(meters), timezone.localdate()
    table = rules.in_force(RuleKind.SCREENING, "rural")
    assert table is not None
    read = screening.read(table.body)
    counts: list[dict[str, int]] = []

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE, [campaign.area_id])
            cursor.fetchall()

    def scored() -> None:
        found = places.gather([campaign.area_id], read, today, Counter())
        screening.scores(read, found.columns)

    def whole() -> None:
        # What it writes is not kept, so that every round does the same.
        with transaction.atomic():
            counts.append(screen(campaign, table, day=today).counts)
            transaction.set_rollback(True)

    cases: dict[str, Callable[[], object]] = {
        "bare SQL: the same columns": bare,
        "gathered and scored": scored,
        "screened, candidates written": whole,
    }
    found = {name: median(_seconds(case) for _ in range(rounds)) for name, case in cases.items()}
    print(f"\nScreening of {meters:,} meters, seconds (medians of {rounds}): {counts[-1]['candidates']:,} candidates")
    read_only = found["bare SQL: the same columns"]
    for name, took in found.items():
        print(f"{name:<42}{took:10.2f}{took / read_only:8.2f}")
    return int(found["gathered and scored"] > LIMIT * read_only)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--meters", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (default: 3)")
    arguments = parser.parse_args()
    from .database import fill, use_own_database

    use_own_database(fresh=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django

    django.setup()
    fill(0)
    sys.exit(run(arguments.meters, arguments.rounds))
