"""The progress of a round: figures by town and crew, the line to end in time, and asking again for nothing new."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.models import User
from tests.factories import Territory, make_house, place, square
from tests.gis_core.pages_support import signed_in, text
from tests.vacanthouses.campaign_support import assign, make_campaign, make_crew
from vacanthouses.models import Assignment, Campaign
from vacanthouses.progress_chart import BurnDown, Town, burn_down, choropleth, color_of, left_by_day
from vacanthouses.services import progress

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def campaign(territory: Territory, surveyor: User) -> Campaign:
    """운봉읍: 3 of 4 done by a crew; 주천면: none of 2, given to nobody; and a blind second visit."""
    found = make_campaign(territory.namwon)
    crew = make_crew(territory.unbong, surveyor)
    here = [make_house() for _ in range(4)]
    rows = assign(found, here, crew)
    assign(found, [make_house(place(2500, 500)) for _ in range(2)])
    assign(found, here[:1], crew, is_blind=True)
    for index, row in enumerate(rows[:3]):
        Assignment.objects.filter(pk=row.pk).update(done_at=datetime(2026, 3, 3 + index // 2, 23, tzinfo=SEOUL))
    return found


@pytest.mark.django_db
def test_figures_are_by_town_and_crew_and_a_blind_visit_is_no_further_house(campaign: Campaign) -> None:
    found = progress.measure(campaign, date(2026, 3, 10))
    assert (found.total, found.done) == (6, 3)
    assert [(row.name, row.all, row.done) for row in found.towns] == [("운봉읍", 4, 3), ("주천면", 2, 0)]
    assert [(row.all, row.done, row.per_day) for row in found.crews] == [(4, 3, 1.5), (2, 0, None)]
    assert "75%" in found.map_svg


@pytest.mark.django_db
def test_a_page_that_asks_again_gets_nothing_until_something_changes(manager: User, campaign: Campaign) -> None:
    client, url = signed_in(manager), f"/survey/campaigns/{campaign.pk}/progress/"
    assert "3 of 6 houses visited" in text(client.get(url))
    first = client.get(f"{url}?part=1")
    assert client.get(f"{url}?part=1", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Assignment.objects.filter(done_at=None, is_blind=False).update(done_at=datetime(2026, 3, 9, tzinfo=SEOUL))
    renewed = client.get(f"{url}?part=1", headers={"If-None-Match": first["ETag"]})
    assert renewed.status_code == 200
    assert "6 of 6 houses visited" in text(renewed)


@pytest.mark.django_db
def test_slow_figures_are_made_anew_once_a_minute_and_never_taken_for_newer_than_they_are(
    manager: User, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = signed_in(manager), f"/survey/campaigns/{campaign.pk}/progress/?part=1"
    monkeypatch.setattr(progress, "SLOW_S", -1.0)
    first = client.get(url)
    Assignment.objects.filter(done_at=None, is_blind=False).update(done_at=datetime(2026, 3, 9, tzinfo=SEOUL))
    again = client.get(url)
    assert "3 of 6 houses visited" in text(again)
    assert again["ETag"] == first["ETag"]
    monkeypatch.setattr(progress, "RENEWED_S", 0)
    renewed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert "6 of 6 houses visited" in text(renewed)


@pytest.mark.django_db
def test_a_round_without_houses_says_so(manager: User, territory: Territory) -> None:
    empty = make_campaign(territory.namwon)
    assert "Nothing is assigned yet." in text(signed_in(manager).get(f"/survey/campaigns/{empty.pk}/progress/"))


@pytest.mark.django_db
def test_the_progress_of_many_takes_as_many_statements_as_that_of_few(
    campaign: Campaign, territory: Territory, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        assign(campaign, [make_house() for _ in range(10)], make_crew(territory.unbong, name=f"{number}반"))
    with django_assert_max_num_queries(9):
        progress.measure(campaign, date(2026, 3, 10))


@given(st.lists(st.tuples(st.integers(-5, 60), st.integers(1, 9)), max_size=20))
def test_what_is_left_only_falls_and_ends_at_what_is_not_done(done: list[tuple[int, int]]) -> None:
    begin = date(2026, 3, 2)
    by_day = [(begin + timedelta(days=day), number) for day, number in dict(done).items()]
    left = left_by_day(500, begin, begin + timedelta(days=60), by_day)
    assert [day for day, _left in left] == sorted(day for day, _left in left)
    assert all(before >= after for (_a, before), (_b, after) in pairwise(left))
    assert left[-1][1] == 500 - sum(number for _day, number in by_day)


def test_half_of_the_houses_should_be_left_half_way() -> None:
    chart = BurnDown(100, date(2026, 3, 1), date(2026, 3, 11), [])
    assert [chart.needed(date(2026, 3, day)) for day in (1, 6, 11, 20)] == [100, 50, 0, 0]
    assert "stroke-dasharray" in burn_down(chart, "x")


def test_the_map_says_each_share_in_figures_and_escapes_names() -> None:
    svg = choropleth([Town("<읍>", square(0, 0, 2000), 0.5), Town("면", square(2000, 0, 2000), None)], "진행")
    assert "&lt;읍&gt;" in svg
    assert "50%" in svg
    assert color_of(1.0) != color_of(0.99)
