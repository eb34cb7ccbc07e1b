"""The calendar of inspections at a browser: by keyboard, on a phone, and as the feed has it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone
from ics import Calendar
from playwright.sync_api import expect

from disaster.models import Schedule
from gis_core.models import User
from tests.browser.conftest import PHONE, Visit
from tests.disaster.test_schedules_service import make
from tests.factories import Territory, make_depot, place

PAGE = "/disaster/inspections/calendar/"


def test_a_month_is_walked_by_keyboard_and_a_day_opened(
    visit: Callable[..., Visit], officer: User, territory: Territory
) -> None:
    make(officer, depot=make_depot(place(500, 500), name="운봉 창고"))
    page = visit(officer).go(f"{PAGE}?month=2026-06&day=2026-06-10")
    page.locator("[data-day='2026-06-10']").focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator("[data-day='2026-06-15']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#day")).to_contain_text("운봉 창고")
    page.locator("[data-day='2026-06-15']").focus()
    page.keyboard.press("PageDown")
    expect(page.locator("h1")).to_have_text("2026년 7월")
    expect(page.locator("td", has=page.locator("[data-day='2026-07-13']"))).to_contain_text("정기점검")


def test_a_phone_shows_the_days_on_which_there_is_something(
    visit: Callable[..., Visit], officer: User, territory: Territory
) -> None:
    make(officer)
    page = visit(officer, size=PHONE).go(f"{PAGE}?month=2026-02")
    expect(page.locator("[data-day='2026-02-13']")).to_be_visible()
    expect(page.locator("[data-day='2026-02-17']")).to_be_visible()
    expect(page.locator("[data-day='2026-02-10']")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_feed_and_the_page_agree_also_after_the_day_is_changed(
    visit: Callable[..., Visit], officer: User, territory: Territory
) -> None:
    schedule = make(officer, starts_on=date(timezone.localdate().year, 1, 1))
    someone = visit(officer)
    page = someone.go("/disaster/inspections/feeds/")
    page.get_by_role("button", name="구독 주소 만들기").click()
    address = page.locator("#new-link").input_value()
    before = {each.uid: each.begin.date() for each in _events(address)}

    page = someone.go(f"/disaster/schedules/{schedule.pk}/edit/")
    expect(page.locator("#preview")).to_contain_text("매월 13일")
    page.fill("[name=by_month_day]", "15")
    expect(page.locator("#preview")).to_contain_text("매월 15일")
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".facts")).to_contain_text("매월 15일")

    after = {each.uid: each.begin.date() for each in _events(address)}
    assert len({*before} ^ {*after}) <= 2
    year = timezone.localdate().year + 1
    key = f"{schedule.uuid}-{year}-04@dongne"
    assert before[key] < after[key]
    page = someone.go(f"{PAGE}?month={year}-04")
    cell = page.locator("td", has=page.locator(f"[data-day='{after[key].isoformat()}']"))
    expect(cell).to_contain_text("정기점검")
    assert Schedule.objects.get().by_month_day == "15"


def _events(address: str) -> Any:
    path = re.sub(r"^https?://[^/]+", "", address)
    return Calendar(Client().get(path).content.decode()).events
