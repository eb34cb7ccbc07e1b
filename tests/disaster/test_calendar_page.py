"""The month of inspections as a page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disaster.models import Schedule
from disaster.services import inspection_calendar
from disaster.working_days import WorkingDays
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_schedule
from tests.disaster.test_schedules_service import inspect, make
from tests.factories import Territory, make_depot, make_user, place
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db
PAGE = "/disaster/inspections/calendar/"


def month(found: object, year: int, number: int) -> dict[str, list[tuple[str, int, int, int]]]:
    begin = date(year, number, 1)
    end = (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = inspection_calendar.month(found, begin, end, WorkingDays()).days
    return {f"{day:%d}": [(e.title, e.number, e.waited, e.done) for e in entries] for day, entries in days.items()}


def test_schedules_of_one_rule_fall_together_and_tell_how_many_are_done(officer: User, territory: Territory) -> None:
    made = [make(officer, depot=make_depot(place(100 * number + 50, 500))) for number in range(3)]
    inspect(made[0], date(2026, 1, 13))
    everything = Schedule.objects.all()
    assert month(everything, 2026, 1) == {"13": [("정기점검", 3, 2, 1)]}
    assert month(everything, 2026, 2) == {"13": [("정기점검", 3, 1, 0)]}
    # 13 June is a Saturday.
    assert month(everything, 2026, 6) == {"15": [("정기점검", 3, 0, 0)]}


def test_the_month_names_holidays_and_a_chosen_day_lists_its_depots(officer: User, territory: Territory) -> None:
    make(officer, depot=make_depot(place(500, 500), name="운봉 창고"), starts_on=date(2026, 1, 1))
    told = text(signed_in(officer, "ko").get(PAGE, {"month": "2026-02", "day": "2026-02-13"}))
    assert "2026년 2월" in told
    assert "설날" in told
    assert "운봉 창고" in told
    assert "운봉 창고" not in text(signed_in(officer, "ko").get(PAGE, {"month": "2026-02", "day": "2026-02-12"}))


def test_a_keeper_sees_their_towns_month_only(territory: Territory, officer: User) -> None:
    make(officer, depot=make_depot(place(2500, 500)), title="남의 것")
    keeper = signed_in(make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong)))
    assert "남의 것" not in text(keeper.get(PAGE, {"month": "2026-02", "day": "2026-02-13"}))
    assert signed_in(make_user("nobody")).get(PAGE).status_code == 403


@pytest.mark.parametrize("asked", ["month=2026-13", "month=9999-12", "day=2026-02-30", "month=x&day=y&town=z"])
def test_a_month_that_does_not_exist_shows_this_one(officer: User, asked: str) -> None:
    assert signed_in(officer).get(f"{PAGE}?{asked}").status_code == 200


def test_the_month_asks_as_often_for_many_as_for_few(officer: User, territory: Territory) -> None:
    def queries() -> int:
        client = signed_in(officer)
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE, {"month": "2026-02", "day": "2026-02-13"}).status_code == 200
        return len(found)

    make(officer)
    few = queries()
    for number in range(12):
        make_schedule(make_depot(place(200 * number + 50, 500)), None, date(2026, 2, 13), title=f"점검 {number}")
    assert queries() == few
