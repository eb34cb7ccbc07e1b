"""Doors are put on walls, and follow them."""

from dataclasses import replace

import pytest
from shapely import LineString, Point, box
from shapely.geometry import mapping

from facilities.plan.coverage import check
from facilities.plan.document import Document, Fixture, Level, Opening, Unit
from facilities.plan.drawing import Refused, apply, apply_all
from tests.facilities.factories_plans import key, key_source, make_document, turned

LEVEL = key("level", 0)
PLAN, THICK = make_document(2, 3), make_document(2, 3, wall=0.2)
FIRST, SECOND, CORRIDOR = key(0, "room", 0, 0), key(0, "room", 0, 1), key(0, "corridor", 0)
DOOR = key(0, "door", "room", 0, 0)


def do(document, *operations):
    return apply_all(document, operations, key_source())


def put(document, at, width=0.9, **attributes):
    operation = {"op": "place_opening", "level": LEVEL, "at": at, "width": width, "attributes": attributes}
    return apply(document, operation, key_source()).changes[0].after


def refusal(document, operation):
    with pytest.raises(Refused) as caught:
        do(document, operation)
    return caught.value


def corners(*moves):
    return {"op": "move_corners", "level": LEVEL, "moves": [{"from": start, "to": end} for start, end in moves]}


def line(document, opening=DOOR):
    return document.get("openings", opening).geometry


def same(one, other):
    return one.equals_exact(LineString(other), 2e-4) or one.equals_exact(LineString(other[::-1]), 2e-4)


def test_a_door_lands_on_the_nearest_wall():
    door = put(PLAN, [8.6, 5], kind="door", restriction="employeesonly")
    assert same(door.geometry, [(8.2, 4.55), (8.2, 5.45)])
    assert door.restriction == "employeesonly"


def test_a_door_lies_in_the_middle_of_a_thick_wall():
    assert same(put(THICK, [8.45, 5]).geometry, [(8.5, 4.55), (8.5, 5.45)])


def test_an_outer_door_lies_in_the_middle_of_the_outer_wall():
    assert same(put(THICK, [16.7, 5], entrance=True).geometry, [(16.9, 4.55), (16.9, 5.45)])


@pytest.mark.parametrize("document", [turned(PLAN, 33), turned(THICK, 33)])
def test_a_door_on_a_slanted_wall_keeps_its_width(document):
    at = turned(replace(PLAN, openings=(Opening(key("x"), LEVEL, LineString([(8.3, 5), (8.3, 5.1)])),)), 33).openings[0]
    door = put(document, list(at.geometry.coords[0]), 1.2)
    assert door.width_m == pytest.approx(1.2, abs=2e-4)
    placed = replace(document, openings=(*document.openings, door))
    assert check(placed) == []


def test_a_door_keeps_off_the_corner():
    assert same(put(PLAN, [8.2, 2.1]).geometry, [(8.2, 2.05), (8.2, 2.95)])


def test_a_door_that_just_fits_takes_the_whole_wall():
    document = Document((Level(LEVEL, 0),), (Unit("a", LEVEL, box(0, 0, 0.92, 3)),))
    assert put(document, [0.1, 0.05]).width_m == pytest.approx(0.9)


def test_a_door_between_two_rooms_does_not_reach_into_a_third():
    door = put(PLAN, [8.3, 7.1])
    assert min(abs(x - 8.2) for x, y in door.geometry.coords) >= 0.05


def test_a_door_put_on_another_slides_aside():
    assert same(put(PLAN, [6.0, 2.1]).geometry, [(4.8, 2), (5.7, 2)])


def test_a_wall_full_of_doors_takes_no_more():
    wide = {"op": "move_opening", "key": DOOR, "at": [6.2, 2], "width": 3}
    refused = refusal(do(PLAN, wide).document, {"op": "place_opening", "level": LEVEL, "at": [6, 2], "width": 0.9})
    assert refused.code == "no_room_on_wall"
    assert {FIRST, CORRIDOR} <= set(refused.keys)


@pytest.mark.parametrize(
    ("at", "width", "code"),
    [
        ([6.2, 4.5], 0.9, "no_wall_near"),
        ([6.2, 2], 4.2, "wall_too_short"),
        ([6.2, 2], 0.1, "bad_number"),
        ([6.2, 2], float("nan"), "bad_number"),
        ([6.2, float("inf")], 0.9, "bad_number"),
        ([6.2], 0.9, "malformed"),
        ("there", 0.9, "malformed"),
        ([6.2, 2], "wide", "malformed"),
    ],
)
def test_a_door_that_cannot_be_is_refused(at, width, code):
    assert refusal(PLAN, {"op": "place_opening", "level": LEVEL, "at": at, "width": width}).code == code


def test_a_door_can_be_put_on_the_outline_of_an_empty_level():
    document = Document((Level(LEVEL, 0, outline=box(0, 0, 10, 8)),))
    assert same(put(document, [5, 0.3]).geometry, [(4.55, 0), (5.45, 0)])


def test_a_door_is_moved_to_another_wall_and_widened():
    outcome = do(PLAN, {"op": "move_opening", "key": DOOR, "at": [8.2, 4], "width": 1.1})
    assert same(line(outcome.document), [(8.2, 3.45), (8.2, 4.55)])


def test_a_door_can_be_moved_by_less_than_its_width():
    outcome = do(PLAN, {"op": "move_opening", "key": DOOR, "at": [6.0, 2]})
    assert same(line(outcome.document), [(5.55, 2), (6.45, 2)])


def test_a_door_takes_another_width_where_it_is():
    outcome = do(PLAN, {"op": "move_opening", "key": DOOR, "width": 1.5})
    assert same(line(outcome.document), [(5.45, 2), (6.95, 2)])
    assert refusal(PLAN, {"op": "move_opening", "key": DOOR}).code == "nothing_told"


def test_moving_a_wall_takes_along_all_rooms_on_it_and_its_doors():
    """The corridor's north wall, with three rooms and three doors: the rooms' inner corners go along."""
    outcome = do(PLAN, corners(([4.2, 2], [4.2, 2.5]), ([16.2, 2], [16.2, 2.5])))
    assert outcome.document.get("units", CORRIDOR).geometry.equals(box(4.2, 0, 16.2, 2.5))
    for column in range(3):
        room = outcome.document.get("units", key(0, "room", 0, column)).geometry
        assert room.equals(box(4.2 + 4 * column, 2.5, 8.2 + 4 * column, 7))
        at = 6.2 + 4 * column
        door = line(outcome.document, key(0, "door", "room", 0, column))
        assert same(door, [(at - 0.45, 2.5), (at + 0.45, 2.5)])
    assert {finding.code for finding in check(outcome.document)} == set()


def test_both_faces_of_a_thick_wall_are_moved_and_the_doors_in_it():
    faces = [([x, y], [x, y + 0.5]) for x in (4.4, 16.8) for y in (2, 2.2)]
    between = [([x, 2.2], [x, 2.7]) for x in (8.4, 8.6, 12.6, 12.8)]
    outcome = do(THICK, corners(*faces, *between))
    assert same(line(outcome.document), [(5.95, 2.6), (6.85, 2.6)])
    assert {finding.code for finding in check(outcome.document)} == set()


def test_a_wall_made_thicker_keeps_its_door_in_the_middle():
    faces = [([x, 2.2], [x, 2.4]) for x in (4.4, 8.4)]
    outcome = do(THICK, corners(*faces))
    assert same(line(outcome.document), [(5.95, 2.2), (6.85, 2.2)])


def test_a_wall_that_gets_longer_leaves_its_door_where_it_is():
    outcome = do(PLAN, corners(([8.2, 2], [9.2, 2]), ([8.2, 7], [9.2, 7])))
    assert same(line(outcome.document), [(5.75, 2), (6.65, 2)])


def test_a_wall_that_gets_shorter_pushes_its_door():
    outcome = do(PLAN, corners(([8.2, 2], [6.2, 2]), ([8.2, 7], [6.2, 7])))
    assert same(line(outcome.document), [(5.25, 2), (6.15, 2)])


def test_a_wall_that_gets_shorter_than_its_door_is_refused():
    refused = refusal(PLAN, corners(([8.2, 2], [5, 2]), ([8.2, 7], [5, 7])))
    assert refused.code == "wall_too_short"
    assert refused.keys[0] == DOOR


def test_a_shutter_along_a_wall_goes_with_it():
    fixtures = (
        Fixture(key("shutter"), LEVEL, LineString([(5, 2), (7, 2)]), "shutter"),
        Fixture(key("bench"), LEVEL, LineString([(5, 4), (7, 4)]), "bench"),
    )
    outcome = do(replace(PLAN, fixtures=fixtures), corners(([4.2, 2], [4.2, 2.5]), ([16.2, 2], [16.2, 2.5])))
    shutter, bench = outcome.document.fixtures
    assert same(shutter.geometry, [(5, 2.5), (7, 2.5)])
    assert bench is fixtures[1]


def test_a_turned_wall_turns_its_door():
    document = Document(
        (Level(LEVEL, 0),),
        (Unit("a", LEVEL, box(0, 0, 4, 3)), Unit("b", LEVEL, box(4, 0, 8, 3))),
        (Opening("door", LEVEL, LineString([(4, 1), (4, 2)])),),
    )
    outcome = do(document, corners(([4, 3], [5, 3])))
    door, wall = line(outcome.document, "door"), LineString([(4, 0), (5, 3)])
    assert door.length == pytest.approx(1, abs=2e-4)
    assert all(wall.distance(Point(xy)) < 2e-4 for xy in door.coords)
    assert (
        outcome.document.get("units", "a").geometry.intersection(outcome.document.get("units", "b").geometry).area == 0
    )


def test_dragging_a_t_junction_bends_the_wall_it_ends_on():
    outcome = do(PLAN, corners(([8.2, 2], [8.2, 2.5])))
    assert (8.2, 2.5) in outcome.document.get("units", CORRIDOR).geometry.exterior.coords
    assert {finding.code for finding in check(outcome.document)} == set()


def test_a_dragged_corner_bends_its_wall_up_to_the_next_room_only():
    outcome = do(PLAN, corners(([4.2, 0], [3.2, 0])))
    assert {change.key for change in outcome.changes if change.kind == "units"} == {CORRIDOR, key(0, "spine")}
    assert {finding.code for finding in check(outcome.document)} == set()


def test_a_wall_of_rooms_that_meet_at_different_places_on_either_side_moves_in_one_piece():
    bounds = [(0, 0, 5, 3), (5, 0, 8, 3), (8, 0, 12, 3), (0, 3, 3, 6), (3, 3, 6, 6), (6, 3, 12, 6)]
    units = tuple(Unit(str(index), LEVEL, box(*edges)) for index, edges in enumerate(bounds))
    document = Document((Level(LEVEL, 0, outline=box(0, 0, 12, 6)),), units)
    outcome = do(document, corners(([0, 3], [0, 3.5]), ([12, 3], [12, 3.5])))
    assert all(3.5 in unit.geometry.bounds for unit in outcome.document.units)
    assert {finding.code for finding in check(outcome.document)} == {"unnamed_room"}


def test_an_empty_level_has_no_corners_to_move():
    assert refusal(Document((Level(LEVEL, 0),)), corners(([0, 3], [0, 3.5]))).code == "no_corner"


def test_dragging_a_partition_along_its_wall_leaves_the_wall_alone():
    outcome = do(PLAN, corners(([8.2, 2], [7.2, 2]), ([8.2, 7], [7.2, 7])))
    assert {change.key for change in outcome.changes} == {FIRST, SECOND}


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([([6, 4], [6, 5])], "no_corner"),
        ([([8.4, 2.2], [8.4, 3]), ([8.4, 2.2], [8.4, 4])], "corner_twice"),
        ([([16.8, 0], [17.4, 0])], "outside_outline"),
        ([([8.4, 2.2], [9, 2.2])], "overlap"),
        ([([8.4, 2.2], [8.4, 7.195]), ([4.4, 2.2], [4.4, 7.195])], "too_small"),
        ([([8.4, 2.2], [6, 9])], "self_crossing"),
    ],
)
def test_a_corner_that_cannot_be_moved_so_is_refused(moves, code):
    refused = refusal(THICK, corners(*moves))
    assert refused.code == code
    assert refused.place is not None


def test_a_removed_room_takes_along_the_doors_that_only_it_had():
    outcome = do(PLAN, {"op": "remove", "kind": "units", "keys": [FIRST, CORRIDOR]})
    assert DOOR not in outcome.document.index["openings"]
    assert key(0, "door", "room", 0, 1) in outcome.document.index["openings"]
    assert [note.params for note in outcome.notes if note.code == "openings_removed"] == [{"count": 1}]


def test_a_door_left_askew_by_an_import_moves_with_its_wall_as_it_is():
    askew = Opening(key("askew"), LEVEL, LineString([(7.6, 2.01), (8.8, 2.01)]))
    document = replace(PLAN, openings=(askew,))
    outcome = do(document, corners(([4.2, 2], [4.2, 2.5]), ([16.2, 2], [16.2, 2.5])))
    assert same(line(outcome.document, askew.key), [(7.6, 2.51), (8.8, 2.51)])


def test_reshaping_keeps_doors_on_the_walls_that_stay():
    shape = box(4.2, 2, 8.2, 7).difference(box(7, 6, 9, 8))
    outcome = do(PLAN, {"op": "reshape", "unit": FIRST, "geometry": mapping(shape)})
    assert same(line(outcome.document), [(5.75, 2), (6.65, 2)])
