"""Giving a round's houses to crews: once each, by managers, and nothing that was visited is moved unseen."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gis_core.models import User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Assignment, Crew
from vacanthouses.services import giving


def address(campaign: Any) -> str:
    return f"/survey/campaigns/{campaign.pk}/assignments/"


@pytest.mark.django_db
def test_a_manager_gives_houses_to_a_crew_and_moves_them(manager: User, surveyor: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    one, two = make_crew(territory.unbong, surveyor), make_crew(territory.unbong, name="2반")
    houses = [make_house(place(east, 500)) for east in (500, 900)]
    client = signed_in(manager, "en")
    sent = {"houses": [house.pk for house in houses], "crew": one.pk}
    assert client.post(address(campaign), sent).status_code == 302
    assert (
        client.post(address(campaign) + "?show=all", {**sent, "houses": [houses[0].pk], "crew": two.pk}).status_code
        == 302
    )
    assert dict(Assignment.objects.live().values_list("house", "crew")) == {houses[0].pk: two.pk, houses[1].pk: one.pk}
    assert client.post(address(campaign) + "?show=all", {"houses": [houses[0].pk], "crew": "nobody"}).status_code == 302
    assert Assignment.objects.live().count() == 1


@pytest.mark.django_db
def test_what_was_visited_stays_where_it_was(manager: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    house = make_house(place(500, 500))
    assign(campaign, [house], crew, done_at=timezone.now())
    given = giving.assign(campaign, manager, [house.pk], make_crew(territory.unbong, name="2반"))
    assert (given.changed, given.visited) == (0, 1)
    assert giving.assign(campaign, manager, [house.pk], None).changed == 0
    assert Assignment.objects.live().get().crew == crew


@pytest.mark.django_db
def test_ticking_nothing_or_choosing_no_crew_is_told_and_the_ticks_stay(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    house = make_house(place(500, 500))
    client = signed_in(manager, "en")
    assert "Tick the houses first." in text(client.post(address(campaign), {"crew": "nobody"}))
    refused = client.post(address(campaign), {"houses": [house.pk], "crew": ""})
    assert refused.status_code == 422
    assert f'value="{house.pk}" checked' in refused.content.decode()


@pytest.mark.django_db
def test_only_managers_of_the_area_give_houses(surveyor: User, viewer: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    elsewhere = make_user("elsewhere", ("survey_manager", territory.sunchang))
    assert [signed_in(user).get(address(campaign)).status_code for user in (surveyor, viewer, elsewhere)] == [
        403,
        403,
        404,
    ]


@pytest.mark.django_db
def test_a_crew_is_made_of_people_who_survey_there(manager: User, surveyor: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    stranger = make_user("stranger", ("surveyor", territory.sunchang))
    client = signed_in(manager, "en")
    url = f"/survey/campaigns/{campaign.pk}/crews/add/"
    refused = client.post(url, {"name": "1반", "area": territory.unbong.pk, "members": [stranger.pk]})
    assert refused.status_code == 422
    assert client.post(url, {"name": "1반", "area": territory.unbong.pk, "members": [surveyor.pk]}).status_code == 302
    crew = Crew.objects.get()
    assert list(crew.members.all()) == [surveyor]
    edit = f"/survey/campaigns/{campaign.pk}/crews/{crew.pk}/"
    client.post(edit, {"name": "운봉반", "area": territory.unbong.pk, "members": [surveyor.pk]})
    assert Crew.objects.get().name == "운봉반"


@pytest.mark.django_db
def test_many_houses_cost_no_more_statements(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    campaign = make_campaign(territory.namwon)
    for number in range(60):
        make_house(place(10 * number, 500))
    client = signed_in(manager)
    client.get(address(campaign))
    with django_assert_max_num_queries(24):
        assert "1 / 1" not in text(client.get(address(campaign)))


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_give_a_house_once(manager: User, territory: Territory) -> None:
    campaign = make_campaign(territory.namwon)
    house = make_house(place(500, 500))
    crews = [make_crew(territory.unbong, name=f"{number}반") for number in range(4)]
    barrier = threading.Barrier(4)

    def give(crew: Crew) -> None:
        barrier.wait()
        giving.assign(campaign, manager, [house.pk], crew)
        connection.close()

    threads = [threading.Thread(target=give, args=[crew]) for crew in crews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Assignment.objects.live().filter(house=house).count() == 1
