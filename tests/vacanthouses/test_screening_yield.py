"""Yields: how often each reason was right, with an honest interval, and points that follow from it."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.screening import KnownYield, Reason
from vacanthouses.screening_yield import measure, of, proposed, wilson

KNOWN = KnownYield(0.51, 20, {"ko": "", "en": ""})
TITLE = {"ko": "가", "en": "a"}


@pytest.mark.parametrize(
    ("confirmed", "visited", "low", "high"),
    # Newcombe 1998, table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(confirmed: int, visited: int, low: float, high: float) -> None:
    found = wilson(confirmed, visited)
    assert isclose(found[0], low, abs_tol=1e-4)
    assert isclose(found[1], high, abs_tol=1e-4)


@given(st.integers(0, 500).flatmap(lambda visited: st.tuples(st.integers(0, visited), st.just(visited))))
def test_the_share_lies_within_its_interval(pair: tuple[int, int]) -> None:
    found = of(*pair)
    assert 0 <= found.low <= found.high <= 1
    assert found.share is None if found.visited == 0 else found.low <= found.share <= found.high


def test_a_house_suspected_in_two_rounds_counts_once() -> None:
    overall, by_code = measure([(1, ["a", "b"], True), (1, ["a"], True), (2, ["a"], False)])
    assert (overall.visited, overall.confirmed) == (2, 1)
    assert (by_code["a"].visited, by_code["b"].visited) == (2, 1)


def test_a_reason_that_is_right_more_often_gains_and_one_never_visited_stays() -> None:
    reasons = [Reason(code, TITLE, "sign", "", 20) for code in "abc"]
    overall, by_code = measure([(n, ["a" if n % 2 else "b"], bool(n % 2)) for n in range(40)])
    points = proposed(reasons, KNOWN, overall, by_code)
    assert points["a"] > 20 > points["b"] > 0
    assert points["c"] == 20


@given(st.lists(st.tuples(st.integers(0, 30), st.lists(st.sampled_from("abc")), st.booleans())))
def test_proposed_points_are_points(visits: list[tuple[int, list[str], bool]]) -> None:
    reasons = [Reason(code, TITLE, "sign", "", 60) for code in "abc"]
    overall, by_code = measure(visits)
    assert all(0 <= points <= 100 for points in proposed(reasons, KNOWN, overall, by_code).values())
