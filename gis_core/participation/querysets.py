"""What is asked about rounds: what the public may see, what waits for the office, how a vote came out."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from gis_core.models import Moderation, Participant, Proposal, ProposalRound, Vote

from .rules import CONTACT_DAYS, Days, Place, ranking

LAST_DAY = Greatest(F("closes_on"), Coalesce(F("vote_closes_on"), F("closes_on")))


def days_of(found: ProposalRound) -> Days:
    return Days(found.opens_on, found.closes_on, found.vote_opens_on, found.vote_closes_on)


def public_rounds() -> "QuerySet[ProposalRound]":
    """What anybody may see: nothing before it was published, nothing that was withdrawn."""
    found: QuerySet[ProposalRound] = ProposalRound.objects.live().filter(published_at__lte=timezone.now())
    return found.select_related("area").defer("area__geometry")


def with_last_day(rounds: Any) -> Any:
    """The rounds with ``last_day``."""
    return rounds.annotate(last_day=LAST_DAY)


def published(found: ProposalRound) -> "QuerySet[Proposal]":
    """A round's proposals that the public sees, in the order of their arrival."""
    kept: QuerySet[Proposal] = Proposal.objects.live().filter(round=found, moderation=Moderation.PUBLISHED)
    return (
        kept.select_related("area")
        .defer("area__geometry")
        .annotate(others=Count("joined", filter=Q(joined__moderation=Moderation.MERGED, joined__retired_at=None)))
        .order_by("pk")
    )


def refusals(found: ProposalRound) -> list[tuple[str, int]]:
    """The reasons why proposals were not published, and of how many: the proposals themselves stay unknown."""
    kept = Proposal.objects.live().filter(round=found, moderation=Moderation.REFUSED).order_by()
    counted = kept.values_list("moderation_reason").annotate(count=Count("pk")).order_by("-count", "moderation_reason")
    return [(reason, count) for reason, count in counted]


def waiting(rounds: "QuerySet[ProposalRound]") -> "QuerySet[Proposal]":
    """Proposals that nobody has looked at yet."""
    found: QuerySet[Proposal] = Proposal.objects.live().filter(
        round__in=rounds.order_by().values("pk"), moderation=Moderation.PENDING
    )
    return found


def unanswered(rounds: "QuerySet[ProposalRound] | None" = None, day: date | None = None) -> "QuerySet[Proposal]":
    """Residents' requests without an answer: published proposals of rounds that are over."""
    over = with_last_day(ProposalRound.objects.live().exclude(published_at=None) if rounds is None else rounds)
    over = over.filter(last_day__lt=day or timezone.localdate())
    found: QuerySet[Proposal] = Proposal.objects.live().filter(
        round__in=over.order_by().values("pk"), moderation=Moderation.PUBLISHED, answered_at=None
    )
    return found


def voters(found: ProposalRound) -> tuple[int, int]:
    """How many have voted, and how many of them on site."""
    counted = Participant.objects.filter(round=found, voted_at__isnull=False).aggregate(
        voted=Count("pk"), on_site=Count("pk", filter=Q(voted_on_site=True))
    )
    return counted["voted"], counted["on_site"]


def results(found: ProposalRound, proposals: Iterable[Any]) -> list[tuple[Place, Any]]:
    """The published proposals by their votes. To be asked for when the vote is over: before that nobody may know."""
    shown = {each.pk: each for each in proposals}
    counted = Vote.objects.filter(proposal__in=shown).order_by().values_list("proposal").annotate(count=Count("pk"))
    votes = {**dict.fromkeys(shown, 0), **dict(counted)}
    return [(place, shown[place.proposal]) for place in ranking(votes)]


def to_be_forgotten(day: date) -> "QuerySet[ProposalRound]":
    """Rounds, also retired ones, of which no contact may be known any longer on this day."""
    ended = with_last_day(ProposalRound.objects.all()).filter(last_day__lte=day - timedelta(days=CONTACT_DAYS))
    found: QuerySet[ProposalRound] = ended
    return found
