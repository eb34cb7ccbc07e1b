"""A manager at a desk: fifty visits reviewed without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from gis_core.models import Role, User
from tests.browser.conftest import PHONE
from tests.browser.conftest import Visit as Person
from tests.factories import Territory, make_house, make_user, place
from tests.vacanthouses.review_support import load_table, make_photo, make_round, make_visit
from vacanthouses.models import Review, Visit

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


@pytest.fixture(autouse=True)
def _media(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.name"))


def test_a_manager_reviews_fifty_visits_by_keyboard_alone_and_never_meets_their_own(
    visit: Begin, territory: Territory, surveyor: User
) -> None:
    manager = make_user("manager", (Role.SURVEY_MANAGER, territory.namwon))
    load_table()
    campaign = make_round(territory.namwon)
    made = [make_visit(surveyor, make_house(place(300 + 20 * n, 900)), campaign=campaign) for n in range(50)]
    own = make_visit(manager, make_house(place(700, 700)), campaign=campaign)
    page = visit(manager, language="en").go(f"/survey/campaigns/{campaign.pk}/review/")
    page.mouse.click = page.mouse.move = None
    expect(page.locator("h2#review-house")).to_be_focused()
    for number, each in enumerate(made):
        expect(page.locator("h2#review-house")).to_contain_text(each.house.address)
        # The page's script has taken the keyboard.
        expect(page.locator("h2#review-house")).to_be_focused()
        if number % 10 == 3:
            page.keyboard.press("r")
            assert focused(page) == "review-comment"
            page.keyboard.type("ja: roof photo please")
            page.keyboard.press("Control+Enter")
        elif number % 10 == 7:
            page.keyboard.press("e")
            assert focused(page).startswith("answer-")
            page.keyboard.press("Control+A")
            page.keyboard.type("bad")
            page.keyboard.press("Control+Enter")
            expect(page.locator("main")).to_contain_text(f"Corrected: {each.house}")
            expect(page.locator("h2#review-house")).to_be_focused()
            page.keyboard.press("a")
        else:
            page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("Nothing waits for you.")
    states = list(Visit.objects.filter(pk__in=[each.pk for each in made]).values_list("state", flat=True))
    assert (states.count("accepted"), states.count("returned")) == (45, 5)
    assert Review.objects.filter(decision="edit").count() == 5
    own.refresh_from_db()
    assert own.state == "submitted"


def test_keys_go_through_the_queue_the_photos_and_the_help(visit: Begin, manager: User, surveyor: User) -> None:
    first, second = make_visit(surveyor), make_visit(surveyor)
    for shade in (60, 120):
        make_photo(first, shade)
    page = visit(manager, language="en").go("/survey/review/")
    expect(page.locator("#review-photo-number")).to_have_text("Photo 1 of 2")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#review-photo-number")).to_have_text("Photo 2 of 2")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#review-house")).to_contain_text(second.house.address)
    page.keyboard.press("k")
    expect(page.locator("#review-house")).to_contain_text(first.house.address)
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(page.locator("#review-house")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    assert not Review.objects.exists()


def test_where_a_house_was_visited_twice_the_key_leads_to_the_choice(
    visit: Begin, manager: User, surveyor: User
) -> None:
    house = make_house(place(1000, 1000))
    first, other = make_visit(surveyor, house), make_visit(make_user("second"), house)
    page = visit(manager, language="en").go(f"/survey/review/?visit={first.pk}")
    page.keyboard.press("a")
    expect(page.locator("[name=instead_of]")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("Accepted:")
    other.refresh_from_db()
    assert other.state == "set_aside"


def test_the_queue_fits_a_phone(visit: Begin, manager: User, surveyor: User) -> None:
    load_table()
    make_photo(make_visit(surveyor), 60)
    page = visit(manager, language="ko", size=PHONE).go("/survey/review/")
    expect(page.locator("#review-house")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
