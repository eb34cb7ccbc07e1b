"""Stacking: which team should sit on which floor, so that those whom many people visit are near the entrance.

A team's visitors climb from the ground floor to the team's lowest room. Rooms hold as many as a standard of square
metres a head lets them; without a standard, as many as sit at the tightest today. Teams move whole, into offices or
into idle rooms that can be made into offices, never into other rooms; a team may stay where it is whatever that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from .document import EMPLOYEES_ONLY, Document, Team, Unit
from .findings import Finding
from .schedule import schedule
from .seating import Found, Place, Problem, Seating, Seeker, solve
from .standards import M2_PER_HEAD, Standard, in_force
from .uses import MEETING, STAFF, SUPPORT, UNDECIDED, WORK, group_of

OFFICE = "office"
# Idle rooms of these uses can become offices; residents' rooms, waiting areas, toilets and ways stay what they are.
CONVERTIBLE = frozenset({WORK, MEETING, STAFF, SUPPORT, UNDECIDED})
# A plan has no room for everybody when nobody knows how much one needs.
_NO_LIMIT = 1e9


@dataclass(frozen=True)
class Rules:
    """``m2_per_head``: None takes the tightest seating of today. The costs are in visits carried over one floor."""

    m2_per_head: float | None = None
    crowded_head: float = 20.0
    moved_head: float = 2.0
    exact_up_to: int = 12

    @classmethod
    def of(cls, standards: Iterable[Standard], on: Any = None) -> "Rules":
        """With the square metres a head that the standard for offices asks for, where there is one."""
        asked = [
            standard.value
            for standard in in_force(standards, on)
            if standard.unit == M2_PER_HEAD and standard.applies_to in {OFFICE, WORK} and standard.value > 0
        ]
        return cls(m2_per_head=max(asked, default=None))


@dataclass(frozen=True)
class Advice:
    """A team should move: ``code`` is the reason (see ``facilities.words.stacking``)."""

    code: str
    team: str
    from_units: tuple[str, ...]
    to_unit: str
    params: Mapping[str, Any]
    operations: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Standing:
    """How a seating does: visits times floors a day, and staff beyond what their rooms hold."""

    climbed: float
    crowded: float


@dataclass(frozen=True)
class FloorRow:
    """A level's offices: how many heads they hold, and who sits there (heads, visits) today and as advised."""

    level: str
    capacity: float
    teams_before: tuple[str, ...]
    teams_after: tuple[str, ...]
    heads_before: int
    heads_after: int
    visits_before: int
    visits_after: int


@dataclass(frozen=True)
class Stacking:
    """``advice`` is one draft: its moves belong together. Without any, ``reasons`` say why."""

    advice: tuple[Advice, ...]
    before: Standing
    after: Standing
    floors: tuple[FloorRow, ...]
    m2_per_head: float | None
    is_standard: bool
    is_best: bool
    reasons: tuple[Finding, ...] = field(default=())

    @property
    def short_m2(self) -> tuple[float, float]:
        """Square metres that the planned staff lacks, today and as advised."""
        each = self.m2_per_head or 0.0
        return self.before.crowded * each, self.after.crowded * each

    @property
    def operations(self) -> tuple[Mapping[str, Any], ...]:
        """What makes the draft option, for ``drawing.apply``."""
        return tuple(operation for item in self.advice for operation in item.operations)


def advise(document: Document, rules: Rules | None = None) -> Stacking:
    """The seating that costs least, as moves from today's."""
    rules = rules or Rules()
    asked = rules.m2_per_head or tightest(document)
    problem = _Rooms(document, asked).problem(rules)
    found = solve(problem, rules.exact_up_to)
    moves = _moves(document, problem, found.seating)
    return Stacking(
        advice=moves,
        before=_standing(problem, problem.today),
        after=_standing(problem, found.seating),
        floors=_floors(document, problem, found.seating),
        m2_per_head=asked,
        is_standard=rules.m2_per_head is not None,
        is_best=found.is_best,
        reasons=() if moves else _why_not(document, problem, rules, found),
    )


def tightest(document: Document) -> float | None:
    """The fewest square metres a head that a team has today; None when no seated team's staff is known."""
    return min((row.per_head_now for row in schedule(document).teams if row.per_head_now), default=None)


def heads_of(team: Team) -> int:
    return team.headcount_planned or team.headcount_now


class _Rooms:
    """Where teams sit and could sit."""

    def __init__(self, document: Document, m2_per_head: float | None) -> None:
        self.document = document
        self.home = {
            team.key: [unit for unit in document.units if team.key in unit.teams and unit.is_walkable]
            for team in document.teams
        }
        self.free = [unit for unit in document.units if can_seat(unit)]
        seats = {unit.key: unit for unit in self.free}
        seats.update((unit.key, unit) for units in self.home.values() for unit in units)
        self.capacity = {
            key: unit.geometry.area / m2_per_head if m2_per_head else _NO_LIMIT for key, unit in seats.items()
        }

    def problem(self, rules: Rules) -> Problem:
        seekers = tuple(self._seeker(team) for team in self.document.teams)
        problem = Problem(seekers, self.capacity, rules.crowded_head, rules.moved_head)
        return replace(problem, most_crowded=problem.crowding(problem.today))

    def _seeker(self, team: Team) -> Seeker:
        home = self.home[team.key]
        places = [self._home(home)]
        for unit in self.free:
            if [unit] != home:
                places.append(Place(unit.key, self._floors(unit), {unit.key: 1.0}))
        return Seeker(team.key, heads_of(team), team.visits_per_day, tuple(places))

    def _home(self, units: list[Unit]) -> Place:
        if not units:
            return Place("", 0, {})
        whole = sum(unit.geometry.area for unit in units)
        name = units[0].key if len(units) == 1 else " ".join(unit.key for unit in units)
        return Place(
            name,
            min(self._floors(unit) for unit in units),
            {unit.key: unit.geometry.area / whole for unit in units},
        )

    def _floors(self, unit: Unit) -> int:
        level = self.document.level_of.get(unit.level)
        return abs(level.ordinal) if level else 0


def can_seat(unit: Unit) -> bool:
    """Whether a team may be moved there: an office, or an idle room that can become one."""
    return unit.category == OFFICE or (unit.idle and group_of(unit.category) in CONVERTIBLE)


def _standing(problem: Problem, seating: Seating) -> Standing:
    return Standing(problem.climbed(seating), problem.crowding(seating))


def _moves(document: Document, problem: Problem, seating: Seating) -> tuple[Advice, ...]:
    changed = [
        (seeker, place) for seeker, place in zip(problem.seekers, seating, strict=True) if place is not seeker.places[0]
    ]
    converted: set[str] = set()
    found = []
    for seeker, place in sorted(changed, key=lambda item: (-item[0].visits, item[0].key)):
        code, params = _reason(document, problem, seeker, place, changed)
        operations = _operations(document, seeker, place, converted)
        found.append(Advice(code, seeker.key, tuple(seeker.places[0].loads), place.key, params, operations))
    return tuple(found)


def _reason(
    document: Document, problem: Problem, seeker: Seeker, place: Place, changed: list[tuple[Seeker, Place]]
) -> tuple[str, dict[str, Any]]:
    home = seeker.places[0]
    params: dict[str, Any] = {
        "visits": seeker.visits,
        "heads": seeker.heads,
        "holds": _holds(problem, home),
        "room_for": int(problem.capacity[place.key]),
        "floors": abs(home.floors - place.floors),
        "saved": seeker.visits * max(0, home.floors - place.floors),
        "for": [],
    }
    if not home.loads:
        return "seat", params
    if place.floors < home.floors and seeker.visits:
        return "to_visitors", params
    level = {unit.key: unit.level for unit in document.units}
    left = {level[key] for key in home.loads}
    params["for"] = [other.key for other, there in changed if other is not seeker and level[there.key] in left]
    if params["for"]:
        return "makes_room", params
    return "more_room", params


def _holds(problem: Problem, home: Place) -> int | None:
    """How many heads the team's rooms of today hold in all; None without a room."""
    return int(sum(problem.capacity[key] for key in home.loads)) if home.loads else None


def _operations(document: Document, seeker: Seeker, place: Place, converted: set[str]) -> tuple[Mapping[str, Any], ...]:
    unit: Unit = document.get("units", place.key)
    found: list[Mapping[str, Any]] = []
    if (unit.category != OFFICE or unit.idle) and unit.key not in converted:
        converted.add(unit.key)
        attributes = {"category": OFFICE, "idle": False, "restriction": unit.restriction or EMPLOYEES_ONLY}
        found.append({"op": "set", "kind": "units", "keys": [unit.key], "attributes": attributes})
    homes: list[str] = list(seeker.places[0].loads)
    if unit.key in homes:
        left = [home for home in homes if home != unit.key]
    else:
        found.append({"op": "assign_team", "team": seeker.key, "from": homes[0] if homes else None, "to": unit.key})
        left = homes[1:]
    found.extend({"op": "assign_team", "team": seeker.key, "from": home, "to": None} for home in left)
    return tuple(found)


def _floors(document: Document, problem: Problem, seating: Seating) -> tuple[FloorRow, ...]:
    level_of = {unit.key: unit.level for unit in document.units}

    def lowest(place: Place) -> set[str]:
        return {level_of[key] for key in place.loads}

    rows = []
    for level in reversed(document.ordered_levels()):
        before = [seeker for seeker in problem.seekers if level.key in lowest(seeker.places[0])]
        after = [seeker for seeker, place in zip(problem.seekers, seating, strict=True) if level.key in lowest(place)]
        rows.append(
            FloorRow(
                level=level.key,
                capacity=sum(heads for key, heads in problem.capacity.items() if level_of[key] == level.key),
                teams_before=tuple(seeker.key for seeker in before),
                teams_after=tuple(seeker.key for seeker in after),
                heads_before=sum(seeker.heads for seeker in before),
                heads_after=sum(seeker.heads for seeker in after),
                visits_before=sum(seeker.visits for seeker in before),
                visits_after=sum(seeker.visits for seeker in after),
            )
        )
    return tuple(rows)


def _why_not(document: Document, problem: Problem, rules: Rules, found: Found) -> tuple[Finding, ...]:
    seated = [seeker for seeker in problem.seekers if seeker.places[0].loads]
    if not seated:
        return (Finding("no_teams", "note"),)
    if not any(seeker.visits for seeker in problem.seekers):
        return (Finding("no_visits", "note"),)
    upstairs = [seeker for seeker in seated if seeker.visits and seeker.places[0].floors]
    if not upstairs:
        return (Finding("already_near", "note"),)
    upstairs.sort(key=lambda seeker: (-seeker.visits, seeker.key))
    return tuple(_obstacle(document, problem, rules, seeker, found) for seeker in upstairs[:3])


def _obstacle(document: Document, problem: Problem, rules: Rules, seeker: Seeker, found: Found) -> Finding:
    """Why this team does not come further down: no room there, too many crowded, or too little gained."""
    home = seeker.places[0]
    team = document.team_of[seeker.key]
    params: dict[str, Any] = {"team": team.key, "name": team.name, "visits": seeker.visits}
    lower = [place for place in seeker.places[1:] if place.floors < home.floors]
    if not lower:
        return Finding("no_office_below", "note", params=params)
    # Its first place is where it sits today, which is what moving is counted from: so keep it, priced out of reach.
    far = replace(home, floors=home.floors + 10**6)
    seekers = tuple(replace(other, places=(far, *lower)) if other is seeker else other for other in problem.seekers)
    forced = solve(replace(problem, seekers=seekers, most_crowded=inf), rules.exact_up_to)
    crowded = problem.crowding(forced.seating) - problem.crowding(found.seating)
    saved = problem.climbed(found.seating) - problem.climbed(forced.seating)
    params |= {"crowded": round(crowded, 1), "saved": int(saved), "short": round(forced.cost - found.cost, 1)}
    return Finding("no_space_below" if crowded >= 0.5 else "little_gain", "note", params=params)
