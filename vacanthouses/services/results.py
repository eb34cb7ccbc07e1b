"""The result of a survey round by town: what was found, and the grades that came of it (처리지침, form 5)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from vacanthouses.models import Assignment, Campaign, Grade, Grading, Visit, VisitOutcome, VisitState

# Of a house nobody has visited yet.
UNVISITED = "unvisited"


@dataclass(frozen=True)
class TownResult:
    """``outcomes`` by VisitOutcome and UNVISITED, ``grades`` by Grade: numbers of houses. No ``name``: no area."""

    name: str
    houses: int
    outcomes: Counter[str]
    grades: Counter[str]


@dataclass(frozen=True)
class Result:
    """``grades`` are those that were given at all, best first, so that a report of three grades has three columns."""

    towns: list[TownResult]
    total: TownResult
    grades: list[Grade]
    accepted: int
    visits: int


def visits_that_count(campaign: Campaign) -> QuerySet[Visit]:
    """Neither set aside for another crew's nor made blind to test the first."""
    found: QuerySet[Visit] = Visit.objects.live().filter(campaign=campaign)
    return found.exclude(state=VisitState.SET_ASIDE).exclude(assignment__is_blind=True)


def result(campaign: Campaign) -> Result:
    """Four statements, whatever there is. Each house counts once, by its latest visit of the round."""
    latest = visits_that_count(campaign).filter(house=OuterRef("house")).order_by("-visited_at", "-pk")
    assigned = Assignment.objects.live().filter(campaign=campaign, is_blind=False).order_by()
    houses: dict[int, tuple[str, str]] = {
        row["house"]: (row["house__area__name"] or "", row["outcome"] or UNVISITED)
        for row in assigned.values("house", "house__area__name").annotate(
            outcome=Subquery(latest.values("outcome")[:1])
        )
    }
    # Found on the way: visited, but assigned to nobody.
    extra = visits_that_count(campaign).order_by("house", "-visited_at", "-pk").distinct("house")
    for pk, name, outcome in extra.values_list("house", "house__area__name", "outcome"):
        houses.setdefault(pk, (name or "", outcome))
    grades = dict(
        Grading.objects.live().filter(is_current=True, visit__campaign=campaign).values_list("house", "grade")
    )
    states = visits_that_count(campaign).order_by().values("state").annotate(number=Count("pk"))
    by_state = {row["state"]: row["number"] for row in states}
    towns = _towns(houses, grades)
    given = {grade for town in towns for grade in town.grades}
    return Result(
        towns,
        _sum(towns),
        [grade for grade in Grade if grade in given],
        by_state.get(VisitState.ACCEPTED, 0),
        sum(by_state.values()),
    )


def _towns(houses: dict[int, tuple[str, str]], grades: dict[int, str]) -> list[TownResult]:
    members: dict[str, list[int]] = defaultdict(list)
    for pk, (name, _outcome) in houses.items():
        members[name].append(pk)
    return [
        TownResult(
            name,
            len(found),
            Counter(houses[pk][1] for pk in found),
            Counter(grades[pk] for pk in found if pk in grades),
        )
        for name, found in sorted(members.items())
    ]


def _sum(towns: Iterable[TownResult]) -> TownResult:
    outcomes: Counter[str] = Counter()
    grades: Counter[str] = Counter()
    number = 0
    for town in towns:
        number += town.houses
        outcomes += town.outcomes
        grades += town.grades
    return TownResult(_("All towns"), number, outcomes, grades)


def table(found: Result) -> dict[str, Any]:
    """Head and rows of the report, numbers in the order of the head; the last row is the sum."""
    columns = [(choice.value, choice.label) for choice in VisitOutcome] + [(UNVISITED, _("Not visited yet"))]
    head = [_("Houses"), *(label for _value, label in columns), *(grade.label for grade in found.grades)]
    rows = [
        {
            "name": town.name or _("no area"),
            "numbers": [
                town.houses,
                *(town.outcomes[value] for value, _label in columns),
                *(town.grades[grade] for grade in found.grades),
            ],
        }
        for town in [*found.towns, found.total]
    ]
    return {"head": head, "rows": rows[:-1], "total": rows[-1], "outcomes": len(columns), "grades": len(found.grades)}
