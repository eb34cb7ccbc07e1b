"""What does not fit together in a plan is found and told."""

from dataclasses import replace

import pytest
from django.utils import translation
from shapely import LineString, Point, Polygon, box

from facilities.plan.coverage import check
from facilities.plan.document import Amenity, Document, Fixture, Level, Opening, Unit
from facilities.plan.schedule import schedule
from facilities.words import coverage as words
from tests.facilities.factories_plans import key, make_document, turned

LEVEL = key("level", 0)
PLAN, THICK = make_document(2, 3), make_document(2, 3, wall=0.2)
FIRST, SECOND, CORRIDOR = key(0, "room", 0, 0), key(0, "room", 0, 1), key(0, "corridor", 0)


def changed(document, kind, key_, **values):
    parts = tuple(replace(part, **values) if part.key == key_ else part for part in document.parts(kind))
    return replace(document, **{kind: parts})


def added(document, kind, *parts):
    return replace(document, **{kind: (*document.parts(kind), *parts)})


def removed(document, *keys):
    return replace(document, units=tuple(unit for unit in document.units if unit.key not in keys))


def only(document, code):
    findings = check(document)
    assert [finding.code for finding in findings] == [code]
    return findings[0]


@pytest.mark.parametrize("wall", [0.0, 0.1, 0.2, 0.5])
@pytest.mark.parametrize("degrees", [0, 11.7, 45])
def test_a_plan_that_fits_has_no_findings(wall, degrees):
    assert check(turned(make_document(2, 3, levels=2, wall=wall), degrees)) == []


def test_rooms_that_overlap_are_named_with_area_and_place():
    found = only(changed(PLAN, "units", FIRST, geometry=box(4.2, 2, 8.5, 7)), "rooms_overlap")
    assert set(found.keys) == {FIRST, SECOND}
    assert (found.severity, found.level) == ("error", LEVEL)
    assert found.params["area"] == pytest.approx(1.5)
    assert found.geometry.bounds == pytest.approx((8.2, 2, 8.5, 7))


def test_a_hair_of_overlap_is_no_fault():
    assert check(changed(PLAN, "units", FIRST, geometry=box(4.2, 2, 8.20001, 7))) == []


def test_a_hole_in_the_plan_is_a_gap():
    document = replace(removed(PLAN, FIRST), openings=())
    found = only(document, "gap")
    assert found.params["area"] == pytest.approx(20)
    assert found.geometry.equals(box(4.2, 2, 8.2, 7))


def test_a_gap_between_thick_walls_is_told_with_the_walls_around_it():
    found = only(replace(removed(THICK, FIRST), openings=()), "gap")
    assert 20 < found.params["area"] < 24


def test_a_wall_as_thick_as_walls_may_be_is_no_gap():
    assert check(make_document(2, 3, wall=0.6)) == []


@pytest.mark.parametrize("size", [0.5, 0.6, 0.75, 0.9, 1.2])
def test_what_the_area_schedule_calls_unassigned_is_shown_as_a_gap_and_nothing_else_is(size):
    level = Level("floor", 0, outline=box(0, 0, 10, 8))
    around = box(0, 0, 10, 8).difference(box(4, 3, 4 + size, 3 + size))
    document = Document((level,), (Unit("room", "floor", around, name_ko="사무실"),))
    shown = [finding.params["area"] for finding in check(document) if finding.code == "gap"]
    assert sum(shown) == pytest.approx(schedule(document).total.space.unassigned_m2, abs=1e-3)
    assert bool(shown) == (size > 0.7)


def test_a_room_beyond_the_outline_is_told_with_what_is_outside():
    found = only(changed(PLAN, "units", key(0, "room", 0, 2), geometry=box(12.2, 2, 17, 7)), "room_outside_outline")
    assert found.severity == "error"
    assert found.params["area"] == pytest.approx(0.8 * 5, abs=0.01)


def test_a_level_without_an_outline_says_so_and_has_no_gaps():
    levels = tuple(replace(level, outline=None) for level in PLAN.levels)
    only(replace(PLAN, levels=levels), "no_outline")
    assert check(Document(levels=levels)) == []


def test_rooms_that_nearly_touch_are_told_with_the_width_between_them():
    found = only(changed(PLAN, "units", FIRST, geometry=box(4.2, 2, 8.195, 7)), "sliver")
    assert {FIRST, SECOND} <= set(found.keys)
    assert found.params == {"width": pytest.approx(0.005, abs=1e-4), "length": pytest.approx(5, abs=0.02)}


def test_a_wedge_between_rooms_that_touch_at_one_end_is_a_sliver():
    shape = Polygon([(4.2, 2), (8.2, 2), (8.185, 7), (4.2, 7)])
    assert {FIRST, SECOND} <= set(only(changed(PLAN, "units", FIRST, geometry=shape), "sliver").keys)


def test_a_narrow_hole_in_a_room_is_not_between_rooms():
    shape = box(4.2, 2, 8.2, 7).difference(box(5, 3, 5.01, 4))
    assert check(changed(PLAN, "units", FIRST, geometry=shape)) == []


def test_a_room_that_crosses_itself_does_not_stop_the_check():
    bow = Polygon([(4.2, 2), (8.2, 7), (8.2, 2), (4.2, 7)])
    codes = {finding.code for finding in check(changed(PLAN, "units", FIRST, geometry=bow))}
    assert "room_invalid" in codes


def _door(line, **values):
    return Opening(key("extra"), LEVEL, LineString(line), **values)


@pytest.mark.parametrize(
    ("line", "code", "rooms"),
    [
        ([(5, 4), (6, 4)], "opening_within_room", (FIRST,)),
        ([(30, 4), (31, 4)], "opening_joins_nothing", ()),
        ([(16.2, 4), (16.2, 5)], "opening_outside", (key(0, "room", 0, 2),)),
    ],
)
def test_openings_that_lead_nowhere_are_found(line, code, rooms):
    found = only(added(PLAN, "openings", _door(line)), code)
    assert found.keys == (key("extra"), *rooms)


def test_an_opening_onto_a_gap_joins_one_side_only():
    document = replace(removed(PLAN, FIRST), openings=(PLAN.get("openings", key(0, "door", "room", 0, 0)),))
    found = [finding for finding in check(document) if finding.code != "gap"]
    assert [(one.code, one.keys[1:]) for one in found] == [("opening_joins_one_side", (CORRIDOR,))]


def test_an_entrance_may_lead_outside():
    assert check(added(PLAN, "openings", _door([(16.2, 4), (16.2, 5)], entrance=True))) == []


def test_rooms_without_a_name_are_noted_but_not_columns():
    column = Unit(key("column"), LEVEL, box(5, 3, 5.4, 3.4), "column")
    room = box(4.2, 2, 8.2, 7).difference(column.geometry)
    document = added(changed(PLAN, "units", FIRST, geometry=room, name_ko="", name_en="", number=""), "units", column)
    found = only(document, "unnamed_room")
    assert (found.keys, found.severity) == ((FIRST,), "note")


def test_a_room_number_given_twice_on_a_level_is_found():
    found = only(changed(PLAN, "units", SECOND, number="101"), "duplicate_number")
    assert (set(found.keys), found.params["number"]) == ({FIRST, SECOND}, "101")
    two = make_document(1, 2, levels=2)
    assert check(changed(two, "units", key(1, "room", 0, 0), number="101")) == []


def test_furniture_outside_all_rooms_is_found_but_a_shutter_may_stand_in_a_wall():
    shutter = Fixture(key("shutter"), LEVEL, LineString([(5, 2.1), (7, 2.1)]), "shutter")
    assert check(added(THICK, "fixtures", shutter)) == []
    desk = Fixture(key("desk"), LEVEL, box(30, 3, 31, 4), "desk")
    assert only(added(THICK, "fixtures", desk), "fixture_outside_rooms").keys == (desk.key,)
    bench = Amenity(key("bench"), LEVEL, Point(-3, -3), "seating")
    assert only(added(THICK, "amenities", bench), "amenity_outside_rooms").severity == "note"


def test_one_level_can_be_checked_alone():
    document = make_document(1, 2, levels=2)
    broken = changed(document, "units", key(1, "room", 0, 0), geometry=box(4.2, 2, 9, 7))
    assert check(broken, LEVEL) == []
    assert [finding.level for finding in check(broken, key("level", 1))] == [key("level", 1)]
    assert [finding.code for finding in check(broken)] == ["rooms_overlap"]


def test_an_empty_plan_has_no_findings():
    assert check(Document()) == []
    assert check(Document(levels=(Level("a", 0, outline=box(0, 0, 9, 9)),))) == []


@pytest.mark.parametrize(("language", "expected"), [("en", "101 Office 101"), ("ko", "101 사무실 101")])
def test_findings_name_rooms_in_the_users_language(language, expected):
    document = changed(PLAN, "units", FIRST, geometry=box(4.2, 2, 8.5, 7))
    with translation.override(language):
        sentence = words.text(check(document)[0], document)
    assert expected in sentence
    assert "1.5 m²" in sentence


def test_every_finding_has_its_sentence():
    broken = {
        "units": (
            Unit("a", LEVEL, box(0, 0, 5, 5), number="1"),
            Unit("b", LEVEL, box(4, 0, 9, 5), number="1"),
            Unit("c", LEVEL, Polygon([(20, 0), (25, 5), (25, 0), (20, 5)])),
            Unit("d", LEVEL, box(9.01, 0, 12, 5)),
        ),
        "openings": (
            _door([(2, 2), (3, 2)]),
            *(replace(_door(line), key=str(line)) for line in ([(50, 2), (51, 2)], [(0, 2), (0, 3)], [(1, 5), (2, 5)])),
        ),
        "fixtures": (Fixture("f", LEVEL, box(70, 0, 71, 1)),),
        "amenities": (Amenity("m", LEVEL, Point(70, 0)),),
    }
    document = Document(levels=(Level(LEVEL, 0, "1F", outline=box(0, 0, 11, 9)),), **broken)
    findings = [*check(document), *check(replace(document, levels=(Level(LEVEL, 0),)))]
    told = {finding.code: words.text(finding, document) for finding in findings}
    assert told.keys() == words.SENTENCES.keys()
    assert all("%" not in sentence for sentence in told.values())
