"""Answers go to those who left an address for them: once each, and a failure loses neither answer nor address."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gis_core.models import Channel, Participant, Proposal, Submission
from gis_core.participation import senders, words

# Shorter than ``maintain`` keeps form tokens, by which it is known that an answer was sent.
TRIED_FOR = timedelta(days=5)
_ANSWERS = uuid.UUID("0d9e7b44-6a1b-4f0c-8a3e-8be2d2a7c1f6")


def recipients(proposal: Proposal) -> Iterator[Participant]:
    """Who proposed it, or what was joined with it, and wants the answer."""
    makers = Proposal.objects.live().filter(Q(pk=proposal.pk) | Q(merged_into=proposal)).values("participant")
    reached = [channel for channel in senders.channels() if channel != Channel.ON_SITE]
    yield from Participant.objects.filter(pk__in=makers, channel__in=reached).exclude(contact="").order_by("pk")


def send(proposal: Proposal) -> tuple[int, int]:
    """How many answers went out now, and how many could not. To be called when the answer is committed."""
    sent = failed = 0
    for person in recipients(proposal):
        try:
            sent += _send(proposal, person)
        except senders.SendingFailed:
            failed += 1
    return sent, failed


@transaction.atomic
def _send(proposal: Proposal, person: Participant) -> bool:
    """Whether it was not sent before. Who runs at the same time waits here; a failure takes the note back."""
    token = uuid.uuid5(_ANSWERS, f"{proposal.pk} {person.pk}")
    facts = {"user": proposal.answered_by, "layer": "answer", "record_id": proposal.pk}
    _submission, is_new = Submission.objects.get_or_create(token=token, defaults=facts)
    if is_new:
        senders.send(person.channel, person.contact, *words.answer_mail(proposal))
    return is_new


def send_all() -> tuple[int, int]:
    """Try those again that did not go out. How many went, and how many could not."""
    lately = Proposal.objects.live().filter(
        answered_at__gt=timezone.now() - TRIED_FOR, answered_by__isnull=False, round__published_at__isnull=False
    )
    counts = [send(proposal) for proposal in lately.select_related("round", "answered_by").order_by("pk")]
    return sum(sent for sent, _failed in counts), sum(failed for _sent, failed in counts)
