"""A planner draws, splits, merges and reshapes rooms."""

from dataclasses import replace

import pytest
from shapely import LineString, Polygon, box
from shapely.geometry import mapping

from facilities.plan.document import Document, Opening, Team, Unit, snapped
from facilities.plan.drawing import Refused, apply, apply_all
from tests.facilities.factories_plans import key, key_source, make_document, turned

LEVEL = key("level", 0)
# In the plan without wall thickness room (0, 0) is x 4.2..8.2, y 2..7; the corridor south of it y 0..2.
PLAN, THICK = make_document(2, 3), make_document(2, 3, wall=0.2)
FIRST, SECOND, CORRIDOR = key(0, "room", 0, 0), key(0, "room", 0, 1), key(0, "corridor", 0)
DOOR = key(0, "door", "room", 0, 0)


def do(document, *operations):
    return apply_all(document, operations, key_source())


def draw(shape, over="free", **attributes):
    return {"op": "draw", "level": LEVEL, "geometry": mapping(shape), "over": over, "attributes": attributes}


def made(outcome):
    return [change.after for change in outcome.changes if change.before is None]


def refusal(document, *operations):
    with pytest.raises(Refused) as caught:
        do(document, *operations)
    return caught.value


def without(document, *rooms):
    return do(document, {"op": "remove", "kind": "units", "keys": list(rooms)}).document


def with_unit(document, key_, **values):
    units = tuple(replace(unit, **values) if unit.key == key_ else unit for unit in document.units)
    return replace(document, units=units)


def test_a_new_room_takes_only_the_space_that_no_room_has():
    outcome = do(without(PLAN, FIRST), draw(box(3, 1, 9, 7), name_ko="북카페", category="library"))
    [room] = made(outcome)
    assert room.geometry.equals(box(4.2, 2, 8.2, 7))
    assert (room.name_ko, room.category, room.level) == ("북카페", "library", LEVEL)
    assert [change.key for change in outcome.changes] == [room.key]


def test_a_room_drawn_where_nothing_is_free_is_refused_with_the_rooms_there():
    refused = refusal(PLAN, draw(box(5, 3, 9, 6)))
    assert refused.code == "no_free_space"
    assert set(refused.keys) == {FIRST, SECOND}


def test_free_space_in_two_places_gives_the_larger_one_and_says_so():
    outcome = do(without(PLAN, FIRST, key(0, "room", 0, 2)), draw(box(7, 3, 16, 6)))
    [room] = made(outcome)
    assert room.geometry.equals(box(12.2, 3, 16, 6))
    assert [(note.code, note.params) for note in outcome.notes] == [("largest_part_kept", {"parts": 2, "area": 3.6})]


def test_a_room_drawn_over_walls_does_not_creep_between_its_neighbours():
    document = without(THICK, key(0, "corridor", 1))
    [room] = made(do(document, draw(box(5, 6, 12, 9.2))))
    assert room.geometry.bounds[1] == pytest.approx(7.2)
    assert room.geometry.area == pytest.approx(7 * 2)


def test_cutting_a_room_out_of_two_leaves_both_their_keys():
    outcome = do(PLAN, draw(box(7.2, 3, 9.2, 5), "cut"))
    assert {change.key for change in outcome.changes if change.before} == {FIRST, SECOND}
    assert outcome.document.get("units", FIRST).geometry.area == pytest.approx(18)
    assert outcome.document.get("units", SECOND).geometry.area == pytest.approx(18)


def test_a_room_cut_out_of_the_middle_leaves_a_hole():
    outcome = do(PLAN, draw(box(5, 4, 6, 5), "cut"))
    around = outcome.document.get("units", FIRST).geometry
    assert len(around.interiors) == 1
    assert around.area == pytest.approx(19)


def test_a_cut_room_that_falls_apart_keeps_its_key_on_the_largest_part():
    team = Team(key("team"), "총무팀")
    document = replace(with_unit(PLAN, FIRST, teams=(team.key,), desks=6), teams=(team,))
    outcome = do(document, draw(box(5, 2, 6, 7), "cut"))
    largest = outcome.document.get("units", FIRST)
    assert largest.geometry.equals(box(6, 2, 8.2, 7))
    assert (largest.teams, largest.desks, largest.number) == ((team.key,), 6, "101")
    [rest] = [part for part in made(outcome) if part.geometry.equals(box(4.2, 2, 5, 7))]
    assert (rest.teams, rest.desks, rest.number, rest.category) == ((), 0, "", "office")
    assert [note.code for note in outcome.notes if note.keys[0] == FIRST] == ["room_fell_apart"]


def test_a_cut_that_would_leave_nothing_is_refused():
    refused = refusal(PLAN, draw(box(4.2, 2, 9, 7), "cut"))
    assert (refused.code, refused.keys) == ("room_would_vanish", (FIRST,))


def test_what_is_left_too_small_for_a_room_goes_to_the_new_one():
    outcome = do(PLAN, draw(Polygon([(4.2, 3), (8.2, 3), (8.2, 7), (4.3, 7), (4.3, 6.8), (4.2, 6.8)]), "cut"))
    [room] = made(outcome)
    assert room.geometry.equals(box(4.2, 3, 8.2, 7))


def test_a_new_room_over_a_door_removes_it_and_says_so():
    outcome = do(PLAN, draw(box(5, 1, 7.5, 3), "cut"))
    assert DOOR not in outcome.document.index["openings"]
    assert "openings_removed" in {note.code for note in outcome.notes}


@pytest.mark.parametrize("over", ["free", "cut"])
def test_a_room_beyond_the_outline_is_refused_with_the_place(over):
    refused = refusal(without(PLAN, key(0, "room", 0, 2)), draw(box(15, 1, 18, 6), over))
    assert refused.code == "outside_outline"
    assert refused.place[0] > 16.2


def test_a_level_without_outline_takes_rooms_anywhere():
    document = Document(levels=(replace(PLAN.levels[0], outline=None),))
    assert made(do(document, draw(box(100, 100, 104, 103))))[0].geometry.area == pytest.approx(12)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (Polygon([(0, 0), (4, 4), (4, 0), (0, 4)]), "self_crossing"),
        (box(0, 0, 0.2, 0.2), "too_small"),
        (Polygon([(5 + i % 2 / 10, i / 200) for i in range(1200)]), "too_many_corners"),
        (Polygon([(0, 0), (20_000, 0), (0, 1)]), "bad_number"),
    ],
)
def test_what_cannot_be_a_room_is_refused(shape, code):
    assert refusal(PLAN, draw(shape)).code == code


def test_a_polygon_that_crosses_itself_is_refused_with_the_place():
    assert refusal(PLAN, draw(Polygon([(0, 0), (4, 4), (4, 0), (0, 4)]))).place == (2, 2)


def test_splitting_leaves_key_teams_and_desks_with_the_larger_part():
    team = Team(key("team"), "복지팀")
    document = replace(with_unit(PLAN, FIRST, teams=(team.key,), desks=8, restriction="employeesonly"), teams=(team,))
    outcome = do(document, {"op": "split", "unit": FIRST, "line": [[7, 1], [7, 9]]})
    kept, [part] = outcome.document.get("units", FIRST), made(outcome)
    assert kept.geometry.equals(box(4.2, 2, 7, 7))
    assert part.geometry.equals(box(7, 2, 8.2, 7))
    assert (kept.teams, kept.desks, kept.number) == ((team.key,), 8, "101")
    assert (part.teams, part.desks, part.number) == ((), 0, "")
    assert (part.restriction, part.name_ko) == ("employeesonly", kept.name_ko)


def test_a_split_leaves_the_neighbours_as_they_were():
    outcome = do(PLAN, {"op": "split", "unit": FIRST, "line": [[7, 2], [7, 7]]})
    assert {change.key for change in outcome.changes if change.before} == {FIRST}


def test_a_split_line_just_short_of_the_wall_still_splits():
    assert made(do(PLAN, {"op": "split", "unit": FIRST, "line": [[7, 2.005], [7, 6.995]]}))


@pytest.mark.parametrize("line", [[[5, 3], [6, 3]], [[7, 1], [7, 5]], [[4.2, 0], [4.2, 9]], [[30, 30], [40, 40]]])
def test_a_line_that_does_not_cross_the_room_does_not_split_it(line):
    refused = refusal(PLAN, {"op": "split", "unit": FIRST, "line": line})
    assert (refused.code, refused.keys) == ("line_misses", (FIRST,))


def test_a_corner_can_be_split_off_with_a_bent_line():
    outcome = do(PLAN, {"op": "split", "unit": FIRST, "line": [[4.2, 5], [6, 5], [6, 7]]})
    assert made(outcome)[0].geometry.equals(box(4.2, 5, 6, 7))


def test_a_new_wall_pushes_a_door_aside_that_it_would_meet():
    outcome = do(PLAN, {"op": "split", "unit": FIRST, "line": [[6, 2], [6, 7]]})
    assert outcome.document.get("openings", DOOR).geometry.equals(LineString([(6.05, 2), (6.95, 2)]))
    assert [(note.code, note.keys) for note in outcome.notes] == [("openings_pushed", (DOOR,))]


def test_a_new_wall_on_a_slanted_one_makes_a_node_of_the_neighbour_too():
    document = turned(PLAN, 17.3)
    line = LineString([(6, 1), (6, 8)])
    slanted = turned(replace(PLAN, openings=(Opening(key("line"), LEVEL, line),)), 17.3).openings[0].geometry
    outcome = do(document, {"op": "split", "unit": FIRST, "line": [list(xy) for xy in slanted.coords]})
    parts = [outcome.document.get("units", FIRST).geometry, made(outcome)[0].geometry]
    corridor = outcome.document.get("units", CORRIDOR).geometry
    for part in parts:
        assert part.intersection(corridor).area == 0
        assert part.boundary.intersection(corridor.boundary).length > 1.5


def test_merged_rooms_are_one_with_the_key_and_attributes_of_the_chosen_one():
    teams = (Team(key("a"), "총무팀"), Team(key("b"), "복지팀"))
    document = with_unit(with_unit(PLAN, FIRST, teams=(teams[0].key,), desks=5), SECOND, teams=(teams[1].key,), desks=7)
    outcome = do(replace(document, teams=teams), {"op": "merge", "units": [FIRST, SECOND], "into": SECOND})
    merged = outcome.document.get("units", SECOND)
    assert merged.geometry.equals(box(4.2, 2, 12.2, 7))
    assert (merged.number, merged.teams, merged.desks) == ("102", (teams[1].key, teams[0].key), 12)
    assert FIRST not in outcome.document.index["units"]


def test_rooms_parted_by_a_wall_are_merged_across_it_and_its_doors_go():
    outcome = do(THICK, {"op": "merge", "units": [FIRST, CORRIDOR], "into": FIRST})
    merged = outcome.document.get("units", FIRST).geometry
    assert merged.area == pytest.approx(4 * 5 + 12.4 * 2 + 4 * 0.2)
    assert DOOR not in outcome.document.index["openings"]
    assert key(0, "door", "room", 0, 1) in outcome.document.index["openings"]
    assert [(note.code, note.params) for note in outcome.notes] == [("openings_removed", {"count": 1})]


def test_where_three_walls_meet_merging_leaves_no_pillar():
    rooms = [key(0, "room", 0, 0), key(0, "room", 0, 1), CORRIDOR]
    merged = do(THICK, {"op": "merge", "units": rooms, "into": CORRIDOR}).document.get("units", CORRIDOR).geometry
    assert merged.area == pytest.approx(8.2 * 5 + 12.4 * 2 + 8.2 * 0.2)
    assert not merged.interiors


@pytest.mark.parametrize(
    ("units", "into", "code"),
    [
        ([FIRST, key(0, "room", 1, 0)], FIRST, "do_not_touch"),
        ([FIRST], FIRST, "merge_too_few"),
        ([FIRST, SECOND], CORRIDOR, "merge_too_few"),
        ([FIRST, FIRST], FIRST, "malformed"),
        ([FIRST, key("nobody")], FIRST, "unknown_part"),
    ],
)
def test_what_cannot_be_merged_is_refused(units, into, code):
    assert refusal(PLAN, {"op": "merge", "units": units, "into": into}).code == code


def test_rooms_of_different_levels_are_not_merged():
    document = make_document(1, 1, levels=2)
    operation = {"op": "merge", "units": [key(0, "room", 0, 0), key(1, "room", 0, 0)], "into": key(0, "room", 0, 0)}
    assert refusal(document, operation).code == "other_level"


def test_a_room_reshaped_over_its_neighbour_is_refused_with_both_names():
    refused = refusal(PLAN, {"op": "reshape", "unit": FIRST, "geometry": mapping(box(4.2, 2, 9, 7))})
    assert refused.code == "overlap"
    assert set(refused.keys) == {FIRST, SECOND}
    assert refused.params["area"] == pytest.approx(4)
    assert 8.2 < refused.place[0] < 9


def test_a_door_goes_with_the_wall_of_a_room_that_is_reshaped():
    outcome = do(PLAN, {"op": "reshape", "unit": FIRST, "geometry": mapping(box(4.2, 3, 8.2, 7))})
    assert outcome.document.get("openings", DOOR).geometry.equals(LineString([(5.75, 3), (6.65, 3)]))


def test_coordinates_are_rounded_to_the_grid():
    drawn = box(4.20001, 2.00004, 8.2, 6.99996)
    [room] = made(do(without(PLAN, FIRST), draw(drawn)))
    assert room.geometry == snapped(room.geometry)
    assert room.geometry.equals(box(4.2, 2, 8.2, 7))


def test_rooms_that_an_import_left_overlapping_can_still_be_edited_but_not_made_worse():
    extra = Unit(key("extra"), LEVEL, box(7.2, 2, 8.2, 7))
    document = replace(PLAN, units=(*PLAN.units, extra))
    assert made(do(document, {"op": "split", "unit": FIRST, "line": [[4, 5], [9, 5]]}))
    smaller = do(document, {"op": "reshape", "unit": extra.key, "geometry": mapping(box(7.7, 2, 8.2, 7))})
    assert smaller.document.get("units", extra.key).geometry.area == pytest.approx(2.5)
    worse = {"op": "reshape", "unit": extra.key, "geometry": mapping(box(6.2, 2, 8.2, 7))}
    assert refusal(document, worse).code == "overlap"


def test_a_room_that_an_import_left_crossing_itself_can_be_redrawn():
    broken = Unit(key("broken"), LEVEL, Polygon([(4.2, 2), (8.2, 7), (8.2, 2), (4.2, 7)]))
    document = replace(without(PLAN, FIRST), units=(*without(PLAN, FIRST).units, broken))
    outcome = do(document, {"op": "reshape", "unit": broken.key, "geometry": mapping(box(4.2, 2, 8.2, 7))})
    assert outcome.document.get("units", broken.key).geometry.is_valid


def test_a_plan_stays_as_it_was_when_one_of_several_operations_is_refused():
    refusal(PLAN, {"op": "split", "unit": FIRST, "line": [[7, 1], [7, 9]]}, {"op": "split", "unit": "x", "line": []})
    assert make_document(2, 3) == PLAN


def test_later_operations_build_on_earlier_ones():
    split = {"op": "split", "unit": FIRST, "line": [[7, 1], [7, 9]]}
    new = key_source()()
    named = {"op": "set", "kind": "units", "keys": [new], "attributes": {"name_ko": "상담실"}}
    assert do(PLAN, split, named).document.get("units", new).name_ko == "상담실"


def test_too_many_operations_at_once_are_refused():
    operation = {"op": "set", "kind": "units", "keys": [FIRST], "attributes": {}}
    assert refusal(PLAN, *[operation] * 501).code == "too_many_operations"


def test_a_new_room_never_takes_the_key_of_another():
    keys = iter([FIRST, DOOR, "fresh"])
    outcome = apply(without(PLAN, FIRST), draw(box(4.2, 2, 8.2, 7)), lambda: next(keys))
    assert [change.key for change in outcome.changes] == ["fresh"] or made(outcome)[0].key != DOOR
