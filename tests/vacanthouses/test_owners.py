"""Owners: who sees them, that every look is noted, and how they are added, changed and retired."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from vacanthouses.layers import vacant_houses
from vacanthouses.models import Owner, VacantHouse
from vacanthouses.querysets_planning import PLANNERS

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "홍예시", "phone": "010-0000-0001", "address": "서울시 예시구 1", "share": "1/2",
    "publication_consent_on": "", "reuse_consent_on": "2026-01-05", "note": "",
}  # fmt: skip


@pytest.fixture
def house(territory: Territory) -> VacantHouse:
    return make_house(place(1000, 1000), status="confirmed")


def make_owner(house: VacantHouse, **values: Any) -> Owner:
    return Owner.objects.create(house=house, **{"name": "홍예시", "phone": "010-0000-0001", **values})


def looks(user: User) -> list[tuple[str, int | None]]:
    found = PersonalDataAccess.objects.filter(user=user, detail="owners").order_by("pk")
    return list(found.values_list("action", "record_id"))


def form(page: Any, **changed: Any) -> dict[str, Any]:
    return {**FACTS, **inputs(page), "note": "", **changed}


def test_those_who_see_owners_are_among_those_who_see_addresses_and_crews_are_not() -> None:
    assert vacant_houses.access.personal >= PLANNERS
    assert Role.SURVEYOR not in PLANNERS


def test_a_manager_sees_names_on_the_owners_page_and_each_look_is_noted(manager: User, house: VacantHouse) -> None:
    make_owner(house, reuse_consent_on=date(2026, 1, 5))
    client = signed_in(manager)
    page = text(client.get(f"/records/vacant-houses/{house.pk}/"))
    assert "1 owner · 1 of 1 owner agreed to reuse" in page
    assert "홍예시" not in page
    assert looks(manager) == []
    page = text(client.get(f"/vacant-houses/{house.pk}/owners/"))
    assert "홍예시" in page
    assert "010-0000-0001" in page
    assert looks(manager) == [("owners", house.pk)]


def test_names_are_unreadable_in_the_database(manager: User, house: VacantHouse) -> None:
    signed_in(manager).post(f"/vacant-houses/{house.pk}/owners/add/", FACTS)
    for table in ("vacanthouses_owner", "vacanthouses_ownerevent"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, phone, address FROM {table}")  # noqa: S608
            kept = " ".join(cursor.fetchone())
        assert "홍예시" not in kept
        assert "010-0000" not in kept


def test_crews_and_readers_may_not_open_owners_nor_learn_how_many_there_are(
    surveyor: User, viewer: User, house: VacantHouse
) -> None:
    owner = make_owner(house)
    for person in (surveyor, viewer):
        client = signed_in(person)
        for path in ("owners/", "owners/add/", f"owners/{owner.pk}/", f"owners/{owner.pk}/retire/"):
            assert client.get(f"/vacant-houses/{house.pk}/{path}").status_code == 403
        assert client.post(f"/vacant-houses/{house.pk}/owners/add/", FACTS).status_code == 403
        assert looks(person) == []
    assert "agreed to reuse" not in text(signed_in(surveyor).get(f"/records/vacant-houses/{house.pk}/"))
    assert Owner.objects.count() == 1


def test_a_manager_of_another_area_finds_no_such_page(territory: Territory, house: VacantHouse) -> None:
    owner = make_owner(house)
    client = signed_in(make_user("elsewhere", (Role.SURVEY_MANAGER, territory.sunchang)))
    for path in ("owners/", "owners/add/", f"owners/{owner.pk}/", f"owners/{owner.pk}/retire/"):
        assert client.get(f"/vacant-houses/{house.pk}/{path}").status_code == 404


def test_who_surveys_here_and_manages_elsewhere_sees_no_owners_here(territory: Territory, house: VacantHouse) -> None:
    make_owner(house)
    person = make_user("both", (Role.SURVEYOR, territory.unbong), (Role.SURVEY_MANAGER, territory.sunchang))
    client = signed_in(person)
    assert "agreed to reuse" not in text(client.get(f"/records/vacant-houses/{house.pk}/"))
    assert client.get(f"/vacant-houses/{house.pk}/owners/").status_code == 404


def test_a_form_sent_twice_adds_one_owner_but_two_of_one_name_can_be_added(manager: User, house: VacantHouse) -> None:
    client = signed_in(manager)
    url = f"/vacant-houses/{house.pk}/owners/add/"
    sent = {**FACTS, "token": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(url, sent)["Location"] == f"/vacant-houses/{house.pk}/owners/"
    made = Owner.objects.get()
    assert (made.name, made.share, made.reuse_consent_on) == ("홍예시", "1/2", date(2026, 1, 5))
    assert made.created_by == manager
    client.post(url, {**FACTS, "token": str(uuid.uuid4())})
    assert Owner.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required."),
        ("share", "2/1", "is no more than the whole"),
        ("share", "half", "A share is written as 1/2"),
        ("share", "1/0", "A share is written as 1/2"),
        ("phone", "call me", "A telephone number has digits"),
        ("reuse_consent_on", "tomorrow", "Enter a valid date."),
        ("name", "가" * 101, "At most 100 characters."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    manager: User, house: VacantHouse, field: str, value: str, said: str
) -> None:
    page = signed_in(manager).post(f"/vacant-houses/{house.pk}/owners/add/", {**FACTS, field: value})
    assert page.status_code == 422
    assert said in text(page)
    assert 'value="서울시 예시구 1"' in page.content.decode()
    assert not Owner.objects.exists()


@pytest.mark.parametrize("field", ["publication_consent_on", "reuse_consent_on"])
def test_nobody_can_have_agreed_tomorrow(manager: User, house: VacantHouse, field: str) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = signed_in(manager).post(f"/vacant-houses/{house.pk}/owners/add/", {**FACTS, field: tomorrow})
    assert "This day is still to come." in text(page)
    assert not Owner.objects.exists()


def test_two_who_change_different_facts_both_succeed(manager: User, house: VacantHouse) -> None:
    owner = make_owner(house)
    client, url = signed_in(manager), f"/vacant-houses/{house.pk}/owners/{owner.pk}/"
    page = client.get(url)
    owner.phone = "010-0000-9999"
    owner.save(update_fields=["phone"])
    sent = client.post(url, form(page, share="1/3"), follow=True)
    owner.refresh_from_db()
    assert (owner.phone, owner.share) == ("010-0000-9999", "1/3")
    assert "it was kept: Phone." in text(sent)


def test_who_comes_second_to_the_same_fact_is_shown_what_it_says_now_and_may_insist(
    manager: User, house: VacantHouse
) -> None:
    owner = make_owner(house)
    client, url = signed_in(manager), f"/vacant-houses/{house.pk}/owners/{owner.pk}/"
    page = client.get(url)
    owner.phone = "010-0000-9999"
    owner.save(update_fields=["phone"])
    refused = client.post(url, form(page, phone="010-0000-7777"))
    assert refused.status_code == 409
    assert "“010-0000-9999”" in text(refused)
    owner.refresh_from_db()
    assert owner.phone == "010-0000-9999"
    assert client.post(url, form(refused, phone="010-0000-7777")).status_code == 302
    owner.refresh_from_db()
    assert owner.phone == "010-0000-7777"


def test_an_owner_is_retired_with_a_reason_and_the_history_stays(manager: User, house: VacantHouse) -> None:
    owner = make_owner(house)
    client, url = signed_in(manager), f"/vacant-houses/{house.pk}/owners/{owner.pk}/retire/"
    assert client.post(url, {"version": owner.version, "reason": " "}).status_code == 422
    Owner.objects.filter(pk=owner.pk).update(share="1/1")
    stale = client.post(url, {"version": owner.version, "reason": "팔았음"})
    assert stale.status_code == 409
    assert "changed this meanwhile" in text(stale)
    owner.refresh_from_db()
    page = client.post(url, {"version": owner.version, "reason": "팔았음"}, follow=True)
    assert "No owner is noted yet." in text(page)
    assert "retired 팔았음" in text(page)
    assert client.get(url).status_code == 404


def test_the_history_says_who_changed_what(manager: User, house: VacantHouse) -> None:
    client = signed_in(manager)
    client.post(f"/vacant-houses/{house.pk}/owners/add/", FACTS)
    owner = Owner.objects.get()
    url = f"/vacant-houses/{house.pk}/owners/{owner.pk}/"
    client.post(url, form(client.get(url), reuse_consent_on=""))
    page = text(client.get(f"/vacant-houses/{house.pk}/owners/"))
    assert "Agreed to reuse on: 2026-01-05 → –" in page
    assert str(manager) in page


def test_the_page_asks_as_often_for_ten_owners_as_for_one(
    manager: User, house: VacantHouse, django_assert_max_num_queries: Any
) -> None:
    for _number in range(10):
        make_owner(house)
    client = signed_in(manager)
    client.get(f"/vacant-houses/{house.pk}/owners/")
    with django_assert_max_num_queries(17):
        client.get(f"/vacant-houses/{house.pk}/owners/")
