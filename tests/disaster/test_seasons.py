"""When a hazard's season is: within a year, over its end, by the edition in force."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.seasons import Edition, Window, season_at, target

FLOOD = Edition((5, 15), (10, 15), date(2024, 1, 1))
SNOW = Edition((11, 15), (3, 15), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("edition", "day", "begin", "end"),
    [
        (FLOOD, date(2026, 5, 14), date(2026, 5, 15), date(2026, 10, 15)),
        (FLOOD, date(2026, 5, 15), date(2026, 5, 15), date(2026, 10, 15)),
        (FLOOD, date(2026, 10, 15), date(2026, 5, 15), date(2026, 10, 15)),
        (FLOOD, date(2026, 10, 16), date(2027, 5, 15), date(2027, 10, 15)),
        (SNOW, date(2026, 12, 31), date(2026, 11, 15), date(2027, 3, 15)),
        (SNOW, date(2027, 1, 1), date(2026, 11, 15), date(2027, 3, 15)),
        (SNOW, date(2027, 3, 16), date(2027, 11, 15), date(2028, 3, 15)),
    ],
)
def test_a_season_is_the_one_that_runs_or_the_next(edition: Edition, day: date, begin: date, end: date) -> None:
    assert season_at([edition], day) == Window(begin, end)


def test_a_later_edition_counts_for_the_season_that_begins_under_it() -> None:
    earlier = Edition((5, 1), (10, 15), date(2027, 1, 1))
    assert season_at([FLOOD, earlier], date(2026, 11, 1)) == Window(date(2027, 5, 1), date(2027, 10, 15))
    assert season_at([FLOOD, earlier], date(2026, 4, 1)) == Window(date(2026, 5, 15), date(2026, 10, 15))


def test_a_day_that_a_month_has_not_is_its_last() -> None:
    leap = Edition((2, 29), (2, 29), date(2020, 1, 1))
    assert season_at([leap], date(2027, 1, 1)) == Window(date(2027, 2, 28), date(2027, 2, 28))
    assert season_at([leap], date(2028, 1, 1)) == Window(date(2028, 2, 29), date(2028, 2, 29))


def test_without_any_edition_there_is_no_season() -> None:
    assert season_at([], date(2026, 1, 1)) is None


def test_a_forecast_looks_to_the_begin_and_during_the_season_to_its_end() -> None:
    window = Window(date(2026, 5, 15), date(2026, 10, 15))
    assert target(window, date(2026, 5, 14)) == date(2026, 5, 15)
    assert target(window, date(2026, 5, 15)) == date(2026, 10, 15)


month_days = st.tuples(st.integers(1, 12), st.integers(1, 31))


@given(month_days, month_days, st.dates(date(2024, 2, 1), date(2032, 12, 31)))
def test_a_season_never_lies_wholly_in_the_past(begins: tuple[int, int], ends: tuple[int, int], day: date) -> None:
    window = season_at([Edition(begins, ends, date(2024, 1, 1))], day)
    assert window is not None
    assert window.end >= day
    assert window.begin <= window.end
    assert (window.begin - day).days <= 366
