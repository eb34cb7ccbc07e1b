"""When inspections recur: against dateutil's expansion of the same rule, and against days checked by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil import rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disaster import schedules
from disaster.schedules import BadRuleError, Rule, between, falls_on, period_key, read, shifted
from disaster.working_days import LocalDay, WorkingDays, public_holiday

KOREA = WorkingDays()


def rule(frequency: str = "MONTHLY", days: str = "", starts_on: date = date(2026, 1, 1), **values: Any) -> Rule:
    facts = {"interval": 1, "by_month": "", "by_day": "", "by_month_day": days, **values}
    return read(frequency=frequency, starts_on=starts_on, **facts)


def due(found: Rule, begin: date, end: date, days: WorkingDays = KOREA) -> list[str]:
    return [f"{each.due:%m-%d}" for each in schedules.plan(found, begin, end, days.is_working)]


# The 13th of every month, the working day after: looked up in the calendars of 2026 and 2027.
THIRTEENTHS = [
    (2026, 1, 13, "Tuesday"), (2026, 2, 13, "Friday"), (2026, 3, 13, "Friday"), (2026, 4, 13, "Monday"),
    (2026, 5, 13, "Wednesday"), (2026, 6, 15, "Saturday"), (2026, 7, 13, "Monday"), (2026, 8, 13, "Thursday"),
    (2026, 9, 14, "Sunday"), (2026, 10, 13, "Tuesday"), (2026, 11, 13, "Friday"), (2026, 12, 14, "Sunday"),
    (2027, 1, 13, "Wednesday"), (2027, 2, 15, "Saturday"), (2027, 3, 15, "Saturday"), (2027, 4, 13, "Tuesday"),
    (2027, 5, 14, "Buddha's birthday, a Thursday"), (2027, 6, 14, "Sunday"), (2027, 7, 13, "Tuesday"),
    (2027, 8, 13, "Friday"), (2027, 9, 13, "Monday before Chuseok"), (2027, 10, 13, "Wednesday"),
    (2027, 11, 15, "Saturday"), (2027, 12, 13, "Monday"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "month", "day", "why"), THIRTEENTHS)
def test_the_13th_of_each_month_of_2026_and_2027(year: int, month: int, day: int, why: str) -> None:
    found = shifted(date(year, month, 13), "after", KOREA.is_working)
    assert found == date(year, month, day), why


# (planned, due on the working day before, due on the working day after, why)
KOREAN_DAYS = [
    ("2026-01-01", "2025-12-31", "2026-01-02", "new year: over the turn of the year"),
    ("2026-02-14", "2026-02-13", "2026-02-19", "Saturday before Lunar New Year, 16 to 18 February"),
    ("2026-02-16", "2026-02-13", "2026-02-19", "the day before Lunar New Year"),
    ("2026-02-17", "2026-02-13", "2026-02-19", "Lunar New Year"),
    ("2026-02-18", "2026-02-13", "2026-02-19", "the day after Lunar New Year"),
    ("2026-03-01", "2026-02-27", "2026-03-03", "a Sunday; Monday the 2nd is its substitute"),
    ("2026-03-02", "2026-02-27", "2026-03-03", "substitute of 1 March: before is in February"),
    ("2026-05-05", "2026-05-04", "2026-05-06", "children's day, a Tuesday"),
    ("2026-05-24", "2026-05-22", "2026-05-26", "Buddha's birthday on a Sunday"),
    ("2026-05-25", "2026-05-22", "2026-05-26", "its substitute"),
    ("2026-06-03", "2026-06-02", "2026-06-04", "local elections"),
    ("2026-06-06", "2026-06-05", "2026-06-08", "memorial day on a Saturday has no substitute"),
    ("2026-08-15", "2026-08-14", "2026-08-18", "liberation day on a Saturday"),
    ("2026-08-17", "2026-08-14", "2026-08-18", "its substitute"),
    ("2026-09-24", "2026-09-23", "2026-09-28", "Chuseok, Thursday to Saturday: no substitute"),
    ("2026-09-26", "2026-09-23", "2026-09-28", "the day after Chuseok, a Saturday"),
    ("2026-10-03", "2026-10-02", "2026-10-06", "foundation day on a Saturday"),
    ("2026-10-05", "2026-10-02", "2026-10-06", "its substitute"),
    ("2026-10-09", "2026-10-08", "2026-10-12", "Hangul day on a Friday"),
    ("2026-12-25", "2026-12-24", "2026-12-28", "Christmas on a Friday"),
    ("2027-01-01", "2026-12-31", "2027-01-04", "new year on a Friday"),
    ("2027-02-06", "2027-02-05", "2027-02-10", "Lunar New Year, Saturday to Monday, and Tuesday the 9th in place"),
    ("2027-02-07", "2027-02-05", "2027-02-10", "Lunar New Year on a Sunday"),
    ("2027-02-09", "2027-02-05", "2027-02-10", "its substitute"),
    ("2027-02-28", "2027-02-26", "2027-03-02", "a Sunday before 1 March: after lands in March"),
    ("2027-05-13", "2027-05-12", "2027-05-14", "Buddha's birthday on the 13th"),
    ("2027-08-16", "2027-08-13", "2027-08-17", "substitute of 15 August"),
    ("2027-09-14", "2027-09-13", "2027-09-17", "Chuseok, Tuesday to Thursday"),
    ("2027-10-04", "2027-10-01", "2027-10-05", "substitute of 3 October"),
    ("2027-10-11", "2027-10-08", "2027-10-12", "substitute of 9 October"),
]  # fmt: skip


@pytest.mark.parametrize(("planned", "earlier", "later", "why"), KOREAN_DAYS)
def test_korean_days_off_move_an_inspection(planned: str, earlier: str, later: str, why: str) -> None:
    day = date.fromisoformat(planned)
    found = [shifted(day, shift, KOREA.is_working).isoformat() for shift in ("before", "none", "after")]
    assert found == [earlier, planned, later], why


def test_a_day_that_is_free_or_worked_here_only_counts_and_is_named() -> None:
    here = WorkingDays([LocalDay(date(2026, 7, 13), "시민의 날"), LocalDay(date(2026, 10, 9), "비상근무", True)])
    assert shifted(date(2026, 7, 13), "after", here.is_working) == date(2026, 7, 14)
    assert shifted(date(2026, 10, 9), "after", here.is_working) == date(2026, 10, 9)
    assert here.name(date(2026, 7, 13)) == "시민의 날"
    assert (public_holiday(date(2026, 10, 9)), public_holiday(date(2026, 10, 9), "en")) == ("한글날", "Hangul Day")


def test_where_no_working_day_is_near_the_planned_day_stays() -> None:
    assert shifted(date(2026, 7, 13), "after", lambda _day: False) == date(2026, 7, 13)


def test_the_31st_skips_months_that_have_none_and_minus_one_never_does() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert [day.month for day in between(rule(days="31"), *year)] == [1, 3, 5, 7, 8, 10, 12]
    ends = between(rule(days="-1"), *year)
    assert [day.month for day in ends] == list(range(1, 13))
    assert all((day + timedelta(days=1)).day == 1 for day in ends)


def test_the_29th_of_february_comes_in_leap_years_only() -> None:
    found = rule("YEARLY", "29", by_month="2")
    assert schedules.first(found) == date(2028, 2, 29)
    assert schedules.following(found, date(2028, 2, 29)) == date(2032, 2, 29)
    began = rule("YEARLY", starts_on=date(2024, 2, 29))
    assert schedules.following(began, date(2024, 2, 29)) == date(2028, 2, 29)


def test_floods_are_inspected_in_spring_and_snow_over_the_turn_of_the_year() -> None:
    spring = rule(days="13", by_month="3,4,5")
    assert due(spring, date(2026, 1, 1), date(2027, 5, 31)) == ["03-13", "04-13", "05-13", "03-15", "04-13", "05-14"]
    winter = rule(days="13", by_month="11,12,1,2", starts_on=date(2026, 6, 1))
    assert due(winter, date(2026, 6, 1), date(2027, 6, 30)) == ["11-13", "12-14", "01-13", "02-15"]


def test_a_shifted_day_may_land_in_the_next_month_and_is_listed_there() -> None:
    last = rule(days="-1")
    assert due(last, date(2026, 6, 1), date(2026, 6, 30)) == ["06-01", "06-30"]
    assert due(last, date(2026, 5, 1), date(2026, 5, 31)) == []
    assert due(rule(days="1", shift="before"), date(2025, 12, 1), date(2026, 1, 31)) == ["12-31", "01-30"]


@pytest.mark.parametrize(("interval", "done", "expected"), [
    (1, "2026-01-31", "2026-02-28"), (1, "2026-03-20", "2026-04-20"), (3, "2026-11-30", "2027-02-28"),
    (12, "2024-02-29", "2025-02-28"),
])  # fmt: skip
def test_counted_from_the_day_it_was_done_the_interval_begins_then(interval: int, done: str, expected: str) -> None:
    found = rule(interval=interval, basis="completed", starts_on=date(2024, 1, 1))
    assert schedules.after_done(found, date.fromisoformat(done)) == date.fromisoformat(expected)


def test_counted_from_the_day_it_was_done_a_season_still_holds() -> None:
    spring = rule(basis="completed", by_month="3,4,5")
    assert schedules.first(spring) == date(2026, 3, 1)
    assert schedules.after_done(spring, date(2026, 4, 10)) == date(2026, 5, 10)
    assert schedules.after_done(spring, date(2026, 5, 10)) == date(2027, 3, 1)
    ended = rule(basis="completed", ends_on=date(2026, 6, 30))
    assert schedules.after_done(ended, date(2026, 6, 15)) is None


@pytest.mark.parametrize(("values", "field", "code"), [
    ({"by_day": "MO,XX"}, "by_day", "unknown_weekday"),
    ({"by_day": "0MO"}, "by_day", "unknown_weekday"),
    ({"by_day": "월"}, "by_day", "unknown_weekday"),
    ({"by_day": "6MO"}, "by_day", "ordinal"),
    ({"days": "32"}, "by_month_day", "unknown_month_day"),
    ({"days": "0"}, "by_month_day", "unknown_month_day"),
    ({"days": "-32"}, "by_month_day", "unknown_month_day"),
    ({"days": "³"}, "by_month_day", "unknown_month_day"),
    ({"by_month": "13"}, "by_month", "unknown_month"),
    ({"frequency": "HOURLY"}, "frequency", "unknown_frequency"),
    ({"interval": 0}, "interval", "interval"),
    ({"frequency": "WEEKLY", "by_day": "2TU"}, "by_day", "ordinal_needs_month"),
    ({"frequency": "DAILY", "by_day": "-1FR"}, "by_day", "ordinal_needs_month"),
    ({"frequency": "WEEKLY", "days": "13"}, "by_month_day", "month_day_in_weeks"),
    ({"basis": "completed", "days": "13"}, "by_month_day", "completed_names_no_days"),
    ({"basis": "completed", "by_day": "MO"}, "by_day", "completed_names_no_days"),
    ({"ends_on": date(2025, 12, 31)}, "ends_on", "ends_before_it_starts"),
    ({"starts_on": date(9990, 1, 1)}, "starts_on", "year"),
    ({"days": "30", "by_month": "2"}, "", "never"),
    ({"days": "31", "by_month": "2,4,6,9,11"}, "", "never"),
    ({"frequency": "YEARLY", "interval": 4, "days": "29", "by_month": "2"}, "", "never"),
    ({"days": "13", "ends_on": date(2026, 1, 12)}, "", "never"),
    ({"by_day": "5MO", "by_month": "2", "days": "28"}, "", "never"),
])  # fmt: skip
def test_a_rule_with_a_fault_is_refused_at_its_part(values: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(BadRuleError) as refused:
        rule(**values)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(BadRuleError) as refused:
        rule(days="32,0", by_day="XX", by_month="0")
    assert len(refused.value.faults) == 4


WEEKDAYS = [getattr(rrule, name) for name in schedules.WEEKDAYS]


def by_dateutil(found: Rule, end: date) -> list[date]:
    # dateutil asks for both where "MO,2TU" names either: every such day and counted ones are asked for apart.
    every = [WEEKDAYS[day] for ordinal, day in found.by_day if not ordinal]
    counted = [WEEKDAYS[day](ordinal) for ordinal, day in found.by_day if ordinal]
    expansions = [_expanded(found, end, weekdays) for weekdays in (every, counted) if weekdays]
    return sorted({day for days in expansions or [_expanded(found, end, None)] for day in days})


def _expanded(found: Rule, end: date, weekdays: Any) -> list[date]:
    made = rrule.rrule(
        getattr(rrule, found.frequency), dtstart=datetime.combine(found.starts_on, datetime.min.time()),
        interval=found.interval, wkst=rrule.MO, byweekday=weekdays,
        bymonth=found.by_month or None, bymonthday=found.by_month_day or None,
        until=datetime.combine(min(end, found.ends_on or end), datetime.min.time()),
    )  # fmt: skip
    return [moment.date() for moment in made]


DATES = st.dates(date(2019, 1, 1), date(2031, 12, 31))


@st.composite
def rules(draw: Any, **fixed: Any) -> Rule:
    frequency = draw(st.sampled_from(schedules.FREQUENCIES))
    is_counted = frequency in {"MONTHLY", "YEARLY"}
    ordinals = st.sampled_from([0, 0, 1, 2, 4, 5, -1, -2]) if is_counted else st.just(0)
    month_days = st.lists(st.sampled_from([1, 5, 13, 28, 29, 30, 31, -1, -2, -31]), max_size=3, unique=True)
    values = {
        "frequency": frequency,
        "interval": draw(st.integers(1, 5)),
        "by_month": tuple(draw(st.lists(st.integers(1, 12), max_size=4, unique=True).map(sorted))),
        "by_day": tuple(draw(st.lists(st.tuples(ordinals, st.integers(0, 6)), max_size=3, unique=True))),
        "by_month_day": () if frequency == "WEEKLY" else tuple(draw(month_days)),
        "starts_on": draw(DATES),
        "ends_on": None,
        "shift": draw(st.sampled_from(["none", "before", "after"])),
        **fixed,
    }
    return Rule(**values)


@settings(max_examples=200)
@given(rules(), st.integers(0, 1500))
def test_planned_days_are_those_that_dateutil_finds(found: Rule, days: int) -> None:
    end = found.starts_on + timedelta(days=days)
    assert between(found, date(2000, 1, 1), end) == by_dateutil(found, end)


@given(rules(), DATES)
def test_the_next_planned_day_is_the_first_that_dateutil_finds(found: Rule, day: date) -> None:
    following = [each for each in by_dateutil(found, day + timedelta(days=3000)) if each >= day]
    answer = schedules.on_or_after(found, day)
    if following:
        assert answer == following[0]
    else:
        assert answer is None or answer > day + timedelta(days=3000)


@given(rules())
def test_a_rule_is_refused_as_never_only_when_dateutil_finds_no_day_either(found: Rule) -> None:
    if schedules.first(found) is None:
        assert by_dateutil(found, found.starts_on + timedelta(days=365 * 30)) == []


@given(rules(), DATES)
def test_keys_of_periods_are_never_shared(found: Rule, begin: date) -> None:
    days = between(found, begin, begin + timedelta(days=800))
    keys = [period_key(found, day) for day in days]
    assert len(set(keys)) == len(keys)


@given(DATES, st.sampled_from(["before", "after"]))
def test_a_shifted_day_is_the_nearest_working_day_on_its_side(day: date, shift: str) -> None:
    found = shifted(day, shift, KOREA.is_working)
    assert KOREA.is_working(found)
    low, high = min(day, found), max(day, found)
    passed = [low + timedelta(days=number) for number in range((high - low).days + 1)]
    assert [each for each in passed if KOREA.is_working(each)] == [found]
    assert found <= day if shift == "before" else found >= day


@given(rules(frequency="MONTHLY", by_day=(), by_month=(), interval=1, by_month_day=(13,)), st.integers(1, 28))
def test_moving_the_day_of_the_month_keeps_the_keys(found: Rule, day: int) -> None:
    moved = Rule(**{**found.__dict__, "by_month_day": (day,)})
    begin = date(found.starts_on.year + 1, 1, 1)
    end = begin.replace(month=12, day=31)
    keys = [[period_key(each, one) for one in between(each, begin, end)] for each in (found, moved)]
    assert keys[0] == keys[1] == [f"{begin.year}-{month:02}" for month in range(1, 13)]


@pytest.mark.parametrize(("frequency", "day", "key"), [
    ("MONTHLY", "2026-11-13", "2026-11"), ("YEARLY", "2026-01-01", "2026"), ("WEEKLY", "2027-01-01", "2026-W53"),
    ("DAILY", "2026-11-13", "2026-11-13"),
])  # fmt: skip
def test_an_inspection_is_known_by_its_period(frequency: str, day: str, key: str) -> None:
    assert period_key(rule(frequency, starts_on=date.fromisoformat(day)), date.fromisoformat(day)) == key


def test_the_second_day_of_a_period_has_a_number() -> None:
    days = between(rule(days="13,27"), date(2026, 11, 1), date(2026, 11, 30))
    assert [period_key(rule(days="13,27"), day) for day in days] == ["2026-11", "2026-11-2"]


MONTHLY = rule(days="13")
D = date.fromisoformat


@pytest.mark.parametrize(("waited", "said", "done", "expected", "why"), [
    ("2026-07-13", "2026-07-13", "2026-07-13", "2026-08-13", "on its day"),
    ("2026-07-13", "2026-07-13", "2026-06-25", "2026-08-13", "early, for the day that the phone showed"),
    ("2026-07-13", "2026-07-15", "2026-07-15", "2026-08-13", "the phone knew another day of the same month"),
    ("2026-07-13", "2026-07-13", "2026-07-30", "2026-08-13", "late"),
    ("2026-08-13", "2026-07-13", "2026-07-13", "2026-08-13", "the same once more"),
    ("2026-08-13", "2026-06-15", "2026-06-13", "2026-08-13", "an older one arrives after a newer one"),
    ("2026-04-13", "2026-04-13", "2026-07-20", "2026-08-13", "three were missed: one visit does for all"),
    ("2026-04-13", None, "2026-04-10", "2026-05-13", "nothing was said: it was for what was waited for"),
    ("2026-06-13", "2026-06-15", "2026-06-15", "2026-07-13", "the 13th was a Saturday"),
])  # fmt: skip
def test_an_inspection_answers_the_day_that_was_waited_for(
    waited: str, said: str | None, done: str, expected: str, why: str
) -> None:
    found = schedules.next_waited(MONTHLY, D(waited), D(said) if said else None, D(done), KOREA.is_working)
    assert found == D(expected), why


@given(rules(), st.lists(st.integers(0, 12), min_size=1, max_size=6), st.randoms())
def test_in_whatever_order_and_how_often_inspections_arrive_the_same_day_is_waited_for(
    found: Rule, which: list[int], chance: Any
) -> None:
    """Each inspection is made on the due day of one planned day, as its phone showed it."""
    assume(schedules.first(found))
    planned = schedules.upcoming(found, schedules.first(found), 13, KOREA.is_working)
    assume(len(planned) == 13)
    days = [planned[number].due for number in which]

    def arrive(order: list[date]) -> date | None:
        waited, said, done = schedules.first(found), date.min, date.min
        for day in order:
            said, done = max(said, day), max(done, day)
            waited = schedules.next_waited(found, waited, said, done, KOREA.is_working)
        return waited

    shuffled = [*days, *days]
    chance.shuffle(shuffled)
    answer = arrive(sorted(days))
    assert arrive(shuffled) == answer
    # Nothing that is not due yet is skipped.
    latest = max(days)
    expected = next((each.nominal for each in planned if each.due > latest), None)
    if expected is not None:
        assert answer == expected
    assert falls_on(found, answer) if answer else True
