"""Coverage and best places in the browser: what an officer asks, sees, and takes along."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disaster.models import Item, RepairTask, Village
from disaster.services import best_places
from gis_core.models import Job, Role, User
from tests.disaster.coverage_support import PUMP, make_pump, make_road, make_village
from tests.factories import Territory, make_depot, make_organisation, make_stock, make_user, place
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


def coverage(user: User, **asked: Any) -> Any:
    return signed_in(user).get("/disaster/coverage/", {"measure": "km", "limit": "2", **asked})


def best(user: User, **asked: Any) -> Any:
    usual = {"measure": "km", "limit": "1", "number": "1", "aim": "cover", "kinds": ["depots", "offices"]}
    return signed_in(user).get("/disaster/coverage/best-places/", {**usual, **asked})


def test_the_page_says_in_one_sentence_who_is_in_reach_and_lists_the_gaps_by_town(
    viewer: User, territory: Territory
) -> None:
    make_pump(make_depot(place(500, 500), name="운봉창고"), 2)
    make_village("가까운마을", place(1000, 500), people=120)
    make_village("먼마을", place(3500, 3500), people=90)
    make_village("모르는마을", place(3600, 3600), people=None)
    page = coverage(viewer)
    told = text(page)
    assert "Within 2 km of 수중펌프 that works: 1 village, 120 people." in told
    assert "Out of reach: 2 villages, 90 people, and 1 village whose people nobody has counted." in told
    assert "송동면 2 villages, 90 people, and 1 village whose people nobody has counted" in told
    assert "모르는마을 송동면 not known out of reach 운봉창고" in told
    assert told.index("송동면 2 villages") < told.index("운봉읍 – –")
    assert page.content.decode().count('class="mark ') == 4


def test_only_what_works_counts_not_what_expired_or_waits_for_repair(officer: User, territory: Territory) -> None:
    make_village("마을", place(600, 500))
    expired, blocked = make_depot(place(500, 500)), make_depot(place(700, 500))
    balance = make_stock(expired, PUMP, 1)
    balance.lot.expires_on = date.today() - timedelta(days=1)
    balance.lot.save()
    other = Item.objects.get(name=PUMP).lots.create(code="2")
    blocked.balances.create(lot=other, quantity=1)
    assert "1 village, 100 people. Out of reach: no village" in text(coverage(officer))
    RepairTask.objects.create(depot=blocked, item=Item.objects.get(), title="고장", blocks=True)
    assert "that works: no village. Out of reach: 1 village" in text(coverage(officer))


def test_a_depot_that_should_hold_it_and_of_which_nobody_said_anything_leaves_a_village_unknown(
    officer: User, territory: Territory
) -> None:
    item = make_pump(make_depot(place(500, 500)))
    silent = make_depot(place(3500, 3500), name="조용한창고")
    silent.standards.create(item=item, quantity=3, method="own", source="시험", effective_from=date(2020, 1, 1))
    make_village("이웃마을", place(3500, 3300), people=70)
    told = text(coverage(officer))
    assert "Not known: 1 village, 70 people." in told
    assert "nobody has recorded anything (조용한창고)" in told
    # A depot that need not hold it makes nobody hope.
    silent.standards.all().delete()
    assert "Out of reach: 1 village, 70 people." in text(coverage(officer))


def test_along_roads_a_village_behind_the_hill_is_far(officer: User, territory: Territory) -> None:
    make_pump(make_depot(place(500, 500)))
    make_village("산너머마을", place(500, 1500))
    assert "that works: 1 village" in text(coverage(officer))
    straight = text(coverage(officer, by="roads"))
    assert "No roads are loaded here: straight lines were taken." in straight
    make_road(place(500, 500), place(3500, 500), place(3500, 1500), place(500, 1500))
    page = text(coverage(officer, by="roads"))
    assert "Out of reach: 1 village" in page
    assert "7 km" in page


def test_a_village_off_every_road_is_told_as_a_straight_line(officer: User, territory: Territory) -> None:
    make_pump(make_depot(place(100, 100)))
    make_road(place(0, 100), place(1000, 100))
    make_village("외딴마을", place(100, 3000))
    told = text(coverage(officer, by="roads", limit="9"))
    assert "1 village, or the depot nearest to it, lies more than 500 m from every loaded road" in told
    assert "that works: 1 village" in told


def test_the_file_holds_every_village_and_leaves_the_unknown_empty(officer: User, territory: Territory) -> None:
    make_pump(make_depot(place(500, 500), name="운봉창고"))
    make_village("가까운마을", place(500, 1500), people=None)
    answer = signed_in(officer).get("/disaster/coverage/villages.csv", {"measure": "km", "limit": "2"})
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["Village"], row["Inhabitants"], row["State"], row["Way (km)"]) for row in rows] == [
        ("가까운마을", "", "in reach", "1.3")
    ]


def test_a_person_sees_the_villages_and_depots_of_their_own_areas(territory: Territory) -> None:
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    make_pump(make_depot(place(500, 500), name="우리창고"))
    make_depot(place(2500, 500), name="이웃창고")
    make_village("우리마을", place(600, 600))
    make_village("이웃마을", place(2600, 600))
    page = coverage(keeper, limit="0.1").content.decode()
    assert "우리마을" in page
    assert "이웃마을" not in page
    assert "이웃창고" not in page


def test_surveyors_do_not_see_it(surveyor: User) -> None:
    for path in ("", "villages.csv", "best-places/"):
        assert signed_in(surveyor).get(f"/disaster/coverage/{path}").status_code == 403


@pytest.mark.parametrize(("field", "value"), [("limit", "0"), ("limit", "near"), ("detour", "0.5"), ("speed", "900")])
def test_figures_that_cannot_be_are_refused_by_name(
    officer: User, territory: Territory, field: str, value: str
) -> None:
    make_pump(make_depot(place(500, 500)))
    page = coverage(officer, **{field: value})
    assert page.status_code == 422
    assert f'href="#id_{field}"' in page.content.decode()
    assert signed_in(officer).get("/disaster/coverage/villages.csv", {field: value}).status_code == 422


def test_without_items_or_villages_the_page_says_what_is_missing(officer: User, territory: Territory) -> None:
    assert coverage(officer).status_code == 422
    make_pump(make_depot(place(500, 500)))
    assert "No village is recorded here." in text(coverage(officer))


def test_the_page_asks_the_database_no_more_for_many_villages_than_for_few(officer: User, territory: Territory) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert coverage(officer, by="roads").status_code == 200
        return len(found)

    for number in range(3):
        make_pump(make_depot(place(500 + number, 500)))
        make_village(f"마을{number}", place(500, 600 + number))
        make_road(place(0, 500 + number), place(4000, 500 + number))
    few = queries()
    for number in range(12):
        make_pump(make_depot(place(2500 + number, 500)))
        make_village(f"먼마을{number}", place(2500 + 40 * number, 3600))
        make_road(place(0, 900 + number), place(4000, 900 + number))
    assert queries() <= few


def make_gaps(territory: Territory) -> None:
    """Three villages round the office of 송동면, two round an empty depot of 주천면, and one that is helped already."""
    make_pump(make_depot(place(300, 300), name="운봉창고"))
    make_village("운봉마을", place(400, 400), people=500)
    make_organisation("송동면사무소", place(3000, 3000))
    for number in range(3):
        make_village(f"송동{number}", place(3000 + 100 * number, 3100), people=40)
    make_depot(place(3000, 500), name="주천창고")
    for number in range(2):
        make_village(f"주천{number}", place(3000 + 100 * number, 600), people=50)


def test_the_best_places_are_named_with_what_they_bring_and_that_it_is_proved(
    viewer: User, territory: Territory
) -> None:
    make_gaps(territory)
    told = text(best(viewer))
    assert "3 more villages with 120 people come within 1 km." in told
    assert "Proved: no other choice of as many places does better." in told
    assert "송동면사무소 office" in told
    two = text(best(viewer, number="2"))
    assert "5 more villages with 220 people come within 1 km." in two
    assert "주천창고 depot" in two
    assert "운봉마을" not in two.split("Villages that come into reach")[1]


def test_a_third_place_that_would_add_nothing_is_not_asked_for(viewer: User, territory: Territory) -> None:
    make_gaps(territory)
    assert "2 places do it: a further one would add nothing." in text(best(viewer, number="9"))


def test_a_village_whose_people_nobody_counted_weighs_as_much_as_the_median_and_it_is_said(
    viewer: User, territory: Territory
) -> None:
    make_gaps(territory)
    Village.objects.filter(name__startswith="송동").update(people=None)
    told = text(best(viewer))
    assert "3 more villages come within 1 km; how many people live there is not known." in told
    assert "weigh 50 each, the median of the others" in told


def test_the_median_tells_how_much_shorter_the_way_gets(viewer: User, territory: Territory) -> None:
    make_gaps(territory)
    told = text(best(viewer, aim="median", kinds=["villages"]))
    assert "A person's mean way to the nearest falls from" in told


def test_nothing_to_gain_is_said_and_no_kind_of_place_is_refused(viewer: User, territory: Territory) -> None:
    make_pump(make_depot(place(300, 300)))
    make_village("운봉마을", place(400, 400))
    assert "No candidate brings another village within 1 km." in text(best(viewer))
    refused = best(viewer, kinds=[])
    assert refused.status_code == 422
    assert "Choose at least one kind of place." in text(refused)


def test_what_takes_long_is_done_in_the_background_and_its_result_can_be_opened_again(
    viewer: User, officer: User, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_gaps(territory)
    monkeypatch.setattr(best_places, "PAIRS_AT_ONCE", 3)
    asked = {"measure": "km", "limit": "1", "number": "2", "aim": "cover", "kinds": ["depots", "offices"]}
    page = signed_in(viewer).get("/disaster/coverage/best-places/", asked)
    assert "It is done in the background." in text(page)
    started = signed_in(viewer).post("/disaster/coverage/best-places/", asked)
    job = Job.objects.get()
    assert started["Location"] == f"/jobs/{job.pk}/"
    assert (job.status, job.error) == ("done", "")
    assert "5 more villages with 220 people come within 1 km." in text(signed_in(viewer).get(f"/jobs/{job.pk}/"))
    address = f"/disaster/coverage/best-places/{job.pk}/"
    told = text(signed_in(viewer).get(address))
    assert "5 more villages with 220 people come within 1 km." in told
    assert "Proved: no other choice of as many places does better." in told
    assert signed_in(officer).get(address).status_code == 404
    Item.objects.update(retired_at=job.finished_at)
    assert signed_in(viewer).get(address).status_code == 409
