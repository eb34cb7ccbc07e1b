"""Writing what the members of a zone have agreed to."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.files.errors import FileRefused
from gis_core.files.messages import refusal
from gis_core.files.services import attach
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, Organisation, ProjectStage, ZoneAgreement

RUNNING = (ProjectStage.AGREED, ProjectStage.UNDERWAY)


def may_change(user: Any, zone: CooperationZone) -> bool:
    return permissions.can_change(user, layers.get("zones"), zone)


def _refuse_elsewhere(user: Any, zone: CooperationZone) -> None:
    """Raises NotAllowed."""
    if not may_change(user, zone):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


def attach_document(user: Any, zone: CooperationZone, upload: UploadedFile) -> Any:
    """The signed paper as a file of the zone; the same file twice is one. Raises Invalid."""
    try:
        return attach(layers.get("zones"), user, zone, upload)[0]
    except FileRefused as error:
        raise Invalid({"upload": [refusal(error)]}) from error


def add(
    zone: CooperationZone, user: Any, values: Mapping[str, Any], parties: frozenset[int], token: uuid.UUID | None
) -> ZoneAgreement:
    """An agreement; the same form sent twice makes one. Raises NotAllowed, Invalid."""
    with transaction.atomic():
        current = writing.locked(zone)
        _refuse_elsewhere(user, current)
        made: ZoneAgreement = writing.make(ZoneAgreement, user, {**values, "zone": current}, token)
        made.parties.set(_known(parties))
    return made


@transaction.atomic
def change(
    agreement: ZoneAgreement,
    user: Any,
    base: Mapping[str, Any],
    values: Mapping[str, Any],
    parties: tuple[frozenset[int], frozenset[int]],
) -> list[str]:
    """Change what the person changed; the names of the fields that others changed meanwhile.

    ``parties``: whom the person saw, and whom they left. A party that somebody else added stays. Raises NotAllowed,
    Invalid.
    """
    current = writing.locked(agreement)
    _refuse_elsewhere(user, current.zone)
    theirs = writing.change(current, user, base, values)
    before, after = parties
    now = frozenset(current.parties.values_list("pk", flat=True))
    wanted = (now | (after - before)) - (before - after)
    if wanted != now:
        current.parties.set(_known(wanted))
        writing.write(current, user)
    return theirs


@transaction.atomic
def retire(agreement: ZoneAgreement, user: Any, reason: str, version: int) -> None:
    """It was entered by mistake, or was taken back. Raises NotAllowed, Invalid: also while running projects rest on
    it."""
    current = writing.locked(agreement)
    _refuse_elsewhere(user, current.zone)
    resting = current.projects.live().filter(stage__in=RUNNING)
    if count := resting.count():
        told = ngettext(
            "%(count)d running project rests on it: %(names)s. Give it another agreement first.",
            "%(count)d running projects rest on it: %(names)s. Give them another agreement first.",
            count,
        )
        names = ", ".join(resting.values_list("name", flat=True)[:5])
        raise Invalid({"__all__": [told % {"count": count, "names": names}]})
    writing.retire(current, user, reason, version)


def _known(ids: frozenset[int]) -> list[int]:
    return list(Organisation.objects.filter(pk__in=ids).values_list("pk", flat=True))
