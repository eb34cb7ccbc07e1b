"""Opening rounds, making them public, and what residents' meetings decided."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import ProposalRound, RoundMeeting
from gis_core.participation.access import refuse_others
from gis_core.participation.querysets import voters


def held(found: ProposalRound, user: Any) -> ProposalRound:
    """The live round, locked, of somebody who looks after it. Raises NotAllowed, Invalid."""
    current: ProposalRound = writing.locked(found)
    refuse_others(user, current.area_id, current.subject_layer)
    return current


@transaction.atomic
def add(user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> ProposalRound:
    """A further round, which nobody sees before it is published. Raises NotAllowed, Invalid."""
    refuse_others(user, values["area"].pk, values.get("subject_layer", ""))
    made: ProposalRound = writing.make(ProposalRound, user, values, token)
    return made


@transaction.atomic
def change(found: ProposalRound, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """The fields that others changed meanwhile. Raises NotAllowed, Invalid."""
    current = held(found, user)
    refuse_others(user, values["area"].pk, current.subject_layer)
    if values["votes_per_person"] != current.votes_per_person and voters(current)[0]:
        raise Invalid({"votes_per_person": [_("People have voted already: all must have as many votes.")]})
    return writing.change(current, user, base, values)


@transaction.atomic
def publish(found: ProposalRound, user: Any, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    current = held(found, user)
    writing.refuse_stale(current, version)
    if current.published_at is None:
        writing.write(current, user, published_at=timezone.now())


@transaction.atomic
def withdraw(found: ProposalRound, user: Any, version: int) -> None:
    """Take a round's pages from the public; what came in stays. Raises NotAllowed, Invalid."""
    current = held(found, user)
    writing.refuse_stale(current, version)
    writing.write(current, user, published_at=None)


@transaction.atomic
def retire(found: ProposalRound, user: Any, reason: str, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    writing.retire(held(found, user), user, reason, version)


@transaction.atomic
def add_meeting(found: ProposalRound, user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> RoundMeeting:
    """Raises NotAllowed, Invalid."""
    current = held(found, user)
    made: RoundMeeting = writing.make(RoundMeeting, user, {**values, "round": current}, token)
    return made


@transaction.atomic
def change_meeting(found: RoundMeeting, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Raises NotAllowed, Invalid."""
    held(found.round, user)
    return writing.change(writing.locked(found), user, base, values)


@transaction.atomic
def retire_meeting(found: RoundMeeting, user: Any, reason: str, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    held(found.round, user)
    writing.retire(writing.locked(found), user, reason, version)
