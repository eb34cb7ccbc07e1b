"""Who can be reached: villages and the depots that could help them, straight or along roads. No Django here.

Places are (x, y) in EPSG:5179, metres. A cost is kilometres or minutes. What is not known is NaN: neither far nor near.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disaster.road_network import Network
from disaster.ways import DETOUR, KMH

Place = tuple[float, float]
Table = NDArray[np.float64]


class Measure(StrEnum):
    MINUTES = "minutes"
    KM = "km"


class State(StrEnum):
    REACHED = "reached"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Assumptions:
    """``detour``: how much longer a way is than the straight line; ``speed_kmh``: how fast it is driven where no road
    says its own speed. Both are samples that a page shows and lets change."""

    detour: float = DETOUR
    speed_kmh: float = KMH


@dataclass(frozen=True)
class Costs:
    """From each source (row) to each target (column). ``least`` is what it cannot be less than, as the crow flies;
    ``is_straight`` says where a cost was taken from the straight line."""

    values: Table
    least: Table
    is_straight: NDArray[np.bool_]


@dataclass(frozen=True)
class Reached:
    """How a target stands. ``source`` is the row of the nearest source, ``cost`` what it costs from there."""

    state: State
    source: int | None
    cost: float | None
    is_straight: bool = False


@dataclass
class Tally:
    """Villages, the people in those that were counted, and in how many nobody knows how many live."""

    villages: int = 0
    people: int = 0
    uncounted: int = 0

    def add(self, people: int | None) -> None:
        self.villages += 1
        if people is None:
            self.uncounted += 1
        else:
            self.people += people

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.villages - other.villages, self.people - other.people, self.uncounted - other.uncounted)


def costs(
    sources: Sequence[Place],
    targets: Sequence[Place],
    measure: Measure,
    assumed: Assumptions,
    network: Network | None = None,
) -> Costs:
    """Along the network between places that are joined to it, NaN where it leads nowhere; else the straight line times
    the detour."""
    metres = _between(sources, targets)
    straight = _as_cost(metres * assumed.detour, measure, assumed.speed_kmh)
    if network is None or not len(metres) or not metres.shape[1]:
        least = _as_cost(metres, measure, assumed.speed_kmh)
        return Costs(straight, least, np.ones(metres.shape, dtype=bool))
    found = network.ways(sources, targets, by_time=measure == Measure.MINUTES)
    # The way from a place to its road is driven as where no road is known.
    access = _as_cost(found.access_m * assumed.detour, measure, assumed.speed_kmh)
    along = found.values if measure == Measure.MINUTES else found.values / 1000
    values = np.where(found.is_joined, along + access, straight)
    fastest = max(assumed.speed_kmh, network.fastest_kmh)
    return Costs(values, _as_cost(metres, measure, fastest), ~found.is_joined)


def reach(known: Costs, limit: float, possible: Costs | None = None) -> list[Reached]:
    """Each target's state: REACHED within the limit of a source; UNKNOWN where a way that nobody knows, or a source of
    which nobody knows whether it has anything (``possible``), could still be within the limit; else OUT."""
    number = known.values.shape[1]
    maybe = np.zeros(number, dtype=bool)
    for each in (known, possible):
        if each is not None and len(each.values):
            # Where a way is known the least it could cost no longer matters.
            least = np.where(np.isnan(each.values), each.least, np.inf if each is known else each.values)
            maybe |= (least <= limit).any(axis=0)
    return [_state(known, column, limit, bool(maybe[column])) for column in range(number)]


def _state(known: Costs, column: int, limit: float, maybe: bool) -> Reached:
    values = known.values[:, column]
    if not len(values) or np.isnan(values).all():
        return Reached(State.UNKNOWN if maybe else State.OUT, None, None)
    row = int(np.nanargmin(values))
    cost, straight = float(values[row]), bool(known.is_straight[row, column])
    if cost <= limit:
        return Reached(State.REACHED, row, cost, straight)
    return Reached(State.UNKNOWN if maybe else State.OUT, row, cost, straight)


def tally(states: Sequence[State], people: Sequence[int | None]) -> dict[State, Tally]:
    """Villages and people of each state."""
    found = {state: Tally() for state in State}
    for state, number in zip(states, people, strict=True):
        found[state].add(number)
    return found


def _between(sources: Sequence[Place], targets: Sequence[Place]) -> Table:
    first = np.asarray(sources, dtype=float).reshape(-1, 2)
    second = np.asarray(targets, dtype=float).reshape(-1, 2)
    found: Table = np.hypot(*(first[:, None, :] - second[None, :, :]).transpose(2, 0, 1))
    return found


def _as_cost(metres: Any, measure: Measure, speed_kmh: float) -> Table:
    found: Table = metres / 1000 if measure == Measure.KM else metres / 1000 / speed_kmh * 60
    return found
