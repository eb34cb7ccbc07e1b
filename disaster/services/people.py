"""Writing who can be called, what trainings were held, and who was there."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.access import officer_scope
from disaster.models import Attendance, Depot, Machine, Responder, Training
from disaster.phone_tree import makes_circle
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, PersonalDataAccess


def note_look(
    user: Any, action: str, count: int, detail: str = "", record_id: int | None = None, layer: str = "responders"
) -> None:
    """Note that names or phones of people on a layer were given out. ``detail`` must not hold any."""
    if count:
        PersonalDataAccess.objects.create(
            user=user, layer=layer, action=action, count=count, detail=detail[:500], record_id=record_id
        )


def refuse_elsewhere(user: Any, area_id: int | None) -> None:
    """Raises NotAllowed."""
    if not permissions.covers(officer_scope(user), [area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


@transaction.atomic
def add(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Responder:
    """A further person; the same form sent twice adds one. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, values["area"].pk)
    _refuse_caller(user, None, values)
    made: Responder = writing.make(Responder, user, values, token)
    return made


@transaction.atomic
def change(person: Responder, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change what the person changed; the fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, values["area"].pk)
    _refuse_caller(user, person, values)
    current = writing.locked(person)
    refuse_elsewhere(user, current.area_id)
    return writing.change(current, user, base, values)


@transaction.atomic
def retire(person: Responder, user: Any, reason: str, version: int) -> None:
    """Nobody calls them any longer. Raises NotAllowed, Invalid."""
    current = writing.locked(person)
    refuse_elsewhere(user, current.area_id)
    writing.retire(current, user, reason, version)


def _refuse_caller(user: Any, person: Responder | None, values: Mapping[str, Any]) -> None:
    """Raises Invalid where the phone tree would run in a circle, or call from another city."""
    caller = values.get("called_by")
    if caller is None:
        return
    city = values["area"].parent_id or values["area"].pk
    if city not in {caller.area.parent_id, caller.area_id}:
        raise Invalid({"called_by": [_("This person is of another city or county.")]})
    # Two who at the same time have two people call each other wait for one another here.
    list(AdminArea.objects.select_for_update(no_key=True).filter(pk=city))
    callers = dict(Responder.objects.live().values_list("pk", "called_by_id"))
    if person is not None and makes_circle(person.pk, caller.pk, callers):
        raise Invalid(
            {"called_by": [_("The phone tree would run in a circle: this person is called by them already.")]}
        )


@transaction.atomic
def set_keeper(depot: Depot, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Who keeps a depot, by name and phone. Raises NotAllowed, Invalid."""
    current = writing.locked(depot)
    if not permissions.can_change(user, layers.get("depots"), current):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    return writing.change(current, user, base, values)


@transaction.atomic
def set_operator(machine: Machine, user: Any, operator: Responder | None, version: int) -> None:
    """Who drives a machine: somebody of its organisation. Raises NotAllowed, Invalid."""
    current = writing.locked(machine)
    refuse_elsewhere(user, current.area_id)
    writing.refuse_stale(current, version)
    if operator is not None and operator.organisation_id != current.organisation_id:
        raise Invalid({"operator": [_("This person is not of the machine's organisation.")]})
    writing.write(current, user, operator=operator)


@transaction.atomic
def add_training(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Training:
    """A training that is planned or was held. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, values["area"].pk)
    made: Training = writing.make(Training, user, values, token)
    return made


@transaction.atomic
def change_training(found: Training, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Raises NotAllowed, Invalid: also where people were present and the day is moved to one to come."""
    current = writing.locked(found)
    refuse_elsewhere(user, current.area_id)
    refuse_elsewhere(user, values["area"].pk)
    if values["held_on"] > timezone.localdate() and current.attendances.filter(was_present=True).exists():
        raise Invalid({"held_on": [_("People were present already: it cannot be still to come.")]})
    return writing.change(current, user, base, values)


@transaction.atomic
def retire_training(found: Training, user: Any, reason: str, version: int) -> None:
    """It was not held, or was entered by mistake: it counts for nobody. Raises NotAllowed, Invalid."""
    current = writing.locked(found)
    refuse_elsewhere(user, current.area_id)
    writing.retire(current, user, reason, version)


@transaction.atomic
def attend(found: Training, user: Any, seen: Iterable[int], present: Iterable[int]) -> int:
    """Write who was present. ``seen`` were ticked when the page was opened: what others ticked meanwhile stays. The
    number of changes. Raises NotAllowed, Invalid."""
    current = _held(found, user)
    before, now = set(seen), set(present)
    came, gone = now - before, before - now
    scope = officer_scope(user)
    people = Responder.objects.live().filter(pk__in=came)
    allowed = {each.pk for each in people if permissions.covers(scope, [each.area_id])}
    if came - allowed:
        raise Invalid({"__all__": [_("Somebody who was ticked is no longer in the list. Look at it again.")]})
    for pk in sorted(came):
        Attendance.objects.update_or_create(training=current, responder_id=pk, defaults={"was_present": True})
    changed = current.attendances.filter(responder__in=gone, was_present=True).update(was_present=False)
    return len(came) + changed


@transaction.atomic
def attend_new(found: Training, user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Responder:
    """Somebody who was there and is not known yet. Raises NotAllowed, Invalid."""
    current = _held(found, user)
    made = add(user, values, token)
    Attendance.objects.update_or_create(training=current, responder=made, defaults={"was_present": True})
    return made


def _held(found: Training, user: Any) -> Training:
    current: Training = writing.locked(found)
    refuse_elsewhere(user, current.area_id)
    if current.held_on > timezone.localdate():
        raise Invalid({"__all__": [_("It is still to come: nobody was present yet.")]})
    return current
