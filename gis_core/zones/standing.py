"""How an agreement of a zone stands on a day. Pure: an agreement counts from its first to its last day by itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# So many days before its end somebody has to think of renewing it.
ENDING_SOON_DAYS = 60


class State(StrEnum):
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDING = "ending"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Standing:
    """``days`` until it begins or ends (today counts as 0), or since it ended; None where it has no end."""

    state: State
    days: int | None = None

    @property
    def is_in_force(self) -> bool:
        return self.state in {State.IN_FORCE, State.ENDING}


def standing(valid_from: date, valid_until: date | None, day: date) -> Standing:
    if day < valid_from:
        return Standing(State.COMING, (valid_from - day).days)
    if valid_until is None:
        return Standing(State.IN_FORCE)
    left = (valid_until - day).days
    if left < 0:
        return Standing(State.EXPIRED, -left)
    return Standing(State.ENDING if left <= ENDING_SOON_DAYS else State.IN_FORCE, left)
