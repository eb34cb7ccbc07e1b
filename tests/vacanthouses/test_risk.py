"""The danger to neighbours: what is found counts, what is unknown is told, and more is never less."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, make_house, make_houses, make_organisation, place
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.review_support import FAIR, load_table, make_visit
from vacanthouses.models import RegisteredBuilding, VacantHouse
from vacanthouses.risk import HAZARDS, Facts, explain
from vacanthouses.services import reviews
from vacanthouses.services import risk as services

ITEMS = sorted({item for hazard in HAZARDS for item in hazard.items})
DANGERS = sorted({danger for hazard in HAZARDS for danger in hazard.dangers})
shares = st.floats(0, 1)
dangers = st.none() | st.frozensets(st.sampled_from(DANGERS))
counts = st.none() | st.integers(0, 30)
facts = st.builds(
    Facts, st.dictionaries(st.sampled_from(ITEMS), shares), dangers, counts, counts, st.none() | st.floats(0, 9000)
)


def test_a_house_at_its_worst_has_a_hundred_points_and_one_of_which_nothing_is_known_has_none_but_could() -> None:
    worst = explain(Facts(dict.fromkeys(ITEMS, 1.0), frozenset(DANGERS), 20, 20, 0))
    assert (worst.score, worst.most) == (pytest.approx(100), pytest.approx(100))
    unknown = explain(Facts({}))
    assert (unknown.score, unknown.most) == (0, pytest.approx(100))
    sound = explain(Facts(dict.fromkeys(ITEMS, 0.0), frozenset(), 0, 0, 5000))
    assert (sound.score, sound.most) == (0, 0)


@given(facts)
def test_the_parts_add_up_and_the_most_is_never_less(found: Facts) -> None:
    danger = explain(found)
    assert danger.score == pytest.approx(sum(part.points for part in danger.parts))
    assert -1e-9 <= danger.score <= danger.most + 1e-9 <= 100 + 1e-6


@given(facts, st.sampled_from(ITEMS), shares)
def test_a_worse_item_never_lowers_the_danger(found: Facts, item: str, share: float) -> None:
    before = found.items.get(item, 0)
    worse = Facts(
        {**found.items, item: max(before, share)}, found.dangers, found.lived_near, found.vacant_near, found.office_m
    )
    assert explain(worse).score >= explain(found).score - 1e-9


@given(facts, st.sampled_from(DANGERS))
def test_a_danger_more_never_lowers_the_danger(found: Facts, danger: str) -> None:
    more = Facts(
        found.items, (found.dangers or frozenset()) | {danger}, found.lived_near, found.vacant_near, found.office_m
    )
    assert explain(more).score >= explain(found).score - 1e-9


@given(facts, st.integers(0, 10), st.integers(0, 10), st.floats(0, 500))
def test_more_and_nearer_neighbours_never_lower_it(found: Facts, lived: int, vacant: int, nearer: float) -> None:
    more = Facts(
        found.items, found.dangers, (found.lived_near or 0) + lived, (found.vacant_near or 0) + vacant,
        None if found.office_m is None else max(found.office_m - nearer, 0),
    )  # fmt: skip
    assert explain(more).score >= explain(found).score - 1e-9


def test_one_leaning_wall_is_not_made_better_by_a_sound_roof_and_what_was_not_seen_is_told() -> None:
    danger = explain(Facts({"outer_wall": 1.0, "roof": 0.0}))
    collapse = next(part for part in danger.parts if part.code == "collapse")
    assert collapse.points == 30
    assert collapse.unknown == ()
    half = explain(Facts({"roof": 0.5}))
    assert next(part for part in half.parts if part.code == "collapse").unknown == (
        "outer_wall", "column", "leaning", "falling",
    )  # fmt: skip


def accepted(house: VacantHouse, surveyor: User, manager: User, **answers: Any) -> None:
    visit = make_visit(surveyor, house, answers={**FAIR, **answers})
    reviews.accept(visit, manager, visit.version)


@pytest.mark.django_db
def test_the_ranking_puts_the_ruin_between_houses_before_the_sound_one_and_says_why(
    manager: User, surveyor: User
) -> None:
    load_table("grading-rural")
    make_organisation(point=place(1000, 1000))
    ruin, sound = make_house(place(1000, 1200)), make_house(place(200, 200))
    unseen = make_house(place(400, 1900), status="confirmed")
    make_house(place(1010, 1200), status="candidate")
    for east in (1005, 1010, 1015):
        point = make_house(place(east, 1205), status="not_vacant").location
        RegisteredBuilding.objects.create(pnu=f"{east}", use="단독주택", area=ruin.area, location=point)
    accepted(ruin, surveyor, manager, roof="bad", danger=["fire", "leaning"])
    accepted(sound, surveyor, manager, **dict.fromkeys(FAIR, "good"), danger=["none"])
    page = signed_in(manager).get("/vacant-houses/risk/")
    told = text(page)
    order = [told.index(house.address) for house in (ruin, unseen, sound)]
    assert order == sorted(order)
    assert "May collapse, or parts may fall (+30)" in told
    assert "3 lived-in houses within 30 m" in told
    assert "Danger of fire (+10)" in told
    assert "Not known: outer walls, columns, roof" in told
    assert PersonalDataAccess.objects.filter(action="risk list", count=3).exists()


@pytest.mark.django_db
def test_the_file_holds_what_the_page_shows_and_taking_it_is_noted(manager: User, territory: Territory) -> None:
    house = make_house(place(1000, 1200), status="confirmed")
    other = make_house(place(2500, 1000), status="confirmed")
    response = signed_in(manager).get("/vacant-houses/risk/table.csv", {"town": territory.unbong.mois_code})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert house.address in lines[1]
    assert other.address not in lines[1]
    assert PersonalDataAccess.objects.filter(user=manager, action="risk export", count=1).exists()


@pytest.mark.django_db
def test_six_hundred_houses_are_ranked_with_as_many_questions_as_two(
    manager: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    make_houses((place(100 + 3 * (number % 600), 100 + 3 * number) for number in range(600)), status="confirmed")
    client = signed_in(manager)
    client.get("/vacant-houses/risk/")
    with django_assert_max_num_queries(20):
        assert "1 / 12" in text(client.get("/vacant-houses/risk/"))
    assert len(services.rank(VacantHouse.objects.live())) == 600
