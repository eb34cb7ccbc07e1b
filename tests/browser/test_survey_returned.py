"""What became of a visit after it was sent: on the same phone, on another one, after a new download."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from gis_core.models import Attachment, Role, User
from tests import factories
from tests.factories import Territory
from vacanthouses.models import Visit
from vacanthouses.services import reviews

from . import test_survey_offline as day
from .conftest import Visit as Opened
from .faulty import Faulty
from .test_survey_offline import answer, begin, download, houses_of, opened, photograph, save, send_all

server, territory, surveyor = day.server, day.territory, day.surveyor


def manager_of() -> User:
    user: User = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    return user


def test_done_houses_stay_in_the_list_after_a_new_download_and_on_another_phone(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    first, second = houses_of(territory, surveyor, 2)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    begin(page, first)
    answer(page, 1)
    save(page)
    send_all(page)
    download(page)
    other = opened(visit, server, surveyor)
    download(other.page)
    for each in (page, other.page):
        expect(each.locator("[data-house]")).to_have_count(1)
        each.locator(".survey-tabs button").nth(2).click()
        expect(each.locator(f"[data-house='{first.pk}']")).to_contain_text(first.address)
        expect(each.locator(f"[data-house='{second.pk}']")).to_have_count(0)
    other.page.locator(f"[data-house='{first.pk}']").click()
    expect(other.page.locator("#main")).to_contain_text("다른 휴대전화")
    expect(other.page.locator(".survey-save")).to_have_count(0)


def test_a_visit_returned_to_another_phone_is_the_same_visit_there_without_network(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    download(at.page)
    begin(at.page, house)
    answer(at.page, 1)
    save(at.page)
    send_all(at.page)
    sent = Visit.objects.get()
    reviews.send_back(sent, manager_of(), sent.version, "지붕 사진을 다시 찍어 주세요")
    other = opened(visit, server, surveyor)
    page = other.page
    download(page)
    server.stop()
    other.context.set_offline(True)
    page.locator(".survey-tabs button").nth(1).click()
    expect(page.locator(".survey-comment")).to_contain_text("지붕 사진을 다시")
    begin(page, house)
    expect(page.locator("input[name=looks][value=fair]")).to_be_checked()
    expect(page.locator("[data-question=photo_front]")).to_contain_text("서버에 도착했습니다")
    photograph(page, "photo_roof", 9)
    save(page)
    server.start()
    other.context.set_offline(False)
    send_all(page)
    sent.refresh_from_db()
    assert Visit.objects.count() == 1
    assert (sent.state, sent.answers["looks"]) == ("submitted", "fair")
    assert Attachment.objects.live().of("visits", sent.pk).count() == 2


def test_what_the_office_decided_comes_without_a_new_pack(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    first, second = houses_of(territory, surveyor, 2)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    for house in (first, second):
        begin(page, house)
        answer(page, house.pk)
        save(page)
    send_all(page)
    manager = manager_of()
    accepted, returned = (Visit.objects.get(house=house) for house in (first, second))
    reviews.accept(accepted, manager, accepted.version)
    reviews.send_back(returned, manager, returned.version, "마당 사진이 필요합니다")
    # Opening the app again asks at once what the page, left open, would ask within minutes.
    page.evaluate(
        """async (user) => {
          const {openStore} = await import("/static/gis_core/js/offline/store.js");
          await (await openStore(user)).write({remove: [["meta", "decisions"]]});
        }""",
        surveyor.pk,
    )
    page = at.go("/survey/")
    page.wait_for_selector("body[data-survey=ready]")
    expect(page.locator(".survey-tabs button").nth(1)).to_contain_text("1")
    page.locator(".survey-tabs button").nth(1).click()
    expect(page.locator(f"[data-house='{second.pk}']")).to_contain_text("마당 사진이 필요합니다")
    page.locator(".survey-actions button").nth(2).click()
    expect(page.locator(".survey-list")).to_contain_text(re.compile("승인"))
    done = page.locator(".survey-item", has_text=first.address)
    expect(done.get_by_role("button")).to_have_count(0)
    packs = [path for _method, path, _fate in server.log if path == "/survey/pack/"]
    assert len(packs) == 1
