"""How long use training counts (사용교육), by whole months as calendars have them.

Training counts through the same day of the month so many months later; where that month is shorter, through its last
day: what was held on 31 January and counts one month counts through 28 (29) February.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

YEAR = 12


@lru_cache(maxsize=4096)
def valid_until(held_on: date, months: int) -> date:
    """The last day on which it counts."""
    return held_on + relativedelta(months=months)


def earliest(day: date, months: int) -> date:
    """The first day on which training that counts on ``day`` can have been held."""
    found = day - relativedelta(months=months)
    # A day that the shorter month lacks was moved back to its end, from where it does not reach.
    return found if valid_until(found, months) >= day else found + timedelta(days=1)


def hours_within_year(held: Iterable[tuple[date, float]], day: date) -> float:
    """The hours of the twelve months that end on a day, of (day, hours)."""
    since = day - relativedelta(months=YEAR)
    return sum(hours for held_on, hours in held if since < held_on <= day)
