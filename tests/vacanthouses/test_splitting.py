"""A round's houses are split into areas of one piece with nearly the same work."""

import random

import networkx as nx
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vacanthouses.routing_support import least_possible, optimum
from vacanthouses import day_plan, routing, splitting

COUNT = 12


def villages(houses: int, seed: int) -> list[tuple[float, float]]:
    """Houses in villages of very different sizes, metres."""
    chance = random.Random(seed)
    middles = [(chance.uniform(0, 12000), chance.uniform(0, 9000)) for _ in range(25)]
    weights = [chance.uniform(1, 6) for _ in middles]
    chosen = chance.choices(middles, weights, k=houses)
    return [(x + chance.gauss(0, 180), y + chance.gauss(0, 140)) for x, y in chosen]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_six_hundred_houses_become_twelve_areas_in_one_piece_within_fifteen_percent(seed: int) -> None:
    points = villages(600, seed)
    chance = random.Random(seed)
    minutes = [chance.choice([15.0, 20.0, 30.0]) for _ in points]
    areas = splitting.split(points, minutes, COUNT)
    graph = splitting.neighbours(points)
    assert sorted(house for area in areas for house in area.houses) == list(range(600))
    assert all(nx.is_connected(graph.subgraph(area.houses)) for area in areas)
    share = sum(minutes) / COUNT
    assert all(abs(sum(minutes[h] for h in area.houses) / share - 1) <= 0.15 for area in areas)


def test_the_routes_of_six_hundred_houses_are_within_five_percent_of_the_solver() -> None:
    points = villages(600, 1)
    areas = splitting.split(points, [20.0] * 600, COUNT)
    # Two of the areas, for time's sake: the solver takes a second or more for each.
    matrices = [routing.distances([points[house] for house in area.houses]) for area in areas[::6]]
    made = sum(routing.shortest(matrix).length_m for matrix in matrices)
    assert made <= sum(optimum(matrix) for matrix in matrices) * 1.05


@pytest.mark.parametrize("seed", [1, 3])
def test_the_routes_of_all_twelve_areas_are_proved_within_ten_percent_of_the_shortest_there_can_be(seed: int) -> None:
    points = villages(600, seed)
    made = least = 0.0
    for area in splitting.split(points, [20.0] * 600, COUNT):
        houses = [points[house] for house in area.houses]
        start = (sum(x for x, _y in houses) / len(houses), sum(y for _x, y in houses) / len(houses))
        matrix = routing.distances([start, *houses])
        # As thorough as the pages are (day_plan.best_order).
        length = routing.shortest(matrix, rounds=day_plan.SEARCH_ROUNDS).length_m
        bound = least_possible(matrix, length, rounds=250)
        assert bound <= length
        made, least = made + length, least + bound
    assert made <= least * 1.10


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=40),
    st.integers(1, 6),
)
def test_every_house_is_in_one_area_and_no_area_is_empty_or_broken(
    points: list[tuple[float, float]], wanted: int
) -> None:
    count = min(wanted, len(points))
    areas = splitting.split(points, [10.0] * len(points), count)
    assert sorted(house for area in areas for house in area.houses) == list(range(len(points)))
    assert all(area.houses and area.is_connected for area in areas)


def test_a_house_that_takes_longer_than_a_share_is_told_as_uneven() -> None:
    areas = splitting.split([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)], [100.0, 10.0, 10.0], 2)
    assert [area.is_even for area in areas] == [False, False]


def test_more_areas_than_houses_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one house"):
        splitting.split([(0.0, 0.0)], [10.0], 2)


def test_the_areas_cover_the_town_and_do_not_overlap() -> None:
    points = villages(80, 4)
    town = shapely.MultiPoint(points).envelope.buffer(500)
    areas = splitting.split(points, [20.0] * 80, 5)
    shapes = splitting.outlines(points, areas, town)
    assert sum(shape.area for shape in shapes) == pytest.approx(town.area, rel=1e-6)
    for area, shape in zip(areas, shapes, strict=True):
        assert all(shape.buffer(1e-3).contains(shapely.Point(points[house])) for house in area.houses)
