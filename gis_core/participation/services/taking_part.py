"""What a verified person does: propose, and vote once."""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from gis_core.models import Participant, Proposal, ProposalRound, Vote
from gis_core.participation import rules
from gis_core.participation.querysets import days_of, public_rounds, published

PROPOSALS_PER_PERSON = 5


class AlreadyVoted(Exception):
    """This person's ballot was cast before."""


def _held(found: ProposalRound, person: int) -> tuple[ProposalRound, Participant]:
    """The public round as it is now, and its participant, held until the transaction ends. Raises Invalid."""
    current = public_rounds().filter(pk=found.pk).first()
    held = Participant.objects.select_for_update().filter(pk=person, round=found).first()
    if current is None or held is None:
        raise Invalid({"__all__": [_("This is not open any longer.")]})
    return current, held


@transaction.atomic
def propose(found: ProposalRound, person: int, values: Mapping[str, Any], contact: str) -> Proposal:
    """A proposal that waits to be looked at; the same one sent twice is one. ``contact`` is kept for the answer, empty
    where none is wanted. Raises Invalid."""
    current, held = _held(found, person)
    if not rules.may_propose(days_of(current), timezone.localdate()):
        raise Invalid({"__all__": [_("Proposals are not taken today.")]})
    own = Proposal.objects.live().filter(round=current, participant=held)
    same: Proposal | None = own.filter(title=values["title"], text=values["text"]).first()
    if same is None and own.count() >= PROPOSALS_PER_PERSON:
        told = _("You have made %(most)d proposals already. Thank you: that is as many as one person may make.")
        raise Invalid({"__all__": [told % {"most": PROPOSALS_PER_PERSON}]})
    if contact and held.contact != contact:
        held.contact = contact
        held.save(update_fields=["contact"])
    if same is not None:
        return same
    made: Proposal = Proposal.objects.create(
        round=current, participant=held, is_example=current.is_example, **{"area": current.area, **values}
    )
    return made


@transaction.atomic
def vote(found: ProposalRound, person: int, chosen: Collection[int], *, on_site: bool = False) -> None:
    """Cast a person's one ballot. Raises AlreadyVoted, Invalid.

    Who votes twice in the same moment waits for the first on the participant's row.
    """
    current, held = _held(found, person)
    if held.voted_at is not None:
        raise AlreadyVoted
    today = timezone.localdate()
    if not rules.may_vote(days_of(current), today):
        raise Invalid({"__all__": [_("There is no vote today.")]})
    choices = set(chosen)
    if not choices:
        raise Invalid({"choices": [_("Choose at least one proposal.")]})
    if len(choices) > current.votes_per_person:
        told = _("Choose at most %(most)d; you chose %(count)d.")
        raise Invalid({"choices": [told % {"most": current.votes_per_person, "count": len(choices)}]})
    if len(choices) > published(current).filter(pk__in=choices).count():
        raise Invalid({"choices": [_("A proposal that you chose is no longer in the vote. Please choose again.")]})
    Vote.objects.bulk_create(Vote(proposal_id=proposal, on_site=on_site) for proposal in choices)
    # The day only: a moment would tell which ballot is whose.
    held.voted_at = timezone.make_aware(datetime.combine(today, time()))
    held.voted_on_site = on_site
    held.save(update_fields=["voted_at", "voted_on_site"])
