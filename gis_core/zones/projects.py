"""What can be said of a zone's project: whether its stage fits its days, and its money, summed. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

START_MISSING: Final = "start_missing"
START_AHEAD: Final = "start_ahead"
END_MISSING: Final = "end_missing"
END_AHEAD: Final = "end_ahead"
ENDS_FIRST: Final = "ends_first"


def stage_faults(stage: str, starts_on: date | None, ends_on: date | None, today: date) -> list[tuple[str, str]]:
    """What speaks against a stage, as (field, code): one begins before it is under way, and ends before it is over."""
    found = []
    if starts_on and ends_on and ends_on < starts_on:
        found.append(("ends_on", ENDS_FIRST))
    if stage in {"underway", "finished"}:
        if starts_on is None:
            found.append(("starts_on", START_MISSING))
        elif starts_on > today:
            found.append(("starts_on", START_AHEAD))
    if stage == "finished":
        if ends_on is None:
            found.append(("ends_on", END_MISSING))
        elif ends_on > today:
            found.append(("ends_on", END_AHEAD))
    return found


@dataclass(frozen=True)
class Line:
    """Money (KRW) of one source in one year; ``spent`` is None while nobody has said."""

    year: int
    source: str
    planned: int
    spent: int | None


@dataclass(frozen=True)
class Money:
    """Lines added up. ``spent`` holds what is known of; None when that is nothing. ``unknown`` lines are without it."""

    planned: int = 0
    spent: int | None = None
    unknown: int = 0

    @property
    def share(self) -> float | None:
        """Percent of the plan that was spent, where it is known of every line."""
        return 100 * self.spent / self.planned if self.spent is not None and not self.unknown and self.planned else None

    @property
    def is_over(self) -> bool:
        """Whether more was spent than planned; what is unknown can only make it more."""
        return self.spent is not None and self.spent > self.planned


def summed(lines: Iterable[Line]) -> Money:
    found = list(lines)
    spent = [line.spent for line in found if line.spent is not None]
    return Money(sum(line.planned for line in found), sum(spent) if spent else None, len(found) - len(spent))


def by_year(lines: Iterable[Line]) -> list[tuple[int, Money]]:
    return _grouped(lines, attrgetter("year"))


def by_source(lines: Iterable[Line]) -> list[tuple[str, Money]]:
    return _grouped(lines, attrgetter("source"))


def _grouped(lines: Iterable[Line], key: Callable[[Line], Any]) -> list[tuple[Any, Money]]:
    return [(each, summed(members)) for each, members in groupby(sorted(lines, key=key), key=key)]
