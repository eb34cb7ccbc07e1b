"""How far it is to the counters, and walking inside rooms."""

from math import hypot, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box
from shapely.affinity import rotate

from facilities.plan.circulation.inside import Interior
from tests.facilities.circulation_support import Sketch, codes

ELL = Polygon([(0, 0), (10, 0), (10, 4), (4, 4), (4, 10), (0, 10)])
RING = box(0, 0, 10, 10).difference(box(3, 3, 7, 7))


def test_inside_an_l_shaped_room_people_walk_round_the_corner() -> None:
    path = Interior(ELL).path(Point(9, 3), Point(3, 9))
    assert path.length == pytest.approx(2 * hypot(5, 1))
    assert Point(path.coords[1]).equals(Point(4, 4))
    assert Interior(ELL).distances(Point(9, 3), [Point(3, 9), Point(9, 1)]) == pytest.approx([path.length, 2])


def test_inside_a_ring_people_walk_round_the_court() -> None:
    assert Interior(RING).path(Point(1, 5), Point(9, 5)).length == pytest.approx(4 + 4 * sqrt(2))


def test_a_way_begins_at_the_door_even_where_the_door_is_within_the_wall() -> None:
    path = Interior(ELL).path(Point(10.2, 2), Point(2, 10.2))
    assert (path.coords[0], path.coords[-1]) == ((10.2, 2), (2, 10.2))


@settings(max_examples=60)
@given(st.sampled_from([ELL, RING]), st.tuples(*[st.floats(0, 1)] * 4), st.floats(0, 360))
def test_ways_stay_inside_are_never_shorter_than_the_straight_line_and_the_same_both_ways(
    shape: Polygon, at: tuple[float, float, float, float], turn: float
) -> None:
    points = [Point(at[0] * 10, at[1] * 10), Point(at[2] * 10, at[3] * 10)]
    start, end = (
        (rotate(point, turn, origin=(0, 0)) for point in points if shape.covers(point))
        if all(map(shape.covers, points))
        else (rotate(Point(1, 1), turn, origin=(0, 0)), rotate(Point(9, 1), turn, origin=(0, 0)))
    )
    room = Interior(rotate(shape, turn, origin=(0, 0)))
    path = room.path(start, end)
    assert room._polygon.buffer(0.01).covers(path)
    assert path.length >= start.distance(end) - 1e-6
    assert room.distances(start, [end])[0] == pytest.approx(path.length, abs=0.01)
    assert room.path(end, start).length == pytest.approx(path.length, abs=0.01)


def counters() -> Sketch:
    sketch = Sketch(2).room("hall", 0, 0, 0, 8, 6, category="lobby").room("upper hall", 1, 0, 0, 8, 6)
    for level in (0, 1):
        sketch.room(f"stairs {level}", level, 8, 0, 12, 6, category="stairs", shaft="S")
        sketch.door("hall" if level == 0 else "upper hall", f"stairs {level}")
    return sketch.entrance("hall")


def test_the_way_to_a_counter_is_told_in_metres_steps_and_doors() -> None:
    (route,) = counters().fixture("counter", 0, [(2, 5), (6, 5)]).check().routes
    assert route.metres == pytest.approx(5)
    assert (route.steps, route.doors, route.room) == (8, 1, "hall")
    assert route.route == (("L0", LineString([(4, 0), (4, 5)])),)


def test_the_nearest_entrance_counts() -> None:
    sketch = counters().entrance("stairs 0").fixture("counter", 0, [(7.8, 2.9), (7.8, 3.1)])
    (route,) = sketch.check().routes
    assert (route.entrance, route.doors) == ("stairs 0-outside", 2)
    assert route.metres == pytest.approx(4.2)


def test_the_way_upstairs_includes_the_stairs_and_is_drawn_on_both_levels() -> None:
    (route,) = counters().fixture("counter", 1, [(2, 5), (6, 5)]).check().routes
    assert [level for level, _ in route.route] == ["L0", "L1"]
    assert route.doors == 3
    flat = sum(line.length for _, line in route.route)
    assert route.metres == pytest.approx(flat + 2 * 3.0, abs=0.01)


def test_a_counter_nobody_can_stand_at_is_a_warning() -> None:
    circulation = counters().fixture("counter", 1, [(20, 20), (22, 20)]).check()
    assert circulation.routes[0].metres is None
    assert "counter_unreached" in codes(circulation)
