"""Levels and teams as tables: moved up, exchanged, sent twice, and changed by two people at a time."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from facilities.models import Building, Level, Team
from gis_core.editing import Invalid, save
from gis_core.layers.registry import layers
from gis_core.models import User
from tests import factories
from tests.facilities.test_plan_pages import client_of, draw, edit, rows
from tests.factories import Territory


@pytest.fixture
def building(territory: Territory) -> Building:
    return factories.make_building(levels=3)


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def levels_of(building: Building) -> list[dict[str, Any]]:
    found = Level.objects.live().filter(building=building).order_by("ordinal")
    return [
        {"id": row.pk, "version": row.version, "ordinal": row.ordinal, "short_name": row.short_name} for row in found
    ]


def test_floors_move_up_for_one_between_them(client: Client, building: Building) -> None:
    data = levels_of(building)
    data[1]["ordinal"], data[2]["ordinal"] = 2, 3
    sent = rows([*data, {"ordinal": 1, "short_name": "중층"}])
    assert client.post(reverse("building-levels", args=[building.pk]), sent).status_code == 302
    assert [(row["ordinal"], row["short_name"]) for row in levels_of(building)] == [
        (0, "1F"),
        (1, "중층"),
        (2, "2F"),
        (3, "3F"),
    ]


def test_two_floors_and_two_teams_change_places(client: Client, building: Building) -> None:
    data = levels_of(building)
    data[0]["ordinal"], data[2]["ordinal"] = 2, 0
    assert client.post(reverse("building-levels", args=[building.pk]), rows(data)).status_code == 302
    assert [row["short_name"] for row in levels_of(building)] == ["3F", "2F", "1F"]
    first, second = (factories.make_team(building.centre, name) for name in ("가팀", "나팀"))
    sent = rows([team_row(first, name="나팀"), team_row(second, name="가팀")])
    assert client.post(reverse("centre-teams", args=[building.centre_id]), sent).status_code == 302
    first.refresh_from_db()
    assert first.name == "나팀"


def team_row(team: Team, **changes: Any) -> dict[str, Any]:
    facts = {"name": team.name, "headcount_now": 5, "headcount_planned": 6, "visits_per_day": 80}
    return {"id": team.pk, "version": team.version, **facts, **changes}


def test_what_was_sent_twice_is_there_once_and_said_so(client: Client, building: Building) -> None:
    sent = rows([{"name": "새팀", "headcount_now": 1, "headcount_planned": 1, "visits_per_day": 0}])
    url = reverse("centre-teams", args=[building.centre_id])
    assert client.post(url, sent).status_code == 302
    again = client.post(url, sent)
    assert again.status_code == 422
    assert "There is another “새팀” already" in again.content.decode()
    assert Team.objects.count() == 1


def test_what_somebody_else_wrote_meanwhile_is_shown_before_it_is_written_over(
    client: Client, building: Building
) -> None:
    team = factories.make_team(building.centre)
    url = reverse("centre-teams", args=[building.centre_id])
    mine = rows([team_row(team, visits_per_day=90)])
    assert client.post(url, rows([team_row(team, headcount_planned=9)])).status_code == 302
    refused = client.post(url, mine)
    assert refused.status_code == 422
    assert "it now says: 복지팀, 5, 9, 80" in refused.content.decode()
    team.refresh_from_db()
    assert (team.headcount_planned, team.visits_per_day) == (9, 80)
    assert f'name="form-0-version" value="{team.version}"' in refused.content.decode()
    assert client.post(url, {**mine, "form-0-version": team.version}).status_code == 302


def test_a_row_that_is_gone_is_told(client: Client, building: Building) -> None:
    first, second = factories.make_team(building.centre, "가팀"), factories.make_team(building.centre, "나팀")
    url = reverse("centre-teams", args=[building.centre_id])
    sent = rows([team_row(first), team_row(second, visits_per_day=1)])
    client.post(url, rows([team_row(first), team_row(second, DELETE="on")]))
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Somebody removed this meanwhile" in refused.content.decode()


def test_a_building_keeps_its_centre_while_its_plans_seat_teams(planner: User, building: Building) -> None:
    other, team = factories.make_centre(), factories.make_team(building.centre)
    plan = factories.make_plan(building)
    client = client_of(planner)
    assert edit(client, plan, draw(plan)).status_code == 200
    layer, facts = layers.get("buildings"), {"centre": other.pk}
    room = plan.units.get()
    seat = {"op": "assign_team", "team": str(team.key), "from": None, "to": str(room.key)}
    assert edit(client, plan, seat).status_code == 200
    with pytest.raises(Invalid) as refused:
        save(layer, planner, facts, record=building, expected_version=building.version, partial=True)
    assert list(refused.value.errors) == ["centre"]
    assert edit(client, plan, {**seat, "from": str(room.key), "to": None}).status_code == 200
    save(layer, planner, facts, record=building, expected_version=building.version, partial=True)
    building.refresh_from_db()
    assert building.centre == other
