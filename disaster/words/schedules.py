"""What rules of schedules say, and what is wrong with them, in the user's language."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from disaster.schedules import BadRuleError, Fault, Planned, Rule
from disaster.working_days import WorkingDays

FAULTS: dict[str, Callable[[], str]] = {
    "unknown_frequency": lambda: _("“%(value)s” is no frequency."),
    "interval": lambda: _("The interval is a whole number from 1 to %(value)s."),
    "unknown_month": lambda: _("“%(value)s” is no month: months are 1 to 12."),
    "unknown_month_day": lambda: _("“%(value)s” is no day of a month: 1 to 31, or -1 for the last day."),
    "unknown_weekday": lambda: _(
        "“%(value)s” is no weekday: MO, TU, WE, TH, FR, SA, SU, or 2TU for the second Tuesday."
    ),
    "ordinal": lambda: _("There is no weekday number %(value)s in it."),
    "ordinal_needs_month": lambda: _("A first or last weekday needs months or years to be counted in."),
    "month_day_in_weeks": lambda: _("Days of the month go with months or years, not with weeks."),
    "completed_names_no_days": lambda: _("Counted from the day it was done, the interval alone decides: name no days."),
    "ends_before_it_starts": lambda: _("It ends before it begins."),
    "year": lambda: _("This year is not one of ours: 1950 to 2200."),
    "never": lambda: _("No day is ever named by this. The 30th of February does not exist, for example."),
}


def fault_text(fault: Fault) -> str:
    return FAULTS[fault.code]() % {"value": fault.value}


def fault_texts(error: BadRuleError) -> dict[str, list[str]]:
    """By field; "__all__" where it is the whole rule's."""
    found: dict[str, list[str]] = {}
    for fault in error.faults:
        found.setdefault(fault.field or "__all__", []).append(fault_text(fault))
    return found


def sentence(rule: Rule) -> str:
    """The rule in one sentence, such as "every month on the 13th; on weekends and holidays the working day after"."""
    every, days = _every(rule), _days(rule)
    if rule.is_completed:
        every = _("%(every)s after it was done") % {"every": every}
    if rule.by_month:
        every = _("%(every)s (%(months)s)") % {"every": every, "months": _months(rule.by_month)}
    told = _("%(every)s %(days)s") % {"every": every, "days": days} if days else every
    moved = {
        "before": _("%(rule)s; on weekends and holidays the working day before"),
        "after": _("%(rule)s; on weekends and holidays the working day after"),
    }.get(rule.shift)
    told = moved % {"rule": told} if moved else told
    if rule.ends_on:
        told = _("%(rule)s; until %(day)s") % {"rule": told, "day": f"{rule.ends_on:%Y-%m-%d}"}
    return told


def _every(rule: Rule) -> str:
    number = rule.interval
    if rule.is_completed:
        texts = {
            "DAILY": ngettext("%(number)d day", "%(number)d days", number),
            "WEEKLY": ngettext("%(number)d week", "%(number)d weeks", number),
            "MONTHLY": ngettext("%(number)d month", "%(number)d months", number),
            "YEARLY": ngettext("%(number)d year", "%(number)d years", number),
        }
    elif number == 1:
        texts = {
            "DAILY": _("every day"), "WEEKLY": _("every week"), "MONTHLY": _("every month"), "YEARLY": _("every year"),
        }  # fmt: skip
    else:
        texts = {
            "DAILY": _("every %(number)d days"),
            "WEEKLY": _("every %(number)d weeks"),
            "MONTHLY": _("every %(number)d months"),
            "YEARLY": _("every %(number)d years"),
        }
    return texts[rule.frequency] % {"number": number}


def _months(months: Sequence[int]) -> str:
    """Neighbours run together, over the turn of the year too: 11, 12, 1, 2 is November–February."""
    names = MONTHS if len(months) <= 4 else MONTHS_3
    runs = _runs(months)
    return ", ".join(
        str(names[run[0]])
        if len(run) == 1
        else _("%(first)s–%(last)s") % {"first": names[run[0]], "last": names[run[-1]]}
        for run in runs
    )


def _runs(months: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 12:
        runs[-1] += runs.pop(0)
    return runs


def _days(rule: Rule) -> str:
    """On which days; "" where the interval says it all."""
    if rule.is_completed:
        return ""
    days = [_month_day(day) for day in sorted(rule.by_month_day, key=lambda day: (day < 0, day))]
    weekdays = [_weekday(ordinal, weekday) for ordinal, weekday in rule.by_day]
    if days and weekdays:
        told = _("on %(days)s if it is %(weekdays)s")
        return told % {"days": ", ".join(days), "weekdays": ", ".join(weekdays)}
    if not days and not weekdays:
        return _as_began(rule)
    return _("on %(days)s") % {"days": ", ".join(days or weekdays)}


def _as_began(rule: Rule) -> str:
    start = rule.starts_on
    if rule.frequency == "DAILY":
        return ""
    if rule.frequency == "WEEKLY":
        return _("on %(days)s") % {"days": _weekday(0, start.weekday())}
    if rule.frequency == "YEARLY" and not rule.by_month:
        return _("on %(days)s") % {"days": date_format(start, _("j F"))}
    return _("on %(days)s") % {"days": _month_day(start.day)}


def _month_day(day: int) -> str:
    if day == -1:
        return _("the last day")
    if day < 0:
        return _("day %(number)d from the end") % {"number": -day}
    return _("the %(number)s") % {"number": _nth(day)}


def _nth(number: int) -> str:
    """13 as "13th" in English, bare elsewhere."""
    if get_language() != "en":
        return str(number)
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _weekday(ordinal: int, weekday: int) -> str:
    name = str(WEEKDAYS[weekday])
    if ordinal == 0:
        return _("every %(weekday)s") % {"weekday": name}
    if ordinal == -1:
        return _("the last %(weekday)s") % {"weekday": name}
    if ordinal < 0:
        return _("%(weekday)s number %(number)d from the end") % {"number": -ordinal, "weekday": name}
    return _("the %(number)s %(weekday)s") % {"number": _nth(ordinal), "weekday": name}


def day_text(day: date) -> str:
    """A day with its weekday, such as 2026-11-13 (Fri)."""
    weekday = date_format(day, "D") if get_language() == "en" else str(WEEKDAYS[day.weekday()])[:1]
    return f"{day:%Y-%m-%d} ({weekday})"


def why_shifted(planned: Planned, days: WorkingDays) -> str:
    """From which planned day a due day was shifted, and off which holiday; "" where it was not."""
    if planned.due == planned.nominal:
        return ""
    name = days.name(planned.nominal, "en" if get_language() == "en" else "ko")
    told = _("planned for %(day)s, %(holiday)s") if name else _("planned for %(day)s")
    return told % {"day": day_text(planned.nominal), "holiday": name}
