"""Legal clocks: what may not be done yet, and what lapses soon, by a table of rules. Pure; days are dates in Korea.

How days are counted follows the Civil Act (민법): the day of the event does not count (§157); days, weeks and months
end with their last day (§159); months go by the calendar, ending with the day before the one that corresponds to the
first day counted, or with the month's last day where it has no such day (§160); an end on a Saturday or a holiday
moves to the next day that is neither (§161), which a clock may switch off (``rolls``). So a term of a month from
01-31 begins on 02-01 and ends on 02-28 (29), and a term of 14 days from 03-02 ends on 03-16.

A clock "at least" says that its second event may not come before the term has passed: it may from the day after the
end. A term that protects somebody is never shortened: it rolls too, unless the table says otherwise. A clock
"at most" says that the second event is due by the end. Which holidays there are is the caller's to say.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from .rule_reading import BadRule, at, flag, mapping, number, sequence, text, titles

Subject = Literal["campaign", "house", "plan"]
State = Literal["not_started", "running", "may_not_yet", "due_soon", "lapsed", "done"]
SUBJECTS: tuple[Subject, ...] = ("campaign", "house", "plan")
# In which order they need somebody's eyes.
URGENCY: tuple[State, ...] = ("lapsed", "due_soon", "may_not_yet", "running", "not_started", "done")


@dataclass(frozen=True)
class EventKind:
    code: str
    title: Mapping[str, str]
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class ClockRule:
    """From one event to another ``at_least`` (else at most) so many ``months`` or ``days``.

    ``remind_days`` before the end an "at most" clock is said to lapse soon.
    """

    code: str
    title: Mapping[str, str]
    subject: Subject
    start: str
    end: str
    at_least: bool
    months: int
    days: int
    rolls: bool
    remind_days: int
    source: str


@dataclass(frozen=True)
class ClockTable:
    events: Mapping[str, EventKind]
    clocks: tuple[ClockRule, ...]
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Edition:
    """A table with the days from and to which it is in force (``until`` None: still)."""

    table: ClockTable
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Event:
    code: str
    on: date


@dataclass(frozen=True)
class Clock:
    """One clock on a day. ``why`` names its state's reason; ``days_left`` is to ``latest``, or to ``earliest``."""

    rule: ClockRule
    state: State
    why: str
    started_on: date | None = None
    ended_on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    days_left: int | None = None

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def ended_too_early(self) -> bool:
        return self.why == "done_too_early"


def add_months(day: date, months: int) -> date:
    """The last day of a term of whole months of which ``day`` is the day before the first (§157, §160)."""
    first = day + timedelta(days=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if first.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, first.day) - timedelta(days=1)


def end_of(day: date, rule: ClockRule, holidays: Collection[date] = frozenset()) -> date:
    """The last day of the term that began with an event on ``day``."""
    end = (add_months(day, rule.months) if rule.months else day) + timedelta(days=rule.days)
    while rule.rolls and (end.weekday() >= 5 or end in holidays):
        end += timedelta(days=1)
    return end


def earliest(rule: ClockRule, started_on: date, holidays: Collection[date] = frozenset()) -> date:
    """The first day on which the second event of an "at least" clock may come."""
    return end_of(started_on, rule, holidays) + timedelta(days=1)


def status(
    table: ClockTable,
    events: Iterable[Event],
    today: date,
    *,
    subject: Subject | None = None,
    holidays: Collection[date] = frozenset(),
) -> list[Clock]:
    """Every clock of the table (of one subject) by what has happened, the most urgent first.

    A first event that came again begins its term anew. An event of a day to come has not come yet.
    """
    days: dict[str, list[date]] = {}
    for event in events:
        if event.on <= today:
            days.setdefault(event.code, []).append(event.on)
    found = [_clock(rule, days, today, holidays) for rule in table.clocks if subject in (None, rule.subject)]
    return sorted(found, key=lambda clock: URGENCY.index(clock.state))


def in_force(editions: Iterable[Edition], day: date) -> Edition | None:
    """The edition in force on a day: of several, the one that began last."""
    found = [each for each in editions if each.since <= day and (each.until is None or day <= each.until)]
    return max(found, key=lambda each: each.since, default=None)


def by_edition(editions: Sequence[Edition], events: Sequence[Event], today: date, subject: Subject) -> list[Clock]:
    """As ``status``, each clock by the edition in force on the day it began; one not begun by today's."""
    found = [
        clock
        for edition in editions
        for clock in status(edition.table, events, today, subject=subject, holidays=edition.table.holidays)
        if in_force(editions, clock.started_on or today) is edition
    ]
    return sorted(found, key=lambda clock: URGENCY.index(clock.state))


def refusals(
    editions: Sequence[Edition], events: Iterable[Event], code: str, on: date, subject: Subject
) -> list[Clock]:
    """The "at least" clocks by which the event ``code`` may not happen on a day, with its earliest day if known."""
    before = [event for event in events if event.code != code]
    return [
        clock
        for clock in by_edition(editions, before, on, subject)
        if clock.rule.at_least and clock.rule.end == code and clock.state in ("not_started", "may_not_yet")
    ]


def _clock(rule: ClockRule, days: Mapping[str, list[date]], today: date, holidays: Collection[date]) -> Clock:
    ends = days.get(rule.end, [])
    starts = days.get(rule.start, [])
    if not starts:
        return Clock(rule, "done" if ends else "not_started", "end_without_start" if ends else "waits_for_start")
    started = max(starts)
    ended = min((day for day in ends if day >= started), default=None)
    if rule.at_least:
        return _at_least(rule, started, ended, today, holidays)
    return _at_most(rule, started, ended, today, holidays)


def _at_least(rule: ClockRule, started: date, ended: date | None, today: date, holidays: Collection[date]) -> Clock:
    first = earliest(rule, started, holidays)
    if ended is not None:
        return Clock(rule, "done", "done_too_early" if ended < first else "done", started, ended, first)
    if today < first:
        return Clock(rule, "may_not_yet", "term_not_over", started, None, first, None, (first - today).days)
    return Clock(rule, "running", "may_be_done", started, None, first, None, 0)


def _at_most(rule: ClockRule, started: date, ended: date | None, today: date, holidays: Collection[date]) -> Clock:
    last = end_of(started, rule, holidays)
    if ended is not None:
        return Clock(rule, "done", "done_too_late" if ended > last else "done", started, ended, None, last)
    left = (last - today).days
    if left < 0:
        return Clock(rule, "lapsed", "term_over", started, None, None, last, left)
    soon = left <= rule.remind_days
    return Clock(rule, "due_soon" if soon else "running", "due" if soon else "in_time", started, None, None, last, left)


def read(body: Any) -> ClockTable:
    """The body of a table. Raises BadRule, which names the place."""
    table = mapping(body, "")
    events = {}
    for index, value in enumerate(sequence(table.get("events"), "events")):
        path = at("events", index)
        event = _event(mapping(value, path), path)
        if event.code in events:
            raise BadRule(at(path, "code"), "twice", value=event.code)
        events[event.code] = event
    clocks = [
        _rule(mapping(value, at("clocks", index)), at("clocks", index), events)
        for index, value in enumerate(sequence(table.get("clocks"), "clocks"))
    ]
    codes = [clock.code for clock in clocks]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise BadRule(at(at("clocks", codes.index(twice)), "code"), "twice", value=twice)
    return ClockTable(events, tuple(clocks), frozenset(_holidays(table)))


def _holidays(table: Mapping[str, Any]) -> Iterable[date]:
    for index, value in enumerate(sequence(table.get("holidays", []), "holidays")):
        try:
            yield date.fromisoformat(str(value))
        except ValueError as error:
            raise BadRule(at("holidays", index), "not_a_date", value=str(value)) from error


def _event(value: Mapping[str, Any], path: str) -> EventKind:
    subjects = sequence(value.get("subjects"), at(path, "subjects"))
    for subject in subjects:
        if subject not in SUBJECTS:
            raise BadRule(at(path, "subjects"), "unknown", value=subject)
    return EventKind(text(value, "code", path), titles(value, path), tuple(subjects))


def _rule(value: Mapping[str, Any], path: str, events: Mapping[str, EventKind]) -> ClockRule:
    subject = text(value, "subject", path)
    if subject not in SUBJECTS:
        raise BadRule(at(path, "subject"), "unknown", value=subject)
    start, end = text(value, "from", path), text(value, "to", path)
    for name, code in (("from", start), ("to", end)):
        if code not in events or subject not in events[code].subjects:
            raise BadRule(at(path, name), "unknown", value=code)
    months = int(number(value, "months", path, low=0, high=240, default=0))
    days = int(number(value, "days", path, low=0, high=3660, default=0))
    if bool(months) == bool(days):
        raise BadRule(path, "months_or_days")
    kind = text(value, "kind", path)
    if kind not in ("at_least", "at_most"):
        raise BadRule(at(path, "kind"), "unknown", value=kind)
    return ClockRule(
        code=text(value, "code", path),
        title=titles(value, path),
        subject=subject,
        start=start,
        end=end,
        at_least=kind == "at_least",
        months=months,
        days=days,
        rolls=flag(value, "rolls", path, default=True),
        remind_days=int(number(value, "remind_days", path, low=0, high=366, default=7)),
        source=text(value, "source", path),
    )
