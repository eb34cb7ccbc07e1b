"""A planner's day with the programme: a card moved by keyboard, a request with its room, and where both are seen."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from facilities.models import RedesignProject, Request
from gis_core.models import User
from tests.browser.conftest import PHONE, Visit
from tests.facilities.programme_support import fund, make_meeting, make_plan, make_project, make_room, reach
from tests.factories import Territory, make_centre, place

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


@pytest.fixture
def project(territory: Territory) -> RedesignProject:
    project = make_project(make_centre(place(500, 500), name="운봉읍 주민센터"))
    reach(project, "survey", "2026-01-05")
    return project


def test_a_card_is_moved_by_keyboard_and_the_board_shows_it_in_its_new_column(
    visit: Begin, planner: User, project: RedesignProject
) -> None:
    person = visit(planner, language="en")
    page = person.go("/projects/board/?year=2026")
    page.get_by_role("link", name="Move on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=stage]")).to_have_value("agreement")
    page.fill("[name=reached_on]", "2026-02-02")
    page.locator("[name=reached_on]").press("Enter")
    column = page.get_by_role("region", name="Agreement ceremony")
    expect(column).to_contain_text("운봉읍 주민센터 개선")
    expect(column).to_contain_text("since 2026-02-02")
    assert "year=2026" in page.url


def test_what_a_meeting_asked_is_entered_with_its_room_and_found_on_the_plan(
    visit: Begin, planner: User, project: RedesignProject
) -> None:
    as_is = make_plan(project.centre)
    option = make_plan(None, "1안", "option", building=as_is.building, based_on=as_is)
    room = make_room(as_is, "민원대기실", (0, 0, 5, 4))
    make_room(option, "민원대기실", (0, 0, 8, 4), key=room.key)
    make_room(as_is, "창고", (0, 5, 5, 9))
    meeting = make_meeting(project)
    person = visit(planner, language="en")
    page = person.go(f"/records/meetings/{meeting.pk}/")
    page.click("text=Add a request")
    page.fill("[name=asked]", "유모차를 둘 자리를 마련해 주세요.")
    page.select_option("[name=answer]", "adopted")
    page.get_by_placeholder("Narrow the list").fill("대기")
    expect(page.get_by_label("1F 창고")).to_be_hidden()
    page.get_by_label("1F 민원대기실").check()
    page.click("button:has-text('Save')")
    expect(page.locator("h1")).to_contain_text("유모차를 둘 자리")
    assert Request.objects.get().unit_keys == [room.key]
    page.click("text=What was asked, on the plan")
    link = page.get_by_role("link", name="1F 민원대기실").first
    expect(link).to_have_attribute("href", f"/plans/{option.pk}/?room={room.key}")
    expect(page.locator("#main")).to_contain_text("1 change without a request behind it")


@pytest.mark.parametrize("path", ["/programme/", "/projects/board/", "/projects/timeline/", "/standards/"])
def test_no_page_of_the_programme_is_wider_than_a_phone(
    visit: Begin, viewer: User, project: RedesignProject, path: str
) -> None:
    fund(project, 2026, 1_234_567_890, 987_654_321)
    reach(project, "completion", planned=date(2027, 7, 1).isoformat())
    person = visit(viewer, language="ko", size=PHONE)
    page = person.go(path)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
