"""Schedules: the one place where they are written, and where it is decided which inspection is waited for.

``next_nominal`` is the planned day that is waited for and ``next_due`` the same after weekends and holidays. They move
on when an inspection answers them (``done``), never by themselves: what is overdue stays so until it is done.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import schedules as rules
from disaster.access import officer_scope
from disaster.models import Depot, Inspection, InspectionKind, LocalHoliday, Schedule
from disaster.querysets_schedules import RULE_COLUMNS, rule_of, working_days
from disaster.words.schedules import fault_texts
from disaster.working_days import WorkingDays
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed

from .repairs import assignees

MOST_AT_ONCE = 2000


def may_change(user: Any, depot: Depot) -> bool:
    return permissions.covers(officer_scope(user), [depot.area_id])


def _refuse_elsewhere(user: Any, depot: Depot) -> None:
    """Raises NotAllowed."""
    if not may_change(user, depot):
        raise NotAllowed(_("This depot lies outside the area that you look after."))


def read(values: Mapping[str, Any]) -> rules.Rule:
    """The rule that the values say. Raises Invalid with every fault at its field."""
    try:
        return rules.read(**{name: values[name] for name in RULE_COLUMNS})
    except rules.BadRuleError as error:
        raise Invalid(fault_texts(error)) from error


def _refuse_stranger(depot: Depot, assignee: Any) -> None:
    """Raises Invalid."""
    if assignee is not None and not assignees(depot).filter(pk=assignee.pk).exists():
        raise Invalid({"assignee": [_("This person does not look after the depot's town.")]})


def _days(rule: rules.Rule, nominal: date | None, calendar: WorkingDays) -> dict[str, date | None]:
    due = rules.shifted(nominal, rule.shift, calendar.is_working) if nominal else None
    return {"next_nominal": nominal, "next_due": due}


@transaction.atomic
def create(user: Any, values: Mapping[str, Any], token: uuid.UUID | None = None) -> Schedule:
    """A new schedule; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    _refuse_elsewhere(user, values["depot"])
    _refuse_stranger(values["depot"], values.get("assignee"))
    rule = read(values)
    days = _days(rule, rules.first(rule), working_days())
    made: Schedule = writing.make(Schedule, user, {**values, **days}, token)
    return made


@transaction.atomic
def create_many(user: Any, depots: Iterable[Depot], values: Mapping[str, Any]) -> tuple[int, int]:
    """The same schedule for each of these depots; how many were made, and how many had one of this title and class
    already, so that sending twice makes each once. Raises NotAllowed, Invalid."""
    chosen = list(depots)
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid({"__all__": [_("At most %(number)d depots at once.") % {"number": MOST_AT_ONCE}]})
    rule = read(values)
    for depot in chosen:
        _refuse_elsewhere(user, depot)
    # Whoever sends the same at the same time waits here, and then finds them made.
    list(Depot.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in chosen]).order_by("pk"))
    same = Schedule.objects.live().filter(title=values["title"], item_class=values.get("item_class"))
    there = set(same.filter(depot__in=chosen).values_list("depot", flat=True))
    days = _days(rule, rules.first(rule), working_days())
    made = [
        Schedule(**values, **days, depot=depot, created_by=user, updated_by=user)
        for depot in chosen
        if depot.pk not in there
    ]
    Schedule.objects.bulk_create(made, batch_size=500)
    return len(made), len(chosen) - len(made)


def _locked(schedule: Schedule, user: Any, version: int) -> Schedule:
    current: Schedule = writing.locked(schedule)
    _refuse_elsewhere(user, current.depot)
    writing.refuse_stale(current, version)
    return current


@transaction.atomic
def change(schedule: Schedule, user: Any, values: Mapping[str, Any], version: int) -> Schedule:
    """Change a schedule; the depot stays. What was answered stays answered. Raises NotAllowed, Invalid."""
    current = _locked(schedule, user, version)
    _refuse_stranger(current.depot, values.get("assignee"))
    rule = read(values)
    if any(getattr(current, name) != values[name] for name in RULE_COLUMNS):
        nominal = _renewed(current, rule, working_days())
        values = {**values, **_days(rule, nominal, working_days())}
    writing.write(current, user, **values)
    return current


def _renewed(current: Schedule, rule: rules.Rule, calendar: WorkingDays) -> date | None:
    """What is waited for under a changed rule: in the same period as before, where the rhythm stays the same."""
    waited, done_on = current.next_nominal, current.last_done_on
    if rule.is_completed:
        return rules.after_done(rule, done_on) if done_on else rules.first(rule)
    same = (rule.frequency, rule.interval) == (current.frequency, current.interval)
    if waited is None:
        begin = done_on + timedelta(days=1) if done_on else rule.starts_on
    elif same and current.basis == rule.basis:
        begin = rules.period_start(rule.frequency, waited)
    else:
        begin = min(waited, max(timezone.localdate(), done_on + timedelta(days=1) if done_on else date.min))
    nominal = rules.on_or_after(rule, begin)
    if done_on is None:
        return nominal
    return rules.next_waited(rule, nominal, _said(current) or done_on, done_on, calendar.is_working)


@transaction.atomic
def pause(schedule: Schedule, user: Any, version: int) -> None:
    """Nothing is waited for until it is resumed. Raises NotAllowed, Invalid."""
    current = _locked(schedule, user, version)
    writing.write(current, user, is_paused=True)


@transaction.atomic
def resume(schedule: Schedule, user: Any, version: int) -> None:
    """Wait again: for what is due from today on, not for what fell into the pause. Raises NotAllowed, Invalid."""
    current = _locked(schedule, user, version)
    rule, calendar, nominal = rule_of(current), working_days(), current.next_nominal
    while nominal and rules.shifted(nominal, rule.shift, calendar.is_working) < timezone.localdate():
        nominal = rules.on_or_after(rule, timezone.localdate()) if rule.is_completed else rules.following(rule, nominal)
    writing.write(current, user, is_paused=False, **_days(rule, nominal, calendar))


@transaction.atomic
def retire(schedule: Schedule, user: Any, reason: str, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    writing.retire(_locked(schedule, user, version), user, reason, version)


def _regular(schedule: Schedule) -> Any:
    return Inspection.objects.live().filter(schedule=schedule, kind=InspectionKind.REGULAR)


def _said(schedule: Schedule) -> date | None:
    found: date | None = _regular(schedule).aggregate(last=Max("due_on"))["last"]
    return found


def answered_on(schedule: Schedule, day: date) -> date | None:
    """The due day that an inspection made on a day answers, where it names none; None where it answers none yet."""
    if schedule.next_nominal is None:
        return None
    rule, is_working = rule_of(schedule), working_days().is_working
    near = rules.is_answer(rule, schedule.next_nominal, schedule.last_done_on, day, is_working)
    return schedule.next_due if near else None


@transaction.atomic
def done(schedule: Schedule, inspected_on: date) -> Schedule:
    """A regular inspection of this schedule was made on a day: wait for the next one.

    Called after the inspection was written, also for a paused or retired schedule. The answer depends on the latest of
    all its inspections only (``rules.next_waited``): an older one that arrives late, or the same once more, moves
    nothing. An ad hoc inspection is none of the schedule's and must not come here.
    """
    current: Schedule = Schedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    latest = max(inspected_on, current.last_done_on or inspected_on)
    said, is_new = _said(current), current.last_done_on is None or inspected_on > current.last_done_on
    if said is None and not is_new:
        return current
    rule, calendar = rule_of(current), working_days()
    if rule.is_completed and not is_new:
        return current
    nominal = rules.next_waited(rule, current.next_nominal, said, latest, calendar.is_working)
    values = {"last_done_on": latest, **_days(rule, nominal, calendar)}
    if any(getattr(current, name) != value for name, value in values.items()):
        writing.write(current, current.updated_by, **values)
    return current


@transaction.atomic
def renew_all() -> int:
    """Shift what is waited for anew, after the holidays changed; how many schedules moved.

    One UPDATE per planned day and policy that moved, however many schedules share them.
    """
    calendar, moved = working_days(), 0
    waiting = Schedule.objects.live().filter(next_nominal__isnull=False).order_by()
    for nominal, shift, due in waiting.values_list("next_nominal", "shift", "next_due").distinct():
        right = rules.shifted(nominal, shift, calendar.is_working)
        if right != due:
            moved += waiting.filter(next_nominal=nominal, shift=shift, next_due=due).update(next_due=right)
    return moved


@transaction.atomic
def add_holiday(day: date, name: str, is_working_day: bool) -> int:
    """Note a day that is free, or worked, here only; how many schedules moved. Raises Invalid for one noted before."""
    known, is_new = LocalHoliday.objects.get_or_create(
        day=day, defaults={"name": name, "is_working_day": is_working_day}
    )
    if not is_new and (known.name, known.is_working_day) != (name, is_working_day):
        raise Invalid({"day": [_("This day is noted already, as “%(name)s”. Remove it first.") % {"name": known.name}]})
    return renew_all()


@transaction.atomic
def remove_holiday(pk: int) -> int:
    """Forget a local day; how many schedules moved. Once more changes nothing."""
    LocalHoliday.objects.filter(pk=pk).delete()
    return renew_all()
