"""Work that must not get lost, and work without a mouse: drafts, lost networks, undo, typed coordinates."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Route, expect
from shapely import Point

from facilities.models import Centre
from gis_core.crs import STORAGE_SRID, reproject
from gis_core.models import User
from tests import factories
from tests.browser.conftest import PHONE, Visit
from tests.browser.support import at, click, drag, offset, shapely_of
from tests.factories import Territory, place, square

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

HANDLES = "#map .marker-icon:not(.marker-icon-middle)"


def test_a_lost_connection_loses_nothing_and_the_save_can_be_repeated(
    visit: Begin, territory: Territory, planner: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    person = visit(planner, language="en")
    person.allowed.append("ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)|Failed to fetch")
    page = person.map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    expect(page.locator("#edit-bar")).to_contain_text("Drag the mark")
    click(page, 900, 800)
    page.fill("[name=address]", "운봉읍 새길 1")
    person.context.set_offline(True)
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel-message")).to_contain_text("What you entered is kept")
    assert page.input_value("[name=address]") == "운봉읍 새길 1"
    person.context.set_offline(False)
    page.click(".panel-message button")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Saved.")
    centre.refresh_from_db()
    assert centre.address == "운봉읍 새길 1"
    assert offset(shapely_of(centre.location))[0] == pytest.approx(900, abs=2)


def test_a_draft_survives_a_reload_of_the_page(visit: Begin, territory: Territory, planner: User) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    person = visit(planner, language="en")
    warned: list[str] = []

    def leave(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    person.page.on("dialog", leave)
    page = person.map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    expect(page.locator("#edit-bar")).to_contain_text("Drag the mark")
    click(page, 900, 800)
    page.fill("[name=address]", "쓰던 주소")
    page.reload()
    person.settle()
    assert warned == ["beforeunload"]
    expect(page.locator("[data-note=draft]")).to_contain_text("Unsaved draft: 운봉읍 센터")
    page.click("[data-note=draft] button:has-text('Go on')")
    expect(page.locator("[name=address]")).to_have_value("쓰던 주소")
    expect(page.locator(".panel-message")).to_contain_text("draft")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Saved.")
    centre.refresh_from_db()
    assert centre.address == "쓰던 주소"
    assert offset(shapely_of(centre.location))[0] == pytest.approx(900, abs=2)


def test_a_panel_closed_by_mistake_keeps_the_draft(visit: Begin, territory: Territory, planner: User) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.click("[data-add=centres]")
    expect(page.locator(".panel[data-mode=add]")).to_be_visible()
    click(page, 700, 700)
    page.fill("[name=name]", "쓰던 센터")
    page.click("[data-panel=close]")
    expect(page.locator("[data-note=draft]")).to_contain_text("쓰던 센터")
    page.click("[data-note=draft] button:has-text('Go on')")
    expect(page.locator("[name=name]")).to_have_value("쓰던 센터")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Added.")
    assert Centre.objects.get().name == "쓰던 센터"


def test_two_clicks_on_save_make_one_centre(visit: Begin, territory: Territory, planner: User) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.click("[data-add=centres]")
    expect(page.locator(".panel[data-mode=add]")).to_be_visible()
    click(page, 700, 700)
    page.fill("[name=name]", "하나뿐인 센터")
    page.dblclick("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("하나뿐인 센터")
    assert Centre.objects.count() == 1


def test_what_is_wrong_with_a_form_is_said_and_the_drawn_place_stays(
    visit: Begin, territory: Territory, planner: User
) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.click("[data-add=centres]")
    expect(page.locator(".panel[data-mode=add]")).to_be_visible()
    click(page, 700, 700)
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel [role=alert]")).to_contain_text("Name")
    page.fill("[name=name]", "이름 붙은 센터")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Added.")
    assert offset(shapely_of(Centre.objects.get().location)) == (pytest.approx(700, abs=2), pytest.approx(700, abs=2))


def test_a_place_is_typed_in_the_chosen_coordinate_system(visit: Begin, territory: Territory, planner: User) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.select_option("#crs", "EPSG:5174")
    page.click("[data-add=centres]")
    expect(page.locator("#edit-coordinates")).to_be_visible()
    wanted = place(612.5, 633.25)
    old = reproject(wanted, STORAGE_SRID, 5174)
    assert isinstance(old, Point)
    page.fill("#edit-coordinates", f"{old.x:,.2f}  {old.y:,.2f}")
    page.keyboard.press("Enter")
    page.fill("[name=name]", "좌표로 찍은 센터")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    assert shapely_of(Centre.objects.get().location).distance(wanted) < 0.15


def test_an_outline_is_drawn_and_changed_with_the_keyboard_alone(
    visit: Begin, territory: Territory, planner: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    page = visit(planner, language="en").map(f"?at={at(800, 800, 17)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    page.click("[data-edit=outline]")
    page.focus("#map")
    for move in ["ArrowRight", "ArrowDown", "ArrowLeft"]:
        page.keyboard.press("Enter")
        page.keyboard.press(move)
        page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(HANDLES)).to_have_count(4)
    page.locator(HANDLES).first.focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(HANDLES).first).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(HANDLES)).to_have_count(3)
    page.locator("#map").press("Control+z")
    expect(page.locator(HANDLES)).to_have_count(4)
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    centre.refresh_from_db()
    assert len(shapely_of(centre.footprint).exterior.coords) == 5


def test_escape_stops_a_drawing_and_only_then_the_edit(visit: Begin, territory: Territory, planner: User) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    page = visit(planner, language="en").map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    page.click("[data-edit=outline]")
    click(page, 700, 700)
    page.locator("#map").press("Escape")
    expect(page.locator("[data-edit=draw]")).to_be_visible()
    expect(page.locator(".panel[data-mode=edit]")).to_be_visible()
    page.locator("#map").press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    centre.refresh_from_db()
    assert centre.version == 1


def test_a_corner_snaps_to_the_neighbours_corner(visit: Begin, territory: Territory, planner: User) -> None:
    factories.make_centre(place(850, 850), name="이웃", footprint=factories.geos(square(820, 800, 60)))
    centre = factories.make_centre(place(750, 850), name="센터", footprint=factories.geos(square(700, 800, 100)))
    page = visit(planner, language="en").map(f"?at={at(800, 850, 17)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    with page.expect_response(lambda response: "/items?" in response.url):
        page.click("[data-edit=outline]")
    drag(page, (800, 800), (817, 803))
    expect(page.locator("[data-edit=undo]")).to_be_enabled()
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    centre.refresh_from_db()
    corner = place(820, 800)
    assert min(Point(found).distance(corner) for found in shapely_of(centre.footprint).exterior.coords) < 0.02


def test_a_centre_is_added_on_a_phone(visit: Begin, territory: Territory, planner: User) -> None:
    person = visit(planner, language="ko", size=PHONE, has_touch=True, is_mobile=True)
    page = person.map(f"?at={at(800, 800)}")
    page.tap("[data-add=centres]")
    expect(page.locator("#panel")).to_have_class("map-panel folded")
    page.tap("[data-edit=centre]")
    page.tap("[data-panel=fold]")
    page.fill("[name=name]", "전화로 찍은 센터")
    page.tap(".panel button[type=submit]")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("전화로 찍은 센터")
    assert Centre.objects.get().area == territory.unbong


def test_failed_tiles_are_said_and_fetched_again(visit: Begin, territory: Territory, planner: User) -> None:
    factories.make_centre(place(800, 800), name="운봉읍 센터")
    person = visit(planner, language="en")
    person.allowed.append("status of 503")
    broken = True

    def answer(route: Route) -> None:
        route.fulfill(status=503) if broken else route.continue_()

    person.context.route("**/collections/centres/tiles/**", answer)
    page = person.map(f"?at={at(800, 800)}")
    expect(page.locator("[data-note=tiles]")).to_contain_text("did not come")
    broken = False
    page.click("[data-note=tiles] button")
    expect(page.locator("[data-note=tiles]")).to_have_count(0)
    person.settle()
    click(page, 800, 800)
    expect(page.locator(".panel h2")).to_contain_text("운봉읍 센터")


def test_an_earlier_version_is_put_back_without_leaving_the_map(
    visit: Begin, territory: Territory, planner: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="처음 이름")
    centre.name = "나중 이름"
    centre.save()
    person = visit(planner, language="en")
    person.page.on("dialog", lambda dialog: dialog.accept())
    page = person.map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click(".panel a:has-text('History')")
    page.locator(".panel-more button:has-text('Put back this version')").last.click()
    expect(page.locator(".panel[data-mode=view] h2")).to_contain_text("처음 이름")
    assert "/map/" in page.url
    centre.refresh_from_db()
    assert centre.name == "처음 이름"


def test_another_page_leads_straight_to_drawing(visit: Begin, territory: Territory, planner: User) -> None:
    person = visit(planner, language="en")
    page = person.go("/records/centres/add/")
    page.click("#place a")
    person.settle()
    expect(page.locator(".panel[data-mode=add]")).to_be_visible()
    expect(page.locator("#edit-bar")).to_contain_text("Click where it is.")
    assert "add=" not in page.url

    centre = factories.make_centre(place(800, 800))
    person.go(f"/records/centres/{centre.pk}/edit/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#place a")
    person.settle()
    expect(page.locator("#edit-bar")).to_contain_text("Drag the mark")
