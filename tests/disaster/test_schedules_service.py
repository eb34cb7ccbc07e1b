"""Writing schedules: what is waited for after inspections, changes, pauses and new holidays."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from disaster.models import Inspection, InspectionKind, Schedule
from disaster.services import schedules as services
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Role, User
from tests.disaster.inspection_support import make_checklist
from tests.factories import Territory, make_depot, make_user, place

pytestmark = pytest.mark.django_db


def values(**changed: Any) -> dict[str, Any]:
    facts = {
        "title": "정기점검", "item_class": None, "assignee": None, "interval": 1, "frequency": "MONTHLY",
        "by_month": "", "by_day": "", "by_month_day": "13", "starts_on": date(2026, 1, 1), "ends_on": None,
        "basis": "scheduled", "shift": "after",
    }  # fmt: skip
    return {**facts, **changed}


def make(user: User, **changed: Any) -> Schedule:
    depot = changed.pop("depot", None) or make_depot(place(500, 500))
    made = services.create(user, {**values(**changed), "depot": depot})
    made.refresh_from_db()
    return made


def inspect(schedule: Schedule, on: date, due: date | None = None, user: User | None = None) -> Schedule:
    """A regular inspection as ``services.inspections`` writes it."""
    checklist = make_checklist(None)
    depot = schedule.depot
    Inspection.objects.create(
        schedule=schedule, due_on=due or schedule.next_due, kind=InspectionKind.REGULAR, depot=depot,
        checklist=checklist, result="passed", inspected_by=user or schedule.created_by, inspected_on=on,
        inspected_at=timezone.now(), area=depot.area, location=depot.location,
    )  # fmt: skip
    return services.done(schedule, on)


def waits(schedule: Schedule) -> tuple[str, str]:
    schedule.refresh_from_db()
    return f"{schedule.next_nominal:%m-%d}", f"{schedule.next_due:%m-%d}"


def test_a_new_schedule_waits_for_its_first_day_shifted_off_the_weekend(officer: User, territory: Territory) -> None:
    assert waits(make(officer, starts_on=date(2026, 6, 1))) == ("06-13", "06-15")


def test_an_inspection_makes_it_wait_for_the_next_day(officer: User, territory: Territory) -> None:
    schedule = make(officer)
    inspect(schedule, date(2026, 1, 12))
    assert waits(schedule) == ("02-13", "02-13")
    assert schedule.last_done_on == date(2026, 1, 12)


def test_arrivals_out_of_order_or_twice_skip_nothing(officer: User, territory: Territory) -> None:
    schedule = make(officer)
    inspect(schedule, date(2026, 2, 13), date(2026, 2, 13))
    assert waits(schedule) == ("03-13", "03-13")
    inspect(schedule, date(2026, 1, 13), date(2026, 1, 13))
    services.done(schedule, date(2026, 2, 13))
    assert waits(schedule) == ("03-13", "03-13")
    assert schedule.last_done_on == date(2026, 2, 13)


def test_an_early_inspection_for_a_day_counts_for_it_and_only_once(officer: User, territory: Territory) -> None:
    schedule = make(officer)
    inspect(schedule, date(2026, 1, 13))
    inspect(schedule, date(2026, 1, 25), date(2026, 2, 13))
    assert waits(schedule) == ("03-13", "03-13")
    services.done(schedule, date(2026, 1, 25))
    assert waits(schedule) == ("03-13", "03-13")


def test_counted_from_completion_the_day_it_was_done_decides(officer: User, territory: Territory) -> None:
    schedule = make(officer, basis="completed", by_month_day="", interval=3)
    inspect(schedule, date(2026, 1, 20))
    assert waits(schedule) == ("04-20", "04-20")
    inspect(schedule, date(2026, 1, 10), date(2026, 1, 1))
    assert waits(schedule) == ("04-20", "04-20")
    assert schedule.last_done_on == date(2026, 1, 20)


def test_after_its_last_day_nothing_is_waited_for(officer: User, territory: Territory) -> None:
    schedule = make(officer, ends_on=date(2026, 1, 31))
    inspect(schedule, date(2026, 1, 13))
    schedule.refresh_from_db()
    assert (schedule.next_nominal, schedule.next_due) == (None, None)
    inspect(schedule, date(2026, 2, 2), date(2026, 1, 13))
    schedule.refresh_from_db()
    assert schedule.last_done_on == date(2026, 2, 2)


def test_moving_the_day_keeps_the_month_that_is_waited_for(officer: User, territory: Territory) -> None:
    schedule = make(officer)
    inspect(schedule, date(2026, 1, 9))
    services.change(schedule, officer, values(by_month_day="15"), Schedule.objects.get().version)
    assert waits(schedule) == ("02-15", "02-19")
    services.change(schedule, officer, values(by_month_day="5"), Schedule.objects.get().version)
    assert waits(schedule) == ("02-05", "02-05")


def test_a_day_that_is_answered_is_not_asked_for_again_when_days_move(officer: User, territory: Territory) -> None:
    schedule = make(officer, by_month_day="13,27")
    inspect(schedule, date(2026, 1, 11))
    assert waits(schedule) == ("01-27", "01-27")
    services.change(schedule, officer, values(by_month_day="13,28"), Schedule.objects.get().version)
    assert waits(schedule) == ("01-28", "01-28")


def test_two_who_change_the_same_schedule_the_second_is_told(officer: User, territory: Territory) -> None:
    schedule = make(officer)
    services.change(schedule, officer, values(title="첫째"), schedule.version)
    with pytest.raises(Invalid):
        services.change(schedule, officer, values(title="둘째"), schedule.version)
    assert Schedule.objects.get().title == "첫째"


def test_a_schedule_elsewhere_is_not_mine_to_write(territory: Territory) -> None:
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong))
    own = make(keeper)
    with pytest.raises(NotAllowed):
        make(keeper, depot=make_depot(place(2500, 500)))
    stranger = make_user("stranger", (Role.DISASTER_OFFICER, territory.suji))
    with pytest.raises(Invalid, match="assignee"):
        make(keeper, assignee=stranger, depot=own.depot)
    for act in (services.pause, services.resume):
        with pytest.raises(NotAllowed):
            act(own, stranger, own.version)
    with pytest.raises(NotAllowed):
        services.retire(own, stranger, "왜", own.version)


def test_a_rule_that_never_occurs_is_refused_and_nothing_is_written(officer: User, territory: Territory) -> None:
    with pytest.raises(Invalid):
        make(officer, by_month_day="30", by_month="2")
    assert not Schedule.objects.exists()


def test_while_paused_nothing_is_overdue_and_what_fell_into_the_pause_is_not_asked_for(
    officer: User, territory: Territory
) -> None:
    today = timezone.localdate()
    schedule = make(officer, starts_on=today - timedelta(days=200))
    assert Schedule.objects.overdue(today).exists()
    services.pause(schedule, officer, schedule.version)
    assert not Schedule.objects.overdue(today).exists()
    services.resume(schedule, officer, Schedule.objects.get().version)
    schedule.refresh_from_db()
    assert schedule.next_due is not None
    assert schedule.next_due >= today


def test_a_new_holiday_moves_what_is_due_and_its_removal_moves_it_back(officer: User, territory: Territory) -> None:
    first, other = make(officer, starts_on=date(2026, 7, 1)), make(officer, starts_on=date(2026, 7, 1), shift="none")
    assert services.add_holiday(date(2026, 7, 13), "시민의 날", False) == 1
    assert (waits(first), waits(other)) == (("07-13", "07-14"), ("07-13", "07-13"))
    with pytest.raises(Invalid):
        services.add_holiday(date(2026, 7, 13), "다른 이름", False)
    from disaster.models import LocalHoliday

    assert services.remove_holiday(LocalHoliday.objects.get().pk) == 1
    assert waits(first) == ("07-13", "07-13")


def test_many_depots_get_the_same_schedule_once(officer: User, territory: Territory) -> None:
    depots = [make_depot(place(100 * number + 50, 500)) for number in range(5)]
    chosen = {name: value for name, value in values().items() if name != "assignee"}
    assert services.create_many(officer, depots, chosen) == (5, 0)
    assert services.create_many(officer, [*depots, make_depot(place(900, 900))], chosen) == (1, 5)
    assert Schedule.objects.count() == 6
    keeper = make_user("keeper", (Role.DISASTER_OFFICER, territory.suji))
    with pytest.raises(NotAllowed):
        services.create_many(keeper, depots, {**chosen, "title": "남의 것"})
