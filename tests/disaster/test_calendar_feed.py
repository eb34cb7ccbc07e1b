"""The feed for calendar programs: who gets it, what it holds, and that edits move events and never double them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from ics import Calendar

from disaster.models import CalendarFeed, Schedule
from disaster.services import schedules as services
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_schedule
from tests.disaster.test_schedules_service import inspect, make, values
from tests.factories import Territory, make_depot, make_user, place
from tests.gis_core.pages_support import signed_in

pytestmark = pytest.mark.django_db
FEEDS = "/disaster/inspections/feeds/"


def link_of(user: User, language: str = "ko") -> str:
    page = signed_in(user, language).post(FEEDS)
    address = re.search(r'value="http://testserver(/calendar/[^"]+\.ics)"', page.content.decode())
    assert address
    return address[1]


def events(address: str) -> dict[str, Any]:
    """By UID, as another parser than the one we write with reads them."""
    answer = Client().get(address)
    assert answer.status_code == 200
    found = list(Calendar(answer.content.decode()).events)
    assert len({each.uid for each in found}) == len(found)
    return {each.uid: each for each in found}


@pytest.fixture
def keeper(territory: Territory) -> User:
    return make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))


def test_another_parser_reads_all_day_events_from_one_year_back_to_two_ahead(keeper: User) -> None:
    schedule = make(keeper, starts_on=date(2020, 1, 1))
    found = events(link_of(keeper))
    today = timezone.localdate()
    days = sorted(each.begin.date() for each in found.values())
    assert all(each.all_day for each in found.values())
    assert len(days) in {36, 37}
    assert today - timedelta(days=367) <= days[0] < days[-1] <= today + timedelta(days=733)
    key = f"{today:%Y-%m}"
    assert f"{schedule.uuid}-{key}@dongne" in found


def test_a_changed_day_or_title_moves_the_event_and_doubles_none(keeper: User) -> None:
    schedule = make(keeper, starts_on=date(2020, 1, 1))
    address = link_of(keeper)
    before = events(address)
    services.change(
        schedule, keeper, values(title="새 이름", by_month_day="15", starts_on=date(2020, 1, 1)), schedule.version
    )
    after = events(address)
    # A month at either end may come or go with the day.
    assert len({*before} ^ {*after}) <= 2
    one = f"{schedule.uuid}-{timezone.localdate().year + 1}-04@dongne"
    assert before[one].begin.date().day < after[one].begin.date().day
    assert "새 이름" in after[one].name
    assert "정기점검" in before[one].name
    sequence = [int(next(e.value for e in each[one].extra if e.name == "SEQUENCE")) for each in (before, after)]
    assert sequence[1] > sequence[0]


def test_an_inspection_keeps_the_events(keeper: User) -> None:
    schedule = make(keeper, starts_on=timezone.localdate() - timedelta(days=90))
    address = link_of(keeper)
    before = {*events(address)}
    inspect(schedule, timezone.localdate() - timedelta(days=60))
    assert {*events(address)} == before


def test_a_program_gets_what_is_mine_or_nobodys_in_my_towns(keeper: User, officer: User, territory: Territory) -> None:
    near, far = make_depot(place(500, 500), name="운봉 창고"), make_depot(place(2500, 500), name="주천 창고")
    day = timezone.localdate()
    make_schedule(near, None, day, title="내 것", assignee=keeper)
    make_schedule(near, None, day, title="누구의 것도 아님")
    make_schedule(near, None, day, title="남의 것", assignee=officer)
    make_schedule(near, None, day, title="쉬는 것", is_paused=True)
    make_schedule(far, None, day, title="먼 것")
    names = {each.name.split(" · ")[0] for each in events(link_of(keeper)).values()}
    assert names == {"내 것", "누구의 것도 아님"}


def test_the_feed_holds_no_personal_data(keeper: User, territory: Territory) -> None:
    depot = make_depot(place(500, 500), keeper_person="홍길동", keeper_phone="010-1234-5678")
    make_schedule(depot, None, timezone.localdate(), assignee=keeper)
    body = Client().get(link_of(keeper)).content.decode()
    assert "BEGIN:VEVENT" in body
    for secret in ("홍길동", "1234", "keeper"):
        assert secret not in body


def test_the_feed_speaks_the_language_it_was_made_in(keeper: User) -> None:
    make(keeper)
    for language, said in (("ko", "매월 13일"), ("en", "every month on the 13th")):
        assert any(said in (each.description or "") for each in events(link_of(keeper, language)).values())


def test_only_the_hash_of_a_link_is_kept_and_it_is_shown_once(keeper: User) -> None:
    token = link_of(keeper).removeprefix("/calendar/").removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert len(token) >= 40
    assert token not in repr(feed.__dict__)
    assert token not in signed_in(keeper).get(FEEDS).content.decode()


def test_a_revoked_or_guessed_link_and_one_of_a_person_without_role_is_not_found(keeper: User, officer: User) -> None:
    address = link_of(keeper)
    feed = CalendarFeed.objects.get()
    assert signed_in(officer).post(f"{FEEDS}{feed.pk}/revoke/").status_code == 404
    keeper.role_grants.update(role=Role.VIEWER)
    assert Client().get(address).status_code == 404
    keeper.role_grants.update(role=Role.DISASTER_OFFICER)
    assert Client().get(address).status_code == 200
    assert signed_in(keeper).post(f"{FEEDS}{feed.pk}/revoke/").status_code == 302
    assert Client().get(address).status_code == 404
    assert Client().get("/calendar/guess.ics").status_code == 404


def test_a_program_that_has_the_latest_is_sent_nothing(keeper: User) -> None:
    schedule = make(keeper)
    address = link_of(keeper)
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    services.change(schedule, keeper, values(title="새 이름"), schedule.version)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    changed = Client().get(address)["ETag"]
    services.add_holiday(timezone.localdate() + timedelta(days=500), "휴무", False)
    assert Client().get(address, headers={"If-None-Match": changed}).status_code == 200


def test_a_viewer_makes_no_link(viewer: User) -> None:
    assert signed_in(viewer).post(FEEDS).status_code == 403
    assert not CalendarFeed.objects.exists()


def test_counted_from_completion_only_what_is_waited_for_is_in_the_feed(keeper: User) -> None:
    schedule = make(keeper, basis="completed", by_month_day="", starts_on=timezone.localdate())
    found = events(link_of(keeper))
    assert [each.begin.date() for each in found.values()] == [Schedule.objects.get(pk=schedule.pk).next_due]
