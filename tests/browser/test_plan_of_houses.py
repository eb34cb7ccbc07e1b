"""A manager at a desk: from the list of risks into a plan, with costs, to a house that is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gis_core.models import Role, User
from tests.browser.conftest import PHONE
from tests.browser.conftest import Visit as Person
from tests.factories import Territory, make_house, make_organisation, make_user, place
from tests.vacanthouses.planning_support import agree, make_cost, make_measure, make_plan
from tests.vacanthouses.review_support import FAIR, load_table, make_visit
from vacanthouses.models import CostLine, Measure
from vacanthouses.services import measures, reviews

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[..., Person]


@pytest.fixture
def manager(territory: Territory) -> User:
    return make_user("manager", (Role.SURVEY_MANAGER, territory.namwon))


def surveyed(surveyor: User, manager: User, east: float, **answers: Any) -> Any:
    house = make_house(place(east, 1000))
    visit = make_visit(surveyor, house, answers={**FAIR, **answers})
    reviews.accept(visit, manager, visit.version)
    return house


def test_a_manager_takes_the_worst_house_into_a_plan_and_sees_it_gone_with_its_sums(
    visit: Begin, territory: Territory, surveyor: User, manager: User
) -> None:
    load_table("grading-rural")
    make_organisation(point=place(1000, 1100))
    make_plan(territory.namwon)
    surveyed(surveyor, manager, 400)
    ruin = surveyed(surveyor, manager, 1000, roof="bad", hygiene="bad")
    page = visit(manager, language="en").go("/vacant-houses/risk/")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(ruin.address)
    expect(first).to_contain_text("May collapse, or parts may fall (+30)")
    first.get_by_role("link", name="to a plan").click()
    page.get_by_role("link", name="2026년 빈집정비계획").last.click()
    page.get_by_label("Kind").select_option("demolition")
    # Two quick presses are one measure.
    page.get_by_role("button", name="Add to the plan").dblclick()
    expect(page.locator("h1")).to_contain_text("Demolition")
    for title, source, subsidy, amount in (
        ("demolition work", "state", True, "9,000,000"), ("asbestos", "owner", False, "1,000,000"),
    ):  # fmt: skip
        if not page.locator(".cost-add[open]").count():
            page.get_by_text("Add a cost").click()
        page.locator("#cost_title").fill(title)
        page.locator("#cost_source").fill(source)
        if subsidy:
            page.locator("#cost_is_subsidy").check()
        page.locator("#cost_amount_krw").fill(amount)
        page.get_by_role("button", name="Add the cost").dblclick()
        expect(page.locator("tbody")).to_contain_text(title)
    expect(page.locator("tfoot")).to_contain_text("10,000,000")
    page.get_by_role("link", name="Finish").click()
    expect(page.locator("main")).to_contain_text("The house then is “Demolished”.")
    page.get_by_label("Done on").fill(timezone.localdate().isoformat())
    page.get_by_label("Outcome").fill("gone")
    page.get_by_role("button", name="Finish the measure").click()
    expect(page.locator("h1")).to_contain_text("Done")
    page.get_by_role("link", name="2026년 빈집정비계획").click()
    expect(page.locator("main")).to_contain_text("1 / 1")
    expect(page.locator("main")).to_contain_text("9,000,000 (90 %)")
    page.goto(page.url.split("/survey/")[0] + f"/records/vacant-houses/{ruin.pk}/")
    expect(page.locator("main")).to_contain_text("Demolished")
    assert (Measure.objects.count(), CostLine.objects.count()) == (1, 2)


def test_what_was_finished_by_mistake_is_taken_back_after_a_question(
    visit: Begin, territory: Territory, manager: User
) -> None:
    house = make_house(place(1000, 1000), status="confirmed")
    plan = make_plan(territory.namwon)
    measure = make_measure(plan, house)
    measures.finish(measure, manager, measure.version, timezone.localdate(), "gone")
    page = visit(manager, language="en").go(f"/survey/plans/{plan.pk}/measures/{measure.pk}/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Not done after all").click()
    expect(page.locator("h1")).to_contain_text("Planned")
    house.refresh_from_db()
    assert house.status == "confirmed"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_pages_of_planning_fit_a_phone(visit: Begin, territory: Territory, manager: User, language: str) -> None:
    load_table("reuse")
    house = make_house(place(1000, 1000), status="confirmed")
    plan = make_plan(territory.namwon)
    measure = make_measure(plan, house)
    line = make_cost(measure)
    [owner] = agree(house, timezone.localdate())
    person = visit(manager, language=language, size=PHONE)
    one = f"/survey/plans/{plan.pk}/"
    for path in (
        "/survey/plans/", "/survey/plans/add/", one, f"{one}edit/", f"{one}measures/add/?q=1",
        f"{one}measures/add/{house.pk}/", f"{one}measures/{measure.pk}/", f"{one}measures/{measure.pk}/finish/",
        f"{one}measures/{measure.pk}/costs/{line.pk}/", "/vacant-houses/risk/", "/vacant-houses/reuse/",
        f"/vacant-houses/{house.pk}/reuse/", f"/vacant-houses/{house.pk}/measure/",
        f"/vacant-houses/{house.pk}/owners/", f"/vacant-houses/{house.pk}/owners/{owner.pk}/",
    ):  # fmt: skip
        page = person.go(path)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
