"""Legal clocks: terms counted as the Civil Act has it, and what they allow on a day."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.clocks import (
    Clock,
    ClockRule,
    ClockTable,
    Edition,
    Event,
    add_months,
    by_edition,
    earliest,
    end_of,
    read,
    refusals,
    status,
)
from vacanthouses.rule_reading import BadRule

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def rule(**values: Any) -> ClockRule:
    facts: dict[str, Any] = {
        "code": "order", "title": {"ko": "명령", "en": "order"}, "subject": "house",
        "start": "noticed", "end": "ordered",
        "at_least": True, "months": 0, "days": 0, "rolls": False, "remind_days": 7, "source": "x",
    }  # fmt: skip
    return ClockRule(**{**facts, **values})


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # begins on 02-01, ends before 03-01
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # leap year
        (date(2024, 1, 30), 1, date(2024, 2, 29)),  # begins on 01-31, and there is no 02-31
        (date(2023, 1, 29), 1, date(2023, 2, 28)),  # begins on 01-30, and there is no 02-30
        (date(2023, 8, 29), 6, date(2024, 2, 29)),  # begins on 08-30, six months on in a leap year
        (date(2026, 3, 14), 6, date(2026, 9, 14)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),  # begins on 01-01, ends before 07-01
        (date(2024, 2, 29), 12, date(2025, 2, 28)),  # begins on 03-01
    ],
)
def test_months_end_with_the_day_before_the_one_that_corresponds_to_the_first(
    on: date, months: int, expected: date
) -> None:
    assert add_months(on, months) == expected


def test_the_day_of_the_event_does_not_count() -> None:
    fortnight = rule(days=14)
    assert end_of(date(2026, 3, 2), fortnight) == date(2026, 3, 16)
    assert earliest(fortnight, date(2026, 3, 2)) == date(2026, 3, 17)


def test_an_end_on_a_saturday_or_holiday_moves_to_the_next_day_that_is_neither() -> None:
    week = rule(days=7, rolls=True)
    assert end_of(date(2026, 9, 19), week, {date(2026, 9, 28)}) == date(2026, 9, 29)  # Saturday 09-26, Monday off
    assert end_of(date(2026, 9, 19), rule(days=7)) == date(2026, 9, 26)


@given(days, st.integers(1, 60))
def test_a_longer_term_and_a_later_event_never_end_sooner(day: date, months: int) -> None:
    assert add_months(day, months) < add_months(day, months + 1)
    assert add_months(day, months) <= add_months(day + timedelta(days=1), months)


@given(days, st.integers(1, 400), st.frozensets(days, max_size=20))
def test_a_rolled_end_is_a_working_day_at_or_after_the_plain_end(day: date, length: int, off: frozenset[date]) -> None:
    end = end_of(day, rule(days=length, rolls=True), off)
    assert end >= end_of(day, rule(days=length))
    assert end.weekday() < 5
    assert end not in off


def one(events: list[Event], today: date, **values: Any) -> Clock:
    [clock] = status(ClockTable({}, (rule(**values),)), events, today)
    return clock


def test_an_order_may_not_come_before_six_months_and_may_the_day_after() -> None:
    noticed = [Event("noticed", date(2026, 1, 31))]
    waiting = one(noticed, date(2026, 7, 31), months=6)
    assert (waiting.state, waiting.earliest, waiting.days_left) == ("may_not_yet", date(2026, 8, 1), 1)
    assert one(noticed, date(2026, 8, 1), months=6).state == "running"
    early = one([*noticed, Event("ordered", date(2026, 7, 1))], date(2026, 8, 5), months=6)
    assert (early.state, early.ended_too_early) == ("done", True)


def test_a_report_is_in_time_then_due_then_lapsed_until_it_is_checked() -> None:
    told = [Event("noticed", date(2026, 3, 1))]
    states = [
        one(told, date(2026, 3, 1) + timedelta(days=day), days=30, at_least=False).state for day in (0, 22, 23, 30, 31)
    ]
    assert states == ["running", "running", "due_soon", "due_soon", "lapsed"]
    late = one([*told, Event("ordered", date(2026, 4, 2))], date(2026, 5, 1), days=30, at_least=False)
    assert (late.state, late.why) == ("done", "done_too_late")


def test_a_second_report_after_the_first_was_checked_begins_anew_and_a_day_to_come_has_not_come() -> None:
    events = [
        Event("noticed", date(2026, 1, 1)),
        Event("ordered", date(2026, 1, 5)),
        Event("noticed", date(2026, 3, 1)),
    ]
    assert one(events, date(2026, 3, 2), days=30, at_least=False).state == "running"
    assert one(events, date(2026, 2, 1), days=30, at_least=False).state == "done"
    assert one([], date(2026, 2, 1), days=30).state == "not_started"


def test_the_edition_in_force_when_the_clock_began_counts() -> None:
    old = Edition(ClockTable({}, (rule(months=6),)), date(2020, 1, 1), date(2026, 6, 15))
    new = Edition(ClockTable({}, (rule(months=3),)), date(2026, 6, 16))
    [before] = by_edition([old, new], [Event("noticed", date(2026, 6, 15))], date(2026, 7, 1), "house")
    [after] = by_edition([old, new], [Event("noticed", date(2026, 6, 16))], date(2026, 7, 1), "house")
    assert (before.earliest, after.earliest) == (date(2026, 12, 16), date(2026, 9, 17))


def test_a_step_is_refused_until_the_term_is_over_and_without_the_step_before_it() -> None:
    editions = [Edition(ClockTable({}, (rule(days=14),)), date(2020, 1, 1))]
    noticed = [Event("noticed", date(2026, 3, 2))]
    [refused] = refusals(editions, noticed, "ordered", date(2026, 3, 16), "house")
    assert refused.earliest == date(2026, 3, 17)
    assert refusals(editions, noticed, "ordered", date(2026, 3, 17), "house") == []
    [without] = refusals(editions, [], "ordered", date(2026, 3, 17), "house")
    assert without.state == "not_started"


@given(days, st.integers(1, 500), st.integers(-20, 600))
def test_a_step_is_refused_exactly_before_its_earliest_day(start: date, length: int, later: int) -> None:
    long = rule(days=length, rolls=True)
    editions = [Edition(ClockTable({}, (long,)), date(1990, 1, 1))]
    on = start + timedelta(days=max(later, 0))
    refused = refusals(editions, [Event("noticed", start)], "ordered", on, "house")
    assert bool(refused) == (on < earliest(long, start))


def body() -> dict[str, Any]:
    path = django_settings.BASE_DIR / "fixtures" / "rules" / "clocks-urban.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found["body"]  # type: ignore[no-any-return]


def test_the_shipped_tables_are_read() -> None:
    table = read(body())
    assert {clock.code for clock in table.clocks} >= {"report-check", "demolition-order", "entry-notice"}
    assert date(2026, 12, 25) in table.holidays


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"from": "nothing"}, "clocks.0.from"),
        ({"days": 0}, "clocks.0"),
        ({"months": 2}, "clocks.0"),
        ({"kind": "about"}, "clocks.0.kind"),
        ({"subject": "cat"}, "clocks.0.subject"),
        ({"source": ""}, "clocks.0.source"),
    ],
)
def test_a_fault_in_a_table_names_its_place(change: dict[str, Any], path: str) -> None:
    wrong = body()
    wrong["clocks"][0] |= change
    with pytest.raises(BadRule) as refused:
        read(wrong)
    assert refused.value.path == path
