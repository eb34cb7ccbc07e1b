"""The circulation check after hours: closed doors locked, shutters down, shared rooms in use."""

from dataclasses import replace

from facilities.plan.circulation import check
from facilities.plan.document import STAYS_OPEN
from tests.facilities.circulation_support import STAFF, Sketch, applied, codes, only


def shared_centre() -> Sketch:
    """
    +--------+--------+--------+
    | office | toilet |  café  |
    +--------+--------+--------+     the café stays in use when the office is closed
    |  hall     |   corridor   |
    +-----------+--------------+
    """
    sketch = Sketch()
    sketch.room("hall", 0, 0, 0, 10, 6, category="lobby").room("corridor", 0, 10, 0, 18, 6, category="walkway")
    sketch.room("office", 0, 0, 6, 8, 12, category="office", **STAFF)
    sketch.room("toilet", 0, 8, 6, 12, 12, category="restroom.unisex")
    sketch.room("café", 0, 12, 6, 18, 12, category="library", after_hours=True)
    sketch.entrance("hall").door("hall", "corridor", kind="gap", width=2).door("hall", "office", **STAFF)
    return sketch.door("corridor", "café").door("hall", "toilet")


def test_a_shared_room_with_a_way_in_and_a_toilet_is_sound() -> None:
    circulation = shared_centre().check()
    assert codes(circulation) == set()
    assert circulation.reached.after_hours == {"hall", "corridor", "toilet", "café"}
    assert circulation.reached.after_hours_step_free == circulation.reached.after_hours


def test_a_locked_entrance_keeps_everybody_out_and_unlocking_it_is_proposed() -> None:
    sketch = shared_centre()
    sketch.openings[0] = replace(sketch.openings[0], after_hours="locked")
    circulation = sketch.check()
    found = only(circulation, "after_hours_no_entrance")
    assert found.params["rooms"] == ["café"]
    assert found.params["reason"] == "locked"
    assert found.suggestion is not None
    assert found.suggestion.code == "unlock"
    assert circulation.reached.after_hours == frozenset()
    assert codes(check(applied(sketch.document(), found))) == set()


def test_a_shutter_closes_the_openings_along_it_and_no_door_where_it_ends() -> None:
    down = shared_centre().fixture("shutter", 0, [(10.3, 0), (10.3, 6)])
    found = only(down.check(), "after_hours_no_entrance")
    assert (found.params["reason"], found.params["opening"]) == ("shuttered", "hall-corridor")
    assert found.suggestion is not None
    assert found.suggestion.code in {"move_shutter", "add_entrance", "add_door"}
    beside = shared_centre().fixture("shutter", 0, [(15, 0), (15, 6)])
    assert codes(beside.check()) == set()
    far = shared_centre().fixture("shutter", 0, [(10.6, 0), (10.6, 6)])
    assert codes(far.check()) == set()


def test_a_counter_shutter_leaves_the_rest_of_the_floor_open() -> None:
    sketch = shared_centre()
    sketch.door("hall", "office", at=0.2, kind="gap")
    open_counter = sketch.check()
    assert {"interface_uncontrolled", "interface_open_after_hours"} <= codes(open_counter)
    gap = only(open_counter, "interface_open_after_hours")
    assert gap.suggestion is not None
    assert gap.suggestion.code == "add_shutter"
    shut = sketch.fixture("shutter", 0, [(0, 6.1), (8, 6.1)]).check()
    assert codes(shut) == {"interface_uncontrolled"}
    assert shut.reached.after_hours == {"hall", "corridor", "toilet", "café"}


def test_a_door_to_a_closed_room_is_locked_after_hours_unless_it_is_to_stay_open() -> None:
    sketch = shared_centre()
    sketch.openings[2] = replace(sketch.openings[2], after_hours=STAYS_OPEN)
    found = only(sketch.check(), "interface_open_after_hours")
    assert found.params["reason"] == "stays_open"
    assert codes(check(applied(sketch.document(), found))) == set()


def test_a_toilet_that_cannot_be_reached_after_hours_is_an_error() -> None:
    sketch = shared_centre()
    sketch.openings[4] = replace(sketch.openings[4], after_hours="locked")
    found = only(sketch.check(), "after_hours_no_toilet")
    assert found.params["opening"] == "hall-toilet"
    assert found.geometry is not None
    assert codes(check(applied(sketch.document(), found))) == set()


def test_a_plan_without_a_toilet_says_so() -> None:
    sketch = shared_centre()
    sketch.units = [replace(unit, category="room") if unit.key == "toilet" else unit for unit in sketch.units]
    assert only(sketch.check(), "after_hours_no_toilet").params["reason"] == "no_toilet"


def test_nobody_is_sent_round_the_building_to_a_toilet() -> None:
    sketch = shared_centre().entrance("toilet")
    sketch.openings[4] = replace(sketch.openings[4], after_hours="locked")
    assert codes(sketch.check()) == {"after_hours_no_toilet"}


def test_a_closed_room_cannot_be_shared_until_it_is_opened() -> None:
    sketch = shared_centre()
    sketch.units = [replace(unit, after_hours=True) if unit.key == "office" else unit for unit in sketch.units]
    found = only(sketch.check(), "after_hours_no_entrance")
    assert found.params["rooms"] == ["office"]
    assert found.suggestion is not None
    assert found.suggestion.code in {"open_room", "together"}


def test_the_step_free_way_must_stay_open_too() -> None:
    sketch = shared_centre().entrance("corridor")
    sketch.openings[0] = replace(sketch.openings[0], step_free=False)
    assert codes(sketch.check()) == set()
    sketch.openings[-1] = replace(sketch.openings[-1], after_hours="locked")
    found = only(sketch.check(), "after_hours_not_step_free")
    assert found.params["rooms"] == ["café"]
    assert codes(check(applied(sketch.document(), found))) == set()


def test_what_nobody_reaches_by_day_is_not_told_again_for_the_night() -> None:
    sketch = shared_centre()
    sketch.openings[3] = replace(sketch.openings[3], restriction="employeesonly")
    assert codes(sketch.check()) == {"open_unreached"}
