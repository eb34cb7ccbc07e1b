"""Noting steps: what is refused, what is kept, and the list of what waits."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gis_core.models import Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import make_campaign
from vacanthouses.models import ClockEvent, ImprovementPlan, Measure
from vacanthouses.services import clocks as services
from vacanthouses.services import rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tables(db: None) -> None:
    rules.load_samples()


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def test_a_survey_may_not_begin_within_seven_days_of_the_notice_and_the_page_says_from_when(
    manager: User, territory: Territory
) -> None:
    campaign = make_campaign(territory.namwon)
    client, url = signed_in(manager), f"/survey/campaigns/{campaign.pk}/clocks/"
    for code, days in (("survey_published", 60), ("entry_notice", 3)):
        assert client.post(url, {"code": code, "on": ago(days)}).status_code == 302
    refused = client.post(url, {"code": "survey_begun", "on": ago(0), "words": "반 편성 끝"})
    assert refused.status_code == 422
    assert "Not yet: “7 days after the notice of entry”. It may be done from" in text(refused)
    assert 'value="반 편성 끝"' in refused.content.decode()
    assert not ClockEvent.objects.filter(code="survey_begun").exists()


def test_a_manager_may_note_it_all_the_same_with_a_reason_that_is_kept(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    client, url = signed_in(manager), f"/survey/campaigns/{campaign.pk}/clocks/"
    sent = {"code": "survey_begun", "on": ago(0), "override": "붕괴 위험"}
    for _ in range(2):
        client.post(url, sent)
    assert ClockEvent.objects.get(code="survey_begun").note == "붕괴 위험"
    assert "붕괴 위험" in text(client.get(url))


def test_a_step_noted_too_early_is_marked_as_such_and_no_other(manager: User, territory: Territory) -> None:
    early, late = make_campaign(territory.namwon), make_campaign(territory.namwon, name="늦은 조사")
    for campaign, days in ((early, 3), (late, 40)):
        for code, before in (("survey_published", 60), ("entry_notice", days), ("survey_begun", 0)):
            ClockEvent.objects.create(campaign=campaign, code=code, on=ago(before), note="붕괴 위험")
    told = [text(signed_in(manager).get(f"/survey/campaigns/{each.pk}/clocks/")) for each in (early, late)]
    mark = "Field survey begun before the term was over"
    assert [page.count(mark) for page in told] == [1, 0]
    assert [page.count("Survey plan published before") for page in told] == [0, 0]


def test_the_list_leaves_out_what_has_ended_and_keeps_what_began_again(manager: User, territory: Territory) -> None:
    done, again, open_since, foreseen = (make_house(place(500 + 50 * n, 500)) for n in range(4))
    for house, code, days in (
        (done, "report_received", 20), (done, "site_checked", 10),
        (again, "report_received", 20), (again, "site_checked", 10), (again, "report_received", 5),
        (open_since, "report_received", 9),
        (foreseen, "report_received", 8), (foreseen, "site_checked", -1),
    ):  # fmt: skip
        ClockEvent.objects.create(house=house, code=code, on=ago(days))
    found = services.lines(None, ["house"], timezone.localdate())
    assert {line.pk for line in found} == {again.pk, open_since.pk, foreseen.pk}


def test_a_day_to_come_and_a_step_the_table_does_not_know_are_refused(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    client, url = signed_in(manager), f"/survey/campaigns/{campaign.pk}/clocks/"
    assert client.post(url, {"code": "entry_notice", "on": ago(-1)}).status_code == 422
    assert client.post(url, {"code": "no_such", "on": ago(1)}).status_code == 422
    assert not ClockEvent.objects.exists()


def test_a_demolition_order_waits_for_six_months_after_the_notice_of_the_plan_of_the_house(
    manager: User, territory: Territory
) -> None:
    house = make_house()
    plan = ImprovementPlan.objects.create(name="정비계획", area=territory.namwon, year=2026)
    Measure.objects.create(plan=plan, house=house, kind="demolition", location=house.location)
    ClockEvent.objects.create(code="plan_noticed", on=ago(100), plan=plan)
    client, url = signed_in(manager), f"/survey/clocks/house/{house.pk}/"
    assert "may not be done yet" in text(client.get(url))
    assert client.post(url, {"code": "demolition_ordered", "on": ago(0)}).status_code == 422
    ClockEvent.objects.update(on=ago(200))
    assert client.post(url, {"code": "demolition_ordered", "on": ago(0)}).status_code == 302


def test_reports_that_lapsed_come_first_and_those_of_other_areas_not_at_all(territory: Territory) -> None:
    local = make_user("local", (Role.SURVEY_MANAGER, territory.namwon))
    late, soon, far = (
        make_house(address="늦은집"),
        make_house(address="곧될집"),
        make_house(place(4500, 500), address="먼집"),
    )
    for house, days in ((soon, 26), (late, 60), (far, 60)):
        ClockEvent.objects.create(code="report_received", on=ago(days), house=house)
    client = signed_in(local)
    told = text(client.get("/survey/clocks/"))
    assert told.index("늦은집") < told.index("곧될집")
    assert "먼집" not in told
    assert "곧될집" not in text(client.get("/survey/clocks/?state=lapsed"))
    assert client.get(f"/survey/clocks/house/{far.pk}/").status_code == 404


def test_surveyors_do_not_see_the_clocks(surveyor: User) -> None:
    assert signed_in(surveyor).get("/survey/clocks/").status_code == 403


def test_many_clocks_take_as_many_statements_as_few(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        ClockEvent.objects.create(code="report_received", on=ago(number), house=make_house())
    client = signed_in(manager)
    client.get("/survey/clocks/")
    with django_assert_max_num_queries(22):
        assert "60 running clocks" in text(client.get("/survey/clocks/"))
