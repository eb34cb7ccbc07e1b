"""The map's main jobs: seeing, finding, adding, changing, and two people at once."""

import base64
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Route, expect
from shapely import Point, Polygon

from facilities.models import Centre
from gis_core.models import BaseMap, Role, User
from gis_core.models.basemaps import BaseMapKind
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.support import at, click, drag, offset, pixel, shapely_of
from tests.factories import Territory, place, square
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_planner_adds_a_centre_by_drawing_and_finds_it_in_history(
    visit: Begin, territory: Territory, planner: User
) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.click("[data-add=centres]")
    expect(page.locator("#edit-bar")).to_contain_text("Click where it is.")
    click(page, 700, 900)
    page.click("[data-edit=outline]")
    for corner in [(650, 850), (750, 850), (750, 950), (650, 950)]:
        click(page, *corner)
    page.click("[data-edit=finishDrawing]")
    expect(page.locator("[data-part=measure]")).to_contain_text("m²")
    page.fill("[name=name]", "운봉 어울림센터")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Added.")
    expect(page.locator(".panel h2")).to_contain_text("운봉 어울림센터")

    centre = Centre.objects.get()
    east, north = offset(shapely_of(centre.location))
    assert (east, north) == (pytest.approx(700, abs=2), pytest.approx(900, abs=2))
    assert centre.area == territory.unbong
    assert centre.footprint.area == pytest.approx(10_000, rel=0.05)
    assert f"sel=centres/{centre.pk}" in page.url

    page.click(".panel a:has-text('History')")
    expect(page.locator(".panel-more")).to_contain_text("planner")


def test_two_editors_of_different_facts_both_keep_their_work(
    visit: Begin, territory: Territory, planner: User, administrator: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터", staff=12)
    query = f"?at={at(800, 800)}&sel=centres/{centre.pk}"
    first, second = visit(planner, language="en"), visit(administrator, language="en")
    for each in (first, second):
        each.map(query).click(".panel button:has-text('Edit') >> nth=0")
        expect(each.page.locator(".panel[data-mode=edit]")).to_be_visible()
    first.page.fill("[name=staff]", "20")
    first.page.click("button[type=submit]:has-text('Save')")
    expect(first.page.locator(".panel[data-mode=view]")).to_be_visible()
    second.page.fill("[name=address]", "운봉읍 새길 1")
    second.page.click("button[type=submit]:has-text('Save')")
    expect(second.page.locator(".panel[data-mode=view]")).to_contain_text("both changes are kept")
    centre.refresh_from_db()
    assert (centre.staff, centre.address) == (20, "운봉읍 새길 1")


def test_two_editors_collide_and_nothing_is_lost(
    visit: Begin, territory: Territory, planner: User, administrator: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터", staff=12)
    query = f"?at={at(800, 800)}&sel=centres/{centre.pk}"
    first, second = visit(planner, language="en"), visit(administrator, language="en")
    for each in (first, second):
        each.map(query).click("[data-action=edit-shape]")
        expect(each.page.locator("#edit-bar")).to_contain_text("Drag the mark")
    first.page.fill("[name=staff]", "20")
    click(first.page, 900, 800)
    first.page.click("button[type=submit]:has-text('Save')")
    expect(first.page.locator(".panel[data-mode=view]")).to_be_visible()

    page = second.page
    page.fill("[name=staff]", "30")
    page.fill("[name=address]", "운봉읍 새길 1")
    click(page, 700, 700)
    page.click("button[type=submit]:has-text('Save')")
    conflict = page.locator(".panel[data-mode=conflict]")
    expect(conflict).to_contain_text("20")
    expect(conflict).to_contain_text("30")
    expect(conflict.locator(".conflict-key")).to_contain_text("My shape")
    assert page.locator("path[stroke='#b34700']").count() > 0, "their shape is drawn"
    assert page.locator("path[stroke='#0b50d0']").count() > 0, "my shape is drawn"

    page.check("[name=choice-staff][value=mine]")
    page.check("[name=choice-geometry][value=theirs]")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    centre.refresh_from_db()
    assert (centre.staff, centre.address) == (30, "운봉읍 새길 1")
    assert offset(shapely_of(centre.location))[0] == pytest.approx(900, abs=2)


def test_a_polygon_with_a_hole_survives_edit_and_save(visit: Begin, territory: Territory, planner: User) -> None:
    yard = square(700, 700, 200).difference(square(780, 780, 40))
    centre = factories.make_centre(place(720, 720), name="마당 있는 센터", footprint=factories.geos(yard))
    page = visit(planner).map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    page.click("[data-edit=outline]")
    drag(page, (900, 900), (930, 940))
    expect(page.locator("[data-edit=undo]")).to_be_enabled()
    page.click(".panel button[type=submit]")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()

    centre.refresh_from_db()
    shape = shapely_of(centre.footprint)
    assert len(shape.interiors) == 1
    kept = square(780, 780, 40)
    assert Polygon(shape.interiors[0]).symmetric_difference(kept).area < 0.1, "the hole has not moved"
    moved = max(shape.exterior.coords, key=sum)
    assert offset(Point(moved)) == (pytest.approx(930, abs=2), pytest.approx(940, abs=2))


def test_a_hole_can_be_cut_undone_and_cut_again(visit: Begin, territory: Territory, planner: User) -> None:
    centre = factories.make_centre(place(720, 720), footprint=factories.geos(square(700, 700, 200)))
    page = visit(planner).map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    page.click("[data-action=edit-shape]")
    page.click("[data-edit=outline]")
    for _attempt in range(2):
        page.click("[data-edit=hole]")
        for corner in [(760, 760), (840, 760), (840, 840), (760, 840)]:
            click(page, *corner)
        page.click("[data-edit=finishDrawing]")
        expect(page.locator("#map .marker-icon:not(.marker-icon-middle)")).to_have_count(8)
        if _attempt == 0:
            page.locator("#map").press("Control+z")
            expect(page.locator("#map .marker-icon:not(.marker-icon-middle)")).to_have_count(4)
    page.click(".panel button[type=submit]")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    centre.refresh_from_db()
    assert len(shapely_of(centre.footprint).interiors) == 1


def test_the_map_works_with_the_network_off_except_for_our_server(
    visit: Begin, territory: Territory, planner: User
) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    person = visit(planner)
    outside: list[str] = []

    def only_ours(route: Route) -> None:
        if route.request.url.startswith(person.base):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    person.context.route(re.compile(r"^https?://"), only_ours)
    page = person.map(f"?at={at(800, 800, 15)}")
    expect(page.locator("[data-layer=centres] [data-part=count]")).to_have_text("1")
    expect(page.locator(".area-name").first).to_be_visible()
    click(page, 800, 800)
    expect(page.locator(".panel h2")).to_contain_text("운봉읍 센터")
    assert f"sel=centres/{centre.pk}" in page.url
    page.fill("#search", "운봉")
    expect(page.locator("#search-results [role=option]").first).to_be_visible()
    assert outside == []


def test_a_surveyor_of_one_town_cannot_change_another_towns_house(
    visit: Begin, territory: Territory, surveyor: User
) -> None:
    mine = factories.make_house(place(1800, 1000), address="운봉읍 1")
    other = factories.make_house(place(2200, 1000), address="주천면 1")
    person = visit(surveyor, language="en")
    person.allowed.append("(status of|Status Error Code) 40[34]")
    page = person.map(f"?at={at(2000, 1000)}")
    expect(page.locator("[data-layer=vacant-houses] [data-part=count]")).to_have_text("1")
    click(page, 2200, 1000)
    expect(page.locator(".panel h2")).to_contain_text("주천면")
    assert page.locator(".panel").get_attribute("data-layer") == "areas", "the house is not there to be clicked"

    person.map(f"?at={at(2000, 1000)}&sel=vacant-houses/{other.pk}")
    expect(page.locator(".panel-message")).to_contain_text("not there")
    for path in ("panel", "edit", "retire"):
        assert page.request.get(f"{person.base}/records/vacant-houses/{other.pk}/{path}/").status in {403, 404}

    person.map(f"?at={at(2000, 1000)}&sel=vacant-houses/{mine.pk}")
    page.click("[data-action=edit-shape]")
    expect(page.locator("#edit-bar")).to_contain_text("Drag the mark")
    click(page, 2200, 1000)
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel-message")).to_contain_text("outside the area")
    assert VacantHouse.objects.get(pk=mine.pk).area == territory.unbong
    assert VacantHouse.objects.get(pk=other.pk).version == 1


def test_a_record_can_be_chosen_and_left_with_the_keyboard_alone(
    visit: Begin, territory: Territory, planner: User
) -> None:
    factories.make_centre(place(800, 800), name="운봉읍 센터")
    page = visit(planner).map(f"?at={at(800, 800)}")
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "map":
            break
    assert page.evaluate("document.activeElement.id") == "map"
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_contain_text("운봉읍 센터")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()


def test_the_keyboard_skips_to_the_map_and_goes_through_a_group_of_layers_by_arrow_keys(
    visit: Begin, territory: Territory, planner: User
) -> None:
    page = visit(planner, language="en").map(f"?at={at(800, 800)}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link", has_text="Skip to the map")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_focused()

    page.focus("[data-layer=areas] [data-part=on]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-layer=areas] [data-part=filter]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-layer=zones] [data-part=filter]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-layer=zones] [data-part=form] :focus")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-layer=zones] [data-part=filter]")).to_be_focused()


def test_the_search_is_a_matter_of_typing_and_arrow_keys(visit: Begin, territory: Territory, planner: User) -> None:
    centre = factories.make_centre(place(800, 800), name="운봉읍 센터")
    page = visit(planner).map()
    page.focus("#search")
    page.keyboard.type("운봉읍")
    expect(page.locator("#search-results [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-results [aria-selected=true]")).to_contain_text("센터")
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_contain_text("운봉읍 센터")
    assert f"sel=centres/{centre.pk}" in page.url
    page.fill("#search", "4519025000")
    expect(page.locator("#search-results [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_contain_text("운봉읍")
    assert f"sel=areas/{territory.unbong.pk}" in page.url


def test_the_address_brings_a_colleague_to_the_same_map_and_the_back_button_goes_back(
    visit: Begin, territory: Territory, planner: User
) -> None:
    first = factories.make_centre(place(800, 800), name="첫째 센터")
    factories.make_centre(place(900, 900), name="둘째 센터")
    page = visit(planner).map(f"?at={at(850, 850)}")
    click(page, 800, 800)
    expect(page.locator(".panel h2")).to_contain_text("첫째 센터")
    click(page, 900, 900)
    expect(page.locator(".panel h2")).to_contain_text("둘째 센터")
    page.go_back()
    expect(page.locator(".panel h2")).to_contain_text("첫째 센터")
    page.uncheck("[data-layer=depots] [data-part=on]")
    address = page.url
    assert f"sel=centres/{first.pk}" in address
    colleague = visit(planner)
    colleague.page.goto(address)
    colleague.settle()
    expect(colleague.page.locator(".panel h2")).to_contain_text("첫째 센터")
    expect(colleague.page.locator("[data-layer=depots] [data-part=on]")).not_to_be_checked()
    assert pixel(colleague.page, 800, 800) == pytest.approx(pixel(page, 800, 800), abs=1)


def test_filters_and_the_chosen_area_hold_for_map_counts_and_table_alike(visit: Begin, territory: Territory) -> None:
    manager = factories.make_user("manager", (Role.SURVEY_MANAGER, None))
    factories.make_house(place(1900, 1000), grade="1")
    factories.make_house(place(1900, 1100), grade="2")
    factories.make_house(place(2100, 1000), grade="1")
    page = visit(manager).map(f"?at={at(2000, 1000)}")
    count = page.locator("[data-layer=vacant-houses] [data-part=count]")
    expect(count).to_have_text("3")
    page.click("[data-layer=vacant-houses] [data-part=filter]")
    page.check("[data-layer=vacant-houses] [name=grade][value='1']")
    expect(count).to_have_text("2")
    page.select_option("#area-upper", str(territory.namwon.pk))
    page.select_option("#area-town", str(territory.jucheon.pk))
    page.goto(re.sub(r"at=[^&]*", f"at={at(2000, 1000)}", page.url))
    expect(count).to_have_text("1")
    table = page.locator("[data-layer=vacant-houses] [data-part=table]").get_attribute("href")
    assert table is not None
    assert "grade=1" in table
    assert f"area={territory.jucheon.mois_code}" in table
    assert "bbox=" in table
    page.goto(page.url.split("/map/")[0] + table)
    expect(page.locator(".list-bar .count")).to_contain_text("1")


def test_a_base_map_can_be_chosen_and_a_broken_one_says_so(visit: Begin, territory: Territory, planner: User) -> None:
    url = "https://tiles.example/{z}/{x}/{y}.png"
    base = BaseMap.objects.create(
        kind=BaseMapKind.TILES, url=url, name_ko="위성사진", name_en="Satellite", attribution="© <b>Somebody</b>"
    )
    person = visit(planner, language="en")
    person.allowed.append("status of 404|ERR_FAILED")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404) if len(asked) > 4 else route.fulfill(body=_PIXEL, content_type="image/png")

    person.context.route("https://tiles.example/**", answer)
    page = person.map(f"?at={at(800, 800)}")
    assert asked == [], "nothing is asked of the internet before somebody chooses it"
    page.check(f"[name=base][value='{base.pk}']")
    expect(page.locator("[data-note=base]")).to_contain_text("did not come")
    expect(page.locator(".leaflet-control-attribution")).to_have_text("© <b>Somebody</b>")
    assert f"base={base.pk}" in page.url
    page.check("[name=base][value=areas]")
    expect(page.locator("[data-note=base]")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_machine_finds_no_barrier_on_the_map(
    visit: Begin, territory: Territory, administrator: User, size: tuple[int, int]
) -> None:
    centre = factories.make_centre(place(800, 800), footprint=factories.geos(square(700, 700, 200)))
    person = visit(administrator, size=size)
    axe = (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def barriers() -> list[str]:
        person.page.evaluate(axe)
        script = "() => axe.run().then((found) => found.violations.map((each) => `${each.id} ${each.nodes[0].html}`))"
        found: list[str] = person.page.evaluate(script)
        return found

    page = person.map(f"?at={at(800, 800)}&sel=centres/{centre.pk}")
    expect(page.locator(".panel[data-mode=view]")).to_be_visible()
    assert barriers() == []
    page.click("[data-action=edit-shape]")
    expect(page.locator("#edit-bar")).to_be_visible()
    assert barriers() == []
