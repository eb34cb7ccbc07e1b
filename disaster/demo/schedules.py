"""Schedules of the demo depots: all on the 13th of each month, flood and snow depots in their seasons; some overdue,
in some towns for months."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disaster import schedules as rules
from disaster.models import Depot, ItemClass, Schedule
from disaster.querysets_schedules import rule_of, working_days
from disaster.working_days import WorkingDays
from gis_core.demo import fixtures


@transaction.atomic
def load() -> dict[str, int]:
    if Schedule.objects.exists():
        return {"schedules": 0}
    wanted = fixtures.parameters("schedules")
    today = timezone.localdate()
    starts_on = today - timedelta(days=wanted["starts_days_ago"])
    depots = list(Depot.objects.live().filter(is_example=True).order_by("area_id", "pk"))
    classes = {each.code: each for each in ItemClass.objects.live()}
    until, calendar = _until(depots, wanted, today), working_days()
    made = []
    for row in wanted["schedules"]:
        kinds = row.pop("kinds", None)
        row["item_class"] = classes.get(row.pop("class", ""))
        for depot in depots:
            if kinds is None or depot.kind in kinds:
                made.append(_schedule(depot, row, starts_on, until[depot.pk], calendar))
    return {"schedules": len(Schedule.objects.bulk_create(made))}


def _until(depots: list[Depot], wanted: dict[str, Any], today: date) -> dict[int, date]:
    """Until when the inspections of each depot were made on their days."""
    stopped, slides = wanted["stopped"], wanted["slides"]
    towns = {area: number for number, area in enumerate(dict.fromkeys(depot.area_id for depot in depots))}
    until = {}
    for number, depot in enumerate(depots):
        days = slides["days"] if number % slides["every"] == 2 else 0
        if towns[depot.area_id] in stopped["towns"]:
            days = random.Random(f"stopped {depot.name}").randint(*stopped["days"])  # noqa: S311
        until[depot.pk] = today - timedelta(days=days)
    return until


def _schedule(depot: Depot, row: dict[str, Any], starts_on: date, until: date, calendar: WorkingDays) -> Schedule:
    schedule = Schedule(depot=depot, starts_on=starts_on, **row)
    for planned in planned_days(schedule, calendar):
        schedule.next_nominal, schedule.next_due = planned.nominal, planned.due
        if planned.due >= until:
            return schedule
        schedule.last_done_on = planned.due
    schedule.next_nominal = schedule.next_due = None
    return schedule


def planned_days(schedule: Schedule, calendar: WorkingDays) -> Iterator[rules.Planned]:
    """All days of a schedule, as if each inspection was made on the day it was planned for."""
    rule = rule_of(schedule)
    nominal = rules.first(rule)
    while nominal is not None:
        yield rules.Planned(nominal, rules.shifted(nominal, rule.shift, calendar.is_working))
        nominal = rules.following(rule, nominal)
