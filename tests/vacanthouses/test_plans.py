"""Improvement plans: measures, money, what becomes of the houses, and the legal steps."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.vacanthouses.planning_support import agree, make_cost, make_measure, make_plan
from tests.vacanthouses.review_support import load_table
from vacanthouses.models import ClockEvent, CostLine, ImprovementPlan, Measure, VacantHouse
from vacanthouses.services import clocks, measures, plan_figures, plans

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
COST = {"title": "철거", "source": "국비", "is_subsidy": True, "amount_krw": 12_000_000}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def plan(territory: Territory) -> ImprovementPlan:
    return make_plan(territory.namwon)


@pytest.fixture
def house(territory: Territory) -> VacantHouse:
    return make_house(place(1000, 1000), status="confirmed")


def said(caught: Any) -> str:
    return " ".join(text for texts in caught.value.errors.values() for text in texts)


def test_a_plan_sent_twice_is_made_once(manager: User, territory: Territory) -> None:
    values = {"name": "정비계획", "area": territory.namwon, "year": 2026, "note": ""}
    token = uuid.uuid4()
    assert plans.create(manager, values, token) == plans.create(manager, values, token)
    assert plans.create(manager, values, uuid.uuid4()).pk != ImprovementPlan.objects.earliest("pk").pk
    assert ImprovementPlan.objects.count() == 2


def test_somebody_of_another_county_changes_nothing(
    plan: ImprovementPlan, house: VacantHouse, territory: Territory
) -> None:
    measure = make_measure(plan, house)
    line = make_cost(measure)
    stranger = make_user("stranger", (Role.SURVEY_MANAGER, territory.sunchang))
    crew = make_user("crew", (Role.SURVEYOR, None))
    for person in (stranger, crew):
        for act in (
            lambda who: plans.create(who, {"name": "x", "area": territory.namwon, "year": 2026}),
            lambda who: plans.change(plan, who, {}, {"area": plan.area}),
            lambda who: plans.retire(plan, who, "x", plan.version),
            lambda who: measures.add(plan, who, house, "safety"),
            lambda who: measures.finish(measure, who, measure.version, DAY, "x"),
            lambda who: measures.drop(measure, who, measure.version, "x"),
            lambda who: measures.reopen(measure, who, measure.version),
            lambda who: measures.add_cost(measure, who, COST),
            lambda who: measures.remove_cost(line, who, line.version),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    house.refresh_from_db()
    assert house.status == "confirmed"


def test_who_plans_for_one_town_cannot_take_a_measure_into_the_whole_city_s_plan(
    plan: ImprovementPlan, house: VacantHouse, territory: Territory
) -> None:
    with pytest.raises(NotAllowed):
        measures.add(plan, make_user("town", (Role.FACILITY_PLANNER, territory.unbong)), house, "safety")


def test_a_plan_is_not_moved_away_from_its_measures(
    planner: User, plan: ImprovementPlan, house: VacantHouse, territory: Territory
) -> None:
    make_measure(plan, house)
    plans.change(plan, planner, {"area": territory.namwon}, {"area": territory.unbong})
    with pytest.raises(Invalid, match="measures outside this area"):
        plans.change(plan, planner, {"area": territory.unbong}, {"area": territory.jucheon})
    plan.refresh_from_db()
    assert plan.area == territory.unbong


def test_a_measure_added_twice_is_one_and_another_kind_is_a_second(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    first = measures.add(plan, planner, house, "demolition", planned_on=DAY)
    assert measures.add(plan, planner, house, "demolition") == first
    measures.add(plan, planner, house, "safety")
    assert Measure.objects.count() == 2
    assert (first.reuse, first.match, first.location, first.area_id) == ("", {}, house.location, house.area_id)


@pytest.mark.parametrize("status", ["candidate", "not_vacant", "reused", "demolished"])
def test_only_houses_found_to_be_vacant_come_into_a_plan(
    planner: User, plan: ImprovementPlan, territory: Territory, status: str
) -> None:
    house = make_house(place(1000, 1000), status=status)
    with pytest.raises(Invalid) as caught:
        measures.add(plan, planner, house, "safety")
    assert house.get_status_display() in said(caught)


def test_a_house_outside_the_plan_s_area_is_refused(planner: User, plan: ImprovementPlan) -> None:
    with pytest.raises(Invalid) as caught:
        measures.add(plan, planner, make_house(place(4500, 500), status="confirmed"), "safety")
    assert "outside the plan's area" in said(caught)


@pytest.mark.parametrize(("days", "words"), [
    ((), "No owner is known"), ((None,), "0 of 1 owner agreed"), ((DAY, None), "1 of 2 owners agreed"),
])  # fmt: skip
def test_reuse_is_refused_until_every_owner_has_agreed(
    planner: User, plan: ImprovementPlan, house: VacantHouse, days: tuple[date | None, ...], words: str
) -> None:
    agree(house, *days)
    with pytest.raises(Invalid) as caught:
        measures.add(plan, planner, house, "reuse", "garden")
    assert words in said(caught)
    assert not Measure.objects.exists()


def test_reuse_keeps_how_the_house_was_matched_when_it_came_into_the_plan(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    table = load_table("reuse")
    agree(house, DAY, DAY)
    measure = measures.add(plan, planner, house, "reuse", "arts")
    assert (measure.reuse, measure.match["kind"], measure.match["table"]) == ("arts", "arts", table.pk)
    assert measure.match["gates"][0] == {
        "fact": "consent", "state": "pass", "value": 2, "at_least": 2, "at_most": None,
    }  # fmt: skip
    assert measures.add(plan, planner, house, "reuse", "arts") == measure
    with pytest.raises(Invalid) as caught:
        measures.add(plan, planner, house, "reuse", "parking")
    assert "already provides" in said(caught)


def test_a_use_that_a_gate_rules_out_is_refused_with_the_gate(planner: User, plan: ImprovementPlan) -> None:
    load_table("reuse")
    house = make_house(place(1000, 1000), status="confirmed", grade="3")
    agree(house, DAY)
    with pytest.raises(Invalid) as caught:
        measures.add(plan, planner, house, "reuse", "arts")
    assert "Grade: Grade 3" in said(caught)
    assert "agreed" not in said(caught)


@pytest.mark.parametrize(("kind", "becomes"), [
    ("demolition", "demolished"), ("reuse", "reused"), ("safety", "confirmed"),
])  # fmt: skip
def test_what_is_done_makes_of_the_house_what_it_then_is(
    planner: User, plan: ImprovementPlan, house: VacantHouse, kind: str, becomes: str
) -> None:
    agree(house, DAY)
    measure = measures.add(plan, planner, house, kind, "garden" if kind == "reuse" else "")
    version = measure.version
    for _time in range(2):
        measures.finish(measure, planner, version, DAY, "마쳤음", 12)
    measure.refresh_from_db()
    house.refresh_from_db()
    assert (measure.state, measure.done_on, measure.outcome, measure.living_population) == ("done", DAY, "마쳤음", 12)
    assert house.status == becomes
    assert house.events.filter(status=becomes, updated_by=planner).exists() == (kind != "safety")


def test_a_demolished_house_s_ground_can_still_be_used_again(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    agree(house, DAY)
    down = measures.add(plan, planner, house, "demolition")
    garden = measures.add(plan, planner, house, "reuse", "garden")
    measures.finish(down, planner, down.version, DAY, "철거")
    measures.finish(garden, planner, garden.version, DAY, "텃밭", 5)
    house.refresh_from_db()
    assert house.status == "reused"
    garden.refresh_from_db()
    measures.reopen(garden, planner, garden.version)
    house.refresh_from_db()
    assert house.status == "demolished"


def test_what_is_used_again_is_not_torn_down_by_a_click(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    VacantHouse.objects.filter(pk=house.pk).update(status="reused")
    with pytest.raises(Invalid) as caught:
        measures.finish(measure, planner, measure.version, DAY, "철거")
    assert "In use again" in said(caught)
    measure.refresh_from_db()
    assert measure.state == "planned"


def test_what_is_done_is_changed_only_after_it_was_taken_up_again(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    done = measures.finish(measure, planner, measure.version, DAY, "철거")
    with pytest.raises(Invalid, match="take it up again"):
        measures.drop(done, planner, done.version, "아님")
    with pytest.raises(Invalid, match="take it up again"):
        measures.change(done, planner, {"planned_on": None}, {"planned_on": DAY})
    again = measures.reopen(done, planner, done.version)
    house.refresh_from_db()
    assert (again.state, again.done_on, again.outcome, house.status) == ("planned", None, "", "confirmed")
    assert Measure.pgh_event_model.objects.filter(pgh_obj=measure.pk, outcome="철거").exists()  # type: ignore[attr-defined]


def test_two_who_end_a_measure_do_not_overwrite_one_another(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    measures.change(measure, planner, {"planned_on": None}, {"planned_on": DAY})
    with pytest.raises(Invalid, match="changed this meanwhile"):
        measures.finish(measure, planner, measure.version, DAY, "철거")
    with pytest.raises(Invalid, match="changed this meanwhile"):
        measures.drop(measure, planner, measure.version, "아님")


def test_a_dropped_measure_says_why_and_is_taken_up_in_its_plan(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    with pytest.raises(Invalid, match="Say why"):
        measures.drop(measure, planner, measure.version, " ")
    dropped = measures.drop(measure, planner, measure.version, "소유자가 직접 철거")
    assert (dropped.state, dropped.outcome) == ("dropped", "소유자가 직접 철거")
    with pytest.raises(Invalid, match="was dropped"):
        measures.add(plan, planner, house, "demolition")
    assert measures.reopen(dropped, planner, dropped.version).state == "planned"


def test_a_cost_sent_twice_counts_once_and_equal_ones_count_each(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure, token = make_measure(plan, house), uuid.uuid4()
    for _time in range(2):
        measures.add_cost(measure, planner, COST, token)
    measures.add_cost(measure, planner, COST, uuid.uuid4())
    assert plan_figures.of_plan(plan).total.cost == 24_000_000


def test_a_cost_taken_out_is_not_counted_and_is_kept(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    line = make_cost(make_measure(plan, house))
    measures.remove_cost(line, planner, line.version)
    assert plan_figures.of_plan(plan).total.cost == 0
    assert CostLine.objects.get().retired_reason == "taken out"
    with pytest.raises(Invalid):
        measures.change_cost(line, planner, {}, {"title": "x"})


def test_sums_go_by_kind_and_by_who_pays_and_leave_out_what_was_dropped(
    planner: User, plan: ImprovementPlan, territory: Territory
) -> None:
    first, second, third, fourth = (
        make_measure(plan, make_house(place(500 + n, 500), status="confirmed"), kind=kind, reuse=reuse)
        for n, (kind, reuse) in enumerate([("demolition", ""), ("demolition", ""), ("reuse", "garden"), ("safety", "")])
    )
    make_cost(first, 10_000_000, source="국비", is_subsidy=True)
    make_cost(first, 5_000_000, source="시비", is_subsidy=True)
    make_cost(second, 5_000_000, source="소유자")
    make_cost(third, 20_000_000, source="국비", is_subsidy=True)
    make_cost(fourth, 99_000_000, source="시비")
    measures.drop(fourth, planner, fourth.version, "x")
    measures.finish(third, planner, third.version, DAY, "텃밭", 30)
    sums = plan_figures.of_plan(plan)
    assert [(kind.value, each.measures, each.done, each.cost) for kind, each in sums.by_kind] == [
        ("demolition", 2, 0, 20_000_000), ("reuse", 1, 1, 20_000_000),
    ]  # fmt: skip
    assert sums.by_source == [("국비", True, 30_000_000), ("소유자", False, 5_000_000), ("시비", True, 5_000_000)]
    total = sums.total
    assert (total.measures, total.done, total.cost, total.subsidy, total.living) == (3, 1, 40_000_000, 35_000_000, 30)
    assert total.subsidy_percent == 88


def test_figures_go_by_the_plan_s_year_and_the_house_s_town(territory: Territory, planner: User) -> None:
    now, before = make_plan(territory.namwon), make_plan(territory.namwon, year=2025)
    for plan, east, done in ((now, 1000, True), (now, 1100, False), (now, 2500, False), (before, 1000, True)):
        measure = make_measure(plan, make_house(place(east, 900), status="confirmed"), kind="safety")
        make_cost(measure, 2_000_000, is_subsidy=done)
        if done:
            measures.finish(measure, planner, measure.version, DAY, "마침", 7 if plan == now else None)
    rows, total = plan_figures.by_year_and_town(ImprovementPlan.objects.live())
    assert [
        (row.year, row.town.split()[-1], row.figures.measures, row.figures.done, row.figures.cost, row.figures.living)
        for row in rows
    ] == [
        (2026, "운봉읍", 2, 1, 4_000_000, 7), (2026, "주천면", 1, 0, 2_000_000, None),
        (2025, "운봉읍", 1, 1, 2_000_000, None),
    ]  # fmt: skip
    assert (total.measures, total.living, total.subsidy_percent) == (4, 7, 50)


@pytest.fixture
def tables() -> None:
    load_table("clocks-rural")
    load_table("clocks-urban")


@pytest.mark.usefixtures("tables")
def test_the_steps_are_noted_with_the_clocks_and_none_too_early(
    manager: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    today = timezone.localdate()
    with pytest.raises(Invalid, match="without measures"):
        plans.take(plan, manager, "published", today)
    make_measure(plan, house)
    with pytest.raises(Invalid, match="before this one is not noted"):
        plans.take(plan, manager, "noticed", today)
    plans.take(plan, manager, "published", today - timedelta(days=3))
    with pytest.raises(Invalid) as caught:
        plans.take(plan, manager, "decided", today)
    assert "It may be done from" in said(caught)
    assert not ClockEvent.objects.filter(code="plan_fixed").exists()
    plans.take(plan, manager, "decided", today, "긴급한 안전조치")
    plans.take(plan, manager, "noticed", today)
    plan.refresh_from_db()
    assert (plan.published_on, plan.noticed_on) == (today - timedelta(days=3), today)
    # The notice also begins the term of an order to demolish, for each house of the plan.
    assert "demolition-order" in {clock.rule.code for clock in clocks.clocks_of(house) if clock.started_on}


@pytest.mark.usefixtures("tables")
def test_a_step_is_noted_once_never_tomorrow_never_before_the_one_it_follows_and_by_managers_alone(
    manager: User, planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    make_measure(plan, house)
    today = timezone.localdate()
    with pytest.raises(NotAllowed):
        plans.take(plan, planner, "published", today)
    with pytest.raises(Invalid, match="still to come"):
        plans.take(plan, manager, "published", today + timedelta(days=1))
    for _time in range(2):
        plans.take(plan, manager, "published", today - timedelta(days=40))
    assert ClockEvent.objects.filter(plan=plan).count() == 1
    with pytest.raises(Invalid, match="before the step that comes first"):
        plans.take(plan, manager, "decided", today - timedelta(days=41))
    assert plans.steps_of(plan)[0][2] == today - timedelta(days=40)


def test_a_retired_plan_takes_its_open_measures_along_and_keeps_those_that_are_done(
    planner: User, plan: ImprovementPlan
) -> None:
    open_, done = (make_measure(plan, make_house(place(500 + n, 500), status="confirmed")) for n in range(2))
    measures.finish(done, planner, done.version, DAY, "철거")
    plans.retire(plan, planner, "두 번 입력", plan.version)
    assert list(Measure.objects.live()) == [done]
    open_.refresh_from_db()
    assert open_.retired_reason == "두 번 입력"
    with pytest.raises(Invalid):
        plans.retire(plan, planner, "또", plan.version)
