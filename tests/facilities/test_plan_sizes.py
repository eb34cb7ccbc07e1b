"""A plan far larger than any centre's is drawn and checked like any other."""

import pytest

from facilities.plan.coverage import check
from facilities.plan.document import difference, from_json, to_json
from facilities.plan.drawing import apply, apply_all
from tests.facilities.factories_plans import key, key_source, make_document

ROOM = key(0, "room", 20, 25)


@pytest.fixture(scope="module", params=[0.0, 0.2], ids=["shared walls", "thick walls"])
def plan(request):
    document = make_document(40, 50, wall=request.param)
    assert len(document.units) > 2000
    return document


def test_a_plan_of_two_thousand_rooms_is_checked(plan):
    assert check(plan) == []


def test_a_room_among_two_thousand_is_split_and_given_a_door(plan):
    x0, y0, x1, y1 = plan.get("units", ROOM).geometry.bounds
    split = {"op": "split", "unit": ROOM, "line": [[x0 + 1, y0 - 1], [x0 + 1, y1 + 1]]}
    door = {"op": "place_opening", "level": key("level", 0), "at": [x0 + 1, y0 + 2], "width": 0.9}
    outcome = apply_all(plan, [split, door], key_source())
    assert {change.kind for change in outcome.changes} == {"units", "openings"}
    assert len(outcome.changes) == 3
    assert {finding.code for finding in check(outcome.document)} == set()
    assert difference(plan, outcome.document) == outcome.changes
    assert x0 < x1


def test_a_corridor_wall_of_fifty_rooms_is_moved_at_once(plan):
    corridor = plan.get("units", key(0, "corridor", 20)).geometry
    x0, _, x1, y1 = corridor.bounds
    moves = [([x, y1], [x, y1 - 0.3]) for x in (x0, x1)]
    outcome = apply(plan, {"op": "move_corners", "level": key("level", 0), "moves": _moves(moves)}, key_source())
    moved = {change.key for change in outcome.changes if change.kind == "openings"}
    # The gap to the spine gives way too: the corridor's end has become too narrow for it to stay.
    assert moved == {key(0, "gap", 20), *(key(0, "door", "room", 20, column) for column in range(50))}
    assert {finding.code for finding in check(outcome.document)} == set()


def _moves(moves):
    return [{"from": start, "to": end} for start, end in moves]


def test_a_plan_of_two_thousand_rooms_is_read_back_as_it_was(plan):
    assert from_json(to_json(plan)) == plan
