"""What was retired is out of sight everywhere, and can be brought back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from shapely import box

from facilities.models import Plan
from facilities.services import buildings, plans
from gis_core.layers.registry import layers
from gis_core.models import User
from tests import factories
from tests.facilities.test_plan_pages import client_of, draw, edit, rows
from tests.factories import Territory


@pytest.fixture
def plan(territory: Territory) -> Plan:
    building = factories.make_building(levels=2, outline=box(0, 0, 20, 10))
    return factories.make_plan(building, name="현황", is_shown=True)


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_a_retired_plan_is_listed_with_its_reason_and_brought_back(client: Client, plan: Plan) -> None:
    response = client.post(reverse("plan-retire", args=[plan.pk]), {"reason": "잘못 그림"}, follow=True)
    assert "The map now shows no plan of this building" in response.content.decode()
    told = page(client, "record-detail", "buildings", plan.building_id)
    assert "잘못 그림" in told
    assert f'href="{reverse("plan", args=[plan.pk])}"' not in told
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404
    client.post(reverse("plan-bring-back", args=[plan.pk]))
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200


def test_a_plan_is_not_brought_back_beside_another_of_its_name(client: Client, plan: Plan) -> None:
    client.post(reverse("plan-retire", args=[plan.pk]), {"reason": "두 번"})
    factories.make_plan(plan.building, name="현황")
    response = client.post(reverse("plan-bring-back", args=[plan.pk]), follow=True)
    assert "has a plan called 현황 already" in response.content.decode()
    plan.refresh_from_db()
    assert plan.retired_at


def test_a_plan_comes_back_with_the_level_it_was_drawn_on(client: Client, plan: Plan, planner: User) -> None:
    edit(client, plan, draw(plan))
    plans.retire(plan, planner, "두 번 그림")
    ground, above = plan.building.levels.order_by("ordinal")
    buildings.save_levels(plan.building, planner, [], [ground])
    client.post(reverse("plan-bring-back", args=[plan.pk]))
    assert len(client.get(reverse("plan-document", args=[plan.pk])).json()["document"]["units"]) == 1
    plans.retire(Plan.objects.get(pk=plan.pk), planner, "두 번 그림")
    buildings.save_levels(plan.building, planner, [], [ground])
    above.ordinal = 0
    buildings.save_levels(plan.building, planner, [above], [])
    response = client.post(reverse("plan-bring-back", args=[plan.pk]), follow=True)
    assert "stands on the level 1F" in response.content.decode()
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404


def test_nobody_retires_a_plan_without_a_reason_or_from_under_its_options(client: Client, plan: Plan) -> None:
    url = reverse("plan-retire", args=[plan.pk])
    assert "Say why" in client.post(url, {"reason": " "}, follow=True).content.decode()
    option = factories.make_plan(plan.building, name="A안", based_on=plan, status="option")
    response = client.post(url, {"reason": "낡음"}, follow=True)
    assert "A안 are compared with this plan" in response.content.decode()
    client.post(reverse("plan-retire", args=[option.pk]), {"reason": "낡음"})
    client.post(url, {"reason": "낡음"})
    plan.refresh_from_db()
    assert plan.retired_at


@pytest.mark.parametrize("what", ["building", "centre"])
def test_rooms_leave_the_map_with_their_building_or_centre(
    client: Client, planner: User, plan: Plan, what: str
) -> None:
    assert edit(client, plan, draw(plan)).status_code == 200
    rooms = layers.get("units")
    assert rooms.queryset(planner).count() == 1
    owner = plan.building if what == "building" else plan.building.centre
    type(owner).objects.filter(pk=owner.pk).update(retired_at=timezone.now())
    assert rooms.queryset(planner).count() == 0
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404
    for layer, pk in (("buildings", plan.building_id), ("centres", plan.building.centre_id)):
        told = page(client, "record-detail", layer, pk)
        assert reverse("plan", args=[plan.pk]) not in told
        assert reverse("plan-add", args=[plan.building_id]) not in told


def test_a_level_is_removed_when_only_retired_plans_stand_on_it_and_undo_puts_nothing_there(
    client: Client, plan: Plan
) -> None:
    edit(client, plan, draw(plan))
    key = plan.units.get().key
    edit(client, plan, {"op": "remove", "kind": "units", "keys": [str(key)]})
    ground, upper = plan.building.levels.order_by("ordinal")
    data = rows([{"id": ground.pk, "DELETE": "on"}, {"id": upper.pk, "ordinal": 1, "short_name": "2F"}])
    assert client.post(reverse("building-levels", args=[plan.building_id]), data).status_code == 302
    plan.refresh_from_db()
    body = {"version": plan.version, "token": "7f9d2a9c-93d1-4c3c-a4d7-2f4f7a8c2f11"}
    answer = client.post(reverse("plan-undo", args=[plan.pk]), body, content_type="application/json")
    assert answer.status_code == 409
    assert plan.units.count() == 0


def test_a_room_leads_to_its_place_on_the_plan(client: Client, plan: Plan) -> None:
    edit(client, plan, draw(plan))
    room = plan.units.get()
    assert f"{reverse('plan', args=[plan.pk])}?room={room.key}" in page(client, "record-detail", "units", room.pk)


def test_a_frozen_plans_facts_are_told_and_only_an_administrator_opens_it_again(
    client: Client, administrator: User, plan: Plan
) -> None:
    client.post(reverse("plan-facts", args=[plan.pk]), {"name": "현황", "status": "agreed", "note": ""})
    told = page(client, "plan-facts", plan.pk)
    assert "This plan has been frozen since" in told
    assert reverse("plan-reopen", args=[plan.pk]) not in told
    chief = client_of(administrator)
    assert reverse("plan-reopen", args=[plan.pk]) in page(chief, "plan-facts", plan.pk)
    chief.post(reverse("plan-reopen", args=[plan.pk]))
    assert edit(client, plan, draw(plan)).status_code == 200
