"""Lists that change while somebody reads them, and a form that must not."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from gis_core.models import User
from tests.factories import Territory

from . import test_survey_offline as day
from .conftest import Visit as Opened
from .faulty import Faulty
from .test_offline_shell import SAVE
from .test_survey_offline import begin, choose, download, houses_of, opened

server, territory, surveyor = day.server, day.territory, day.surveyor
CHANNEL = "(user) => new BroadcastChannel(`dongne-queue-${user}`).postMessage('changed')"


def top_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return float(box["y"])


def test_a_list_that_is_drawn_anew_stays_where_it_was_read(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    houses = houses_of(territory, surveyor, 25)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    read = f"[data-house='{houses[18].pk}']"
    page.locator(read).scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 37)")
    page.wait_for_timeout(200)
    before, element = top_of(page, read), page.locator(read).element_handle()
    page.evaluate(CHANNEL, surveyor.pk)
    page.wait_for_function("(old) => !old.isConnected", arg=element)
    assert abs(top_of(page, read) - before) <= 1
    page.locator(read).click()
    expect(page.locator(".survey-save")).to_be_visible()
    assert page.evaluate("window.scrollY") == 0
    page.locator(".survey-back").click()
    expect(page.locator(read)).to_be_visible()
    assert abs(top_of(page, read) - before) <= 1, "who comes back reads on"


def test_nothing_is_drawn_anew_under_a_finger(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    item = page.locator(f"[data-house='{house.pk}']")
    old: Any = item.element_handle()
    box = item.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.evaluate(CHANNEL, surveyor.pk)
    page.wait_for_timeout(500)
    assert old.evaluate("(element) => element.isConnected")
    page.mouse.up()
    expect(page.locator("#main h2")).to_have_text(house.address)


def test_a_form_is_left_alone_while_other_records_are_sent(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    at.allowed.append("status of 422")
    page = at.page
    download(page)
    begin(page, house)
    choose(page, "looks", "poor")
    page.locator("#f-note").fill("담이 기울")
    note: Any = page.locator("#f-note").element_handle()
    page.evaluate(SAVE, [surveyor.pk, "11111111-1111-4111-8111-111111111111", "broken"])
    page.evaluate(CHANNEL, surveyor.pk)
    expect(page.locator("[data-offline-bar]")).not_to_have_attribute("data-unsent", "0")
    page.keyboard.type("었음")
    assert note.evaluate("(element) => element.isConnected && document.activeElement === element")
    expect(page.locator("#f-note")).to_have_value("담이 기울었음")
