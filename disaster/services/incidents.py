"""Ending an incident, and taking that back. What is still out then stays on everybody's list until it is settled."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import orders as rules
from disaster.models import Incident, IncidentState
from disaster.querysets_operations import figures, may_act_in, still_out, unanswered
from disaster.words import operations as words
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.writing import locked, refuse_stale, write
from gis_core.models import LayerChange

from .orders import once


@transaction.atomic
def close(user: Any, incident: Incident, ended_at: datetime, version: int, token: uuid.UUID) -> int:
    """The incident is over; what nobody has sent yet is called off. How many orders are still out.

    Raises NotAllowed, and Invalid when it was closed before, changed meanwhile, or ends before it began or in future.
    """
    current = _held(user, incident)
    if once(user, token, "incident-close", current.pk) is not None:
        return still_out(current).count()
    refuse_stale(current, version)
    if current.state != IncidentState.OPEN:
        raise Invalid({"__all__": [_("The incident is over already.")]})
    if not current.began_at <= ended_at <= timezone.now():
        raise Invalid({"ended_at": [_("It ends after it began, and not in the future.")]})
    for order in unanswered(current).select_for_update(of=("self",)):
        write(
            order, user, state=rules.State.CANCELLED, committed=0, reason=words.incident_over(), decided_by=user,
            decided_at=timezone.now(),
        )  # fmt: skip
    for order in still_out(current).filter(committed__gt=F("sent")).select_for_update(of=("self",)):
        then = rules.after(figures(order), rules.Step.RELEASE)
        write(order, user, state=then.state, committed=then.committed)
    write(current, user, state=IncidentState.CLOSED, ended_at=ended_at)
    _told()
    return still_out(current).count()


@transaction.atomic
def reopen(user: Any, incident: Incident, version: int) -> None:
    """It is not over after all. Orders that were called off stay so."""
    current = _held(user, incident)
    refuse_stale(current, version)
    if current.state == IncidentState.CLOSED:
        write(current, user, state=IncidentState.OPEN, ended_at=None)
        _told()


def _held(user: Any, incident: Incident) -> Incident:
    if not may_act_in(user, incident.area_id):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    found: Incident = locked(incident)
    return found


def _told() -> None:
    """Lists and maps may show how an incident stands."""
    LayerChange.objects.create(table_name=Incident._meta.db_table)
