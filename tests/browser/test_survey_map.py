"""The map on a phone with no network at all: its pictures, where one stands, the houses, a new house."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from gis_core.models import BaseMap, User
from tests.factories import Territory, make_house, place
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import VacantHouse, Visit

from . import test_survey_offline as day
from .conftest import Visit as Opened
from .faulty import Answer, Faulty
from .support import degrees
from .test_survey_offline import answer, download, houses_of, opened, save, send_all

server, territory, surveyor = day.server, day.territory, day.surveyor
DRAWN = """() => [...document.querySelectorAll(".survey-map img.leaflet-tile")]
  .filter((tile) => tile.complete && tile.naturalWidth > 0).map((tile) => new URL(tile.src).pathname)"""
SHOWS = """(url) => new Promise((told) => {
  const image = new Image();
  Object.assign(image, {onload: () => told(true), onerror: () => told(false), src: url});
})"""


@pytest.fixture
def base(territory: Territory) -> BaseMap:
    lon, lat = degrees(place(500, 500))
    return BaseMap.objects.create(
        name_ko="항공사진", name_en="Aerial photo", kind="raster", file="aerial.tif", attribution="남원시 제공",
        min_zoom=0, max_zoom=19, bounds=[lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2],
    )  # fmt: skip


def pictures(server: Faulty) -> None:
    """Tiles as our server draws them of a raster."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), (120, 150, 90)).save(out, "WEBP")
    tile = (200, [("Content-Type", "image/webp")], out.getvalue())

    def answers(method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        return tile if path.startswith("/basemaps/") else None

    server.answer = answers


def test_the_map_has_its_pictures_houses_and_the_phones_place_with_the_network_cut(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User, base: BaseMap, tmp_path: Path
) -> None:
    houses = houses_of(territory, surveyor, 3)
    pictures(server)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    wanted = [path for _method, path, _fate in server.log if path.startswith("/basemaps/")]
    assert len(wanted) == len(set(wanted)) > 10
    server.stop()
    at.context.set_offline(True)
    page.locator(".survey-actions button").first.click()
    expect(page.locator(".survey-mark")).to_have_count(3)
    page.wait_for_function(f"({DRAWN})().length > 3")
    assert set(page.evaluate(DRAWN)) <= set(wanted)
    assert page.evaluate(SHOWS, wanted[0])
    assert not page.evaluate(SHOWS, f"/basemaps/{base.pk}/17/1/1.webp"), "the network is really cut"
    expect(page.locator(".leaflet-control-attribution")).to_have_text("남원시 제공")
    # The nearest house is number one; a tap beside the mark means it too.
    nearest = page.locator(".survey-mark", has_text="1")
    box = nearest.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] + 6, box["y"] + box["height"] / 2)
    expect(page.locator("#main h2")).to_have_text(houses[2].address)
    page.locator(".survey-back").click()
    page.locator(".survey-actions button").first.click()
    expect(page.locator(".survey-mark")).to_have_count(3)
    page.get_by_role("button", name="내 위치").click()
    page.wait_for_timeout(500)
    middle = page.evaluate(
        """() => {
          const canvas = document.querySelector(".survey-map canvas");
          const map = document.querySelector(".survey-map").getBoundingClientRect();
          const own = canvas.getBoundingClientRect();
          const [x, y] = [map.x + map.width / 2 - own.x, map.y + map.height / 2 - own.y];
          const scale = canvas.width / own.width;
          return [...canvas.getContext("2d").getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data];
        }"""
    )
    assert middle[:3] == [11, 80, 208], "the phone stands in the middle"


def test_a_download_that_broke_off_goes_on_with_the_pictures_that_lack(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User, base: BaseMap
) -> None:
    houses_of(territory, surveyor, 2)
    pictures(server)
    whole = server.answer
    refused: list[str] = []

    def poor(method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        if path.startswith("/basemaps/") and len(refused) < 7:
            refused.append(path)
            return 503, [], b""
        return whole(method, path, headers, body)

    server.answer = poor
    at = opened(visit, server, surveyor)
    page = at.page
    page.locator(".survey-pack button").click()
    expect(page.locator("[data-pack]")).to_contain_text("7장")
    expect(page.locator("[data-house]")).to_have_count(2)
    server.log.clear()
    download(page)
    again = [path for _method, path, _fate in server.log if path.startswith("/basemaps/")]
    assert sorted(again) == sorted(refused)


def test_a_new_house_goes_to_the_round_that_was_chosen_among_those_of_the_place(
    visit: Callable[..., Opened], server: Faulty, territory: Territory, surveyor: User
) -> None:
    crew = make_crew(territory.unbong, surveyor)
    first = make_campaign(territory.namwon, name="남원 현장조사")
    second = make_campaign(territory.unbong, name="운봉 재조사")
    elsewhere = make_campaign(territory.jucheon, name="주천 현장조사")
    for number, campaign in enumerate((first, second, elsewhere)):
        assign(campaign, [make_house(place(300 + 50 * number, 500))], crew)
    at = opened(visit, server, surveyor)
    page = at.page
    download(page)
    page.locator(".survey-actions button").nth(1).click()
    expect(page.locator(".survey-round")).to_have_count(2)
    expect(page.locator("#main")).not_to_contain_text("주천")
    page.locator(".survey-round", has_text="운봉 재조사").click()
    expect(page.locator("#main")).to_contain_text("운봉 재조사")
    page.locator("#f-address").fill("뒷골 파란 지붕")
    answer(page, 3)
    save(page)
    send_all(page)
    assert Visit.objects.get().campaign == second
    assert VacantHouse.objects.get(address="뒷골 파란 지붕").area == territory.unbong
