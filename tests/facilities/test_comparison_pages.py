"""Planners put plans side by side, read what changes, weigh options, and draft what stacking advises."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box
from shapely.geometry import mapping

from facilities.models import AreaStandard, Building, Plan, RedesignProject, Request, Team, UnitCost
from facilities.plan.comparison import WEIGHTS
from facilities.services import edits, plans
from gis_core.models import Role, User
from tests import factories
from tests.factories import Territory

COMPARE = reverse("plan-compare")


class Draughtsman:
    """Draws on plans as the editor would."""

    def __init__(self, user: User) -> None:
        self.user = user

    def edit(self, plan: Plan, *operations: dict[str, Any]) -> None:
        plan.refresh_from_db()
        edits.edit(plan, self.user, operations, version=plan.version, token=uuid.uuid4())

    def draw(self, plan: Plan, ordinal: int, corners: tuple[float, ...], **attributes: Any) -> str:
        level = str(plan.building.levels.get(ordinal=ordinal).key)
        known = {str(key) for key in plan.units.values_list("key", flat=True)}
        geometry = mapping(box(*corners))
        self.edit(plan, {"op": "draw", "level": level, "geometry": geometry, "attributes": attributes, "over": "free"})
        (new,) = {str(key) for key in plan.units.values_list("key", flat=True)} - known
        return new


@pytest.fixture
def hand(planner: User) -> Draughtsman:
    return Draughtsman(planner)


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


@pytest.fixture
def building(territory: Territory) -> Building:
    return factories.make_building(factories.make_centre(), levels=2, outline=box(0, 0, 20, 10))


@pytest.fixture
def teams(building: Building) -> tuple[Team, Team]:
    """Few visit the first, who sits below; many the second, who sits above."""
    few = factories.make_team(building.centre, "행정팀", 5, 5, 4)
    return few, factories.make_team(building.centre, "복지팀", 5, 5, 90)


@pytest.fixture
def rooms(hand: Draughtsman, building: Building, teams: tuple[Team, Team]) -> dict[str, str]:
    """Rooms of the as-is plan by what they are called here."""
    plan = plans.create(building, hand.user, "현황")
    few, many = ([str(team.key)] for team in teams)
    return {
        "hall": hand.draw(plan, 0, (0, 0, 10, 10), category="waitingroom", name_ko="민원대기"),
        "below": hand.draw(plan, 0, (10, 0, 15, 10), category="office", teams=few),
        "store": hand.draw(plan, 0, (15, 0, 20, 10), category="storage", idle=True, restriction="restricted"),
        "above": hand.draw(plan, 1, (0, 0, 5, 10), category="office", teams=many),
    }


@pytest.fixture
def as_is(building: Building, rooms: dict[str, str]) -> Plan:
    return Plan.objects.get(building=building, name="현황")


@pytest.fixture
def option(hand: Draughtsman, as_is: Plan, rooms: dict[str, str]) -> Plan:
    """The store becomes a book café, and the hall is cut in two."""
    plan = plans.create(as_is.building, hand.user, "대안 A", status="option", based_on=as_is)
    attributes = {"category": "library", "restriction": "", "idle": False}
    hand.edit(plan, {"op": "set", "kind": "units", "keys": [rooms["store"]], "attributes": attributes})
    hand.edit(plan, {"op": "split", "unit": rooms["hall"], "line": [[4, -1], [4, 11]]})
    return plan


def page(client: Client, *shown: Plan, **params: Any) -> str:
    response = client.get(COMPARE, {"plan": [plan.pk for plan in shown], **params})
    assert response.status_code == 200
    return response.content.decode()


def cells(html: str) -> list[str]:
    """The words of all cells, each as one text."""
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", html, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def test_two_plans_stand_side_by_side_with_what_changes(client: Client, as_is: Plan, option: Plan) -> None:
    html = page(client, as_is, option)
    assert html.count('<svg xmlns="http://www.w3.org/2000/svg" width="170mm"') == 2
    found = cells(html)
    assert "Use: Storage → Book café Access: Restricted → Open State: idle → in use" in found
    assert "D Divided" in found
    assert "10.0 m" in found
    shared = found.index(next(cell for cell in found if cell.startswith("Space shared with residents")))
    assert found[shared + 1 : shared + 3] == ["0.00 m²", "50.00 m² ▲ +50.00 m² (better)"]


def test_one_plan_is_held_against_the_one_it_goes_back_to(client: Client, as_is: Plan, option: Plan) -> None:
    assert "현황 → 대안 A" in page(client, option)
    assert "현황 → 대안 A" in page(client, as_is)


def test_a_buildings_only_plan_has_nothing_to_be_compared_with(client: Client, as_is: Plan) -> None:
    assert "only plan" in page(client, as_is)


def test_the_overlay_has_a_slider_that_the_keyboard_moves(client: Client, as_is: Plan, option: Plan) -> None:
    html = page(client, as_is, option, view="overlay")
    assert 'type="range" id="swipe"' in html
    assert 'id="swipe"' not in page(client, as_is, option)


def test_the_level_that_changes_is_shown_first_and_others_on_request(client: Client, as_is: Plan, option: Plan) -> None:
    assert "현황 · 1F" in page(client, as_is, option)
    upstairs = as_is.building.levels.get(ordinal=1)
    assert "현황 · 2F" in page(client, as_is, option, level=str(upstairs.key))


def test_unchanged_rooms_are_listed_when_asked_for(client: Client, as_is: Plan, option: Plan) -> None:
    assert "K Kept" not in cells(page(client, as_is, option))
    assert cells(page(client, as_is, option, kept=1)).count("K Kept") == 2


def test_changes_name_the_request_behind_them_and_those_without_one_are_counted(
    client: Client, as_is: Plan, option: Plan, rooms: dict[str, str]
) -> None:
    centre = as_is.building.centre
    at = {"location": centre.location, "area": centre.area}
    project = RedesignProject.objects.create(centre=centre, name="공간개선", year=2026, **at)
    asked = {"asked": "책 읽을 곳", "unit_keys": [rooms["store"]], **at}
    Request.objects.create(project=project, **asked)
    html = page(client, as_is, option)
    assert "책 읽을 곳" in html
    assert "2 changes have no request behind them" in html
    Request.objects.update(answer="rejected", reason="예산 부족")
    assert "3 changes have no request behind them" in page(client, as_is, option)


def test_the_bill_needs_every_unit_cost_of_what_changes(client: Client, as_is: Plan, option: Plan) -> None:
    assert "No sum: a unit cost is missing" in page(client, as_is, option)
    UnitCost.objects.create(item="wall_m", krw=200_000, source="단가표", effective_from=date(2025, 1, 1))
    html = page(client, as_is, option)
    assert "KRW 2,000,000" in html
    assert "No sum" not in html


@pytest.fixture
def other(hand: Draughtsman, as_is: Plan, rooms: dict[str, str]) -> Plan:
    plan = plans.create(as_is.building, hand.user, "대안 B", status="option", based_on=as_is)
    hand.edit(plan, {"op": "set", "kind": "units", "keys": [rooms["hall"]], "attributes": {"category": "lounge"}})
    return plan


def ranks(html: str) -> list[str]:
    return re.findall(r'<span class="place">\d+</span> <strong>(.*?)</strong>', html)


def test_options_are_ranked_by_the_weights_people_set(client: Client, as_is: Plan, option: Plan, other: Plan) -> None:
    nothing = {f"w_{code}": 0 for code in WEIGHTS}
    plans_ = (as_is, option, other)
    assert ranks(page(client, *plans_, **nothing | {"w_waiting_m2": 5})) == ["대안 A", "대안 B"]
    assert ranks(page(client, *plans_, **nothing | {"w_shared_m2": 5})) == ["대안 B", "대안 A"]
    assert "tied" in page(client, *plans_, **nothing)
    assert ranks(page(client, as_is, option)) == []


@pytest.mark.parametrize("weight", ["-1", "11", "viel", ""])
def test_a_weight_that_makes_no_sense_is_refused_and_the_usual_ones_count(
    client: Client, as_is: Plan, option: Plan, other: Plan, weight: str
) -> None:
    html = page(client, as_is, option, other, w_cost_krw=weight)
    assert 'class="errorlist"' in html
    assert len(ranks(html)) == 2


@pytest.mark.parametrize(
    "query", ["plan=x", "plan=0", "plan=999999999999", "plan=-1", "plan=²", "plan={pk}&plan=77777"]
)
def test_a_plan_that_is_not_there_is_not_found(client: Client, as_is: Plan, query: str) -> None:
    assert client.get(f"{COMPARE}?{query.format(pk=as_is.pk)}").status_code == 404


@pytest.mark.parametrize("params", [{"level": "../x"}, {"beside": "77777"}, {"view": "<b>"}, {"fill": "red"}])
def test_what_the_page_does_not_know_is_left_aside(client: Client, as_is: Plan, option: Plan, params: Any) -> None:
    assert "<b>" not in page(client, as_is, option, **params).split("<main")[1].split("compare-letters")[0]


def test_names_are_written_as_text_wherever_they_stand(hand: Draughtsman, client: Client, as_is: Plan, option: Plan,
                                                       rooms: dict[str, str]) -> None:  # fmt: skip
    evil = "<script>alert(1)</script>"
    hand.edit(option, {"op": "set", "kind": "units", "keys": [rooms["store"]], "attributes": {"name_ko": evil}})
    Plan.objects.filter(pk=option.pk).update(name=evil)
    html = page(client, as_is, option)
    assert evil not in html
    assert "&lt;script&gt;" in html


def test_plans_of_two_buildings_are_not_compared(client: Client, as_is: Plan) -> None:
    elsewhere = factories.make_plan(factories.make_building(as_is.building.centre))
    response = client.get(COMPARE, {"plan": [as_is.pk, elsewhere.pk]})
    assert response.status_code == 400
    assert "different buildings" in response.content.decode()


def test_without_a_plan_one_is_sent_to_the_buildings(client: Client) -> None:
    assert client.get(COMPARE).headers["Location"] == reverse("record-list", args=["buildings"])


def test_no_more_plans_than_can_be_read_are_compared(client: Client, hand: Draughtsman, as_is: Plan) -> None:
    more = [plans.create(as_is.building, hand.user, f"대안 {number}", based_on=as_is) for number in range(7)]
    html = page(client, as_is, *more)
    assert "Only the first 6 plans are compared" in html


def test_the_page_asks_the_database_no_more_for_more_rooms(
    client: Client, hand: Draughtsman, as_is: Plan, option: Plan
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(client, as_is, option)
        return len(found)

    queries()
    before = queries()
    for number in range(4):
        hand.draw(option, 1, (6 + 3 * number, 0, 8 + 3 * number, 4), category="office")
    assert queries() == before
    assert before <= 40


ROLES = [(Role.FACILITY_PLANNER, True), (Role.ADMINISTRATOR, True), (Role.VIEWER, True), (Role.SURVEYOR, False)]


@pytest.mark.parametrize(("role", "sees"), ROLES)
def test_who_may_not_see_rooms_sees_no_comparison_and_no_advice(
    as_is: Plan, option: Plan, role: str, sees: bool
) -> None:
    visitor = client_of(factories.make_user("somebody", (role, None)))
    for url in (f"{COMPARE}?plan={as_is.pk}&plan={option.pk}", reverse("plan-stacking", args=[as_is.pk])):
        assert visitor.get(url).status_code == (200 if sees else 404)


def test_who_is_not_signed_in_is_asked_to(as_is: Plan) -> None:
    for url in (f"{COMPARE}?plan={as_is.pk}", reverse("plan-stacking", args=[as_is.pk])):
        assert Client().get(url).status_code == 302


def stacking(client: Client, plan: Plan, **data: Any) -> Any:
    url = reverse("plan-stacking", args=[plan.pk])
    if not data:
        return client.get(url)
    return client.post(url, {"name": "층별 재배치", "version": plan.version, **data})


def test_advice_is_given_with_its_reasons(client: Client, as_is: Plan) -> None:
    html = stacking(client, as_is).content.decode()
    assert "90 civil visits a day would be 1 floor nearer to the entrance." in html
    assert "what the most crowded team has today" in html
    AreaStandard.objects.create(code="office", name="사무실", value=5, unit="m2_per_head", applies_to="office",
                                source="내부", effective_from=date(2025, 1, 1))  # fmt: skip
    assert "the standard for offices" in stacking(client, as_is).content.decode()


def test_the_draft_is_a_new_option_with_the_teams_moved(client: Client, as_is: Plan, teams: tuple[Team, Team]) -> None:
    as_is.refresh_from_db()
    response = stacking(client, as_is, name="층별 재배치")
    drafted = Plan.objects.get(name="층별 재배치")
    assert response.headers["Location"] == f"{COMPARE}?plan={as_is.pk}&plan={drafted.pk}"
    assert (drafted.status, drafted.based_on) == ("option", as_is)
    _few, many = teams
    (room,) = drafted.units.filter(teams__contains=[many.key])
    assert room.level.ordinal == 0
    assert as_is.units.get(teams__contains=[many.key]).level.ordinal == 1
    assert "No move is advised." in stacking(client, drafted).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "This field is required"), ({"name": "현황"}, "has a plan called 현황 already"),
        ({"name": "가" * 81}, "at most 80"), ({"version": "1"}, "has changed meanwhile"),
        ({"version": "x"}, "Enter a whole number"),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_made_says_why(client: Client, as_is: Plan, data: Any, said: str) -> None:
    as_is.refresh_from_db()
    response = stacking(client, as_is, **data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Plan.objects.count() == 1


def test_who_may_look_but_not_change_is_offered_no_draft(as_is: Plan, viewer: User) -> None:
    as_is.refresh_from_db()
    visitor = client_of(viewer)
    assert "Make a draft option" not in stacking(visitor, as_is).content.decode()
    assert stacking(visitor, as_is, name="내 것").status_code == 403
    assert Plan.objects.count() == 1


def test_a_plan_without_teams_says_why_nothing_is_advised(client: Client, building: Building) -> None:
    html = stacking(client, factories.make_plan(building)).content.decode()
    assert "No team is seated in this plan yet." in html
