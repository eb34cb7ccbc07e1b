"""A phone without space: it is said in words, nothing that was there is lost, and room can be made."""

from collections.abc import Callable

from playwright.sync_api import expect

from gis_core.models import User
from tests.factories import Territory
from vacanthouses.models import Visit

from . import test_survey_offline as day
from .conftest import Visit as Opened
from .faulty import Faulty
from .test_survey_offline import answer, begin, choose, download, houses_of, opened, photograph, picture, save, send_all

server, territory, surveyor = day.server, day.territory, day.surveyor
# A store that takes texts but no more photos, as IndexedDB says it.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  window.roomMade = () => { IDBObjectStore.prototype.put = put; };
  IDBObjectStore.prototype.put = function (row) {
    if (this.name === "bytes") throw new DOMException("full", "QuotaExceededError");
    return put.call(this, row);
  };
}"""
NOTHING_FITS = FULL.replace('this.name === "bytes"', "true")
BYTES = """async (user) => {
  const {openStore} = await import("/static/gis_core/js/offline/store.js");
  return (await (await openStore(user)).all("bytes")).length;
}"""


def test_a_photo_that_has_no_room_is_told_and_fits_after_what_waited_was_sent(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    first, second = houses_of(territory, surveyor, 2)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    at.context.set_offline(True)
    begin(page, first)
    answer(page, 1)
    save(page)
    begin(page, second)
    choose(page, "looks", "poor")
    photograph(page, "photo_front", 5)
    page.wait_for_timeout(700)
    page.evaluate(FULL)
    page.set_input_files("#p-photo_roof", {"name": "r.jpg", "mimeType": "image/jpeg", "buffer": picture(7)})
    expect(page.locator(".survey-full")).to_contain_text("남은 공간이 없습니다")
    page.locator("#f-note").fill("담이 기울었음")
    page.wait_for_timeout(900)
    page.locator(".survey-save").click()
    expect(page.locator(".survey-full")).to_be_visible()

    # The phone dies there: all but the photo that had no room is still in it.
    again = at.context.new_page()
    at.listen(again)
    again.goto(server.url + "/survey/")
    again.wait_for_selector("body[data-survey=ready]")
    begin(again, second)
    expect(again.locator("#f-note")).to_have_value("담이 기울었음")
    expect(again.locator("[data-question=photo_front] img")).to_be_visible()
    expect(again.locator("[data-question=photo_roof] img")).to_have_count(0)
    again.close()

    at.context.set_offline(False)
    page.evaluate("window.roomMade()")
    page.get_by_role("button", name="전송 후 전송분 비우기").click()
    expect(page.locator(".survey-full")).to_have_count(0)
    assert Visit.objects.get().house == first
    assert page.evaluate(BYTES, surveyor.pk) == 2, "the photos that arrived have made room for the new ones"
    for question, value in (("mail_pile", "yes"), ("garden", "kept"), ("power_meter", "removed")):
        choose(page, question, value)
    save(page)
    send_all(page)
    assert Visit.objects.get(house=second).note == "담이 기울었음"


def test_a_phone_on_which_nothing_fits_keeps_what_is_on_the_page_and_says_so_while_sending(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    begin(page, house)
    choose(page, "outcome", "no_entry")
    page.evaluate(NOTHING_FITS)
    page.locator("#f-reason").fill("대문이 잠김")
    page.locator(".survey-save").click()
    expect(page.locator(".survey-full")).to_be_visible()
    expect(page.locator("#f-reason")).to_have_value("대문이 잠김")
    page.evaluate("window.roomMade()")
    save(page)
    page.evaluate(NOTHING_FITS)
    page.locator("[data-offline-bar] button").first.click()
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-result", "full")
    assert not Visit.objects.exists()
    page.evaluate("window.roomMade()")
    send_all(page)
    assert Visit.objects.get().reason == "대문이 잠김"
