"""Who is in reach: straight or along roads, and what is not known is not called far or near."""

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from disaster.coverage import Assumptions, Measure, State, Tally, costs, reach, tally
from disaster.road_network import Network, Piece

ASSUMED = Assumptions(detour=1.5, speed_kmh=30)


def road(*places: tuple[float, float], speed: float = 60, one_way: bool = False) -> Piece:
    return Piece(LineString(places), speed, one_way)


def value(network: Network | None, source: Any, target: Any, measure: Measure = Measure.KM) -> float:
    return float(costs([source], [target], measure, ASSUMED, network).values[0, 0])


def test_a_straight_line_is_longer_by_the_detour_and_takes_time_by_the_speed() -> None:
    assert value(None, (0, 0), (3000, 4000)) == pytest.approx(7.5)
    assert value(None, (0, 0), (3000, 4000), Measure.MINUTES) == pytest.approx(15)


def test_along_a_road_its_own_length_and_speed_count() -> None:
    network = Network([road((0, 0), (6000, 0), (6000, 6000))])
    assert value(network, (0, 0), (6000, 6000)) == pytest.approx(12)
    assert value(network, (0, 0), (6000, 6000), Measure.MINUTES) == pytest.approx(12)


def test_places_beside_a_road_drive_to_it_first_and_join_it_in_its_middle() -> None:
    network = Network([road((0, 0), (10_000, 0))])
    # 100 m and 200 m to the road with the detour, 3 km on it.
    assert value(network, (2000, 100), (5000, -200)) == pytest.approx(3 + 0.3 * 1.5)


def test_both_places_on_one_piece_need_no_end_of_it() -> None:
    network = Network([road((0, 0), (10_000, 0), one_way=True)])
    assert value(network, (2000, 0), (5000, 0)) == pytest.approx(3)
    assert math.isnan(value(network, (5000, 0), (2000, 0)))


def test_ends_that_nearly_meet_are_joined_and_roads_that_cross_are_not() -> None:
    near = Network([road((0, 0), (1000, 0)), road((1003, 0), (2000, 0))])
    assert value(near, (0, 0), (2000, 0)) == pytest.approx(1.997)
    over = Network([road((0, 0), (2000, 0)), road((1000, -1000), (1000, 1000))])
    assert math.isnan(value(over, (0, 0), (1000, 1000)))


def test_an_end_in_the_middle_of_another_road_is_a_junction() -> None:
    network = Network([road((0, 0), (2000, 0)), road((1000, 2), (1000, 1000))])
    assert value(network, (0, 0), (1000, 1000)) == pytest.approx(1.998)


def test_of_two_roads_between_the_same_ends_the_quicker_is_taken() -> None:
    network = Network([road((0, 0), (6000, 0), speed=20), road((0, 0), (3000, 10), (6000, 0), speed=60)])
    assert value(network, (0, 0), (6000, 0), Measure.MINUTES) == pytest.approx(6, abs=0.01)


def test_a_place_far_from_every_road_is_reached_in_a_straight_line_and_it_is_said() -> None:
    network = Network([road((0, 0), (1000, 0))])
    found = costs([(0, 0)], [(1000, 0), (0, 2000)], Measure.KM, ASSUMED, network)
    assert found.is_straight.tolist() == [[False, True]]
    assert found.values[0].tolist() == pytest.approx([1.0, 3.0])


@st.composite
def webs(draw: Any) -> tuple[list[tuple[int, int, int, int, bool]], int]:
    """Roads between the corners of a grid, and how many corners there are on a side."""
    side = draw(st.integers(2, 4))
    corner = st.integers(0, side * side - 1)
    edge = st.tuples(corner, corner, st.integers(10, 90), st.just(0), st.booleans())
    edges = draw(st.lists(edge.filter(lambda each: each[0] != each[1]), min_size=1, max_size=14))
    return edges, side


@settings(max_examples=120)
@given(webs())
def test_the_ways_are_those_that_another_solver_finds(web: tuple[list[tuple[int, int, int, int, bool]], int]) -> None:
    edges, side = web
    # Skewed, so that no corner lies on a road between two others.
    places = [(1000.0 * x + 37 * y**2, 1000.0 * y + 53 * x**2) for y in range(side) for x in range(side)]
    graph = nx.DiGraph()
    pieces = []
    for start, end, speed, _none, one_way in edges:
        # Each a bend of its own: roads that lie on one another would meet everywhere.
        middle = tuple((a + b) / 2 + 11 * (len(pieces) + 1) for a, b in zip(places[start], places[end], strict=True))
        line = LineString([places[start], middle, places[end]])
        pieces.append(Piece(line, speed, one_way))
        minutes = line.length / 1000 / speed * 60
        for one, other in [(start, end), *([] if one_way else [(end, start)])]:
            if minutes < graph.get_edge_data(one, other, {"weight": math.inf})["weight"]:
                graph.add_edge(one, other, weight=minutes)
    used = sorted(graph.nodes)
    network = Network(pieces, snap_m=0.5, join_m=0.5)
    found = costs([places[n] for n in used], [places[n] for n in used], Measure.MINUTES, ASSUMED, network)
    expected = dict(nx.all_pairs_dijkstra_path_length(graph))
    for row, start in enumerate(used):
        for column, end in enumerate(used):
            wanted = expected[start].get(end, math.nan)
            assert found.values[row, column] == pytest.approx(wanted, abs=1e-6, nan_ok=True)


def test_a_village_without_a_known_way_is_not_known_while_it_could_be_near_and_out_when_it_is_far_anyway() -> None:
    network = Network([road((0, 0), (1000, 0)), road((3000, 0), (4000, 0)), road((90_000, 0), (91_000, 0))])
    found = costs([(0, 0)], [(1000, 0), (3000, 0), (90_000, 0)], Measure.KM, ASSUMED, network)
    states = [each.state for each in reach(found, 5)]
    assert states == [State.REACHED, State.UNKNOWN, State.OUT]


def test_a_depot_of_which_nobody_knows_whether_it_has_any_makes_a_village_unknown_not_reached() -> None:
    villages = [(0, 0), (10_000, 0), (50_000, 0)]
    known = costs([(0, 0)], villages, Measure.KM, ASSUMED)
    possible = costs([(10_000, 0)], villages, Measure.KM, ASSUMED)
    assert [each.state for each in reach(known, 3, possible)] == [State.REACHED, State.UNKNOWN, State.OUT]
    nothing = costs([], villages, Measure.KM, ASSUMED)
    assert [each.state for each in reach(nothing, 3)] == [State.OUT] * 3


@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1, max_size=6),
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1, max_size=6),
    st.floats(0.1, 60), st.floats(0, 30),
)  # fmt: skip
def test_one_more_depot_or_a_wider_limit_never_takes_a_village_out_of_reach(
    sources: Any, villages: Any, limit: float, more: float
) -> None:
    def reached(depots: Any, within: float) -> set[int]:
        found = reach(costs(depots, villages, Measure.MINUTES, ASSUMED), within)
        return {number for number, each in enumerate(found) if each.state == State.REACHED}

    assert reached(sources[:-1], limit) <= reached(sources, limit) <= reached(sources, limit + more)


def test_people_whom_nobody_counted_are_counted_as_unknown_and_not_as_none() -> None:
    found = tally([State.OUT, State.OUT, State.REACHED], [120, None, 0])
    assert found[State.OUT] == Tally(villages=2, people=120, uncounted=1)
    assert found[State.REACHED] == Tally(villages=1, people=0, uncounted=0)


def test_a_network_of_a_citys_size_is_asked_in_a_moment() -> None:
    random = np.random.default_rng(3)
    side = 60
    pieces = []
    for i in range(side):
        for j in range(side):
            if i + 1 < side:
                pieces.append(road((i * 300, j * 300), ((i + 1) * 300, j * 300)))
            if j + 1 < side:
                pieces.append(road((i * 300, j * 300), (i * 300, (j + 1) * 300)))
    places = [tuple(each) for each in random.uniform(0, side * 300 - 300, (200, 2))]
    found = costs(places[:46], places, Measure.KM, ASSUMED, Network(pieces))
    assert not np.isnan(found.values).any()
