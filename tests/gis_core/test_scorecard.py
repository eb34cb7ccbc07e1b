"""Members of a zone side by side: the numbers are those that plain SQL over the members gives, and nobody is told what
they may not see."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gis_core.models import AdminArea, Indicator, IndicatorValue, Role, User
from gis_core.zones import scorecard_querysets as querysets
from gis_core.zones.scorecard import Kind, Seen
from gis_core.zones.scorecard_services import Comparison, compare
from tests.factories import (
    Territory,
    make_area,
    make_centre,
    make_depot,
    make_house,
    make_organisation,
    make_user,
    make_zone,
    place,
    square,
)
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(territory: Territory) -> Territory:
    """운봉읍 (0..2000) and 주천면 (2000..4000) with unlike things; a depot and a house elsewhere too."""
    for east, grade in ((500, "1"), (600, "1"), (700, "3"), (2500, "1"), (3000, "none")):
        make_house(place(east, 500), grade=grade)
    make_house(place(500, 2500), grade="2")
    make_depot(place(500, 500), kind="snow")
    make_depot(place(600, 500), kind="snow")
    make_depot(place(2500, 500), kind="flood")
    make_depot(place(4500, 500), kind="fire")
    make_centre(place(800, 800))
    make_organisation(point=place(900, 900), kind="night_patrol")
    return territory


def compared(user: User, zone: Any) -> Comparison:
    return compare(user, zone, timezone.localdate(), 10)


def numbers(found: Comparison, layer: str, row: int = 0) -> dict[str, Any]:
    """By column title, the value of a layer's row."""
    section = next(each for each in found.sections if each.key == layer)
    return {column.title: cell.low for column, cell in zip(found.columns, section.rows[row].cells, strict=True)}


IN_ZONE = """
SELECT count(*) FROM vacanthouses_vacanthouse WHERE area_id IN (
    SELECT adminarea_id FROM gis_core_zonearea WHERE cooperationzone_id = %s)
"""
BY_GRADE = """
SELECT grade, count(*) FROM vacanthouses_vacanthouse WHERE area_id IN (
    SELECT adminarea_id FROM gis_core_zonearea WHERE cooperationzone_id = %s) GROUP BY grade
"""


def sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_counts_and_grades_equal_plain_sql_over_the_members(administrator: User, records: Territory) -> None:
    zone = make_zone(records.unbong, records.jucheon, name="시험권")
    found = compared(administrator, zone)
    assert numbers(found, "vacant-houses")["시험권"] == sql(IN_ZONE, zone.pk)[0][0] == 5
    by_grade = dict(sql(BY_GRADE, zone.pk))
    section = next(each for each in found.sections if each.key == "vacant-houses")
    at = [column.kind for column in found.columns].index(Kind.ZONE)
    shown = {row.title: row.cells[at].low or 0 for row in section.rows[1:]}
    assert sorted(shown.values()) == sorted([*by_grade.values()])
    assert numbers(found, "vacant-houses") == {"운봉읍": 3, "주천면": 2, "시험권": 5, "남원시": 6}
    assert numbers(found, "depots") == {"운봉읍": 2, "주천면": 1, "시험권": 3, "남원시": 3}


def test_a_zone_of_overlapping_members_counts_nothing_twice(administrator: User, records: Territory) -> None:
    """The whole city and a town in it; and a zone, which is itself a record of several members."""
    zone = make_zone(records.namwon, records.unbong, name="겹친권")
    make_zone(records.unbong, records.jucheon)
    found = compared(administrator, zone)
    assert numbers(found, "vacant-houses")["겹친권"] == sql("SELECT count(*) FROM vacanthouses_vacanthouse")[0][0] == 6
    assert numbers(found, "vacant-houses")["운봉읍"] == 3
    both = sql("SELECT count(DISTINCT cooperationzone_id) FROM gis_core_zonearea")[0][0]
    assert numbers(found, "zones")["겹친권"] == both == 2


def test_two_zones_that_overlap_each_count_the_town_they_share(administrator: User, records: Territory) -> None:
    first = make_zone(records.unbong, records.jucheon, name="첫권")
    second = make_zone(records.jucheon, records.suji, name="둘째권")
    assert numbers(compared(administrator, first), "vacant-houses")["첫권"] == 5
    assert numbers(compared(administrator, second), "vacant-houses")["둘째권"] == 3


def test_the_cities_of_a_zone_across_a_city_line_both_stand_beside_it(administrator: User, records: Territory) -> None:
    zone = make_zone(records.jucheon, records.sunchang_eup, name="경계권")
    found = compared(administrator, zone)
    assert [column.title for column in found.columns if column.kind is Kind.CITY] == ["남원시", "순창군"]
    assert numbers(found, "depots") == {"주천면": 1, "순창읍": 1, "경계권": 2, "남원시": 3, "순창군": 1}


def test_members_of_the_same_name_are_told_apart(administrator: User, records: Territory) -> None:
    other = make_area("운봉읍", "5277026000", square(4000, 2000, 2000), records.sunchang)
    titles = [column.title for column in compared(administrator, make_zone(records.unbong, other)).columns]
    assert len(set(titles)) == len(titles)


def test_a_zone_that_was_only_drawn_compares_the_towns_that_lie_in_it(administrator: User, records: Territory) -> None:
    from django.contrib.gis.geos import MultiPolygon

    from tests.factories import geos

    drawn = MultiPolygon(geos(square(0, 0, 2900)), srid=5179)
    zone = make_zone(geometry=drawn, drawn=True)
    # 1.8 of the 4 square kilometres of each neighbour lie in it, which is less than half.
    assert [area.name for area in querysets.members_of(zone)] == ["운봉읍"]


def test_what_a_person_may_not_see_is_not_counted_and_not_called_none(records: Territory) -> None:
    zone = make_zone(records.unbong, records.jucheon, name="시험권")
    local = make_user("local", (Role.ZONE_COORDINATOR, records.unbong))
    found = compared(local, zone)
    assert "vacant-houses" not in {each.key for each in found.sections}
    depots = next(each for each in found.sections if each.key == "depots")
    cells = dict(zip([column.title for column in found.columns], depots.rows[0].cells, strict=True))
    assert (cells["운봉읍"].low, cells["운봉읍"].seen) == (2, Seen.ALL)
    assert (cells["주천면"].low, cells["주천면"].seen) == (None, Seen.NONE)
    assert (cells["시험권"].low, cells["시험권"].seen) == (2, Seen.PART)
    assert not [each for each in found.lacks if "주천면" in each.lacking]
    told = text(signed_in(local).get(reverse("zone-scorecard", args=[zone.pk])))
    assert "not visible to you" in told
    assert "You see only part of these towns" in told


def test_a_person_of_another_city_does_not_find_the_zone(records: Territory) -> None:
    zone = make_zone(records.unbong, records.jucheon)
    stranger = make_user("stranger", (Role.ZONE_COORDINATOR, records.sunchang))
    assert signed_in(stranger).get(reverse("zone-scorecard", args=[zone.pk])).status_code == 404
    assert signed_in(stranger).get(reverse("zone-border", args=[zone.pk])).status_code == 404


def test_the_page_says_what_one_side_lacks_and_another_has(coordinator: User, records: Territory) -> None:
    zone = make_zone(records.unbong, records.jucheon, name="시험권")
    told = text(signed_in(coordinator).get(reverse("zone-scorecard", args=[zone.pk])))
    assert "Depots – Snow removal: 주천면 has none; 운봉읍 has 2." in told
    assert "Depots – Flood defence: 운봉읍 has none; 주천면 has 1." in told
    assert "Community centres: 주천면 has none; 운봉읍 has 1." in told
    # Fire is at hand only outside the zone and its city, and is nobody's here.
    assert "Fire" not in told


def test_indicators_stand_with_their_period_and_the_zone_shows_the_range(
    administrator: User, records: Territory
) -> None:
    indicator = Indicator.objects.create(key="share", name="방문 비율", unit="%", source="시험", direction="higher")
    for area, period, value in (
        (records.unbong, "2018", 90), (records.unbong, "2019", 40), (records.jucheon, "2019", 80),
        (records.namwon, "2019", 37),
    ):  # fmt: skip
        IndicatorValue.objects.create(indicator=indicator, area=area, period=period, value=value)
    found = compared(administrator, make_zone(records.unbong, records.jucheon, name="시험권"))
    row = next(each for each in found.figures if each.title == "방문 비율")
    cells = {column.title: (cell.low, cell.high) for column, cell in zip(found.columns, row.cells, strict=True)}
    assert cells == {"운봉읍": (40, 40), "주천면": (80, 80), "시험권": (40, 80), "남원시": (37, 37)}
    assert row.cells[0].when == ("2019",)
    assert [(each.what, each.best, each.worst) for each in found.spreads] == [
        ("방문 비율", ("주천면", 80.0), ("운봉읍", 40.0))
    ]


def test_more_members_and_records_take_no_more_statements(administrator: User, records: Territory) -> None:
    def statements(*members: AdminArea) -> int:
        zone = make_zone(*members)
        client = signed_in(administrator)
        client.get(reverse("zone-scorecard", args=[zone.pk]))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("zone-scorecard", args=[zone.pk])).status_code == 200
        return len(captured.captured_queries)

    few = statements(records.unbong, records.jucheon)
    for number in range(5):
        make_house(place(2100 + number, 2500))
        make_depot(place(2100 + number, 2600))
    assert statements(records.unbong, records.jucheon, records.suji, records.songdong) <= few


def test_the_comparison_can_be_printed(viewer: User, records: Territory) -> None:
    zone = make_zone(records.unbong, records.jucheon)
    response = signed_in(viewer).get(reverse("zone-scorecard-pdf", args=[zone.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
