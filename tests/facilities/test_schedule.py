"""Area schedules: planners add them up by hand, and they must come out."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from shapely import box

from facilities.plan import coverage
from facilities.plan.document import UNIT_CATEGORIES, Document, Level, Team, Unit
from facilities.plan.schedule import NO_TEAM, Standard, pyeong, schedule, weights
from facilities.plan.space import TOLERANCE_M2
from facilities.plan.standards import in_force
from facilities.plan.uses import GROUPS, group_of
from tests.facilities.factories_plans import key, make_document
from tests.facilities.strategies import plans, with_unit

CIVIL = Team(key("civil"), "민원팀", headcount_now=4, headcount_planned=6, visits_per_day=120)
WELFARE = Team(key("welfare"), "복지팀", headcount_now=2, headcount_planned=2, visits_per_day=30)


def room(number, corners, category="office", **values):
    return Unit(key("room", number), key("level", 0), box(*corners), category, **values)


def floor(*units):
    level = Level(key("level", 0), 0, "1F", outline=box(0, 0, 10, 10))
    return Document(levels=(level,), units=units, teams=(CIVIL, WELFARE))


def codes(found):
    return [finding.code for finding in found.findings]


def test_one_pyeong_is_400_by_121_square_metres():
    assert pyeong(400 / 121) == pytest.approx(1)
    assert pyeong(132.23) == pytest.approx(40, abs=0.01)


def test_every_category_has_a_group():
    assert {
        category for category in UNIT_CATEGORIES if not any(category in group for group in GROUPS.values())
    } == set()
    assert sum(map(len, GROUPS.values())) == len(UNIT_CATEGORIES)
    assert group_of("made up") == "undecided"


@given(plans())
@settings(max_examples=80, deadline=None)
def test_rooms_walls_voids_and_what_is_unassigned_make_up_the_outline(document):
    found = schedule(document)
    for block in (*(level.block for level in found.levels), found.total):
        assert block.space.remainder_m2 == pytest.approx(0, abs=1e-6)
        assert block.space.reconciles
        for rows in (block.by_category, block.by_group, block.by_restriction, block.by_team):
            assert sum(share.m2 for share in rows) == pytest.approx(block.space.rooms_m2, abs=1e-9)
    assert sum(level.block.space.rooms_m2 for level in found.levels) == pytest.approx(found.total.space.rooms_m2)
    assert sum(row.m2 for row in found.teams) == pytest.approx(
        found.total.space.rooms_m2 - found.total.m2("by_team", NO_TEAM)
    )


def test_walls_are_what_no_room_takes_and_nothing_else_could_use():
    document = make_document(2, 3, levels=2, wall=0.2)
    found = schedule(document)
    outline = sum(level.outline.area for level in document.levels)
    rooms = sum(unit.geometry.area for unit in document.units)
    assert found.total.space.walls_m2 == pytest.approx(outline - rooms)
    assert found.total.space.unassigned_m2 == 0
    assert found.total.space.reconciles


def test_ground_too_wide_for_a_wall_is_unassigned_and_shown_where_it_is():
    document = floor(room(1, (0, 0, 10, 6)))
    found = schedule(document)
    assert found.total.space.unassigned_m2 == pytest.approx(40)
    assert found.total.space.walls_m2 == pytest.approx(0)
    (gap,) = [finding for finding in found.findings if finding.code == "unassigned"]
    assert gap.geometry.equals(box(0, 6, 10, 10))
    assert gap.params["m2"] == pytest.approx(40)


@pytest.mark.parametrize(("gap", "walls"), [(0.6, 6.0), (0.62, 0.0)])
def test_the_thickest_wall_is_a_wall_and_more_is_not(gap, walls):
    found = schedule(floor(room(1, (0, 0, 10, 10 - gap))))
    assert found.total.space.walls_m2 == pytest.approx(walls, abs=1e-4)
    assert found.total.space.reconciles


def test_voids_and_drawn_columns_are_told_apart_from_rooms():
    document = floor(room(1, (0, 0, 10, 8)), room(2, (0, 8, 5, 10), "opentobelow"), room(3, (5, 8, 10, 10), "column"))
    space = schedule(document).total.space
    assert (space.rooms_m2, space.voids_m2, space.structure_m2) == pytest.approx((80, 10, 10))
    assert space.reconciles


def test_rooms_that_overlap_are_named_and_the_sum_does_not_come_out():
    document = floor(room(1, (0, 0, 10, 6)), room(2, (0, 5, 10, 10)))
    found = schedule(document)
    assert found.total.space.overlap_m2 == pytest.approx(10)
    assert found.total.space.remainder_m2 == pytest.approx(-10)
    assert not found.total.space.reconciles
    (overlap,) = [finding for finding in found.findings if finding.code == "overlap"]
    assert set(overlap.keys) == {key("room", 1), key("room", 2)}
    assert overlap.params["m2"] == pytest.approx(10)


def test_a_room_beyond_the_outline_is_named():
    found = schedule(floor(room(1, (0, 0, 10, 11))))
    assert found.total.space.outside_m2 == pytest.approx(10)
    assert "outside" in codes(found)
    assert not found.total.space.reconciles


def test_a_level_without_outline_has_rooms_but_no_walls_and_leaves_the_whole_open():
    document = make_document(1, 2, levels=2)
    bare = replace(document, levels=(document.levels[0], replace(document.levels[1], outline=None)))
    found = schedule(bare)
    assert found.levels[1].block.space.outline_m2 is None
    assert found.total.space.outline_m2 is None
    assert found.total.space.remainder_m2 is None
    assert found.total.space.rooms_m2 == pytest.approx(schedule(document).total.space.rooms_m2)
    assert [finding.level for finding in found.findings if finding.code == "no_outline"] == [document.levels[1].key]


def test_a_room_of_several_teams_is_shared_by_their_planned_staff():
    found = schedule(floor(room(1, (0, 0, 8, 10), teams=(CIVIL.key, WELFARE.key))))
    civil, welfare = found.teams
    assert (civil.m2, welfare.m2) == pytest.approx((60, 20))
    assert civil.is_sharing
    assert welfare.is_sharing
    assert civil.per_head_planned == pytest.approx(10)
    assert civil.per_head_now == pytest.approx(15)
    assert (found.staff_now, found.staff_planned, found.visits) == (6, 8, 150)


def test_where_no_staff_is_planned_todays_counts_and_where_there_is_none_teams_share_equally():
    now = [replace(CIVIL, headcount_planned=0), replace(WELFARE, headcount_planned=0)]
    assert weights(now) == pytest.approx({CIVIL.key: 2 / 3, WELFARE.key: 1 / 3})
    nobody = [replace(team, headcount_now=0) for team in now]
    assert weights(nobody) == {CIVIL.key: 0.5, WELFARE.key: 0.5}


def test_what_is_missing_is_said():
    document = floor(
        room(1, (0, 0, 10, 5), "unspecified"), room(2, (0, 5, 5, 10)), room(3, (5, 5, 10, 10), teams=(key("gone"),))
    )
    assert codes(schedule(document)) == [
        "no_category", "no_team", "unknown_team", "not_seated", "not_seated", "no_standards",
    ]  # fmt: skip


def test_an_empty_plan_has_a_schedule_too():
    found = schedule(Document())
    assert found.total.space.drawn_m2 == 0
    assert found.total.space.outline_m2 is None
    assert codes(found) == ["no_standards"]


def seated():
    return floor(
        room(1, (0, 0, 10, 6), teams=(CIVIL.key,)), room(2, (0, 6, 4, 10), "waitingroom"),
        room(3, (4, 6, 10, 10), teams=(WELFARE.key,)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "applies_to", "value", "required", "actual"),
    [
        ("m2_per_head", "office", 7.0, 56.0, 84.0),
        ("m2_per_head", "work", 12.0, 96.0, 84.0),
        ("m2_per_head", CIVIL.key, 10.0, 60.0, 60.0),
        ("m2_per_100_visits", "waitingroom", 20.0, 30.0, 16.0),
        ("m2", "", 90.0, 90.0, 100.0),
        ("m2_per_room", "office", 30.0, 30.0, 24.0),
    ],
)
def test_a_standard_is_held_against_what_it_applies_to(unit, applies_to, value, required, actual):
    standard = Standard("norm", value, unit, applies_to, "our own", date(2020, 1, 1))
    found = schedule(seated(), [standard])
    (measured,) = found.standards
    assert (measured.required_m2, measured.actual_m2) == pytest.approx((required, actual))
    assert measured.difference_m2 == pytest.approx(actual - required)
    assert measured.is_met is (actual >= required)
    assert ("below_standard" in codes(found)) is (actual < required)


def test_a_standard_that_cannot_be_held_against_the_plan_says_so():
    without_people = replace(seated(), teams=())
    found = schedule(without_people, [Standard("a", 7, "m2_per_head", "office"), Standard("b", 1, "per moon")])
    assert [item.required_m2 for item in found.standards] == [None, None]
    assert {"not_measured", "unknown_unit"} <= set(codes(found))


def test_the_newest_standard_in_force_on_the_day_wins():
    old, new, future = (
        Standard("norm", value, "m2", effective_from=date(year, 1, 1))
        for value, year in ((1, 2015), (2, 2020), (3, 2030))
    )
    always = Standard("other", 9, "m2")
    assert in_force([new, future, always, old], date(2026, 7, 1)) == [new, always]
    assert in_force([new, always, old], date(2016, 1, 1)) == [old, always]
    assert in_force([old], date(2001, 1, 1)) == []
    assert in_force([old, future, new]) == [future]


def test_a_change_of_use_moves_area_from_one_row_to_another():
    before = seated()
    after = with_unit(before, key("room", 3), category="lounge", restriction="employeesonly")
    old, new = schedule(before).total, schedule(after).total
    assert old.m2("by_category", "office") - new.m2("by_category", "office") == pytest.approx(24)
    assert new.m2("by_group", "residents") == pytest.approx(24)
    assert new.m2("by_restriction", "employeesonly") == pytest.approx(24)


def test_a_plan_of_640_rooms_is_added_up_in_no_time():
    document = make_document(8, 19, levels=4, wall=0.2)
    assert len(document.units) > 640
    started = time.perf_counter()
    found = schedule(document)
    assert time.perf_counter() - started < 1.0
    assert found.total.space.remainder_m2 == pytest.approx(0, abs=TOLERANCE_M2)


@given(plans())
@settings(max_examples=40, deadline=None)
def test_what_is_unassigned_is_what_the_coverage_check_calls_gaps(document):
    for level in schedule(document).levels:
        gaps = sum(item.params["area"] for item in coverage.check(document, level.level.key) if item.code == "gap")
        drawn = document.on_level("units", level.level.key)
        assert gaps == pytest.approx(level.block.space.unassigned_m2 if drawn else 0, abs=TOLERANCE_M2)
