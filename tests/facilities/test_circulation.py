"""The circulation check by day: who reaches what, what is in the way, and what would help."""

import json

import pytest
from shapely import LineString

from facilities.plan.circulation import Rules, check
from facilities.plan.findings import Finding
from facilities.plan.topology import OUTSIDE
from tests.facilities.circulation_support import STAFF, Sketch, applied, codes, only


def small_centre() -> Sketch:
    """
    +--------+--------+--------+
    | office | archive| meeting|     a corridor along the front, rooms behind it
    +--------+--------+--------+
    |  hall  |     corridor    |
    +--------+-----------------+
    """
    sketch = Sketch()
    sketch.room("hall", 0, 0, 0, 8, 6, category="lobby").room("corridor", 0, 8, 0, 24, 6, category="walkway")
    sketch.room("office", 0, 0, 6, 8, 12, category="office", **STAFF)
    sketch.room("archive", 0, 8, 6, 16, 12, category="storage", **STAFF)
    sketch.room("meeting", 0, 16, 6, 24, 12, category="conferenceroom")
    sketch.entrance("hall").door("hall", "corridor").door("hall", "office", **STAFF)
    return sketch.door("office", "archive", **STAFF)


def test_a_sound_plan_has_no_errors_and_no_warnings() -> None:
    circulation = small_centre().door("corridor", "meeting").check()
    assert codes(circulation) == set()
    assert circulation.reached.public == {"hall", "corridor", "meeting"}
    assert circulation.reached.staff == {"hall", "corridor", "meeting", "office", "archive"}
    assert not circulation.has_errors


def test_an_empty_plan_has_no_findings() -> None:
    assert Sketch(levels=0).check().findings == ()


def test_an_open_room_behind_a_closed_one_is_an_error_and_a_door_is_proposed() -> None:
    sketch = small_centre().door("meeting", "archive")
    found = only(sketch.check(), "open_unreached")
    assert found.severity == "error"
    assert found.keys[0] == "meeting"
    assert found.params["reason"] == "closed_room"
    assert found.suggestion is not None
    assert found.suggestion.code == "add_door"
    assert set(found.suggestion.params["rooms"]) == {"corridor", "meeting"}
    assert "meeting" in check(applied(sketch.document(), found)).reached.public


def test_the_broken_way_is_drawn_up_to_the_door_where_it_breaks() -> None:
    found = only(small_centre().door("meeting", "archive").check(), "open_unreached")
    assert isinstance(found.geometry, LineString)
    assert found.geometry.coords[0] == pytest.approx((4, 0))
    assert found.geometry.coords[-1] == pytest.approx((4, 6))
    assert found.params["opening"] == "hall-office"


def test_an_open_room_behind_a_staff_door_is_an_error_and_the_door_is_named() -> None:
    sketch = small_centre().door("corridor", "meeting", **STAFF)
    found = only(sketch.check(), "open_unreached")
    assert (found.params["reason"], found.params["opening"]) == ("restricted", "corridor-meeting")
    assert found.suggestion is not None
    assert (found.suggestion.code, found.suggestion.params["opening"]) == ("unrestrict", "corridor-meeting")
    assert "open_unreached" not in codes(check(applied(sketch.document(), found)))


def test_rooms_stopped_by_the_same_door_are_told_once() -> None:
    sketch = Sketch().room("hall", 0, 0, 0, 8, 6)
    for number in range(4):
        sketch.room(f"room {number}", 0, 8 + 4 * number, 0, 12 + 4 * number, 6)
    sketch.entrance("hall").door("hall", "room 0", **STAFF)
    for number in range(3):
        sketch.door(f"room {number}", f"room {number + 1}")
    found = only(sketch.check(), "open_unreached")
    assert found.params["rooms"] == ["room 0", "room 1", "room 2", "room 3"]
    assert found.suggestion is not None
    assert (found.suggestion.params["cured"], found.suggestion.params["of"]) == (4, 4)


def test_a_plan_without_a_public_entrance_says_so_once() -> None:
    sketch = Sketch().room("hall", 0, 0, 0, 8, 6).room("room", 0, 8, 0, 12, 6).door("hall", "room")
    sketch.door("hall", OUTSIDE, entrance=True, **STAFF)
    circulation = sketch.check()
    assert codes(circulation) == {"no_public_entrance"}
    suggestion = circulation.findings[0].suggestion
    assert suggestion is not None
    assert suggestion.code == "unrestrict"


def test_a_way_out_that_is_no_entrance_lets_nobody_in() -> None:
    sketch = small_centre().door("corridor", "meeting").room("annex", 0, 24, 0, 30, 12).door("annex", OUTSIDE)
    found = only(sketch.check(), "open_unreached")
    assert found.params["reason"] == "not_entrance"
    assert "annex" in check(applied(sketch.document(), found)).reached.public


def test_a_room_without_a_door_is_an_error_with_a_proposal() -> None:
    sketch = small_centre()
    found = only(sketch.check(), "no_door")
    assert found.keys == ("meeting",)
    assert "no_door" not in codes(check(applied(sketch.document(), found)))


def waiting_centre() -> Sketch:
    """Staff cross the waiting room to their office, which has an outer wall."""
    sketch = Sketch().room("waiting", 0, 0, 0, 8, 6, category="waitingroom")
    sketch.room("office", 0, 0, 6, 8, 12, category="office", **STAFF)
    sketch.room("store", 0, 8, 6, 12, 12, category="storage", **STAFF)
    return sketch.entrance("waiting").door("waiting", "office", **STAFF).door("office", "store", **STAFF)


def test_staff_who_must_cross_the_waiting_room_are_reported_with_a_way_round() -> None:
    sketch = waiting_centre()
    found = only(sketch.check(), "staff_cross_waiting")
    assert found.severity == "warning"
    assert found.params["rooms"] == ["office", "store"]
    assert found.params["waiting"] == "waiting"
    assert found.suggestion is not None
    assert found.suggestion.code == "add_entrance"
    assert "staff_cross_waiting" not in codes(check(applied(sketch.document(), found)))


def test_staff_who_could_go_another_way_are_not_reported() -> None:
    circulation = waiting_centre().entrance("store", **STAFF).check()
    assert codes(circulation) == set()
    assert circulation.reached.staff_apart == {"office", "store"}


def test_which_rooms_are_waiting_rooms_is_a_rule_that_can_be_changed() -> None:
    assert "staff_cross_waiting" not in codes(waiting_centre().check(Rules(waiting_categories=())))
    assert "staff_cross_waiting" in codes(small_centre().check(Rules(waiting_categories=("lobby",))))


def test_a_closed_room_that_not_even_staff_reach_is_an_error() -> None:
    sketch = small_centre().door("corridor", "meeting").room("attic", 0, 0, 20, 4, 24, **STAFF)
    sketch.room("loft", 0, 4, 20, 8, 24, **STAFF).door("attic", "loft", **STAFF)
    found = only(sketch.check(), "closed_unreached")
    assert found.params["rooms"] == ["attic", "loft"]
    assert found.params["reason"] == "cut_off"


def test_each_door_between_open_and_closed_is_listed_with_its_control() -> None:
    sketch = small_centre().door("corridor", "meeting").door("corridor", "archive", access_control="badgereader")
    sketch.entrance("office", **STAFF)
    found = {interface.opening: interface for interface in sketch.check().interfaces}
    assert set(found) == {"hall-office", "corridor-archive", f"office-{OUTSIDE}"}
    assert all(interface.is_controlled for interface in found.values())
    assert found[f"office-{OUTSIDE}"].open_side == OUTSIDE
    assert found["corridor-archive"].access_control == "badgereader"


def test_an_unrestricted_door_into_a_closed_room_is_a_finding() -> None:
    sketch = small_centre().door("corridor", "meeting").door("corridor", "archive")
    found = only(sketch.check(), "interface_uncontrolled")
    assert found.keys == ("corridor-archive", "archive")
    assert codes(check(applied(sketch.document(), found))) == set()


def tower(levels: int = 3, lift: bool = False) -> Sketch:
    sketch = Sketch(levels)
    for level in range(levels):
        sketch.room(f"hall {level}", level, 0, 0, 8, 6, category="lobby")
        sketch.room(f"stairs {level}", level, 8, 0, 11, 6, category="stairs", shaft="S")
        sketch.door(f"hall {level}", f"stairs {level}")
        if lift and level != 1:
            sketch.room(f"lift {level}", level, 0, 6, 2, 8, category="elevator", shaft="S")
            sketch.door(f"hall {level}", f"lift {level}")
    return sketch.entrance("hall 0")


def test_stairs_lead_from_level_to_level_but_not_in_a_wheelchair() -> None:
    circulation = tower().check()
    assert {"hall 1", "hall 2"} <= circulation.reached.public
    assert circulation.reached.step_free == {"hall 0", "stairs 0"}
    first = only(circulation, "not_step_free")
    assert first.params["rooms"] == ["hall 1", "hall 2"]
    assert first.params["reason"] == "stairs"
    assert first.suggestion is not None
    assert {change["code"] for change in first.suggestion.params.get("changes", [])} <= {"add_lift"}


def test_a_lift_reaches_the_levels_where_it_stops_and_skips_the_others() -> None:
    circulation = tower(lift=True).check()
    assert {"hall 0", "hall 2", "lift 2"} <= circulation.reached.step_free
    assert "hall 1" not in circulation.reached.step_free


def test_stairs_that_are_shut_on_a_level_lead_no_further() -> None:
    sketch = tower()
    sketch.units = [
        unit if unit.key != "stairs 1" else type(unit)(**{**vars(unit), "restriction": "employeesonly"})
        for unit in sketch.units
    ]
    found = only(sketch.check(), "open_unreached")
    assert set(found.params["rooms"]) == {"hall 1", "hall 2", "stairs 2"}
    assert [piece["level"] for piece in found.params["route"]] == ["L0"]


@pytest.mark.parametrize(
    ("about", "reason", "suggestion"),
    [({"width": 0.8}, "narrow", "widen"), ({"step_free": False}, "step", "level_threshold")],
)
def test_narrow_doors_and_steps_stop_wheelchairs(about: dict[str, object], reason: str, suggestion: str) -> None:
    sketch = small_centre().door("corridor", "meeting", **about)  # type: ignore[arg-type]
    found = only(sketch.check(), "not_step_free")
    assert (found.keys[0], found.params["reason"]) == ("meeting", reason)
    assert found.suggestion is not None
    assert found.suggestion.code == suggestion
    assert codes(check(applied(sketch.document(), found))) == set()


def test_steps_within_the_building_are_to_be_replaced_and_no_threshold_is_blamed_for_them() -> None:
    sketch = Sketch().room("hall", 0, 8, 0, 12, 4, category="lobby").room("office", 0, 0, 0, 4, 4, category="office")
    sketch.room("steps", 0, 4, 0, 8, 4, category="steps").entrance("hall").door("hall", "steps").door("steps", "office")
    found = only(sketch.check(), "not_step_free")
    assert found.suggestion is not None
    assert (found.suggestion.code, found.suggestion.params["rooms"]) == ("replace_steps", ["steps"])
    assert "operations" not in found.suggestion.params


def test_a_door_a_millimetre_short_of_the_width_is_wide_enough() -> None:
    assert codes(small_centre().door("corridor", "meeting", width=0.8995).check()) == set()


def test_stairs_without_a_shaft_are_told_which_stairs_are_above_them() -> None:
    sketch = tower(2)
    sketch.units = [type(unit)(**{**vars(unit), "shaft": ""}) for unit in sketch.units]
    circulation = sketch.check()
    found = [finding for finding in circulation.findings if finding.code == "shaft_alone"]
    assert [finding.keys[0] for finding in found] == ["stairs 0", "stairs 1"]
    assert "hall 1" in check(applied(sketch.document(), found[0])).reached.public


def test_doors_that_lead_nowhere_into_voids_or_are_entrances_inside_are_told() -> None:
    sketch = small_centre().door("corridor", "meeting", entrance=True)
    sketch.room("void", 0, 24, 0, 30, 6, category="opentobelow").room("end", 0, 24, 6, 30, 12)
    sketch.door("meeting", "end")
    document = sketch.document()
    stray = [
        type(document.openings[0])("stray", "L0", LineString([(4, 3), (5, 3)])),
        type(document.openings[0])("fall", "L0", LineString([(24, 2), (24, 3)])),
    ]
    sketch.openings.extend(stray)
    found = {(finding.code, finding.keys[0]) for finding in sketch.check().findings if finding.severity != "error"}
    assert {
        ("entrance_not_outside", "corridor-meeting"),
        ("opening_leads_nowhere", "stray"),
        ("opening_to_void", "fall"),
    } <= found


def test_long_corridors_with_one_end_are_noted_and_so_are_large_offices_with_one_door() -> None:
    sketch = small_centre().door("corridor", "meeting").room("team", 0, 0, 12, 24, 20, desks=18, **STAFF)
    sketch.door("office", "team", **STAFF)
    circulation = sketch.check()
    assert codes(circulation) == set()
    assert codes(circulation, "note") == {"dead_end", "single_way_out"}
    dead_end = only(circulation, "dead_end")
    assert dead_end.params["metres"] == pytest.approx(16.3, abs=0.1)
    assert codes(sketch.entrance("corridor").entrance("team", **STAFF).check(), "note") == set()


def test_the_answer_can_be_written_as_json() -> None:
    sketch = small_centre().door("meeting", "archive").fixture("counter", 0, [(1, 5), (3, 5)])
    value = json.loads(json.dumps(sketch.check().to_json()))
    assert set(value) == {"findings", "interfaces", "reached", "routes"}
    assert value["reached"]["public"] == ["corridor", "hall"]
    assert value["findings"][0]["suggestion"]["code"] == "add_door"


def test_findings_come_errors_first() -> None:
    severities = [finding.severity for finding in small_centre().door("meeting", "archive").check().findings]
    order: list[Finding] = sorted(severities, key=["error", "warning", "note"].index)  # type: ignore[type-var,arg-type]
    assert severities == order
