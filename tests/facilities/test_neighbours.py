"""Where the walls between rooms run, and where a door could be put."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, affinity, box

from facilities.plan.document import Document, Level, Opening, Unit
from facilities.plan.neighbours import neighbours, walls
from facilities.plan.topology import OUTSIDE, sides


def plan(rooms: dict[str, Polygon], outline: Polygon | None = None, **categories: str) -> Document:
    units = tuple(Unit(key, "1F", shape, categories.get(key, "room")) for key, shape in rooms.items())
    return Document((Level("1F", 0, outline=outline),), units)


ROOMS = {"a": box(0, 0, 4, 4), "b": box(4.2, 0, 8, 4), "c": box(0, 4.2, 8, 8)}


def test_rooms_are_neighbours_across_a_wall_and_told_how_long_it_is() -> None:
    found = neighbours(plan(ROOMS))
    assert {tuple(sorted(pair)): round(metres, 3) for pair, metres in found.items()} == {
        ("a", "b"): 4.0, ("a", "c"): 4.0, ("b", "c"): 3.8,
    }  # fmt: skip


def test_rooms_that_meet_in_a_corner_or_beyond_another_room_are_no_neighbours() -> None:
    rooms = {"a": box(0, 0, 4, 4), "b": box(4, 4, 8, 8), "thin": box(4, 0, 4.3, 4), "c": box(4.3, 0, 8, 4)}
    found = neighbours(plan(rooms))
    assert frozenset("ab") not in found
    assert frozenset("ac") not in found


def test_outer_walls_lead_outside_where_no_other_room_stands_before_them() -> None:
    outer = [wall for wall in walls(plan(ROOMS, box(-0.3, -0.3, 8.3, 8.3)), 1.0) if wall.b == OUTSIDE]
    assert sorted((wall.a, round(wall.length_m, 1)) for wall in outer) == [
        ("a", 4.0), ("a", 4.0), ("b", 3.8), ("b", 4.0), ("c", 3.8), ("c", 3.8), ("c", 8.0),
    ]  # fmt: skip


def test_short_walls_and_voids_are_left_out() -> None:
    rooms = {"a": box(0, 0, 4, 4), "b": box(4, 3.5, 8, 8), "void": box(4, 0, 8, 3.5)}
    document = plan(rooms, void="opentobelow")
    assert [(wall.a, wall.b) for wall in walls(document, 0.4, to_outside=False)] == [("a", "b")]
    assert walls(document, 0.6, to_outside=False) == []


@settings(max_examples=60)
@given(st.floats(0, 360), st.floats(0, 0.5), st.floats(0.6, 1.2))
def test_a_door_put_into_a_wall_joins_what_the_wall_parts(turn: float, thickness: float, width: float) -> None:
    rooms = {"a": box(0, 0, 4, 4), "b": box(4 + thickness, 1, 9, 6), "c": box(0, 4 + thickness, 4, 9)}
    turned = {key: affinity.rotate(shape, turn, origin=(0, 0)) for key, shape in rooms.items()}
    document = plan(turned)
    for number, wall in enumerate(walls(document, 1.3)):
        door = Opening(f"door {number}", "1F", wall.opening(width))
        assert door.width_m == pytest.approx(width)
        with_door = Document(document.levels, document.units, (door,))
        assert set(sides(with_door)[door.key]) == {wall.a, wall.b}
