"""Blind re-surveys: who is drawn, who goes there, and what two visits say of one another."""

from collections import Counter

import pytest

from gis_core.editing import Invalid
from gis_core.models import Role, User
from tests.factories import Territory, make_house, make_user
from tests.vacanthouses.campaign_support import make_crew
from tests.vacanthouses.review_support import FAIR, load_table, make_round, make_visit
from vacanthouses.models import BlindPair, Campaign, Visit
from vacanthouses.services import blind, reviews
from vacanthouses.services.agreement import of_pairs

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(territory: Territory) -> Campaign:
    return make_round(territory.namwon)


@pytest.fixture
def second(territory: Territory) -> User:
    return make_user("surveyor2", (Role.SURVEYOR, territory.namwon))


def fill(campaign: Campaign, surveyor: User, number: int, **values: object) -> list[Visit]:
    return [make_visit(surveyor, make_house(), campaign=campaign, **values) for _n in range(number)]


def test_the_same_seed_draws_the_same_and_every_surveyor_is_among_them(
    campaign: Campaign, surveyor: User, second: User
) -> None:
    visits = fill(campaign, surveyor, 18) + fill(campaign, second, 2)
    drawn = blind.sample(visits, 5, 7)
    assert drawn == blind.sample(visits, 5, 7)
    assert Counter(visit.surveyor_id for visit in drawn) == {surveyor.pk: 4, second.pk: 1}
    assert blind.sample(visits, 50, 7) == visits
    assert blind.sample([], 5, 7) == []


def test_nobody_gets_a_house_that_they_surveyed_first(
    campaign: Campaign, manager: User, surveyor: User, second: User, territory: Territory
) -> None:
    fill(campaign, surveyor, 4), fill(campaign, second, 4)
    crews = [make_crew(territory.unbong, surveyor, name="1조"), make_crew(territory.unbong, second, name="2조")]
    pairs = blind.draw(campaign, manager, 100, 1, crews)
    assert len(pairs) == 8
    for pair in pairs:
        assert pair.assignment.is_blind
        assert pair.assignment.crew is not None
        assert pair.first.surveyor not in pair.assignment.crew.members.all()
    with pytest.raises(Invalid):
        blind.draw(campaign, manager, 100, 1, crews)


def test_a_crew_without_rights_in_the_town_is_not_sent_there(
    campaign: Campaign, manager: User, surveyor: User, territory: Territory
) -> None:
    fill(campaign, surveyor, 1)
    away = make_crew(territory.jucheon, make_user("away", (Role.SURVEYOR, territory.jucheon)), name="3조")
    with pytest.raises(Invalid):
        blind.draw(campaign, manager, 100, 1, [away])


def test_without_a_crew_that_was_not_there_nothing_is_drawn(
    campaign: Campaign, manager: User, surveyor: User, territory: Territory
) -> None:
    fill(campaign, surveyor, 2)
    with pytest.raises(Invalid) as refused:
        blind.draw(campaign, manager, 100, 1, [make_crew(territory.unbong, surveyor, name="1조")])
    assert "surveyor" in refused.value.errors["crews"][0]
    assert not BlindPair.objects.exists()


def test_the_second_visit_is_paired_compared_and_leaves_the_house_alone(
    campaign: Campaign, manager: User, surveyor: User, second: User, territory: Territory
) -> None:
    load_table()
    firsts = fill(campaign, surveyor, 4)
    pairs = blind.draw(campaign, manager, 100, 1, [make_crew(territory.unbong, second, name="2조")])
    roofs = ["fair", "fair", "poor", "unknown"]
    for pair, roof in zip(pairs, roofs, strict=True):
        answers = {**FAIR, "roof": roof}
        visit = make_visit(second, pair.first.house, campaign=campaign, assignment=pair.assignment, answers=answers)
        assert blind.pair_second(visit) is not None
        reviews.accept(visit, manager, visit.version)
        visit.house.refresh_from_db()
        assert (visit.house.status, visit.house.gradings.count()) == ("candidate", 0)
    found = of_pairs(BlindPair.objects.select_related("first", "second"))
    roof_row = next(row for row in found.items if row.title in {"지붕", "Roof"})
    assert (roof_row.agreement.n, roof_row.agreement.agreed) == (3, 2)
    assert [row.title for row in found.surveyors] == [str(surveyor)]
    assert found.surveyors[0].agreement.n == 39
    assert blind.eligible(campaign) == []
    assert len(firsts) == 4


def test_the_first_surveyors_own_visit_is_no_second_look(
    campaign: Campaign, manager: User, surveyor: User, second: User, territory: Territory
) -> None:
    fill(campaign, surveyor, 1)
    (pair,) = blind.draw(campaign, manager, 100, 1, [make_crew(territory.unbong, second, name="2조")])
    again = make_visit(surveyor, pair.first.house, campaign=campaign, assignment=pair.assignment)
    assert blind.pair_second(again) is None
    pair.refresh_from_db()
    assert pair.second is None
