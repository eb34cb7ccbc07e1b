"""Planners at the plan editor: whole jobs, work together, lost networks, and eyes that only look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from shapely import box

from facilities.models import Plan
from gis_core.models import User
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.plan_support import Drawing, areas, fill, level_key, scan, sizes, stored
from tests.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


@pytest.fixture
def plan(territory: Territory) -> Plan:
    return factories.make_plan(factories.make_building(levels=2, outline=box(0, 0, 20, 10)), name="현황")


TWO_ROOMS = (("민원실", (0, 0, 10, 6)), ("회의실", (10, 0, 20, 6)))


def test_a_scan_becomes_a_scaled_level_with_five_rooms_and_doors_in_one_sitting(
    visit: Begin, territory: Territory, planner: User
) -> None:
    plan = factories.make_plan(factories.make_building(levels=1))
    at = Drawing(visit(planner), plan)
    page = at.page

    panel = at.panel("underlays")
    page.set_input_files("#underlay-file", {"name": "현황.pdf", "mimeType": "application/pdf", "buffer": scan()})
    panel.locator("button[type=submit]").click()
    expect(panel.locator(".plan-card")).to_contain_text("현황")
    underlay = plan.underlays.get()
    # Shown as 1:100 until it has its scale: the building's long side looks 20 m long. It is 25 m.
    at.page.locator(".plan-card [data-focus^=length-]").click()
    at.click(6.0, 297 / 10 - 18)
    at.click(26.0, 297 / 10 - 18)
    expect(page.locator("#plan-bar [data-field=metres]")).to_be_focused()
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(panel.locator(".plan-card .badge")).to_have_count(0)
    underlay.refresh_from_db()
    assert underlay.matrix is not None
    assert underlay.matrix[0] * underlay.width_px == pytest.approx(420 / 200 * 25, rel=0.01)

    page.locator("#plan-fit").click()
    at.tool("outline")
    at.click(6, 12)
    west, south = 6.0, 12.0
    for towards, length in [((12, 12), 25), ((31, 14), 12.5), ((20, 24.5), 25)]:
        at.point(*towards)
        page.keyboard.type(str(length))
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-note=outline]")).to_be_visible()
    page.locator("#plan-fit").click()

    for name, x, y, width, depth in (
        ("민원실", 0, 0, 10, 5),
        ("사무실", 10, 0, 8, 5),
        ("회의실", 18, 0, 7, 5),
        ("복도", 0, 5, 25, 2.5),
        ("공유 공간", 0, 7.5, 25, 5),
    ):
        start = (west + x, south + y)
        at.room(start, (start[0] + 3, start[1] + 2), width, depth, name)
    for x, y in ((5, 5), (14, 5), (21, 5), (12, 7.5), (5, 0)):
        at.door(west + x, south + y)

    assert areas(plan) == {"민원실": 50.0, "사무실": 40.0, "회의실": 35.0, "복도": 62.5, "공유 공간": 125.0}
    schedule = at.panel("schedule")
    expect(schedule.locator(f"[data-schedule-level='{level_key(plan)}'] [data-figure=rooms]")).to_have_text("312.50")
    expect(page.locator("#plan .opening")).to_have_count(5)
    before = stored(plan)
    assert len(before["openings"]) == 5

    at.open()
    expect(page.locator("#plan .room-wall")).to_have_count(5)
    expect(page.locator("#plan .opening")).to_have_count(5)
    expect(page.locator("#plan image")).to_have_count(1)
    rooms = at.panel("rooms")
    expect(rooms.locator("tbody tr")).to_have_count(5)
    expect(rooms.locator("tr", has_text="공유 공간")).to_contain_text("125.00")
    assert stored(plan) == before


def test_a_room_over_another_is_refused_with_the_reason_and_nothing_is_lost(
    visit: Begin, plan: Plan, planner: User
) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.tool("rectangle")
    at.drag((2, 1), (6, 4))
    refusal = at.page.locator(".plan-refusal")
    expect(refusal).to_contain_text("민원실")
    expect(at.page.locator(".draft-refused")).to_have_count(1)
    assert areas(plan) == {"민원실": 60.0, "회의실": 60.0}
    refusal.locator("button").first.click()
    expect(refusal).to_have_count(0)
    at.saved()
    assert areas(plan) == {"민원실": 48.0, "회의실": 60.0, "": 12.0}


def test_a_room_that_gives_way_to_others_says_so(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner, language="en"), plan)
    at.tool("rectangle")
    at.drag((2, 4), (6, 8))
    expect(at.page.locator("[data-note=trimmed]")).to_contain_text("8.00 m² of 16.00")
    assert areas(plan)[""] == 8.0


def test_edits_are_taken_back_and_made_again(visit: Begin, plan: Plan, planner: User) -> None:
    at = Drawing(visit(planner), plan)
    at.room((0, 0), (5, 5), 6, 4, "민원실")
    at.tool("select")
    at.page.locator("#plan").focus()
    at.page.keyboard.press("Control+z")
    at.page.keyboard.press("Control+z")
    expect(at.page.locator("#plan .room-wall")).to_have_count(0)
    at.saved()
    assert areas(plan) == {}
    at.page.keyboard.press("Control+Shift+Z")
    expect(at.page.locator("#plan .room-wall")).to_have_count(1)
    at.page.click("#plan-redo")
    at.saved()
    assert areas(plan) == {"민원실": 24.0}


def test_a_shared_wall_is_dragged_and_both_rooms_follow_with_the_door(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.door(10, 3)
    at.tool("select")
    at.click(5, 3)
    at.drag((10, 1), (12, 1))
    at.saved()
    assert areas(plan) == {"민원실": 72.0, "회의실": 48.0}
    [door] = stored(plan)["openings"]
    assert all(x == pytest.approx(12) for x, _y in door["geometry"]["coordinates"])


def test_width_and_depth_are_typed_and_neighbours_follow(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.click(5, 3)
    at.page.fill("[data-focus=width]", "8.35")
    at.page.press("[data-focus=width]", "Enter")
    expect(at.page.locator("[data-area]")).to_contain_text("50.10")
    at.saved()
    assert areas(plan) == {"민원실": 50.1, "회의실": 69.9}


def test_a_room_is_split_and_merged(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.tool("split")
    at.click(4, 0)
    at.click(4, 6)
    expect(at.page.locator("#plan .room-wall")).to_have_count(3)
    at.saved()
    assert sizes(plan) == [24.0, 36.0, 60.0]
    at.tool("merge")
    at.click(7, 3)
    at.click(15, 3)
    at.page.keyboard.press("Enter")
    expect(at.page.locator("#plan .room-wall")).to_have_count(2)
    at.saved()
    assert sizes(plan) == [24.0, 96.0]


def test_two_planners_draw_on_one_plan_and_neither_loses_anything(
    visit: Begin, plan: Plan, planner: User, administrator: User
) -> None:
    fill(plan, planner, *TWO_ROOMS)
    first = Drawing(visit(planner, language="en"), plan)
    second = Drawing(visit(administrator, language="en"), plan)
    # Checks bring what others did, too: without them the second one hears of it with an edit's answer only.
    second.page.route("**/checks/", lambda _route: None)

    first.click(5, 3)
    first.page.fill("[data-focus=name_ko]", "민원 대기실")
    first.page.press("[data-focus=name_ko]", "Tab")
    first.saved()
    # The other works on another room, and hears of the first one's with the answer.
    second.room((0, 6), (5, 8), 4, 3, "창고")
    rooms = second.panel("rooms")
    expect(rooms).to_contain_text("민원 대기실")
    # Both change the same room: the later one is told, and may still have it his way.
    first.page.select_option("[data-focus=category]", "lobby")
    first.saved()
    second.tool("select")
    second.panel("properties")
    second.click(5, 3)
    second.page.fill("[data-focus=name_ko]", "북카페")
    second.page.press("[data-focus=name_ko]", "Tab")
    refusal = second.page.locator(".plan-refusal")
    expect(refusal).to_contain_text("Somebody else")
    refusal.locator("button", has_text="Apply mine again").click()
    expect(refusal).to_have_count(0)
    second.saved()
    assert areas(plan) == {"북카페": 60.0, "회의실": 60.0, "창고": 12.0}
    assert {unit["category"] for unit in stored(plan)["units"] if unit["name_ko"] == "북카페"} == {"lobby"}


def test_a_team_is_dragged_from_room_to_room_and_seated_by_keyboard(visit: Begin, plan: Plan, planner: User) -> None:
    team = factories.make_team(plan.building.centre, "복지팀")
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.panel("teams")
    grip = at.page.locator(".plan-grip").bounding_box()
    assert grip
    at.page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    at.page.mouse.down()
    at.page.mouse.move(*at.pixel((5, 3)), steps=10)
    expect(at.page.locator(".plan-dragged")).to_contain_text("민원실")
    at.page.mouse.up()
    expect(at.page.locator(".plan-seats")).to_contain_text("민원실")
    at.page.locator(f"[data-focus='seat-{team.key}']").select_option(label="1F · 회의실")
    expect(at.page.locator(".plan-seats")).to_contain_text("회의실")
    at.saved()
    seated = {unit["name_ko"]: unit["teams"] for unit in stored(plan)["units"]}
    assert seated == {"민원실": [], "회의실": [str(team.key)]}


def test_without_a_network_the_edit_waits_and_is_sent_once(visit: Begin, plan: Plan, planner: User) -> None:
    person = visit(planner, language="en")
    person.allowed.append("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    at = Drawing(person, plan)
    person.context.set_offline(True)
    at.tool("rectangle")
    at.drag((2, 1), (6, 4))
    note = at.page.locator("[data-note=queue]")
    expect(note).to_contain_text("No connection")
    expect(at.page.locator(".draft-waiting")).to_have_count(1)
    at.page.evaluate("window.dispatchEvent(new Event('offline'))")
    person.context.set_offline(False)
    if note.locator("button", has_text="Try again").is_visible():
        note.locator("button", has_text="Try again").click()
    expect(at.page.locator("#plan .room-wall")).to_have_count(1)
    at.saved()
    expect(note).to_have_count(0)
    assert areas(plan) == {"": 12.0}


def test_what_was_not_sent_survives_a_reload(visit: Begin, plan: Plan, planner: User) -> None:
    person = visit(planner, language="en")
    person.allowed.append("ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED")
    warned: list[str] = []

    def leave(dialog: Any) -> None:
        warned.append(dialog.type)
        dialog.accept()

    person.page.on("dialog", leave)
    at = Drawing(person, plan)
    person.context.route("**/edits/", lambda route: route.abort())
    at.tool("rectangle")
    at.drag((2, 1), (6, 4))
    expect(at.page.locator("[data-note=queue]")).to_be_visible()
    person.context.unroute("**/edits/")
    at.open()
    assert warned == ["beforeunload"]
    at.page.locator("[data-note=unsent] button").first.click()
    expect(at.page.locator("#plan .room-wall")).to_have_count(1)
    at.saved()
    assert areas(plan) == {"": 12.0}


def test_a_viewer_looks_but_changes_nothing(visit: Begin, plan: Plan, planner: User, viewer: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(viewer), plan)
    expect(at.page.locator("[data-tool=rectangle]")).to_have_count(0)
    expect(at.page.locator("#plan-undo")).to_have_count(0)
    at.click(5, 3)
    expect(at.page.locator("[data-focus=name_ko]")).to_be_disabled()
    at.page.keyboard.press("Delete")
    at.page.keyboard.press("r")
    at.drag((2, 7), (6, 9))
    assert areas(plan) == {"민원실": 60.0, "회의실": 60.0}


def test_findings_lead_to_their_place_on_the_plan(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    expect(at.page.locator("#plan-findings-count")).to_be_visible()
    checks = at.panel("checks")
    checks.locator(".plan-finding").first.click()
    expect(at.page.locator("#plan .highlight").first).to_be_attached()
    at.page.keyboard.press("PageUp")
    expect(at.page.locator("#plan .highlight")).to_have_count(0)
    checks.locator(".plan-switch button").last.click()
    expect(checks.locator(".plan-switch [aria-pressed=true]")).to_have_count(1)


def test_a_room_is_drawn_and_a_door_moved_by_the_keyboard_alone(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    keys = at.page.keyboard
    at.page.locator("#plan").focus()
    keys.press("r")
    for number in ("4.2", "3", "1", "6.5"):
        if number == "4.2":
            keys.type(number)
        else:
            keys.press("Tab")
            keys.type(number)
    keys.press("Enter")
    at.saved()
    expect(at.page.locator("#plan .room-wall")).to_have_count(3)
    assert areas(plan)[""] == 12.6
    at.door(10, 3)
    before = stored(plan)["openings"][0]["geometry"]["coordinates"][0][1]
    at.page.locator("#plan").focus()
    keys.press("v")
    keys.press("ArrowUp")
    keys.press("Shift+ArrowUp")
    at.page.wait_for_timeout(600)
    at.saved()
    after = stored(plan)["openings"][0]["geometry"]["coordinates"][0][1]
    assert after - before == pytest.approx(1.1, abs=0.002)


def test_a_level_is_copied_whole(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.page.click(".plan-head .menu summary")
    at.page.click("#plan-copy-open")
    at.page.click("#plan-copy button[type=submit]")
    expect(at.page.locator("#plan-levels [aria-selected=true]")).to_contain_text("2F")
    expect(at.page.locator("#plan .room-wall")).to_have_count(2)
    at.saved()
    assert len(stored(plan)["units"]) == 4


def test_on_a_phone_a_plan_is_read_and_a_door_is_placed_by_touch(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner, size=PHONE, has_touch=True, is_mobile=True), plan)
    page = at.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    expect(page.locator(".plan-panel-body")).to_be_hidden()
    page.touchscreen.tap(*at.pixel((5, 3)))
    page.tap("[data-panel-tab=properties]")
    expect(page.locator("[data-focus=name_ko]")).to_have_value("민원실")
    page.tap("#plan-fold")
    page.tap("[data-tool=door]")
    page.touchscreen.tap(*at.pixel((10, 3)))
    expect(page.locator("#plan .opening")).to_have_count(1)
    page.wait_for_timeout(500)
    assert len(stored(plan)["openings"]) == 1


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_editor_has_no_accessibility_faults(
    visit: Begin, plan: Plan, planner: User, settings: Any, size: tuple[int, int]
) -> None:
    factories.make_team(plan.building.centre, "복지팀")
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner, size=size), plan)
    at.click(5, 3)
    axe = (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()
    at.page.evaluate(axe)
    script = "() => axe.run().then((found) => found.violations.map((each) => `${each.id} ${each.nodes[0].html}`))"
    for name in ("properties", "rooms", "schedule", "checks", "teams", "underlays", "history"):
        at.panel(name)
        at.person.silence()
        assert at.page.evaluate(script) == [], name


def test_an_agreed_plan_is_looked_at_only(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    Plan.objects.filter(pk=plan.pk).update(status="agreed", frozen_at=timezone.now())
    at = Drawing(visit(planner), plan)
    expect(at.page.locator("[data-tool=rectangle]")).to_have_count(0)
    at.click(5, 3)
    expect(at.page.locator("[data-focus=name_ko]")).to_be_disabled()
    assert at.panel("underlays").locator("form").count() == 0


def test_a_plan_agreed_meanwhile_says_so_and_is_no_longer_changed(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    person = visit(planner, language="en")
    person.allowed.append("status of 423")
    at = Drawing(person, plan)
    Plan.objects.filter(pk=plan.pk).update(status="agreed", frozen_at=timezone.now())
    at.tool("rectangle")
    at.drag((2, 7), (6, 9))
    expect(at.page.locator(".plan-refusal")).to_contain_text("agreed")
    expect(at.page.locator("[data-tool=rectangle]")).to_be_disabled()
    assert len(stored(plan)["units"]) == 2


def test_a_number_that_cannot_be_taken_is_said_and_draws_nothing(visit: Begin, plan: Plan, planner: User) -> None:
    fill(plan, planner, *TWO_ROOMS)
    at = Drawing(visit(planner), plan)
    at.tool("rectangle")
    at.click(1, 7)
    at.point(4, 9)
    at.page.keyboard.type("0")
    at.page.keyboard.press("Tab")
    at.page.keyboard.type("-5")
    at.page.keyboard.press("Enter")
    width = at.page.locator("#plan-bar [data-field=width]")
    expect(width).to_have_attribute("aria-invalid", "true")
    expect(width).to_have_value("0")
    expect(width).to_be_focused()
    expect(at.page.locator("[data-note=figure]")).to_be_visible()
    assert areas(plan) == {"민원실": 60.0, "회의실": 60.0}

    at.tool("select")
    at.click(5, 3)
    desks = at.page.locator("[data-focus=desks]")
    for wrong in ("-1", "1.5"):
        desks.fill(wrong)
        desks.press("Tab")
        expect(at.page.locator("[data-note=field]")).to_contain_text("500")
        expect(desks).to_have_value("0")
    at.page.fill("[data-focus=width]", "99999")
    at.page.press("[data-focus=width]", "Enter")
    refusal = at.page.locator(".plan-refusal")
    expect(refusal).to_have_count(1)
    expect(refusal).not_to_contain_text("Cut it out")
    at.page.fill("[data-focus=width]", "8.35")
    at.page.press("[data-focus=width]", "Enter")
    expect(refusal).to_have_count(0)
    at.saved()
    assert areas(plan)["민원실"] == pytest.approx(50.1)


def test_a_building_without_levels_leads_to_where_they_are_added(
    visit: Begin, territory: Territory, planner: User
) -> None:
    plan = factories.make_plan(factories.make_building(levels=0))
    person = visit(planner, size=PHONE)
    person.go(f"/plans/{plan.pk}/")
    link = person.page.locator("[data-note=start] a")
    expect(link).to_have_attribute("href", f"/buildings/{plan.building_id}/levels/")
    expect(person.page.locator("[data-tool]:enabled")).to_have_count(0)
    expect(person.page.locator(".plan-bar")).to_be_hidden()
    back = person.page.locator(".plan-back")
    expect(back).to_be_in_viewport()
    size = back.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 44
