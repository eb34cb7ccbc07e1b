"""An officer at a desk: who is out of reach, where two more pumps would help, and the way in of a depot."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gis_core.crs import reproject
from gis_core.models import User
from tests.browser.conftest import Visit as Person
from tests.disaster.coverage_support import make_pump, make_village
from tests.factories import Territory, make_depot, make_organisation, place

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


def test_an_officer_sees_who_is_out_of_reach_and_asks_where_two_more_pumps_would_help(
    visit: Begin, territory: Territory, officer: User
) -> None:
    make_pump(make_depot(place(300, 300), name="운봉창고"))
    make_village("운봉마을", place(400, 400), people=500)
    make_organisation("송동면사무소", place(3000, 3000))
    for number in range(3):
        make_village(f"송동마을{number}", place(3000 + 100 * number, 3100), people=400)
    make_depot(place(3000, 500), name="주천창고")
    make_village("주천마을", place(3000, 600), people=140)
    page = visit(officer, language="ko").go("/disaster/coverage/")
    page.get_by_label("이내", exact=True).fill("1")
    page.locator("select[name=measure]").select_option("km")
    page.get_by_role("button", name="보기").click()
    expect(page.locator(".coverage-said")).to_contain_text("마을 4곳")
    expect(page.locator(".coverage-map svg[role=img]")).to_be_visible()
    expect(page.locator(".coverage-map svg .mark.out")).to_have_count(4)
    page.get_by_role("link", name="어디에 더 두면 좋을까?").click()
    page.get_by_label("더 둘 곳 수").fill("2")
    page.get_by_role("button", name="가장 좋은 곳 찾기").click()
    expect(page.locator("#said")).to_have_text("마을 4곳 1,340명이 더 1 km 안에 듭니다.")
    expect(page.get_by_text("같은 수의 다른 어떤 선택도 이보다 낫지 않음이 증명되었습니다.")).to_be_visible()
    expect(page.locator(".coverage-chosen li")).to_have_text([re.compile("주천창고"), re.compile("송동면사무소")])
    expect(page.locator(".coverage-map svg .mark.best")).to_have_count(2)


def test_an_officer_marks_the_way_in_with_a_click_on_the_map(visit: Begin, territory: Territory, officer: User) -> None:
    depot = make_depot(place(500, 500))
    page = visit(officer, language="en").go(f"/records/depots/{depot.pk}/access/")
    page.wait_for_selector("body[data-map=ready]")
    box = page.locator("#way-in-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2)
    lon, lat = reproject(place(500, 500), 5179, 4326).coords[0]
    field = page.get_by_label("Longitude (°E)")
    assert float(field.input_value()) > lon
    assert float(page.get_by_label("Latitude (°N)").input_value()) == pytest.approx(lat, abs=1e-3)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"/records/depots/{depot.pk}/$"))
    depot.refresh_from_db()
    assert 10 < depot.access_place.distance(depot.location) < 1500
