"""People who change a plan and what it stands on in the same moment: one waits for the other, and then knows of it."""

import uuid
from typing import Any

import pytest
from shapely import box

from facilities.models import Building, Level, Plan, Team, Unit
from facilities.plan.document import Document
from facilities.plan.document import Unit as Room
from facilities.plan.drawing import Refused
from facilities.services import buildings, documents, edits, plan_imports, plans
from facilities.services.errors import Frozen
from gis_core.editing.errors import Invalid
from gis_core.models import User
from tests import factories
from tests.facilities.test_plan_edits import draw, room
from tests.races import while_i_write

pytestmark = pytest.mark.django_db(transaction=True)
OUTLINE = box(0, 0, 20, 10)


@pytest.fixture
def plan(transactional_db: None) -> Plan:
    factories.make_territory()
    return factories.make_plan(factories.make_building(levels=2, outline=OUTLINE))


def edit(plan: Plan, user: User, *operations: dict[str, Any]) -> edits.Edited:
    return edits.edit(Plan.objects.get(pk=plan.pk), user, operations, version=10**6, token=uuid.uuid4())


def test_a_level_on_which_somebody_draws_is_not_removed(plan: Plan, administrator: User) -> None:
    level = plan.building.levels.get(ordinal=0)
    with while_i_write(lambda: buildings.save_levels(plan.building, administrator, [], [level])) as other:
        edit(plan, administrator, draw(plan, box(0, 0, 5, 4)))
    assert isinstance(other.refused, Invalid)
    assert Level.objects.live().filter(pk=level.pk).exists()


def test_nobody_draws_on_a_level_that_is_removed_in_that_moment(plan: Plan, administrator: User) -> None:
    level = plan.building.levels.get(ordinal=0)
    drawing = draw(plan, box(0, 0, 5, 4))
    with while_i_write(lambda: edit(plan, administrator, drawing)) as other:
        buildings.save_levels(plan.building, administrator, [], [level])
    assert isinstance(other.refused, Refused)
    assert not Unit.objects.exists()


def test_a_team_that_somebody_seats_is_not_removed(plan: Plan, administrator: User) -> None:
    team = factories.make_team(plan.building.centre)
    edit(plan, administrator, draw(plan, box(0, 0, 5, 4)))
    seat = {"op": "assign_team", "team": str(team.key), "from": None, "to": str(room(plan).key)}
    with while_i_write(lambda: buildings.save_teams(plan.building.centre, administrator, [], [team])) as other:
        edit(plan, administrator, seat)
    assert isinstance(other.refused, Invalid)
    assert Team.objects.live().filter(pk=team.pk).exists()


def test_the_outline_does_not_change_under_a_plan_that_is_being_agreed(plan: Plan, administrator: User) -> None:
    edit(plan, administrator, draw(plan, box(0, 0, 5, 4)))
    level = plan.building.levels.get(ordinal=0)
    with while_i_write(lambda: plans.set_outline(level, administrator, box(0, 0, 5, 5))) as other:
        plans.save_facts(plan, administrator, name=plan.name, status="agreed", note="")
    assert isinstance(other.refused, Invalid)
    level.refresh_from_db()
    assert level.outline is not None
    assert level.outline.area == pytest.approx(200)


def test_a_room_drawn_while_the_building_turns_lies_where_the_building_lies(plan: Plan, administrator: User) -> None:
    drawing = draw(plan, box(0, 0, 5, 4))
    with while_i_write(lambda: edit(plan, administrator, drawing)) as other:
        Building.objects.filter(pk=plan.building_id).update(rotation=90.0)
        documents.place_again(Building.objects.get(pk=plan.building_id))
    assert other.refused is None
    kept, frame = room(plan), Building.objects.get(pk=plan.building_id).frame
    expected = documents.in_world(box(0, 0, 5, 4), frame)
    assert kept.place.centroid.distance(expected.centroid) < 0.001


def test_a_drawing_taken_in_waits_for_the_edit_before_it_and_replaces_it(plan: Plan, administrator: User) -> None:
    floor = documents.load(plan).levels[0]
    imported = Document(levels=(floor,), units=(Room(str(uuid.uuid4()), floor.key, box(0, 0, 3, 3), name_ko="도면"),))
    with while_i_write(lambda: plan_imports.into_plan(plan, administrator, imported)) as other:
        edit(plan, administrator, draw(plan, box(0, 0, 5, 4)))
    assert other.refused is None
    assert [unit.name_ko for unit in Unit.objects.filter(plan=plan)] == ["도면"]


def test_two_drawings_with_the_same_new_level_make_it_once(plan: Plan, administrator: User) -> None:
    def taken_in() -> Plan:
        key = str(uuid.uuid4())
        roof = documents.pure.Level(key, 5, "6F")
        return plan_imports.into_new_plan(
            plan.building, administrator, Document(levels=(roof,)), name=f"가져옴 {key[:4]}", status="option"
        )

    with while_i_write(taken_in) as other:
        taken_in()
    assert other.refused is None
    assert Level.objects.filter(building=plan.building, ordinal=5).count() == 1


def test_what_is_agreed_in_that_moment_is_no_longer_drawn_on(plan: Plan, administrator: User) -> None:
    drawing = draw(plan, box(0, 0, 5, 4))
    with while_i_write(lambda: edit(plan, administrator, drawing)) as other:
        plans.save_facts(plan, administrator, name=plan.name, status="agreed", note="")
    assert isinstance(other.refused, Frozen)
    assert not Unit.objects.exists()


def test_two_plans_are_not_given_one_name_in_the_same_moment(plan: Plan, administrator: User) -> None:
    second = factories.make_plan(plan.building)

    def rename(which: Plan) -> Plan:
        return plans.save_facts(which, administrator, name="대안", status="option", note="")

    with while_i_write(lambda: rename(second)) as other:
        rename(plan)
    assert isinstance(other.refused, Invalid)
    assert "name" in other.refused.errors


def test_two_people_undo_each_their_own_edit_once(plan: Plan, administrator: User) -> None:
    colleague = factories.make_user("colleague", ("administrator", None))
    edit(plan, administrator, draw(plan, box(0, 0, 5, 4), "하나"))
    edit(plan, colleague, draw(plan, box(6, 0, 9, 4), "둘"))

    def undo(user: User) -> edits.Edited:
        return edits.undo(Plan.objects.get(pk=plan.pk), user, version=1, token=uuid.uuid4())

    with while_i_write(lambda: undo(colleague)) as other:
        undo(administrator)
    assert other.refused is None
    assert not Unit.objects.filter(plan=plan).exists()
