"""What the office does with a proposal: show it, join it with another, refuse it, answer it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing import writing
from gis_core.editing.errors import Invalid
from gis_core.models import Moderation, Proposal
from gis_core.participation import rules
from gis_core.participation.querysets import days_of

from .rounds import held


def _locked(found: Proposal, user: Any, version: int) -> Proposal:
    """Raises NotAllowed, Invalid."""
    # The round first: whoever joins two proposals with one another waits here for who does it the other way round.
    held(found.round, user)
    current: Proposal = writing.locked(found)
    writing.refuse_stale(current, version)
    return current


@transaction.atomic
def publish(found: Proposal, user: Any, version: int) -> None:
    """Raises NotAllowed, Invalid."""
    current = _locked(found, user, version)
    days, today = days_of(current.round), timezone.localdate()
    if days.vote_opens is not None and today >= days.vote_opens and not current.votes.exists():
        raise Invalid({"__all__": [_("The vote has begun: everybody must choose among the same proposals.")]})
    writing.write(current, user, moderation=Moderation.PUBLISHED, moderation_reason="", merged_into=None)


@transaction.atomic
def join(found: Proposal, user: Any, other: Proposal, version: int) -> None:
    """Say that a proposal asks for the same as a published one, which then stands for both. What was joined with it
    goes along. Raises NotAllowed, Invalid."""
    current = _locked(found, user, version)
    target = Proposal.objects.live().filter(pk=other.pk, round=current.round_id, moderation=Moderation.PUBLISHED)
    if other.pk == current.pk or not target.exists():
        raise Invalid({"other": [_("Choose a published proposal of the same round.")]})
    _refuse_voted(current)
    writing.write(current, user, moderation=Moderation.MERGED, moderation_reason="", merged_into=other)
    for each in Proposal.objects.filter(merged_into=current).select_for_update().order_by("pk"):
        writing.write(each, user, merged_into=other)


@transaction.atomic
def refuse(found: Proposal, user: Any, reason: str, version: int) -> None:
    """Do not show a proposal, or no longer. The reason is public, the proposal is not. Raises NotAllowed, Invalid."""
    current = _locked(found, user, version)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why. The reason is public.")]})
    if current.joined.live().filter(moderation=Moderation.MERGED).exists():
        raise Invalid({"__all__": [_("Others were joined with this one. Join them with another first.")]})
    writing.write(
        current, user, moderation=Moderation.REFUSED, moderation_reason=reason.strip()[:200], merged_into=None
    )


def _refuse_voted(current: Proposal) -> None:
    """Votes are for one proposal and cannot go to another. Raises Invalid."""
    days = days_of(current.round)
    begun = days.vote_opens is not None and timezone.localdate() >= days.vote_opens
    if begun and current.moderation == Moderation.PUBLISHED:
        raise Invalid({"__all__": [_("The vote has begun: it stays a proposal of its own.")]})


@transaction.atomic
def answer(found: Proposal, user: Any, decision: str, text: str, version: int) -> Proposal:
    """Answer a published proposal for everybody to read; an answer can be corrected. Raises NotAllowed, Invalid."""
    current = _locked(found, user, version)
    if current.moderation != Moderation.PUBLISHED:
        raise Invalid({"__all__": [_("Only what is published is answered.")]})
    if rules.may_vote(days_of(current.round), timezone.localdate()):
        raise Invalid({"__all__": [_("People are voting: the office answers when the vote is over.")]})
    writing.write(
        current, user, decision=decision, answer=text.strip(), answered_by=user,
        answered_at=current.answered_at or timezone.now(),
    )  # fmt: skip
    return current
