"""Adding up a programme: projects of the system by district and year, and figures that were reported. Pure.

Money is whole KRW. A figure that is None was not reported, which is not zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from .stages import ORDER

MEASURES = (
    "centres",
    "centres_planned",
    "districts_whole",
    "districts_pilot",
    "budget_krw",
    "executed_krw",
    "meetings",
    "planner_meetings",
    "expert_consultations",
    "surveys",
    "press_reports",
    "white_papers",
)


def rate(part: int | None, whole: int | None) -> float | None:
    """Per cent; None without both or of nothing."""
    return None if part is None or not whole else 100 * part / whole


@dataclass(frozen=True)
class Tally:
    """Projects counted. ``by_stage`` is in the order of the stages."""

    projects: int = 0
    by_stage: tuple[int, ...] = (0,) * len(ORDER)
    budget_krw: int = 0
    executed_krw: int = 0
    meetings: int = 0
    requests_open: int = 0
    without_meeting: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.projects + other.projects,
            tuple(mine + theirs for mine, theirs in zip(self.by_stage, other.by_stage, strict=True)),
            self.budget_krw + other.budget_krw,
            self.executed_krw + other.executed_krw,
            self.meetings + other.meetings,
            self.requests_open + other.requests_open,
            self.without_meeting + other.without_meeting,
        )

    @property
    def completed(self) -> int:
        return self.by_stage[-1]

    @property
    def execution_rate(self) -> float | None:
        return rate(self.executed_krw, self.budget_krw)

    @property
    def meetings_per_centre(self) -> float | None:
        return self.meetings / self.projects if self.projects else None


@dataclass(frozen=True)
class Line:
    """A line of the roll-up; ``year`` None is a district's sum."""

    district: str
    code: str
    year: int | None
    tally: Tally


def tally_of(row: Mapping[str, Any]) -> Tally:
    """From a row of ``ProjectQuerySet.by_district_and_year``."""
    return Tally(
        row["projects"],
        tuple(row[f"at_{stage}"] for stage in ORDER),
        row["budget_krw"] or 0,
        row["executed_krw"] or 0,
        row["meetings"] or 0,
        row["requests_open"] or 0,
        row["without_meeting"],
    )


def total(tallies: Iterable[Tally]) -> Tally:
    return reduce(lambda one, other: one + other, tallies, Tally())


def lines(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """A line for each district and year, in the order of the rows."""
    return [Line(row["district_name"] or "", row["district_code"] or "", row["year"], tally_of(row)) for row in rows]


def by_year(found: Iterable[Line]) -> list[tuple[int, Tally]]:
    years: dict[int, Tally] = {}
    for line in found:
        if line.year is not None:
            years[line.year] = years.get(line.year, Tally()) + line.tally
    return sorted(years.items())


def by_district(found: Iterable[Line]) -> list[Line]:
    """One line for each district with all its years."""
    sums: dict[tuple[str, str], Tally] = {}
    for line in found:
        key = (line.code, line.district)
        sums[key] = sums.get(key, Tally()) + line.tally
    return [Line(district, code, None, tally) for (code, district), tally in sums.items()]


@dataclass(frozen=True)
class Figures:
    """What was reported for a year (None: the whole time) and an area (empty: the whole programme)."""

    year: int | None
    area: str = ""
    values: Mapping[str, int] = field(default_factory=dict)

    def get(self, measure: str) -> int | None:
        return self.values.get(measure)

    @property
    def execution_rate(self) -> float | None:
        return rate(self.get("executed_krw"), self.get("budget_krw"))

    @property
    def meetings_per_centre(self) -> float | None:
        meetings, centres = self.get("meetings"), self.get("centres")
        return None if meetings is None or not centres else meetings / centres


@dataclass(frozen=True)
class Reported:
    """A programme's reported figures: of each year, of the whole time as reported, and their sum."""

    years: tuple[Figures, ...]
    whole: Figures | None
    total: Figures
    per_centre: float | None
    # Years whose parts were reported but not their whole: their sum stands for it.
    summed: frozenset[int] = frozenset()


def reported(figures: Iterable[Figures]) -> Reported:
    """Figures of a whole programme stand for it; where only parts were reported, their sum does.

    A measure's total is the sum of its years, or, where no year has it, what was reported of the whole time.
    Meetings per centre divide what was counted in the same years only.
    """
    figures = list(figures)
    of_year: dict[int | None, list[Figures]] = {}
    for each in figures:
        of_year.setdefault(each.year, []).append(each)
    summed = {year for year, found in of_year.items() if year is not None and all(each.area for each in found)}
    wholes = {year: _whole(year, found) for year, found in of_year.items()}
    years = tuple(wholes[year] for year in sorted(year for year in wholes if year is not None))
    whole = wholes.get(None)
    totals = {}
    for measure in MEASURES:
        known = [value for each in years if (value := each.get(measure)) is not None]
        if known:
            totals[measure] = sum(known)
        elif whole is not None and (value := whole.get(measure)) is not None:
            totals[measure] = value
    per_centre = _per_centre([*years, *filter(None, [whole])])
    return Reported(years, whole, Figures(None, "", totals), per_centre, frozenset(summed))


def _whole(year: int | None, found: list[Figures]) -> Figures:
    own = [each for each in found if not each.area]
    parts = own or found
    values = {}
    for measure in MEASURES:
        known = [value for each in parts if (value := each.get(measure)) is not None]
        if known:
            values[measure] = sum(known)
    return Figures(year, "", values)


def _per_centre(found: Iterable[Figures]) -> float | None:
    both = [
        (meetings, centres)
        for each in found
        if (meetings := each.get("meetings")) is not None and (centres := each.get("centres"))
    ]
    centres = sum(number for _meetings, number in both)
    return sum(number for number, _centres in both) / centres if centres else None
