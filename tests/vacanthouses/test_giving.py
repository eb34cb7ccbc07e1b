"""Houses given on the map: all or none, nothing visited moves, and work areas keep or lose houses by a plain rule."""

from typing import Any

import pytest
from django.utils import timezone

from gis_core.editing.errors import Invalid
from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse, WorkArea
from vacanthouses.services import giving, work_areas

pytestmark = pytest.mark.django_db


def split_round(manager: User, territory: Territory) -> tuple[Campaign, Crew, Crew, list[WorkArea], list[VacantHouse]]:
    """Eight houses in two areas, of which the first is the first crew's."""
    campaign = make_campaign(territory.namwon)
    one, two = make_crew(territory.unbong), make_crew(territory.unbong, name="2반")
    houses = [make_house(place(east, north)) for east in (100, 300, 1500, 1700) for north in (200, 600)]
    areas = work_areas.accept(campaign, manager, 2, 20.0, work_areas.propose(campaign, 2, 20.0).token)
    first = areas[0]
    first.refresh_from_db()
    work_areas.give(first, manager, one, first.version)
    return campaign, one, two, list(WorkArea.objects.live().order_by("number")), houses


def of(area: WorkArea) -> list[int]:
    return sorted(Assignment.objects.live().filter(work_area=area).values_list("house", flat=True))


def test_a_house_stays_in_its_area_while_that_areas_crew_has_it_and_leaves_it_for_another_crew(
    manager: User, territory: Territory
) -> None:
    campaign, one, two, (first, second), _houses = split_round(manager, territory)
    house = of(first)[0]
    kept = giving.assign(campaign, manager, [house], one)
    assert (kept.changed, kept.left, of(first)[0]) == (0, (), house)
    moved = giving.assign(campaign, manager, [house], two)
    assert (moved.changed, moved.left) == (1, (first.name,))
    row = Assignment.objects.live().get(house=house)
    assert (row.crew, row.work_area) == (two, None)
    now = WorkArea.objects.get(pk=first.pk)
    assert now.minutes == pytest.approx(60.0), "the area's work is that of the houses it has left"
    assert work_areas.give(second, manager, two, WorkArea.objects.get(pk=second.pk).version) == 4
    assert giving.assign(campaign, manager, of(second)[:2], two).left == (), "the same crew takes nothing out"


def test_a_house_with_another_crew_comes_back_to_its_areas_crew_and_stays(manager: User, territory: Territory) -> None:
    campaign, one, two, (first, _second), _houses = split_round(manager, territory)
    house = of(first)[0]
    Assignment.objects.filter(house=house).update(crew=two)
    given = giving.assign(campaign, manager, [house], one)
    assert (given.changed, given.left) == (1, ())
    assert Assignment.objects.live().get(house=house).work_area == first


def test_houses_come_into_an_area_and_so_to_its_crew_and_its_outline_follows(
    manager: User, territory: Territory
) -> None:
    campaign, one, _two, (first, second), _houses = split_round(manager, territory)
    fresh = make_house(place(900, 400))
    moving = [of(second)[0], fresh.pk]
    given = giving.assign(campaign, manager, moving, None, into=first)
    assert (given.changed, given.left) == (2, (second.name,))
    rows = Assignment.objects.live().filter(house__in=moving)
    assert {(row.crew, row.work_area) for row in rows} == {(one, first)}
    now = WorkArea.objects.get(pk=first.pk)
    assert now.minutes == pytest.approx(120.0)
    for row in rows.select_related("house"):
        assert now.geometry.buffer(0.01).contains(row.house.location)
    assert giving.assign(campaign, manager, moving, None, into=first).changed == 0, "sent twice, it moves once"


def test_into_an_area_that_nobody_has_a_house_keeps_its_crew(manager: User, territory: Territory) -> None:
    campaign, one, _two, (first, second), _houses = split_round(manager, territory)
    house = of(first)[0]
    assert giving.assign(campaign, manager, [house], None, into=second).left == (first.name,)
    row = Assignment.objects.live().get(house=house)
    assert (row.crew, row.work_area) == (one, second)


def test_an_area_that_loses_its_last_house_is_taken_out_of_use(manager: User, territory: Territory) -> None:
    campaign, _one, two, (first, second), _houses = split_round(manager, territory)
    giving.assign(campaign, manager, of(first), two)
    assert list(WorkArea.objects.live()) == [second]


def test_a_change_that_somebody_else_made_meanwhile_is_named_and_nothing_moves(
    manager: User, territory: Territory
) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    other = make_crew(territory.unbong, name="2반")
    houses = [make_house(place(east, 500)) for east in (300, 600, 900)]
    seen = {house.pk: 0 for house in houses}
    giving.assign(campaign, manager, [houses[1].pk], other)
    with pytest.raises(Invalid) as told:
        giving.assign(campaign, manager, seen, crew, seen=seen)
    [message] = told.value.errors["houses"]
    assert houses[1].address in message
    assert houses[0].address not in message
    assert not Assignment.objects.filter(crew=crew).exists()


def map_of(campaign: Campaign) -> str:
    return f"/survey/campaigns/{campaign.pk}/map/"


def chosen(client: Any, campaign: Campaign, *houses: VacantHouse) -> str:
    """As the map's script sends it: house and version, read from what the map was given."""
    found = client.get(map_of(campaign) + "houses.json").json()["houses"]
    versions = {house["id"]: house["version"] for house in found}
    return ",".join(f"{house.pk}:{versions[house.pk]}" for house in houses)


def test_a_manager_gives_houses_chosen_on_the_map_and_is_told_what_stayed(manager: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    houses = [make_house(place(east, 500)) for east in (300, 600, 900)]
    assign(campaign, houses[:1], crew, done_at=timezone.now())
    other = make_crew(territory.unbong, name="2반")
    client = signed_in(manager, "en")
    sent = {"houses": chosen(client, campaign, *houses), "to": f"crew-{other.pk}", "at": "15/35.4/127.4"}
    answer = client.post(map_of(campaign), sent)
    assert answer["Location"] == map_of(campaign) + "?at=15/35.4/127.4"
    told = text(client.get(answer["Location"]))
    assert "2 houses changed hands." in told
    assert "1 house stayed where it was: it has been visited." in told
    by_crew = dict(Assignment.objects.live().values_list("house", "crew"))
    assert by_crew == {houses[0].pk: crew.pk, houses[1].pk: other.pk, houses[2].pk: other.pk}
    again = client.post(map_of(campaign), sent)
    assert again.status_code == 422, "the second of two presses moves nothing"
    back = {"houses": chosen(client, campaign, houses[1]), "to": "nobody"}
    assert client.post(map_of(campaign), back).status_code == 302
    assert not Assignment.objects.live().filter(house=houses[1]).exists()


def test_a_stale_choice_is_kept_on_the_page_so_that_nothing_is_drawn_twice(manager: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    house = make_house(place(500, 500))
    client = signed_in(manager, "en")
    sent = chosen(client, campaign, house)
    giving.assign(campaign, manager, [house.pk], make_crew(territory.unbong, name="2반"))
    refused = client.post(map_of(campaign), {"houses": sent, "to": f"crew-{crew.pk}"})
    assert refused.status_code == 422
    assert house.address in text(refused)
    assert f'data-chosen="{house.pk}"' in refused.content.decode()
    assert f'value="crew-{crew.pk}" selected' in refused.content.decode()
    assert inputs(refused)["houses"] == [""]


@pytest.mark.parametrize(
    ("houses", "to"),
    [
        ("", "nobody"), ("x", "nobody"), ("1:2:3", "nobody"), ("-4:0", "nobody"), ("99999999999:0", "nobody"),
        ("{house}:0", ""), ("{house}:0", "crew-0"), ("{house}:0", "area-1"), ("{house}:0", "crew-{foreign}"),
        ("{outside}:0", "nobody"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_and_moves_nothing(
    manager: User, territory: Territory, houses: str, to: str
) -> None:
    campaign = make_campaign(territory.namwon)
    names = {
        "house": make_house(place(500, 500)).pk, "outside": make_house(place(4500, 500)).pk,
        "foreign": make_crew(territory.sunchang_eup).pk,
    }  # fmt: skip
    answer = signed_in(manager, "en").post(
        map_of(campaign), {"houses": houses.format(**names), "to": to.format(**names)}
    )
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_only_managers_of_the_area_see_and_use_the_map(surveyor: User, viewer: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    assign(campaign, [make_house(place(500, 500))], crew)
    elsewhere = make_user("elsewhere", ("survey_manager", territory.sunchang))
    for user, status in ((surveyor, 403), (viewer, 403), (elsewhere, 404)):
        client = signed_in(user)
        assert client.get(map_of(campaign)).status_code == status
        assert client.get(map_of(campaign) + "houses.json").status_code == status
        assert client.post(map_of(campaign), {"houses": "1:0", "to": "nobody"}).status_code == status
    assert not PersonalDataAccess.objects.exists()


def test_the_maps_houses_cost_no_statement_each_and_the_look_is_noted(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong)
    houses = [make_house(place(10 * number, 500)) for number in range(80)]
    assign(campaign, houses[:40], crew)
    client = signed_in(manager)
    with django_assert_max_num_queries(16):
        found = client.get(map_of(campaign) + "houses.json").json()
    assert len(found["houses"]) == 80
    assert {house["crew_name"] for house in found["houses"]} == {"", crew.name}
    (look,) = PersonalDataAccess.objects.all()
    assert (look.action, look.count) == ("assign", 80)


def test_houses_that_were_drawn_around_become_a_new_work_area_with_their_town_and_shape(
    manager: User, territory: Territory
) -> None:
    campaign, _one, _two, (first, second), houses = split_round(manager, territory)
    url = f"/survey/campaigns/{campaign.pk}/map/"
    moving = [of(first)[0], of(second)[0]]
    versions = dict(Assignment.objects.live().values_list("house", "version"))
    sent = {"houses": ",".join(f"{pk}:{versions[pk]}" for pk in moving), "to": "new", "at": ""}
    client = signed_in(manager)
    assert client.post(url, sent).status_code == 302
    third = WorkArea.objects.live().get(number=3)
    assert (of(third), third.area, third.minutes) == (sorted(moving), territory.unbong, pytest.approx(40.0))
    assert third.geometry.covers(VacantHouse.objects.get(pk=moving[0]).location)
    assert third.geometry.area < territory.namwon.geometry.area / 2
    again = client.post(url, sent)
    assert again.status_code == 422, "sent twice it makes no fourth"
    assert WorkArea.objects.live().count() == 3
    assert len(houses) == Assignment.objects.live().exclude(work_area=None).count()


def test_houses_that_were_all_visited_make_no_area(manager: User, territory: Territory) -> None:
    campaign, _one, _two, (first, _second), _houses = split_round(manager, territory)
    Assignment.objects.filter(house__in=of(first)).update(done_at=timezone.now())
    seen = dict(Assignment.objects.live().filter(house__in=of(first)).values_list("house", "version"))
    with pytest.raises(Invalid):
        giving.draw(campaign, manager, of(first), seen=seen)
    assert WorkArea.objects.live().count() == 2
