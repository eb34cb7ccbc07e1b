"""Which planned day an inspection answers."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from disaster.models import Checklist, Depot, Inspection
from disaster.services import schedules
from gis_core.models import Role
from tests.disaster.inspection_support import (
    inspection_body,
    make_checklist,
    make_pump_class,
    make_pump_depot,
    make_schedule,
    only_inspection,
    send,
)
from tests.factories import Territory, make_user
from tests.vacanthouses.sync_support import Phone


@pytest.fixture
def phone(territory: Territory, settings: Any, tmp_path: Path) -> Phone:
    settings.MEDIA_ROOT = tmp_path
    return Phone(make_user("keeper", (Role.DISASTER_OFFICER, territory.unbong), name="김관리"))


@pytest.fixture
def checklist(db: None) -> Checklist:
    return make_checklist(make_pump_class())


@pytest.fixture
def depot(territory: Territory) -> Depot:
    return make_pump_depot()


@pytest.mark.django_db
def test_an_inspection_answers_its_planned_day_once(
    phone: Phone, depot: Depot, checklist: Checklist, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, date]] = []
    monkeypatch.setattr(schedules, "done", lambda schedule, day: done.append((schedule.pk, day)))
    today = timezone.localdate()
    schedule = make_schedule(depot, checklist.item_class, today)
    body = {"schedule": schedule.pk, "due_on": today.isoformat()}
    send(phone, inspection_body(depot, checklist, **body))
    send(phone, inspection_body(depot, checklist, **body))
    assert done == [(schedule.pk, today)]
    first, second = Inspection.objects.order_by("pk")
    assert (first.due_on, first.kind) == (today, "regular")
    assert (second.due_on, second.kind) == (None, "ad_hoc")


@pytest.mark.django_db
def test_a_second_inspection_on_the_day_does_not_count_as_next_months(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    today = timezone.localdate()
    schedule = make_schedule(depot, checklist.item_class, today, by_month_day=str(today.day))
    send(phone, inspection_body(depot, checklist, schedule=schedule.pk))
    schedule.refresh_from_db()
    waited = schedule.next_due
    assert waited is not None
    assert waited > today
    send(phone, inspection_body(depot, checklist, schedule=schedule.pk))
    send(phone, inspection_body(depot, checklist, schedule=schedule.pk, due_on=waited.isoformat()))
    assert list(Inspection.objects.order_by("pk").values_list("due_on", "kind")) == [
        (today, "regular"), (None, "ad_hoc"), (None, "ad_hoc"),
    ]  # fmt: skip
    schedule.refresh_from_db()
    assert schedule.next_due == waited


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "kind"), [(3, "regular"), (20, "ad_hoc")])
def test_an_inspection_that_names_no_day_answers_the_planned_day_only_when_it_is_near(
    phone: Phone, depot: Depot, checklist: Checklist, days: int, kind: str
) -> None:
    due = timezone.localdate() + timedelta(days=days)
    rhythm = {"frequency": "DAILY", "interval": 30, "by_month_day": "", "starts_on": due - timedelta(days=300)}
    schedule = make_schedule(depot, checklist.item_class, due, **rhythm)
    send(phone, inspection_body(depot, checklist, schedule=schedule.pk))
    assert only_inspection().kind == kind


@pytest.mark.django_db
def test_an_overdue_day_is_answered_although_something_was_inspected_the_same_day(
    phone: Phone, depot: Depot, checklist: Checklist
) -> None:
    today = timezone.localdate()
    late = today - timedelta(days=5)
    schedule = make_schedule(depot, checklist.item_class, late, by_month_day=str(late.day))
    other = make_schedule(depot, checklist.item_class, today, title="우기 대비 점검")
    for each in (other, schedule):
        send(phone, inspection_body(depot, checklist, schedule=each.pk))
    assert set(Inspection.objects.values_list("schedule", "due_on")) == {(other.pk, today), (schedule.pk, late)}
