"""Figures before and after, and options ranked by what people say matters."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from facilities.plan.comparison import (
    KINDS,
    WEIGHTS,
    Beside,
    Figures,
    Row,
    compare,
    figures,
    idle_activated,
    rank,
)  # fmt: skip
from facilities.plan.costs import UnitCost, cost
from facilities.plan.document import Document, Level, Team, Unit
from facilities.plan.findings import Finding
from facilities.plan.ledger import ledger
from facilities.plan.standards import Standard
from tests.facilities.factories_plans import key
from tests.facilities.strategies import plans, with_unit

GROUND = key("level", 0)
CIVIL = Team(key("civil"), "민원팀", 4, 5, 120)
AWAY = Team(key("away"), "총무팀", 3, 3, 0)


def room(number, corners, category="office", **values):
    return Unit(key("room", number), GROUND, box(*corners), category, **values)


def centre(*units, teams=(CIVIL,)):
    return Document(levels=(Level(GROUND, 0, outline=box(0, 0, 10, 10)),), units=units, teams=teams)


BEFORE = centre(
    room(1, (0, 0, 10, 4), teams=(CIVIL.key,), restriction="employeesonly"),
    room(2, (0, 4, 4, 6), "waitingroom"),
    room(3, (4, 4, 10, 6), "storage", restriction="restricted", idle=True),
    room(4, (0, 6, 10, 10), "lobby", after_hours=True),
)
AFTER = with_unit(
    with_unit(BEFORE, key("room", 3), category="library", restriction="", idle=False, after_hours=True),
    key("room", 2), geometry=box(0, 4, 3, 6),
)  # fmt: skip


@dataclass
class Walk:
    metres: float | None
    steps: int | None


def test_the_figures_are_what_their_definitions_say():
    found = figures(BEFORE)
    assert found["open_m2"] == pytest.approx(48)
    assert found["closed_m2"] == pytest.approx(52)
    assert found["open_share"] == pytest.approx(0.48)
    assert found["waiting_m2"] == pytest.approx(8)
    assert found["shared_m2"] == pytest.approx(40)  # the hall, used after hours
    assert found["idle_m2"] == pytest.approx(12)
    assert found["m2_per_staff"] == pytest.approx(8)
    assert figures(AFTER)["shared_m2"] == pytest.approx(52)
    assert figures(AFTER)["after_hours_m2"] == pytest.approx(52)


@pytest.mark.parametrize(
    ("category", "values", "is_shared"),
    [
        ("lounge", {}, True), ("lounge", {"restriction": "employeesonly"}, False), ("lounge", {"idle": True}, False),
        ("conferenceroom", {}, True), ("lobby", {}, False), ("lobby", {"after_hours": True}, True),
        ("restroom", {"after_hours": True}, False), ("walkway", {"after_hours": True}, False),
    ],
)  # fmt: skip
def test_shared_space_is_open_to_residents_and_made_for_them_or_theirs_after_hours(category, values, is_shared):
    assert figures(centre(room(1, (0, 0, 2, 5), category, **values)))["shared_m2"] == (10 if is_shared else 0)


def test_idle_space_is_activated_where_a_room_in_use_stands_on_it():
    assert idle_activated(BEFORE, BEFORE) == 0
    assert idle_activated(BEFORE, AFTER) == pytest.approx(12)
    redrawn = centre(room(9, (4, 4, 7, 6), "lounge"), room(10, (7, 4, 10, 6), "opentobelow"))
    assert idle_activated(BEFORE, redrawn) == pytest.approx(6)


def test_what_the_check_and_the_bill_say_goes_into_the_figures():
    found = ledger(BEFORE, AFTER)
    beside = Beside(
        before=BEFORE,
        ledger=found,
        cost=cost(found.quantities, [UnitCost("wall_m", 100_000)]),
        findings=[Finding("a", "error"), Finding("b", "warning"), Finding("c", "note")],
        walks=[Walk(10.0, 16), Walk(20.0, 31), Walk(None, None)],
        standards=[Standard("waiting", 20, "m2", "waitingroom"), Standard("office", 8, "m2_per_head", "office")],
    )
    after = figures(AFTER, beside)
    assert after["idle_activated_m2"] == pytest.approx(12)
    assert (after["circulation_errors"], after["circulation_warnings"]) == (1, 1)
    assert (after["walk_mean_m"], after["walk_longest_m"], after["walk_mean_steps"]) == (15, 20, 23.5)
    assert after["counters_unreached"] == 1
    assert (after["rooms_changed"], after["changes_unsourced"]) == (2, 2)
    assert after["standards_short"] == 1
    assert after["cost_krw"] == pytest.approx(found.quantities["wall_m"] * 100_000, abs=1000)


def test_what_cannot_be_told_is_none_and_not_nought():
    found = figures(Document())
    told = (
        "open_share",
        "m2_per_staff",
        "staff_unseated",
        "standards_short",
        "walk_mean_m",
        "cost_krw",
        "circulation_errors",
    )
    assert [found[code] for code in told] == [None] * len(told)
    assert figures(BEFORE, Beside(cost=cost({"door": 1}, [])))["cost_krw"] is None


def test_a_team_left_without_a_room_is_counted():
    found = figures(centre(room(1, (0, 0, 4, 5), teams=(CIVIL.key,)), teams=(CIVIL, AWAY)))
    assert (found["staff_seated"], found["staff_unseated"], found["m2_per_staff"]) == (5, 3, 4)


@pytest.mark.parametrize(
    ("code", "before", "after", "verdict"),
    [
        ("waiting_m2", 8.0, 9.0, "better"), ("waiting_m2", 9.0, 8.0, "worse"), ("waiting_m2", 8.0, 8.001, "same"),
        ("circulation_errors", 2.0, 0.0, "better"), ("cost_krw", 0.0, 5e6, "worse"), ("open_m2", 1.0, 2.0, ""),
        ("open_share", 0.48, 0.484, "better"), ("walk_mean_m", None, 3.0, "unknown"),
        ("walk_mean_m", 6.9, 6.93, "same"),
    ],
)  # fmt: skip
def test_a_difference_is_said_to_be_better_or_worse(code, before, after, verdict):
    assert Row(code, before, after).verdict == verdict


def test_figures_are_compared_in_the_order_they_are_listed():
    rows = compare(figures(BEFORE), figures(AFTER))
    assert [row.code for row in rows] == [code for code in KINDS if code in {row.code for row in rows}]
    assert next(row for row in rows if row.code == "waiting_m2").difference == pytest.approx(-2)
    assert "cost_krw" not in {row.code for row in rows}


@given(plans())
@settings(max_examples=40, deadline=None)
def test_every_walkable_square_metre_is_open_or_closed(document):
    found = figures(document)
    walkable = sum(unit.geometry.area for unit in document.units if unit.is_walkable)
    assert found["open_m2"] + found["closed_m2"] == pytest.approx(walkable)
    assert found["shared_m2"] <= found["open_m2"] + 1e-9


def options(**values):
    return {name: Figures(dict(zip(("shared_m2", "cost_krw"), pair, strict=True))) for name, pair in values.items()}


def test_options_are_ranked_by_the_weights_with_each_figures_part():
    found = rank(options(a=(40.0, 5e6), b=(60.0, 9e6), c=(50.0, 6e6)), {"shared_m2": 3, "cost_krw": 1})
    assert [(item.key, item.rank) for item in found.options] == [("b", 1), ("c", 2), ("a", 3)]
    assert [item.score for item in found.options] == pytest.approx([75, 56.25, 25])
    middle = {item.code: item for item in found.options[1].contributions}
    assert middle["shared_m2"].utility == pytest.approx(0.5)
    assert middle["cost_krw"].utility == pytest.approx(0.75)
    assert sum(item.points for item in middle.values()) == pytest.approx(found.options[1].score)
    assert rank(options(a=(40.0, 5e6), b=(60.0, 9e6)), {"cost_krw": 1}).options[0].key == "a"


def test_a_centimetre_on_the_way_to_a_counter_decides_nothing():
    named = {"a": Figures({"walk_mean_m": 6.93}), "b": Figures({"walk_mean_m": 6.92})}
    found = rank(named, {"walk_mean_m": 1})
    assert [(item.rank, item.score) for item in found.options] == [(1, 100), (1, 100)]
    assert found.equal == ("walk_mean_m",)


def test_equal_options_share_a_rank_and_the_next_one_counts_on():
    found = rank(options(a=(5.0, 0.0), b=(9.0, 0.0), c=(9.0, 0.0)), {"shared_m2": 1, "cost_krw": 1})
    assert [(item.key, item.rank) for item in found.options] == [("b", 1), ("c", 1), ("a", 3)]
    assert found.equal == ("cost_krw",)


def test_a_missing_figure_is_worth_nothing_and_one_that_nobody_has_is_left_out():
    found = rank(options(a=(5.0, None), b=(None, None)), {"shared_m2": 1, "cost_krw": 5})
    assert found.without == ("cost_krw",)
    assert [(item.key, item.score) for item in found.options] == [("a", 100), ("b", 0)]
    assert found.options[1].contributions[0].is_missing


def test_without_weights_all_are_equal():
    found = rank(options(a=(1.0, 2.0), b=(2.0, 1.0)), {"shared_m2": 0})
    assert [(item.rank, item.score) for item in found.options] == [(1, 0), (1, 0)]


@pytest.mark.parametrize("weights", [{"shared_m2": -1}, {"open_m2": 1}, {"made_up": 1}])
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(ValueError, match=next(iter(weights))):
        rank(options(a=(1.0, 1.0)), weights)


def test_the_weights_offered_can_be_weighed():
    assert all(KINDS[code].better for code in WEIGHTS)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=5),
    st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 50),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_scores_lie_between_0_and_100_and_do_not_change_when_all_weights_grow(values, one, other, times):
    named = options(**{f"o{number}": pair for number, pair in enumerate(values)})
    found = rank(named, {"shared_m2": one, "cost_krw": other})
    again = rank(named, {"shared_m2": one * times, "cost_krw": other * times})
    assert all(-1e-9 <= item.score <= 100 + 1e-9 for item in found.options)
    scores = {item.key: item.score for item in again.options}
    assert all(scores[item.key] == pytest.approx(item.score) for item in found.options)
    assert found.options[0].rank == 1
