"""Which room each team best sits in: a small search, exact for few teams.

The cost of a seating is counted in visits carried over one floor: what visitors walk up and down, what it is worth
that nobody sits crowded, and the effort of moving. Teams stay whole: each sits where it sits now, or in one room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf

# A seating is better only by more than this.
_EPSILON = 1e-9
# So many seatings are looked into before the search settles for the best one found.
NODES = 40_000


@dataclass(frozen=True)
class Place:
    """Where a team could sit. ``loads`` says which share of it sits in each room; ``floors`` how far visitors climb.

    A team without a room has a place without loads, in which all of it is crowded.
    """

    key: str
    floors: int
    loads: Mapping[str, float]


@dataclass(frozen=True)
class Seeker:
    """A team: the first of its places is where it sits today."""

    key: str
    heads: int
    visits: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Problem:
    """``capacity`` is in heads, by room. ``crowded`` and ``moved`` are the costs of one head.

    No more heads than ``most_crowded`` may be crowded: nobody is squeezed in for the sake of short ways.
    """

    seekers: tuple[Seeker, ...]
    capacity: Mapping[str, float]
    crowded: float
    moved: float
    most_crowded: float = inf

    def own_cost(self, seeker: Seeker, place: Place) -> float:
        """What does not depend on where the others sit."""
        away = seeker.heads * self.moved if place is not seeker.places[0] and seeker.places[0].loads else 0.0
        unseated = 0.0 if place.loads else seeker.heads * self.crowded
        return seeker.visits * place.floors + away + unseated

    def crowding(self, seating: "Seating") -> float:
        """Heads beyond what the rooms hold, those without a room included."""
        loads: dict[str, list[float]] = {}
        outside = 0
        for seeker, place in zip(self.seekers, seating, strict=True):
            outside += 0 if place.loads else seeker.heads
            for room, share in place.loads.items():
                loads.setdefault(room, []).append(share * seeker.heads)
        return outside + fsum(max(0.0, fsum(heads) - self.capacity[room]) for room, heads in loads.items())

    def climbed(self, seating: "Seating") -> float:
        """Visits times floors, a day."""
        return float(
            sum(
                seeker.visits * place.floors for seeker, place in zip(self.seekers, seating, strict=True) if place.loads
            )
        )

    def cost(self, seating: "Seating") -> float:
        crowding = self.crowding(seating)
        if crowding > self.most_crowded + _EPSILON:
            return inf
        own = fsum(self.own_cost(seeker, place) for seeker, place in zip(self.seekers, seating, strict=True))
        unseated = sum(seeker.heads for seeker, place in zip(self.seekers, seating, strict=True) if not place.loads)
        return own + (crowding - unseated) * self.crowded

    @property
    def today(self) -> "Seating":
        return tuple(seeker.places[0] for seeker in self.seekers)


Seating = tuple[Place, ...]


@dataclass(frozen=True)
class Found:
    """``is_best``: proven, every other seating costs as much or more."""

    seating: Seating
    cost: float
    is_best: bool


def solve(problem: Problem, exact_up_to: int) -> Found:
    """The cheapest seating; for more teams than ``exact_up_to`` the one that moving and swapping leads to.

    The same problem always has the same answer: of equal seatings the one that moves the fewest is found first.
    """
    start = _improved(problem)
    if len(problem.seekers) > exact_up_to:
        return Found(start, problem.cost(start), False)
    search = _Search(problem, start)
    search.run()
    return Found(search.best, search.best_cost, search.nodes < NODES)


def _improved(problem: Problem) -> Seating:
    """Today's seating after the best single move, or swap of two teams' places, again and again."""
    seating, cost = problem.today, problem.cost(problem.today)
    while True:
        better = min(
            ((problem.cost(other), number, other) for number, other in enumerate(_neighbours(problem, seating))),
            default=None,
        )
        if better is None or better[0] >= cost - _EPSILON:
            return seating
        cost, _number, seating = better


def _neighbours(problem: Problem, seating: Seating) -> Sequence[Seating]:
    found = []
    choices = [{place.key: place for place in seeker.places} for seeker in problem.seekers]
    for index, seeker in enumerate(problem.seekers):
        for place in seeker.places:
            if place is not seating[index]:
                found.append((*seating[:index], place, *seating[index + 1 :]))
        for other in range(index):
            mine, theirs = choices[index].get(seating[other].key), choices[other].get(seating[index].key)
            if mine and theirs and mine is not theirs:
                changed = list(seating)
                changed[index], changed[other] = mine, theirs
                found.append(tuple(changed))
    return found


@dataclass
class _Search:
    """Branch and bound over the teams, the busiest first."""

    problem: Problem
    best: Seating
    best_cost: float = 0.0
    nodes: int = 0
    order: list[int] = field(default_factory=list)
    options: list[list[tuple[float, Place]]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    # Heads for which there is no room however they sit.
    short: float = 0.0

    def run(self) -> None:
        problem = self.problem
        self.best_cost = problem.cost(self.best)
        self.order = sorted(range(len(problem.seekers)), key=lambda index: -_weight(problem.seekers[index]))
        for index in self.order:
            seeker = problem.seekers[index]
            costs = [(problem.own_cost(seeker, place), number, place) for number, place in enumerate(seeker.places)]
            self.options.append([(cost, place) for cost, _number, place in sorted(costs, key=lambda item: item[:2])])
        if all(seeker.places[0].loads for seeker in problem.seekers):
            self.short = sum(seeker.heads for seeker in problem.seekers) - fsum(problem.capacity.values())
        # The cheapest that the teams still to be seated could cost.
        self.least = [0.0]
        for options in reversed(self.options):
            self.least.insert(0, self.least[0] + options[0][0])
        self._seat(0, 0.0, 0.0, {}, [])

    def _seat(self, depth: int, own: float, crowded: float, loads: dict[str, float], chosen: list[Place]) -> None:
        if depth == len(self.order):
            self.best_cost = own + crowded * self.problem.crowded
            seating = dict(zip(self.order, chosen, strict=True))
            self.best = tuple(seating[index] for index in range(len(self.order)))
            return
        heads = self.problem.seekers[self.order[depth]].heads
        for cost, place in self.options[depth]:
            self.nodes += 1
            if self.nodes >= NODES:
                return
            after, more = self._with(loads, place, heads)
            bound = own + cost + self.least[depth + 1] + max(crowded + more, self.short) * self.problem.crowded
            if crowded + more <= self.problem.most_crowded + _EPSILON and bound < self.best_cost - _EPSILON:
                self._seat(depth + 1, own + cost, crowded + more, after, [*chosen, place])

    def _with(self, loads: dict[str, float], place: Place, heads: int) -> tuple[dict[str, float], float]:
        """The loads with this team in, and how many more heads are then crowded."""
        after, more = dict(loads), 0.0
        for room, share in place.loads.items():
            capacity, held = self.problem.capacity[room], loads.get(room, 0.0)
            after[room] = held + share * heads
            more += max(0.0, after[room] - capacity) - max(0.0, held - capacity)
        return after, more


def _weight(seeker: Seeker) -> int:
    return seeker.visits + seeker.heads
