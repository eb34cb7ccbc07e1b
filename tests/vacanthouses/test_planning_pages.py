"""Pages of improvement plans: what managers and planners do there, and what is refused."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import Territory, make_house, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.planning_support import agree, make_cost, make_measure, make_plan
from tests.vacanthouses.review_support import load_table
from vacanthouses.models import CostLine, ImprovementPlan, Measure, VacantHouse

pytestmark = pytest.mark.django_db

PLANS = "/survey/plans/"


@pytest.fixture
def plan(territory: Territory) -> ImprovementPlan:
    return make_plan(territory.namwon)


@pytest.fixture
def house(territory: Territory) -> VacantHouse:
    return make_house(place(1000, 1000), status="confirmed", address="운봉읍 서천리 7-1")


def test_a_planner_makes_a_plan_once_even_when_the_form_is_sent_twice(planner: User, territory: Territory) -> None:
    client = signed_in(planner)
    page = client.get(f"{PLANS}add/")
    sent = {**inputs(page), "name": "정비계획", "area": territory.namwon.pk, "year": "2026", "note": ""}
    first, second = (client.post(f"{PLANS}add/", sent) for _time in range(2))
    made = ImprovementPlan.objects.get()
    assert first["Location"] == second["Location"] == f"{PLANS}{made.pk}/"
    assert "정비계획" in text(client.get(PLANS))


@pytest.mark.parametrize(("field", "value", "words"), [
    ("name", "", "This field is required."), ("year", "1026", "A year of four digits"), ("year", "2200", "20 years"),
    ("area", "999999", "Select a valid choice"),
])  # fmt: skip
def test_a_plan_with_a_fault_is_refused_at_its_field(
    planner: User, territory: Territory, field: str, value: str, words: str
) -> None:
    sent = {"name": "정비계획", "area": territory.namwon.pk, "year": "2026", "note": "", field: value}
    page = signed_in(planner).post(f"{PLANS}add/", sent)
    assert page.status_code == 422
    assert words in text(page)
    assert not ImprovementPlan.objects.exists()


def test_a_manager_makes_plans_for_their_own_areas_only(territory: Territory) -> None:
    client = signed_in(make_user("local", (Role.SURVEY_MANAGER, territory.sunchang)))
    sent = {"name": "정비계획", "area": territory.namwon.pk, "year": "2026", "note": ""}
    assert client.post(f"{PLANS}add/", sent).status_code == 422
    assert not ImprovementPlan.objects.exists()


def test_two_who_change_a_plan_see_one_another_s_changes(planner: User, plan: ImprovementPlan) -> None:
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/edit/"
    page = client.get(url)
    ImprovementPlan.objects.filter(pk=plan.pk).update(name="그쪽 이름")
    sent = {**inputs(page), "area": plan.area_id, "note": "우리 메모"}
    assert client.post(url, {**sent, "name": plan.name}).status_code == 302
    plan.refresh_from_db()
    assert (plan.name, plan.note) == ("그쪽 이름", "우리 메모")
    refused = client.post(url, {**sent, "name": "내 이름"})
    assert refused.status_code == 409
    assert "“그쪽 이름”" in text(refused)


def test_crews_readers_and_other_counties_are_kept_out_of_every_page(
    plan: ImprovementPlan, house: VacantHouse, surveyor: User, viewer: User, territory: Territory
) -> None:
    measure = make_measure(plan, house)
    line = make_cost(measure)
    one = f"{PLANS}{plan.pk}/"
    paths = [
        one, f"{one}edit/", f"{one}retire/", f"{one}steps/published/", f"{one}plan.pdf", f"{one}measures/add/",
        f"{one}measures/add/{house.pk}/", f"{one}measures/{measure.pk}/", f"{one}measures/{measure.pk}/finish/",
        f"{one}measures/{measure.pk}/drop/", f"{one}measures/{measure.pk}/costs/{line.pk}/",
        f"/vacant-houses/{house.pk}/measure/",
    ]  # fmt: skip
    elsewhere = make_user("elsewhere", (Role.SURVEY_MANAGER, territory.sunchang))
    for path in paths:
        assert [signed_in(person).get(path).status_code for person in (surveyor, viewer)] == [403, 403]
        assert signed_in(elsewhere).get(path).status_code == 404
        assert "/sign-in/" in signed_in(None).get(path)["Location"]
    for action in ("reopen/", "costs/", f"costs/{line.pk}/remove/"):
        assert signed_in(surveyor).post(f"{one}measures/{measure.pk}/{action}").status_code == 403
        assert signed_in(elsewhere).post(f"{one}measures/{measure.pk}/{action}").status_code == 404
    assert plan.name not in text(signed_in(elsewhere).get(PLANS))
    assert signed_in(surveyor).get(PLANS).status_code == 403
    assert "Improvement plans" not in text(signed_in(surveyor).get("/"))


def test_a_house_is_found_by_words_of_its_address_or_digits_of_its_parcel(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    make_house(place(1000, 1000), status="candidate", address="운봉읍 서천리 7-2")
    make_house(place(4500, 500), status="confirmed", address="순창읍 서천리 7-1")
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/add/"
    for asked in ("서천리 7", house.pnu[-8:], house.pnu):
        page = text(client.get(url, {"q": asked}))
        assert house.address in page
        assert "7-2" not in page
        assert "순창읍 서천리" not in page
    assert "No vacant house is found by this." in text(client.get(url, {"q": "없는 곳"}))


def test_a_measure_comes_from_a_house_into_a_plan_whose_area_holds_it(
    planner: User, plan: ImprovementPlan, house: VacantHouse, territory: Territory
) -> None:
    make_plan(territory.sunchang, name="순창 계획")
    town = make_plan(territory.unbong, name="운봉 계획")
    client = signed_in(planner)
    page = client.get(f"/vacant-houses/{house.pk}/measure/", {"kind": "reuse", "reuse": "garden"})
    assert "순창 계획" not in text(page)
    assert f"{PLANS}{town.pk}/measures/add/{house.pk}/?kind=reuse&amp;reuse=garden" in page.content.decode()
    form = client.get(f"{PLANS}{plan.pk}/measures/add/{house.pk}/", {"kind": "reuse", "reuse": "garden"})
    assert '<option value="garden" selected>' in form.content.decode()
    assert "No owner is known: nobody was asked" in text(form)
    refused = client.post(f"{PLANS}{plan.pk}/measures/add/{house.pk}/", {"kind": "reuse", "reuse": "garden"})
    assert refused.status_code == 409
    assert "No owner is known" in text(refused)
    assert not Measure.objects.exists()


def test_a_measure_sent_twice_is_one_and_reuse_must_say_as_what(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/add/{house.pk}/"
    sent = {"kind": "demolition", "reuse": "garden", "planned_on": "2026-05-01"}
    first, second = (client.post(url, sent) for _time in range(2))
    made = Measure.objects.get()
    assert first["Location"] == second["Location"] == f"{PLANS}{plan.pk}/measures/{made.pk}/"
    assert (made.reuse, made.planned_on) == ("", date(2026, 5, 1))
    assert "Say what the house is to be used for." in text(client.post(url, {"kind": "reuse", "reuse": ""}))


def test_the_page_of_a_reuse_tells_how_it_was_matched_then(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    load_table("reuse")
    agree(house, date(2026, 1, 2))
    client = signed_in(planner)
    sent = {"kind": "reuse", "reuse": "arts", "planned_on": ""}
    page = text(client.post(f"{PLANS}{plan.pk}/measures/add/{house.pk}/", sent, follow=True))
    assert "How it was matched to be cleared up" in page
    assert "1 of 1 owner agreed to reuse" in page
    assert "Passage: not known so far" in page


def test_costs_are_added_once_changed_and_taken_out_and_the_sums_follow(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/{measure.pk}/"
    sent = {"title": "철거", "source": "국비", "is_subsidy": "on", "amount_krw": "12,000,000원", "token": uuid.uuid4()}
    for _time in range(2):
        assert client.post(f"{url}costs/", sent).status_code == 302
    line = CostLine.objects.get()
    assert (line.amount_krw, line.is_subsidy) == (12_000_000, True)
    assert "of it subsidy 12,000,000" in text(client.get(url))
    page = client.get(f"{url}costs/{line.pk}/")
    changed = {**inputs(page), "title": "철거", "source": "국비", "amount_krw": "9000000"}
    assert client.post(f"{url}costs/{line.pk}/", changed).status_code == 302
    plan_page = text(client.get(f"{PLANS}{plan.pk}/"))
    assert "9,000,000" in plan_page
    line.refresh_from_db()
    client.post(f"{url}costs/{line.pk}/remove/", {"version": line.version - 1})
    assert CostLine.objects.live().exists()
    client.post(f"{url}costs/{line.pk}/remove/", {"version": line.version})
    assert "No cost is noted yet." in text(client.get(url))


@pytest.mark.parametrize(("amount", "words"), [
    ("", "This field is required."), ("0", "greater than or equal to 1"), ("-5", "greater than or equal to 1"),
    ("12.5", "Enter a whole number."), ("많이", "Enter a whole number."), ("9" * 20, "less than or equal to"),
])  # fmt: skip
def test_an_amount_that_is_none_is_refused_and_what_was_typed_stays(
    planner: User, plan: ImprovementPlan, house: VacantHouse, amount: str, words: str
) -> None:
    measure = make_measure(plan, house)
    sent = {"title": "지붕 수리", "source": "시비", "amount_krw": amount}
    page = signed_in(planner).post(f"{PLANS}{plan.pk}/measures/{measure.pk}/costs/", sent)
    assert page.status_code == 422
    assert words in text(page)
    assert 'value="지붕 수리"' in page.content.decode()
    assert not CostLine.objects.exists()


def test_two_who_change_a_cost_are_told(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    line = make_cost(make_measure(plan, house))
    client = signed_in(planner)
    url = f"{PLANS}{plan.pk}/measures/{line.measure_id}/costs/{line.pk}/"
    page = client.get(url)
    CostLine.objects.filter(pk=line.pk).update(amount_krw=5_000_000)
    refused = client.post(url, {**inputs(page), "amount_krw": "7000000"})
    assert refused.status_code == 409
    assert "“5000000”" in text(refused) or "“5,000,000”" in text(refused)
    line.refresh_from_db()
    assert line.amount_krw == 5_000_000


def test_finishing_shows_what_becomes_of_the_house_and_counts_who_came(
    planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    agree(house, date(2026, 1, 2))
    measure = make_measure(plan, house, kind="reuse", reuse="garden")
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/{measure.pk}/"
    page = client.get(f"{url}finish/")
    assert "The house then is “In use again”." in text(page)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = {**inputs(page), "outcome": "텃밭", "living_population": "14", "done_on": tomorrow}
    assert "This day is still to come." in text(client.post(f"{url}finish/", wrong))
    right = {**wrong, "done_on": "2026-03-02"}
    done = text(client.post(f"{url}finish/", right, follow=True))
    assert "Done" in done
    assert "In use again" in done
    figures = text(client.get(PLANS))
    assert "운봉읍 1 1 0 – 14" in figures
    measure.refresh_from_db()
    client.post(f"{url}reopen/", {"version": measure.version})
    house.refresh_from_db()
    assert house.status == "confirmed"


def test_dropping_needs_a_reason_which_is_shown(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    measure = make_measure(plan, house)
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/{measure.pk}/"
    assert client.post(f"{url}drop/", {"version": measure.version, "reason": ""}).status_code == 422
    page = client.post(f"{url}drop/", {"version": measure.version, "reason": "소유자 철거"}, follow=True)
    assert "Why it was dropped 소유자 철거" in text(page)


def test_a_measure_changed_meanwhile_says_so(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    measure = make_measure(plan, house, planned_on=date(2026, 4, 1))
    client, url = signed_in(planner), f"{PLANS}{plan.pk}/measures/{measure.pk}/"
    page = client.get(url)
    seen = {name: value for name, value in inputs(page).items() if name.startswith("initial-")}
    Measure.objects.filter(pk=measure.pk).update(planned_on=date(2026, 5, 1))
    refused = client.post(url, {**seen, "state": "planned", "planned_on": "2026-06-01"})
    assert refused.status_code == 409
    assert "“2026-05-01”" in text(refused)
    assert client.post(url, {**seen, "state": "under_way", "planned_on": "2026-04-01"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.state, measure.planned_on) == ("under_way", date(2026, 5, 1))


def test_a_legal_step_taken_too_early_is_refused_on_its_page_with_the_day(
    manager: User, planner: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    load_table("clocks-rural")
    make_measure(plan, house)
    client, url = signed_in(manager), f"{PLANS}{plan.pk}/steps/"
    today = timezone.localdate().isoformat()
    assert signed_in(planner).get(f"{url}published/").status_code == 403
    assert client.get(f"{url}moon/").status_code == 404
    assert client.post(f"{url}published/", {"on": today}).status_code == 302
    refused = client.post(f"{url}decided/", {"on": today})
    assert refused.status_code == 409
    assert "It may be done from" in text(refused)
    page = text(client.get(f"{PLANS}{plan.pk}/"))
    assert "Draft plan open for 14 days" in page
    plan.refresh_from_db()
    assert plan.published_on == timezone.localdate()


def test_the_paper_for_the_office_holds_addresses_and_the_open_one_only_with_consent(
    planner: User, plan: ImprovementPlan, house: VacantHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gis_core import pdf

    other = make_house(place(1100, 1000), status="confirmed", address="운봉읍 비밀리 9")
    [owner] = agree(house, None)
    owner.publication_consent_on = date(2026, 1, 2)
    owner.save()
    for each in (house, other):
        make_cost(make_measure(plan, each))
    shown: list[list[str]] = []

    def render(_template: str, context: dict[str, Any], _request: Any) -> bytes:
        shown.append([row[1] for row in context["rows"]])
        return b"%PDF"

    client, url = signed_in(planner), f"{PLANS}{plan.pk}/plan.pdf"
    real = client.get(url)
    assert real.content.startswith(b"%PDF-1.")
    monkeypatch.setattr(pdf, "render", render)
    client.get(url)
    client.get(f"{url}?open")
    assert set(shown[0]) == {house.address, other.address}
    assert set(shown[1]) == {house.address, other.area.full_name}
    assert PersonalDataAccess.objects.filter(action="plan sheet", detail=f"plan {plan.pk} open", count=2).exists()


def test_the_layer_shows_measures_to_planners_and_to_nobody_else(
    planner: User, surveyor: User, viewer: User, plan: ImprovementPlan, house: VacantHouse
) -> None:
    measure = make_measure(plan, house)
    page = text(signed_in(planner).get("/records/measures/"))
    assert house.address in page
    one = signed_in(planner).get(f"/records/measures/{measure.pk}/")
    assert f"{PLANS}{plan.pk}/measures/{measure.pk}/" in one.content.decode()
    for person in (surveyor, viewer):
        assert signed_in(person).get("/records/measures/").status_code == 403


def test_the_house_s_page_leads_to_its_measures(planner: User, plan: ImprovementPlan, house: VacantHouse) -> None:
    measure = make_measure(plan, house)
    page = signed_in(planner).get(f"/records/vacant-houses/{house.pk}/")
    assert f"{PLANS}{plan.pk}/measures/{measure.pk}/" in page.content.decode()
    assert f"/vacant-houses/{house.pk}/reuse/" in page.content.decode()


def test_list_and_plan_ask_as_often_for_thirty_measures_as_for_two(
    manager: User, plan: ImprovementPlan, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_cost(make_measure(plan, make_house(place(300 + 20 * number, 900), status="confirmed")))
        make_plan(territory.namwon, name=f"계획 {number}", year=2000 + number)
    client = signed_in(manager)
    client.get(PLANS)
    with django_assert_max_num_queries(18):
        client.get(PLANS)
    with django_assert_max_num_queries(24):
        client.get(f"{PLANS}{plan.pk}/")
