"""Area standards: what a norm asks for, held against what a plan has. Norms are data with a source and a date."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .document import Unit
from .uses import GROUPS, group_of

# How a standard counts: in all, in each room, for each member of staff, for every hundred civil visits a day.
M2, M2_PER_ROOM, M2_PER_HEAD, M2_PER_100_VISITS = "m2", "m2_per_room", "m2_per_head", "m2_per_100_visits"
UNITS = (M2, M2_PER_ROOM, M2_PER_HEAD, M2_PER_100_VISITS)


@dataclass(frozen=True)
class Standard:
    """``applies_to`` is an IMDF category, a group of ``uses.GROUPS``, a team's key, or empty for all rooms."""

    code: str
    value: float
    unit: str
    applies_to: str = ""
    source: str = ""
    effective_from: date | None = None
    name: str = ""


@dataclass(frozen=True)
class Measured:
    """A standard held against a plan. ``basis`` is what it was multiplied by (staff, hundreds of visits, rooms).

    ``required_m2`` is None where the standard cannot be held against this plan: an unknown unit, nobody to count.
    Of a standard for each room ``actual_m2`` is the smallest one, and ``short`` counts the rooms below it.
    """

    standard: Standard
    required_m2: float | None
    actual_m2: float | None
    basis: float = 0.0
    short: int = 0

    @property
    def difference_m2(self) -> float | None:
        """Positive where the plan has more than is asked."""
        if self.required_m2 is None or self.actual_m2 is None:
            return None
        return self.actual_m2 - self.required_m2

    @property
    def is_met(self) -> bool | None:
        difference = self.difference_m2
        return None if difference is None else difference > -0.005


@dataclass(frozen=True)
class People:
    """The staff that standards count, of the plan or of one team, and the square metres of their rooms."""

    staff: int = 0
    visits: int = 0
    m2: float = 0.0


def in_force(standards: Iterable[Standard], on: date | None = None) -> list[Standard]:
    """Of each code the newest that is in force on the day; without a day the newest of all."""
    newest: dict[str, Standard] = {}
    for standard in standards:
        if on is not None and _since(standard) > on:
            continue
        if standard.code not in newest or _since(standard) >= _since(newest[standard.code]):
            newest[standard.code] = standard
    return [newest[code] for code in sorted(newest)]


def _since(standard: Standard) -> date:
    return standard.effective_from or date.min


def measure(standard: Standard, units: Iterable[Unit], everybody: People, teams: Mapping[str, People]) -> Measured:
    """Hold a standard against rooms (walkable units of the plan) and the people who sit in them."""
    people = teams.get(standard.applies_to)
    rooms = [] if people else [unit.geometry.area for unit in units if applies(standard, unit.category)]
    actual = people.m2 if people else sum(rooms)
    if standard.unit == M2_PER_ROOM:
        smallest = min(rooms, default=None)
        short = sum(area < standard.value - 0.005 for area in rooms)
        return Measured(standard, standard.value if rooms else None, smallest, len(rooms), short)
    basis = _BASIS.get(standard.unit, lambda _people: 0.0)(people or everybody)
    return Measured(standard, standard.value * basis if basis else None, actual, basis)


_BASIS: dict[str, Callable[[People], float]] = {
    M2: lambda _people: 1.0,
    M2_PER_HEAD: lambda people: float(people.staff),
    M2_PER_100_VISITS: lambda people: people.visits / 100,
}


def applies(standard: Standard, category: str) -> bool:
    asked = standard.applies_to
    return not asked or category == asked or (asked in GROUPS and group_of(category) == asked)
