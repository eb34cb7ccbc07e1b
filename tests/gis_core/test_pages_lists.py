"""Lists of records: what they show, how they are searched, sorted, filtered and paged, and what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis_core.models import PersonalDataAccess, User
from tests.factories import (
    Territory,
    make_centre,
    make_depot,
    make_house,
    make_houses,
    make_organisation,
    make_stock,
    place,
)
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


def test_a_stranger_sees_the_public_areas_and_must_sign_in_for_the_rest(territory: Territory) -> None:
    stranger = signed_in(None)
    assert territory.unbong.full_name in text(stranger.get("/records/areas/"))
    assert stranger.get("/records/vacant-houses/")["Location"].startswith("/sign-in/")


def test_a_viewer_may_not_open_the_vacant_houses_and_has_no_link_to_them(viewer: User, territory: Territory) -> None:
    client = signed_in(viewer)
    assert client.get("/records/vacant-houses/").status_code == 403
    assert "/records/vacant-houses/" not in client.get("/").content.decode()


def test_a_surveyor_of_one_town_sees_that_towns_houses_only(surveyor: User, territory: Territory) -> None:
    here = make_house(place(500, 500), address="운봉읍 서천리 1")
    make_house(place(2500, 500), address="주천면 장안리 2")
    page = signed_in(surveyor).get("/records/vacant-houses/")
    assert here.address in text(page)
    assert "장안리" not in text(page)
    assert page.context["total"] == 1


def test_search_finds_every_word_in_any_searched_field(manager: User, territory: Territory) -> None:
    make_house(address="남원시 운봉읍 서천리 11")
    make_house(address="남원시 주천면 장안리 11")
    told = text(signed_in(manager).get("/records/vacant-houses/?q=11 서천리"))
    assert "서천리 11" in told
    assert "장안리" not in told


def test_filters_narrow_the_list_and_stand_as_chips_that_take_themselves_away(
    manager: User, territory: Territory
) -> None:
    make_house(grade="1", address="하나로 1")
    make_house(grade="2", address="둘로 2")
    make_house(grade="3", address="셋로 3")
    page = signed_in(manager).get("/records/vacant-houses/?grade=1&grade=2&area=5219025000")
    assert page.context["total"] == 2
    assert [chip["text"] for chip in page.context["chips"]] == [
        "Grade: Grade 1: to be used", "Grade: Grade 2: to be managed", f"Area: {territory.unbong.full_name}",
    ]  # fmt: skip
    assert page.context["chips"][0]["url"] == "?grade=2&area=5219025000"


def test_the_area_filter_takes_a_city_with_all_its_towns_and_a_former_code(manager: User, territory: Territory) -> None:
    make_house(place(500, 500))
    make_house(place(2500, 2500))
    make_house(place(4500, 500))
    client = signed_in(manager)
    assert client.get("/records/vacant-houses/?area=5219000000").context["total"] == 2
    assert client.get("/records/vacant-houses/?area=4519025000").context["total"] == 1


def test_a_filter_that_makes_no_sense_is_told_and_shows_no_records(manager: User, territory: Territory) -> None:
    make_house()
    page = signed_in(manager).get("/records/vacant-houses/?found_on_from=yesterday")
    assert page.status_code == 400
    assert page.context["total"] == 0
    assert "valid date" in text(page)


def test_columns_sort_both_ways_and_a_made_up_column_is_passed_over(manager: User, territory: Territory) -> None:
    for day in (3, 1, 2):
        make_house(found_on=date(2026, 1, day), address=f"{day}일길 1")
    client = signed_in(manager)

    def order(query: str) -> list[str]:
        cells = client.get(f"/records/vacant-houses/?{query}").context["table"].cells
        return [row["cells"][0]["text"][0] for row in cells]

    assert order("sort=found_on") == ["1", "2", "3"]
    assert order("sort=-found_on") == ["3", "2", "1"]
    assert order("sort=password") == ["3", "1", "2"]


def test_pages_hold_25_50_or_100_rows_and_repeat_none_when_sorted_by_equal_values(
    manager: User, territory: Territory
) -> None:
    houses = make_houses(place(10 * number, 10) for number in range(60))
    client = signed_in(manager)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = client.get(f"/records/vacant-houses/?sort=grade&page={number}")
        seen += [row["url"] for row in page.context["table"].cells]
    assert len(seen) == len(set(seen)) == len(houses)
    assert len(client.get("/records/vacant-houses/?size=50").context["table"].cells) == 50
    assert len(client.get("/records/vacant-houses/?size=7").context["table"].cells) == 25


def test_a_page_beyond_the_end_shows_the_last_one(manager: User, territory: Territory) -> None:
    make_houses(place(10 * number, 10) for number in range(30))
    page = signed_in(manager).get("/records/vacant-houses/?page=99")
    assert (page.status_code, page.context["table"].page.number) == (200, 2)


def test_an_empty_list_says_so_kindly_and_differently_when_a_filter_is_the_reason(manager: User) -> None:
    client = signed_in(manager)
    assert "Nothing here yet" in text(client.get("/records/vacant-houses/"))
    assert "Nothing matches" in text(client.get("/records/vacant-houses/?grade=1"))


def test_a_list_costs_the_same_number_of_queries_for_one_row_and_for_a_hundred(
    manager: User, territory: Territory
) -> None:
    client = signed_in(manager)
    organisation = make_organisation()
    make_depot(keeper=organisation)
    make_house()
    costs: dict[str, list[int]] = {"vacant-houses": [], "depots": [], "zones": [], "organisations": []}

    def measure() -> None:
        for layer, counts in costs.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/records/{layer}/?size=100").status_code == 200
            counts.append(len(queries))

    measure()
    make_houses(place(10 * number, 10) for number in range(100))
    for number in range(20):
        make_stock(make_depot(keeper=organisation), f"품목 {number}", 1, 5)
        make_organisation()
    measure()
    for layer, (few, many) in costs.items():
        assert many <= few <= 14, layer


def test_the_count_is_not_taken_again_while_the_data_stay_the_same(manager: User, territory: Territory) -> None:
    make_house()
    client = signed_in(manager)
    client.get("/records/vacant-houses/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/records/vacant-houses/")
    assert not [query for query in queries if "COUNT(*)" in query["sql"] and "vacanthouse" in query["sql"]]
    make_house()
    assert client.get("/records/vacant-houses/").context["total"] == 2


def test_the_map_link_carries_the_filter(manager: User, territory: Territory) -> None:
    page = signed_in(manager).get("/records/vacant-houses/?grade=1&grade=3&area=5219025000&page=2&sort=grade")
    link = page.context["map_url"]
    assert link == f"/map/?on=vacant-houses&area={territory.unbong.pk}&vacant-houses.grade=1&vacant-houses.grade=3"


def test_an_administrator_sees_contact_persons_and_the_look_is_noted(
    officer: User, viewer: User, territory: Territory
) -> None:
    make_organisation(contact_phone="063-111-2222")
    assert "063-111-2222" in text(signed_in(officer).get("/records/organisations/"))
    assert PersonalDataAccess.objects.get().user == officer
    shown = signed_in(viewer).get("/records/organisations/")
    assert "063-111-2222" not in shown.content.decode()
    assert PersonalDataAccess.objects.count() == 1


def test_invented_records_are_marked_as_examples(planner: User, territory: Territory) -> None:
    make_centre(is_example=True)
    assert "example" in text(signed_in(planner).get("/records/centres/"))


def test_nobody_reads_a_name_as_html(planner: User, territory: Territory) -> None:
    make_centre(name="<img src=x onerror=alert(1)>")
    assert b"<img src=x" not in signed_in(planner).get("/records/centres/").content
