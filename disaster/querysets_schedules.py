"""Schedules as far as a person sees them, what is due, and what towns have done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, User

from .access import OFFICERS, officer_scope
from .models import Inspection, InspectionKind, LocalHoliday, Schedule
from .schedules import Rule, period_start, read
from .working_days import LocalDay, WorkingDays

RULE_COLUMNS = (
    "frequency", "interval", "by_month", "by_day", "by_month_day", "starts_on", "ends_on", "basis", "shift",
)  # fmt: skip


def seen_areas(user: Any) -> frozenset[int] | None:
    """The areas whose depots this person may look at; None means everywhere."""
    return permissions.area_scope(user, layers.get("depots").access.view)


def _within(found: Any, areas: frozenset[int] | None) -> Any:
    return found if areas is None else found.filter(depot__area__in=sorted(areas))


def seen_schedules(user: Any) -> "QuerySet[Schedule]":
    """Schedules of depots that this person may look at, paused ones too."""
    found: QuerySet[Schedule] = _within(
        Schedule.objects.live().filter(depot__retired_at__isnull=True), seen_areas(user)
    ).select_related("depot__area", "item_class", "assignee")
    return found


def kept_schedules(user: Any) -> "QuerySet[Schedule]":
    """Schedules that this person may change: those of the towns whose disaster officer they are."""
    found: QuerySet[Schedule] = _within(Schedule.objects.live(), officer_scope(user))
    return found


def own_schedules(user: Any) -> Any:
    """Active schedules that this person has to see to: of their towns, theirs or nobody's."""
    mine = Q(assignee=user) | Q(assignee=None)
    return _within(Schedule.objects.active().filter(mine), officer_scope(user)).select_related(
        "depot__area", "item_class"
    )


def waiting(user: Any) -> "QuerySet[Schedule]":
    """What is waited for, the longest overdue first."""
    found: QuerySet[Schedule] = seen_schedules(user).filter(is_paused=False, next_due__isnull=False)
    return found.order_by("next_due", "pk")


@dataclass
class Town:
    """How a town stands in the month of a day: overdue, still due in it, done in it."""

    area: AdminArea
    overdue: int = 0
    due: int = 0
    done: int = 0


def towns(user: Any, day: date, last: date) -> list[Town]:
    """Towns that have schedules, the most overdue first; ``last`` is the last day of the period of ``day``."""
    areas = seen_areas(user)
    begin = period_start("MONTHLY", day)
    active = _within(Schedule.objects.active(), areas).filter(depot__area__isnull=False).order_by()
    counts = active.values("depot__area").annotate(
        overdue=Count("pk", filter=Q(next_due__lt=day)),
        due=Count("pk", filter=Q(next_due__gte=day, next_due__lte=last)),
    )
    regular = Inspection.objects.live().filter(kind=InspectionKind.REGULAR, inspected_on__range=(begin, last))
    done = _within(regular, areas).order_by().values("depot__area").annotate(number=Count("pk"))
    finished = {row["depot__area"]: row["number"] for row in done}
    rows = {row["depot__area"]: row for row in counts}
    names = AdminArea.objects.filter(pk__in=[*rows]).defer("geometry").order_by("mois_code")
    found = [Town(area, rows[area.pk]["overdue"], rows[area.pk]["due"], finished.get(area.pk, 0)) for area in names]
    return sorted(found, key=lambda town: -town.overdue)


def rule_of(schedule: Schedule) -> Rule:
    """The rule of a schedule. Raises BadRuleError, which no row that ``services.schedules`` wrote does."""
    return read(**{name: getattr(schedule, name) for name in RULE_COLUMNS})


def working_days() -> WorkingDays:
    """The calendar with the local holidays of now."""
    rows = LocalHoliday.objects.values_list("day", "name", "is_working_day")
    return WorkingDays(LocalDay(*row) for row in rows)


def assignees() -> "QuerySet[User]":
    """People who look after depots anywhere."""
    found: QuerySet[User] = User.objects.filter(is_active=True, role_grants__role__in=OFFICERS)
    return found.order_by("name", "pk").distinct()
