"""Which partners can be counted on, on a day, and why not.

A partner counts while an agreement is in force and somebody of it was reached within the last year. Both are shown with
their days, so that whoever reads it knows what to do: renew, or call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

CONFIRMED_MONTHS = 12
LAPSES_SOON_DAYS = 60


class Why(StrEnum):
    """Why a partner does not count."""

    NO_AGREEMENT = "no_agreement"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    NEVER_REACHED = "never_reached"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True)
class Term:
    """When an agreement is in force; ``until`` None is open-ended, and is in force on its last day."""

    signed_on: date
    begins: date
    until: date | None = None

    def in_force(self, day: date) -> bool:
        return max(self.signed_on, self.begins) <= day and (self.until is None or self.until >= day)

    def lapses_soon(self, day: date) -> bool:
        return self.in_force(day) and self.until is not None and (self.until - day).days <= LAPSES_SOON_DAYS


@dataclass(frozen=True)
class Standing:
    reasons: tuple[Why, ...] = ()

    @property
    def counts(self) -> bool:
        return not self.reasons


def confirmed_since(day: date) -> date:
    """Whoever was reached on this day or later is confirmed."""
    return day - relativedelta(months=CONFIRMED_MONTHS)


def standing(terms: Iterable[Term], reached_on: date | None, day: date) -> Standing:
    """``reached_on``: the last day on which somebody was reached, None for never."""
    every = list(terms)
    reasons: list[Why] = []
    if not any(term.in_force(day) for term in every):
        ahead = any(term.until is None or term.until >= day for term in every)
        reasons.append(Why.NOT_BEGUN if ahead else Why.EXPIRED if every else Why.NO_AGREEMENT)
    if reached_on is None:
        reasons.append(Why.NEVER_REACHED)
    elif reached_on < confirmed_since(day):
        reasons.append(Why.NOT_CONFIRMED)
    return Standing(tuple(reasons))
