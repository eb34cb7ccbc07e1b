"""What planners do to one plan, at once and in turn: drawing, taking back, meeting one another."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import mapping

from facilities.models import Building, Plan, PlanEdit, Unit
from facilities.plan.document import to_json
from facilities.plan.drawing import Refused
from facilities.services import buildings, edits, plans
from facilities.services.errors import ChangedSince, Frozen, NothingToUndo, Overtaken
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea, Role, User
from gis_core.territory import reassign_records
from tests import factories
from tests.factories import Territory

OUTLINE = box(0, 0, 20, 10)


@pytest.fixture
def plan(territory: Territory) -> Plan:
    return factories.make_plan(factories.make_building(levels=2, outline=OUTLINE))


def level_key(plan: Plan, ordinal: int = 0) -> str:
    return str(plan.building.levels.get(ordinal=ordinal).key)


def draw(plan: Plan, shape: Polygon, name: str = "민원실", **attributes: Any) -> dict[str, Any]:
    return {
        "op": "draw",
        "level": level_key(plan),
        "geometry": mapping(shape),
        "attributes": {"name_ko": name, "category": "lobby", **attributes},
        "over": "free",
    }


def edit(plan: Plan, user: User, *operations: dict[str, Any], version: int | None = None) -> edits.Edited:
    plan.refresh_from_db()
    return edits.edit(plan, user, operations, version=plan.version if version is None else version, token=uuid.uuid4())


def room(plan: Plan, name: str = "민원실") -> Unit:
    return Unit.objects.get(plan=plan, name_ko=name)


def test_a_room_drawn_is_kept_with_its_place_in_the_world(plan: Plan, planner: User) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    kept = room(plan)
    assert kept.geometry.area == pytest.approx(20.0)
    assert kept.place.srid == 5179
    # The grid's scale is not one: the room's true metres are told by the building's own frame.
    assert kept.place.area == pytest.approx(20.0 * plan.building.frame.scale**2, rel=1e-6)
    assert kept.area_id == plan.building.area_id


def test_an_edit_sent_twice_is_made_once(plan: Plan, planner: User) -> None:
    token = uuid.uuid4()
    first = edits.edit(plan, planner, [draw(plan, box(0, 0, 5, 4))], version=1, token=token)
    again = edits.edit(plan, planner, [draw(plan, box(0, 0, 5, 4))], version=1, token=token)
    assert Unit.objects.filter(plan=plan).count() == 1
    assert (first.version, first.changes) == (again.version, again.changes)


def test_a_refused_operation_leaves_nothing_of_its_companions(plan: Plan, planner: User) -> None:
    with pytest.raises(Refused):
        edit(plan, planner, draw(plan, box(0, 0, 5, 4)), {"op": "remove", "kind": "units", "keys": ["nobody"]})
    assert not Unit.objects.filter(plan=plan).exists()
    assert not PlanEdit.objects.filter(plan=plan).exists()


def test_undo_and_redo_walk_back_and_forth_through_ones_own_edits(plan: Plan, planner: User) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "하나"))
    edit(plan, planner, draw(plan, box(5, 0, 9, 4), "둘"))
    drawn = to_json(plans.load(plan))

    def names() -> set[str]:
        return set(Unit.objects.filter(plan=plan).values_list("name_ko", flat=True))

    undo(plan, planner)
    assert names() == {"하나"}
    undo(plan, planner)
    assert names() == set()
    with pytest.raises(NothingToUndo):
        undo(plan, planner)
    undo(plan, planner, again=True)
    undo(plan, planner, again=True)
    assert to_json(plans.load(plan)) == drawn
    with pytest.raises(NothingToUndo):
        undo(plan, planner, again=True)


def undo(plan: Plan, user: User, *, again: bool = False) -> edits.Edited:
    plan.refresh_from_db()
    return edits.undo(plan, user, version=plan.version, token=uuid.uuid4(), again=again)


def test_a_new_edit_after_an_undo_leaves_nothing_to_redo(plan: Plan, planner: User) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "하나"))
    undo(plan, planner)
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "둘"))
    assert edits.can_undo(plan, planner) == (True, False)


def test_undo_does_not_touch_what_a_colleague_changed_afterwards(plan: Plan, planner: User) -> None:
    colleague = factories.make_user("colleague", (Role.FACILITY_PLANNER, None))
    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    key = str(room(plan).key)
    edit(plan, colleague, {"op": "set", "kind": "units", "keys": [key], "attributes": {"name_ko": "북카페"}})
    with pytest.raises(ChangedSince):
        undo(plan, planner)
    assert room(plan, "북카페")


def test_a_room_is_not_brought_back_onto_ground_that_a_colleague_has_drawn_on(
    plan: Plan, planner: User, administrator: User
) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "하나"))
    edit(plan, planner, {"op": "remove", "kind": "units", "keys": [str(room(plan, "하나").key)]})
    edit(plan, administrator, draw(plan, box(3, 0, 8, 4), "둘"))
    with pytest.raises(ChangedSince):
        edits.undo(plan, planner, version=1, token=uuid.uuid4())
    assert [unit.name_ko for unit in Unit.objects.filter(plan=plan)] == ["둘"]


def test_a_room_does_not_come_back_with_a_team_that_is_gone(plan: Plan, planner: User) -> None:
    team = factories.make_team(plan.building.centre)
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), teams=[str(team.key)]))
    edit(plan, planner, {"op": "remove", "kind": "units", "keys": [str(room(plan).key)]})
    buildings.save_teams(plan.building.centre, planner, [], [team])
    with pytest.raises(ChangedSince):
        edits.undo(plan, planner, version=1, token=uuid.uuid4())


def test_a_request_made_for_another_plan_is_refused(plan: Plan, planner: User) -> None:
    token, second = uuid.uuid4(), factories.make_plan(plan.building)
    edits.edit(plan, planner, [draw(plan, box(0, 0, 5, 4))], version=1, token=token)
    with pytest.raises(Invalid):
        edits.edit(second, planner, [draw(plan, box(0, 0, 5, 4))], version=1, token=token)


def test_edits_of_different_rooms_go_side_by_side_and_each_learns_of_the_other(plan: Plan, planner: User) -> None:
    colleague = factories.make_user("colleague", (Role.FACILITY_PLANNER, None))
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "하나"), draw(plan, box(5, 0, 9, 4), "둘"))
    seen = plan.version + 1
    first, second = str(room(plan, "하나").key), str(room(plan, "둘").key)
    edit(plan, colleague, {"op": "set", "kind": "units", "keys": [first], "attributes": {"idle": True}})
    done = edit(
        plan, planner, {"op": "set", "kind": "units", "keys": [second], "attributes": {"desks": 4}}, version=seen
    )
    assert {change["key"] for change in done.changes} == {first, second}


def test_two_edits_of_the_same_room_do_not_overwrite_one_another(plan: Plan, planner: User) -> None:
    colleague = factories.make_user("colleague", (Role.FACILITY_PLANNER, None))
    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    plan.refresh_from_db()
    seen, key = plan.version, str(room(plan).key)
    edit(plan, colleague, {"op": "set", "kind": "units", "keys": [key], "attributes": {"name_ko": "북카페"}})
    with pytest.raises(Overtaken) as refused:
        edit(
            plan,
            planner,
            {"op": "set", "kind": "units", "keys": [key], "attributes": {"name_ko": "회의실"}},
            version=seen,
        )
    assert [change["key"] for change in refused.value.changes] == [key]
    assert room(plan, "북카페")


def test_an_agreed_plan_stays_as_it_was_agreed(plan: Plan, planner: User) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    plan.refresh_from_db()
    plans.save_facts(plan, planner, name=plan.name, status="agreed", note="")
    with pytest.raises(Frozen):
        edit(plan, planner, draw(plan, box(5, 0, 9, 4), "둘"))
    with pytest.raises(Frozen):
        undo(plan, planner)


def test_an_option_begins_with_the_same_rooms_under_the_same_keys(plan: Plan, planner: User) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4), "하나"), draw(plan, box(5, 0, 9, 4), "둘"))
    option = plans.create(plan.building, planner, "대안 A", status="option", based_on=plan)
    assert to_json(plans.load(option)) == to_json(plans.load(plan))
    edit(option, planner, {"op": "remove", "kind": "units", "keys": [str(room(plan, "둘").key)]})
    assert len(plans.load(plan).units) == 2


def test_a_planner_of_another_town_may_not_draw(plan: Plan, territory: Territory) -> None:
    stranger = factories.make_user("stranger", (Role.FACILITY_PLANNER, territory.sunchang))
    with pytest.raises(NotAllowed):
        edit(plan, stranger, draw(plan, box(0, 0, 5, 4)))


def test_rooms_follow_when_their_building_is_moved(plan: Plan, planner: User) -> None:
    from gis_core import editing
    from gis_core.layers.registry import layers

    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    before = room(plan).place
    building = plan.building
    editing.save(
        layers.get("buildings"),
        planner,
        {"name": building.name, "centre": building.centre_id, "rotation": 90.0, "note": ""},
        record=building,
        expected_version=building.version,
    )
    after = room(plan).place
    assert after.area == pytest.approx(before.area)
    assert after.centroid.x < before.centroid.x


def test_rooms_belong_to_the_area_of_their_building_when_boundaries_change(
    plan: Plan, planner: User, territory: Territory
) -> None:
    edit(plan, planner, draw(plan, box(0, 0, 5, 4)))
    west = factories.geos(MultiPolygon([factories.square(0, 0, 100)]))
    all_else = factories.geos(MultiPolygon([factories.square(100, 0, 3900)]))
    AdminArea.objects.filter(pk=territory.unbong.pk).update(geometry=west)
    AdminArea.objects.filter(pk=territory.jucheon.pk).update(geometry=all_else)
    reassign_records([factories.square(0, 0, 4000)])
    assert room(plan).area == Building.objects.get(pk=plan.building_id).area == territory.jucheon


@pytest.mark.django_db(transaction=True)
def test_edits_made_in_the_same_moment_are_all_kept_in_one_order(transactional_db: None, administrator: User) -> None:
    territory = factories.make_territory()
    del territory
    plan = factories.make_plan(factories.make_building(outline=OUTLINE))
    shapes = [box(x, 0, x + 2, 2) for x in range(0, 16, 2)]
    failures: list[Exception] = []

    def work(shape: Polygon, name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                edits.edit(plan, administrator, [draw(plan, shape, name)], version=1, token=uuid.uuid4())
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        return run

    threads = [threading.Thread(target=work(shape, f"방{number}")) for number, shape in enumerate(shapes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Unit.objects.filter(plan=plan).count() == len(shapes)
    assert list(PlanEdit.objects.filter(plan=plan).values_list("number", flat=True)) == list(range(2, 10))
