"""Two versions of one visit: told in the words of the form, settled question by question, and receipted."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from gis_core.models import OfflineEntry, Role, User
from tests import factories
from tests.factories import Territory
from vacanthouses.models import Visit
from vacanthouses.services import reviews

from . import test_survey_offline as day
from .conftest import Visit as Opened
from .faulty import Faulty
from .test_survey_offline import answer, begin, choose, download, houses_of, opened, save, send_all

server, territory, surveyor = day.server, day.territory, day.surveyor
STALE = "status of 412"


def records(page: Page) -> None:
    page.locator(".survey-actions button").nth(2).click()
    expect(page.locator(".survey-list")).to_be_visible()


def open_clash(page: Page) -> None:
    """Send, and go to the record that clashes."""
    page.locator("[data-offline-bar] button").first.click()
    records(page)
    clashing = page.locator(".survey-item[data-state=conflict]")
    expect(clashing).to_be_visible()
    clashing.get_by_role("button").click()


def pick(page: Page, field: str, side: str) -> None:
    page.locator(f"[data-field='{field}'] label:has(> input[value={side}])").click()


def visited(visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User) -> tuple[Any, Any]:
    """A phone that has surveyed a house, and the visit at the office."""
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    at.allowed.append(STALE)
    download(at.page)
    begin(at.page, house)
    answer(at.page, 1)
    save(at.page)
    send_all(at.page)
    return at, Visit.objects.get()


def test_what_the_office_corrected_meanwhile_is_compared_in_words_and_settled_question_by_question(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    at, sent = visited(visit, server, territory, surveyor)
    manager = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    reviews.correct(sent, manager, sent.version, {"looks": "poor", "garden": "kept", "mail_pile": "no"})
    page = at.page
    records(page)
    page.locator(".survey-item[data-state=done]").get_by_role("button").click()
    choose(page, "looks", "good")
    choose(page, "garden", "none")
    page.locator("#f-note").fill("다시 보았음")
    save(page)
    open_clash(page)
    screen = page.locator("#main")
    expect(page.locator("fieldset[data-field]")).to_have_count(2)
    expect(page.locator("[data-field='answers.garden']")).to_contain_text("마당 없음")
    expect(page.locator("[data-field='answers.garden']")).to_contain_text("관리됨")
    assert "answers" not in screen.inner_text()
    assert "kept" not in screen.inner_text()
    pick(page, "answers.garden", "mine")
    page.locator(".survey-save").click()
    expect(page.locator(".survey-problems")).not_to_be_empty()
    pick(page, "answers.looks", "theirs")
    page.locator(".survey-save").click()
    expect(page.locator(".survey-item[data-state=done]")).to_have_count(1)
    sent.refresh_from_db()
    assert {name: sent.answers[name] for name in ("looks", "garden", "mail_pile")} == {
        "looks": "poor", "garden": "none", "mail_pile": "no",
    }  # fmt: skip
    assert sent.note == "다시 보았음"
    assert OfflineEntry.objects.filter(status=200).exists(), "the receipt came"
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "0")


def test_two_phones_that_correct_one_visit_end_with_what_the_person_chose(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    at, sent = visited(visit, server, territory, surveyor)
    manager = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    reviews.send_back(sent, manager, sent.version, "전체 상태를 다시 확인")
    other = opened(visit, server, surveyor)
    other.allowed.append(STALE)
    download(at.page)
    download(other.page)
    for each, looks in ((at, "poor"), (other, "good")):
        page = each.page
        page.locator(".survey-tabs button").nth(1).click()
        page.locator(f"[data-house='{sent.house_id}']").click()
        page.locator(".survey-save").click()
        expect(page.locator("input[name=mail_pile][value=yes]")).to_be_checked()
        choose(page, "looks", looks)
        each.context.set_offline(each is other)
        save(page)
    send_all(at.page)
    other.context.set_offline(False)
    page = other.page
    open_clash(page)
    expect(page.locator("fieldset[data-field]")).to_have_count(1)
    page.locator(".survey-pair button").first.click()
    page.locator(".survey-save").click()
    expect(page.locator(".survey-item[data-state=done]")).to_have_count(1)
    visits = Visit.objects.all()
    assert [(each.uuid, each.answers["looks"]) for each in visits] == [(sent.uuid, "good")]


def test_taking_the_office_text_settles_it_without_sending_anything(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    at, sent = visited(visit, server, territory, surveyor)
    manager = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    reviews.correct(sent, manager, sent.version, {"looks": "poor"})
    page = at.page
    records(page)
    page.locator(".survey-item[data-state=done]").get_by_role("button").click()
    choose(page, "looks", "good")
    save(page)
    open_clash(page)
    page.locator(".survey-pair button").nth(1).click()
    known = OfflineEntry.objects.count()
    page.locator(".survey-save").click()
    expect(page.locator(".survey-item[data-state=done]")).to_have_count(1)
    page.locator(".survey-item[data-state=done]").get_by_role("button").click()
    expect(page.locator("input[name=looks][value=poor]")).to_be_checked()
    assert OfflineEntry.objects.count() == known
