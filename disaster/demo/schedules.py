"""Schedules of the demo depots: all on the 13th of each month, flood and snow depots in their seasons; some overdue."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disaster import schedules as rules
from disaster.models import Depot, ItemClass, Schedule
from disaster.querysets_schedules import RULE_COLUMNS, working_days
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
    slides, calendar = wanted["slides"], working_days()
    made = []
    for row in wanted["schedules"]:
        kinds = row.pop("kinds", None)
        row["item_class"] = classes.get(row.pop("class", ""))
        for number, depot in enumerate(depots):
            if kinds is None or depot.kind in kinds:
                last = today - timedelta(days=slides["days"] if number % slides["every"] == 2 else 0)
                made.append(_schedule(depot, row, starts_on, last, calendar))
    return {"schedules": len(Schedule.objects.bulk_create(made))}


def _schedule(depot: Depot, row: dict[str, Any], starts_on: date, last: date, calendar: WorkingDays) -> Schedule:
    """A schedule whose inspections were made on their days until ``last``."""
    schedule = Schedule(depot=depot, starts_on=starts_on, **row)
    rule = rules.read(**{name: getattr(schedule, name) for name in RULE_COLUMNS})
    nominal, done_on = rules.first(rule), None
    while nominal is not None:
        due = rules.shifted(nominal, rule.shift, calendar.is_working)
        if due >= last:
            break
        done_on, nominal = due, rules.following(rule, nominal)
    schedule.next_nominal = nominal
    schedule.next_due = rules.shifted(nominal, rule.shift, calendar.is_working) if nominal else None
    schedule.last_done_on = done_on
    return schedule
