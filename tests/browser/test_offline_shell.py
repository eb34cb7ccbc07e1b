"""The app that opens without a network: with the server gone, on a shared phone, in two tabs, with a new version."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gis_core.models import Role, User
from gis_core.offline import shell as shells
from tests import factories

from .conftest import PHONE, Visit
from .faulty import Answer, Faulty, faulty

# Keeping the whole app and starting a worker take their time on a busy machine.
expect.set_options(timeout=20_000)

# What a browser writes to its console when there is no network; the page itself must not complain.
NO_NETWORK = [r"Failed to load resource: net::", r"Failed to load resource: .*(404|503)", "ERR_"]

SAVE = """async ([user, uuid, note]) => {
  const {openStore} = await import("/static/gis_core/js/offline/store.js");
  const {createQueue} = await import("/static/gis_core/js/offline/queue.js");
  const queue = await createQueue({
    store: await openStore(user), base: "/api/survey", session: "/survey/session/",
    channel: new BroadcastChannel(`dongne-queue-${user}`),
  });
  await queue.save("visits", uuid, {note}, []);
}"""
LIST = """async (user) => {
  const {openStore} = await import("/static/gis_core/js/offline/store.js");
  const {createQueue} = await import("/static/gis_core/js/offline/queue.js");
  const queue = await createQueue({store: await openStore(user), base: "/api/survey"});
  return (await queue.list()).map(({uuid, state}) => [uuid, state]).sort();
}"""


@pytest.fixture
def server(live_server: Any) -> Iterator[Faulty]:
    with faulty(live_server.url) as made:
        yield made


def surveyor(name: str) -> User:
    user: User = factories.make_user(name, (Role.SURVEYOR, None))
    return user


def opened(visit: Callable[..., Visit], server: Faulty, user: User, **options: Any) -> Visit:
    """The app, kept whole on the phone."""
    at = visit(user, size=PHONE, **options)
    at.base = server.url
    at.allowed += NO_NETWORK
    at.context.set_default_timeout(30_000)
    page = at.go("/survey/")
    page.wait_for_selector("body[data-shell=kept]")
    return at


def sign_in(at: Visit, other: Visit) -> None:
    """Somebody else takes the phone and signs in."""
    cookies = [cookie for cookie in other.context.cookies() if cookie["name"] == "sessionid"]
    at.context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]


def receipts(server: Faulty) -> list[str]:
    """Let the server take every record; returns the list of uuids as they arrive."""
    arrived: list[str] = []

    def answer(method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        if not path.startswith("/api/survey/"):
            return None
        if method == "PUT":
            uuid = path.rsplit("/", 1)[1]
            arrived.append(uuid)
            receipt = {"uuid": uuid, "version": 1, "state": "accepted", "missing": [], "damaged": [], "merged": []}
            return 201, [("Content-Type", "application/json")], json.dumps(receipt).encode()
        told = {"agrees": True, "missing": [], "device_count": len(arrived), "server_count": len(arrived)}
        return 200, [("Content-Type", "application/json")], json.dumps(told).encode()

    server.answer = answer
    return arrived


def test_the_app_opens_with_the_server_gone_and_sends_when_it_is_back(
    visit: Callable[..., Visit], server: Faulty
) -> None:
    crew = surveyor("crew")
    at = opened(visit, server, crew)
    server.stop()
    at.context.set_offline(True)
    page = at.go("/survey/")
    page.wait_for_selector("body[data-offline=ready]")
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-online", "no")
    page.evaluate(SAVE, [crew.pk, "u1", "leaning wall"])
    page.close()

    page = at.context.new_page()
    at.listen(page)
    page.goto(server.url + "/survey/")
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "1")
    arrived = receipts(server)
    server.start()
    at.context.set_offline(False)
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "0")
    assert arrived == ["u1"]
    assert page.evaluate(LIST, crew.pk) == [["u1", "done"]]


def test_on_a_shared_phone_everybody_has_a_queue_of_their_own(visit: Callable[..., Visit], server: Faulty) -> None:
    one, two = surveyor("one"), surveyor("two")
    receipts(server)
    at = opened(visit, server, one)
    server.answer = lambda method, path, headers, body: (503, [], b"") if path.startswith("/api/") else None
    at.page.evaluate(SAVE, [one.pk, "u1", "mine"])
    expect(at.page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "1")
    sign_in(at, visit(two))
    page = at.go("/survey/")
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "0")
    expect(page.locator(".offline-note", has_text="다른 사람의 기록 1건")).to_be_visible()
    assert page.evaluate(LIST, two.pk) == []
    sign_in(at, visit(one))
    page = at.go("/survey/")
    expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "1")


def test_somebody_elses_session_does_not_send_my_records(visit: Callable[..., Visit], server: Faulty) -> None:
    one, two = surveyor("one"), surveyor("two")
    at = opened(visit, server, one)
    arrived = receipts(server)
    sign_in(at, visit(two))
    at.page.evaluate(SAVE, [one.pk, "u1", "mine"])
    at.page.locator("[data-offline-bar] button", has_text="지금 보내기").click()
    expect(at.page.locator("[data-offline-bar]")).to_have_attribute("data-result", "other")
    assert arrived == []


def test_two_tabs_send_each_record_once(visit: Callable[..., Visit], server: Faulty) -> None:
    crew = surveyor("crew")
    at = opened(visit, server, crew)
    other = at.context.new_page()
    at.listen(other)
    other.goto(server.url + "/survey/")
    other.wait_for_selector("body[data-offline=ready]")
    arrived = receipts(server)
    for number in range(6):
        at.page.evaluate(SAVE, [crew.pk, f"u{number}", "note"])
    for page in (at.page, other):
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    for page in (at.page, other):
        expect(page.locator("[data-offline-bar]")).to_have_attribute("data-unsent", "0")
    assert arrived == [f"u{number}" for number in range(6)]


def test_a_new_version_waits_until_it_is_wanted(
    visit: Callable[..., Visit], server: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = surveyor("crew")
    at = opened(visit, server, crew)
    server.answer = lambda method, path, headers, body: (503, [], b"") if path.startswith("/api/") else None
    at.page.evaluate(SAVE, [crew.pk, "u1", "kept"])
    now = shells.contents
    monkeypatch.setattr(shells, "contents", lambda shell: replace(now(shell), version="next"))
    page = at.go("/survey/")
    notice = page.locator(".offline-note", has_text="새 버전")
    expect(notice).to_be_visible()
    caches = "async () => (await caches.keys()).filter((name) => name.startsWith('dongne-shell-'))"
    assert len(page.evaluate(caches)) == 2
    with page.expect_navigation():
        notice.locator("button").click()
    page.wait_for_selector("body[data-shell=kept]")
    assert page.evaluate(caches) == ["dongne-shell-survey-next"]
    expect(notice).to_be_hidden()
    assert page.evaluate(LIST, crew.pk) == [["u1", "queued"]]


def test_the_offices_pages_do_not_run_on_files_kept_for_the_app(visit: Callable[..., Visit], server: Faulty) -> None:
    at = opened(visit, server, surveyor("crew"))
    at.page.evaluate("""async () => {
      const [name] = (await caches.keys()).filter((each) => each.startsWith("dongne-shell-"));
      const old = new Response(":root { --kept: yes }", {headers: {"Content-Type": "text/css"}});
      await (await caches.open(name)).put("/static/gis_core/css/base.css", old);
    }""")
    style = "() => getComputedStyle(document.documentElement).getPropertyValue('--kept')"
    assert at.go("/survey/").evaluate(style) == "yes"
    assert at.go("/survey/campaigns/").evaluate(style) == ""


def test_somebody_who_never_signed_in_here_is_asked_to(visit: Callable[..., Visit], server: Faulty) -> None:
    at = visit(size=PHONE)
    at.base = server.url
    page = at.go("/survey/")
    link = page.locator("[data-offline-bar] a.primary")
    assert re.search(r"/sign-in/\?next=", link.get_attribute("href") or "")


PREPARE = """async ([bytes, name, type]) => {
  const {prepare} = await import("/static/gis_core/js/offline/photos.js");
  const file = new File([new Uint8Array(bytes)], name, {type});
  try {
    const made = await prepare(file);
    return {...made, bytes: Array.from(new Uint8Array(made.bytes))};
  } catch (error) {
    return error.code ?? String(error);
  }
}"""


def picture(size: tuple[int, int], orientation: int) -> bytes:
    image = Image.new("RGB", size, "#888888")
    image.paste((255, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photos_are_made_upright_and_small_and_bad_ones_are_refused(
    visit: Callable[..., Visit], server: Faulty
) -> None:
    page: Page = opened(visit, server, surveyor("crew")).page
    made = page.evaluate(PREPARE, [list(picture((2400, 1200), 6)), "a.jpg", "image/jpeg"])
    assert (made["width"], made["height"]) == (800, 1600)
    image = Image.open(io.BytesIO(bytes(made["bytes"])))
    assert image.size == (800, 1600)
    red, green, _blue = image.convert("RGB").getpixel((780, 20))  # type: ignore[misc]
    assert red > 200 > green
    assert not image.getexif()
    odd = page.evaluate(PREPARE, [list(picture((40, 20), 0)), "a.jpg", "image/jpeg"])
    assert (odd["width"], odd["height"]) == (40, 20)
    assert page.evaluate(PREPARE, [[], "a.jpg", "image/jpeg"]) == "photo_empty"
    assert page.evaluate(PREPARE, [list(b"no photo"), "a.jpg", "image/jpeg"]) == "photo_not_read"
    heic = page.evaluate(PREPARE, [list(b"....ftypheic...."), "a.heic", "image/heic"])
    assert heic["isOriginal"] is True


PACK = """async (user) => {
  const {openStore} = await import("/static/gis_core/js/offline/store.js");
  const {download, current} = await import("/static/gis_core/js/offline/pack.js");
  const store = await openStore(user);
  const steps = [];
  try {
    const {tiles, isNew} = await download("/survey/pack/", store, {onprogress: ({done}) => steps.push(done)});
    return {tiles, isNew, steps: steps.at(-1), version: (await current(store)).pack.version};
  } catch (error) {
    return {code: error.code, version: (await current(store))?.pack.version};
  }
}"""
TILE = "async (url) => (await fetch(url).catch(() => ({status: 0}))).status"


def test_a_pack_is_kept_whole_and_a_failed_download_leaves_the_one_before(
    visit: Callable[..., Visit], server: Faulty
) -> None:
    crew = surveyor("crew")
    at = opened(visit, server, crew)
    pack: dict[str, Any] = {"version": 1, "tiles": ["/x/tiles/1", "/x/tiles/2", "/x/tiles/gone"]}

    def answer(method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        if path == "/survey/pack/":
            kind, tag = ("Content-Type", "application/json"), ("ETag", f'"{pack["version"]}"')
            known = headers.get("If-None-Match") == tag[1]
            return (304, [tag], b"") if known else (200, [kind, tag], json.dumps(pack).encode())
        if path.startswith("/x/tiles/"):
            return (404, [], b"") if path.endswith("gone") else (200, [("Content-Type", "image/png")], b"tile")
        return None

    server.answer = answer
    told = at.page.evaluate(PACK, crew.pk)
    assert told == {"tiles": {"wanted": 3, "failed": 1, "isFull": False}, "isNew": True, "steps": 3, "version": 1}
    assert at.page.evaluate(PACK, crew.pk)["isNew"] is False
    pack.update(version=2, tiles=["/x/tiles/2"])
    server.stop()
    assert at.page.evaluate(PACK, crew.pk) == {"code": "offline", "version": 1}
    assert [at.page.evaluate(TILE, f"/x/tiles/{name}") for name in (1, 2, 3)] == [200, 200, 0]
    server.start()
    assert at.page.evaluate(PACK, crew.pk)["version"] == 2
    server.stop()
    assert [at.page.evaluate(TILE, f"/x/tiles/{name}") for name in (1, 2)] == [0, 200]


def test_signing_out_closes_the_app_on_this_phone_but_keeps_the_queue(
    visit: Callable[..., Visit], server: Faulty
) -> None:
    crew = surveyor("crew")
    at = opened(visit, server, crew)
    server.answer = lambda method, path, headers, body: (503, [], b"") if path.startswith("/api/") else None
    at.page.evaluate(SAVE, [crew.pk, "u1", "kept"])
    page = at.go("/profile/")
    page.locator("form[action='/sign-out/'] button").first.evaluate("(button) => button.click()")
    page.wait_for_url("**/sign-in/**")
    page = at.go("/survey/")
    expect(page.locator("[data-offline-bar] a.primary")).to_be_visible()
    assert page.evaluate(LIST, crew.pk) == [["u1", "queued"]]
