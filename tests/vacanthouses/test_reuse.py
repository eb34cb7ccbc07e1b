"""Reuse: no house is matched before all owners agree, nothing unknown passes, and every point is explained."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from gis_core.models import Organisation, PersonalDataAccess, Role, User
from tests.factories import Territory, make_house, make_organisation, make_user, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.review_support import FAIR, load_table, make_visit
from vacanthouses import reuse
from vacanthouses.models import Owner, RegisteredBuilding, VacantHouse
from vacanthouses.reuse import KINDS, NUMBERS, Facts, Match, explain, read
from vacanthouses.rule_reading import BadRule
from vacanthouses.services import reuse as services
from vacanthouses.services import reviews

SAMPLE: dict[str, Any] = yaml.safe_load(
    (settings.BASE_DIR / "fixtures" / "rules" / "reuse.yaml").read_text(encoding="utf-8")
)
TABLE = read(SAMPLE["body"])
_ITEMS = ("roof", "column", "water", "power", "heating", "passage", "landscape")
SOUND = {**dict.fromkeys(_ITEMS, "good"), "access": "car", "grade": "1"}
ROOMY: dict[str, float | None] = {
    "parcel_m2": 400, "built_year": 1995, "office_m": 800, "lived_near": 4, "vacant_near": 2,
}  # fmt: skip
IDEAL = Facts((True, True), ROOMY, SOUND)

consents = st.lists(st.booleans(), max_size=4).map(tuple)
numbers = st.fixed_dictionaries({name: st.none() | st.floats(0, 6000) for name in sorted(NUMBERS)})
words = st.sampled_from(["good", "fair", "poor", "bad", "unknown", "car", "walk", "none", "1", "3", "ordinary"])
choices = st.dictionaries(st.sampled_from(sorted(SOUND)), words)
facts = st.builds(Facts, consents, numbers, choices)
kinds = st.sampled_from(KINDS)


def scored(kind: str, found: Facts = IDEAL) -> Match:
    match = explain(TABLE, kind, found)
    assert match.score is not None
    return match


def test_the_sample_says_that_it_is_none_of_the_law_and_knows_every_use() -> None:
    assert SAMPLE["is_sample"] is True
    assert "예시(공식 아님)" in SAMPLE["source"]
    assert set(TABLE.kinds) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_house_whose_owners_agree_suits_every_use_with_a_score(kind: str) -> None:
    match = scored(kind)
    assert match.standing == "matched"
    assert match.score == pytest.approx(sum(part.points or 0 for part in match.parts))
    assert match.least == pytest.approx(match.score)
    assert match.most == pytest.approx(match.score)


@given(facts, kinds)
def test_without_the_consent_of_all_owners_no_house_is_ever_matched_or_scored(found: Facts, kind: str) -> None:
    match = explain(TABLE, kind, found)
    if not found.consents or not all(found.consents):
        assert match.standing != "matched"
        assert match.score is None
        assert not match.consented
    for table in (TABLE, None):
        assert explain(table, kind, found).gates[0].fact == "consent"


@given(facts, kinds)
def test_what_is_not_known_passes_no_gate(found: Facts, kind: str) -> None:
    match = explain(TABLE, kind, found)
    for gate in match.gates[1:]:
        if found.of(gate.fact) in (None, "unknown"):
            assert gate.state == "unknown"
    if match.standing == "matched":
        assert all(gate.state == "pass" for gate in match.gates)


@given(facts, kinds, st.data())
def test_one_fact_less_never_makes_a_house_suit(found: Facts, kind: str, data: st.DataObject) -> None:
    match = explain(TABLE, kind, found)
    fact = data.draw(st.sampled_from([gate.fact for gate in match.gates[1:]] or ["roof"]))
    without = replace(
        found,
        numbers={**(found.numbers or {}), fact: None},
        choices={name: word for name, word in (found.choices or {}).items() if name != fact},
    )
    if match.standing != "matched":
        assert explain(TABLE, kind, without).standing != "matched"


@given(kinds, st.data(), st.floats(0, 1), st.floats(0, 1))
def test_the_better_a_part_the_higher_the_score(kind: str, data: st.DataObject, one: float, other: float) -> None:
    part = data.draw(st.sampled_from([part for part in TABLE.kinds[kind].parts if part.points is None]))
    low, high = sorted((one, other))
    scores = []
    for share in (low, high):
        value = part.start + (part.end - part.start) * share
        match = explain(TABLE, kind, replace(IDEAL, numbers={**ROOMY, part.fact: value}))
        if match.score is None:
            return
        scores.append(match.score)
    assert scores[0] <= scores[1] + 1e-9


@pytest.mark.parametrize(
    ("kind", "part"), [(kind, part) for kind in KINDS for part in TABLE.kinds[kind].parts if part.points]
)
def test_the_better_an_answer_the_higher_the_score(kind: str, part: reuse.Part) -> None:
    points = dict(part.points or {})
    in_order = sorted(points, key=lambda answer: points[answer])
    found = [explain(TABLE, kind, replace(IDEAL, choices={**SOUND, part.fact: answer})).score for answer in in_order]
    known = [score for score in found if score is not None]
    assert known == sorted(known)
    assert known[-1] == pytest.approx(scored(kind).score)


def test_an_unknown_part_is_left_out_and_what_it_could_make_of_the_score_is_told() -> None:
    match = scored("returning_farmers", replace(IDEAL, numbers={**ROOMY, "built_year": None}))
    year = next(part for part in match.parts if part.fact == "built_year")
    assert (year.share, year.points) == (None, None)
    assert match.least is not None
    assert match.most is not None
    assert match.least < (match.score or 0) < match.most
    assert match.most - match.least == pytest.approx(15)


def test_one_gate_that_fails_rules_a_use_out_and_only_that() -> None:
    small = replace(IDEAL, numbers={**ROOMY, "parcel_m2": 70})
    found = {kind: explain(TABLE, kind, small).standing for kind in KINDS}
    assert found == {
        "returning_farmers": "matched", "village_rest": "matched", "parking": "ruled_out", "garden": "ruled_out",
        "arts": "matched",
    }  # fmt: skip


def test_what_was_matched_can_be_read_again() -> None:
    match = scored("garden")
    assert reuse.restored(match.kept()) == match


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kinds": {"museum": {}}}, "kinds.museum"),
        ({"kinds": {}}, "kinds"),
        ({"kinds": {"garden": {"gates": [{"fact": "moon"}]}}}, "kinds.garden.gates.0.fact"),
        ({"kinds": {"garden": {"gates": [{"fact": "parcel_m2"}]}}}, "kinds.garden.gates.0.at_least"),
        ({"kinds": {"garden": {"gates": [{"fact": "roof", "fail": ["bad"]}]}}}, "kinds.garden.gates.0.pass"),
        (
            {"kinds": {"garden": {"gates": [{"fact": "roof", "pass": ["bad"], "fail": ["bad"]}]}}},
            "kinds.garden.gates.0.fail",
        ),
        (
            {"kinds": {"garden": {"gates": [{"fact": "parcel_m2", "at_least": 5, "at_most": 4}]}}},
            "kinds.garden.gates.0.at_most",
        ),
        (
            {"kinds": {"garden": {"parts": [{"fact": "parcel_m2", "weight": 0, "from": 1, "to": 2}]}}},
            "kinds.garden.parts.0.weight",
        ),
        (
            {"kinds": {"garden": {"parts": [{"fact": "parcel_m2", "weight": 1, "from": 2, "to": 2}]}}},
            "kinds.garden.parts.0.to",
        ),
        (
            {"kinds": {"garden": {"parts": [{"fact": "roof", "weight": 1, "points": {"good": 2}}]}}},
            "kinds.garden.parts.0.points.good",
        ),
        ({"facts": {"roof": {"title": {"ko": "지붕"}}}}, "facts.roof.title.en"),
    ],
)
def test_a_fault_in_the_table_is_named_with_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(BadRule) as caught:
        read({**SAMPLE["body"], **change})
    assert caught.value.path == path


@pytest.fixture
def office(territory: Territory) -> Organisation:
    return make_organisation(point=place(1000, 1500))


def agreed(house: VacantHouse, *days: date | None) -> None:
    for number, day in enumerate(days):
        Owner.objects.create(house=house, name=f"소유자 {number}", reuse_consent_on=day)


def surveyed(house: VacantHouse, surveyor: User, manager: User, **answers: Any) -> None:
    visit = make_visit(surveyor, house, answers={**FAIR, **answers})
    reviews.accept(visit, manager, visit.version)
    house.refresh_from_db()


@pytest.mark.django_db
def test_what_is_known_of_a_house_comes_from_survey_owners_and_neighbours(
    manager: User, surveyor: User, office: Organisation
) -> None:
    load_table("grading-rural")
    load_table("reuse")
    house = make_house(place(1000, 1000), built_year=1988)
    make_house(place(1050, 1000), status="confirmed")
    RegisteredBuilding.objects.create(pnu="1", use="단독주택", area=house.area, location=house.location)
    RegisteredBuilding.objects.create(pnu=house.pnu, use="단독주택", area=house.area, location=house.location)
    surveyed(house, surveyor, manager, access="walk", water="unknown")
    agreed(house, date(2026, 1, 2), date(2026, 1, 3))
    match = services.match_house(house).of("arts")
    values = {gate.fact: gate.value for gate in match.gates} | {part.fact: part.value for part in match.parts}
    assert values["consent"] == 2
    assert (values["grade"], values["column"], values["access"]) == ("ordinary", "fair", "walk")
    assert (values["office_m"], values["vacant_near"]) == (pytest.approx(500), 1)
    farmers = services.match_house(house).of("returning_farmers")
    water = next(gate for gate in farmers.gates if gate.fact == "water")
    assert water.state == "unknown"
    rest = services.match_house(house).of("village_rest")
    assert next(gate for gate in rest.gates if gate.fact == "parcel_m2").state == "unknown"
    assert rest.standing == "open"


@pytest.mark.django_db
def test_houses_around_are_unknown_where_the_register_is_not_loaded(manager: User, territory: Territory) -> None:
    load_table("reuse")
    house = make_house(place(1000, 1000), status="confirmed")
    agreed(house, date(2026, 1, 2))
    rest = services.match_house(house).of("village_rest")
    assert next(part for part in rest.parts if part.fact == "lived_near").value is None


@pytest.mark.django_db
def test_the_list_says_why_not_and_can_be_narrowed(manager: User, territory: Territory) -> None:
    load_table("reuse")
    here = make_house(place(1000, 1000), status="confirmed", grade="1")
    there = make_house(place(2500, 1000), status="confirmed", grade="1")
    make_house(place(1100, 1000), status="candidate", address="아직 의심")
    agreed(here, date(2026, 1, 2), None)
    client = signed_in(manager)
    page = text(client.get("/vacant-houses/reuse/"))
    assert "1 of 2 owners agreed to reuse" in page
    assert "No owner is known: nobody was asked" in page
    assert "아직 의심" not in page
    town = text(client.get("/vacant-houses/reuse/", {"town": territory.jucheon.mois_code, "kind": "garden"}))
    assert there.address in town
    assert here.address not in town
    assert "No house here." in text(client.get("/vacant-houses/reuse/", {"standing": "matched"}))
    assert PersonalDataAccess.objects.filter(user=manager, action="reuse list", count=2).exists()


@pytest.mark.django_db
def test_a_house_s_page_explains_gates_and_score_and_leads_into_a_plan_only_with_consent(
    manager: User, surveyor: User, office: Organisation
) -> None:
    load_table("grading-rural")
    load_table("reuse")
    house = make_house(place(1000, 1000))
    surveyed(house, surveyor, manager)
    url = f"/vacant-houses/{house.pk}/reuse/"
    client = signed_in(manager)
    assert "reuse=returning_farmers" not in client.get(url).content.decode()
    agreed(house, date(2026, 1, 2))
    page = client.get(url)
    assert "1 of 1 owner agreed to reuse" in text(page)
    assert "Grade: Ordinary vacant house (rural)" in text(page)
    assert "To the town office: 500 m" in text(page)
    assert "With it the score would be between" in text(page)
    assert "kind=reuse&amp;reuse=returning_farmers" in page.content.decode()


@pytest.mark.django_db
def test_crews_and_people_of_other_areas_see_no_matches(territory: Territory, surveyor: User, viewer: User) -> None:
    house = make_house(place(1000, 1000), status="confirmed")
    elsewhere = make_user("elsewhere", (Role.SURVEY_MANAGER, territory.sunchang))
    for path in ("/vacant-houses/reuse/", "/vacant-houses/risk/", f"/vacant-houses/{house.pk}/reuse/"):
        assert signed_in(surveyor).get(path).status_code == 403
        assert signed_in(viewer).get(path).status_code == 403
    assert house.address not in text(signed_in(elsewhere).get("/vacant-houses/reuse/"))
    assert signed_in(elsewhere).get(f"/vacant-houses/{house.pk}/reuse/").status_code == 404


@pytest.mark.django_db
def test_the_list_asks_as_often_for_forty_houses_as_for_two(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    load_table("reuse")
    for number in range(40):
        agreed(make_house(place(300 + 20 * number, 900), status="confirmed"), date(2026, 1, 2))
    client = signed_in(manager)
    client.get("/vacant-houses/reuse/")
    with django_assert_max_num_queries(22):
        client.get("/vacant-houses/reuse/")
