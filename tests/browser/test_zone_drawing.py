"""A coordinator makes a zone on the map: by clicking towns, by drawing around them, and without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gis_core.models import AdminArea, CooperationZone, User
from tests.browser.conftest import PHONE, Visit
from tests.browser.support import at, click, pixel
from tests.factories import Territory, make_area, make_zone, square

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

SUMMARY = "#edit-bar [data-part=measure]"


@pytest.fixture
def dangjin(territory: Territory) -> dict[str, AdminArea]:
    """Songak and Sinpyeong side by side, Seongmun beyond the town between."""
    return {
        name: make_area(name, code, square(east, 6000, 2000), territory.province)
        for name, code, east in (
            ("송악읍", "5227025300", 0), ("신평면", "5227038000", 2000),
            ("순성면", "5227036000", 4000), ("석문면", "5227032000", 6000),
        )
    }  # fmt: skip


def begun(visit: Begin, coordinator: User, **options: Any) -> Page:
    page = visit(coordinator, language="en", **options).map(f"?at={at(4000, 7000, 12)}&on=areas&add=zones")
    expect(page.locator(SUMMARY)).to_have_text("No member area is chosen yet.")
    return page


def members(zone: CooperationZone) -> set[str]:
    return set(zone.member_areas.values_list("name", flat=True))


def test_songak_and_sinpyeong_become_a_zone_by_two_clicks(
    visit: Begin, dangjin: dict[str, AdminArea], coordinator: User
) -> None:
    make_zone(dangjin["신평면"], dangjin["순성면"], name="남부권")
    page = begun(visit, coordinator)
    click(page, 1000, 7000)
    expect(page.locator(SUMMARY)).to_contain_text("1 member · 4.0 km²")
    click(page, 3000, 7000)
    expect(page.locator(SUMMARY)).to_have_text("2 members · 8.0 km² · hang together")
    look = page.locator(".panel .zone-look")
    expect(look).to_contain_text("All members hang together.")
    expect(look).to_contain_text("남부권: 4.0 km² (신평면)")
    page.fill(".panel [name=name]", "송악읍–신평면")
    page.click(".panel button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Added.")
    zone = CooperationZone.objects.get(name="송악읍–신평면")
    assert members(zone) == {"송악읍", "신평면"}
    assert not zone.drawn
    assert zone.geometry.area == pytest.approx(8e6)


def test_a_zone_whose_members_lie_apart_warns_and_is_saved_all_the_same(
    visit: Begin, dangjin: dict[str, AdminArea], coordinator: User
) -> None:
    zone = make_zone(dangjin["송악읍"], dangjin["신평면"], name="북부권")
    page = visit(coordinator, language="en").map(f"?at={at(4000, 7000, 12)}&on=areas,zones&sel=zones/{zone.pk}")
    page.click(".panel button:has-text('Edit shape')")
    expect(page.locator(SUMMARY)).to_contain_text("hang together")
    click(page, 7000, 7000)
    expect(page.locator(SUMMARY)).to_contain_text("lies apart: 석문면")
    click(page, 3000, 7000)
    expect(page.locator(SUMMARY)).to_contain_text("2 members · 8.0 km² · lies apart")
    expect(page.locator(".panel .zone-look .notice")).to_contain_text("It can be saved all the same.")
    page.click(".panel button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Saved.")
    assert members(zone) == {"송악읍", "석문면"}
    zone.refresh_from_db()
    assert len(zone.geometry) == 2


def test_towns_are_chosen_by_a_line_around_them_and_taken_away_again(
    visit: Begin, dangjin: dict[str, AdminArea], coordinator: User
) -> None:
    page = begun(visit, coordinator)
    page.click("[data-edit=lasso]")
    expect(page.locator("[data-edit=lasso]")).to_have_attribute("aria-pressed", "true")
    around(page, (-200, 5800), (8200, 5800), (8200, 8200), (-200, 8200))
    expect(page.locator(SUMMARY)).to_have_text("4 members · 16.0 km² · hang together")
    page.click("[data-edit=taking]")
    around(page, (3800, 5800), (8200, 5800), (8200, 8200), (3800, 8200))
    expect(page.locator(SUMMARY)).to_have_text("2 members · 8.0 km² · hang together")
    page.keyboard.press("Escape")
    expect(page.locator("[data-edit=lasso]")).to_have_attribute("aria-pressed", "false")
    assert page.locator(".panel [name=member_areas]:checked").count() == 2


def around(page: Page, *corners: tuple[float, float]) -> None:
    page.mouse.move(*pixel(page, *corners[0]))
    page.mouse.down()
    for corner in (*corners[1:], corners[0]):
        page.mouse.move(*pixel(page, *corner), steps=6)
    page.mouse.up()


def test_members_are_chosen_by_keyboard_on_the_map_and_on_a_phone_without_it(
    visit: Begin, territory: Territory, dangjin: dict[str, AdminArea], coordinator: User
) -> None:
    zone = make_zone(dangjin["송악읍"], dangjin["신평면"], name="북부권")
    page = visit(coordinator, language="en").map(f"?at={at(5000, 7000, 12)}&on=areas&sel=zones/{zone.pk}")
    page.locator(".panel button:has-text('Edit shape')").press("Enter")
    expect(page.locator(SUMMARY)).to_contain_text("2 members")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(SUMMARY)).to_have_text("3 members · 12.0 km² · hang together")
    page.keyboard.press("Enter")
    expect(page.locator(SUMMARY)).to_contain_text("2 members · 8.0 km²")
    for number in range(100):
        make_area(f"먼 동네 {number}", f"52990{number:05}", square(20_000 + 300 * number, 0, 300), territory.province)
    phone = visit(coordinator, language="en", size=PHONE).go("/records/zones/add/")
    # Of more areas than one walks through, only those are shown that were typed.
    expect(phone.get_by_label("전북특별자치도 송악읍")).to_be_hidden()
    expect(phone.locator(".zone-look")).to_contain_text("No member area is chosen yet.")
    phone.fill(".many-narrow >> nth=0", "송악")
    phone.get_by_label("전북특별자치도 송악읍").check()
    phone.fill(".many-narrow >> nth=0", "석문")
    phone.get_by_label("전북특별자치도 석문면").check()
    expect(phone.locator(".zone-look")).to_contain_text("Not all members hang together")
