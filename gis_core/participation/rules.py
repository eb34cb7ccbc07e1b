"""When residents may propose and vote, and what a vote has come to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# How long contacts are kept after a round's last day, for answers.
CONTACT_DAYS = 30


class Phase(StrEnum):
    COMING = "coming"
    PROPOSING = "proposing"
    BETWEEN = "between"
    VOTING = "voting"
    OVER = "over"


@dataclass(frozen=True)
class Days:
    """Days in Korea, the last one included. ``vote_*`` are both None where nobody votes."""

    opens: date
    closes: date
    vote_opens: date | None = None
    vote_closes: date | None = None

    @property
    def last(self) -> date:
        return max(self.closes, self.vote_closes or self.closes)

    @property
    def forgotten_from(self) -> date:
        """The first day on which no contact may be known any longer."""
        return self.last + timedelta(days=CONTACT_DAYS)


def may_propose(days: Days, today: date) -> bool:
    return days.opens <= today <= days.closes


def may_vote(days: Days, today: date) -> bool:
    return days.vote_opens is not None and days.vote_closes is not None and days.vote_opens <= today <= days.vote_closes


def phase(days: Days, today: date) -> Phase:
    if may_vote(days, today):
        return Phase.VOTING
    if may_propose(days, today):
        return Phase.PROPOSING
    if today > days.last:
        return Phase.OVER
    return Phase.COMING if today < days.opens else Phase.BETWEEN


def turnout(voters: int, eligible: int | None) -> float | None:
    """Percent of those who may vote; None where their number is not known, or is smaller than the voters'."""
    if not eligible or voters > eligible:
        return None
    return voters / eligible * 100


@dataclass(frozen=True)
class Place:
    """A proposal's place in the results; those with as many votes share a rank, and the next one is left out."""

    rank: int
    proposal: int
    votes: int
    is_tied: bool


def ranking(votes: Mapping[int, int]) -> list[Place]:
    """Proposals by their votes, the most first; ties in the order of their numbers."""
    counts = list(votes.values())
    ordered = sorted(votes.items(), key=lambda each: (-each[1], each[0]))
    return [
        Place(1 + sum(other > count for other in counts), proposal, count, counts.count(count) > 1)
        for proposal, count in ordered
    ]
