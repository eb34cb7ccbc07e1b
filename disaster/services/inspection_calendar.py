"""The days of many schedules in a month, without expanding each: schedules of one title and rule fall together."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from disaster import schedules as rules
from disaster.models import Inspection, InspectionKind
from disaster.querysets_schedules import RULE_COLUMNS
from disaster.working_days import WorkingDays

GROUPED = ("title", *RULE_COLUMNS, "next_nominal", "next_due")
MOST_GROUPS = 3000
MOST_LISTED = 200


@dataclass
class Entry:
    """What falls due on a day under one title: how many, how many of these are waited for, and how many were done."""

    title: str
    number: int = 0
    waited: int = 0
    past: int = 0
    done: int = 0
    shifted_from: set[date] = field(default_factory=set)


@dataclass
class Month:
    """Entries by day; ``is_partial`` where there are too many different rules to show all of them."""

    days: dict[date, list[Entry]]
    is_partial: bool


def month(found: Any, begin: date, end: date, calendar: WorkingDays) -> Month:
    """What of these schedules is due from ``begin`` to ``end`` inclusive: two statements, however many there are."""
    entries: dict[date, dict[str, Entry]] = defaultdict(dict)
    groups = list(found.order_by().values(*GROUPED).annotate(number=Count("pk"))[: MOST_GROUPS + 1])
    for group in groups[:MOST_GROUPS]:
        for planned in planned_of(group, begin, end, calendar):
            entry = entries[planned.due].setdefault(group["title"], Entry(group["title"]))
            _add(entry, planned, group)
    regular = Inspection.objects.live().filter(kind=InspectionKind.REGULAR, due_on__range=(begin, end))
    done = regular.filter(schedule__in=found.order_by().values("pk")).order_by().values("due_on", "schedule__title")
    for row in done.annotate(number=Count("pk")):
        of_day = entries.get(row["due_on"] or begin, {})
        if row["schedule__title"] in of_day:
            entry = of_day[row["schedule__title"]]
            entry.done = min(row["number"], entry.past)
    days = {day: sorted(of_day.values(), key=lambda each: each.title) for day, of_day in entries.items()}
    return Month(days, len(groups) > MOST_GROUPS)


def _add(entry: Entry, planned: rules.Planned, group: dict[str, Any]) -> None:
    number, waited = group["number"], group["next_nominal"]
    entry.number += number
    if planned.nominal == waited:
        entry.waited += number
    elif waited is None or planned.nominal < waited:
        entry.past += number
    if planned.nominal != planned.due:
        entry.shifted_from.add(planned.nominal)


def planned_of(row: dict[str, Any], begin: date, end: date, calendar: WorkingDays) -> Iterator[rules.Planned]:
    """Planned days that are due in a range; of a schedule that counts from completion only the one waited for, since
    every later one depends on when that is done."""
    try:
        rule = rules.read(**{name: row[name] for name in RULE_COLUMNS})
    except rules.BadRuleError:
        return
    if not rule.is_completed:
        yield from rules.plan(rule, begin, end, calendar.is_working)
    elif row["next_due"] is not None and begin <= row["next_due"] <= end:
        yield rules.Planned(row["next_nominal"], row["next_due"])


def due_on(found: Any, day: date, calendar: WorkingDays) -> Any:
    """Those of these schedules that fall due on a day, at most ``MOST_LISTED``."""
    groups = found.order_by().values(*GROUPED).distinct()[:MOST_GROUPS]
    chosen = [Q(**group) for group in groups if any(planned_of(group, day, day, calendar))]
    if not chosen:
        return found.none()
    either = chosen[0]
    for each in chosen[1:]:
        either |= each
    return found.filter(either).order_by("depot__area__mois_code", "depot__name", "title", "pk")[:MOST_LISTED]


__all__ = ["Entry", "Month", "due_on", "month", "planned_of"]
