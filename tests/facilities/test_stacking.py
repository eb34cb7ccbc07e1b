"""Which team should sit on which floor: advice that a planner can follow, and a draft that keeps it."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from facilities.plan.document import Document, Level, Team, Unit
from facilities.plan.drawing import apply_all
from facilities.plan.seating import Place, Problem, Seeker, solve
from facilities.plan.stacking import Rules, advise, tightest
from facilities.plan.standards import Standard
from tests.facilities.factories_plans import key, key_source

LEVELS = tuple(Level(key("level", number), number, f"{number + 1}F", outline=box(0, 0, 20, 10)) for number in range(3))
CIVIL = Team(key("civil"), "민원팀", 5, 5, 150)
UNCOUNTED = Team(key("uncounted"), "총무팀", 5, 5)
WELFARE = Team(key("welfare"), "복지팀", 5, 5, 60)
ADMIN = Team(key("admin"), "행정팀", 5, 5, 4)


def office(name, level, m2=50.0, *teams, **values):
    values = {"category": "office", **values}
    at = values.pop("at", 0.0)
    return Unit(key(name), LEVELS[level].key, box(at, 0, at + m2 / 10, 10), teams=tuple(t.key for t in teams), **values)


def centre(*units, teams=(CIVIL, WELFARE, ADMIN)):
    return Document(levels=LEVELS, units=units, teams=teams)


# The administration, whom hardly anybody visits, sits below, and the welfare team on the third floor.
UPSIDE_DOWN = centre(
    office("hall", 0, 50, CIVIL), office("below", 0, 50, ADMIN, at=5.0), office("above", 2, 50, WELFARE)
)


def moves(found):
    return {(item.team, item.to_unit): item.code for item in found.advice}


def drafted(document, found):
    return apply_all(document, found.operations, key_source()).document


def test_a_team_that_few_visit_makes_room_below_for_one_that_many_do():
    found = advise(UPSIDE_DOWN)
    assert moves(found) == {(WELFARE.key, key("below")): "to_visitors", (ADMIN.key, key("above")): "makes_room"}
    assert (found.before.climbed, found.after.climbed) == (120, 8)
    assert found.is_best
    up = next(item for item in found.advice if item.team == ADMIN.key)
    assert up.params["for"] == [WELFARE.key]
    assert up.params["visits"] == 4
    down = next(item for item in found.advice if item.team == WELFARE.key)
    assert (down.params["saved"], down.params["floors"]) == (120, 2)


def test_the_draft_is_what_was_advised_and_needs_no_more_advice():
    draft = drafted(UPSIDE_DOWN, advise(UPSIDE_DOWN))
    assert draft.get("units", key("below")).teams == (WELFARE.key,)
    assert draft.get("units", key("above")).teams == (ADMIN.key,)
    again = advise(draft)
    assert again.advice == ()
    assert [reason.code for reason in again.reasons] == ["no_space_below"]


def test_the_floors_are_shown_before_and_after_from_the_top():
    top, middle, ground = advise(UPSIDE_DOWN).floors
    assert [row.level for row in (top, middle, ground)] == [LEVELS[2].key, LEVELS[1].key, LEVELS[0].key]
    assert (ground.visits_before, ground.visits_after) == (154, 210)
    assert (top.teams_before, top.teams_after) == ((WELFARE.key,), (ADMIN.key,))
    assert (middle.capacity, middle.teams_after) == (0, ())
    assert ground.capacity == pytest.approx(10)


def test_without_a_standard_rooms_hold_what_the_tightest_team_of_today_has():
    document = centre(office("hall", 0, 50, CIVIL), office("above", 1, 30, WELFARE))
    assert tightest(document) == pytest.approx(6)
    assert advise(document).m2_per_head == pytest.approx(6)
    assert not advise(document).is_standard
    rules = Rules.of([Standard("staff", 7.5, "m2_per_head", "office"), Standard("waiting", 9, "m2", "waitingroom")])
    assert rules.m2_per_head == 7.5
    assert advise(document, rules).is_standard


def test_a_team_that_grows_out_of_its_room_moves_to_one_with_space():
    growing = replace(ADMIN, headcount_planned=9)
    document = centre(
        office("hall", 0, 50, CIVIL), office("small", 1, 50, growing, at=5), office("large", 1, 90, at=10),
        teams=(CIVIL, growing),
    )  # fmt: skip
    found = advise(document)
    assert moves(found) == {(ADMIN.key, key("large")): "more_room"}
    assert (found.before.crowded, found.after.crowded) == (pytest.approx(4), 0)
    assert found.advice[0].params["holds"] == 5


def test_an_idle_store_can_become_an_office_and_other_rooms_stay_what_they_are():
    upstairs = office("above", 2, 50, WELFARE)
    taken = [office("hall", 0, 50, CIVIL), upstairs]
    for category, idle in (("storage", False), ("lounge", True), ("waitingroom", True), ("walkway", True)):
        document = centre(*taken, office("spare", 0, 50, category=category, idle=idle), teams=(CIVIL, WELFARE))
        assert advise(document).advice == ()
    document = centre(*taken, office("spare", 0, 50, category="storage", idle=True), teams=(CIVIL, WELFARE))
    found = advise(document)
    assert moves(found) == {(WELFARE.key, key("spare")): "to_visitors"}
    draft = drafted(document, found).get("units", key("spare"))
    assert (draft.category, draft.idle, draft.restriction) == ("office", False, "employeesonly")


def test_a_team_in_two_rooms_moves_whole():
    document = centre(
        office("a", 2, 25, WELFARE), office("b", 2, 25, WELFARE, at=5), office("below", 0, 60), teams=(WELFARE,)
    )
    found = advise(document)
    assert moves(found) == {(WELFARE.key, key("below")): "to_visitors"}
    draft = drafted(document, found)
    assert [unit.key for unit in draft.units if unit.teams] == [key("below")]


def test_a_team_without_a_room_is_given_one():
    document = centre(office("hall", 0, 100, CIVIL), office("spare", 1, 100), teams=(CIVIL, WELFARE))
    assert moves(advise(document))[WELFARE.key, key("spare")] == "seat"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (centre(office("hall", 0), teams=()), "no_teams"),
        (centre(office("hall", 0, 50, UNCOUNTED), teams=(UNCOUNTED,)), "no_visits"),
        (centre(office("hall", 0, 50, CIVIL), teams=(CIVIL,)), "already_near"),
        (centre(office("up", 1, 50, CIVIL), teams=(CIVIL,)), "no_office_below"),
        (centre(office("hall", 0, 25, CIVIL), office("up", 1, 25, WELFARE), teams=(CIVIL, WELFARE)), "no_space_below"),
        (centre(office("hall", 0, 50, CIVIL), office("up", 1, 50, replace(ADMIN, visits_per_day=1)),
                office("spare", 0, 80, at=5), teams=(CIVIL, replace(ADMIN, visits_per_day=1))), "little_gain"),
    ],
)  # fmt: skip
def test_where_nothing_is_advised_the_reason_is_given(document, reason):
    found = advise(document)
    assert found.advice == ()
    assert [item.code for item in found.reasons] == [reason]


def test_the_same_plan_has_the_same_advice():
    assert advise(UPSIDE_DOWN) == advise(UPSIDE_DOWN)


@st.composite
def problems(draw):
    rooms = [f"r{number}" for number in range(draw(st.integers(1, 3)))]
    capacity = {room: float(draw(st.integers(1, 12))) for room in rooms}
    floors = {room: draw(st.integers(0, 3)) for room in rooms}
    seekers = []
    for number in range(draw(st.integers(1, 4))):
        places = [Place(room, floors[room], {room: 1.0}) for room in draw(st.permutations(rooms))]
        seekers.append(Seeker(str(number), draw(st.integers(1, 9)), draw(st.integers(0, 60)), tuple(places)))
    return Problem(tuple(seekers), capacity, crowded=20.0, moved=2.0)


@given(problems())
@settings(max_examples=80, deadline=None)
def test_the_search_finds_the_best_of_all_seatings(problem):
    every = product(*(seeker.places for seeker in problem.seekers))
    best = min(problem.cost(seating) for seating in every)
    found = solve(problem, exact_up_to=12)
    assert found.is_best
    assert found.cost == pytest.approx(best)
    assert problem.cost(found.seating) == pytest.approx(best)
    rough = solve(problem, exact_up_to=0)
    assert best - 1e-9 <= rough.cost <= problem.cost(problem.today) + 1e-9


def test_many_teams_in_many_rooms_are_seated_soon():
    teams = tuple(Team(key("team", n), f"팀{n}", 3 + n % 4, 4 + n % 4, (n * 37) % 90) for n in range(12))
    units = [office(f"o{n}", n % 3, 40, teams[n], at=n) for n in range(12)]
    found = advise(centre(*units, office("spare", 0, 60), teams=teams))
    assert found.after.climbed <= found.before.climbed
    assert found.advice
