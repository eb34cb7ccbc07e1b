"""Adding up programmes: reported figures and projects, exactly."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from facilities.rollup import Figures, Tally, by_district, by_year, lines, reported, total
from facilities.stages import ORDER

COUNTS = st.integers(0, 10**9)
TALLIES = st.builds(Tally, COUNTS, st.tuples(*[COUNTS] * len(ORDER)), COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


def row(district: str, year: int, projects: int, budget: int = 0) -> dict[str, object]:
    stages = {f"at_{stage}": projects if stage == "completion" else 0 for stage in ORDER}
    return {
        "district_name": district, "district_code": district, "year": year, "projects": projects, **stages,
        "budget_krw": budget, "executed_krw": None, "meetings": 2 * projects, "requests_open": 0, "without_meeting": 0,
    }  # fmt: skip


def test_districts_years_and_the_whole_add_up() -> None:
    found = lines([row("가", 2015, 3, 100), row("가", 2016, 4, 50), row("나", 2016, 5)])
    assert [(line.code, line.tally.projects) for line in by_district(found)] == [("가", 7), ("나", 5)]
    assert [(year, tally.projects) for year, tally in by_year(found)] == [(2015, 3), (2016, 9)]
    everything = total(line.tally for line in found)
    assert (everything.projects, everything.completed, everything.budget_krw) == (12, 12, 150)
    assert everything.meetings_per_centre == 2.0


@hypothesis_settings(max_examples=50)
@given(st.lists(TALLIES, max_size=6), TALLIES)
def test_a_sum_does_not_depend_on_the_order_and_loses_nothing(tallies: list[Tally], one: Tally) -> None:
    assert total([*tallies, one]) == total([one, *reversed(tallies)]) == total(tallies) + one


def test_nothing_has_no_rate() -> None:
    assert total([]).execution_rate is None
    assert total([]).meetings_per_centre is None


def test_a_measure_of_the_whole_time_counts_only_where_no_year_has_it() -> None:
    found = reported(
        [
            Figures(2015, values={"centres": 79}),
            Figures(2016, values={"centres": 204, "meetings": 979}),
            Figures(None, values={"centres": 999, "white_papers": 1}),
        ]
    )
    assert found.total.get("centres") == 283
    assert found.total.get("white_papers") == 1
    assert found.total.get("press_reports") is None


def test_meetings_per_centre_divide_what_was_counted_in_the_same_years() -> None:
    found = reported([Figures(2015, values={"centres": 79}), Figures(2016, values={"centres": 204, "meetings": 979})])
    assert found.per_centre == pytest.approx(979 / 204)


def test_figures_of_a_whole_programme_are_not_added_to_those_of_its_parts() -> None:
    both = [
        Figures(2016, values={"centres": 18}),
        Figures(2016, "강남구", {"centres": 10}),
        Figures(2016, "중구", {"centres": 8}),
    ]
    assert reported(both).total.get("centres") == 18
    parts = reported(both[1:])
    assert parts.total.get("centres") == 18
    assert parts.summed == {2016}
