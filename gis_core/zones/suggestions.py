"""Which towns would gain most from working together. Pure: facts go in, candidates with their reasons come out.

From each town sets are grown over shared borders, always by the neighbour that makes the set best, and once more with a
choice among the best three that the seed decides. Candidates may overlap; two that are nearly the same are one. The
same facts, wish and seed always give the same answer.

A set is worth the weighted mean of four parts, each from 0 to 1 or unknown (then it does not count):

* **border**: how much of the members' edges they share with one another; half of it is all.
* **travel**: 1 at no minutes between members, 0 at the most minutes wished for.
* **complement**: how many lacks of members another member can meet, against the town that lacks most.
* **movement**: how much of what moves from or to members stays among them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from math import hypot
from random import Random

from .contiguity import components

Pair = tuple[int, int]
Place = tuple[float, float]
# Samples, not official: how much longer a way is than the straight line, and how fast it is driven.
DETOUR, KMH = 1.3, 40.0
# A set that shares this much of its edges is bound together as well as can be.
FULL_BORDER = 0.5
# Two candidates with more than this share of members in common are one suggestion.
SAME = 0.5
# Towns that may be joined without a shared border: so many of the nearest.
NEAREST = 6
BEST_OF = 3


class PartName(StrEnum):
    BORDER = "border"
    TRAVEL = "travel"
    COMPLEMENT = "complement"
    MOVEMENT = "movement"


@dataclass(frozen=True)
class Town:
    """``place``: its middle in EPSG:5179; ``edge_m``: metres of its boundary; ``gives`` and ``lacks``: a bit for each
    resource."""

    place: Place
    edge_m: float
    gives: int = 0
    lacks: int = 0


@dataclass(frozen=True)
class Facts:
    """``borders``: metres of shared border per neighbour; ``minutes`` and ``movements``: from town to town, as far as
    loaded; pairs that ``minutes`` lacks are estimated from the straight line."""

    towns: Mapping[int, Town]
    borders: Mapping[int, Mapping[int, float]]
    minutes: Mapping[Pair, float] = field(default_factory=dict)
    movements: Mapping[Pair, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """Sets of ``least`` to ``most`` towns, ``number`` of them; ``across``: also towns that do not touch but lie within
    ``most_minutes``; ``town``: one that every set must have. ``weights`` of at least 0, not all 0."""

    weights: Mapping[PartName, float]
    seed: int = 1
    least: int = 2
    most: int = 4
    number: int = 10
    most_minutes: float = 40.0
    across: bool = False
    town: int | None = None


@dataclass(frozen=True)
class Help:
    """A resource (its bit) that ``lacking`` lacks and ``giving`` can share."""

    resource: int
    lacking: int
    giving: int


@dataclass(frozen=True)
class Candidate:
    """``parts``: 0 to 1, None where unknown; what they come from stands beside. ``minutes``: the mean between members,
    ``estimated`` of ``pairs`` from the straight line."""

    members: tuple[int, ...]
    score: float
    parts: Mapping[PartName, float | None]
    is_contiguous: bool
    border_m: float
    border_share: float
    minutes: float
    estimated: int
    pairs: int
    helps: tuple[Help, ...]
    inside: float
    moving: float


Progress = Callable[[int, int], None]


def suggest(facts: Facts, wish: Wish, progress: Progress = lambda done, total: None) -> list[Candidate]:
    """The best candidates, the best first. ``progress(done, total)`` counts towns, and may raise to stop."""
    grower = _Grower(facts, wish)
    # A choice that can be repeated is what is wanted, not one that nobody can foresee.
    random = Random(wish.seed)  # noqa: S311
    starts = sorted(facts.towns) if wish.town is None else [wish.town]
    random.shuffle(starts)
    found: dict[frozenset[int], float] = {}
    for done, town in enumerate(starts, start=1):
        # One town alone is asked about more thoroughly: nothing else is.
        for best_of in (1, *[BEST_OF] * (1 if wish.town is None else 40)):
            found.update(grower.grow(town, best_of, random))
        progress(done, len(starts))
    ordered = sorted(found, key=lambda members: (-round(found[members], 9), sorted(members)))
    return [grower.explained(members) for members in _apart(ordered, wish.number)]


def _apart(ordered: Iterable[frozenset[int]], number: int) -> list[frozenset[int]]:
    """The first of these sets of which no two are nearly the same."""
    chosen: list[frozenset[int]] = []
    for members in ordered:
        if len(chosen) == number:
            break
        if all(len(members & other) <= SAME * len(members | other) for other in chosen):
            chosen.append(members)
    return chosen


def estimate_minutes(here: Place, there: Place) -> float:
    """By the straight line (metres), where no table says how long it takes."""
    return hypot(here[0] - there[0], here[1] - there[1]) * DETOUR / 1000 / KMH * 60


@dataclass
class _Set:
    """A growing set with the sums its parts are made of."""

    members: list[int]
    edge: float
    moving: float
    gives: int
    border: float = 0.0
    minutes: float = 0.0
    inside: float = 0.0


class _Grower:
    def __init__(self, facts: Facts, wish: Wish) -> None:
        self.facts, self.wish = facts, wish
        self.weights = [float(wish.weights.get(part, 0.0)) for part in PartName]
        self.most_lacks = max((town.lacks.bit_count() for town in facts.towns.values()), default=0)
        self.both_ways: dict[Pair, float] = {}
        self.moving: dict[int, float] = dict.fromkeys(facts.towns, 0.0)
        for (here, there), value in facts.movements.items():
            if here != there and here in facts.towns and there in facts.towns:
                pair = (here, there) if here < there else (there, here)
                self.both_ways[pair] = self.both_ways.get(pair, 0.0) + value
                self.moving[here] += value
                self.moving[there] += value
        self.known_minutes: dict[Pair, float] = {}
        self.near = _near(facts, wish.most_minutes) if wish.across else {}

    def grow(self, start: int, best_of: int, random: Random) -> dict[frozenset[int], float]:
        """Every set on the way from one town to the largest that is wished for, with its score."""
        town = self.facts.towns[start]
        current = _Set([start], town.edge_m, self.moving[start], town.gives)
        found = {}
        while len(current.members) < self.wish.most:
            offered = [(*self._scored(current, other), other) for other in self._around(current.members)]
            if not offered:
                break
            offered.sort(key=lambda each: (-each[0], each[2]))
            score, current, _town = offered[0] if best_of == 1 else random.choice(offered[:best_of])
            if len(current.members) >= self.wish.least:
                found[frozenset(current.members)] = score
        return found

    def _around(self, members: Sequence[int]) -> list[int]:
        around = {other for member in members for other in self.facts.borders.get(member, ())}
        around.update(other for member in members for other in self.near.get(member, ()))
        return sorted(other for other in around.difference(members) if other in self.facts.towns)

    def _scored(self, current: _Set, other: int) -> tuple[float, _Set]:
        town = self.facts.towns[other]
        members = [*current.members, other]
        border, minutes, inside = current.border, current.minutes, current.inside
        shared = self.facts.borders.get(other, {})
        for member in current.members:
            border += shared.get(member, 0.0)
            pair = (member, other) if member < other else (other, member)
            minutes += self.minutes(pair)
            inside += self.both_ways.get(pair, 0.0)
        grown = _Set(
            members, current.edge + town.edge_m, current.moving + self.moving[other], current.gives | town.gives,
            border, minutes, inside,
        )  # fmt: skip
        return self.score(self.parts(grown)), grown

    def minutes(self, pair: Pair) -> float:
        """Between two towns: the mean of both ways where they are loaded, else the estimate."""
        known = self.known_minutes.get(pair)
        if known is None:
            known = self.known_minutes[pair] = self._minutes(pair)
        return known

    def _minutes(self, pair: Pair) -> float:
        loaded = self._loaded(pair)
        if loaded:
            return sum(loaded) / len(loaded)
        return estimate_minutes(self.facts.towns[pair[0]].place, self.facts.towns[pair[1]].place)

    def _loaded(self, pair: Pair) -> list[float]:
        ways = (pair, pair[::-1])
        return [self.facts.minutes[way] for way in ways if way in self.facts.minutes]

    def parts(self, found: _Set) -> tuple[float, float, float | None, float | None]:
        number = len(found.members)
        towns = self.facts.towns
        met = sum((towns[member].lacks & found.gives).bit_count() for member in found.members)
        return (
            min(1.0, 2 * found.border / found.edge / FULL_BORDER) if found.edge else 0.0,
            max(0.0, 1 - found.minutes / (number * (number - 1) / 2) / self.wish.most_minutes),
            met / (number * self.most_lacks) if self.most_lacks else None,
            # What moves among members was counted for both of them.
            found.inside / (found.moving - found.inside) if found.moving else None,
        )

    def score(self, parts: Sequence[float | None]) -> float:
        total = weight = 0.0
        for value, each in zip(parts, self.weights, strict=True):
            if value is not None:
                total += value * each
                weight += each
        return total / weight if weight else 0.0

    def explained(self, members: frozenset[int]) -> Candidate:
        """The same set in the order of its numbers, with what its parts come from."""
        first, *others = sorted(members)
        town = self.facts.towns[first]
        current = _Set([first], town.edge_m, self.moving[first], town.gives)
        score = 0.0
        for other in others:
            score, current = self._scored(current, other)
        pairs = list(combinations(sorted(members), 2))
        return Candidate(
            members=tuple(sorted(members)),
            score=score,
            parts=dict(zip(PartName, self.parts(current), strict=True)),
            is_contiguous=len(components(members, self.facts.borders)) == 1,
            border_m=current.border,
            border_share=2 * current.border / current.edge if current.edge else 0.0,
            minutes=current.minutes / len(pairs),
            estimated=sum(not self._loaded(pair) for pair in pairs),
            pairs=len(pairs),
            helps=tuple(self._helps(sorted(members))),
            inside=current.inside,
            moving=current.moving - current.inside,
        )

    def _helps(self, members: Sequence[int]) -> Iterable[Help]:
        towns = self.facts.towns
        for lacking in members:
            for giving in members:
                both, bit = towns[lacking].lacks & towns[giving].gives, 0
                while both:
                    if both & 1:
                        yield Help(bit, lacking, giving)
                    both >>= 1
                    bit += 1


def _near(facts: Facts, most_minutes: float) -> dict[int, list[int]]:
    """The nearest towns within so many minutes by estimate, whether they touch or not."""
    reach = most_minutes / 60 * KMH * 1000 / DETOUR
    cells: dict[Pair, list[int]] = {}
    for pk, town in facts.towns.items():
        cells.setdefault((int(town.place[0] // reach), int(town.place[1] // reach)), []).append(pk)
    found = {}
    for pk, town in facts.towns.items():
        x, y = int(town.place[0] // reach), int(town.place[1] // reach)
        around = [other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in cells.get((x + i, y + j), ())]
        ways = sorted(
            (estimate_minutes(town.place, facts.towns[other].place), other) for other in around if other != pk
        )
        found[pk] = [other for minutes, other in ways[:NEAREST] if minutes <= most_minutes]
    return found
