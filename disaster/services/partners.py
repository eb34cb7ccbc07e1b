"""Writing what partners agreed to, and whether they answered."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from disaster.models import Agreement, CallTest, Responder
from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import Attachment, Organisation, Submission

from .people import refuse_elsewhere


@transaction.atomic
def add(user: Any, organisation: Organisation, values: Mapping[str, Any], token: uuid.UUID | None) -> Agreement:
    """A new agreement; renewing makes one too. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, organisation.area_id)
    _refuse_wrong(organisation, values)
    made: Agreement = writing.make(Agreement, user, {**values, "organisation": organisation}, token)
    return made


@transaction.atomic
def change(agreement: Agreement, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Raises NotAllowed, Invalid."""
    current = writing.locked(agreement)
    refuse_elsewhere(user, current.organisation.area_id)
    _refuse_wrong(current.organisation, values)
    return writing.change(current, user, base, values)


@transaction.atomic
def end(agreement: Agreement, user: Any, last_day: date, reason: str, version: int) -> None:
    """It ends before its time; it stays in the list with the reason. Raises NotAllowed, Invalid."""
    current = writing.locked(agreement)
    refuse_elsewhere(user, current.organisation.area_id)
    writing.refuse_stale(current, version)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    if last_day < current.valid_from:
        raise Invalid({"last_day": [_("This is before it begins.")]})
    if current.valid_until is not None and last_day > current.valid_until:
        raise Invalid({"last_day": [_("It ends before that anyway: make a new agreement to renew it.")]})
    told = _("Ended early: %(reason)s") % {"reason": reason.strip()}
    writing.write(current, user, valid_until=last_day, terms=f"{current.terms}\n{told}".strip())


def _refuse_wrong(organisation: Organisation, values: Mapping[str, Any]) -> None:
    """Raises Invalid."""
    if values["valid_until"] is not None and values["valid_until"] < values["valid_from"]:
        raise Invalid({"valid_until": [_("This is before it begins.")]})
    document: Attachment | None = values.get("document")
    if document is not None and (document.layer, document.record_id) != ("organisations", organisation.pk):
        raise Invalid({"document": [_("This document is not one of the organisation's.")]})


@transaction.atomic
def note_call(
    user: Any,
    organisation: Organisation,
    responder: Responder | None,
    values: Mapping[str, Any],
    token: uuid.UUID | None,
) -> CallTest:
    """Whether somebody was reached; a double tap records once. Raises NotAllowed, Invalid."""
    refuse_elsewhere(user, responder.area_id if responder else organisation.area_id)
    if responder is not None and responder.organisation_id != organisation.pk:
        raise Invalid({"__all__": [_("This person is not of this organisation.")]})
    if token is not None:
        facts = {"user": user, "layer": "calltest"}
        submission, first = Submission.objects.get_or_create(token=token, defaults=facts)
        if not first:
            if submission.user_id != user.pk or submission.layer != "calltest" or submission.record_id is None:
                raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
            return CallTest.objects.get(pk=submission.record_id)
    made = CallTest.objects.create(organisation=organisation, responder=responder, called_by=user, **values)
    if token is not None:
        Submission.objects.filter(token=token).update(record_id=made.pk)
    return made
