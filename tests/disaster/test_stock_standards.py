"""The catalogue and the standard quantities: who keeps them, and that nothing rewrites the past."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster import mean_use
from disaster.models import Item, ItemClass, MovementKind, StandardQuantity
from disaster.querysets import standards_in_force
from disaster.services import ledger, standards
from gis_core.models import Role, User
from tests.factories import Territory, make_depot, make_stock, make_user, place
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db
ADD = "/disaster/stock/standards/add/"


@pytest.mark.parametrize(
    ("used", "begins", "quantity", "years"),
    [
        ({2021: 10, 2022: 20, 2023: 30, 2024: 40, 2025: 51}, date(2020, 3, 1), 31, 5),
        ({2024: 10, 2025: 20, 2026: 999}, date(2024, 1, 1), 15, 2),
        ({2024: 10, 2025: 20}, date(2024, 1, 2), 20, 1),
        ({}, date(2020, 1, 1), 0, 5),
        ({2020: 900}, date(2019, 1, 1), 0, 5),
    ],
)
def test_a_proposal_is_the_mean_of_full_years_and_says_which(
    used: dict[int, int], begins: date, quantity: int, years: int
) -> None:
    found = mean_use.proposal(used, begins, date(2026, 11, 29))
    assert found is not None
    assert (found.quantity, len(found.used)) == (quantity, years)


def test_without_a_full_year_nothing_is_proposed() -> None:
    assert mean_use.proposal({2026: 5}, date(2026, 1, 1), date(2026, 11, 29)) is None
    assert mean_use.proposal({}, None, date(2026, 11, 29)) is None


@given(
    used=st.dictionaries(st.integers(2015, 2026), st.integers(0, 1000)),
    begins=st.dates(date(2015, 1, 1), date(2026, 1, 1)),
)
def test_a_proposal_lies_between_the_least_and_the_most_of_its_years(used: dict[int, int], begins: date) -> None:
    found = mean_use.proposal(used, begins, date(2026, 11, 29))
    if found is not None:
        assert min(found.used.values()) <= found.quantity <= max(found.used.values())


def decide(user: User, **values: Any) -> Any:
    client = signed_in(user)
    query = "&".join(f"{name}={values[name]}" for name in ("item", "depot", "area") if name in values)
    page = client.get(f"{ADD}?{query}")
    return client.post(ADD, {**inputs(page), "method": "own", "source": "자체 기준", **values})


def test_a_new_edition_holds_from_its_day_and_the_past_stays_what_it_was(officer: User, territory: Territory) -> None:
    depot = make_depot()
    item = make_stock(depot, "마대", 10, 100).lot.item
    today = timezone.localdate()
    yesterday = {"effective_from": (today - timedelta(days=1)).isoformat()}
    assert decide(officer, item=item.pk, depot=depot.pk, quantity="80", **yesterday).status_code == 409
    assert (
        decide(officer, item=item.pk, depot=depot.pk, quantity="80", effective_from=today.isoformat()).status_code
        == 302
    )

    def on(day: date) -> int:
        return standards_in_force(day).get(depot=depot, item=item).quantity

    assert (on(today - timedelta(days=1)), on(today)) == (100, 80)
    # A second edition of the same day would be a rewriting.
    assert (
        decide(officer, item=item.pk, depot=depot.pk, quantity="70", effective_from=today.isoformat()).status_code
        == 409
    )
    assert on(today) == 80


def test_zero_says_that_nothing_is_asked_for_any_more(officer: User, territory: Territory) -> None:
    depot = make_depot()
    item = make_stock(depot, "마대", 10, 100).lot.item
    decide(officer, item=item.pk, depot=depot.pk, quantity="0", effective_from=timezone.localdate().isoformat())
    assert not standards_in_force(timezone.localdate()).filter(depot=depot).exists()


def test_an_edition_to_come_can_be_withdrawn_and_one_in_force_cannot(officer: User, territory: Territory) -> None:
    depot = make_depot()
    item = make_stock(depot, "마대", 10, 100).lot.item
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    decide(officer, item=item.pk, depot=depot.pk, quantity="80", effective_from=later)
    old, new = StandardQuantity.objects.order_by("effective_from")
    for each in (old, new):
        signed_in(officer).post(
            f"/disaster/stock/standards/{each.pk}/withdraw/", {"reason": "잘못", "version": each.version}
        )
    assert list(StandardQuantity.objects.live()) == [old]


def test_what_use_proposes_is_said_with_its_years(officer: User, territory: Territory) -> None:
    depot, item = make_depot(), Item.objects.create(name="마대", unit="매")
    lot = ledger.lot_of(item)
    year = timezone.localdate().year
    for day, change in ((date(year - 2, 1, 1), 500), (date(year - 2, 7, 1), -30), (date(year - 1, 7, 1), -51)):
        kind = MovementKind.RECEIVE if change > 0 else MovementKind.ISSUE
        made = ledger.post(officer, ledger.Draft(kind, day, (ledger.Leg(depot, lot, change),)))
    told = text(signed_in(officer).get(f"{ADD}?item={item.pk}&depot={depot.pk}"))
    assert f"41 매, the mean yearly use of 2 full years ({year - 2}: 30, {year - 1}: 51)" in told
    ledger.correct(officer, made, "잘못 적음", made.key.__class__(int=1))
    proposal = standards.propose(item, depot, None)
    assert proposal is not None
    assert proposal.quantity == 15


def test_a_keeper_decides_for_their_depots_and_not_for_the_city_or_another_town(territory: Territory) -> None:
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    own, other = make_depot(place(500, 500)), make_depot(place(2500, 500))
    item = make_stock(own).lot.item
    today = {"quantity": "5", "effective_from": timezone.localdate().isoformat(), "item": item.pk}
    assert decide(keeper, depot=other.pk, **today).status_code == 422
    assert decide(keeper, area=territory.namwon.pk, **today).status_code == 422
    assert decide(keeper, area=territory.unbong.pk, **today).status_code == 302
    assert decide(keeper, depot=own.pk, **today).status_code == 302
    assert decide(keeper, depot=own.pk, area=territory.unbong.pk, **today).status_code == 422


def item_values(**values: Any) -> dict[str, Any]:
    return {
        "name": "양수기", "name_en": "", "unit": "대", "resource_class": "supplies", "item_class": "",
        "list_number": "", "hazards": ["flood"], "service_life_months": "120", "note": "", **values,
    }  # fmt: skip


def test_an_officer_of_a_city_keeps_the_catalogue_and_a_towns_keeper_reads_it(
    territory: Territory, viewer: User
) -> None:
    city = make_user("city", (Role.DISASTER_OFFICER, territory.namwon))
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    url = "/disaster/stock/catalogue/items/add/"
    assert (
        signed_in(city).post(url, {**item_values(), **inputs(signed_in(city).get(url)), **item_values()}).status_code
        == 302
    )
    assert Item.objects.get().hazards == ["flood"]
    for user in (keeper, viewer):
        assert signed_in(user).post(url, item_values(name="다른 것")).status_code == 403
        assert "양수기" in text(signed_in(user).get("/disaster/stock/catalogue/"))
    assert signed_in(city).post(url, item_values()).status_code in {409, 422}
    assert signed_in(city).post(url, item_values(name="나", service_life_months="0")).status_code == 422
    assert Item.objects.count() == 1


def test_two_who_change_different_facts_of_an_item_both_succeed_and_its_history_knows(
    officer: User, territory: Territory
) -> None:
    other = make_user("second", (Role.DISASTER_OFFICER, None))
    item = Item.objects.create(name="양수기", unit="대", hazards=["flood"])
    url = f"/disaster/stock/catalogue/items/{item.pk}/"
    seen = inputs(signed_in(officer).get(url))
    shared = {"resource_class": "supplies", "item_class": ""}
    signed_in(other).post(url, {**seen, **shared, "list_number": "4015-01"})
    assert (
        signed_in(officer).post(url, {**seen, **shared, "unit": "기", "hazards": ["flood", "snow"]}).status_code == 302
    )
    item.refresh_from_db()
    assert (item.list_number, item.unit, item.hazards) == ("4015-01", "기", ["flood", "snow"])
    told = text(signed_in(officer).get(url))
    assert "대 → 기" in told
    assert signed_in(officer).post(url, {**seen, **shared, "list_number": "9"}).status_code == 409


def test_an_item_is_taken_off_the_catalogue_only_when_none_is_left(officer: User, territory: Territory) -> None:
    balance = make_stock(make_depot())
    item = balance.lot.item
    url = f"/disaster/stock/catalogue/items/{item.pk}/retire/"
    assert signed_in(officer).post(url, {"reason": "안 씀", "version": item.version}).status_code == 409
    balance.quantity = 0
    balance.save()
    assert signed_in(officer).post(url, {"reason": "안 씀", "version": item.version}).status_code == 302
    assert not Item.objects.live().exists()


def test_a_class_is_kept_with_how_long_inspections_and_training_count(officer: User, territory: Territory) -> None:
    values = {"code": "pump", "name": "펌프류", "name_en": "", "fresh_days": "120", "training_months": "12",
              "people_needed": "2", "source": ""}  # fmt: skip
    assert signed_in(officer).post("/disaster/stock/catalogue/classes/add/", values).status_code == 302
    found = ItemClass.objects.get()
    url = f"/disaster/stock/catalogue/classes/{found.pk}/"
    answer = signed_in(officer).post(url, {**inputs(signed_in(officer).get(url)), "fresh_days": "90"})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.fresh_days == 90
