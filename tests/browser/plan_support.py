"""Working on a floor plan in the editor, in the building's metres."""

import io
import uuid
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from shapely import box
from shapely.geometry import mapping

from facilities.models import Plan
from facilities.plan.document import to_json
from facilities.services import edits, plans
from gis_core.models import User
from tests.browser.conftest import Visit

Place = tuple[float, float]


class Drawing:
    """One person at one plan's editor."""

    def __init__(self, person: Visit, plan: Plan) -> None:
        self.person, self.plan, self.page = person, plan, person.page
        self.open()

    def open(self) -> Page:
        self.person.go(f"/plans/{self.plan.pk}/")
        self.page.wait_for_selector("body[data-plan=ready]")
        self.person.silence()
        return self.page

    def pixel(self, place: Place) -> Place:
        """Where on the page a place of the plan is."""
        a, b, c, d, e, f = self.page.evaluate(
            "() => { const m = document.querySelector('.plan-world').getScreenCTM();"
            " return [m.a, m.b, m.c, m.d, m.e, m.f]; }"
        )
        x, y = place
        return a * x + c * y + e, b * x + d * y + f

    def point(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.pixel((x, y)))

    def click(self, x: float, y: float) -> None:
        # Two clicks in one place one after the other would be a double click.
        self.page.wait_for_timeout(450)
        self.point(x, y)
        self.page.mouse.click(*self.pixel((x, y)))

    def drag(self, start: Place, end: Place) -> None:
        self.page.mouse.move(*self.pixel(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(end), steps=8)
        self.page.mouse.up()

    def tool(self, name: str) -> None:
        self.page.click(f"[data-tool={name}]")

    def panel(self, name: str) -> Any:
        self.page.click(f"[data-panel-tab={name}]")
        return self.page.locator(f"#panel-{name}")

    def saved(self) -> None:
        """Wait until the server has answered everything."""
        expect(self.page.locator("#plan-state")).to_have_attribute("data-state", "idle")

    def room(self, start: Place, towards: Place, width: float, depth: float, name: str = "") -> None:
        """A rectangle from a corner, its sides typed."""
        self.tool("rectangle")
        self.click(*start)
        self.point(*towards)
        self.page.keyboard.type(f"{width:g}")
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(f"{depth:g}")
        self.page.keyboard.press("Enter")
        self.saved()
        if name:
            self.page.fill("[data-focus=name_ko]", name)
            self.page.press("[data-focus=name_ko]", "Tab")
            self.saved()

    def door(self, x: float, y: float, *, tool: str = "door") -> None:
        self.tool(tool)
        self.click(x, y)
        self.saved()


def stored(plan: Plan) -> dict[str, Any]:
    """The plan as it lies in the database."""
    return to_json(plans.load(Plan.objects.select_related("building").get(pk=plan.pk)))


def areas(plan: Plan) -> dict[str, float]:
    document = plans.load(Plan.objects.select_related("building").get(pk=plan.pk))
    return {unit.name_ko: round(unit.geometry.area, 4) for unit in document.units}


def sizes(plan: Plan) -> list[float]:
    """The areas of all rooms, the smallest first."""
    document = plans.load(Plan.objects.select_related("building").get(pk=plan.pk))
    return sorted(round(unit.geometry.area, 4) for unit in document.units)


def level_key(plan: Plan, ordinal: int = 0) -> str:
    return str(plan.building.levels.get(ordinal=ordinal).key)


def fill(plan: Plan, user: User, *rooms: tuple[str, tuple[float, float, float, float]], **attributes: Any) -> None:
    """Draw rooms without a browser."""
    operations = [
        {
            "op": "draw",
            "level": level_key(plan),
            "geometry": mapping(box(*corners)),
            "attributes": {"name_ko": name, "category": "office", **attributes},
            "over": "free",
        }
        for name, corners in rooms
    ]
    plan.refresh_from_db()
    edits.edit(plan, user, operations, version=plan.version, token=uuid.uuid4())


def scan() -> bytes:
    """A sheet with a building of 200 mm x 100 mm on it, 60 mm from the left and 80 mm from the top, as a PDF."""
    dots = 100 / 25.4
    image = Image.new("L", (int(420 * dots), int(297 * dots)), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle([60 * dots, 80 * dots, 260 * dots, 180 * dots], outline="black", width=4)
    pen.line([60 * dots, 120 * dots, 260 * dots, 120 * dots], fill="black", width=3)
    pen.line([60 * dots, 140 * dots, 260 * dots, 140 * dots], fill="black", width=3)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=100.0)
    return out.getvalue()
