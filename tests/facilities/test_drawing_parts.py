"""Furniture, attributes, teams and whole levels."""

from dataclasses import replace

import pytest
from shapely import LineString, Point, box
from shapely.geometry import mapping

from facilities.plan.document import Amenity, Fixture, Team
from facilities.plan.drawing import Refused, apply_all
from tests.facilities.factories_plans import key, key_source, make_document

LEVEL, UPPER, THIRD = key("level", 0), key("level", 1), key("level", 2)
CARE, TAX = Team(key("care"), "복지팀", 8, 10, 60), Team(key("tax"), "총무팀", 5, 5, 10)
FIRST, SECOND = key(0, "room", 0, 0), key(0, "room", 0, 1)
DESK = Fixture(key("desk"), LEVEL, box(5, 3, 6, 4), "desk")
BIN = Amenity(key("bin"), LEVEL, Point(6, 5), "recyclingpoint")


def _plan():
    document = make_document(2, 3, levels=3)
    units = [unit for unit in document.units if unit.level != THIRD]
    units[units.index(document.get("units", FIRST))] = replace(
        document.get("units", FIRST), teams=(CARE.key, TAX.key), desks=13
    )
    openings = tuple(opening for opening in document.openings if opening.level != THIRD)
    return replace(
        document, units=tuple(units), openings=openings, teams=(CARE, TAX), fixtures=(DESK,), amenities=(BIN,)
    )


PLAN = _plan()


def do(*operations):
    return apply_all(PLAN, operations, key_source())


def refusal(operation):
    with pytest.raises(Refused) as caught:
        do(operation)
    return caught.value


def set_(kind, keys, **attributes):
    return {"op": "set", "kind": kind, "keys": keys, "attributes": attributes}


def test_several_rooms_are_given_the_same_attributes():
    outcome = do(set_("units", [FIRST, SECOND], restriction="employeesonly", idle=True, desks=9))
    assert {(unit.restriction, unit.idle, unit.desks) for unit in map(_unit(outcome), (FIRST, SECOND))} == {
        ("employeesonly", True, 9)
    }


def _unit(outcome):
    return lambda key_: outcome.document.get("units", key_)


def test_setting_what_is_so_already_changes_nothing():
    assert do(set_("units", [FIRST], desks=13)).changes == []


def test_names_are_trimmed_and_composed():
    outcome = do(set_("units", [FIRST], name_ko="  \u1112\u116c의실 ", note="한 줄\n두 줄"))
    assert (_unit(outcome)(FIRST).name_ko, _unit(outcome)(FIRST).note) == ("회의실", "한 줄\n두 줄")


@pytest.mark.parametrize(
    ("kind", "keys", "attributes", "code"),
    [
        ("units", [FIRST], {"category": "corridor"}, "bad_value"),
        ("units", [FIRST], {"restriction": None}, "malformed"),
        ("units", [FIRST], {"name_ko": "가" * 61}, "too_long"),
        ("units", [FIRST], {"number": "1" * 13}, "too_long"),
        ("units", [FIRST], {"name_ko": "가\x00"}, "bad_text"),
        ("units", [FIRST], {"name_en": "\ud800"}, "bad_text"),
        ("units", [FIRST], {"name_en": "two\nlines"}, "bad_text"),
        ("units", [FIRST], {"desks": 501}, "bad_number"),
        ("units", [FIRST], {"desks": -1}, "bad_number"),
        ("units", [FIRST], {"desks": 2.5}, "malformed"),
        ("units", [FIRST], {"desks": True}, "malformed"),
        ("units", [FIRST], {"after_hours": "yes"}, "malformed"),
        ("units", [FIRST], {"teams": [key("nobody")]}, "unknown_team"),
        ("units", [FIRST], {"teams": [CARE.key, CARE.key]}, "malformed"),
        ("units", [FIRST], {"key": "other"}, "unknown_attribute"),
        ("units", [FIRST], {"level": UPPER}, "unknown_attribute"),
        ("units", [FIRST], {"geometry": mapping(box(0, 0, 1, 1))}, "unknown_attribute"),
        ("units", [FIRST], [], "malformed"),
        ("units", [], {}, "malformed"),
        ("units", [FIRST, FIRST], {}, "malformed"),
        ("units", [key("nobody")], {}, "unknown_part"),
        ("rooms", [FIRST], {}, "bad_value"),
        ("openings", [key(0, "entrance")], {"access_control": "dog"}, "bad_value"),
        ("openings", [key(0, "entrance")], {"step_free": 1}, "malformed"),
        ("fixtures", [DESK.key], {"category": "sofa"}, "bad_value"),
        ("amenities", [BIN.key], {"category": []}, "malformed"),
    ],
)
def test_what_cannot_be_set_is_refused(kind, keys, attributes, code):
    assert refusal({"op": "set", "kind": kind, "keys": keys, "attributes": attributes}).code == code


def test_furniture_is_placed_moved_and_removed():
    counter = {
        "op": "place", "kind": "fixtures", "level": LEVEL, "geometry": mapping(LineString([(5, 5), (7, 5)])),
        "attributes": {"category": "counter", "name": "민원 창구"},
    }  # fmt: skip
    move = {"op": "move", "kind": "amenities", "key": BIN.key, "geometry": mapping(Point(7, 6))}
    outcome = do(counter, move, {"op": "remove", "kind": "fixtures", "keys": [DESK.key]})
    [made] = outcome.document.fixtures
    assert (made.category, made.name) == ("counter", "민원 창구")
    assert outcome.document.get("amenities", BIN.key).geometry.equals(Point(7, 6))


@pytest.mark.parametrize(
    ("kind", "geometry", "code"),
    [
        ("fixtures", mapping(Point(1, 1)), "malformed"),
        ("amenities", mapping(box(0, 0, 1, 1)), "malformed"),
        ("amenities", {"type": "Point", "coordinates": [float("nan"), 1]}, "bad_number"),
        ("amenities", {"type": "Point"}, "malformed"),
        ("fixtures", {"type": "LineString", "coordinates": [[1, 1], [1, 1]]}, "malformed"),
        ("fixtures", {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, "self_crossing"),
        ("units", mapping(box(0, 0, 1, 1)), "bad_value"),
    ],
)
def test_furniture_of_an_impossible_shape_is_refused(kind, geometry, code):
    assert refusal({"op": "place", "kind": kind, "level": LEVEL, "geometry": geometry}).code == code


def test_a_team_is_moved_from_room_to_room():
    outcome = do({"op": "assign_team", "team": CARE.key, "from": FIRST, "to": key(1, "room", 0, 0)})
    assert _unit(outcome)(FIRST).teams == (TAX.key,)
    assert _unit(outcome)(key(1, "room", 0, 0)).teams == (CARE.key,)
    assert _unit(outcome)(FIRST).desks == 13


def test_a_team_is_seated_in_a_second_room_or_taken_out_of_one():
    outcome = do(
        {"op": "assign_team", "team": CARE.key, "from": None, "to": SECOND},
        {"op": "assign_team", "team": CARE.key, "from": FIRST, "to": None},
    )
    assert (_unit(outcome)(FIRST).teams, _unit(outcome)(SECOND).teams) == ((TAX.key,), (CARE.key,))


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"team": CARE.key, "from": SECOND, "to": FIRST}, "team_not_there"),
        ({"team": key("nobody"), "from": FIRST, "to": SECOND}, "unknown_team"),
        ({"team": CARE.key}, "malformed"),
        ({"team": CARE.key, "from": FIRST, "to": FIRST}, "malformed"),
        ({"team": CARE.key, "from": FIRST, "to": key("nowhere")}, "unknown_part"),
        ({"team": CARE.key, "from": [], "to": FIRST}, "malformed"),
    ],
)
def test_a_team_that_cannot_be_moved_so_is_refused(operation, code):
    assert refusal({"op": "assign_team", **operation}).code == code


def test_a_copied_level_has_everything_but_the_teams_and_new_keys():
    outcome = do({"op": "copy_level", "from": LEVEL, "to": THIRD, "replace": False})
    for kind in ("units", "openings", "fixtures", "amenities"):
        old, new = (outcome.document.on_level(kind, level) for level in (LEVEL, THIRD))
        assert len(new) == len(old) > 0
        assert not {part.key for part in old} & {part.key for part in new}
        teams = {"teams": ()} if kind == "units" else {}
        assert [replace(part, key="", level="", **teams) for part in old] == [
            replace(part, key="", level="") for part in new
        ]
    assert {unit.shaft for unit in outcome.document.on_level("units", THIRD)} == {"", "L1", "S1"}
    assert [(note.code, note.params) for note in outcome.notes] == [("teams_not_copied", {"count": 2})]


def test_a_level_with_something_on_it_is_overwritten_only_when_told():
    refused = refusal({"op": "copy_level", "from": LEVEL, "to": UPPER, "replace": False})
    assert (refused.code, refused.params["level"]) == ("level_not_empty", UPPER)
    outcome = do({"op": "copy_level", "from": LEVEL, "to": UPPER, "replace": True})
    assert key(1, "spine") not in outcome.document.index["units"]
    assert len(outcome.document.on_level("units", UPPER)) == len(PLAN.on_level("units", LEVEL))


def test_a_level_is_not_copied_where_it_does_not_fit():
    levels = tuple(replace(one, outline=box(0, 0, 10, 14)) if one.key == THIRD else one for one in PLAN.levels)
    with pytest.raises(Refused) as caught:
        apply_all(replace(PLAN, levels=levels), [{"op": "copy_level", "from": LEVEL, "to": THIRD}], key_source())
    assert caught.value.code == "outside_outline"
    assert key(0, "room", 0, 2) in caught.value.keys
    assert FIRST not in caught.value.keys


def test_a_level_is_not_copied_onto_itself_or_nowhere():
    assert refusal({"op": "copy_level", "from": LEVEL, "to": LEVEL}).code == "same_level"
    assert refusal({"op": "copy_level", "from": LEVEL, "to": "attic"}).code == "unknown_level"


def test_a_level_is_copied_with_the_faults_it_has():
    extra = replace(PLAN.get("units", FIRST), key=key("extra"), geometry=box(5, 3, 7, 6))
    document = replace(PLAN, units=(*PLAN.units, extra))
    outcome = apply_all(document, [{"op": "copy_level", "from": LEVEL, "to": THIRD}], key_source())
    assert len(outcome.document.on_level("units", THIRD)) == len(document.on_level("units", LEVEL))
