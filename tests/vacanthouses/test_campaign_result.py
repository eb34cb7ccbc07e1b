"""The result report of a survey round: each house once, by its latest visit, and nothing that tells a house."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from gis_core.models import User
from tests.factories import Territory, make_house, place
from tests.gis_core.pages_support import signed_in
from tests.vacanthouses.campaign_support import assign, make_campaign
from tests.vacanthouses.review_support import load_table, make_visit
from vacanthouses.models import Grading
from vacanthouses.services import results


def words(response: Any) -> str:
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.django_db
def test_a_house_visited_twice_counts_once_by_the_latest_visit(surveyor: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    closed, open_house, unseen = (make_house(place(east, 500)) for east in (500, 900, 2500))
    assign(campaign, [closed, open_house, unseen])
    early = timezone.now() - timedelta(days=3)
    make_visit(surveyor, closed, campaign=campaign, outcome="no_entry", visited_at=early)
    make_visit(surveyor, closed, campaign=campaign, outcome="surveyed", state="accepted")
    make_visit(surveyor, open_house, campaign=campaign, outcome="not_vacant")
    found = results.result(campaign)
    by_name = {town.name: town for town in found.towns}
    assert by_name["운봉읍"].outcomes == {"surveyed": 1, "not_vacant": 1}
    assert by_name["주천면"].outcomes == {results.UNVISITED: 1}
    assert (found.total.houses, found.visits, found.accepted) == (3, 3, 1)


@pytest.mark.django_db
def test_a_visit_set_aside_or_of_another_round_does_not_count(surveyor: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    house = make_house(place(500, 500))
    assign(campaign, [house])
    make_visit(surveyor, house, campaign=campaign, outcome="gone", state="set_aside")
    make_visit(surveyor, house, campaign=make_campaign(territory.namwon, name="지난 조사"), outcome="gone")
    assert results.result(campaign).total.outcomes == {results.UNVISITED: 1}


@pytest.mark.django_db
def test_a_house_found_on_the_way_counts_too_with_its_grade(surveyor: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    visit = make_visit(surveyor, make_house(place(700, 700)), campaign=campaign, state="accepted", found_new=True)
    Grading.objects.create(house=visit.house, visit=visit, table=load_table(), computed="specific", grade="specific")
    found = results.result(campaign)
    assert found.total.houses == 1
    assert found.total.grades == {"specific": 1}
    assert [grade.value for grade in found.grades] == ["specific"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "expected"),
    [("ko", ["조사 결과", "운봉읍", "결재"]), ("en", ["Result by town", "운봉읍", "Approved by"])],
)
def test_the_manager_prints_the_result_without_any_address(
    manager: User, surveyor: User, territory: Territory, language: str, expected: list[str]
) -> None:
    campaign = make_campaign(territory.namwon)
    house = make_house(place(500, 500), address="남원시 운봉읍 서천리 7")
    assign(campaign, [house])
    make_visit(surveyor, house, campaign=campaign)
    with translation.override(language):
        response = signed_in(manager, language).get(f"/survey/campaigns/{campaign.pk}/result.pdf")
    assert response["Content-Type"] == "application/pdf"
    told = words(response)
    assert [text for text in expected if text not in told] == []
    assert "서천리" not in told


@pytest.mark.django_db
def test_nobody_but_managers_of_the_area_prints_a_result(
    surveyor: User, viewer: User, manager: User, territory: Territory
) -> None:
    address = f"/survey/campaigns/{make_campaign(territory.namwon).pk}/result.pdf"
    assert [signed_in(user).get(address).status_code for user in (surveyor, viewer, None, manager)] == [
        403, 403, 302, 200,
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_round_with_nothing_in_it_is_a_report_too(manager: User, territory: Territory) -> None:
    response = signed_in(manager, "en").get(f"/survey/campaigns/{make_campaign(territory.namwon).pk}/result.pdf")
    assert "No house is assigned or visited yet." in words(response)
