"""What a manager decides about candidates: to be surveyed, set aside with a reason, or open again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from vacanthouses.models import Campaign, Candidate, CandidateState

from .campaigns import refuse_outside

# Houses named in a refusal.
NAMED = 5


@transaction.atomic
def decide(campaign: Campaign, user: Any, versions: Mapping[int, int], state: str, reason: str) -> int:
    """Decide about candidates of the current screening, by id and the version that was looked at; how many changed.

    All or none. What is decided so already stays, so that sending twice does no harm. Raises NotAllowed, Invalid.
    """
    refuse_outside(user, [campaign.area_id])
    if state not in CandidateState.values:
        raise Invalid({"state": [_("Choose what to do.")]})
    if not versions:
        raise Invalid({"candidates": [_("Choose at least one candidate.")]})
    reason = reason.strip()
    if state == CandidateState.DISMISSED and not reason:
        raise Invalid({"reason": [_("Say why these are set aside.")]})
    if len(reason) > 300:
        raise Invalid({"reason": [_("At most 300 characters.")]})
    # A new screening takes the decisions over; it waits for this lock, or this for it.
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    rows = list(
        Candidate.objects.filter(pk__in=versions, run__campaign=campaign, run__is_current=True)
        .select_related("house")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(rows) != len(versions):
        raise Invalid({"candidates": [_("The area was screened anew meanwhile. Look at the candidates again.")]})
    others = [row for row in rows if (row.state, row.state_reason) != (state, reason)]
    if changed := [row for row in others if row.version != versions[row.pk]]:
        names = ", ".join(str(row.house) for row in changed[:NAMED])
        told = _("Somebody else decided about these meanwhile; nothing was changed: %(houses)s") % {"houses": names}
        raise Invalid({"candidates": [told]})
    return Candidate.objects.filter(pk__in=[row.pk for row in others]).update(
        state=state, state_reason=reason, updated_by=user
    )
