"""The demo plans: a real fault in each as-is plan, some of it mended by option A and all of it by option B."""

import json
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command

from facilities import demo_plans
from facilities.models import Building, Centre, Plan, Team, Unit
from facilities.plan import coverage
from facilities.plan.circulation import Circulation, check
from facilities.plan.document import Document, from_json, to_json
from facilities.plan.drawing import apply
from facilities.plan.readable import Unreadable, WrittenPlan, read
from facilities.services.plans import load
from tests.facilities.circulation_support import codes
from tests.facilities.factories_plans import key_source

AS_IS, OPTION_A, OPTION_B = "현황", "A안", "B안"
FILES = {data["building"]: data for data in demo_plans.files()}
BUILDINGS = sorted(FILES)
ALL = [(building, plan) for building in BUILDINGS for plan in (AS_IS, OPTION_A, OPTION_B)]


@cache
def written(building: str) -> dict[str, WrittenPlan]:
    return {plan.name: plan for plan in read(FILES[building])}


def document(building: str, plan: str) -> Document:
    return written(building)[plan].document


def checked(building: str, plan: str) -> Circulation:
    return check(document(building, plan))


def test_there_are_two_centres_with_three_levels_and_two_options_each() -> None:
    assert len(BUILDINGS) == 2
    for building in BUILDINGS:
        plans = written(building)
        assert list(plans) == [AS_IS, OPTION_A, OPTION_B]
        assert [plan.based_on for plan in plans.values()] == [None, AS_IS, AS_IS]
        assert len(plans[AS_IS].document.levels) == 3


@pytest.mark.parametrize("building", BUILDINGS)
def test_the_as_is_plans_have_faults_that_option_a_cures_in_part_and_option_b_altogether(building: str) -> None:
    as_is, some, none = (codes(checked(building, plan)) for plan in (AS_IS, OPTION_A, OPTION_B))
    assert {"open_unreached", "after_hours_no_toilet", "staff_cross_waiting"} <= as_is
    assert "open_unreached" in some
    assert not {"after_hours_no_toilet", "staff_cross_waiting"} & some
    assert none == set()


def test_each_fault_of_the_as_is_plan_comes_with_a_suggestion() -> None:
    for building in BUILDINGS:
        findings = [finding for finding in checked(building, AS_IS).findings if finding.severity != "note"]
        assert all(finding.suggestion and finding.geometry for finding in findings)


@pytest.mark.parametrize(("building", "plan"), ALL)
def test_what_is_suggested_can_be_done_in_the_editor_and_cures_the_fault(building: str, plan: str) -> None:
    drawn = document(building, plan)
    for finding in checked(building, plan).findings:
        if finding.suggestion is None or "operations" not in finding.suggestion.params:
            continue
        new_key, after = key_source(), drawn
        for operation in finding.suggestion.params["operations"]:
            after = apply(after, operation, new_key).document
        same = [found for found in check(after).findings if found.code == finding.code]
        assert not any(set(found.params["rooms"]) & set(finding.params["rooms"]) for found in same)


@pytest.mark.parametrize(("building", "plan"), ALL)
def test_rooms_doors_and_walls_fit_together(building: str, plan: str) -> None:
    assert coverage.check(document(building, plan)) == []


@pytest.mark.parametrize(("building", "plan"), ALL)
def test_the_plans_survive_being_written_as_json(building: str, plan: str) -> None:
    drawn = document(building, plan)
    again = from_json(json.loads(json.dumps(to_json(drawn))))
    assert again.index == drawn.index
    assert check(again).reached == check(drawn).reached


@pytest.mark.parametrize("building", BUILDINGS)
def test_the_teams_grow_from_18_to_25_and_all_have_a_seat_in_every_plan(building: str) -> None:
    for plan in written(building).values():
        teams = plan.document.teams
        assert sum(team.headcount_now for team in teams) == 18
        assert sum(team.headcount_planned for team in teams) == 25
        seated = [key for unit in plan.document.units for key in unit.teams]
        assert sorted(seated) == sorted(team.key for team in teams)
    desks = sum(unit.desks for unit in document(building, OPTION_B).units if unit.teams)
    assert desks >= 25


@pytest.mark.parametrize("building", BUILDINGS)
def test_a_room_that_stays_keeps_its_key_and_idle_rooms_are_put_to_use(building: str) -> None:
    before, after = (document(building, plan).index["units"] for plan in (AS_IS, OPTION_B))
    assert len(before.keys() & after.keys()) > 0.8 * len(before)
    assert sum(unit.idle for unit in before.values()) >= 2
    assert not any(unit.idle for unit in after.values())
    assert sum(unit.after_hours for unit in after.values()) > sum(unit.after_hours for unit in before.values())


def test_after_hours_the_counter_shutter_leaves_the_rest_of_the_ground_floor_open() -> None:
    for building in BUILDINGS:
        drawn = document(building, OPTION_B)
        ground = drawn.ordered_levels()[0].key
        reached = check(drawn).reached.after_hours
        open_rooms = {unit.key for unit in drawn.on_level("units", ground) if unit.is_open}
        assert len(reached & open_rooms) >= 0.9 * len(open_rooms)
        assert [fixture.name for fixture in drawn.fixtures if fixture.category == "shutter"] == ["창구 셔터"]


def test_a_door_without_a_wall_is_refused_by_name() -> None:
    data: dict[str, Any] = json.loads(json.dumps(FILES[BUILDINGS[0]]))
    data["plans"] = data["plans"][:1]
    data["plans"][0]["floors"]["1F"]["doors"]["waiting-stairs1"] = {"width": 1}
    with pytest.raises(Unreadable, match="waiting-stairs1"):
        read(data)


@pytest.fixture
def loaded(db: None) -> None:
    for data in FILES.values():
        Centre.objects.create(name=data["centre"], is_example=True, location=Point(940_000, 1_700_000, srid=5179))
    demo_plans.load()


def test_the_plans_are_loaded_once_with_their_rooms_teams_and_edits(loaded: None) -> None:
    assert demo_plans.load() == {"buildings": 0, "plans": 0}
    assert (Building.objects.count(), Plan.objects.count(), Team.objects.count()) == (2, 6, 7)
    option = Plan.objects.get(building__name="노암동 청사", name=OPTION_B)
    assert option.based_on is not None
    assert option.based_on.name == AS_IS
    assert option.is_frozen
    assert load(option).index == document("노암동 청사", OPTION_B).index
    assert Unit.objects.filter(plan__building=option.building, name_ko="북카페").exists()
    assert Plan.objects.filter(is_shown=True).count() == 2


def run(plan: str, *options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_circulation", plan, *options, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_names_the_fault_of_the_as_is_plan_and_none_of_option_b(loaded: None) -> None:
    status, told = run("노암동 청사/현황", "--json")
    answer = json.loads(told)
    assert status == 1
    assert answer["plan"]["name"] == AS_IS
    errors = {finding["code"] for finding in answer["findings"] if finding["severity"] == "error"}
    assert errors == {"open_unreached", "after_hours_no_toilet"}
    assert all("상담실" in f["text"] for f in answer["findings"] if f["code"] == "open_unreached")
    option = Plan.objects.get(building__name="노암동 청사", name=OPTION_B)
    status, told = run(str(option.pk), "--json")
    assert status == 0
    assert {finding["severity"] for finding in json.loads(told)["findings"]} <= {"note"}


def test_the_command_tells_findings_and_suggestions_in_words(loaded: None) -> None:
    status, told = run("금동 청사/현황")
    assert status == 1
    assert "회의실" in told
    assert "→" in told
    assert run("금동 청사/B안")[0] == 0


def test_the_command_refuses_a_plan_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError):
        run("없는 청사/현황")
