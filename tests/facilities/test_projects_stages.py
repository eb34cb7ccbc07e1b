"""The order of stages and what their dates say."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from facilities.models import Stage
from facilities.stages import ORDER, Dates, bars, furthest, next_stage, overdue, warnings

TODAY = date(2026, 6, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def codes(current: str, dates: dict[str, Dates]) -> list[tuple[str, str]]:
    return [(each.code, each.stage) for each in warnings(current, dates, TODAY)]


def test_the_rules_and_the_database_name_the_stages_alike() -> None:
    assert tuple(Stage.values) == ORDER
    assert [next_stage(stage) for stage in ORDER] == [*ORDER[1:], None]


def test_stages_reached_one_after_another_raise_no_warning() -> None:
    dates = {
        "survey": Dates(date(2026, 1, 5), date(2026, 1, 5)),
        "agreement": Dates(date(2026, 2, 2), date(2026, 2, 2)),
        "design_report": Dates(planned_on=date(2026, 7, 1)),
    }
    assert codes("agreement", dates) == []


def test_a_stage_reached_before_the_one_that_comes_first_is_told_even_when_one_between_has_no_date() -> None:
    dates = {"survey": Dates(reached_on=date(2026, 3, 1)), "design_report": Dates(reached_on=date(2026, 2, 1))}
    assert codes("design_report", dates) == [("reached_before_former", "design_report")]


def test_plans_in_the_wrong_order_are_told_apart_from_dates_in_the_wrong_order() -> None:
    dates = {
        "survey": Dates(date(2026, 3, 1), date(2026, 3, 1)),
        "agreement": Dates(date(2026, 2, 1), date(2026, 4, 1)),
    }
    assert codes("agreement", dates) == [("planned_before_former", "agreement")]


def test_a_day_that_has_not_come_a_missing_date_and_a_later_stage_reached_are_told() -> None:
    dates = {"construction": Dates(reached_on=TODAY + timedelta(days=1))}
    assert codes("survey", dates) == [
        ("reached_in_future", "construction"),
        ("current_without_date", "survey"),
        ("later_reached", "construction"),
    ]


def test_a_project_is_late_from_the_day_after_the_planned_one() -> None:
    dates = {"survey": Dates(reached_on=date(2026, 1, 1)), "agreement": Dates(planned_on=TODAY)}
    assert overdue("survey", dates, TODAY) is None
    assert overdue("survey", dates, TODAY + timedelta(days=1)) == "agreement"
    assert overdue("agreement", dates, TODAY + timedelta(days=1)) is None


def test_the_furthest_stage_is_the_last_one_reached() -> None:
    assert furthest({}) is None
    assert furthest({"survey": Dates(reached_on=TODAY), "construction": Dates(reached_on=TODAY)}) == "construction"


@hypothesis_settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(ORDER), DAYS), DAYS)
def test_bars_follow_one_another_without_gaps_or_running_backwards(days: dict[str, date], until: date) -> None:
    found = bars(days, until)
    assert {bar.stage for bar in found} == set(days)
    assert all(bar.start <= bar.end for bar in found)
    assert [bar.start for bar in found] == sorted(bar.start for bar in found)
    for one, following in pairwise(found):
        assert one.end == following.start or one.stage == "completion"


@pytest.mark.parametrize("stage", ORDER)
def test_a_project_without_any_date_is_only_asked_for_the_one_it_stands_in(stage: str) -> None:
    assert codes(stage, {}) == [("current_without_date", stage)]
