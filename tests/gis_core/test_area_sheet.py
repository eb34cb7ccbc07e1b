"""The sheet of a town: figures, trend, indicators, what waits, two towns beside one another, one page of paper."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from gis_core import open_tasks
from gis_core.area_sheet.compare import IndicatorPair, find, layer_pairs
from gis_core.area_sheet.figures import layer_figures
from gis_core.area_sheet.indicators import area_indicators
from gis_core.area_sheet.months import last_months, next_first, spark_points
from gis_core.area_sheet.paper import cut
from gis_core.area_sheet.sheet import area_sheet
from gis_core.editing.shapes import to_geos
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Indicator, IndicatorValue, ProjectBudget, Role, User, ZoneProject
from tests import factories
from tests.factories import Territory, place
from vacanthouses.models import VacantHouse

TODAY = date(2026, 11, 28)
SPOT = to_geos(place(100, 100))


def make_indicator(key: str = "household-visits", **values: Any) -> Indicator:
    return Indicator.objects.create(**{"key": key, "name": key, "unit": "가구", "source": "예시", **values})


def value(indicator: Indicator, area: AdminArea, period: str, number: int) -> None:
    IndicatorValue.objects.create(indicator=indicator, area=area, period=period, value=Decimal(number))


def test_months_end_where_the_next_begin() -> None:
    assert last_months(date(2026, 2, 3), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert next_first(date(2025, 12, 31)) == date(2026, 1, 1)


def test_a_small_chart_rises_where_the_figures_rise_and_is_flat_where_they_do_not() -> None:
    assert spark_points([0, 5, 10], 100, 20) == "0.0,20.0 50.0,10.0 100.0,0.0"
    assert spark_points([3, 3], 100, 20) == "0.0,10.0 100.0,10.0"
    assert spark_points([3], 100, 20) == ""


def test_what_does_not_fit_on_the_page_is_counted() -> None:
    assert (cut("abc", 3).lines, cut("abc", 3).more) == ("abc", 0)
    assert (cut("abcd", 3).lines, cut("abcd", 3).more) == ("ab", 2)


@pytest.mark.django_db
def test_the_trend_of_a_list_counts_what_was_there_at_the_end_of_each_month(
    territory: Territory, manager: User
) -> None:
    for number, (found_on, retired_on) in enumerate(
        [(date(2026, 9, 30), None), (date(2026, 10, 1), None), (date(2025, 1, 1), date(2026, 10, 15))]
    ):
        house = factories.make_house(place(850 + number, 850))
        VacantHouse.objects.filter(pk=house.pk).update(
            found_on=found_on,
            retired_at=retired_on and timezone.make_aware(timezone.datetime(2026, 10, 15, 9)),  # type: ignore[attr-defined]
        )
    area = AdminArea.objects.get(pk=VacantHouse.objects.values_list("area", flat=True)[0])
    found = {each.layer.id: each for each in layer_figures(manager, area, TODAY)}["vacant-houses"]
    assert found.count == 2
    assert dict(found.series)[date(2026, 8, 1)] == 1
    assert dict(found.series)[date(2026, 9, 1)] == 2
    assert dict(found.series)[date(2026, 10, 1)] == 2
    assert found.change == 1


@pytest.mark.django_db
def test_a_town_is_told_its_place_among_the_towns_of_its_city_in_the_direction_that_is_better(
    territory: Territory,
) -> None:
    visits, waste = make_indicator(), make_indicator("waste", direction="lower")
    for indicator in (visits, waste):
        value(indicator, territory.unbong, "2018", 10)
        value(indicator, territory.unbong, "2019", 30)
        value(indicator, territory.jucheon, "2019", 50)
        value(indicator, territory.jucheon, "2018", 99)
    found = {each.indicator.key: each for each in area_indicators(territory.unbong)}
    assert (found["household-visits"].rank, found["household-visits"].among) == (2, 2)
    assert found["waste"].rank == 1
    assert [period for period, _value in found["waste"].series] == ["2018", "2019"]


@pytest.mark.django_db
def test_values_of_different_periods_are_not_subtracted_from_one_another(territory: Territory) -> None:
    visits = make_indicator()
    value(visits, territory.unbong, "2018", 10)
    value(visits, territory.jucheon, "2019", 50)
    left, right = (area_indicators(each)[0] for each in (territory.unbong, territory.jucheon))
    assert IndicatorPair(left, right).difference is None
    value(visits, territory.unbong, "2019", 20)
    assert IndicatorPair(area_indicators(territory.unbong)[0], right).difference == 30


@pytest.mark.django_db
def test_rates_are_told_only_where_the_residents_are_known(territory: Territory, manager: User) -> None:
    factories.make_house(place(850, 850))
    people = make_indicator("population", unit="명")
    value(people, territory.unbong, "2025", 2000)
    left, right = (area_sheet(manager, each, TODAY) for each in (territory.unbong, territory.jucheon))
    pair = next(each for each in layer_pairs(left, right) if each.title == layers.get("vacant-houses").title)
    assert pair.per_people.right is None
    assert pair.per_people.left == pair.left * 1000 / 2000
    assert pair.per_km2.right == 0
    assert layers.get("depots").title not in [each.title for each in layer_pairs(left, right)]


@pytest.mark.django_db
def test_who_has_no_role_sees_what_is_public_and_nothing_that_waits(territory: Territory, client: Client) -> None:
    value(make_indicator(), territory.unbong, "2019", 5)
    factories.make_zone(territory.unbong, territory.jucheon)
    stranger = factories.make_user("stranger")
    sheet = area_sheet(stranger, territory.unbong, TODAY)
    assert (sheet.zones, sheet.indicators, sheet.tasks, sheet.layers) == ([], [], [], [])
    assert client.get(f"/areas/{territory.unbong.mois_code}/").status_code in {200, 302}


@pytest.mark.django_db
def test_the_tasks_of_a_town_are_its_own(territory: Territory, manager: User) -> None:
    house = factories.make_house(place(850, 850))
    here = frozenset([house.area_id])
    told = [(str(each.title), each.count) for each in open_tasks.of(manager, here)]
    assert any(count == 1 for _title, count in told)
    others = frozenset(AdminArea.objects.exclude(pk=house.area_id).values_list("pk", flat=True))
    assert open_tasks.of(manager, others) == []


@pytest.mark.django_db
def test_a_zones_projects_stand_on_the_sheet_of_its_members_with_their_money(
    territory: Territory, coordinator: User
) -> None:
    zone = factories.make_zone(territory.unbong, territory.jucheon)
    project = ZoneProject.objects.create(zone=zone, name="하천 정화", geometry=SPOT)
    ProjectBudget.objects.create(project=project, year=2019, source="city", planned_krw=7_000_000)
    ProjectBudget.objects.create(project=project, year=2019, source="residents", planned_krw=3_000_000)
    sheet = area_sheet(coordinator, territory.unbong, TODAY)
    assert [(line.project, line.planned, line.executed) for line in sheet.projects] == [(project, 10_000_000, None)]
    assert [each.name for each in sheet.zones[0].others] == [territory.jucheon.name]


@pytest.mark.django_db
def test_the_other_town_is_found_by_name_or_code_and_several_are_offered(territory: Territory) -> None:
    assert find(territory.jucheon.name, territory.unbong) == [territory.jucheon]
    assert find(territory.jucheon.mois_code, territory.unbong) == [territory.jucheon]
    assert find("없는 곳", territory.unbong) == []
    assert len(find("면", territory.unbong)) > 1


@pytest.mark.django_db
def test_two_towns_are_compared_on_one_page(territory: Territory, client: Client, administrator: User) -> None:
    client.force_login(administrator)
    page = client.get(f"/areas/{territory.unbong.mois_code}/compare/", {"with": territory.jucheon.name})
    assert page.status_code == 200
    assert f"{territory.unbong.name} · {territory.jucheon.name}" in page.content.decode()
    unknown = client.get(f"/areas/{territory.unbong.mois_code}/compare/", {"with": "없는 곳"}).content.decode()
    assert "없는 곳" in unknown


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_sheet_of_a_town_is_one_page_of_paper_however_much_there_is(
    territory: Territory, client: Client, administrator: User, language: str
) -> None:
    for number in range(12):
        indicator = make_indicator(f"indicator-{number}", name=f"이름이 아주 긴 지표 {number} " * 4)
        for year in range(2015, 2026):
            value(indicator, territory.unbong, str(year), year * number)
    for _number in range(7):
        zone = factories.make_zone(territory.unbong, territory.jucheon)
        for each in range(3):
            ZoneProject.objects.create(zone=zone, name=f"이름이 긴 사업 {each} " * 9, geometry=SPOT)
    factories.make_house(place(850, 850))
    client.force_login(administrator)
    client.cookies["dongne_language"] = language
    client.cookies["django_language"] = language
    answer = client.get(f"/areas/{territory.unbong.mois_code}/sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert ("and 5 more" in text) if language == "en" else ("5" in text)


@pytest.mark.django_db
def test_the_sheet_asks_the_database_little_however_much_lies_in_the_town(
    territory: Territory, client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    path = f"/areas/{territory.unbong.mois_code}/"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(5):
        factories.make_house(place(850 + number, 850))
        zone = factories.make_zone(territory.unbong, territory.jucheon)
        ZoneProject.objects.create(zone=zone, name="하천 정화", geometry=SPOT)
        value(make_indicator(f"indicator-{number}"), territory.unbong, "2019", number)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few) + 1
    assert len(many) <= len(list(layers)) + 60


@pytest.mark.django_db
def test_records_of_tomorrow_are_no_trend_of_yesterday(territory: Territory, planner: User) -> None:
    centre = factories.make_centre(place(800, 800))
    type(centre).objects.filter(pk=centre.pk).update(opened_on=TODAY + timedelta(days=40))
    area = AdminArea.objects.get(pk=centre.area_id)
    found = {each.layer.id: each for each in layer_figures(planner, area, TODAY)}["centres"]
    assert found.count == 1
    assert set(dict(found.series).values()) == {0}
    assert Role.FACILITY_PLANNER in {grant.role for grant in planner.role_grants.all()}
