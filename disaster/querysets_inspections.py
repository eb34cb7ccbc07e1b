"""Inspections, checklists, labels and repairs, as far as a person may see or change them."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from .access import seen_depots
from .models import Checklist, Depot, Inspection, Label, RepairState, RepairTask

OPEN = (RepairState.OPEN, RepairState.IN_WORK)


def checklists_in_force(day: date) -> dict[int | None, Checklist]:
    """The edition in force on a day for each class of items; None is the checklist of depots."""
    editions = (
        Checklist.objects.live()
        .filter(Q(item_class=None) | Q(item_class__retired_at=None), effective_from__lte=day)
        .select_related("item_class")
        .order_by("item_class_id", "-effective_from", "-pk")
        .distinct("item_class_id")
    )
    return {each.item_class_id: each for each in editions}


def seen_repairs(user: Any) -> "QuerySet[RepairTask]":
    """Repair tasks of depots that this person may look at; those that are not closed first, by their day."""
    is_closed = Case(When(state__in=OPEN, then=0), default=1, output_field=IntegerField())
    found: QuerySet[RepairTask] = (
        RepairTask.objects.live()
        .filter(depot__in=seen_depots(user))
        .select_related("depot__area", "item_class", "item", "lot__item", "assignee", "inspection", "closed_by")
        .annotate(is_closed=is_closed)
        .order_by("is_closed", F("due_on").asc(nulls_last=True), "pk")
    )
    return found


def repair_counts(tasks: "QuerySet[RepairTask]", day: date) -> dict[str, int]:
    """How many are open, late, holding units back, and closed."""
    is_open = Q(state__in=OPEN)
    return tasks.order_by().aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_on__lt=day)),
        blocking=Count("pk", filter=is_open & Q(blocks=True)),
        closed=Count("pk", filter=~is_open),
    )


def inspections_of(depot: Depot, item_class_id: int | None, lot_id: int | None) -> "QuerySet[Inspection]":
    """What was inspected of the same thing, the latest first."""
    same: dict[str, Any] = {"depot": depot, "item_class": item_class_id, "lot": lot_id}
    found: QuerySet[Inspection] = Inspection.objects.live().filter(**same)
    return found


def live_labels(depots: "QuerySet[Depot]") -> "QuerySet[Label]":
    """Labels in use of these depots."""
    found: QuerySet[Label] = (
        Label.objects.filter(revoked_at=None, depot__in=depots)
        .select_related("depot__area", "item_class", "lot__item")
        .order_by("depot", "item_class", "lot")
    )
    return found
