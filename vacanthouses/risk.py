"""How much of a danger a vacant house is to its neighbours, in parts that can be told. Pure.

Weights and distances are this system's choice, not the law's: they put the list in an order in which to look, and
decide nothing. The danger is what is known; how much what nobody has seen could add to it is told beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Within these distances (m) houses that are lived in, and other vacant ones, count.
LIVED_M, VACANT_M = 30, 100
# From how many on, and from how near the town office (m) on, the part counts in full; the office beyond 1 km nothing.
LIVED_FULL, VACANT_FULL = 8, 5
OFFICE_NEAR_M, OFFICE_FAR_M = 100, 1000


@dataclass(frozen=True)
class Hazard:
    """A danger, by the items of a grading and the ticked dangers of a field survey that speak of it: the worst of them
    counts, because one leaning wall is not made better by a sound roof."""

    code: str
    weight: float
    items: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()


HAZARDS = (
    Hazard("collapse", 30, ("outer_wall", "column", "roof"), ("leaning", "falling")),
    Hazard("fire", 10, dangers=("fire",)),
    Hazard("entry", 15, ("safety",), ("open",)),
    Hazard("hygiene", 10, ("hygiene",)),
    Hazard("passage", 5, ("passage",)),
)
LIVED_WEIGHT, VACANT_WEIGHT, OFFICE_WEIGHT = 20, 5, 5


@dataclass(frozen=True)
class Facts:
    """``items``: how bad each graded item is (0 best to 1 worst), unknown ones missing. ``dangers``: those ticked in
    the latest field survey, None where there was none. ``lived_near``: None where the register is not loaded."""

    items: Mapping[str, float]
    dangers: frozenset[str] | None = None
    lived_near: int | None = None
    vacant_near: int | None = None
    office_m: float | None = None


@dataclass(frozen=True)
class Part:
    """``share`` (0 to 1) of ``weight`` that is known to apply; null when nothing is. ``unknown``: what was not seen."""

    code: str
    weight: float
    share: float | None
    value: float | None = None
    unknown: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return self.weight * (self.share or 0)


@dataclass(frozen=True)
class Danger:
    """``score`` (0 to 100) is what is known; ``most`` what it would be if all that is unknown were at its worst."""

    score: float
    most: float
    parts: tuple[Part, ...]

    def reasons(self) -> list[Part]:
        """The parts that count, the heaviest first."""
        return sorted((part for part in self.parts if part.points > 0), key=lambda part: -part.points)

    def unknown(self) -> list[Part]:
        return [part for part in self.parts if part.share is None or part.unknown]


def explain(facts: Facts) -> Danger:
    """The more is found, the higher: no worse item, further danger or nearer neighbour ever lowers the score."""
    parts = (*(_hazard(hazard, facts) for hazard in HAZARDS), *_exposure(facts))
    score = sum(part.points for part in parts)
    open_ = sum(part.weight - part.points for part in parts if part.share is None or part.unknown)
    return Danger(score, score + open_, parts)


def _hazard(hazard: Hazard, facts: Facts) -> Part:
    known = [facts.items[item] for item in hazard.items if item in facts.items]
    unknown = tuple(item for item in hazard.items if item not in facts.items)
    if facts.dangers is not None:
        known += [float(danger in facts.dangers) for danger in hazard.dangers]
    else:
        unknown += hazard.dangers
    share = max(known, default=None)
    return Part(hazard.code, hazard.weight, share, unknown=() if share == 1 else unknown)


def _exposure(facts: Facts) -> tuple[Part, ...]:
    office = facts.office_m
    nearness = None if office is None else (OFFICE_FAR_M - office) / (OFFICE_FAR_M - OFFICE_NEAR_M)
    return (
        _part("lived_near", LIVED_WEIGHT, facts.lived_near, LIVED_FULL),
        _part("vacant_near", VACANT_WEIGHT, facts.vacant_near, VACANT_FULL),
        Part("office", OFFICE_WEIGHT, None if nearness is None else min(max(nearness, 0.0), 1.0), office),
    )


def _part(code: str, weight: float, count: int | None, full: int) -> Part:
    return Part(code, weight, None if count is None else min(count / full, 1.0), count)
