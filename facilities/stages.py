"""The order of a redesign's stages and what their dates say. Pure: days in, findings out.

Nothing here forbids anything: a wrong date is told, for the paper it was copied from may say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

ORDER = ("survey", "agreement", "design_report", "detailed_design", "construction", "completion")


@dataclass(frozen=True)
class Dates:
    """Of one stage: when it was to be reached, and when it was."""

    planned_on: date | None = None
    reached_on: date | None = None


@dataclass(frozen=True)
class DateWarning:
    """``code`` is worded in ``facilities.words.projects``; ``other`` is the stage it is compared with."""

    code: str
    stage: str
    other: str = ""


@dataclass(frozen=True)
class Bar:
    """A stage as a stretch of time: from the day it was reached to the day the next one was, or to ``until``."""

    stage: str
    start: date
    end: date


def next_stage(stage: str) -> str | None:
    """The stage after this one; None after completion."""
    position = ORDER.index(stage) + 1
    return ORDER[position] if position < len(ORDER) else None


def furthest(dates: Mapping[str, Dates]) -> str | None:
    """The last stage that was reached; None when none was."""
    reached = [stage for stage in ORDER if dates.get(stage, Dates()).reached_on]
    return reached[-1] if reached else None


def warnings(current: str, dates: Mapping[str, Dates], today: date) -> list[DateWarning]:
    """What does not fit, in the order of the stages."""
    found = _disorder(dates, "reached_on", "reached_before_former")
    found += _disorder(dates, "planned_on", "planned_before_former")
    found += [
        DateWarning("reached_in_future", stage)
        for stage in ORDER
        if (day := dates.get(stage, Dates()).reached_on) and day > today
    ]
    if dates.get(current, Dates()).reached_on is None:
        found.append(DateWarning("current_without_date", current))
    last = furthest(dates)
    if last is not None and ORDER.index(last) > ORDER.index(current):
        found.append(DateWarning("later_reached", last, current))
    late = overdue(current, dates, today)
    if late is not None:
        found.append(DateWarning("overdue", late))
    return found


def overdue(current: str, dates: Mapping[str, Dates], today: date) -> str | None:
    """The first stage ahead whose planned day has passed; None when all is in time."""
    for stage in ORDER[ORDER.index(current) + 1 :]:
        planned = dates.get(stage, Dates()).planned_on
        if planned and planned < today and not dates[stage].reached_on:
            return stage
    return None


def _disorder(dates: Mapping[str, Dates], kind: str, code: str) -> list[DateWarning]:
    dated: Sequence[tuple[str, date]] = [
        (stage, day) for stage in ORDER if (day := getattr(dates.get(stage, Dates()), kind)) is not None
    ]
    return [DateWarning(code, later, former) for (former, before), (later, after) in pairwise(dated) if after < before]


def bars(days: Mapping[str, date], until: date) -> list[Bar]:
    """The stages one after another. The last one lasts to ``until`` unless it is completion, which is a day.

    Days out of order are drawn in the order of the days, so that no bar runs backwards.
    """
    dated = sorted((days[stage], ORDER.index(stage)) for stage in ORDER if stage in days)
    found = []
    for number, (start, position) in enumerate(dated):
        following = dated[number + 1][0] if number + 1 < len(dated) else max(until, start)
        end = start if ORDER[position] == "completion" else following
        found.append(Bar(ORDER[position], start, end))
    return found
