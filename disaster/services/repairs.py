"""Repair tasks: opened by failed inspections or by hand, given to somebody, worked on, done or not needed.

While a task that ``blocks`` is open its units do not count as usable; closing it is all that makes them count again.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.access import OFFICERS, officer_scope
from disaster.models import Depot, RepairState, RepairTask
from disaster.querysets_inspections import OPEN
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea, User


def may_repair(user: Any, depot: Depot) -> bool:
    return permissions.covers(officer_scope(user), [depot.area_id])


def _refuse_elsewhere(user: Any, depot: Depot) -> None:
    """Raises NotAllowed."""
    if not may_repair(user, depot):
        raise NotAllowed(_("This depot lies outside the area that you look after."))


def assignees(depot: Depot) -> Any:
    """People who look after the depot's town: their role is held there, above it, or everywhere."""
    above: list[int] = []
    area: AdminArea | None = depot.area
    while area is not None:
        above.append(area.pk)
        area = area.parent
    held = Q(role_grants__role__in=OFFICERS) & (Q(role_grants__area=None) | Q(role_grants__area__in=above))
    return User.objects.filter(held, is_active=True).order_by("name", "pk").distinct()


@transaction.atomic
def open_by_hand(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> RepairTask:
    """A task that no inspection asked for; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    _refuse_elsewhere(user, values["depot"])
    _refuse_wrong(values["depot"], values)
    made: RepairTask = writing.make(RepairTask, user, values, token)
    return made


@transaction.atomic
def change(task: RepairTask, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed of an open task; the names of what somebody else changed meanwhile.
    Raises NotAllowed, Invalid."""
    current = _locked(task, user)
    _refuse_closed(current)
    _refuse_wrong(current.depot, values)
    return writing.change(current, user, base, values)


@transaction.atomic
def finish(
    task: RepairTask, user: Any, version: int, resolution: str, cost_krw: int | None, done_on: date | None = None
) -> RepairTask:
    """Close a task with what was done; again changes nothing. Raises NotAllowed, Invalid."""
    current = _locked(task, user)
    if current.state == RepairState.DONE:
        return current
    _refuse_closed(current)
    writing.refuse_stale(current, version)
    if not resolution.strip():
        raise Invalid({"resolution": [_("Say what was done.")]})
    cost = {"cost_krw": cost_krw} if cost_krw is not None else {}
    return _closed(current, user, state=RepairState.DONE, resolution=resolution.strip(), **cost)


@transaction.atomic
def cancel(task: RepairTask, user: Any, version: int, reason: str) -> RepairTask:
    """Close a task that is not needed; again changes nothing. Raises NotAllowed, Invalid."""
    current = _locked(task, user)
    if current.state == RepairState.CANCELLED:
        return current
    _refuse_closed(current)
    writing.refuse_stale(current, version)
    if not reason.strip():
        raise Invalid({"resolution": [_("Say why.")]})
    return _closed(current, user, state=RepairState.CANCELLED, resolution=reason.strip())


def _closed(current: RepairTask, user: Any, **values: Any) -> RepairTask:
    writing.write(current, user, closed_at=timezone.now(), closed_by=user, **values)
    return current


@transaction.atomic
def reopen(task: RepairTask, user: Any, version: int) -> RepairTask:
    """Take up a closed task again; again changes nothing. Raises NotAllowed, Invalid."""
    current = _locked(task, user)
    if current.state in OPEN:
        return current
    writing.refuse_stale(current, version)
    writing.write(current, user, state=RepairState.OPEN, closed_at=None, closed_by=None)
    return current


def _locked(task: RepairTask, user: Any) -> RepairTask:
    current: RepairTask = writing.locked(task)
    _refuse_elsewhere(user, current.depot)
    return current


def _refuse_closed(task: RepairTask) -> None:
    """Raises Invalid."""
    if task.state not in OPEN:
        told = _("This task is “%(state)s”: take it up again to change it.")
        raise Invalid({"__all__": [told % {"state": task.get_state_display()}]})


def _refuse_wrong(depot: Depot, values: Mapping[str, Any]) -> None:
    """Raises Invalid where the parts do not belong together."""
    item, item_class = values.get("item"), values.get("item_class")
    if item is not None and item_class is not None and item.item_class_id != item_class.pk:
        raise Invalid({"item": [_("This item belongs to another class.")]})
    if values.get("quantity") is not None and not values.get("blocks"):
        raise Invalid({"quantity": [_("Units are told only where they are not usable until then.")]})
    assignee = values.get("assignee")
    if assignee is not None and not assignees(depot).filter(pk=assignee.pk).exists():
        raise Invalid({"assignee": [_("This person does not look after the depot's town.")]})


__all__ = ["assignees", "cancel", "change", "finish", "may_repair", "open_by_hand", "reopen"]
