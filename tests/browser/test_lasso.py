"""A manager draws around houses on the map of a round and gives them to a crew; the same without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gis_core.models import Role, User
from tests.browser.conftest import Visit
from tests.browser.support import at, pixel
from tests.factories import Territory, make_house, make_user, place
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse
from vacanthouses.services import giving

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


def houses() -> list[VacantHouse]:
    """Four side by side, and one well away."""
    return [make_house(place(east, 800)) for east in (700, 760, 820, 880, 1300)]


def opened(visit: Begin, manager: User, campaign: Campaign) -> Page:
    page = visit(manager, language="en").go(f"/survey/campaigns/{campaign.pk}/map/?at={at(900, 800, 15)}")
    page.wait_for_selector("body[data-map=ready]")
    return page


def around(page: Page, *corners: tuple[float, float]) -> None:
    """Draw freehand along these places, back to the first."""
    page.mouse.move(*pixel(page, *corners[0]))
    page.mouse.down()
    for corner in (*corners[1:], corners[0]):
        page.mouse.move(*pixel(page, *corner), steps=8)
    page.mouse.up()


def by_crew(*crews: Crew) -> list[set[int]]:
    found = Assignment.objects.live()
    return [set(found.filter(crew=crew).values_list("house", flat=True)) for crew in crews]


def test_a_manager_draws_around_houses_and_gives_them_to_a_crew(
    visit: Begin, manager: User, territory: Territory
) -> None:
    campaign, known = make_campaign(territory.namwon), houses()
    one, two = make_crew(territory.unbong), make_crew(territory.unbong, name="2반")
    assign(campaign, known[:1], one)
    page = opened(visit, manager, campaign)
    page.click("#draw")
    expect(page.locator("#draw")).to_have_attribute("aria-pressed", "true")
    around(page, (650, 740), (940, 740), (940, 860), (650, 860))
    expect(page.locator("#chosen-status")).to_contain_text("4 houses chosen:")
    expect(page.locator("#chosen-status")).to_contain_text("1반 1")
    assert page.locator("#chosen li").count() == 4
    page.check("#taking")
    around(page, (850, 740), (940, 740), (940, 860), (850, 860))
    expect(page.locator("#chosen-status")).to_contain_text("3 houses chosen:")
    page.keyboard.press("Escape")
    expect(page.locator("#draw")).to_have_attribute("aria-pressed", "false")
    page.mouse.click(*pixel(page, 1300, 800))
    expect(page.locator("#chosen-status")).to_contain_text("4 houses chosen:")
    page.select_option("#to", f"crew-{two.pk}")
    page.click("button[name=give]")
    expect(page.locator(".messages, main").first).to_contain_text("4 houses changed hands.")
    page.wait_for_selector("body[data-map=ready]")
    assert by_crew(one, two) == [set(), {known[n].pk for n in (0, 1, 2, 4)}]
    expect(page.locator("#chosen-status")).to_contain_text("No house is chosen.")
    page.mouse.click(*pixel(page, 760, 800))
    expect(page.locator("#chosen")).to_contain_text("2반")


def test_what_somebody_else_gave_meanwhile_is_told_and_the_choice_stays(
    visit: Begin, manager: User, territory: Territory
) -> None:
    campaign, known = make_campaign(territory.namwon), houses()
    one, two = make_crew(territory.unbong), make_crew(territory.unbong, name="2반")
    page = opened(visit, manager, campaign)
    page.click("#draw")
    around(page, (650, 740), (790, 740), (790, 860), (650, 860))
    expect(page.locator("#chosen-status")).to_contain_text("2 houses chosen:")
    giving.assign(campaign, manager, [known[1].pk], two)
    page.select_option("#to", f"crew-{one.pk}")
    page.click("button[name=give]")
    expect(page.locator("[role=alert]")).to_contain_text(known[1].address)
    page.wait_for_selector("body[data-map=ready]")
    assert by_crew(one) == [set()]
    expect(page.locator("#chosen-status")).to_contain_text("2반 1")
    page.click("button[name=give]")
    expect(page.locator("main")).to_contain_text("2 houses changed hands.")
    assert by_crew(one) == [{known[0].pk, known[1].pk}]


def test_houses_are_chosen_and_given_by_keyboard_alone(visit: Begin, territory: Territory) -> None:
    manager = make_user("boss", (Role.SURVEY_MANAGER, territory.namwon))
    campaign, known = make_campaign(territory.namwon), houses()
    crew = make_crew(territory.unbong)
    page: Any = opened(visit, manager, campaign)
    page.mouse.click = page.mouse.move = None
    page.locator("#corners").focus()
    page.keyboard.press("Enter")
    page.locator("#map").focus()
    # Corners where the map's middle is; the arrows move the map by 80 pixels, here by about 310 m.
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(600)
        page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#chosen-status")).to_contain_text("4 houses chosen:")
    page.locator("#choose-none").focus()
    page.keyboard.press("Enter")
    page.locator("#choose-seen").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-status")).to_contain_text("5 houses chosen:")
    page.locator("#chosen button").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-status")).to_contain_text("4 houses chosen:")
    page.locator("#to").focus()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("4 houses changed hands.")
    assert by_crew(crew) == [{house.pk for house in known[:4]}]
