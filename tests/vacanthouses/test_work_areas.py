"""A round's houses split into work areas: looked at first, accepted once, and visited houses left alone."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Assignment, Campaign, VacantHouse, WorkArea
from vacanthouses.services import work_areas


def houses() -> list[VacantHouse]:
    return [make_house(place(east, north)) for east in (100, 300, 500, 700) for north in (200, 600)]


@pytest.mark.django_db
def test_a_split_is_only_looked_at_until_it_is_accepted(manager: User, territory: Territory) -> None:
    campaign, known = make_campaign(territory.namwon), houses()
    proposal = work_areas.propose(campaign, 2, 20.0)
    assert not WorkArea.objects.exists()
    made = work_areas.accept(campaign, manager, 2, 20.0, proposal.token)
    assert [area.minutes for area in made] == [80.0, 80.0]
    assert {row.house_id for row in Assignment.objects.live()} == {house.pk for house in known}
    for row in Assignment.objects.live().select_related("house", "work_area"):
        assert row.work_area.geometry.buffer(0.01).contains(row.house.location)


@pytest.mark.django_db
def test_a_split_of_houses_that_changed_meanwhile_is_refused(manager: User, territory: Territory) -> None:
    campaign, _known = make_campaign(territory.namwon), houses()
    token = work_areas.propose(campaign, 2, 20.0).token
    make_house(place(900, 900))
    with pytest.raises(Invalid):
        work_areas.accept(campaign, manager, 2, 20.0, token)
    assert not WorkArea.objects.exists()


@pytest.mark.django_db
def test_a_visited_house_stays_with_its_crew(manager: User, territory: Territory) -> None:
    campaign, known = make_campaign(territory.namwon), houses()
    crew, other = make_crew(territory.unbong), make_crew(territory.unbong, name="2반")
    assign(campaign, known[:1], crew, done_at=timezone.now())
    [only] = work_areas.accept(campaign, manager, 1, 20.0, work_areas.propose(campaign, 1, 20.0).token)
    only.refresh_from_db()
    assert work_areas.give(only, manager, other, only.version) == 7
    assert Assignment.objects.live().get(house=known[0]).crew == crew
    with pytest.raises(Invalid):
        work_areas.give(only, manager, crew, only.version)


@pytest.mark.django_db
def test_more_areas_than_houses_are_told_and_a_surveyor_may_not_accept(
    manager: User, surveyor: User, territory: Territory
) -> None:
    campaign, _known = make_campaign(territory.namwon), houses()
    with pytest.raises(Invalid) as refused:
        work_areas.propose(campaign, 9, 20.0)
    assert "count" in refused.value.errors
    with pytest.raises(NotAllowed):
        work_areas.accept(campaign, surveyor, 2, 20.0, work_areas.propose(campaign, 2, 20.0).token)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_accepting_at_once_one_makes_the_areas(manager: User, territory: Territory) -> None:
    campaign, known = make_campaign(territory.namwon), houses()
    token = work_areas.propose(campaign, 2, 20.0).token
    problems: list[Exception] = []

    def accept() -> None:
        try:
            work_areas.accept(Campaign.objects.get(pk=campaign.pk), manager, 2, 20.0, token)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in problems] == [Invalid], "the second is told to look again"
    assert WorkArea.objects.count() == 2, "and makes no areas in place of the first one's"
    assert Assignment.objects.live().count() == len(known)


@pytest.mark.django_db
def test_a_manager_looks_at_a_split_accepts_it_and_gives_an_area(
    manager: User, surveyor: User, territory: Territory
) -> None:
    campaign = make_campaign(territory.namwon)
    crew = make_crew(territory.unbong, surveyor)
    for number in range(24):
        make_house(place(100 + 70 * (number % 6), 100 + 300 * (number // 6)))
    client = signed_in(manager, "en")
    url = f"/survey/campaigns/{campaign.pk}/split/"
    page = client.get(url, {"count": "4", "minutes": "30"})
    assert "<svg" in page.content.decode()
    assert not WorkArea.objects.exists(), "looking writes nothing"
    token = page.context["proposal"].token
    assert client.post(url, {"count": "4", "minutes": "30", "token": "old"}).status_code == 422
    assert client.post(url, {"count": "4", "minutes": "30", "token": token}).status_code == 302
    area = WorkArea.objects.live().order_by("number").first()
    assert WorkArea.objects.live().count() == 4
    give = f"/survey/campaigns/{campaign.pk}/work-areas/{area.pk}/give/"
    client.post(give, {"crew": crew.pk, "version": area.version})
    assert set(Assignment.objects.filter(work_area=area).values_list("crew", flat=True)) == {crew.pk}
    client.post(give, {"crew": "", "version": area.version})
    assert WorkArea.objects.get(pk=area.pk).crew == crew, "an old version changes nothing"
    assert "cannot be split" in text(client.get(url, {"count": "60", "minutes": "30"}))
    assert signed_in(surveyor).get(url).status_code == 403


@pytest.mark.django_db
def test_work_areas_are_a_layer_for_those_who_survey_and_nobody_changes_them_there(
    manager: User, surveyor: User, viewer: User, planner: User, territory: Territory
) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    houses()
    made = work_areas.accept(campaign, manager, 2, 20.0, work_areas.propose(campaign, 2, 20.0).token)
    made[0].refresh_from_db()
    work_areas.give(made[0], manager, crew, made[0].version)
    items = "/api/collections/work-areas/items"
    found = signed_in(surveyor).get(items).json()["features"]
    assert {(each["properties"]["number"], each["properties"]["crew"]) for each in found} == {(1, crew.name), (2, None)}
    assert {each["properties"]["area"] for each in found} == {territory.unbong.pk}, "where most of its houses lie"
    assert found[0]["geometry"]["type"] == "MultiPolygon"
    for user in (viewer, planner, make_user("far", ("surveyor", territory.sunchang))):
        assert signed_in(user).get(items).json()["features"] == []
    assert signed_in(manager).get(f"/records/work-areas/{made[0].pk}/").status_code == 200
    assert signed_in(manager).get(f"/records/work-areas/{made[0].pk}/edit/").status_code == 403
