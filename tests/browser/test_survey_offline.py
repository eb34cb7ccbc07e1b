"""A day in the hills: the pack is downloaded, houses are surveyed with no network at all, and nothing is lost on the
way home through a network that loses and doubles requests."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from gis_core.models import Attachment, OfflineEntry, OfflineRecord, Reconciliation, Role, User
from tests import factories
from tests.factories import Territory, make_house, make_territory, place
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import VacantHouse, Visit
from vacanthouses.services import reviews
from vacanthouses.services.rules import load_samples

from .conftest import DESKTOP, PHONE
from .conftest import Visit as Opened
from .faulty import Faulty, faulty
from .support import degrees
from .test_offline_shell import NO_NETWORK

expect.set_options(timeout=20_000)


DRAFTS = """async (user) => {
  const {openStore} = await import("/static/gis_core/js/offline/store.js");
  const records = await (await openStore(user)).all("records");
  return records.filter(({draft}) => draft).length;
}"""


@pytest.fixture
def server(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Faulty]:
    settings.MEDIA_ROOT, settings.OFFLINE_KEY_FILE = tmp_path / "media", tmp_path / "offline.pem"
    with faulty(live_server.url) as made:
        yield made


@pytest.fixture
def territory(transactional_db: None) -> Territory:
    load_samples()
    return make_territory()


@pytest.fixture
def surveyor(territory: Territory) -> User:
    user: User = factories.make_user("surveyor", (Role.SURVEYOR, territory.unbong), name="정현장")
    return user


def picture(number: int) -> bytes:
    """A photo as a phone makes it: lying on its side, with its orientation in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (240, 160), (40 * number % 256, 90, 120)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def houses_of(territory: Territory, surveyor: User, number: int) -> list[VacantHouse]:
    houses = [make_house(place(400 + 40 * each, 500), address=f"서천리 {each + 1}") for each in range(number)]
    assign(make_campaign(territory.namwon), houses, make_crew(territory.unbong, surveyor))
    return houses


def opened(visit: Callable[..., Opened], server: Faulty, user: User, **options: Any) -> Opened:
    """The app on a phone that knows where it is, kept whole."""
    lon, lat = degrees(place(500, 520))
    at = visit(
        user, **{"size": PHONE, **options}, permissions=["geolocation"],
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 6},
    )  # fmt: skip
    at.base = server.url
    at.allowed += NO_NETWORK
    at.context.set_default_timeout(30_000)
    page = at.go("/survey/")
    page.wait_for_selector("body[data-shell=kept]")
    page.wait_for_selector("body[data-survey=ready]")
    return at


def download(page: Page) -> None:
    page.locator(".survey-pack button").click()
    expect(page.locator(".survey-tabs")).to_be_visible()
    expect(page.locator("[data-pack]")).to_contain_text(re.compile("내려받았습니다|Downloaded"))


def choose(page: Page, question: str, value: str) -> None:
    page.locator(f"label:has(> input[name='{question}'][value='{value}'])").click()


def photograph(page: Page, slot: str, number: int) -> None:
    page.set_input_files(f"#p-{slot}", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture(number)})
    expect(page.locator(f"[data-question='{slot}'] img")).to_be_visible()


def answer(page: Page, number: int) -> None:
    """The answers that a plain house needs."""
    for question, value in (
        ("mail_pile", "yes"),
        ("garden", "overgrown"),
        ("power_meter", "removed"),
        ("looks", "fair"),
    ):
        choose(page, question, value)
    photograph(page, "photo_front", 2 * number)
    photograph(page, "photo_roof", 2 * number + 1)


def save(page: Page) -> None:
    page.locator(".survey-save").click()
    expect(page.locator(".survey-tabs")).to_be_visible()


def begin(page: Page, house: VacantHouse) -> None:
    page.locator(f"[data-house='{house.pk}']").click()
    page.locator(".survey-save").click()
    expect(page.locator(".survey-form")).to_be_visible()


def send_all(page: Page) -> None:
    """Press “send now” until nothing is left, as an impatient person does."""
    bar = page.locator("[data-offline-bar]")
    for _attempt in range(60):
        if bar.get_attribute("data-unsent") == "0":
            return
        button = bar.locator("button").first
        if button.is_visible():
            # It goes away by itself when the last record has arrived.
            with suppress(PlaywrightError):
                button.click(timeout=2_000)
        page.wait_for_timeout(500)
    raise AssertionError(f"still unsent: {bar.inner_text()}")


def test_five_houses_and_a_new_one_survive_a_day_without_network_and_a_bad_way_home(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    houses = houses_of(territory, surveyor, 6)
    at = opened(visit, server, surveyor)
    download(at.page)
    server.stop()
    at.context.set_offline(True)
    page = at.page
    for number, house in enumerate(houses[:5]):
        begin(page, house)
        answer(page, number)
        save(page)
    page.locator(".survey-actions button").nth(1).click()
    page.locator("#f-address").fill("서천리 뒷골 파란 지붕")
    answer(page, 5)
    save(page)
    page.close()

    page = at.context.new_page()
    at.listen(page)
    page.goto(server.url + "/survey/")
    page.wait_for_selector("body[data-survey=ready]")
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "6")
    page.locator(".survey-actions button").nth(2).click()
    expect(page.locator(".survey-item[data-state=queued]")).to_have_count(6)
    assert not Visit.objects.exists()

    server.start()
    server.faults = True
    at.context.set_offline(False)
    send_all(page)
    fates = {fate for _method, path, fate in server.log if path.startswith("/api/survey/")}
    assert {"lost", "unanswered", "twice"} <= fates, "the network was as bad as it should be"
    visits = list(Visit.objects.select_related("house"))
    assert len(visits) == 6
    assert {each.house for each in visits} >= set(houses[:5])
    assert VacantHouse.objects.get(address="서천리 뒷골 파란 지붕").area == territory.unbong
    assert {each.state for each in visits} == {"submitted"}
    for each in visits:
        photos = Attachment.objects.live().of("visits", each.pk)
        assert photos.count() == 2
        assert all(photo.height > photo.width and photo.taken_place for photo in photos), "upright, and placed"
    assert OfflineRecord.objects.count() == 6
    assert OfflineEntry.objects.filter(status__in=[200, 201]).count() == 6
    page.wait_for_timeout(500)
    compared = Reconciliation.objects.latest("at")
    assert (compared.agrees, compared.device_count, compared.server_count) == (True, 6, 6)
    expect(page.locator(".survey-item[data-state=done]")).to_have_count(6)


def test_a_question_appears_when_it_matters_and_what_is_missing_is_told(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    begin(page, house)
    note = page.locator("[data-question=danger_note]")
    expect(note).to_be_hidden()
    choose(page, "danger", "leaning")
    expect(note).to_be_visible()
    page.locator(".survey-save").click()
    expect(page.locator(".survey-problem")).to_have_count(6)
    choose(page, "outcome", "no_entry")
    expect(note).to_be_hidden()
    page.locator(".survey-save").click()
    expect(page.locator(".survey-problem")).to_have_text(["사유를 적으십시오."])
    page.locator("#f-reason").fill("대문이 잠김")
    save(page)
    send_all(page)
    assert Visit.objects.get().outcome == "no_entry"


def test_a_draft_is_there_after_the_phone_died(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    download(at.page)
    begin(at.page, house)
    choose(at.page, "looks", "poor")
    photograph(at.page, "photo_front", 1)
    at.page.locator("#f-note").fill("담이 기울었음")
    at.page.wait_for_timeout(900)
    page = at.go("/survey/")
    page.wait_for_selector("body[data-survey=ready]")
    begin(page, house)
    expect(page.locator("#f-note")).to_have_value("담이 기울었음")
    expect(page.locator("input[name=looks][value=poor]")).to_be_checked()
    expect(page.locator("[data-question=photo_front] img")).to_be_visible()
    page.locator(".survey-back").click()
    page.locator(".survey-actions button").nth(2).click()
    item = page.locator(".survey-item[data-state=draft]")
    expect(item).to_contain_text(house.address)
    item.get_by_role("button", name="초안 버리기").click()
    expect(page.locator(".survey-item")).to_have_count(0)
    assert not Visit.objects.exists()


def test_a_returned_visit_is_corrected_on_the_phone(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    manager = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    begin(page, house)
    answer(page, 1)
    save(page)
    send_all(page)
    sent = Visit.objects.get()
    reviews.send_back(sent, manager, sent.version, "지붕 사진을 다시 찍어 주세요")
    page.locator(".survey-pack button").click()
    page.get_by_role("button", name=re.compile("반려")).click()
    expect(page.locator(".survey-comment")).to_contain_text("지붕 사진을 다시")
    page.locator(f"[data-house='{house.pk}']").click()
    page.locator(".survey-save").click()
    photograph(page, "photo_roof", 9)
    save(page)
    send_all(page)
    sent.refresh_from_db()
    assert sent.state == "submitted"
    assert Attachment.objects.live().of("visits", sent.pk).count() == 2


def test_nothing_is_wider_than_a_small_phone_in_either_language(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    for language, size in (("ko", (360, 740)), ("en", (360, 740)), ("ko", DESKTOP)):
        at = opened(visit, server, surveyor, language=language, size=size)
        page = at.page
        download(page)

        def fits(page: Page = page) -> bool:
            return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))

        assert fits()
        begin(page, house)
        assert fits()
        assert "q-" not in page.locator("#main").inner_text()
        at.context.close()


def test_what_is_typed_just_before_saving_is_saved_and_leaves_no_draft(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    begin(page, house)
    choose(page, "outcome", "no_entry")
    page.locator("#f-reason").fill("대문이 잠김")
    save(page)
    page.wait_for_timeout(1000)
    send_all(page)
    page.locator(".survey-actions button").nth(2).click()
    expect(page.locator(".survey-item[data-state=done]")).to_have_count(1)
    assert Visit.objects.get().reason == "대문이 잠김"
    assert page.evaluate(DRAFTS, surveyor.pk) == 0


def test_a_rejected_visit_is_corrected_on_the_phone(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    (house,) = houses_of(territory, surveyor, 1)
    at = opened(visit, server, surveyor)
    at.allowed.append("status of 422")
    page = at.page
    download(page)
    begin(page, house)
    choose(page, "outcome", "no_entry")
    page.locator("#f-reason").fill("가" * 301)
    save(page)
    page.locator("[data-offline-bar] button").first.click()
    page.locator(".survey-actions button").nth(2).click()
    rejected = page.locator(".survey-item[data-state=rejected]")
    expect(rejected).to_contain_text("300자")
    assert not Visit.objects.exists()
    rejected.locator("button").click()
    page.locator("#f-reason").fill("대문이 잠김")
    save(page)
    send_all(page)
    assert Visit.objects.get().reason == "대문이 잠김"
