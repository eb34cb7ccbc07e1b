"""Home, area pages, health, and pages that say no."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from gis_core.layers.registry import layers
from gis_core.models import AreaEdition, Job, User
from gis_core.models.jobs import JobStatus
from tests.factories import (
    Territory,
    make_centre,
    make_depot,
    make_house,
    make_houses,
    make_stock,
    make_user,
    make_zone,
    place,
)
from tests.gis_core.pages_support import HTMX, house_form, signed_in, text

pytestmark = pytest.mark.django_db


def waiting(user: User) -> dict[str, int]:
    return {str(todo.title): todo.count for todo in signed_in(user).get("/").context["todos"]}


# Home


def test_a_survey_manager_is_told_what_to_check_to_grade_and_what_is_new_by_town(
    manager: User, territory: Territory
) -> None:
    make_houses([place(100, 100), place(200, 100), place(2500, 100)], status="confirmed", grade="none")
    make_house(status="candidate", found_on=timezone.localdate())
    make_house(status="confirmed", grade="1")
    assert waiting(manager) == {
        "Suspected houses to be checked": 1,
        "Confirmed houses without a grade": 3,
        "Houses found within a week": 1,
    }
    assert "운봉읍 2, 주천면 1" in text(signed_in(manager).get("/"))


def test_each_waiting_number_leads_to_a_list_of_as_many(manager: User, territory: Territory) -> None:
    make_houses([place(100, 100), place(200, 100)], status="confirmed", grade="none")
    make_house(status="candidate", found_on=timezone.localdate() - timedelta(days=6))
    make_house(status="candidate", found_on=timezone.localdate() - timedelta(days=7))
    client = signed_in(manager)
    for todo in client.get("/").context["todos"]:
        assert client.get(todo.url).context["total"] == todo.count, todo.title


def test_a_surveyor_is_told_of_their_own_town_only(surveyor: User, territory: Territory) -> None:
    make_house(place(500, 500), status="candidate")
    make_house(place(2500, 500), status="candidate")
    assert waiting(surveyor)["Suspected houses to be checked"] == 1


def test_a_disaster_officer_is_told_which_depots_are_short_of_what(officer: User, territory: Territory) -> None:
    short = make_depot(name="운봉 보관소")
    make_stock(short, "마대", 40, 100)
    make_stock(short, "양수기", 1, 2)
    full = make_depot()
    make_stock(full, "마대", 100, 100)
    make_depot()
    told = waiting(officer)
    assert told["Depots below their standard quantity"] == 1
    assert told["Depots without any stock recorded"] == 1
    page = signed_in(officer).get("/")
    assert "운봉 보관소: 마대 60매 short" in text(page)
    listed = signed_in(officer).get("/records/depots/?sort=-short_items").context["table"].cells
    assert "2" in [cell["text"] for cell in listed[0]["cells"]]


def test_a_planner_a_coordinator_and_an_administrator_are_told_their_own_things(
    planner: User, coordinator: User, administrator: User, territory: Territory
) -> None:
    make_centre(gross_floor_area_m2=None)
    make_zone(territory.unbong, period_end=timezone.localdate() + timedelta(days=10))
    make_user("newcomer")
    assert waiting(planner)["Centres without a floor area"] == 1
    assert waiting(coordinator)["Zones whose period ends within 60 days"] == 1
    assert waiting(administrator) == {"Accounts without a role": 1}


def test_whoever_has_nothing_to_do_is_told_so_kindly_and_a_newcomer_is_told_what_is_missing(
    viewer: User, territory: Territory
) -> None:
    assert "Nothing is waiting for you" in text(signed_in(viewer).get("/"))
    assert "You hold no role yet" in text(signed_in(make_user("newcomer")).get("/"))


def test_recent_changes_are_those_of_ones_own_area_with_who_and_what(
    surveyor: User, manager: User, territory: Territory
) -> None:
    here = make_house(place(500, 500), address="서천리 1")
    there = make_house(place(2500, 500))
    client = signed_in(manager)
    for house in (here, there):
        client.post(f"/records/vacant-houses/{house.pk}/edit/", house_form(house, grade="1"))
    told = text(signed_in(surveyor).get("/"))
    assert f"Vacant house #{here.pk} changed" in told
    assert f"Vacant house #{there.pk}" not in told
    assert "운봉읍" in told
    assert "서천리" not in told


def test_a_viewer_hears_nothing_of_vacant_houses(viewer: User, territory: Territory) -> None:
    make_house(address="서천리 1")
    assert "서천리" not in text(signed_in(viewer).get("/"))


def test_my_running_jobs_stand_on_the_first_page_and_those_of_others_do_not(manager: User, officer: User) -> None:
    Job.objects.create(kind="x", title="내 작업", created_by=manager, status=JobStatus.RUNNING, done=4, total=10)
    Job.objects.create(kind="x", title="남의 작업", created_by=officer, status=JobStatus.RUNNING)
    told = text(signed_in(manager).get("/"))
    assert "내 작업" in told
    assert "남의 작업" not in told


def test_the_first_page_costs_a_bounded_number_of_queries(
    administrator: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        make_house()
        make_stock(make_depot(), f"품목 {number}", 1, 2)
        make_centre()
    client = signed_in(administrator)
    with django_assert_max_num_queries(len(list(layers)) + 14):
        client.get("/")


# Areas


def test_an_areas_page_counts_what_lies_in_it_as_far_as_one_may_see(
    manager: User, viewer: User, territory: Territory
) -> None:
    make_house(place(500, 500))
    make_house(place(2500, 2500))
    make_centre(place(600, 600))

    def counts(user: User | None) -> dict[str, int]:
        page = signed_in(user).get("/areas/5219000000/")
        return {entry.layer.id: entry.count for entry in page.context["sheet"].layers}

    assert counts(manager)["vacant-houses"] == 2
    assert counts(manager)["centres"] == 1
    assert "vacant-houses" not in counts(viewer)
    assert counts(None) == {}


def test_counts_lead_to_lists_of_as_many(manager: User, territory: Territory) -> None:
    make_house(place(500, 500))
    make_house(place(2500, 500))
    client = signed_in(manager)
    for entry in client.get("/areas/5219025000/").context["sheet"].layers:
        assert client.get(entry.url).context["total"] == entry.count


def test_a_former_code_leads_to_the_area_of_today_and_an_unknown_one_nowhere(territory: Territory) -> None:
    client = signed_in(None)
    assert client.get("/areas/4519025000/")["Location"] == "/areas/5219025000/"
    assert client.get("/areas/1111111111/").status_code == 404


def test_an_area_tells_its_codes_its_editions_and_that_its_boundary_is_schematic(territory: Territory) -> None:
    area = territory.unbong
    type(area).objects.filter(pk=area.pk).update(boundary="schematic")
    AreaEdition.objects.create(
        area=area, name="옛 운봉읍", geometry=area.geometry, km2="4.0", source="area_points.csv", boundary="schematic"
    )
    told = text(signed_in(None).get("/areas/5219025000/"))
    assert "5219025000 current" in told
    assert "4519025000" in told
    assert "2024-01-18" in told
    assert "옛 운봉읍" in told
    assert "This boundary is schematic" in told
    assert "4.00 km²" in told


# Health, and pages that say no


def test_health_names_the_versions_of_database_and_postgis() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "ok"
    assert told["postgis"][0].isdigit()
    assert told["database"][0].isdigit()


def test_health_is_503_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"


def test_a_form_of_an_old_session_is_explained(manager: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    page = client.post("/profile/", {})
    assert page.status_code == 403
    assert "This page is out of date" in text(page)


def test_a_missing_page_says_so_in_the_language_and_keeps_the_frame(manager: User) -> None:
    page = signed_in(manager).get("/nowhere/")
    assert page.status_code == 404
    assert "Page not found" in text(page)
    assert "Home" in text(page)
    fragment = signed_in(manager).get("/records/vacant-houses/1/panel/", headers=HTMX)
    assert fragment.status_code == 404
    assert b"<html" not in fragment.content


def test_a_refusal_says_why(planner: User, territory: Territory) -> None:
    page = signed_in(planner).get("/records/vacant-houses/add/")
    assert page.status_code == 403
    assert "Your roles do not let you add this" in text(page)


def test_a_failure_shows_our_own_page(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from gis_core.views import home

    monkeypatch.setattr(home, "todos", lambda user: 1 / 0)
    client = signed_in(manager)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 500
    assert "Something went wrong" in text(page)


@pytest.mark.parametrize(
    "address", ["/", "/records/centres/", "/records/centres/add/", "/profile/", "/areas/5219025000/"]
)
def test_pages_carry_no_inline_script_or_style_and_the_policy_forbids_it(
    planner: User, territory: Territory, address: str
) -> None:
    page = signed_in(planner).get(address)
    source = page.content.decode()
    assert " style=" not in source
    assert "<style" not in source
    assert " onclick=" not in source
    for tag in source.split("<script")[1:]:
        assert "src=" in tag.split(">")[0] or 'type="application/json"' in tag.split(">")[0]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
