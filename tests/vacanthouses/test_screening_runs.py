"""Screening a round: where every meter went, who is a candidate, and what a second screening leaves as it was."""

import json
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from gis_core.jobs import JobError
from tests.factories import geos, make_house, make_territory, make_user, place
from tests.vacanthouses.campaign_support import make_campaign
from vacanthouses.models import (
    Campaign,
    CandidateState,
    Exclusion,
    Meter,
    ReadingBatch,
    RuleTable,
    ScreeningRun,
    VacantHouse,
    Visit,
)
from vacanthouses.services import rules
from vacanthouses.services.screening import screen

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)
PNU = "52190250211000{:d}0000"


@pytest.fixture
def campaign() -> Campaign:
    rules.load_samples()
    return make_campaign(make_territory().unbong)


@pytest.fixture
def table(campaign: Campaign) -> RuleTable:
    found = rules.in_force("screening", "rural")
    assert found
    return found


@pytest.fixture
def meter(campaign: Campaign) -> Any:
    batch = ReadingBatch.objects.create(name="a.csv", source="test")

    def make(number: int, *, use: float | None = 1.0, east: float | None = None, **values: Any) -> Meter:
        facts = {"kind": "power", "pnu": PNU.format(number), "usage": [use] * 12, "first_month": date(2025, 2, 1)}
        spot = geos(place(number * 100 if east is None else east, 500))
        return Meter.objects.create(
            **{"number": f"M{Meter.objects.count()}", "location": spot, "area": campaign.area, "batch": batch}
            | facts
            | values
        )

    return make


def pnus(run: ScreeningRun) -> list[str]:
    return [row.house.pnu for row in run.candidates.select_related("house").order_by("rank")]


def test_an_empty_house_becomes_a_suspected_one_and_a_lived_in_one_does_not(
    campaign: Campaign, table: RuleTable, meter: Any
) -> None:
    meter(1)
    meter(2, use=200.0)
    meter(3, use=None)
    run = screen(campaign, table, day=DAY)
    assert pnus(run) == [PNU.format(1)]
    assert (run.counts["places"], run.counts["below_threshold"], run.counts["new_houses"]) == (3, 2, 1)
    assert VacantHouse.objects.get().status == "candidate"


def test_two_meters_of_one_parcel_count_together(campaign: Campaign, table: RuleTable, meter: Any) -> None:
    meter(1)
    meter(1, use=200.0)
    assert pnus(screen(campaign, table, day=DAY)) == []


def test_a_meter_without_a_parcel_number_belongs_to_the_place_beside_it(
    campaign: Campaign, table: RuleTable, meter: Any
) -> None:
    meter(1)
    meter(9, pnu="", east=104, kind="water", usage=[0.1] * 12)
    meter(9, pnu="", location=None)
    run = screen(campaign, table, day=DAY)
    assert pnus(run) == [PNU.format(1)]
    assert "water_low_year" in {found["code"] for found in run.candidates.get().reasons}
    assert run.counts["meters_without_place"] == 1


def test_houses_nearer_than_the_table_says_are_one(campaign: Campaign, table: RuleTable, meter: Any) -> None:
    meter(1)
    meter(2, east=105)
    run = screen(campaign, table, day=DAY)
    assert (pnus(run), run.counts["doubled"]) == ([PNU.format(1)], 1)


def test_an_exclusion_counts_only_while_it_is_valid(campaign: Campaign, table: RuleTable, meter: Any) -> None:
    batch = meter(1).batch
    meter(2)
    Exclusion.objects.create(code="public_rental", pnu=PNU.format(1), batch=batch)
    Exclusion.objects.create(code="second_home", pnu=PNU.format(2), valid_to=date(2026, 1, 1), batch=batch)
    run = screen(campaign, table, day=DAY)
    assert (pnus(run), run.counts["excluded:public_rental"]) == ([PNU.format(2)], 1)


def test_a_house_lately_found_lived_in_is_left_out_and_a_confirmed_one_is_only_linked(
    campaign: Campaign, table: RuleTable, meter: Any
) -> None:
    lived_in, confirmed = (make_house(pnu=PNU.format(n), area=campaign.area, status=status)
                           for n, status in ((1, "not_vacant"), (2, "confirmed")))  # fmt: skip
    meter(1)
    meter(2)
    at = timezone.make_aware(datetime(2026, 2, 1))
    Visit.objects.create(
        house=lived_in, surveyor=make_user("visitor"), step="field", state="accepted", outcome="not_vacant",
        visited_at=at, device_time=at, location=lived_in.location,
    )  # fmt: skip
    run = screen(campaign, table, day=DAY)
    assert (pnus(run), run.counts["recently_not_vacant"]) == ([PNU.format(2)], 1)
    confirmed.refresh_from_db()
    assert (confirmed.status, confirmed.version) == ("confirmed", 1)


def test_screening_again_gives_the_same_and_keeps_what_the_manager_decided(
    campaign: Campaign, table: RuleTable, meter: Any
) -> None:
    meter(1)
    meter(2, kind="water", usage=[0.1] * 12, cut_off_on=date(2025, 1, 1))
    first = screen(campaign, table, day=DAY)
    dismissed = first.candidates.get(rank=1)
    type(dismissed).objects.filter(pk=dismissed.pk).update(state=CandidateState.DISMISSED, state_reason="창고")
    second = screen(campaign, table, day=DAY)
    same = ("house_id", "rank", "score", "reasons", "unknown")
    assert list(first.candidates.values(*same)) == list(second.candidates.values(*same))
    again = second.candidates.get(house=dismissed.house_id)
    assert (again.state, again.state_reason) == (CandidateState.DISMISSED, "창고")
    assert ScreeningRun.objects.get(campaign=campaign, is_current=True) == second


def test_a_table_of_the_other_regime_is_refused(campaign: Campaign, table: RuleTable) -> None:
    table.regime = "urban"
    with pytest.raises(JobError):
        screen(campaign, table, day=DAY)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_explains_each_candidate(campaign: Campaign, table: RuleTable, meter: Any, as_json: bool) -> None:
    meter(1)
    out = StringIO()
    call_command("screen", campaign=campaign.pk, json=as_json, stdout=out)
    if not as_json:
        assert PNU.format(1) in out.getvalue()
        return
    told = json.loads(out.getvalue())["candidates"]
    assert [(row["pnu"], row["score"]) for row in told] == [(PNU.format(1), 65.0)]
    assert all(found["text"] for found in told[0]["reasons"])
    assert "water_cut" in told[0]["unknown"]
