"""Survey rounds: who sees and changes them, and two people changing one."""

from typing import Any

import pytest

from gis_core.models import Role, User
from tests.factories import Territory, make_house, make_user
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Campaign

pytestmark = pytest.mark.django_db


def form(campaign: Campaign, page: Any, **changed: Any) -> dict[str, Any]:
    shown = {
        name: campaign.serializable_value(name)
        for name in ("name", "area", "regime", "step", "starts_on", "ends_on", "note")
    }
    return {**inputs(page), **shown, **changed}


def test_a_manager_adds_a_round_once_even_when_it_is_sent_twice(manager: User, territory: Territory) -> None:
    client = signed_in(manager)
    sent = {
        "name": "현장조사", "area": territory.namwon.pk, "regime": "rural", "step": "field",
        "starts_on": "2026-03-02", "ends_on": "2026-04-30", "note": "",
    }  # fmt: skip
    first, second = (client.post("/survey/campaigns/add/", sent) for _ in range(2))
    made = Campaign.objects.get()
    assert first["Location"] == second["Location"] == f"/survey/campaigns/{made.pk}/"
    assert made.created_by == manager


def test_a_round_that_ends_before_it_begins_is_refused_and_what_was_typed_stays(
    manager: User, territory: Territory
) -> None:
    sent = {
        "name": "거꾸로", "area": territory.namwon.pk, "regime": "rural", "step": "field",
        "starts_on": "2026-03-02", "ends_on": "2026-03-01",
    }  # fmt: skip
    page = signed_in(manager).post("/survey/campaigns/add/", sent)
    assert page.status_code == 422
    assert "It ends before it begins." in text(page)
    assert 'value="거꾸로"' in page.content.decode()
    assert not Campaign.objects.exists()


def test_two_managers_who_change_different_fields_both_succeed(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    client = signed_in(manager)
    url = f"/survey/campaigns/{campaign.pk}/edit/"
    page = client.get(url)
    Campaign.objects.filter(pk=campaign.pk).update(name="바뀐 이름")
    sent = client.post(url, form(campaign, page, note="우리 메모"), follow=True)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.note) == ("바뀐 이름", "우리 메모")
    assert "Somebody else changed meanwhile, and it was kept: Name." in text(sent)


def test_two_managers_who_change_the_same_field_are_told_and_the_second_may_insist(
    manager: User, territory: Territory
) -> None:
    campaign = make_campaign(territory.namwon)
    client = signed_in(manager)
    url = f"/survey/campaigns/{campaign.pk}/edit/"
    page = client.get(url)
    Campaign.objects.filter(pk=campaign.pk).update(name="그쪽 이름")
    refused = client.post(url, form(campaign, page, name="내 이름"))
    assert refused.status_code == 409
    assert "“그쪽 이름”" in text(refused)
    assert Campaign.objects.get().name == "그쪽 이름"
    insisted = client.post(url, form(campaign, refused, name="내 이름"))
    assert insisted.status_code == 302
    assert Campaign.objects.get().name == "내 이름"


def test_a_round_is_opened_closed_and_opened_again_but_never_planned_again(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon, stage="planned")
    client = signed_in(manager)
    url = f"/survey/campaigns/{campaign.pk}/move/"
    for stage, expected in (("closed", "planned"), ("open", "open"), ("closed", "closed"), ("planned", "closed")):
        campaign.refresh_from_db()
        client.post(url, {"stage": stage, "version": campaign.version})
        campaign.refresh_from_db()
        assert campaign.stage == expected


def test_a_state_that_somebody_else_changed_meanwhile_is_not_overwritten(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon, stage="planned")
    Campaign.objects.filter(pk=campaign.pk).update(note="x")
    page = signed_in(manager).post(
        f"/survey/campaigns/{campaign.pk}/move/", {"stage": "open", "version": campaign.version}, follow=True
    )
    assert "Open it again to see what it says now." in text(page)
    assert Campaign.objects.get().stage == "planned"


def test_a_manager_sees_rounds_of_their_areas_and_no_others(territory: Territory) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.namwon))
    here, there = make_campaign(territory.namwon), make_campaign(territory.sunchang, name="순창 조사")
    client = signed_in(local)
    assert "순창 조사" not in text(client.get("/survey/campaigns/"))
    assert client.get(f"/survey/campaigns/{here.pk}/").status_code == 200
    assert client.get(f"/survey/campaigns/{there.pk}/").status_code == 404
    page = client.get(f"/survey/campaigns/{here.pk}/edit/")
    moved = client.post(f"/survey/campaigns/{here.pk}/edit/", form(here, page, area=territory.sunchang.pk))
    assert moved.status_code == 422


def test_surveyors_read_the_rounds_of_their_crew_and_change_none(
    viewer: User, surveyor: User, territory: Territory
) -> None:
    campaign = make_campaign(territory.namwon)
    other = make_campaign(territory.namwon, name="남의 조사")
    assign(campaign, [make_house()], make_crew(territory.unbong, surveyor))
    client = signed_in(surveyor)
    assert "남의 조사" not in text(client.get("/survey/campaigns/"))
    assert "1반" in text(client.get(f"/survey/campaigns/{campaign.pk}/"))
    assert client.get(f"/survey/campaigns/{other.pk}/").status_code == 404
    assert client.get(f"/survey/campaigns/{campaign.pk}/edit/").status_code == 403
    assert signed_in(viewer).get("/survey/campaigns/").status_code == 403


def test_the_list_asks_as_often_for_thirty_rounds_as_for_two(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_campaign(territory.namwon, name=f"조사 {number}")
    client = signed_in(manager)
    client.get("/survey/campaigns/")
    with django_assert_max_num_queries(18):
        assert "조사 29" in text(client.get("/survey/campaigns/"))
