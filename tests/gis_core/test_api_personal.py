"""Personal data: only for the roles that need it, in their areas, by no way around, and every look is noted."""

import pytest

from gis_core.models import PersonalDataAccess, Role
from tests.conftest import Api, is_problem
from tests.factories import make_house, make_organisation, make_user, place

pytestmark = pytest.mark.django_db

ITEMS = "collections/organisations/items"
SECRET = "010-9876-5432"


@pytest.fixture
def office(territory):
    return make_organisation("운봉읍 이장협의회", place(10, 10), contact_name="홍길동", contact_phone=SECRET)


def looks():
    return list(
        PersonalDataAccess.objects.order_by("pk").values_list("user__username", "layer", "action", "record_id", "count")
    )


@pytest.mark.parametrize(
    "role", [role for role in Role.values if role not in {"administrator", "disaster_officer", "zone_coordinator"}]
)
def test_other_roles_find_no_phone_number_anywhere(office, role):
    api = Api(make_user("somebody", (role, None)))
    paths = [ITEMS, f"{ITEMS}/{office.pk}", f"{ITEMS}?f=html", f"{ITEMS}/{office.pk}?f=html"]
    paths += [f"collections/organisations/{page}" for page in ("schema", "queryables")] + ["openapi"]
    for path in paths:
        text = api.get(path).content.decode()
        assert SECRET not in text, path
        assert "홍길동" not in text, path
        assert "contact_phone" not in text, path
    assert looks() == []


def test_no_question_lets_one_guess_a_phone_number(office, viewer):
    api = Api(viewer)
    for name in ("contact_phone", "contact_name", "contact_phone__startswith"):
        is_problem(api.get(ITEMS, {name: SECRET}), 400)
    assert api.ids("organisations", q=SECRET) == []
    assert api.ids("organisations", q="홍길동") == []
    assert api.ids("organisations", q="이장협의회") == [office.pk]


def test_an_officer_reads_them_and_every_look_is_noted(office, officer):
    api = Api(officer)
    assert api.features("organisations")[0]["properties"]["contact_phone"] == SECRET
    assert api.get(f"{ITEMS}/{office.pk}").json()["properties"]["contact_name"] == "홍길동"
    assert api.ids("organisations", contact_phone=SECRET) == [office.pk]
    assert looks() == [
        ("officer", "organisations", "items", None, 1),
        ("officer", "organisations", "item", office.pk, 1),
        ("officer", "organisations", "items", None, 1),
    ]
    assert "contact_phone" in PersonalDataAccess.objects.last().detail


def test_an_officer_of_one_city_who_may_look_everywhere_gets_the_numbers_of_that_city_only(office, territory):
    far = make_organisation("순창읍사무소", place(4010, 10), contact_phone="010-1111-2222")
    api = Api(make_user("both", (Role.VIEWER, None), (Role.DISASTER_OFFICER, territory.namwon)))
    phones = {feature["id"]: feature["properties"]["contact_phone"] for feature in api.features("organisations")}
    assert phones == {office.pk: SECRET, far.pk: None}
    assert "010-1111-2222" not in api.get(f"{ITEMS}/{far.pk}").content.decode()
    is_problem(api.get(ITEMS, {"contact_phone": "010-1111-2222"}), 400)
    assert looks()


def test_an_empty_page_is_no_look(office, officer):
    assert Api(officer).features("organisations", q="없는 이름") == []
    assert looks() == []


def test_an_answer_that_was_not_sent_again_is_no_new_look(office, officer):
    api = Api(officer)
    for path in (ITEMS, f"{ITEMS}/{office.pk}"):
        tag = api.get(path)["ETag"]
        before = len(looks())
        assert api.get(path, if_none_match=tag).status_code == 304
        assert len(looks()) == before


def test_a_bad_request_is_no_look(office, officer):
    is_problem(Api(officer).get(f"{ITEMS}/{office.pk}", {"crs": "x"}), 400)
    assert looks() == []


def test_addresses_of_vacant_houses_are_noted_too(territory, surveyor):
    house = make_house(place(10, 10))
    Api(surveyor).get(f"collections/vacant-houses/items/{house.pk}")
    assert looks() == [("surveyor", "vacant-houses", "item", house.pk, 1)]


def test_a_tag_of_somebody_who_sees_more_is_of_no_use_to_others(office, officer, viewer):
    tag = Api(officer).get(ITEMS)["ETag"]
    assert Api(viewer).get(ITEMS, if_none_match=tag).status_code == 200
