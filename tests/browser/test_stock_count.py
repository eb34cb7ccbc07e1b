"""A keeper counts a depot with a phone in one hand; an officer approves at the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from disaster.models import CountSession, Label
from gis_core.models import Role, User
from tests.browser.conftest import PHONE, Visit
from tests.disaster.counts_support import held, make_item, stock
from tests.factories import Territory, make_depot, make_user, place

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


def line(page: Page, name: str) -> Any:
    return page.locator(".count-line", has_text=name)


def fits(page: Page) -> bool:
    """Nothing to be moved sideways, and buttons that a thumb hits."""
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    low = page.locator(".count-entry .button").first.bounding_box()
    return bool(wide and low and low["height"] >= 44)


def test_a_keeper_counts_by_hand_and_by_scanner_and_an_officer_approves(
    visit: Begin, officer: User, territory: Territory
) -> None:
    depot, other = make_depot(place(100, 100)), make_depot(place(300, 300), name="옆 창고")
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    sandbags, pump, rope = make_item("모래주머니"), make_item("수중펌프", "대"), make_item("로프", "롤")
    stock(officer, depot, sandbags, 1203)
    machine = stock(officer, depot, pump, 1, code="SN-7")
    stock(officer, depot, rope, 4)
    stock(officer, other, sandbags, 50)
    Label.objects.create(token="k" * 22, depot=depot, lot=machine.lot)

    page = visit(keeper, language="en", size=PHONE).go(f"/disaster/stock/counts/add/{depot.pk}/")
    page.get_by_role("button", name="Begin the count").click()
    expect(page.locator("#count-progress")).to_contain_text("0 of 3 counted")
    assert fits(page)
    expect(page.locator("main")).not_to_contain_text("1,203")

    sandbag_line = line(page, "모래주머니")
    sandbag_line.locator(".count-number").fill("많음")
    sandbag_line.get_by_role("button", name="Save").click()
    expect(sandbag_line.get_by_role("alert")).to_be_visible()
    sandbag_line.locator(".count-number").fill("1210")
    sandbag_line.get_by_role("button", name="Save").click()
    expect(sandbag_line).to_contain_text("7 매 more")
    expect(sandbag_line).to_contain_text("the ledger had 1,203")
    expect(page.locator("#count-progress")).to_contain_text("1 of 3 counted")
    sandbag_line.get_by_label("Does another depot have it").select_option(label="옆 창고 (50)")
    sandbag_line.get_by_role("button", name="Save again").click()
    expect(sandbag_line).to_contain_text("moved from 옆 창고")

    # A scanner types what the label says and ends with Enter.
    page.locator("#code").fill("http://example.invalid/d/" + "k" * 22 + "/")
    page.locator("#code").press("Enter")
    expect(line(page, "SN-7").locator(".count-number")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(line(page, "SN-7")).to_contain_text("as the ledger says")
    expect(line(page, "SN-7")).to_contain_text("scanned")

    line(page, "로프").get_by_role("button", name="None here").click()
    expect(line(page, "로프")).to_contain_text("4 롤 missing")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("You took part in this count")

    desk = visit(officer, language="en").go(f"/disaster/stock/counts/{CountSession.objects.get().pk}/")
    desk.get_by_role("button", name="Approve and post").click()
    expect(desk.locator("main")).to_contain_text("the differences are in the ledger")
    assert held(depot, sandbags) == {"usable": 1210}
    assert held(other, sandbags) == {"usable": 43}
    assert held(depot, rope) == {"usable": 0}


def test_two_people_at_one_shelf_see_each_others_figures(visit: Begin, officer: User, territory: Territory) -> None:
    depot = make_depot(place(100, 100))
    stock(officer, depot, make_item("모래주머니"), 10)
    helper = make_user("helper", (Role.DISASTER_OFFICER, territory.unbong))
    one = visit(officer, language="en", size=PHONE).go(f"/disaster/stock/counts/add/{depot.pk}/")
    one.get_by_role("button", name="Begin the count").click()
    expect(one.locator(".count-line")).to_have_count(1)
    two = visit(helper, language="en", size=PHONE).go("/" + one.url.split("/", 3)[3])
    one.locator(".count-number").fill("9")
    one.get_by_role("button", name="Save").click()
    expect(one.locator(".count-line")).to_contain_text("1 매 missing")
    two.locator(".count-number").fill("8")
    two.get_by_role("button", name="Save").click()
    expect(two.get_by_role("alert")).to_contain_text("Somebody else counted this meanwhile: 9 매")
    expect(two.locator(".count-number")).to_have_value("8")
    two.get_by_role("button", name="Save again").click()
    expect(two.locator(".count-line")).to_contain_text("2 매 missing")
    assert CountSession.objects.get().lines.get().quantity == 8
