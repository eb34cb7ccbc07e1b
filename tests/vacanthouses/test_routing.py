"""A crew's day: the shortest order of up to ten houses, and nearly the shortest of more."""

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vacanthouses.routing_support import least_possible, optimum, optimum_open
from vacanthouses import routing

points = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=1, max_size=7)


def scattered(count: int, seed: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(chance.uniform(0, 6000), chance.uniform(0, 4000)) for _ in range(count)]


@pytest.mark.parametrize(("stops", "seed"), [(12, 1), (14, 2), (16, 3), (18, 4), (18, 5)])
def test_a_route_of_twelve_to_eighteen_houses_is_within_two_percent_of_the_solver(stops: int, seed: int) -> None:
    matrix = routing.distances(scattered(stops + 1, seed))
    assert routing.shortest(matrix).length_m <= optimum(matrix) * 1.02


@pytest.mark.parametrize("seed", range(40))
def test_up_to_ten_houses_the_route_is_as_short_as_the_solvers(seed: int) -> None:
    chance = random.Random(seed)
    matrix = routing.distances(scattered(chance.randint(3, 11), seed))
    for is_closed, solver in ((True, optimum), (False, optimum_open)):
        found = routing.shortest(matrix, is_closed=is_closed)
        assert found.is_exact
        assert found.length_m == pytest.approx(solver(matrix), rel=1e-6)


def test_the_bound_that_longer_routes_are_held_against_is_below_the_solvers_and_near_it() -> None:
    for seed in range(6):
        matrix = routing.distances(scattered(14, seed))
        shortest = optimum(matrix)
        assert shortest * 0.9 <= least_possible(matrix, shortest) <= shortest * (1 + 1e-9)


def test_a_route_of_fifty_houses_is_within_five_percent_of_the_solver() -> None:
    matrix = routing.distances(scattered(51, 9))
    assert routing.shortest(matrix).length_m <= optimum(matrix) * 1.05


@settings(deadline=None, max_examples=60)
@given(points, st.booleans())
def test_up_to_ten_houses_no_order_is_shorter(places: list[tuple[float, float]], is_closed: bool) -> None:
    matrix = routing.distances(places)
    route = routing.shortest(matrix, is_closed=is_closed)
    tried = (routing.length(matrix, order, is_closed) for order in permutations(range(1, len(places))))
    assert route.is_exact
    assert route.length_m == pytest.approx(min(tried), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(11, 40), st.integers(0, 10_000))
def test_every_house_is_visited_once_and_coming_back_is_never_shorter(stops: int, seed: int) -> None:
    matrix = routing.distances(scattered(stops + 1, seed))
    closed = routing.shortest(matrix, rounds=20)
    opened = routing.shortest(matrix, is_closed=False, rounds=20)
    for route, is_closed in ((closed, True), (opened, False)):
        assert sorted(route.order) == list(range(1, stops + 1))
        assert route.length_m == pytest.approx(routing.length(matrix, route.order, is_closed))
    # The closed tour without its way back is an open route, so the best open one may only be beaten by luck of search.
    assert opened.length_m <= closed.length_m * 1.05


def test_the_same_houses_give_the_same_route() -> None:
    matrix = routing.distances(scattered(30, 5))
    assert routing.shortest(matrix, seed=3) == routing.shortest(matrix, seed=3)


def test_nobody_to_visit_is_a_route_of_no_length() -> None:
    assert routing.shortest([[0.0]]) == routing.Route((), 0.0, True)


def test_many_houses_at_one_address_are_one_stop_long() -> None:
    matrix = routing.distances([(0, 0)] + [(300.0, 400.0)] * 14)
    assert routing.shortest(matrix).length_m == pytest.approx(1000)


def test_distances_that_differ_by_direction_are_refused() -> None:
    with pytest.raises(ValueError, match="both ways"):
        routing.shortest([[0, 1], [2, 0]])
