"""A project is added to a zone with a place drawn as a line, then its money and an event."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gis_core.models import User
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ZoneProject
from tests.browser.conftest import Visit
from tests.browser.support import at, click, shapely_of
from tests.factories import ORIGIN, Territory, make_zone

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Visit]


def test_a_coordinator_draws_a_project_as_a_line_and_adds_money_and_an_event(
    visit: Begin, territory: Territory, coordinator: User
) -> None:
    zone = make_zone(territory.unbong, territory.jucheon, name="운봉–주천 협력권")
    page = visit(coordinator, language="en").map(f"?at={at(1000, 1000)}&add=zone-projects&zone={zone.pk}")
    expect(page.locator("#id_zone")).to_have_value(str(zone.pk))
    bar = page.locator("#edit-bar")
    expect(bar.locator("[data-kind=Point]")).to_have_attribute("aria-pressed", "true")
    bar.locator("[data-edit=asLine]").click()
    expect(bar).to_contain_text("the last one again ends the line")
    for place in ((700, 800), (900, 1000)):
        click(page, *place)
    # Two clicks at one place would be a double click.
    click(page, 1200, 1050)
    bar.locator("[data-edit=finishLine]").click()
    expect(bar.locator("[data-part=measure]")).to_contain_text("m")
    expect(page.locator(".panel [name=geometry]")).to_have_value(re.compile("LineString"))
    page.fill("#id_name", "람천 정화")
    page.fill("#id_starts_on", "2019-05-01")
    page.click("button[type=submit]:has-text('Save')")
    expect(page.locator(".panel[data-mode=view]")).to_contain_text("Added.")
    project = ZoneProject.objects.get()
    line = shapely_of(project.geometry)
    assert (line.geom_type, len(line.coords), project.area) == ("LineString", 3, territory.unbong)
    assert [round(value) for value in line.coords[0]] == pytest.approx([ORIGIN[0] + 700, ORIGIN[1] + 800], abs=3)

    page.locator(".panel a", has_text="Full page").click()
    budget = page.locator("#budgets")
    budget.locator("summary").click()
    budget.locator("#budgets_planned_krw").fill("10,000,000")
    budget.locator("button").click()
    expect(page.locator("#budgets tbody")).to_contain_text("10,000,000")
    expect(page.locator("#budgets tbody")).to_contain_text("not known")
    events = page.locator("#events")
    events.locator("summary").click()
    events.locator("#events_held_on").fill("2019-09-28")
    events.locator("#events_title").fill("주민 토론회")
    events.locator("#events_attendance").fill("300")
    events.locator("button").click()
    expect(page.locator("#events")).to_contain_text("300 people came in all.")
    assert (ProjectBudget.objects.get().year, ProjectEvent.objects.get().attendance) == (2019, 300)
