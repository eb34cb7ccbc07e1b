"""A planner's way from a centre to a plan: building, levels, teams, plans; and who is kept out."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon as GeosPolygon
from django.test import Client
from django.urls import reverse
from shapely import box
from shapely.geometry import mapping

from facilities.models import Building, Centre, Level, Plan, Team, Unit
from gis_core.models import Role, User
from tests import factories
from tests.factories import Territory


@pytest.fixture
def centre(territory: Territory) -> Centre:
    return factories.make_centre()


@pytest.fixture
def plan(centre: Centre) -> Plan:
    return factories.make_plan(factories.make_building(centre, levels=2, outline=box(0, 0, 20, 10)))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def test_a_building_takes_its_frame_and_outline_from_the_footprint_on_the_map(client: Client, centre: Centre) -> None:
    x, y = centre.location.x, centre.location.y
    centre.footprint = GeosPolygon([(x, y), (x + 20, y + 20), (x + 10, y + 30), (x - 10, y + 10), (x, y)], srid=5179)
    centre.save()
    response = client.post(
        reverse("building-start", args=[centre.pk]),
        {"name": "본관", "floors_above": 3, "floors_below": 1, "same_outline": "on"},
    )
    assert response.status_code == 302
    building = Building.objects.get(centre=centre)
    assert building.rotation == pytest.approx(45.0)
    assert [level.short_name for level in building.levels.order_by("ordinal")] == ["B1", "1F", "2F", "3F"]
    outline = building.levels.get(ordinal=0).outline
    assert outline is not None
    width, depth = 20 * 2**0.5, 10 * 2**0.5
    assert outline.extent == pytest.approx((0, 0, width, depth), rel=1e-3, abs=1e-3)
    assert building.levels.get(ordinal=-1).outline is None


def test_two_buildings_of_a_centre_do_not_share_a_name(client: Client, centre: Centre) -> None:
    factories.make_building(centre, name="본관")
    response = client.post(
        reverse("building-start", args=[centre.pk]), {"name": "본관", "floors_above": 1, "floors_below": 0}
    )
    assert response.status_code == 422
    assert "has a building called 본관 already" in response.content.decode()


def test_levels_are_changed_together_or_not_at_all(client: Client, plan: Plan) -> None:
    levels = list(plan.building.levels.order_by("ordinal"))
    data = rows(
        [{"id": level.pk, "ordinal": level.ordinal, "short_name": level.short_name} for level in levels]
        + [{"ordinal": 1, "short_name": "옥상"}]
    )
    response = client.post(reverse("building-levels", args=[plan.building_id]), data)
    assert response.status_code == 422
    assert "Another row has this already" in response.content.decode()
    data["form-2-ordinal"] = 2
    assert client.post(reverse("building-levels", args=[plan.building_id]), data).status_code == 302
    assert Level.objects.filter(building=plan.building).count() == 3


def test_a_level_with_rooms_cannot_be_removed(client: Client, plan: Plan) -> None:
    level = plan.building.levels.get(ordinal=0)
    edit(client, plan, draw(plan))
    other = plan.building.levels.get(ordinal=1)
    data = rows(
        [
            {"id": level.pk, "ordinal": 0, "short_name": "1F", "DELETE": "on"},
            {"id": other.pk, "ordinal": 1, "short_name": "2F"},
        ]
    )
    response = client.post(reverse("building-levels", args=[plan.building_id]), data)
    assert response.status_code == 422
    assert "1F has rooms in a plan" in response.content.decode()
    level.refresh_from_db()
    assert level.retired_at is None


def rows(values: list[dict[str, Any]]) -> dict[str, Any]:
    known = sum("id" in row for row in values)
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(values), "form-INITIAL_FORMS": known}
    for number, row in enumerate(values):
        data.update({f"form-{number}-{name}": value for name, value in row.items()})
    return data


def test_teams_are_kept_with_their_heads_and_visits(client: Client, centre: Centre) -> None:
    data = rows([{"name": "복지1팀", "headcount_now": 6, "headcount_planned": 8, "visits_per_day": 120}])
    assert client.post(reverse("centre-teams", args=[centre.pk]), data).status_code == 302
    team = Team.objects.get(centre=centre)
    assert (team.headcount_now, team.headcount_planned, team.visits_per_day) == (6, 8, 120)
    page = client.get(reverse("record-detail", args=["centres", centre.pk])).content.decode()
    assert "복지1팀" in page


def edit(client: Client, plan: Plan, *operations: dict[str, Any], **more: Any) -> Any:
    plan.refresh_from_db()
    body = {"version": plan.version, "token": str(uuid.uuid4()), "operations": operations, **more}
    return client.post(reverse("plan-edits", args=[plan.pk]), json.dumps(body), content_type="application/json")


def draw(plan: Plan, x: float = 0, name: str = "민원실") -> dict[str, Any]:
    level = str(plan.building.levels.get(ordinal=0).key)
    shape = mapping(box(x, 0, x + 4, 5))
    facts = {"name_ko": name, "category": "lobby"}
    return {"op": "draw", "level": level, "geometry": shape, "attributes": facts, "over": "free"}


def test_a_new_plan_opens_in_the_editor(client: Client, plan: Plan) -> None:
    url = reverse("plan-add", args=[plan.building_id])
    response = client.post(url, {"name": "대안 A", "status": "option", "based_on": plan.pk})
    made = Plan.objects.get(name="대안 A")
    assert response["Location"] == reverse("plan", args=[made.pk])
    assert client.get(response["Location"]).status_code == 200
    again = client.post(url, {"name": "대안 A", "status": "option"})
    assert again.status_code == 422
    assert "has a plan called 대안 A already" in again.content.decode()


def test_an_edit_is_answered_with_what_changed(client: Client, plan: Plan) -> None:
    response = edit(client, plan, draw(plan))
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["version"] == 2
    assert body["changes"][0]["after"]["name_ko"] == "민원실"
    assert (body["can_undo"], body["can_redo"]) == (True, False)
    document = client.get(reverse("plan-document", args=[plan.pk])).json()
    assert [unit["name_ko"] for unit in document["document"]["units"]] == ["민원실"]


def test_a_refused_edit_says_why_in_words(client: Client, plan: Plan) -> None:
    response = edit(client, plan, {**draw(plan), "geometry": mapping(box(30, 30, 34, 34))})
    assert response.status_code == 422
    assert response.json()["detail"]
    assert not Unit.objects.filter(plan=plan).exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"version": 1}', '{"version": 1, "token": "x", "operations": []}', "\xff", "[" * 100_000],
)
def test_a_body_that_is_no_edit_gets_a_clear_answer(client: Client, plan: Plan, body: str) -> None:
    response = client.post(reverse("plan-edits", args=[plan.pk]), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["detail"]


def test_checks_tell_coverage_circulation_and_areas(client: Client, plan: Plan) -> None:
    edit(client, plan, draw(plan))
    body = client.get(reverse("plan-checks", args=[plan.pk])).json()
    assert "20.00" in body["schedule_html"]
    assert any(finding["text"] for finding in body["coverage"])
    assert any(finding["text"] for finding in body["circulation"]["findings"])


def test_an_outline_is_drawn_once_for_all_plans_but_not_under_an_agreed_one(client: Client, plan: Plan) -> None:
    level = plan.building.levels.get(ordinal=0)
    url = reverse("plan-outline", args=[plan.pk, level.key])

    def draw_outline(size: float) -> Any:
        body = json.dumps({"geometry": mapping(box(0, 0, size, size))})
        return client.post(url, body, content_type="application/json")

    assert draw_outline(30).status_code == 200
    level.refresh_from_db()
    assert level.outline is not None
    assert level.outline.area == pytest.approx(900)
    edit(client, plan, draw(plan))
    client.post(reverse("plan-facts", args=[plan.pk]), {"name": plan.name, "status": "agreed"})
    assert draw_outline(40).status_code == 422
    assert edit(client, plan, draw(plan, 5)).status_code == 423


def test_only_an_administrator_opens_an_agreed_plan_again(client: Client, plan: Plan, administrator: User) -> None:
    client.post(reverse("plan-facts", args=[plan.pk]), {"name": plan.name, "status": "agreed"})
    assert client.post(reverse("plan-reopen", args=[plan.pk])).status_code == 403
    assert client_of(administrator).post(reverse("plan-reopen", args=[plan.pk])).status_code == 302
    plan.refresh_from_db()
    assert plan.status == "option"


def test_a_viewer_reads_a_plan_and_changes_nothing(plan: Plan, viewer: User) -> None:
    client = client_of(viewer)
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200
    assert edit(client, plan, draw(plan)).status_code == 403
    assert client.post(reverse("plan-show", args=[plan.pk])).status_code == 403
    assert client.get(reverse("plan-add", args=[plan.building_id])).status_code == 403


def test_a_surveyor_does_not_see_the_rooms_of_an_office(plan: Plan, surveyor: User) -> None:
    client = client_of(surveyor)
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404
    assert client.get(reverse("plan-document", args=[plan.pk])).status_code == 404


def test_a_planner_of_another_county_sees_no_plan_of_this_one(plan: Plan, territory: Territory) -> None:
    stranger = factories.make_user("stranger", (Role.FACILITY_PLANNER, territory.sunchang))
    assert client_of(stranger).get(reverse("plan-document", args=[plan.pk])).status_code == 404


def test_the_history_tells_who_did_what(client: Client, plan: Plan) -> None:
    edit(client, plan, draw(plan))
    page = client.get(reverse("plan-history", args=[plan.pk])).content.decode()
    assert "Room drawn" in page
    assert "민원실" in page
    assert "planner" in page


def test_rooms_of_the_shown_plan_are_on_the_map_and_in_the_api(client: Client, plan: Plan, planner: User) -> None:
    edit(client, plan, draw(plan))
    items = reverse("items", args=["units"])
    assert client.get(items).json()["numberMatched"] == 0
    client.post(reverse("plan-show", args=[plan.pk]))
    found = client.get(items, {"ordinal": 0}).json()["features"]
    assert [feature["properties"]["name_ko"] for feature in found] == ["민원실"]
    refused = client.post(items, json.dumps(found[0]), content_type="application/geo+json")
    assert refused.status_code == 403


def test_pages_of_a_building_ask_the_database_no_more_with_more_plans(
    client: Client, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    for _number in range(8):
        factories.make_plan(plan.building)
    with django_assert_max_num_queries(30):
        client.get(reverse("record-detail", args=["buildings", plan.building_id]))
