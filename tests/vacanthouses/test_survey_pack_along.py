"""What else a pack holds: pictures of the map, what is done, what came back, and where each round is."""

import json
import uuid as uuids
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve
from django.utils import timezone

from gis_core.models import BaseMap, User
from gis_core.models.basemaps import BaseMapKind
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import signed_in
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from tests.vacanthouses.sync_support import Phone, visit_body
from vacanthouses.models import Visit
from vacanthouses.services import reviews, rules


@pytest.fixture(autouse=True)
def _key(settings: Any, tmp_path: Path) -> None:
    settings.OFFLINE_KEY_FILE, settings.MEDIA_ROOT = tmp_path / "offline.pem", tmp_path / "media"


def pack(user: User) -> dict[str, Any]:
    answer = signed_in(user, "en").get("/survey/pack/")
    assert answer.status_code == 200, answer.content.decode()[:300]
    found: dict[str, Any] = json.loads(answer.content)
    return found


def make_raster(**values: Any) -> BaseMap:
    facts = {
        "name_ko": "항공사진", "name_en": "Aerial photo", "kind": BaseMapKind.RASTER, "file": "a.tif", "min_zoom": 0,
        "max_zoom": 19, "bounds": [127.0, 35.0, 128.0, 36.0],
    }  # fmt: skip
    return BaseMap.objects.create(**{**facts, **values})


@pytest.mark.django_db
def test_pictures_of_own_maps_around_the_houses_go_along_and_none_of_the_internets(
    surveyor: User, territory: Territory
) -> None:
    base = make_raster(attribution="남원시")
    make_raster(name_en="Off", enabled=False)
    make_raster(name_en="Elsewhere", bounds=[126.0, 37.0, 126.5, 37.4])
    BaseMap.objects.create(
        name_ko="인터넷", name_en="Internet", kind="tiles", url="https://tiles.example.org/{z}/{x}/{y}"
    )
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    assert pack(surveyor)["tiles"] == [], "without houses nobody goes anywhere"
    assign(campaign, [make_house(place(500, 500)), make_house(place(3500, 3500))], crew)
    found = pack(surveyor)
    (told,) = found["bases"]
    assert (told["name"], told["attribution"]) == ("Aerial photo", "남원시")
    assert told["url"] == f"/basemaps/{base.pk}/{{z}}/{{x}}/{{y}}.webp"
    first, whole, last = told["zooms"]
    assert first <= whole <= last == 17
    assert all(resolve(url).kwargs["pk"] == base.pk for url in found["tiles"])
    assert {resolve(url).kwargs["z"] for url in found["tiles"]} == set(range(first, last + 1))
    assert found["tiles_cut"] is False


@pytest.mark.django_db
def test_what_the_crew_has_done_stays_in_the_pack_as_a_line(surveyor: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    house = make_house(place(500, 500), note="비밀")
    (assignment,) = assign(campaign, [house], crew)
    phone, uuid = Phone(surveyor), uuids.uuid4()
    phone.put(visit_body(house, assignment=assignment.pk, campaign=campaign.pk), uuid)
    found = pack(surveyor)
    (done,) = found["done"]
    assert found["houses"] == []
    assert (done["assignment"], done["address"]) == (assignment.pk, house.address)
    assert done["done_on"] == timezone.localdate().isoformat()
    assert done["last"] == {"uuid": str(uuid), "state": "submitted", "comment": ""}
    assert "note" not in done
    colleague = make_user("colleague", ("surveyor", territory.unbong))
    crew.members.add(colleague)
    (seen,) = pack(colleague)["done"]
    assert (seen["address"], seen["last"]) == (house.address, None)


@pytest.mark.django_db
def test_a_returned_visit_comes_with_its_text_as_the_office_has_it_and_the_form_it_was_made_with(
    surveyor: User, manager: User, territory: Territory
) -> None:
    rules.load_samples()
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    house = make_house(place(500, 500))
    (assignment,) = assign(campaign, [house], crew)
    form = rules.in_force("form", "urban", timezone.localdate(), key="field") or rules.in_force(
        "form", "rural", timezone.localdate(), key="grading"
    )
    phone, uuid = Phone(surveyor), uuids.uuid4()
    body = visit_body(house, assignment=assignment.pk, campaign=campaign.pk, answers={"roof": "fair", "note2": "x"})
    phone.put(body, uuid)
    visit = Visit.objects.get()
    reviews.correct(visit, manager, visit.version, {"roof": "bad"})
    Visit.objects.filter(pk=visit.pk).update(form=form)
    visit.refresh_from_db()
    reviews.send_back(visit, manager, visit.version, "지붕 사진을 다시")
    found = pack(surveyor)
    (told,) = found["houses"]
    last = told["last"]
    assert (last["uuid"], last["state"], last["comment"], last["version"]) == (
        str(uuid), "returned", "지붕 사진을 다시", 1,
    )  # fmt: skip
    assert last["object"]["answers"]["roof"] == "bad"
    assert last["object"]["assignment"] == assignment.pk
    assert form is not None
    assert str(form.pk) in found["forms"]


@pytest.mark.django_db
def test_each_round_says_where_it_is_and_each_town_what_it_belongs_to(surveyor: User, territory: Territory) -> None:
    city, town = make_campaign(territory.namwon), make_campaign(territory.jucheon, name="주천 조사")
    crew = make_crew(territory.unbong, surveyor)
    assign(city, [make_house(place(500, 500))], crew)
    assign(town, [make_house(place(2500, 500))], crew)
    found = pack(make_manager_of_all(surveyor, territory))
    assert {each["name"]: each["area"] for each in found["campaigns"]} == {
        city.name: territory.namwon.pk, town.name: territory.jucheon.pk,
    }  # fmt: skip
    within = {each["properties"]["name"]: each["properties"]["within"] for each in found["areas"]["features"]}
    assert within["운봉읍"] == [territory.unbong.pk, territory.namwon.pk, territory.province.pk]


def make_manager_of_all(surveyor: User, territory: Territory) -> User:
    """The surveyor, who surveys all of the city."""
    surveyor.role_grants.create(role="surveyor", area=territory.namwon)
    return surveyor


@pytest.mark.django_db
def test_many_returned_and_done_houses_cost_no_more_statements(
    surveyor: User, manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    rules.load_samples()
    make_raster()
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    houses = [make_house(place(10 * number, 500)) for number in range(24)]
    rows = assign(campaign, houses, crew)
    phone = Phone(surveyor)
    for house, row in zip(houses[:16], rows[:16], strict=True):
        phone.put(visit_body(house, assignment=row.pk))
    for visit in Visit.objects.order_by("pk")[:8]:
        reviews.send_back(visit, manager, visit.version, "다시")
    client = signed_in(surveyor)
    with django_assert_max_num_queries(44):
        found = json.loads(client.get("/survey/pack/").content)
    assert (len(found["houses"]), len(found["done"])) == (16, 8)
    assert sum("object" in (each["last"] or {}) for each in found["houses"]) == 8
