"""Inspections as phones and desks send them: the one place where they are written, and where failures open repairs.

Nothing that somebody saw is lost: an inspection is taken also after its schedule was changed, paused or retired.
"""

import uuid as uuids
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import checklists
from disaster.access import officer_scope
from disaster.models import Depot, Inspection, InspectionKind, InspectionResult, RepairState, RepairTask
from disaster.querysets_inspections import OPEN, inspections_of
from disaster.words.inspections import failed_text
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.offline.kinds import Kind, Sending

from . import schedules
from .inspection_reading import Reading, read, repair_title


def accept(sending: Sending, body: dict[str, Any], target_id: int | None) -> int:
    """Write an inspection that a phone sent, or correct it. Raises Invalid, NotAllowed."""
    reading = read(body, sending.received_at, sending.skew_s)
    return record(sending.user, sending.uuid, reading, sending.received_at, target_id).pk


@transaction.atomic
def enter(user: Any, uuid: uuids.UUID, body: dict[str, Any], target_id: int | None = None) -> Inspection:
    """Write an inspection from a form at a desk, or correct it; the one written first, where the same form is sent
    again. Photos are added on its page. Raises Invalid, NotAllowed."""
    there = Inspection.objects.filter(uuid=uuid).first()
    if target_id is None and there is not None:
        if there.inspected_by_id != user.pk:
            raise NotAllowed(_("This inspection is somebody else's."))
        return there
    received_at = timezone.now()
    return record(user, uuid, read(body, received_at, photos=False), received_at, target_id)


def record(user: Any, uuid: uuids.UUID, reading: Reading, received_at: datetime, target_id: int | None) -> Inspection:
    """Write what was read, inside a transaction: inspection, repairs, and the day of the schedule."""
    # Whoever inspects the same depot waits: the same fault found twice is one task.
    depot = Depot.objects.select_for_update(of=("self",)).get(pk=reading.depot.pk)
    refuse_elsewhere(user, depot)
    inspection = _locked(target_id)
    values = _values(reading)
    if inspection is None:
        due_on = _due(reading)
        inspection = Inspection.objects.create(
            uuid=uuid, depot=depot, item_class=reading.item_class, lot=reading.lot, area_id=depot.area_id,
            schedule=reading.schedule, due_on=due_on,
            kind=InspectionKind.REGULAR if due_on else InspectionKind.AD_HOC,
            inspected_by=user, received_at=received_at, created_by=user, updated_by=user, **values,
        )  # fmt: skip
        if due_on:
            assert reading.schedule is not None
            schedules.done(reading.schedule, inspection.inspected_on)
    else:
        _refuse_settled(inspection, reading)
        writing.write(inspection, user, **values)
    _follow(inspection, reading, user)
    return inspection


def refuse_elsewhere(user: Any, depot: Depot) -> None:
    """Raises NotAllowed."""
    if not permissions.covers(officer_scope(user), [depot.area_id]):
        raise NotAllowed(_("This depot lies outside the area that you look after."))


def _locked(target_id: int | None) -> Inspection | None:
    if target_id is None:
        return None
    found: Inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=target_id)
    return found


def _values(reading: Reading) -> dict[str, Any]:
    return {
        "checklist": reading.checklist,
        "result": InspectionResult.PASSED if reading.judgement.is_passed else InspectionResult.FAILED,
        "answers": reading.answers,
        "failed": [
            {"key": fault.key, "code": fault.code, **fault.params, "units": reading.units.get(fault.key)}
            for fault in reading.judgement.failed
        ],
        "note": reading.note,
        "signature": reading.signature,
        "inspected_at": reading.inspected_at,
        # The day in Korea, whatever day it is for the server or the phone.
        "inspected_on": timezone.localdate(reading.inspected_at),
        "device_time": reading.device_time,
        "location": reading.place or reading.depot.location,
    }


def _due(reading: Reading) -> date | None:
    """The planned day that this answers; None where another has answered it, or was made on the same day: nobody
    inspects twice in one day to be ahead of the plan."""
    if reading.schedule is None:
        return None
    on = timezone.localdate(reading.inspected_at)
    due = reading.due_on or schedules.answered_on(reading.schedule, on)
    if due is None:
        return None
    answered = Q(due_on=due)
    if due > on:
        answered |= Q(inspected_on=on, due_on__isnull=False)
    is_answered = Inspection.objects.live().filter(answered, schedule=reading.schedule).exists()
    return None if is_answered else due


def _refuse_settled(inspection: Inspection, reading: Reading) -> None:
    """Raises Invalid."""
    same = (reading.depot.pk, reading.item_class and reading.item_class.pk, reading.lot and reading.lot.pk)
    if same != (inspection.depot_id, inspection.item_class_id, inspection.lot_id):
        raise Invalid({"depot": [_("An inspection stays with what was inspected.")]})
    if reason := settled(inspection):
        raise Invalid({"__all__": [reason]})


def settled(inspection: Inspection) -> str:
    """Why an inspection can no longer be corrected; "" while it can."""
    if inspection.repairs.filter(_TAKEN_UP).exists():
        return _("Somebody has taken up a repair that this inspection asked for. Make a new inspection.")
    same = inspections_of(inspection.depot, inspection.item_class_id, inspection.lot_id)
    if same.filter(inspected_at__gt=inspection.inspected_at).exclude(pk=inspection.pk).exists():
        return _("There is a later inspection of the same. Make a new inspection.")
    return ""


# What a correction has closed was closed by nobody.
_CORRECTED = Q(state=RepairState.CANCELLED, closed_by=None)
_TAKEN_UP = ~Q(state=RepairState.OPEN) & ~_CORRECTED


def _follow(inspection: Inspection, reading: Reading, user: Any) -> None:
    """Open the repairs that this inspection asks for, and close those that it asked for by mistake."""
    own = {task.question: task for task in RepairTask.objects.select_for_update().filter(inspection=inspection)}
    failed = {fault.key: fault for fault in reading.judgement.failed}
    for key in failed:
        question = reading.rules.question(key)
        assert question is not None
        units = reading.units.get(key) if question.blocks else None
        if key in own:
            _again(own[key], user, units)
        elif not _join(inspection, key, user, units):
            _open(inspection, question, user, units)
    for key, task in own.items():
        if key not in failed and task.state in OPEN:
            told = _("The inspection was corrected: this was entered by mistake.")
            values = {
                "state": RepairState.CANCELLED,
                "resolution": told,
                "closed_at": timezone.now(),
                "closed_by": None,
            }
            writing.write(task, user, **values)


def _again(task: RepairTask, user: Any, units: int | None) -> None:
    values: dict[str, Any] = {"quantity": units}
    if task.state not in OPEN:
        values |= {"state": RepairState.OPEN, "resolution": "", "closed_at": None, "closed_by": None}
    if any(getattr(task, name) != value for name, value in values.items()):
        writing.write(task, user, **values)


def _join(inspection: Inspection, key: str, user: Any, units: int | None) -> bool:
    """Whether the same fault of the same thing is already being repaired; its units are then as seen last."""
    same = RepairTask.objects.live().filter(
        depot=inspection.depot, item_class=inspection.item_class, lot=inspection.lot, question=key, state__in=OPEN
    )
    task = same.select_for_update(of=("self",)).order_by("pk").first()
    if task is not None and task.blocks and task.quantity != units:
        writing.write(task, user, quantity=units)
    return task is not None


def _open(inspection: Inspection, question: checklists.Question, user: Any, units: int | None) -> None:
    # A fault of the depot itself keeps nothing in it from use.
    blocks = question.blocks and inspection.item_class is not None
    RepairTask.objects.create(
        inspection=inspection, question=question.key, title=repair_title(question), depot=inspection.depot,
        item_class=inspection.item_class, lot=inspection.lot, blocks=blocks, quantity=units if blocks else None,
        due_on=inspection.inspected_on + timedelta(days=question.days), created_by=user, updated_by=user,
    )  # fmt: skip


def current(target_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """The inspection as it is now, in the words of its text."""
    inspection = Inspection.objects.get(pk=target_id)
    said = body.get("answers") or {}
    # What the checklist left out of the answers is still what the phone said.
    unused = {name: value for name, value in said.items() if name not in inspection.answers}
    return {**body, "answers": {**unused, **inspection.answers}, "note": inspection.note}


def settle(target_id: int, is_complete: bool) -> None:
    """Note whether all photos have arrived."""
    Inspection.objects.filter(pk=target_id).exclude(is_complete=is_complete).update(is_complete=is_complete)


def statuses(target_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What the phone shows of the office's side: the result, and which repairs were opened."""
    found = Inspection.objects.filter(pk__in=target_ids).select_related("checklist").prefetch_related("repairs")
    return {inspection.pk: _status(inspection, inspection.repairs.all()) for inspection in found}


def _status(inspection: Inspection, tasks: Iterable[RepairTask]) -> dict[str, Any]:
    taken_up = [each for each in tasks if each.state != RepairState.OPEN and not _is_corrected(each)]
    return {
        "id": inspection.pk,
        "state": inspection.result,
        "comment": failed_text(inspection),
        "is_final": bool(taken_up),
        "repairs": [each.title for each in tasks if each.state in OPEN],
        "url": reverse("record-detail", args=["inspections", inspection.pk]),
    }


def _is_corrected(task: RepairTask) -> bool:
    return task.state == RepairState.CANCELLED and task.closed_by_id is None


INSPECTIONS = Kind(
    id="inspections", layer_id="inspections", accept=accept, current=current, settle=settle, statuses=statuses
)

__all__ = ["INSPECTIONS", "accept", "current", "enter", "record", "settle", "settled", "statuses"]
