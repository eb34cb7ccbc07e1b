"""From the printed label to the readiness of the town.

Labels are printed, a code is read back from the paper, its address opened on a phone that then has no network, one item
fails, and the office sees the repair and the lower score.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from disaster.models import Depot, Inspection, Item, Label, RepairTask, StandardMethod, StandardQuantity
from gis_core.models import Attachment, Role, User
from tests import factories
from tests.disaster.inspection_support import (
    inspection_body,
    make_checklist,
    make_pump_class,
    make_pump_depot,
    send,
)
from tests.factories import Territory, make_territory, place
from tests.vacanthouses.sync_support import Phone

from .conftest import PHONE
from .conftest import Visit as Opened
from .faulty import Faulty, faulty
from .support import degrees
from .test_offline_shell import NO_NETWORK
from .test_survey_offline import picture, send_all

expect.set_options(timeout=20_000)


@pytest.fixture
def server(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Faulty]:
    settings.MEDIA_ROOT, settings.OFFLINE_KEY_FILE = tmp_path / "media", tmp_path / "offline.pem"
    with faulty(live_server.url) as made:
        yield made


@pytest.fixture
def territory(transactional_db: None) -> Territory:
    return make_territory()


@pytest.fixture
def keeper(territory: Territory) -> User:
    user: User = factories.make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong), name="김관리")
    return user


@pytest.fixture
def depot(territory: Territory, keeper: User) -> Depot:
    """Four pumps where four are asked for, inspected a while ago and found to be good."""
    pumps = make_pump_class()
    made = make_pump_depot("운봉읍 수방자재 창고")
    checklist = make_checklist(pumps)
    make_checklist(None)
    StandardQuantity.objects.create(
        item=Item.objects.get(name="수중펌프"), depot=made, quantity=4, method=StandardMethod.OWN, source="시험",
        effective_from=date(2020, 1, 1),
    )  # fmt: skip
    earlier = timezone.localtime() - timezone.timedelta(days=20)
    assert send(Phone(keeper), inspection_body(made, checklist, inspected_at=earlier.isoformat())).status_code == 201
    return made


def code_on_paper(base: str, user: User, thing: str) -> str:
    """The address in the QR code of the label, as somebody reads it from the printed sheet."""
    client = Client(headers={"host": base.partition("//")[2]})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/disaster/labels/", {"t": [thing], "paper": "21", "start": 5})
    assert answer["Content-Type"] == "application/pdf"
    picture_of_page = pypdfium2.PdfDocument(BytesIO(answer.content))[0].render(scale=300 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture_of_page)
    return str(code.text)


def opened(visit: Callable[..., Opened], server: Faulty, user: User) -> Opened:
    lon, lat = degrees(place(500, 520))
    at = visit(
        user, size=PHONE, permissions=["geolocation"], geolocation={"longitude": lon, "latitude": lat, "accuracy": 6}
    )
    at.base = server.url
    at.allowed += NO_NETWORK
    at.context.set_default_timeout(30_000)
    page = at.go("/inspect/")
    page.wait_for_selector("body[data-shell=kept]")
    page.wait_for_selector("body[data-inspect=ready]")
    return at


def download(page: Page) -> None:
    page.locator(".inspect-pack button").click()
    expect(page.locator("[data-pack]")).to_contain_text(re.compile("내려받았습니다|Downloaded"))
    expect(page.locator("[data-depot]").first).to_be_visible()


def choose(page: Page, question: str, value: str) -> None:
    page.locator(f"label:has(> input[name='{question}'][value='{value}'])").click()


def sign(page: Page) -> None:
    box = page.locator("canvas.inspect-signature")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 30, at["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(at["x"] + 30 + 20 * step, at["y"] + 40 + (15 if step % 2 else -15))
    page.mouse.up()


def score(depot: Depot) -> Any:
    from disaster.services import readiness

    return readiness.of_town(depot.area, "flood", timezone.localdate())


@pytest.mark.django_db(transaction=True)
def test_a_pump_fails_at_its_shelf_without_network_and_the_town_is_less_ready(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, keeper: User, depot: Depot
) -> None:
    before = score(depot)
    address = code_on_paper(server.url, keeper, f"{depot.pk}.{make_pump_class().pk}")
    assert address == f"{server.url}/inspect/l/{Label.objects.get().token}"
    at = opened(visit, server, keeper)
    page = at.page
    download(page)
    server.stop()
    # The phone's own camera opens the address: the app answers, though nobody else does.
    page.goto(address)
    expect(page.locator(".inspect-form")).to_be_visible()
    expect(page.locator("h2")).to_contain_text("운봉읍 수방자재 창고")
    choose(page, "starts", "no")
    expect(page.locator("[data-question=starts]")).to_have_attribute("data-fails", "yes")
    expect(page.locator("[data-question=flow]")).to_be_hidden()
    choose(page, "hose", "yes")
    page.locator(".inspect-save").click()
    # The photo is asked for, because it fails.
    expect(page.locator(".inspect-problem")).to_have_count(1)
    page.set_input_files("#p-starts", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture(1)})
    expect(page.locator("[data-photo=starts] img")).to_be_visible()
    page.fill("#u-starts", "3")
    sign(page)
    page.locator(".inspect-save").click()
    expect(page.locator("[data-pack]")).to_contain_text(re.compile("저장했습니다|Saved on this phone"))
    assert not RepairTask.objects.exists()
    server.start()
    send_all(page)
    task = RepairTask.objects.get()
    assert (task.title, task.quantity, task.blocks, task.state) == ("펌프 수리", 3, True, "open")
    found = Inspection.objects.latest("pk")
    assert (found.result, found.is_complete) == ("failed", True)
    assert len(found.signature) == 1
    assert Attachment.objects.live().of("inspections", found.pk).count() == 1
    after = score(depot)
    assert before.score is not None
    assert after.score is not None
    assert after.score < before.score
    # And why, in words: three pumps are in repair.
    with translation.override("ko"):
        assert "3" in after.sentence
        assert "정비" in after.sentence or "수리" in after.sentence
        reason = after.sentence
    page.goto(f"{server.url}/disaster/readiness/{territory.unbong.mois_code}/")
    expect(page.locator("main")).to_contain_text(reason)
    page.goto(f"{server.url}/disaster/repairs/")
    expect(page.get_by_role("link", name="펌프 수리")).to_be_visible()
    page.goto(f"{server.url}/records/inspections/{found.pk}/")
    expect(page.locator("svg.signature polyline")).to_have_count(1)


@pytest.mark.django_db(transaction=True)
def test_a_measured_value_is_judged_at_once_and_a_draft_survives_closing_the_app(
    visit: Callable[..., Opened], server: Faulty, keeper: User, depot: Depot
) -> None:
    at = opened(visit, server, keeper)
    page = at.page
    download(page)
    page.locator(f"[data-depot='{depot.pk}']").click()
    page.locator(f"[data-class='{make_pump_class().pk}']").click()
    choose(page, "starts", "yes")
    page.fill("#q-flow", "150")
    expect(page.locator("[data-question=flow] .inspect-verdict")).to_contain_text("200")
    page.fill("#q-flow", "350")
    expect(page.locator("[data-question=flow] .inspect-verdict")).to_be_hidden()
    page.fill("#sign-name", "김관리")
    page.wait_for_timeout(800)
    page.reload()
    page.wait_for_selector("body[data-inspect=ready]")
    page.locator(f"[data-depot='{depot.pk}']").click()
    page.locator(f"[data-class='{make_pump_class().pk}']").click()
    expect(page.locator("#q-flow")).to_have_value("350")
    expect(page.locator("#sign-name")).to_have_value("김관리")
    choose(page, "hose", "yes")
    page.locator(".inspect-save").click()
    expect(page.locator("[data-pack]")).to_contain_text(re.compile("저장했습니다|Saved on this phone"))
    send_all(page)
    found = Inspection.objects.latest("pk")
    assert (found.result, found.answers["flow"], found.signature) == ("passed", 350, {"name": "김관리"})
    page.locator(".inspect-actions button").nth(1).click()
    expect(page.locator("[data-uuid]")).to_have_attribute("data-state", "done")


@pytest.mark.django_db(transaction=True)
def test_a_revoked_label_says_so_and_a_new_one_is_found_by_downloading_again(
    visit: Callable[..., Opened], server: Faulty, keeper: User, depot: Depot
) -> None:
    from disaster.services import labels

    at = opened(visit, server, keeper)
    page = at.page
    download(page)
    (label,) = labels.labels_of(keeper, [(depot.pk, None, None)])
    page.goto(f"{server.url}/inspect/l/{label.token}")
    expect(page.locator("[data-class]").first).to_be_visible()
    labels.revoke(label, keeper)
    at.allowed.append("410")
    page.goto(f"{server.url}/inspect/l/{label.token}")
    expect(page.locator("h1")).to_contain_text(re.compile("라벨|label"))
