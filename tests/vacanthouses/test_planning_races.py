"""People who write about one house in the same moment: one waits for the other, and then knows of it."""

import uuid
from datetime import date

import pytest

from gis_core.editing.errors import Invalid
from gis_core.models import User
from tests.factories import Territory, make_house, place
from tests.races import while_i_write
from tests.vacanthouses.planning_support import agree, make_measure, make_plan
from vacanthouses.models import CostLine, ImprovementPlan, Measure, VacantHouse
from vacanthouses.services import measures, owners

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 3, 2)
COST = {"title": "철거", "source": "국비", "is_subsidy": True, "amount_krw": 12_000_000}


@pytest.fixture
def plan(territory: Territory) -> ImprovementPlan:
    return make_plan(territory.namwon)


@pytest.fixture
def house(territory: Territory) -> VacantHouse:
    return make_house(place(1000, 1000), status="confirmed")


def test_a_measure_that_two_add_at_once_is_one(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    with while_i_write(lambda: measures.add(plan, planner, house, "demolition")) as other:
        measures.add(plan, planner, house, "demolition")
    assert other.refused is None
    assert Measure.objects.count() == 1


def test_a_cost_sent_twice_at_once_counts_once(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    measure, token = make_measure(plan, house), uuid.uuid4()
    with while_i_write(lambda: measures.add_cost(measure, planner, COST, token)) as other:
        measures.add_cost(measure, planner, COST, token)
    assert other.refused is None
    assert CostLine.objects.count() == 1


def test_a_consent_taken_back_just_before_the_house_is_taken_into_a_plan_counts(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    [owner] = agree(house, DAY)
    with while_i_write(lambda: measures.add(plan, planner, house, "reuse", "garden")) as other:
        owners.change(owner, planner, {"reuse_consent_on": DAY}, {"reuse_consent_on": None})
    assert isinstance(other.refused, Invalid)
    assert not Measure.objects.exists()


def test_an_owner_who_comes_just_before_the_house_is_taken_into_a_plan_is_asked_too(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    agree(house, DAY)
    with while_i_write(lambda: measures.add(plan, planner, house, "reuse", "garden")) as other:
        owners.add(house, planner, {"name": "또 다른 소유자"})
    assert isinstance(other.refused, Invalid)


def test_two_who_finish_and_drop_a_measure_at_once_do_not_both_succeed(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    with while_i_write(lambda: measures.drop(measure, planner, 1, "아님")) as other:
        measures.finish(measure, planner, 1, DAY, "철거")
    assert isinstance(other.refused, Invalid)
    measure.refresh_from_db()
    house.refresh_from_db()
    assert (measure.state, house.status) == ("done", "demolished")
