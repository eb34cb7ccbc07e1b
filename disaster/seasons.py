"""When a hazard's season is, by month and day, also over the end of a year. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Edition:
    """One edition of a season: it holds from ``effective_from`` until a later edition does."""

    begins: MonthDay
    ends: MonthDay
    effective_from: date


@dataclass(frozen=True)
class Window:
    """One season with its years, both days included."""

    begin: date
    end: date

    def holds(self, day: date) -> bool:
        return self.begin <= day <= self.end


def in_force(editions: Sequence[Edition], day: date) -> Edition | None:
    """The edition of a day; before the first one, the first: a season that is announced is the best that is known."""
    if not editions:
        return None
    begun = [edition for edition in editions if edition.effective_from <= day]
    if begun:
        return max(begun, key=lambda edition: edition.effective_from)
    return min(editions, key=lambda edition: edition.effective_from)


def season_at(editions: Sequence[Edition], day: date) -> Window | None:
    """The season that runs on a day, or else the next one; by the edition that is in force when it begins."""
    edition = in_force(editions, day)
    if edition is None:
        return None
    found = _next(edition, day)
    later = in_force(editions, found.begin)
    if later is None or later == edition or found.holds(day):
        return found
    return _next(later, day)


def target(window: Window, day: date) -> date:
    """The day that a forecast looks to: the season's first day, or its last while it runs."""
    return window.end if window.holds(day) else window.begin


def _next(edition: Edition, day: date) -> Window:
    for year in (day.year - 1, day.year):
        window = _window(edition, year)
        if window.end >= day:
            return window
    return _window(edition, day.year + 1)


def _window(edition: Edition, year: int) -> Window:
    over_the_year = edition.ends < edition.begins
    return Window(_day(year, edition.begins), _day(year + over_the_year, edition.ends))


def _day(year: int, month_day: MonthDay) -> date:
    """The 29th of February is the 28th in a common year, and so with any day that a month has not."""
    month, day = month_day
    return date(year, month, min(day, monthrange(year, month)[1]))
