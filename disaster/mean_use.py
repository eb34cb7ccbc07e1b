"""A standard quantity proposed from what was used: the mean of the last five full years (재난관리자원법 §29). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

YEARS = 5


@dataclass(frozen=True)
class Proposal:
    """``quantity`` rounded up to whole units; ``used`` by the years it rests on, which may be fewer than five."""

    quantity: int
    used: dict[int, int]

    @property
    def is_full(self) -> bool:
        return len(self.used) == YEARS


def proposal(used: Mapping[int, int], begins: date | None, today: date) -> Proposal | None:
    """Of use by year, and the day on which the ledger begins. None where the ledger holds no full year.

    A full year without use is a year of zero; a year that the ledger does not hold in full is no year.
    """
    if begins is None:
        return None
    first = begins.year if (begins.month, begins.day) == (1, 1) else begins.year + 1
    years = range(max(first, today.year - YEARS), today.year)
    if not years:
        return None
    total = sum(used.get(year, 0) for year in years)
    return Proposal(-(-total // len(years)), {year: used.get(year, 0) for year in years})
