"""A record's page, its form, retiring, and its history."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from facilities.models import Centre
from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import (
    Territory,
    house_values,
    lonlat,
    make_centre,
    make_house,
    make_organisation,
    make_territory,
    make_user,
    make_zone,
    place,
    square,
)
from tests.gis_core.pages_support import HTMX, house_form, inputs, signed_in, text
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db

INSIDE = lonlat(place(500, 500))


def url(record: Any, part: str = "") -> str:
    layer = {VacantHouse: "vacant-houses", Centre: "centres"}[type(record)]
    return f"/records/{layer}/{record.pk}/{part}"


# Looking


def test_a_records_page_tells_its_facts_in_words_with_a_link_to_its_area(manager: User, territory: Territory) -> None:
    house = make_house(place(500, 500), grade="2", is_example=True)
    page = signed_in(manager).get(url(house))
    told = text(page)
    assert "Grade 2: to be managed" in told
    assert "example" in told
    assert "Parcel not drawn yet" in told
    assert 'href="/areas/5219025000/"' in page.content.decode()


def test_a_look_at_personal_data_is_noted_with_the_record(manager: User, territory: Territory) -> None:
    house = make_house()
    client = signed_in(manager)
    for part, action in (("", "page"), ("panel/", "panel"), ("history/", "history"), ("edit/", "form")):
        client.get(url(house, part))
        noted = PersonalDataAccess.objects.get()
        assert (noted.user, noted.action, noted.record_id) == (manager, action, house.pk)
        noted.delete()


def test_a_record_outside_ones_area_does_not_exist_for_one(surveyor: User, territory: Territory) -> None:
    house = make_house(place(2500, 500))
    client = signed_in(surveyor)
    for part in ("", "panel/", "history/", "edit/", "retire/"):
        assert client.get(url(house, part)).status_code == 404, part


def test_the_panel_offers_editing_only_to_those_who_may(manager: User, planner: User, territory: Territory) -> None:
    house = make_house()
    assert "Edit" in text(signed_in(manager).get(url(house, "panel/"), headers=HTMX))
    assert "Edit" not in text(signed_in(planner).get(url(house, "panel/"), headers=HTMX))
    assert signed_in(planner).get(url(house, "edit/")).status_code == 403


# Adding and changing


def test_a_planner_adds_a_centre_with_typed_coordinates(planner: User, territory: Territory) -> None:
    lon, lat = INSIDE["coordinates"]
    sent = {
        "name": "운봉읍 행정복지센터",
        "category": "governmentfacility",
        "lon": lon,
        "lat": lat,
        "token": uuid.uuid4(),
    }
    answer = signed_in(planner).post("/records/centres/add/", sent)
    centre = Centre.objects.get()
    assert answer["Location"] == url(centre)
    assert (centre.area, centre.created_by) == (territory.unbong, planner)


def test_sending_the_same_form_twice_makes_one_record(planner: User, territory: Territory) -> None:
    client = signed_in(planner)
    token = inputs(client.get("/records/centres/add/"))["token"][0]
    sent = {"name": "한 번만", "category": "communitycenter", "geometry": json.dumps(INSIDE), "token": token}
    first = client.post("/records/centres/add/", sent)
    second = client.post("/records/centres/add/", sent)
    assert first["Location"] == second["Location"]
    assert Centre.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_record_even_when_both_arrive_at_once() -> None:
    planner = make_user("planner", (Role.FACILITY_PLANNER, None))
    make_territory()
    sent = {"name": "한 번만", "category": "communitycenter", "geometry": json.dumps(INSIDE), "token": uuid.uuid4()}

    def click(_number: int) -> str:
        try:
            return str(signed_in(planner).post("/records/centres/add/", sent)["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(click, range(4)))
    assert len(places) == Centre.objects.count() == 1


def test_each_fault_is_told_at_its_field_and_nothing_typed_is_lost(manager: User, territory: Territory) -> None:
    sent = {**house_values(), "pnu": "12", "note": "지붕이 내려앉음", "lon": "", "lat": "", "token": uuid.uuid4()}
    page = signed_in(manager).post("/records/vacant-houses/add/", sent)
    assert page.status_code == 422
    assert "A parcel number has 19 digits" in text(page)
    assert 'id="id_pnu_error"' in page.content.decode()
    assert "지붕이 내려앉음" in text(page)
    assert inputs(page)["token"] == [str(sent["token"])]
    assert not VacantHouse.objects.exists()


def test_a_record_without_a_place_is_refused_at_the_place(planner: User, territory: Territory) -> None:
    page = signed_in(planner).post("/records/centres/add/", {"name": "어디", "category": "communitycenter"})
    assert page.status_code == 422
    assert "Mark the place on the map" in text(page)


@pytest.mark.parametrize(("lon", "lat"), [("north", "36"), ("36.4", "127.8")])
def test_coordinates_that_make_no_sense_are_refused_in_words(
    planner: User, territory: Territory, lon: str, lat: str
) -> None:
    sent = {"name": "어디", "category": "communitycenter", "lon": lon, "lat": lat}
    page = signed_in(planner).post("/records/centres/add/", sent)
    assert page.status_code == 422
    assert "Longitude" in text(page) or "exchanged" in text(page)
    assert inputs(page)["lon"] == [lon]


def test_a_surveyor_cannot_add_a_house_in_another_town(surveyor: User, territory: Territory) -> None:
    sent = {**house_values(), "geometry": json.dumps(lonlat(place(2500, 500)))}
    assert signed_in(surveyor).post("/records/vacant-houses/add/", sent).status_code == 403
    assert not VacantHouse.objects.exists()


def test_saving_in_the_panel_gives_the_record_and_tells_the_map(manager: User, territory: Territory) -> None:
    house = make_house()
    answer = signed_in(manager).post(url(house, "edit/"), house_form(house, grade="3"), headers=HTMX)
    assert answer.status_code == 200
    assert json.loads(answer["HX-Trigger"]) == {"record-saved": {"layer": "vacant-houses", "id": house.pk}}
    assert "Saved." in text(answer)
    assert "Grade 3: to be cleared" in text(answer)
    assert b"<html" not in answer.content


def test_saving_an_unchanged_form_makes_no_new_version(manager: User, territory: Territory) -> None:
    house = make_house()
    client = signed_in(manager)
    page = client.get(url(house, "edit/"))
    sent = house_form(house, lon=page.context["lon"], lat=page.context["lat"])
    client.post(url(house, "edit/"), sent)
    house.refresh_from_db()
    assert house.version == 1


def test_a_polygon_with_a_hole_keeps_it_when_only_facts_are_saved(manager: User, territory: Territory) -> None:
    holed = square(490, 490, 40).difference(square(500, 500, 5))
    house = make_house(place(495, 495))
    client = signed_in(manager)
    client.post(url(house, "edit/"), house_form(house, outline=json.dumps(lonlat(holed))))
    house.refresh_from_db()
    client.post(url(house, "edit/"), house_form(house, note="마당에 우물"))
    house.refresh_from_db()
    assert house.parcel.num_interior_rings == 1
    assert house.note == "마당에 우물"


def test_a_crossing_outline_is_refused_with_its_place_and_repaired_only_when_asked(
    manager: User, territory: Territory
) -> None:
    house = make_house(place(500, 500))
    lon, lat = INSIDE["coordinates"]
    bow = {
        "type": "Polygon",
        "coordinates": [[[lon, lat], [lon + 0.001, lat + 0.001], [lon + 0.001, lat], [lon, lat + 0.001], [lon, lat]]],
    }
    client = signed_in(manager)
    refused = client.post(url(house, "edit/"), house_form(house, outline=json.dumps(bow)), headers=HTMX)
    assert refused.status_code == 422
    assert "crosses itself at" in text(refused)
    assert json.loads(inputs(refused)["outline"][0]) == bow
    asked = house_form(house, outline=json.dumps(bow), repair="on")
    repaired = client.post(url(house, "edit/"), asked, headers=HTMX)
    assert repaired.status_code == 422 or "It was repaired" in text(repaired)


def test_member_areas_are_boxes_to_tick_and_all_ticked_ones_are_saved(coordinator: User, territory: Territory) -> None:
    organisation = make_organisation()
    zone = make_zone(territory.unbong)
    client = signed_in(coordinator)
    page = client.get(f"/records/zones/{zone.pk}/edit/")
    assert inputs(page)["member_areas"] == [str(territory.unbong.pk)]
    sent = {
        "name": zone.name, "kind": zone.kind, "version": zone.version, "geometry": "",
        "member_areas": [territory.unbong.pk, territory.jucheon.pk], "member_organisations": [organisation.pk],
    }  # fmt: skip
    assert client.post(f"/records/zones/{zone.pk}/edit/", sent).status_code == 302
    assert set(zone.member_areas.all()) == {territory.unbong, territory.jucheon}


def test_an_editor_who_may_not_see_contacts_neither_sees_nor_loses_them(territory: Territory, monkeypatch: Any) -> None:
    from gis_core import permissions

    officer = make_user("officer", (Role.DISASTER_OFFICER, None))
    organisation = make_organisation(contact_phone="063-111-2222", area=territory.unbong)
    monkeypatch.setattr(permissions, "sees_personal", lambda user, layer, record=None: False)
    client = signed_in(officer)
    page = client.get(f"/records/organisations/{organisation.pk}/edit/")
    assert "063-111-2222" not in page.content.decode()
    sent = {"name": "새 이름", "kind": "town_office", "area": territory.unbong.pk, "version": 1, "contact_phone": "1"}
    client.post(f"/records/organisations/{organisation.pk}/edit/", sent)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.contact_phone) == ("새 이름", "063-111-2222")


# Retiring


def test_retiring_asks_for_a_reason_and_the_record_can_be_put_back(manager: User, territory: Territory) -> None:
    house = make_house(address="서천리 77")
    client = signed_in(manager)
    assert client.post(url(house, "retire/"), {"reason": "", "version": 1}).status_code == 422
    client.post(url(house, "retire/"), {"reason": "두 번 입력됨", "version": 1})
    house.refresh_from_db()
    assert house.retired_reason == "두 번 입력됨"
    assert client.get("/records/vacant-houses/").context["total"] == 0
    page = client.get(url(house))
    assert "두 번 입력됨" in text(page)
    assert "Edit" not in text(page)
    event = house.events.order_by("pgh_id").first()
    client.post(url(house, f"history/{event.pgh_id}/restore/"), {"version": house.version})
    house.refresh_from_db()
    assert house.retired_at is None


def test_retiring_what_somebody_just_changed_asks_again(manager: User, territory: Territory) -> None:
    house = make_house()
    client = signed_in(manager)
    client.post(url(house, "edit/"), house_form(house, grade="1"))
    asked = client.post(url(house, "retire/"), {"reason": "철거됨", "version": 1})
    assert asked.status_code == 409
    assert inputs(asked)["version"] == ["2"]
    assert inputs(asked)["reason"] == ["철거됨"]


# History


def test_history_tells_who_changed_which_field_from_what_to_what(manager: User, territory: Territory) -> None:
    manager.name = "이조사"
    manager.save()
    house = make_house(grade="1")
    client = signed_in(manager)
    client.post(url(house, "edit/"), house_form(house, grade="2", geometry=json.dumps(lonlat(place(600, 600)))))
    told = text(client.get(url(house, "history/")))
    assert "Version 2 changed 이조사" in told
    assert "Grade Grade 1: to be used Grade 2: to be managed" in told
    assert "Location 12" in told


def test_one_click_puts_back_one_field_or_a_whole_version_as_a_new_version(manager: User, territory: Territory) -> None:
    house = make_house(grade="1", status="candidate")
    client = signed_in(manager)
    client.post(url(house, "edit/"), house_form(house, grade="2", status="confirmed"))
    first = house.events.order_by("pgh_id").first()
    client.post(url(house, f"history/{first.pgh_id}/restore/"), {"version": 2, "field": "grade"})
    house.refresh_from_db()
    assert (house.grade, house.status, house.version) == ("1", "confirmed", 3)
    client.post(url(house, f"history/{first.pgh_id}/restore/"), {"version": 3})
    house.refresh_from_db()
    assert (house.grade, house.status, house.version) == ("1", "candidate", 4)


def test_putting_back_what_somebody_changed_meanwhile_is_refused(manager: User, territory: Territory) -> None:
    house = make_house(grade="1")
    client = signed_in(manager)
    client.post(url(house, "edit/"), house_form(house, grade="2"))
    first = house.events.order_by("pgh_id").first()
    answer = client.post(url(house, f"history/{first.pgh_id}/restore/"), {"version": 1}, follow=True)
    assert "Somebody changed this meanwhile" in text(answer)
    house.refresh_from_db()
    assert house.grade == "2"


def test_a_planner_reads_the_history_of_a_house_but_cannot_put_anything_back(
    manager: User, planner: User, territory: Territory
) -> None:
    house = make_house(grade="1")
    signed_in(manager).post(url(house, "edit/"), house_form(house, grade="2"))
    client = signed_in(planner)
    assert "Put back" not in text(client.get(url(house, "history/")))
    first = house.events.order_by("pgh_id").first()
    assert client.post(url(house, f"history/{first.pgh_id}/restore/"), {"version": 2}).status_code == 403


def test_a_history_of_many_versions_costs_few_queries(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    house = make_house()
    for number in range(30):
        VacantHouse.objects.filter(pk=house.pk).update(note=str(number))
    client = signed_in(manager)
    with django_assert_max_num_queries(12):
        assert len(client.get(url(house, "history/")).context["entries"]) == 31


def test_a_centres_page_costs_few_queries(
    planner: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    centre = make_centre()
    client = signed_in(planner)
    with django_assert_max_num_queries(12):
        client.get(url(centre))
