"""Where a few more help most: the answer is the best there is, and says so only when it is proved."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from disaster import best_places
from disaster.best_places import maximal_covering, p_median


def best_cover(weights: Any, covers: Any, places: int) -> float:
    """By trying every choice."""
    numbers = range(len(covers))
    choices = [chosen for size in range(places + 1) for chosen in combinations(numbers, size)]
    return max(float(weights[covers[list(chosen)].any(axis=0)].sum()) if chosen else 0.0 for chosen in choices)


def least_median(weights: Any, costs: Any, places: int, present: Any = None) -> float:
    """The least sum of weight times cost, by trying every choice."""
    found = [] if present is None else [float((weights * present).sum())]
    for size in range(1, places + 1):
        for chosen in combinations(range(len(costs)), size):
            rows = [*costs[list(chosen)], *([present] if present is not None else [])]
            found.append(float((weights * np.min(rows, axis=0)).sum()))
    return min(found)


@st.composite
def covering(draw: Any) -> tuple[Any, Any, int]:
    candidates, demands = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    weights = draw(arrays.arrays(int, demands, elements=st.integers(0, 300)))
    covers = draw(arrays.arrays(bool, (candidates, demands)))
    return weights, covers, draw(st.integers(1, 4))


@st.composite
def median(draw: Any) -> tuple[Any, Any, int, Any]:
    candidates, demands = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    weights = draw(arrays.arrays(int, demands, elements=st.integers(0, 50)))
    costs = draw(arrays.arrays(int, (candidates, demands), elements=st.integers(0, 90)))
    present = draw(st.none() | arrays.arrays(int, demands, elements=st.integers(0, 90)))
    return weights, costs, draw(st.integers(1, 3)), present


@settings(max_examples=150)
@given(covering())
def test_no_choice_covers_more_than_the_one_that_was_found(asked: tuple[Any, Any, int]) -> None:
    weights, covers, places = asked
    found = maximal_covering(weights, covers, places)
    assert found.is_proved
    assert found.gain == found.bound == pytest.approx(best_cover(weights, covers, places))
    assert len(found.chosen) <= places
    assert found.gain == pytest.approx(weights[covers[list(found.chosen)].any(axis=0)].sum() if found.chosen else 0)


@settings(max_examples=150)
@given(median())
def test_no_choice_makes_the_ways_shorter_than_the_one_that_was_found(asked: tuple[Any, Any, int, Any]) -> None:
    weights, costs, places, present = asked
    found = p_median(weights, costs, places, present=present)
    assert found.is_proved
    rows = [*costs[list(found.chosen)], *([present] if present is not None else [])]
    reached = float((weights * np.min(rows, axis=0)).sum())
    assert reached == pytest.approx(least_median(weights, costs, places, present))
    assert len(found.chosen) <= places


def test_one_after_another_would_choose_worse() -> None:
    """The great one in the middle is taken first by whoever is greedy, and then two halves are left over."""
    covers = np.zeros((3, 12), dtype=bool)
    covers[0, 2:10] = True
    covers[1, :6] = True
    covers[2, 6:] = True
    weights = np.full(12, 10)
    found = maximal_covering(weights, covers, 2)
    assert (found.chosen, found.gain) == ((1, 2), 120)


def test_groups_far_from_each_other_get_one_place_each_in_their_middle() -> None:
    """A p-median whose optimum is known by its making: each group's middle is its 1-median, and the groups lie so far
    apart that no place can serve two."""
    middles = [(0, 0), (1000, 0), (0, 1000), (1000, 1000)]
    places = np.array([(x + dx, y + dy) for x, y in middles for dx, dy in ((0, 0), (9, 0), (-9, 0), (0, 9), (0, -9))])
    costs = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    found = p_median(np.ones(len(places)), costs, 4)
    assert found.is_proved
    assert found.chosen == (0, 5, 10, 15)
    assert (costs[list(found.chosen)].min(axis=0)).sum() == pytest.approx(4 * 4 * 9)


@settings(max_examples=40)
@given(st.integers(2, 4), st.integers(0, 10_000))
def test_groups_that_were_planted_are_found(groups: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    centres = np.array([(number * 10_000.0, 0.0) for number in range(groups)])
    corners = np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]])
    members = [np.vstack([centre, centre + random.uniform(1, 50, (4, 2)) * corners]) for centre in centres]
    places = np.vstack(members)
    costs = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    found = p_median(np.ones(len(places)), costs, groups)
    assert {each // 5 for each in found.chosen} == set(range(groups))
    alone = sum(
        costs[5 * group : 5 * group + 5, 5 * group : 5 * group + 5].sum(axis=1).min() for group in range(groups)
    )
    assert costs[list(found.chosen)].min(axis=0).sum() == pytest.approx(alone)


def test_nothing_is_chosen_for_no_gain() -> None:
    covers = np.array([[True, True], [True, False], [False, True]])
    assert maximal_covering(np.array([5, 7]), covers, 3).chosen == (0,)
    assert maximal_covering(np.array([0, 0]), covers, 2).chosen == ()
    assert maximal_covering(np.array([5, 7]), np.zeros((2, 2), dtype=bool), 2).chosen == ()
    present = np.array([1.0, 1.0])
    assert p_median(np.array([5, 7]), np.array([[3.0, 4.0]]), 1, present=present).chosen == ()


def test_where_time_runs_out_the_bound_is_told_and_nothing_is_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS may stop with an answer and a bound, or with none at all."""
    weights, covers = np.array([10, 20, 30]), np.eye(3, dtype=bool)

    class Stopped:
        status, x, mip_dual_bound = 1, None, -55.5

    monkeypatch.setattr(best_places, "milp", lambda *_args, **_options: Stopped)
    found = maximal_covering(weights, covers, 2)
    # The greedy choice happens to reach 50; nobody has proved it, and whole people make the bound 55.
    assert (found.chosen, found.gain, found.bound, found.is_proved) == ((1, 2), 50, 55, False)
    assert found.gap == pytest.approx(5 / 55)
    Stopped.mip_dual_bound = None  # type: ignore[assignment]
    found = maximal_covering(weights, covers, 2)
    assert (found.bound, found.is_proved) == (60, False)


def test_a_city_of_villages_is_solved_while_somebody_waits() -> None:
    random = np.random.default_rng(7)
    villages, candidates = random.uniform(0, 30_000, (180, 2)), random.uniform(0, 30_000, (90, 2))
    covers = np.hypot(*(candidates[:, None] - villages[None]).transpose(2, 0, 1)) < 5000
    found = maximal_covering(random.integers(10, 200, 180), covers, 5, seconds=20)
    assert found.is_proved
    assert 0 < found.gain <= found.bound
