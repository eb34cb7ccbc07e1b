"""Projects: where they lie, who changes them, the board, and the tables of dates and money."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from facilities.models import Meeting, ProjectBudget, ProjectStage, RedesignProject
from gis_core.layers.registry import layers
from gis_core.models import Role, User
from tests.conftest import Api
from tests.facilities.programme_support import fund, make_meeting, make_project, make_request, project_form, reach
from tests.factories import Territory, lonlat, make_centre, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(territory: Territory) -> RedesignProject:
    return make_project(make_centre(place(500, 500), name="운봉읍 주민센터"))


def send(user: User, url: str, page: Any, **changed: Any) -> Any:
    return signed_in(user).post(url, {**inputs(page), **changed})


def test_a_new_project_lies_where_its_centre_lies_and_belongs_to_its_area(planner: User, territory: Territory) -> None:
    centre = make_centre(place(500, 500))
    page = signed_in(planner).get(f"/records/redesign-projects/add/?centre={centre.pk}")
    assert "Longitude" not in text(page)
    sent = {**inputs(page), "centre": centre.pk, "name": "개선", "year": 2026, "kind": "whole", "stage": "survey"}
    made = signed_in(planner).post("/records/redesign-projects/add/", sent)
    again = signed_in(planner).post("/records/redesign-projects/add/", sent)
    project = RedesignProject.objects.get()
    assert made["Location"] == again["Location"] == f"/records/redesign-projects/{project.pk}/"
    assert project.location == centre.location
    assert project.area == territory.unbong


def test_through_the_api_the_place_that_is_sent_does_not_count(planner: User, territory: Territory) -> None:
    centre = make_centre(place(500, 500))
    facts = {"centre": centre.pk, "name": "개선", "year": 2026, "kind": "pilot", "stage": "survey"}
    body = {"type": "Feature", "geometry": lonlat(place(3500, 3500)), "properties": facts}
    assert Api(planner).post("collections/redesign-projects/items", body).status_code == 201
    assert RedesignProject.objects.get().location == centre.location


def test_a_centre_has_one_project_a_year_and_an_agreed_plan_of_its_own(planner: User, project: RedesignProject) -> None:
    other = make_project(make_centre(place(600, 600)))
    url = f"/records/redesign-projects/{other.pk}/edit/"
    told = signed_in(planner).post(url, project_form(other, centre=project.centre_id))
    assert told.status_code == 422
    assert "This centre has a project of this year already." in text(told)


def test_a_planner_of_one_town_changes_projects_there_and_nowhere_else(territory: Territory) -> None:
    local = make_user("local", (Role.FACILITY_PLANNER, territory.unbong), (Role.VIEWER, None))
    here, there = make_project(make_centre(place(500, 500))), make_project(make_centre(place(2500, 500)))
    for path in ("move", "stages", "budget"):
        assert signed_in(local).get(f"/projects/{here.pk}/{path}/").status_code == 200
        assert signed_in(local).get(f"/projects/{there.pk}/{path}/").status_code == 403


def test_viewers_see_projects_and_change_none_and_surveyors_see_none(
    viewer: User, surveyor: User, project: RedesignProject
) -> None:
    told = text(signed_in(viewer).get(f"/records/redesign-projects/{project.pk}/"))
    assert "Edit dates" not in told
    assert signed_in(viewer).get(f"/projects/{project.pk}/stages/").status_code == 403
    for path in (
        "/programme/",
        "/projects/board/",
        "/projects/timeline/",
        "/records/redesign-projects/",
        "/standards/",
    ):
        assert signed_in(viewer).get(path).status_code == 200
        assert signed_in(surveyor).get(path).status_code == 403
    assert "Sign in" in text(signed_in(None).get("/programme/", follow=True))


def test_a_centre_that_moves_takes_its_projects_and_meetings_along(
    planner: User, project: RedesignProject, territory: Territory
) -> None:
    meeting, request = make_meeting(project), make_request(project)
    centre = project.centre
    change = {"type": "Feature", "geometry": lonlat(place(2500, 500)), "properties": {}}
    moved = Api(planner).patch(f"collections/centres/items/{centre.pk}", change, if_match=f'"{centre.version}"')
    assert moved.status_code == 200, moved.content
    for record in (centre, project, meeting, request):
        record.refresh_from_db()
        assert record.area == territory.jucheon
        assert record.location == centre.location


def test_a_project_given_to_another_centre_takes_its_meetings_there(planner: User, project: RedesignProject) -> None:
    make_meeting(project)
    other = make_centre(place(2500, 500))
    url = f"/records/redesign-projects/{project.pk}/edit/"
    assert signed_in(planner).post(url, project_form(project, centre=other.pk)).status_code == 302
    assert Meeting.objects.get().location == other.location


def test_moving_a_card_sets_the_stage_with_its_day_and_sent_twice_moves_once(
    planner: User, project: RedesignProject
) -> None:
    reach(project, "survey", "2026-01-05")
    url = f"/projects/{project.pk}/move/?next=/projects/board/%3Fyear%3D2026"
    page = signed_in(planner).get(url)
    sent = {**inputs(page), "stage": "agreement", "reached_on": "2026-02-02"}
    for _time in range(2):
        assert signed_in(planner).post(url, sent)["Location"] == "/projects/board/?year=2026"
    project.refresh_from_db()
    assert (project.stage, project.version) == ("agreement", 2)
    assert project.stages.get(stage="agreement").reached_on == date(2026, 2, 2)


def test_the_next_address_of_a_move_leads_to_the_board_only(planner: User, project: RedesignProject) -> None:
    url = f"/projects/{project.pk}/move/?next=//elsewhere.example/"
    sent = {**inputs(signed_in(planner).get(url)), "stage": "agreement", "reached_on": "2026-02-02"}
    assert signed_in(planner).post(url, sent)["Location"] == f"/records/redesign-projects/{project.pk}/"


def test_a_date_out_of_order_is_taken_and_told(planner: User, project: RedesignProject) -> None:
    reach(project, "survey", "2026-03-01")
    url = f"/projects/{project.pk}/move/"
    page = signed_in(planner).get(url)
    sent = {**inputs(page), "stage": "agreement", "reached_on": "2026-02-02"}
    told = text(signed_in(planner).post(url, sent, follow=True))
    assert "“Agreement ceremony” is dated before “Site survey”, which comes first." in told


def test_two_planners_moving_one_project_the_second_is_told_who_and_where_to(
    planner: User, project: RedesignProject
) -> None:
    other = make_user("second", (Role.FACILITY_PLANNER, None), name="둘째")
    url = f"/projects/{project.pk}/move/"
    page = signed_in(planner).get(url)
    send(other, url, page, stage="agreement", reached_on="2026-02-02")
    told = send(planner, url, page, stage="completion", reached_on="2026-02-03")
    assert told.status_code == 409
    assert "둘째 changed this project meanwhile. It now stands in “Agreement ceremony”." in text(told)
    assert send(planner, url, told, stage="completion", reached_on="2026-02-03").status_code == 302
    project.refresh_from_db()
    assert project.stage == "completion"


def test_all_dates_are_entered_in_one_table_and_the_stage_follows_the_last_one(
    planner: User, project: RedesignProject
) -> None:
    url = f"/projects/{project.pk}/stages/"
    page = signed_in(planner).get(url)
    dates = {"form-0-reached_on": "2026-01-05", "form-1-reached_on": "2026-02-02", "form-5-planned_on": "2026-12-01"}
    told = text(signed_in(planner).post(url, {**inputs(page), **dates}, follow=True))
    assert "By its dates the project is now in “Agreement ceremony”." in told
    assert ProjectStage.objects.filter(project=project).count() == 3
    # Sent again, as by a second click, it changes nothing.
    assert "Nothing had changed." in text(signed_in(planner).post(url, {**inputs(page), **dates}, follow=True))
    assert ProjectStage.objects.filter(project=project).count() == 3


def test_a_day_that_is_none_is_refused_at_its_row_and_nothing_is_written(
    planner: User, project: RedesignProject
) -> None:
    url = f"/projects/{project.pk}/stages/"
    page = signed_in(planner).get(url)
    told = send(planner, url, page, **{"form-0-reached_on": "2026-01-05", "form-1-reached_on": "2026-02-30"})
    assert told.status_code == 422
    assert "Agreement ceremony · Reached on" in text(told)
    assert not ProjectStage.objects.exists()


def test_two_planners_changing_one_year_the_second_sees_both_figures(planner: User, project: RedesignProject) -> None:
    other = make_user("second", (Role.FACILITY_PLANNER, None))
    fund(project, 2026, 100_000_000)
    url = f"/projects/{project.pk}/budget/"
    page = signed_in(planner).get(url)
    send(other, url, page, **{"form-0-executed_krw": "40000000"})
    told = send(planner, url, page, **{"form-0-executed_krw": "50,000,000"})
    assert told.status_code == 422
    assert "Somebody changed “2026” meanwhile." in text(told)
    assert "Executed (KRW): 40000000" in text(told)
    assert inputs(told)["form-0-executed_krw"] == ["50,000,000"]
    assert send(planner, url, told).status_code == 302
    assert ProjectBudget.objects.get().executed_krw == 50_000_000


def test_budgets_are_added_removed_and_refused_by_row(planner: User, project: RedesignProject) -> None:
    fund(project, 2025, 100)
    url = f"/projects/{project.pk}/budget/"
    page = signed_in(planner).get(url)
    told = send(planner, url, page, **{"form-1-year": "2025", "form-1-budget_krw": "1", "form-2-executed_krw": "5"})
    assert told.status_code == 422
    assert "2025 · Year : Another row has this already." in text(told)
    assert "new row · Year : Fill this in, or empty the row." in text(told)
    assert ProjectBudget.objects.live().count() == 1
    send(planner, url, page, **{"form-0-remove": "on", "form-1-year": "2026", "form-1-budget_krw": "85,000,000"})
    left = ProjectBudget.objects.live().get()
    assert (left.year, left.budget_krw, left.executed_krw) == (2026, 85_000_000, None)


def test_the_board_shows_who_is_late_and_the_home_page_counts_them(planner: User, project: RedesignProject) -> None:
    today = timezone.localdate()
    reach(project, "survey", (today - timedelta(days=50)).isoformat())
    reach(project, "agreement", planned=(today - timedelta(days=1)).isoformat())
    punctual = make_project(make_centre(place(600, 600), name="제때 하는 주민센터"))
    reach(punctual, "agreement", planned=today.isoformat())
    overspent = make_project(make_centre(place(700, 600)))
    fund(overspent, 2026, 10, 11)
    fund(overspent, 2025, 100, 10)
    late = text(signed_in(planner).get("/projects/board/?only=late"))
    assert "운봉읍 주민센터" in late
    assert "제때" not in late
    home = text(signed_in(planner).get("/"))
    assert "1 Projects behind their plan" in home
    assert "1 Projects that spent more than their budget" in home


def test_the_timeline_draws_planned_and_actual_stages(viewer: User, project: RedesignProject) -> None:
    reach(project, "survey", "2026-01-05", "2026-01-01")
    reach(project, "agreement", "2026-02-02")
    page = signed_in(viewer).get("/projects/timeline/").content.decode()
    assert page.count('class="stretch planned') == 1
    assert page.count('class="stretch survey"') == page.count('class="stretch agreement"') == 1


def test_a_filter_by_a_district_that_does_not_exist_is_not_found(viewer: User, project: RedesignProject) -> None:
    assert signed_in(viewer).get("/programme/?area=9999999999").status_code == 404
    assert signed_in(viewer).get("/programme/?area=5219000000&year=2026&only=late").status_code == 200


def test_projects_are_on_the_map_by_stage(viewer: User, project: RedesignProject) -> None:
    layer = layers.get("redesign-projects")
    assert layer.style.categories[0].value == "survey"
    assert len({(item.color, item.shape) for item in layer.style.categories}) == 6
    found = Api(viewer).features("redesign-projects", stage="survey")
    assert [feature["id"] for feature in found] == [project.pk]
    assert Api(viewer).features("redesign-projects", stage="completion") == []


def test_a_year_is_written_without_a_comma(viewer: User, project: RedesignProject) -> None:
    for path in ("", f"{project.pk}/", f"{project.pk}/history/"):
        assert "2,026" not in text(signed_in(viewer).get(f"/records/redesign-projects/{path}"))
