"""A planner at a desk: from an area to a designated concentration zone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gis_core.models import User
from tests.browser.conftest import Visit as Person
from tests.factories import Territory, make_house, place
from vacanthouses.models import ConcentrationZone
from vacanthouses.services import rules

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


def test_a_planner_finds_a_zone_keeps_it_and_designates_it_with_its_proof(
    visit: Begin, territory: Territory, planner: User
) -> None:
    rules.load_samples()
    for number in range(12):
        where = place(500 + number % 4 * 20, 500 + number // 4 * 20)
        make_house(where, status="confirmed", built_year=1970, address=f"운봉읍 서천리 {number + 1}")
    page = visit(planner, language="en").go("/vacant-houses/zones/")
    page.get_by_label("Area to look through").select_option(label=territory.namwon.full_name)
    page.get_by_role("button", name="Look for zones").click()
    expect(page.locator(".zone-proposal")).to_have_count(1)
    expect(page.get_by_role("row", name="Vacant houses")).to_contain_text("12")
    expect(page.locator(".zone-map svg[role=img]")).to_be_visible()
    # Two quick presses keep one zone.
    page.get_by_role("button", name="Keep the chosen zones").dblclick()
    page.get_by_role("link", name="운봉읍 concentration zone 1").click()
    expect(page.get_by_text("The zone passes the test today.")).to_be_visible()
    expect(page.get_by_role("link", name="운봉읍 서천리 12")).to_be_visible()
    page.get_by_role("link", name="Designate the zone").click()
    page.get_by_label("Reason or reference").fill("notice 2026-1")
    page.get_by_role("button", name="Designate the zone").click()
    expect(page.get_by_role("heading", name="On the day of the decision")).to_be_visible()
    zone = ConcentrationZone.objects.get()
    assert (zone.state, zone.proof["vacant"]) == ("designated", 12)
    page.goto(page.url.replace(f"/vacant-houses/zones/{zone.pk}/", f"/records/concentration-zones/{zone.pk}/"))
    expect(page.get_by_role("link", name="The test and its proof")).to_be_visible()
