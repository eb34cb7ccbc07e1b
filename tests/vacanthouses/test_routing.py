"""The order of a day's visits."""

import itertools
import random

import pytest

from vacanthouses import routing


def places(count: int, seed: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(chance.uniform(0, 5000), chance.uniform(0, 5000)) for _ in range(count)]


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("stops", range(7))
def test_a_short_day_is_the_shortest_of_every_order(stops, is_closed):
    matrix = routing.distances(places(stops + 1, stops), 1.3)
    every = (routing.length(matrix, order, is_closed) for order in itertools.permutations(range(1, stops + 1)))
    assert routing.shortest(matrix, is_closed=is_closed).length_m == pytest.approx(min(every))


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_long_day_visits_every_house_once_and_is_the_same_again(is_closed):
    matrix = routing.distances(places(31, 5))
    route = routing.shortest(matrix, is_closed=is_closed, rounds=20)
    assert sorted(route.order) == list(range(1, 31))
    assert not route.is_exact
    assert route == routing.shortest(matrix, is_closed=is_closed, rounds=20)


@pytest.mark.parametrize("is_closed", [True, False])
def test_the_good_order_comes_close_to_the_shortest(is_closed):
    for seed in range(4):
        matrix = routing.distances(places(10, seed))
        good = routing.length(matrix, routing._good(matrix, is_closed, 0, 50), is_closed)
        assert good <= routing.shortest(matrix, is_closed=is_closed).length_m * 1.1


def test_distances_that_differ_by_direction_are_refused():
    with pytest.raises(ValueError, match="both ways"):
        routing.shortest([[0, 1], [2, 0]])
