"""When an inspection recurs: RFC 5545's rules, as far as inspections follow them, and what becomes of days off.

Pure: no Django. A rule names *planned* days (``starts_on`` is the first that can be one); the day an inspection is
*due* is the planned day, shifted off weekends and holidays. Days are dates in Korea, never moments.

* DAILY to YEARLY with BYMONTH, BYDAY and BYMONTHDAY, weeks beginning on Monday. A month without a 31st is skipped, as
  the RFC says; -1 is the last day of a month.
* Basis "completed" counts the interval from the day it was last done, the last day of a month standing in for one that
  month does not have. It names no days; months still limit it: outside of them it waits for the first of the next one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = {"DAILY": 366, "WEEKLY": 104, "MONTHLY": 60, "YEARLY": 10}
# Weekdays of dates repeat after 28 years; a rule that has no day for longer than this is taken to have none.
HORIZON = timedelta(days=41 * 366)
# No holidays are longer; a day that finds no working day within it stays where it is.
LONGEST_SHIFT = 30
YEARS = range(1950, 2201)
DAY = timedelta(days=1)

IsWorking = Callable[[date], bool]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field; ``disaster.words.schedules`` says it."""

    field: str
    code: str
    value: str = ""


class BadRuleError(ValueError):
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(f"{fault.field}: {fault.code} {fault.value}".strip() for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Rule:
    """``by_day``: (ordinal, weekday) with Monday 0; ordinal 0 is every such day, -1 the last of its month (of its year,
    where a yearly rule names no months)."""

    frequency: str
    interval: int
    by_month: tuple[int, ...]
    by_day: tuple[tuple[int, int], ...]
    by_month_day: tuple[int, ...]
    starts_on: date
    ends_on: date | None = None
    basis: str = "scheduled"
    shift: str = "after"

    @property
    def is_completed(self) -> bool:
        return self.basis == "completed"


@dataclass(frozen=True)
class Planned:
    """A planned day, and the day on which it is due."""

    nominal: date
    due: date


def read(
    frequency: str, interval: int, by_month: str, by_day: str, by_month_day: str, starts_on: date,
    ends_on: date | None = None, basis: str = "scheduled", shift: str = "after",
) -> Rule:  # fmt: skip
    """A rule from its columns. Raises BadRuleError with everything that is wrong, also for a rule that never occurs."""
    faults: list[Fault] = []
    if frequency not in FREQUENCIES:
        faults.append(Fault("frequency", "unknown_frequency", frequency))
    elif not 1 <= interval <= MOST[frequency]:
        faults.append(Fault("interval", "interval", str(MOST[frequency])))
    months = tuple(sorted(set(_numbers("by_month", by_month, range(1, 13), "unknown_month", faults))))
    allowed = (*range(1, 32), *range(-31, 0))
    days = tuple(dict.fromkeys(_numbers("by_month_day", by_month_day, allowed, "unknown_month_day", faults)))
    weekdays = tuple(dict.fromkeys(_weekdays(by_day, faults)))
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and day.year not in YEARS:
            faults.append(Fault(field, "year"))
    rule = Rule(frequency, interval, months, weekdays, days, starts_on, ends_on, basis, shift)
    faults += _mixed(rule)
    if not faults and first(rule) is None:
        faults.append(Fault("", "never"))
    if faults:
        raise BadRuleError(faults)
    return rule


def _parts(text: str) -> list[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def _numbers(field: str, text: str, allowed: range | tuple[int, ...], code: str, faults: list[Fault]) -> Iterator[int]:
    for part in _parts(text):
        digits = part.removeprefix("-").removeprefix("+")
        if digits.isascii() and digits.isdecimal() and len(digits) < 4 and int(part) in allowed:
            yield int(part)
        else:
            faults.append(Fault(field, code, part))


def _weekdays(text: str, faults: list[Fault]) -> Iterator[tuple[int, int]]:
    for part in _parts(text):
        ordinal, name = part[:-2] or "0", part[-2:]
        digits = ordinal.removeprefix("-").removeprefix("+")
        is_number = digits.isascii() and digits.isdecimal() and len(digits) < 4
        if name not in WEEKDAYS or not is_number or (part[:-2] and int(ordinal) == 0):
            faults.append(Fault("by_day", "unknown_weekday", part))
        else:
            yield int(ordinal), WEEKDAYS.index(name)


def _mixed(rule: Rule) -> Iterator[Fault]:
    """Parts that do not go together."""
    ordinals = [ordinal for ordinal, _weekday in rule.by_day if ordinal]
    if ordinals and rule.frequency not in {"MONTHLY", "YEARLY"}:
        yield Fault("by_day", "ordinal_needs_month")
    most = 53 if rule.frequency == "YEARLY" and not rule.by_month else 5
    for ordinal in ordinals:
        if abs(ordinal) > most:
            yield Fault("by_day", "ordinal", str(ordinal))
    if rule.by_month_day and rule.frequency == "WEEKLY":
        yield Fault("by_month_day", "month_day_in_weeks")
    if rule.is_completed and (rule.by_day or rule.by_month_day):
        yield Fault("by_day" if rule.by_day else "by_month_day", "completed_names_no_days")
    if rule.ends_on is not None and rule.ends_on < rule.starts_on:
        yield Fault("ends_on", "ends_before_it_starts")


def falls_on(rule: Rule, day: date) -> bool:
    """Whether a day is a planned day of a rule that counts from the plan."""
    if day < rule.starts_on or (rule.ends_on is not None and day > rule.ends_on):
        return False
    return _in_step(rule, day) and _named(rule, day)


def _in_step(rule: Rule, day: date) -> bool:
    start = rule.starts_on
    if rule.frequency == "DAILY":
        gone = (day - start).days
    elif rule.frequency == "WEEKLY":
        gone = (period_start("WEEKLY", day) - period_start("WEEKLY", start)).days // 7
    elif rule.frequency == "MONTHLY":
        gone = (day.year - start.year) * 12 + day.month - start.month
    else:
        gone = day.year - start.year
    return gone % rule.interval == 0


def _named(rule: Rule, day: date) -> bool:
    """Whether the rule's parts name a day; where they name none, it is the day on which the rule began."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if not rule.by_day and not rule.by_month_day:
        return _as_began(rule, day)
    if rule.by_month_day and day.day not in rule.by_month_day and day.day - _length(day) - 1 not in rule.by_month_day:
        return False
    return not rule.by_day or any(
        weekday == day.weekday() and (ordinal == 0 or _is_nth(rule, day, ordinal)) for ordinal, weekday in rule.by_day
    )


def _as_began(rule: Rule, day: date) -> bool:
    start = rule.starts_on
    if rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (rule.frequency == "MONTHLY" or bool(rule.by_month) or day.month == start.month)


def _is_nth(rule: Rule, day: date, ordinal: int) -> bool:
    if rule.frequency == "YEARLY" and not rule.by_month:
        at, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    else:
        at, length = day.day, _length(day)
    return (at - 1) // 7 + 1 == ordinal if ordinal > 0 else (length - at) // 7 + 1 == -ordinal


def _length(day: date) -> int:
    """Days of a day's month."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - DAY).day


def between(rule: Rule, begin: date, end: date) -> list[date]:
    """Planned days of a rule that counts from the plan, from ``begin`` to ``end`` inclusive."""
    last = end if rule.ends_on is None else min(end, rule.ends_on)
    found, day = [], max(begin, rule.starts_on)
    while day <= last:
        if falls_on(rule, day):
            found.append(day)
        day += DAY
    return found


@lru_cache(maxsize=4096)
def on_or_after(rule: Rule, day: date) -> date | None:
    """The first planned day from a day on; None when none is left. Basis "completed": any day of its months."""
    day = max(day, rule.starts_on)
    last = min(rule.ends_on or date.max, min(day, date.max - HORIZON) + HORIZON)
    while day <= last:
        if _in_window(rule, day) if rule.is_completed else falls_on(rule, day):
            return day
        day += DAY
    return None


def _in_window(rule: Rule, day: date) -> bool:
    return not rule.by_month or day.month in rule.by_month


def first(rule: Rule) -> date | None:
    return on_or_after(rule, rule.starts_on)


def following(rule: Rule, nominal: date) -> date | None:
    """The planned day after one; counted from completion: as if that one is done on its day."""
    return after_done(rule, nominal) if rule.is_completed else on_or_after(rule, nominal + DAY)


def after_done(rule: Rule, done_on: date) -> date | None:
    """The next planned day of a rule that counts from the day it was done."""
    unit = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[rule.frequency]
    return on_or_after(rule, done_on + relativedelta(**{unit: rule.interval}))


def before(rule: Rule, nominal: date) -> date | None:
    """The planned day before one, of a rule that counts from the plan."""
    day, earliest = nominal - DAY, max(rule.starts_on, nominal - HORIZON)
    while day >= earliest:
        if falls_on(rule, day):
            return day
        day -= DAY
    return None


def shifted(day: date, shift: str, is_working: IsWorking) -> date:
    """The day on which a planned day is due. It may land in another month; where no working day is near, it stays."""
    step = {"before": -DAY, "after": DAY}.get(shift)
    if step is None:
        return day
    found = day
    for _step in range(LONGEST_SHIFT + 1):
        if is_working(found):
            return found
        found += step
    return day


def plan(rule: Rule, begin: date, end: date, is_working: IsWorking) -> list[Planned]:
    """Planned days that are due from ``begin`` to ``end`` inclusive, by the day they are due."""
    margin = timedelta(days=LONGEST_SHIFT)
    found = [
        Planned(nominal, shifted(nominal, rule.shift, is_working))
        for nominal in between(rule, begin - margin, end + margin)
    ]
    return [each for each in found if begin <= each.due <= end]


def upcoming(rule: Rule, nominal: date | None, number: int, is_working: IsWorking) -> list[Planned]:
    """The next planned days from one on, at most ``number``."""
    found: list[Planned] = []
    while nominal is not None and len(found) < number:
        found.append(Planned(nominal, shifted(nominal, rule.shift, is_working)))
        nominal = following(rule, nominal)
    return found


def next_waited(
    rule: Rule, waited: date | None, said: date | None, done_on: date, is_working: IsWorking
) -> date | None:
    """The planned day that is waited for after inspections were made.

    ``waited`` was waited for until now, ``said`` is the latest due day that an inspection was made for (None: for what
    was waited for), ``done_on`` the latest day on which one was made. What was waited for is answered when ``said`` is
    nearer to it than to the planned day before: so it is also where the phone knew the schedule before it was changed.
    What became due up to ``done_on`` is over, done or missed: nobody inspects three times in one day. Both are the
    latest of all inspections, so that duplicates, and arrivals in whatever order, come to the same.
    """
    if waited is None:
        return None
    if rule.is_completed:
        return after_done(rule, done_on)
    due = shifted(waited, rule.shift, is_working)
    found: date | None = waited
    if said is None or _answers(said, due, _due_before(rule, waited, is_working)):
        found = following(rule, waited)
    while found is not None and shifted(found, rule.shift, is_working) <= done_on:
        found = following(rule, found)
    return found


def is_answer(rule: Rule, waited: date, done_on: date | None, day: date, is_working: IsWorking) -> bool:
    """Whether an inspection on a day, which names no due day, answers what is waited for: it is nearer to it than to
    what was before, which is the planned day before, or, counted from completion, the day it was done."""
    earlier = done_on if rule.is_completed else _due_before(rule, waited, is_working)
    return _answers(day, shifted(waited, rule.shift, is_working), earlier)


def _answers(day: date, due: date, earlier: date | None) -> bool:
    return day >= due or earlier is None or due - day < day - earlier


def _due_before(rule: Rule, waited: date, is_working: IsWorking) -> date | None:
    nominal = before(rule, waited)
    return shifted(nominal, rule.shift, is_working) if nominal else None


def period_start(frequency: str, day: date) -> date:
    """The first day of a day's year, month, week (from Monday), or the day itself."""
    if frequency == "YEARLY":
        return date(day.year, 1, 1)
    if frequency == "MONTHLY":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if frequency == "WEEKLY" else day


def period_key(rule: Rule, nominal: date) -> str:
    """What a planned day is called for good: its year, month, ISO week or day, and from the second in it a number.

    It does not change when the rule's day does: the 13th of a month moved to the 15th is the same inspection.
    """
    year, week, _weekday = nominal.isocalendar()
    key = {
        "YEARLY": f"{nominal.year:04}", "MONTHLY": f"{nominal:%Y-%m}", "WEEKLY": f"{year:04}-W{week:02}",
    }.get(rule.frequency, f"{nominal:%Y-%m-%d}")  # fmt: skip
    if rule.is_completed or rule.frequency == "DAILY":
        return key
    number = len(between(rule, period_start(rule.frequency, nominal), nominal))
    return key if number <= 1 else f"{key}-{number}"
