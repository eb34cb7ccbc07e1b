"""The ledger of what a plan changes, room by room, and what it costs."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from shapely import LineString, box
from shapely.affinity import translate

from facilities.plan.costs import UnitCost, cost
from facilities.plan.document import GAP, Document, Level, Opening, Unit
from facilities.plan.ledger import KEPT, MERGED, MOVED, NEW, REMOVED, SPLIT, ledger
from facilities.plan.schedule import schedule
from facilities.plan.walls import changed_walls
from tests.facilities.factories_plans import key, make_document
from tests.facilities.strategies import plans, with_unit

GROUND, UPSTAIRS = key("level", 0), key("level", 1)


def room(number, corners, category="office", level=GROUND, **values):
    return Unit(key("room", number), level, box(*corners), category, **values)


def plan(*units, openings=()):
    levels = tuple(Level(key, ordinal, outline=box(0, 0, 10, 10)) for ordinal, key in enumerate((GROUND, UPSTAIRS)))
    return Document(levels=levels, units=units, openings=openings)


def statuses(found):
    return {entry.key: entry.status for entry in found.entries}


def entry(found, number):
    return next(entry for entry in found.entries if entry.key == key("room", number))


WHOLE = plan(room(1, (0, 0, 10, 10)))
HALVES = plan(room(1, (0, 0, 6, 10)), room(2, (6, 0, 10, 10), "lounge"))


@given(plans(), plans())
@settings(max_examples=100, deadline=None)
def test_area_changes_add_up_to_the_difference_of_the_schedules(before, after):
    found = ledger(before, after)
    old, new = schedule(before).total, schedule(after).total
    assert found.m2_change == pytest.approx(new.space.drawn_m2 - old.space.drawn_m2, abs=1e-9)
    changes = found.m2_by("category")
    for share in (*old.by_category, *new.by_category):
        change = new.m2("by_category", share.key) - old.m2("by_category", share.key)
        assert changes[share.key] == pytest.approx(change, abs=1e-9)
    entries = sum((Fraction(entry.m2_after) - Fraction(entry.m2_before) for entry in found.entries), Fraction(0))
    areas = [
        sum((Fraction(unit.geometry.area) for unit in document.units), Fraction(0)) for document in (before, after)
    ]
    assert entries == areas[1] - areas[0]


@given(plans(), plans())
@settings(max_examples=60, deadline=None)
def test_seen_from_the_other_plan_the_ledger_is_turned_round(before, after):
    turned = {KEPT: KEPT, MOVED: MOVED, NEW: REMOVED, REMOVED: NEW}
    there, back = ledger(before, after), ledger(after, before)
    backwards = statuses(back)
    for key_, status in statuses(there).items():
        if status in turned:
            assert backwards[key_] == turned[status]
        else:
            assert backwards[key_] in (SPLIT, MERGED)
    for level, walls in there.walls.items():
        assert walls.built_m == pytest.approx(back.walls[level].removed_m)
        assert walls.removed_m == pytest.approx(back.walls[level].built_m)


@given(plans())
@settings(max_examples=30, deadline=None)
def test_a_plan_beside_itself_changes_nothing(document):
    found = ledger(document, document)
    assert found.changed == ()
    assert found.quantities == {"door": 0, "gap": 0, "wall_m": 0}


def test_a_room_cut_in_two_is_split_and_put_together_again_merged():
    found = ledger(WHOLE, HALVES)
    assert statuses(found) == {key("room", 1): SPLIT, key("room", 2): SPLIT}
    assert entry(found, 1).successors == (key("room", 2),)
    assert entry(found, 2).origins == (key("room", 1),)
    assert (entry(found, 1).m2_before, entry(found, 1).m2_after) == (100, 60)
    back = ledger(HALVES, WHOLE)
    assert statuses(back) == {key("room", 1): MERGED, key("room", 2): MERGED}
    assert entry(back, 1).origins == (key("room", 2),)
    assert entry(back, 2).successors == (key("room", 1),)


def test_a_split_is_seen_when_no_piece_keeps_the_key():
    pieces = plan(room(3, (0, 0, 5, 10)), room(4, (5, 0, 10, 10)))
    assert set(statuses(ledger(WHOLE, pieces)).values()) == {SPLIT}
    assert set(statuses(ledger(pieces, WHOLE)).values()) == {MERGED}


def test_one_room_in_the_place_of_another_is_removed_and_new_and_each_names_the_other():
    found = ledger(WHOLE, plan(room(9, (0, 0, 10, 10), "lounge")))
    assert statuses(found) == {key("room", 1): REMOVED, key("room", 9): NEW}
    assert entry(found, 1).successors == (key("room", 9),)
    assert entry(found, 9).origins == (key("room", 1),)


def test_a_room_in_ground_that_was_nobodys_is_new():
    found = ledger(plan(room(1, (0, 0, 6, 10))), HALVES)
    assert statuses(found) == {key("room", 1): KEPT, key("room", 2): NEW}
    assert entry(found, 2).origins == ()


def test_a_room_that_only_changes_its_use_is_kept():
    after = with_unit(
        HALVES, key("room", 2), category="library", restriction="employeesonly", teams=("t",), name_ko="북카페",
        after_hours=True, idle=True, desks=3,
    )  # fmt: skip
    found = ledger(HALVES, after)
    assert entry(found, 2).status == KEPT
    assert entry(found, 2).changes == ("use", "restriction", "team", "name", "desks", "after_hours", "idle")
    assert [item.key for item in found.changed] == [key("room", 2)]
    assert found.m2_by("category") == {"office": 0, "lounge": -40, "library": 40}


def test_teams_in_another_order_are_no_change():
    before, after = (with_unit(HALVES, key("room", 1), teams=teams) for teams in (("a", "b"), ("b", "a")))
    assert ledger(before, after).changed == ()


@pytest.mark.parametrize(
    ("values", "status", "changes"),
    [
        ({"level": UPSTAIRS}, MOVED, ("level",)),
        ({"geometry": box(7, 0, 10, 10)}, KEPT, ("place", "area")),
        ({"geometry": translate(box(6, 0, 10, 10), -1)}, KEPT, ("place",)),
        ({"geometry": translate(box(6, 0, 10, 10), -5)}, MOVED, ("place",)),
        ({"geometry": box(6, 0, 10, 10).segmentize(1)}, KEPT, ()),
    ],
)
def test_a_room_moves_when_it_leaves_its_level_or_most_of_its_place(values, status, changes):
    before = plan(room(2, (6, 0, 10, 10)))
    found = ledger(before, with_unit(before, key("room", 2), **values))
    assert (entry(found, 2).status, entry(found, 2).changes) == (status, changes)


def test_changes_are_linked_to_what_was_asked_for_the_room_or_the_one_it_came_from():
    found = ledger(WHOLE, HALVES, {key("room", 1): [7], key("room", 5): [8]})
    assert entry(found, 2).requests == (7,)
    assert found.unsourced == ()
    assert [item.key for item in ledger(WHOLE, HALVES).unsourced] == [key("room", 1), key("room", 2)]
    assert ledger(WHOLE, WHOLE).unsourced == ()


def test_entries_go_from_the_lowest_level_up():
    document = plan(room(1, (0, 0, 5, 5), level=UPSTAIRS), room(2, (0, 0, 5, 5)))
    assert [item.key for item in ledger(document, document).entries] == [key("room", 2), key("room", 1)]


def door(number, line, **values):
    return Opening(key("door", number), GROUND, LineString(line), **values)


def test_doors_made_moved_and_closed_are_work_and_locked_ones_are_not():
    old = [door(number, [(number, 0), (number + 0.9, 0)]) for number in range(4)]
    new = [
        old[0],
        replace(old[1], restriction="employeesonly"),
        replace(old[2], geometry=translate(old[2].geometry, 0.5)),
        door(8, [(6, 4), (6, 6)], kind=GAP),
    ]
    found = ledger(plan(openings=tuple(old)), plan(openings=tuple(new)))
    assert [item.status for item in found.openings] == [KEPT, KEPT, MOVED, REMOVED, NEW]
    assert found.openings[1].changes == ("restriction",)
    assert found.openings[2].changes == ("place",)
    assert (found.quantities["door"], found.quantities["gap"]) == (2, 1)


def walls(before, after):
    return pytest.approx(tuple(changed_walls(before, after, GROUND)), abs=0.03)


def test_a_wall_between_two_rooms_is_counted_once_with_thickness_or_without():
    assert walls(WHOLE, HALVES) == (10, 0)
    assert walls(HALVES, WHOLE) == (0, 10)
    thick = plan(room(1, (0.2, 0.2, 5.9, 9.8)), room(2, (6.1, 0.2, 9.8, 9.8)))
    hollow = plan(room(1, (0.2, 0.2, 9.8, 9.8)))
    assert walls(hollow, thick) == (9.6, 0)
    assert walls(thick, hollow) == (0, 9.6)


def test_outer_walls_stand_whatever_is_drawn_inside():
    assert walls(plan(), WHOLE) == (0, 0)
    assert walls(plan(), plan(room(1, (0.3, 0.3, 9.7, 9.7)))) == (0, 0)


def test_a_wall_that_gets_a_room_on_its_other_side_stands_already():
    one = plan(room(1, (0, 0, 5, 10)))
    both = plan(room(1, (0, 0, 5, 10)), room(2, (5.2, 0, 10, 10)))
    assert walls(one, both) == (0, 0)


def test_where_a_gap_is_there_is_no_wall():
    gap = door(1, [(6, 4), (6, 7)], kind=GAP)
    opened = replace(HALVES, openings=(gap,))
    assert walls(HALVES, opened) == (0, 3)
    assert walls(WHOLE, opened) == (7, 0)
    shut = replace(HALVES, openings=(replace(gap, kind="door"),))
    assert walls(opened, shut) == (3, 0)


def test_a_moved_wall_is_taken_away_and_built():
    moved = plan(room(1, (0, 0, 4, 10)), room(2, (4, 0, 10, 10)))
    assert walls(HALVES, moved) == (10, 10)


def test_a_large_plan_is_compared_without_a_wait():
    before = make_document(8, 19, levels=4, wall=0.2)
    after = with_unit(before, key(1, "room", 2, 3), category="lounge")
    found = ledger(before, after)
    assert [item.changes for item in found.changed] == [("use",)]


NEWER, OLDER = UnitCost("door", 900_000, effective_from=date(2025, 1, 1)), UnitCost("door", 800_000)


def test_the_bill_takes_the_unit_costs_of_the_day_in_whole_won():
    wall = UnitCost("wall_m", 123_457, "own")
    bill = cost({"door": 3, "wall_m": 10.126}, [NEWER, wall, OLDER], date(2026, 1, 1))
    assert [(line.item, line.krw) for line in bill.lines] == [("door", 2_700_000), ("gap", None), ("wall_m", 1_250_619)]
    assert bill.total_krw == 3_950_619
    assert cost({"door": 1}, [NEWER, OLDER], date(2020, 1, 1)).total_krw == 800_000


def test_a_missing_unit_cost_leaves_the_sum_open_where_it_is_needed():
    bill = cost({"door": 1, "gap": 2}, [NEWER])
    assert bill.total_krw is None
    assert bill.missing == ("gap",)
    assert cost({}, []).total_krw == 0
