"""What zones do together: who may write it, money that adds up, stages that fit their days."""

import csv
import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from projects_support import POINT, feature, make_agreement, make_budget, make_project

from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, Role, User
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ProjectOutput, ZoneProject
from gis_core.zones.projects import Line, by_source, by_year, stage_faults, summed
from tests.conftest import Api
from tests.factories import Territory, make_organisation, make_user, make_zone, place
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db

PROJECTS = "collections/zone-projects/items"
SEEN = {
    "initial-year": "2019", "initial-source": "city", "initial-planned_krw": "10000000", "initial-executed_krw": ""
}  # fmt: skip
BUDGET = {"year": "2019", "source": "city", "planned_krw": "10,000,000", "executed_krw": ""}


@pytest.fixture
def zone(territory: Territory) -> CooperationZone:
    return make_zone(territory.unbong, territory.jucheon)


@pytest.fixture
def project(zone: CooperationZone, territory: Territory) -> ZoneProject:
    return make_project(zone, area=territory.unbong)


def add(client: Any, project: ZoneProject, kind: str, **values: Any) -> Any:
    return client.post(f"/zone-projects/{project.pk}/{kind}/add/", {"token": uuid.uuid4(), **values})


def page(client: Any, project: ZoneProject) -> str:
    return text(client.get(f"/records/zone-projects/{project.pk}/"))


# Rules


days = st.none() | st.dates(date(2019, 1, 1), date(2030, 1, 1))


@settings(max_examples=50)
@given(days, days, st.dates(date(2019, 1, 1), date(2030, 1, 1)))
def test_what_is_finished_has_begun_and_ended(starts: date | None, ends: date | None, today: date) -> None:
    faults = stage_faults("finished", starts, ends, today)
    is_sound = starts is not None and ends is not None and starts <= ends <= today
    assert (not faults) is is_sound
    assert set(stage_faults("underway", starts, ends, today)) <= set(faults)
    assert not stage_faults("proposed", starts, None, today)


lines = st.lists(
    st.builds(
        Line,
        st.integers(2018, 2021),
        st.sampled_from(["city", "province", "residents"]),
        st.integers(0, 10**9),
        st.none() | st.integers(0, 10**9),
    )
)


@given(lines)
def test_money_adds_up_the_same_by_year_and_by_source(found: list[Line]) -> None:
    whole = summed(found)
    for groups in (by_year(found), by_source(found)):
        assert sum(money.planned for _key, money in groups) == whole.planned
        assert sum(money.spent or 0 for _key, money in groups) == (whole.spent or 0)
        assert sum(money.unknown for _key, money in groups) == whole.unknown


@given(lines)
def test_a_share_is_told_only_where_all_spending_is_known(found: list[Line]) -> None:
    whole = summed(found)
    assert (whole.share is None) == (not whole.planned or any(line.spent is None for line in found))
    assert (whole.spent is None) == all(line.spent is None for line in found)


# Rights


def test_a_coordinator_of_another_city_adds_and_changes_nothing(project: ZoneProject, territory: Territory) -> None:
    stranger = make_user("stranger", (Role.ZONE_COORDINATOR, territory.sunchang), (Role.VIEWER, None))
    client = signed_in(stranger)
    budget = make_budget(project)
    assert "Add a line to the budget" not in page(client, project)
    assert add(client, project, "budgets", **BUDGET).status_code == 403
    assert client.post(f"/zone-projects/budgets/{budget.pk}/", BUDGET).status_code == 403
    retired = client.post(f"/zone-projects/budgets/{budget.pk}/retire/", {"reason": "why not", "version": 1})
    assert retired.status_code == 403
    assert client.post(f"/zone-projects/{project.pk}/stage/", {"stage": "stopped", "version": 1}).status_code == 403
    assert Api(stranger).post(PROJECTS, feature(project.zone, POINT)).status_code == 403
    assert (ZoneProject.objects.count(), ProjectBudget.objects.get().version) == (1, 1)


def test_who_coordinates_one_town_of_a_zone_writes_its_projects_wherever_their_place_is(
    zone: CooperationZone, territory: Territory
) -> None:
    neighbour = make_user("neighbour", (Role.ZONE_COORDINATOR, territory.jucheon))
    assert Api(neighbour).post(PROJECTS, feature(zone, POINT)).status_code == 201
    project = ZoneProject.objects.get()
    assert project.area == territory.unbong
    assert add(signed_in(neighbour), project, "budgets", **BUDGET).status_code == 302


def test_a_project_is_not_moved_into_a_zone_of_another_city(project: ZoneProject, territory: Territory) -> None:
    local = make_user("local", (Role.ZONE_COORDINATOR, territory.namwon))
    foreign = make_zone(territory.sunchang_eup)
    path = f"{PROJECTS}/{project.pk}"
    assert Api(local).put(path, feature(foreign, POINT), if_match='"1"').status_code == 403
    project.refresh_from_db()
    assert project.zone != foreign


def test_a_viewer_sees_the_projects_of_their_own_towns_only(project: ZoneProject, territory: Territory) -> None:
    near = make_user("near", (Role.VIEWER, territory.jucheon))
    far = make_user("far", (Role.VIEWER, territory.suji))
    assert Api(near).get(f"{PROJECTS}/{project.pk}").status_code == 200
    assert Api(far).get(f"{PROJECTS}/{project.pk}").status_code == 404
    assert signed_in(far).get(f"/zone-projects/{project.pk}/budgets/add/").status_code == 404


# Agreement and stage


def test_an_agreement_of_another_zone_is_refused_by_name(
    zone: CooperationZone, coordinator: User, territory: Territory
) -> None:
    other = make_agreement(make_zone(territory.suji), title="수지 협약")
    response = Api(coordinator).post(PROJECTS, feature(zone, POINT, agreement=other.pk), accept_language="en")
    assert response.status_code == 422
    assert "“수지 협약” is an agreement of another zone" in response.json()["errors"]["agreement"][0]


def test_a_page_says_when_the_agreement_is_no_longer_in_force(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    project.agreement = make_agreement(project.zone, title="하천 협약", valid_until=timezone.localdate())
    project.save()
    assert "not in force" not in page(client, project)
    project.agreement.valid_until = timezone.localdate() - timedelta(days=1)
    project.agreement.save()
    assert "The agreement “하천 협약” is not in force today." in page(client, project)


def test_a_project_is_finished_only_with_a_last_day_that_is_over(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    path = f"/zone-projects/{project.pk}/stage/"
    sent = {"stage": "finished", "starts_on": "2019-05-01", "version": 1}
    assert "Say when it ended: it is finished." in text(client.post(path, {**sent, "ends_on": ""}))
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "cannot end after today" in text(client.post(path, {**sent, "ends_on": tomorrow}))
    project.refresh_from_db()
    assert project.stage == "proposed"
    assert client.post(path, {**sent, "ends_on": "2020-02-29"}).status_code == 302
    project.refresh_from_db()
    assert (project.stage, project.ends_on) == ("finished", date(2020, 2, 29))


def test_the_same_rule_of_stages_holds_for_programs(zone: CooperationZone, coordinator: User) -> None:
    response = Api(coordinator).post(PROJECTS, feature(zone, POINT, stage="underway"), accept_language="en")
    assert response.json()["errors"] == {"starts_on": ["Say when it began: it is under way or finished."]}


# Money, events, outputs


def test_money_of_one_source_stands_once_a_year_and_says_so(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    assert add(client, project, "budgets", **BUDGET).status_code == 302
    again = add(client, project, "budgets", **BUDGET)
    assert again.status_code == 409
    assert "There is a line for 2019 and “City or county” already." in text(again)
    assert add(client, project, "budgets", **BUDGET | {"source": "province"}).status_code == 302
    budget = ProjectBudget.objects.get(source="province")
    changed = client.post(f"/zone-projects/budgets/{budget.pk}/", {**BUDGET, **SEEN, "initial-source": "province"})
    assert changed.status_code == 409
    assert ProjectBudget.objects.count() == 2


def test_a_retired_line_makes_room_for_a_new_one_and_leaves_the_sums(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    budget = make_budget(project, 3_000_000)
    path = f"/zone-projects/budgets/{budget.pk}/retire/"
    assert client.post(path, {"reason": "", "version": 1}).status_code == 422
    assert client.post(path, {"reason": "잘못 적음", "version": 7}).status_code == 409
    assert client.post(path, {"reason": "잘못 적음", "version": 1}).status_code == 302
    assert "3,000,000" not in page(client, project)
    assert add(client, project, "budgets", **BUDGET).status_code == 302


@pytest.mark.parametrize(
    ("kind", "model", "values"),
    [
        ("budgets", ProjectBudget, BUDGET),
        ("events", ProjectEvent, {"held_on": "2019-09-28", "title": "토론회", "attendance": "300"}),
        ("outputs", ProjectOutput, {"title": "도시락", "quantity": "120.5", "unit": "개"}),
    ],
)
def test_a_form_sent_twice_adds_one(
    kind: str, model: Any, values: dict[str, str], project: ZoneProject, coordinator: User
) -> None:
    client, token = signed_in(coordinator), uuid.uuid4()
    for _time in range(2):
        answer = add(client, project, kind, **values | {"token": token})
        assert answer["Location"] == f"/records/zone-projects/{project.pk}/#{kind}"
    assert model.objects.count() == 1


def test_two_who_change_different_figures_of_a_line_both_succeed(project: ZoneProject, coordinator: User) -> None:
    budget = make_budget(project)
    client = signed_in(coordinator)
    ProjectBudget.objects.filter(pk=budget.pk).update(executed_krw=4_000_000)
    sent = {**BUDGET, **SEEN, "planned_krw": "12000000"}
    assert client.post(f"/zone-projects/budgets/{budget.pk}/", sent).status_code == 302
    budget.refresh_from_db()
    assert (budget.planned_krw, budget.executed_krw) == (12_000_000, 4_000_000)


def test_nobody_was_at_an_event_that_is_still_to_come(project: ZoneProject, coordinator: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = add(signed_in(coordinator), project, "events", held_on=tomorrow, title="축제", attendance="10")
    assert (answer.status_code, ProjectEvent.objects.count()) == (422, 0)
    assert "It is still to come" in text(answer)


def test_spending_that_nobody_knows_is_not_taken_for_nothing(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    make_budget(project, 10_000_000, None)
    assert "0.0 %" not in page(client, project)
    assert "Of 1 line it is not known what was spent" in page(client, project)
    make_budget(project, 5_000_000, 4_000_000, source="province")
    assert "at least 4,000,000" in page(client, project)
    ProjectBudget.objects.filter(source="city").update(executed_krw=11_000_000)
    told = page(client, project)
    assert "100.0 %" in told
    assert "over budget" in told


def test_a_list_and_its_file_hold_the_sums(project: ZoneProject, coordinator: User) -> None:
    make_budget(project, 10_000_000, 4_000_000)
    make_budget(project, 5_000_000, 5_000_000, source="province")
    half_known = make_project(project.zone, name="반만 아는 사업")
    make_budget(half_known, 2_000_000, 1_000_000)
    make_budget(half_known, 2_000_000, None, source="province")
    response = signed_in(coordinator).get("/records/zone-projects/export.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [(row["Planned (KRW)"], row["Spent (KRW)"]) for row in rows] == [("15000000", "9000000"), ("4000000", "")]


def test_what_changes_in_a_budget_changes_what_the_api_answers(project: ZoneProject, coordinator: User) -> None:
    api = Api(coordinator)
    before = api.get(PROJECTS)
    make_budget(project)
    after = api.get(PROJECTS, if_none_match=before.get("ETag", '"none"'))
    assert after.status_code == 200
    assert after.json()["features"][0]["properties"]["planned_krw"] == 10_000_000


def test_the_layers_sums_are_those_of_plain_sql(project: ZoneProject, coordinator: User) -> None:
    make_budget(project, 10_000_000, 4_000_000)
    make_budget(make_project(project.zone), 7_000_000)
    ProjectEvent.objects.create(project=project, held_on=date(2019, 9, 28), title="토론회", attendance=300)
    layer = layers.get("zone-projects")
    towns = frozenset(project.zone.member_areas.values_list("pk", flat=True))
    records = layer.in_areas(layer.queryset(coordinator), towns)
    totals = records.order_by().aggregate(**{f"s{n}": each.expression for n, each in enumerate(layer.sums)})
    assert list(totals.values()) == [17_000_000, 4_000_000, 300]


# The zone's page


def zone_page(user: User, zone: CooperationZone) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return render_to_string("gis_core/zones/_projects.html", {"record": zone, "can_change": True}, request)


def fill(zone: CooperationZone, number: int) -> None:
    for index in range(number):
        made = make_project(zone, place(100 + 10 * index, 100), name=f"사업 {index}", lead=make_organisation())
        made.partners.set([make_organisation()])
        make_budget(made, 10_000_000, 2_000_000)
        ProjectEvent.objects.create(project=made, held_on=date(2019, 9, 1), title="모임", attendance=20)


def test_a_zones_projects_add_up_to_its_totals_in_as_many_queries_for_many_as_for_few(
    zone: CooperationZone, coordinator: User
) -> None:
    fill(zone, 2)
    zone_page(coordinator, zone)
    with CaptureQueriesContext(
        connection,
    ) as few:
        zone_page(coordinator, zone)
    fill(zone, 6)
    with CaptureQueriesContext(connection) as many:
        told = zone_page(coordinator, zone)
    assert len(many) == len(few) <= 6
    for figure in ("80,000,000", "16,000,000", "20.0 %", "160"):
        assert figure in told


def test_the_page_of_a_project_takes_no_query_per_line(project: ZoneProject, coordinator: User) -> None:
    client = signed_in(coordinator)
    make_budget(project, year=2010)
    page(client, project)
    with CaptureQueriesContext(connection) as few:
        page(client, project)
    for year in range(2011, 2020):
        make_budget(project, year=year)
        ProjectEvent.objects.create(project=project, held_on=date(year, 9, 1), title="모임")
        ProjectOutput.objects.create(project=project, title="나무", quantity=3)
    with CaptureQueriesContext(connection) as many:
        page(client, project)
    assert len(many) == len(few)
