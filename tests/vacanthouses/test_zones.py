"""Concentration zones as records: what is counted, looking and keeping, drawing, deciding; and their pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import PersonalDataAccess, Role, User
from tests.factories import Territory, lonlat, make_house, make_user, place, square
from tests.gis_core.pages_support import inputs, signed_in, text
from tests.vacanthouses.planning_support import make_concentration_zone, make_registered_building
from vacanthouses.models import ConcentrationZone, RuleTable, VacantHouse, ZoneState
from vacanthouses.services import rules, zones

pytestmark = pytest.mark.django_db

ZONES = "/vacant-houses/zones/"
NEW = date(2020, 5, 1)


@pytest.fixture(autouse=True)
def tables(db: Any) -> Iterator[None]:
    rules.load_samples()
    with override("en"):
        yield


def make_row(number: int, east: float = 500, **values: Any) -> list[VacantHouse]:
    """Vacant houses in rows of four, 20 m apart."""
    return [
        make_house(place(east + n % 4 * 20, 500 + n // 4 * 20), **{"status": "confirmed", "built_year": 1970, **values})
        for n in range(number)
    ]


# What is counted


def test_only_confirmed_live_houses_count(territory: Territory) -> None:
    make_row(10)
    make_house(place(505, 505), status="candidate")
    make_house(place(515, 515), status="confirmed", retired_at=timezone.now())
    found, _table = zones.proof_now(make_concentration_zone(territory.unbong))
    assert (found.vacant, found.passed) == (10, True)


def test_a_house_that_the_register_knows_is_not_counted_twice(territory: Territory) -> None:
    house, *_others = make_row(10)
    make_registered_building(501, 501, pnu=house.pnu)
    make_registered_building(560, 560, NEW)
    found, _table = zones.proof_now(make_concentration_zone(territory.unbong))
    # Nine by their own year, one by the register, one of somebody else.
    assert (found.buildings, found.old) == (11, 10)


def test_a_house_built_twenty_years_ago_this_year_may_not_be_twenty_yet(territory: Territory) -> None:
    make_row(10, built_year=timezone.localdate().year - 20)
    found, _table = zones.proof_now(make_concentration_zone(territory.unbong))
    assert found.old == 0
    assert not found.passed


def test_many_zones_are_proved_in_as_many_statements_as_one(territory: Territory, django_assert_num_queries) -> None:
    make_row(10)
    every = [make_concentration_zone(territory.unbong, name=f"{n}") for n in range(6)]
    with django_assert_num_queries(4):
        proofs = zones.proofs_now(every)
    assert all(found.passed for found, _table in proofs.values())


# Looking and keeping


def test_candidates_are_named_by_town_and_kept_once(territory: Territory, planner: User) -> None:
    make_row(12)
    proposals = zones.propose(territory.namwon)
    assert [proposal.name for proposal in proposals] == ["운봉읍 concentration zone 1"]
    keys = [proposal.key for proposal in proposals]
    assert [zone.proof["vacant"] for zone in zones.keep(territory.namwon, planner, keys)] == [12]
    assert zones.keep(territory.namwon, planner, keys) == []
    assert ConcentrationZone.objects.get().area == territory.unbong
    assert zones.propose(territory.namwon) == []


def test_a_candidate_that_changed_meanwhile_is_refused_and_nothing_is_kept(territory: Territory, planner: User) -> None:
    houses = make_row(12) + make_row(10, east=1500)
    keys = [proposal.key for proposal in zones.propose(territory.namwon)]
    assert len(keys) == 2
    VacantHouse.objects.filter(pk=houses[0].pk).update(status="demolished")
    with pytest.raises(Invalid, match="1 of the zones"):
        zones.keep(territory.namwon, planner, keys)
    assert not ConcentrationZone.objects.exists()


def test_nobody_keeps_zones_outside_their_area(territory: Territory) -> None:
    make_row(12)
    stranger = make_user("local", (Role.SURVEY_MANAGER, territory.sunchang))
    keys = [proposal.key for proposal in zones.propose(territory.namwon)]
    with pytest.raises(NotAllowed):
        zones.keep(territory.namwon, stranger, keys)


def test_more_houses_than_can_be_looked_through_are_told(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones, "MOST_HOUSES", 5)
    make_row(6)
    with pytest.raises(Invalid, match="There are 6 vacant houses"):
        zones.propose(territory.namwon)


# Deciding


def test_a_zone_that_fails_today_is_not_designated_and_the_requirement_is_named(
    territory: Territory, planner: User
) -> None:
    zone = make_concentration_zone(territory.unbong)
    make_row(9)
    with pytest.raises(Invalid, match="Vacant houses or Share of vacancy"):
        zones.decide(zone, planner, ZoneState.DESIGNATED, timezone.localdate(), "", zone.version)
    zone.refresh_from_db()
    assert (zone.state, zone.proof) == (ZoneState.CANDIDATE, {})


def test_a_designation_keeps_the_proof_of_its_day(territory: Territory, planner: User) -> None:
    houses, zone = make_row(10), make_concentration_zone(territory.unbong)
    zones.decide(zone, planner, ZoneState.DESIGNATED, timezone.localdate(), "고시 1호", zone.version)
    VacantHouse.objects.filter(pk=houses[0].pk).update(status="demolished")
    zone.refresh_from_db()
    assert (zone.proof["vacant"], zone.proof["passed"]) == (10, True)
    assert zone.proof["house_ids"] == [house.pk for house in houses]
    assert not zones.proof_now(zone)[0].passed


def test_a_decision_on_what_somebody_else_changed_is_refused(territory: Territory, planner: User) -> None:
    make_row(10)
    zone = make_concentration_zone(territory.unbong)
    ConcentrationZone.objects.filter(pk=zone.pk).update(name="다른 이름")
    with pytest.raises(Invalid, match="changed this meanwhile"):
        zones.decide(zone, planner, ZoneState.DESIGNATED, timezone.localdate(), "", zone.version)


@pytest.mark.parametrize(("state", "days", "note", "words"), [
    ("rejected", 0, " ", "Say why."), ("rejected", 1, "주민 반대", "still to come"),
])  # fmt: skip
def test_setting_aside_needs_a_reason_and_a_day_that_has_come(
    territory: Territory, planner: User, state: str, days: int, note: str, words: str
) -> None:
    zone = make_concentration_zone(territory.unbong)
    with pytest.raises(Invalid, match=words):
        zones.decide(zone, planner, state, timezone.localdate() + timedelta(days=days), note, zone.version)


def test_a_statement_stands_in_for_age_and_what_was_decided_stays_as_it_is(territory: Territory, planner: User) -> None:
    make_row(10, built_year=2020)
    zone = make_concentration_zone(territory.unbong)
    client, url = signed_in(planner), f"/records/concentration-zones/{zone.pk}/edit/"
    sent = {**inputs(client.get(url)), "note": "", "infrastructure": "폭 2 m 골목뿐이고 하수도가 없음"}
    assert client.post(url, sent).status_code == 302
    zone.refresh_from_db()
    zones.decide(zone, planner, ZoneState.DESIGNATED, timezone.localdate(), "", zone.version)
    page = client.post(url, {**inputs(client.get(url)), "infrastructure": ""})
    assert page.status_code == 422
    assert "Take the decision back first" in text(page)
    zone.refresh_from_db()
    zones.decide(zone, planner, ZoneState.CANDIDATE, timezone.localdate(), "착오", zone.version)
    assert client.post(url, {**inputs(client.get(url)), "infrastructure": ""}).status_code == 302


# Pages


def test_a_planner_looks_keeps_and_designates(territory: Territory, planner: User) -> None:
    make_row(12)
    client = signed_in(planner)
    page = client.get(f"{ZONES}look/", {"area": territory.namwon.pk})
    assert page.status_code == 200
    assert "운봉읍 concentration zone 1" in text(page)
    assert not ConcentrationZone.objects.exists()
    kept = client.post(f"{ZONES}look/", {"area": territory.namwon.pk, "keep": page.context["proposals"][0]["key"]})
    assert kept["Location"] == ZONES
    zone = ConcentrationZone.objects.get()
    assert "12" in text(client.get(ZONES))
    url = f"{ZONES}{zone.pk}/designated/"
    sent = {**inputs(client.get(url)), "note": "고시 1호"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 409
    assert "Designated" in text(client.get(f"{ZONES}{zone.pk}/"))


def test_choosing_nothing_is_told_and_the_candidates_stay(territory: Territory, planner: User) -> None:
    make_row(12)
    page = signed_in(planner).post(f"{ZONES}look/", {"area": territory.namwon.pk})
    assert page.status_code == 422
    assert "Choose at least one zone." in text(page)
    assert len(page.context["proposals"]) == 1


def test_a_zone_is_drawn_on_the_map_and_tested_as_drawn(territory: Territory, planner: User) -> None:
    make_row(10)
    client = signed_in(planner)
    sent = {"type": "Feature", "properties": {"name": "그린 구역"}, "geometry": lonlat(square(490, 490, 90))}
    made = client.post("/api/collections/concentration-zones/items", sent, content_type="application/geo+json")
    assert made.status_code == 201
    zone = ConcentrationZone.objects.get()
    assert zone.area == territory.unbong
    assert "The zone passes the test today." in text(client.get(f"{ZONES}{zone.pk}/"))


def test_a_designated_zone_is_not_redrawn(territory: Territory, planner: User) -> None:
    zone = make_concentration_zone(territory.unbong, state="designated")
    client = signed_in(planner)
    url = f"/api/collections/concentration-zones/items/{zone.pk}"
    sent = {"type": "Feature", "properties": {"name": "구역"}, "geometry": lonlat(square(480, 480, 90))}
    answer = client.put(url, sent, content_type="application/geo+json", headers={"If-Match": f'"{zone.version}"'})
    assert answer.status_code == 422
    assert "Take the decision back first" in answer.content.decode()


def test_the_proof_sheet_names_every_number_and_the_look_is_noted(territory: Territory, planner: User) -> None:
    houses, zone = make_row(10), make_concentration_zone(territory.unbong)
    before = PersonalDataAccess.objects.count()
    answer = signed_in(planner).get(f"{ZONES}{zone.pk}/proof.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\u00a0", " ")
    for told in ("8,106 m²", "66.7 %", "100.0 %", "The test is passed.", houses[0].pnu):
        assert told in words
    assert PersonalDataAccess.objects.count() == before + 1


@pytest.mark.parametrize("role", [Role.SURVEYOR, Role.VIEWER, Role.DISASTER_OFFICER])
def test_others_than_planners_see_no_zone(territory: Territory, role: str) -> None:
    zone = make_concentration_zone(territory.unbong)
    client = signed_in(make_user("other", (role, territory.namwon)))
    for page in ("", "look/", f"{zone.pk}/", f"{zone.pk}/proof.pdf", f"{zone.pk}/designated/"):
        assert client.get(f"{ZONES}{page}").status_code == 403, page


def test_a_zone_of_another_county_is_not_found(territory: Territory) -> None:
    zone = make_concentration_zone(territory.unbong)
    client = signed_in(make_user("local", (Role.FACILITY_PLANNER, territory.sunchang)))
    assert client.get(f"{ZONES}{zone.pk}/").status_code == 404
    assert "서천 구역" not in text(client.get(ZONES))


def test_the_list_asks_no_more_for_more_zones(
    territory: Territory, planner: User, django_assert_max_num_queries
) -> None:
    make_row(10)
    client = signed_in(planner)
    make_concentration_zone(territory.unbong)
    client.get(ZONES)
    for n in range(20):
        make_concentration_zone(territory.unbong, name=f"{n}")
    with django_assert_max_num_queries(20):
        client.get(ZONES)


def test_without_a_table_in_force_the_list_says_so(territory: Territory, planner: User) -> None:
    zone = make_concentration_zone(territory.unbong)
    RuleTable.objects.filter(kind="concentration").update(is_active=False)
    client = signed_in(planner)
    page = client.get(f"{ZONES}{zone.pk}/", follow=True)
    assert page.status_code == 200
    assert "No table of concentration zones is in force today." in text(page)
    assert "No table" in text(client.get(f"{ZONES}look/", {"area": territory.namwon.pk}))


# The register


def test_a_building_of_the_register_is_imported_edited_and_refused_by_its_field(
    territory: Territory, planner: User
) -> None:
    client = signed_in(planner)
    url = "/api/collections/registered-buildings/items"
    facts = {"pnu": "5219025021100010000", "use": "단독주택", "is_house": True, "structure": "목구조"}
    sent = {"type": "Feature", "properties": facts, "geometry": lonlat(place(500, 500))}
    assert client.post(url, sent, content_type="application/geo+json").status_code == 201
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent["properties"] = {**facts, "approved_on": tomorrow, "floor_area_m2": -3, "pnu": "1"}
    refused = client.post(url, sent, content_type="application/geo+json")
    assert refused.status_code == 422
    assert {"pnu", "approved_on", "floor_area_m2"} <= set(refused.json()["errors"])
