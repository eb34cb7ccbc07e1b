"""What doors join: shared edges, thick walls, corners, angles, outer walls, and doors that join nothing."""

from math import cos, pi, sin
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, affinity, box

from facilities.plan.document import Document, Level, Opening, Unit
from facilities.plan.topology import OUTSIDE, Sides, joins, sides


def plan(
    rooms: dict[str, Polygon],
    doors: dict[str, list[tuple[float, float]]],
    outline: Polygon | MultiPolygon | None = None,
    **about: Any,
) -> Document:
    return Document(
        levels=(Level("1F", 0, outline=outline),),
        units=tuple(Unit(key, "1F", shape) for key, shape in rooms.items()),
        openings=tuple(Opening(key, "1F", LineString(line), **about) for key, line in doors.items()),
    )


def joined(document: Document, key: str = "door") -> set[str | None]:
    return set(sides(document)[key])


TWO = {"a": box(0, 0, 4, 4), "b": box(4, 0, 8, 4)}
APART = {"a": box(0, 0, 4, 4), "b": box(4.2, 0, 8, 4)}


def test_a_door_on_a_shared_edge_joins_the_two_rooms_left_and_right_of_its_line() -> None:
    assert sides(plan(TWO, {"door": [(4, 1), (4, 2)]})) == {"door": ("a", "b")}
    assert sides(plan(TWO, {"door": [(4, 2), (4, 1)]})) == {"door": ("b", "a")}


@pytest.mark.parametrize("x", [4, 4.1, 4.2])
def test_a_door_in_a_wall_or_on_either_face_of_it_joins_the_rooms_on_both_sides(x: float) -> None:
    assert joined(plan(APART, {"door": [(x, 1), (x, 2)]})) == {"a", "b"}


def test_walls_may_be_as_thick_as_60_cm_and_no_thicker() -> None:
    thick = {"a": box(0, 0, 4, 4), "b": box(4.6, 0, 8, 4)}
    assert joined(plan(thick, {"door": [(4, 1), (4, 2)]})) == {"a", "b"}
    thicker = {"a": box(0, 0, 4, 4), "b": box(4.75, 0, 8, 4)}
    assert joined(plan(thicker, {"door": [(4, 1), (4, 2)]})) == {"a", None}


@pytest.mark.parametrize("x", [-0.3, -0.15, 0])
def test_a_door_in_an_outer_wall_leads_outside_wherever_in_the_wall_it_is_drawn(x: float) -> None:
    outline = box(-0.3, -0.3, 8.3, 4.3)
    assert joined(plan(APART, {"door": [(x, 1), (x, 2)]}, outline)) == {"a", OUTSIDE}


def test_a_courtyard_is_outside_and_a_void_without_a_room_is_nothing() -> None:
    ring = box(0, 0, 12, 12).difference(box(4, 4, 8, 8))
    rooms = {"a": box(0, 0, 4, 12)}
    door = {"door": [(4.0, 5.0), (4.0, 6.0)]}
    assert joined(plan(rooms, door, ring)) == {"a", OUTSIDE}
    assert joined(plan(rooms, door, box(0, 0, 12, 12))) == {"a", None}
    assert not joins(sides(plan(rooms, door, box(0, 0, 12, 12)))["door"])


def test_without_an_outline_the_hull_of_the_rooms_says_what_is_outside() -> None:
    ell = {"a": box(0, 0, 4, 4), "b": box(4, 0, 8, 4), "c": box(0, 4, 4, 8)}
    assert joined(plan(ell, {"door": [(0, 1), (0, 2)]})) == {"a", OUTSIDE}
    inner_corner = {"door": [(5.0, 4.0), (6.0, 4.0)]}
    assert joined(plan(ell, inner_corner)) == {"b", None}
    assert joined(plan(ell, inner_corner, entrance=True)) == {"b", OUTSIDE}


def test_a_door_where_three_rooms_meet_joins_the_room_across_and_one_of_the_two() -> None:
    rooms = {"a": box(0, 0, 8, 4), "b": box(0, 4, 4, 8), "c": box(4, 4, 8, 8)}
    assert joined(plan(rooms, {"door": [(3.8, 4), (4.8, 4)]})) == {"a", "c"}
    assert joined(plan(rooms, {"door": [(3.2, 4), (4.2, 4)]})) == {"a", "b"}
    halved = joined(plan(rooms, {"door": [(3.5, 4), (4.5, 4)]}))
    assert "a" in halved
    assert len(halved & {"b", "c"}) == 1


def test_a_door_opposite_the_end_of_a_wall_still_finds_a_room_beside_that_wall() -> None:
    rooms = {"a": box(0, 0, 8, 4), "b": box(0, 4.2, 3.9, 8), "c": box(4.1, 4.2, 8, 8)}
    found = joined(plan(rooms, {"door": [(3.5, 4.1), (4.5, 4.1)]}))
    assert "a" in found
    assert len(found & {"b", "c"}) == 1


def test_a_door_that_ends_in_a_corner_joins_its_own_wall_only() -> None:
    rooms = {"a": box(0, 0, 4, 4), "b": box(4, 0, 8, 4), "c": box(0, 4, 4, 8), "d": box(4, 4, 8, 8)}
    assert joined(plan(rooms, {"door": [(4, 3.1), (4, 4)]})) == {"a", "b"}
    assert joined(plan(rooms, {"door": [(3.1, 4), (4, 4)]})) == {"a", "c"}


@pytest.mark.parametrize("degrees", range(0, 180, 15))
@pytest.mark.parametrize("rooms", [TWO, APART])
def test_a_door_drawn_askew_or_even_across_its_wall_joins_the_same_rooms(
    degrees: int, rooms: dict[str, Polygon]
) -> None:
    line = affinity.rotate(LineString([(4.1, 1.5), (4.1, 2.5)]), degrees, origin="center")
    assert joined(plan(rooms, {"door": list(line.coords)})) == {"a", "b"}


@pytest.mark.parametrize("x", [3.75, 3.9, 4.3])
def test_a_door_drawn_a_little_inside_a_room_belongs_to_the_wall_beside_it(x: float) -> None:
    assert joined(plan(TWO, {"door": [(x, 1), (x, 2)]})) == {"a", "b"}


def test_a_door_in_the_middle_of_a_room_or_of_nowhere_joins_nothing() -> None:
    free = sides(plan(TWO, {"within": [(2, 1), (2, 2)], "away": [(20, 1), (20, 2)]}, box(0, 0, 8, 4)))
    assert free == {"within": ("a", "a"), "away": (None, None)}
    assert not any(map(joins, free.values()))


def test_rooms_that_overlap_a_little_do_not_hide_each_other() -> None:
    rooms = {"a": box(0, 0, 4.03, 4), "b": box(3.97, 0, 8, 4)}
    for x in (3.97, 4, 4.03):
        assert joined(plan(rooms, {"door": [(x, 1), (x, 2)]})) == {"a", "b"}


def test_walls_drawn_as_units_are_seen_through() -> None:
    document = plan(APART, {"door": [(4.1, 1), (4.1, 2)]})
    wall = Unit("wall", "1F", box(4, 0, 4.2, 4), category="drywall")
    assert joined(Document(document.levels, (*document.units, wall), document.openings)) == {"a", "b"}


def test_levels_are_apart_and_doors_of_a_level_without_rooms_join_nothing() -> None:
    upstairs = Opening("door", "2F", LineString([(4, 1), (4, 2)]))
    document = Document((Level("1F", 0), Level("2F", 1)), plan(TWO, {}).units, (upstairs,))
    assert sides(document) == {"door": (None, None)}
    assert sides(Document()) == {}


@settings(max_examples=60)
@given(
    turn=st.floats(0, 360),
    shift=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    wall=st.floats(0, 0.6),
    across=st.floats(0, 1),
    along=st.floats(0.5, 3.5),
    width=st.floats(0.6, 1),
    askew=st.floats(-pi / 4, pi / 4),
)
def test_wherever_a_door_is_in_its_wall_and_however_the_plan_is_turned_it_joins_the_same_rooms(
    turn: float, shift: tuple[float, float], wall: float, across: float, along: float, width: float, askew: float
) -> None:
    rooms = {"a": box(0, 0, 4, 4), "b": box(4 + wall, 0, 8, 4)}
    middle = 4 + wall * across, along
    half = width / 2 * sin(askew), width / 2 * cos(askew)
    line = LineString([(middle[0] - half[0], middle[1] - half[1]), (middle[0] + half[0], middle[1] + half[1])])

    def placed(shape: Any) -> Any:
        return affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), *shift)

    document = plan({key: placed(room) for key, room in rooms.items()}, {"door": list(placed(line).coords)})
    found: Sides = sides(document)["door"]
    assert set(found) == {"a", "b"}
