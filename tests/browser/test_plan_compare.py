"""A planner follows stacking advice and looks at the draft over the plan it came from."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from shapely import box
from shapely.geometry import mapping

from facilities.models import Plan
from facilities.services import edits
from gis_core.models import User
from tests import factories
from tests.browser.conftest import PHONE, Visit
from tests.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(territory: Territory, planner: User) -> Plan:
    """The team that many visit sits upstairs, the other one at the entrance."""
    building = factories.make_building(levels=2, outline=box(0, 0, 20, 10))
    few = factories.make_team(building.centre, "행정팀", 5, 5, 4)
    many = factories.make_team(building.centre, "복지팀", 5, 5, 90)
    plan = factories.make_plan(building, name="현황")
    operations = [
        {
            "op": "draw", "level": str(building.levels.get(ordinal=ordinal).key), "over": "free",
            "geometry": mapping(box(0, 0, 6, 10)),
            "attributes": {"category": "office", "name_ko": f"{team.name} 사무실", "teams": [str(team.key)]},
        }
        for ordinal, team in enumerate((few, many))
    ]  # fmt: skip
    edits.edit(plan, planner, operations, version=plan.version, token=uuid.uuid4())
    return plan


def edge(page: Page) -> float:
    """Where the upper drawing begins, as a share of its width."""
    clip = page.locator(".second .compare-paper").evaluate("(paper) => getComputedStyle(paper).clipPath")
    return float(clip.removesuffix("%)").rsplit(" ", 1)[1])


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_advice_becomes_an_option_that_is_swiped_over_the_plan(
    plan: Plan, planner: User, visit: Callable[..., Visit], size: tuple[int, int]
) -> None:
    person = visit(planner, language="en", size=size)
    page = person.go(f"/plans/{plan.pk}/stacking/")
    page.fill("#id_name", "층별 재배치")
    page.click("text=Make a draft option")
    expect(page.locator(".compare-ledger tbody tr")).to_have_count(2)
    expect(page.locator(".compare-ledger")).to_contain_text("Team: 행정팀 → 복지팀")
    page.click("text=One over the other")
    slider = page.locator("#swipe")
    assert edge(page) == 50
    slider.focus()
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    assert edge(page) == 55
    assert slider.get_attribute("aria-valuetext") == "현황 55%, 층별 재배치 45%"
    paper = page.locator(".second .compare-paper").bounding_box()
    assert paper is not None
    page.mouse.move(paper["x"] + paper["width"] / 2, paper["y"] + 40)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] / 4, paper["y"] + 40, steps=4)
    page.mouse.up()
    page.mouse.move(paper["x"] + paper["width"] * 0.9, paper["y"] + 40)
    assert edge(page) == pytest.approx(25, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
