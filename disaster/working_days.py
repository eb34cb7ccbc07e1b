"""Which days are worked in Korea: weekends, public holidays with their substitutes, and what is known here only.

Pure: no Django. The ``holidays`` library knows the law's holidays, substitute holidays and election days, as far as
they are announced; what it does not know (a temporary holiday of this year, a day the city works) is given in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

SATURDAY = 5


@dataclass(frozen=True)
class LocalDay:
    """A day that is free here, or worked here, whatever the library says."""

    day: date
    name: str
    is_working_day: bool = False


@lru_cache(maxsize=256)
def _year(year: int, language: str) -> dict[date, str]:
    spoken = "en_US" if language == "en" else "ko"
    return dict(holidays.country_holidays("KR", years=year, language=spoken).items())


def public_holiday(day: date, language: str = "ko") -> str:
    """The name of the public holiday on a day; "" where there is none."""
    return _year(day.year, language).get(day, "")


class WorkingDays:
    """The calendar with the days that are known here only."""

    def __init__(self, local: Iterable[LocalDay] = ()) -> None:
        self._local = {each.day: each for each in local}

    def is_working(self, day: date) -> bool:
        known = self._local.get(day)
        if known is not None:
            return known.is_working_day
        return day.weekday() < SATURDAY and not public_holiday(day)

    def name(self, day: date, language: str = "ko") -> str:
        """Why a day is free, or worked although it would be free: its name; "" for an ordinary day or weekend."""
        known = self._local.get(day)
        return known.name if known is not None else public_holiday(day, language)


def holidays_of(year: int, language: str = "ko") -> list[tuple[date, str]]:
    """The law's holidays of a year, in order."""
    return sorted(_year(year, language).items())
