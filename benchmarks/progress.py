"""python -m benchmarks.progress [--rounds N]: the progress of a survey round in which every house is to be visited."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

NAME = "benchmark of the progress map"
# The figures anew against the bare SQL that counts by town; promised.
LIMIT = 6.0

_CREWS = """
INSERT INTO vacanthouses_crew (version, created_at, updated_at, retired_reason, is_example, name, area_id)
SELECT 1, now(), now(), '', true, %s || id, id FROM gis_core_adminarea WHERE level = 'eupmyeondong'
"""
_ASSIGN = """
INSERT INTO vacanthouses_assignment (
    version, created_at, updated_at, retired_reason, step, is_blind, campaign_id, house_id, crew_id, done_at
)
SELECT 1, now(), now(), '', 'field', false, %s, house.id, crew.id,
    CASE WHEN random() < 0.6 THEN now() - random() * interval '40 days' END
FROM vacanthouses_vacanthouse AS house LEFT JOIN vacanthouses_crew AS crew
    ON crew.area_id = house.area_id AND crew.name = %s || house.area_id
"""
_BARE = """
SELECT house.area_id, count(*), count(assignment.done_at)
FROM vacanthouses_assignment AS assignment JOIN vacanthouses_vacanthouse AS house ON house.id = assignment.house_id
WHERE assignment.campaign_id = %s AND NOT assignment.is_blind AND assignment.retired_at IS NULL
GROUP BY house.area_id
"""


def _campaign() -> Any:
    """The round, made with its assignments where it is not there."""
    from django.db import connection, transaction
    from django.utils import timezone

    from gis_core.models import AdminArea
    from vacanthouses.models import Campaign

    found = Campaign.objects.filter(name=NAME).first()
    if found is not None:
        return found
    today = timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        made = Campaign.objects.create(
            name=NAME,
            area=AdminArea.objects.filter(level="sigungu").order_by("pk")[0],
            regime="rural",
            stage="open",
            starts_on=today - timedelta(days=40),
            ends_on=today + timedelta(days=30),
            is_example=True,
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE vacanthouses_crew DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE vacanthouses_assignment DISABLE TRIGGER USER")
        cursor.execute(_CREWS, [NAME])
        cursor.execute(_ASSIGN, [made.pk, NAME])
        cursor.execute("ALTER TABLE vacanthouses_crew ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE vacanthouses_assignment ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) vacanthouses_assignment")
    return made


def _milliseconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def run(rounds: int) -> int:
    """Prints milliseconds; returns 1 when the figures take more than ``LIMIT`` times the bare counting."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from gis_core.models import User
    from vacanthouses.models import Assignment
    from vacanthouses.services import progress

    campaign = _campaign()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="admin"), backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("campaign-progress", args=[campaign.pk]) + "?part=1"
    tag = client.get(url)["ETag"]

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE, [campaign.pk])
            cursor.fetchall()

    cases: dict[str, Callable[[], object]] = {
        "bare SQL: counts by town": bare,
        "figures and pictures anew": lambda: progress.measure(campaign, timezone.localdate()),
        "page's figures, kept": lambda: client.get(url),
        "page's figures, unchanged (304)": lambda: client.get(url, headers={"If-None-Match": tag}),
    }
    number = Assignment.objects.filter(campaign=campaign).count()
    print(f"\nProgress of a survey round with {number:,} houses to visit, milliseconds (medians of {rounds})")
    found = {}
    for name, case in cases.items():
        case()
        found[name] = median(_milliseconds(case) for _ in range(rounds))
    counted = found["bare SQL: counts by town"]
    for name, took in found.items():
        print(f"{name:<42}{took:10.1f}{took / counted:8.2f}")
    return int(found["figures and pictures anew"] > LIMIT * counted)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.progress", description=__doc__)
    parser.add_argument("--houses", type=int, default=1_500_000)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (default: 5)")
    arguments = parser.parse_args()
    from .database import fill, use_own_database

    use_own_database(fresh=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django

    django.setup()
    fill(arguments.houses)
    sys.exit(run(arguments.rounds))
