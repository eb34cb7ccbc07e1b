"""The pack of a crew: its own houses and forms, nothing of others, nothing that would spoil a blind re-survey."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, geos, make_house, make_user, place, square
from tests.gis_core.pages_support import signed_in
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from tests.vacanthouses.review_support import make_visit
from vacanthouses.models import Candidate, DayRoute, ScreeningRun
from vacanthouses.services import reviews, rules


@pytest.fixture(autouse=True)
def _key(settings: Any, tmp_path: Path) -> None:
    settings.OFFLINE_KEY_FILE = tmp_path / "offline.pem"


def pack(user: User, language: str = "ko") -> dict[str, Any]:
    answer = signed_in(user, language).get("/survey/pack/")
    assert answer.status_code == 200, answer.content.decode()[:300]
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.mark.django_db
def test_a_surveyor_takes_the_crews_own_open_houses_with_forms_and_outlines(
    surveyor: User, territory: Territory
) -> None:
    rules.load_samples()
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    mine, theirs, done = (make_house(place(east, 500), parcel=geos(square(east, 500))) for east in (500, 900, 1300))
    assign(campaign, [mine], crew)
    assign(campaign, [theirs], make_crew(territory.unbong, name="2반"))
    assign(campaign, [done], crew, done_at=timezone.now())
    found = pack(surveyor)
    (house,) = found["houses"]
    assert (house["id"], house["address"], house["step"]) == (mine.pk, mine.address, "field")
    assert house["parcel"]["type"] == "Polygon"
    assert {form["step"] for form in found["forms"].values()} == {"preliminary", "field", "grading", "confirmation"}
    assert [each["properties"]["name"] for each in found["areas"]["features"]] == ["운봉읍"]
    assert found["key"]["public_jwk"]["kty"] == "RSA"
    assert theirs.address not in json.dumps(found, ensure_ascii=False)


@pytest.mark.django_db
def test_reasons_are_in_the_surveyors_words_and_the_route_gives_the_order(surveyor: User, territory: Territory) -> None:
    rules.load_samples()
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    house = make_house(place(500, 500))
    (assignment,) = assign(campaign, [house], crew)
    table = rules.in_force("screening", "rural", date(2026, 5, 1))
    run = ScreeningRun.objects.create(campaign=campaign, table=table)
    Candidate.objects.create(
        run=run,
        house=house,
        score=50,
        rank=1,
        reasons=[{"code": "removed", "value": None, "limit": None, "points": 35}],
    )
    DayRoute.objects.create(
        campaign=campaign, crew=crew, day=timezone.localdate(), start=house.location, stops=[assignment.pk],
        length_m=1, minutes=1,
    )  # fmt: skip
    (found,) = pack(surveyor)["houses"]
    assert found["order"] == 1
    assert pack(surveyor)["routes"] == [
        {"day": timezone.localdate().isoformat(), "crew": crew.pk, "stops": [assignment.pk]}
    ]
    assert len(found["reasons"]) == 1


@pytest.mark.django_db
def test_a_returned_visit_comes_back_with_the_comment(surveyor: User, manager: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    house = make_house(place(500, 500))
    (assignment,) = assign(campaign, [house], crew, done_at=timezone.now())
    visit = make_visit(surveyor, house, campaign=campaign, assignment=assignment)
    assert pack(surveyor)["houses"] == []
    reviews.send_back(visit, manager, visit.version, "지붕 사진을 다시")
    (found,) = pack(surveyor)["houses"]
    assert found["last"] == {"uuid": str(visit.uuid), "state": "returned", "comment": "지붕 사진을 다시"}


@pytest.mark.django_db
def test_a_blind_resurvey_shows_nothing_of_the_first_visit(surveyor: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    house = make_house(place(500, 500), note="지붕이 내려앉음")
    first = make_user("first", ("surveyor", territory.unbong))
    make_visit(first, house, campaign=campaign, note="비밀 메모", answers={"roof": "bad"})
    assign(campaign, [house], crew, is_blind=True)
    told = json.dumps(pack(surveyor), ensure_ascii=False)
    assert "비밀 메모" not in told
    assert "지붕이 내려앉음" not in told


@pytest.mark.django_db
def test_an_unchanged_pack_is_not_sent_again_and_each_look_is_noted(surveyor: User, territory: Territory) -> None:
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    assign(campaign, [make_house(place(500, 500))], crew)
    client = signed_in(surveyor)
    first = client.get("/survey/pack/")
    again = client.get("/survey/pack/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    noted = PersonalDataAccess.objects.get()
    assert (noted.action, noted.count) == ("pack", 1)


@pytest.mark.django_db
def test_closed_rounds_and_other_peoples_crews_give_no_houses(
    surveyor: User, viewer: User, territory: Territory
) -> None:
    crew = make_crew(territory.unbong, surveyor)
    assign(make_campaign(territory.namwon, stage="closed"), [make_house(place(500, 500))], crew)
    assert pack(surveyor)["houses"] == []
    assert signed_in(viewer).get("/survey/pack/").status_code == 403
    assert signed_in(None).get("/survey/pack/").status_code == 401


@pytest.mark.django_db
def test_many_houses_cost_no_more_statements(
    surveyor: User, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    rules.load_samples()
    campaign, crew = make_campaign(territory.namwon), make_crew(territory.unbong, surveyor)
    assign(campaign, [make_house(place(10 * number, 500)) for number in range(40)], crew)
    with django_assert_max_num_queries(36):
        assert len(pack(surveyor)["houses"]) == 40
