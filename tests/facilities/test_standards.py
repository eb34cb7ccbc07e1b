"""Norms and unit costs: which value is in force, and who changes it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from facilities.models import AreaStandard, CostItem, StandardUnit, UnitCost
from facilities.plan.costs import ITEMS
from facilities.plan.standards import UNITS
from facilities.services.standards import costs_in_force, standards_in_force
from gis_core.models import Role, User
from tests.factories import Territory, make_user
from tests.gis_core.pages_support import inputs, signed_in, text

pytestmark = pytest.mark.django_db


def make_standard(value: str, since: str, code: str = "office", **values: Any) -> AreaStandard:
    facts = {"name": "1인당 면적", "unit": "m2_per_head", "applies_to": "work", "source": "예시", **values}
    return AreaStandard.objects.create(code=code, value=value, effective_from=date.fromisoformat(since), **facts)


def test_the_tables_offer_what_the_calculations_know() -> None:
    assert set(StandardUnit.values) == set(UNITS)
    assert set(CostItem.values) == set(ITEMS)


def test_the_newest_value_that_has_taken_effect_is_in_force_and_older_ones_hold_for_older_days() -> None:
    make_standard("7", "2024-01-01")
    make_standard("7.5", "2025-01-01")
    make_standard("9", "2027-01-01")
    make_standard("6", "2020-01-01", code="room", unit="m2_per_room", applies_to="huddleroom")
    make_standard("8", "2025-06-01", retired_at=timezone.now())
    found = {each.code: each.value for each in standards_in_force(date(2026, 5, 1))}
    assert found == {"office": 7.5, "room": 6.0}
    assert [each.value for each in standards_in_force(date(2024, 6, 1)) if each.code == "office"] == [7.0]
    assert standards_in_force(date(2019, 1, 1)) == []


def test_unit_costs_are_whole_won_by_item() -> None:
    UnitCost.objects.create(item="door", krw=900_000, source="예시", effective_from=date(2024, 1, 1))
    UnitCost.objects.create(item="door", krw=950_000, source="예시", effective_from=date(2026, 1, 1))
    (cost,) = costs_in_force(date(2025, 1, 1))
    assert (cost.item, cost.krw, cost.source) == ("door", 900_000, "예시")


def test_a_new_value_is_added_beside_the_old_one_once(planner: User) -> None:
    old = make_standard("7", "2024-01-01")
    page = signed_in(planner).get(f"/standards/area/add/?like={old.pk}")
    assert inputs(page)["code"] == ["office"]
    assert inputs(page)["source"] == [""]
    sent = {**inputs(page), "value": "7.5", "unit": "m2_per_head", "applies_to": "work", "source": "지침", "note": ""}
    for _time in range(2):
        told = signed_in(planner).post("/standards/area/add/", sent)
    # The second time there is a value of this day already: it is the one just added.
    assert AreaStandard.objects.live().count() == 2
    assert told.status_code in (302, 422)
    told_page = text(signed_in(planner).get("/standards/"))
    assert "7.5 m² per member of staff Work space" in told_page
    assert "superseded" in told_page


def test_two_values_of_one_day_are_refused(planner: User) -> None:
    UnitCost.objects.create(item="door", krw=900_000, source="예시", effective_from=date(2024, 1, 1))
    sent = {"item": "door", "krw": "950000", "source": "지침", "effective_from": "2024-01-01", "note": ""}
    told = signed_in(planner).post("/standards/cost/add/", sent)
    assert told.status_code == 422
    assert "There is a value of this day already." in text(told)


def test_two_planners_correcting_one_value_the_second_is_told(planner: User) -> None:
    other = make_user("second", (Role.FACILITY_PLANNER, None), name="둘째")
    value = make_standard("7", "2024-01-01")
    url = f"/standards/area/{value.pk}/edit/"
    sent = {
        **inputs(signed_in(planner).get(url)), "unit": "m2_per_head", "applies_to": "work", "note": "",
    }  # fmt: skip
    assert signed_in(other).post(url, {**sent, "value": "8"}).status_code == 302
    told = signed_in(planner).post(url, {**sent, "value": "9"})
    assert told.status_code == 409
    assert "둘째 changed this meanwhile." in text(told)
    value.refresh_from_db()
    assert value.value == 8


def test_a_retired_value_is_no_longer_in_force(planner: User) -> None:
    value = make_standard("7", (timezone.localdate() - timedelta(days=1)).isoformat())
    url = f"/standards/area/{value.pk}/retire/"
    page = signed_in(planner).get(url)
    assert signed_in(planner).post(url, {**inputs(page), "reason": ""}).status_code == 422
    signed_in(planner).post(url, {**inputs(page), "reason": "폐지"})
    assert standards_in_force() == []
    assert AreaStandard.objects.get().retired_reason == "폐지"


def test_viewers_read_and_planners_of_one_city_change_nothing(viewer: User, territory: Territory) -> None:
    local = make_user("local", (Role.FACILITY_PLANNER, territory.namwon))
    value = make_standard("7", "2024-01-01")
    for user in (viewer, local):
        assert "Add a standard" not in text(signed_in(user).get("/standards/"))
        for path in ("area/add/", f"area/{value.pk}/edit/", f"area/{value.pk}/retire/"):
            assert signed_in(user).get(f"/standards/{path}").status_code == 403
    assert signed_in(viewer).get("/standards/other/add/").status_code == 404
