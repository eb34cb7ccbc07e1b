"""Redistribution: what some depots have over, to those that lack it, at least cost. Pure.

Two aims, the second never at the expense of the first: fill as much shortage as can be filled; of all ways to do so
take the one with the least quantity x way. Each item is a transportation problem of its own (Hitchcock 1941), whose
matrix is totally unimodular: the simplex method's corner is whole numbers, and optimal.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from disaster.ways import Place, way_m


@dataclass(frozen=True)
class Stand:
    """A depot and an item: what works there (None: unknown), its standard (None: nobody said), what is on its way to it
    (``coming``), and what others have asked of it."""

    depot: int
    place: Place
    works: int | None
    standard: int | None
    coming: int = 0
    asked: int = 0


@dataclass(frozen=True)
class Options:
    """``floor``: the share of its standard that each giver keeps, in per cent. It never gives below its own standard
    unless ``below_standard``. ``most_m``: the longest way (metres, with detour); None for any."""

    floor: int = 100
    below_standard: bool = False
    most_m: float | None = None


@dataclass(frozen=True)
class Transfer:
    """A proposal, with what it rests on: what the giver has over, what the taker lacks, the way in metres."""

    giver: int
    taker: int
    quantity: int
    way_m: int
    over: int
    short: int


def keeps(stand: Stand, options: Options) -> int:
    """What a giver never goes below. Its standard must be known."""
    standard = stand.standard or 0
    share = ceil(standard * options.floor / 100)
    return share if options.below_standard else max(share, standard)


def over(stand: Stand, options: Options) -> int:
    """What a depot could give. Unknown stock, or stock without a standard, is nothing over."""
    if stand.works is None or stand.standard is None:
        return 0
    return max(0, stand.works - stand.asked - keeps(stand, options))


def short(stand: Stand) -> int:
    """What a depot lacks of its standard. Unknown stock is no shortage: nobody knows."""
    if stand.works is None or stand.standard is None:
        return 0
    return max(0, stand.standard - stand.works - stand.coming)


def propose(stands: Sequence[Stand], options: Options) -> list[Transfer]:
    """The transfers of one item, the nearest first. Exact: see the module."""
    # A depot that lacks something itself gives nothing away, whatever its floor.
    takers = [stand for stand in stands if short(stand) > 0]
    givers = [stand for stand in stands if short(stand) == 0 and over(stand, options) > 0]
    arcs = _arcs(givers, takers, options.most_m)
    if not arcs:
        return []
    flows = _flows(arcs, [over(each, options) for each in givers], [short(each) for each in takers])
    found = [
        Transfer(
            givers[i].depot, takers[j].depot, flow, way, over(givers[i], options), short(takers[j])
        )
        for (i, j, way), flow in zip(arcs, flows, strict=True)
        if flow
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.way_m, each.giver, each.taker))


Arc = tuple[int, int, int]


def _arcs(givers: Sequence[Stand], takers: Sequence[Stand], most_m: float | None) -> list[Arc]:
    """Giver, taker and the way in whole metres, so that two ways are never told apart by rounding."""
    if not givers or not takers:
        return []
    ways = [(i, j, round(way_m(a.place, b.place))) for i, a in enumerate(givers) for j, b in enumerate(takers)]
    return [arc for arc in ways if most_m is None or arc[2] <= most_m]


def size(stands: Sequence[Stand], options: Options) -> int:
    """How many ways there are between those who have and those who lack: how long it will take goes by this."""
    takers = sum(short(stand) > 0 for stand in stands)
    return takers * sum(short(stand) == 0 and over(stand, options) > 0 for stand in stands)


def _flows(arcs: Sequence[Arc], supplies: Sequence[int], needs: Sequence[int]) -> list[int]:
    """Whole quantities along the arcs: the most in all, and among those the cheapest."""
    number = len(arcs)
    columns = np.arange(number)
    from_giver = coo_array((np.ones(number), ([arc[0] for arc in arcs], columns)), shape=(len(supplies), number))
    to_taker = coo_array((np.ones(number), ([arc[1] for arc in arcs], columns)), shape=(len(needs), number))
    limits = csr_array(vstack([from_giver, to_taker]))
    bounds = np.array([*supplies, *needs], dtype=float)
    most = round(sum(_solve(-np.ones(number), limits, bounds)))
    if most == 0:
        return [0] * number
    total = csr_array(np.ones((1, number)))
    costs = np.array([arc[2] for arc in arcs], dtype=float)
    return [round(flow) for flow in _solve(costs, limits, bounds, total, float(most))]


def _solve(
    costs: "np.ndarray", limits: csr_array, bounds: "np.ndarray", total: csr_array | None = None, most: float = 0.0
) -> list[float]:
    """The cheapest corner within the limits. Raises RuntimeError where the solver fails, which no input should make."""
    equal = {} if total is None else {"A_eq": total, "b_eq": np.array([most])}
    found = linprog(costs, A_ub=limits, b_ub=bounds, bounds=(0, None), method="highs-ds", **equal)
    if not found.success:
        raise RuntimeError(found.message)
    return list(found.x)


@dataclass(frozen=True)
class Basis:
    """What a draft rests on, kept with it: when this is no longer so the draft is stale."""

    over: int
    short: int
    keeps: int

    def text(self) -> str:
        return json.dumps([self.over, self.short, self.keeps])

    @classmethod
    def read(cls, text: str) -> "Basis | None":
        """None where the text is not one of these."""
        try:
            found = json.loads(text)
        except ValueError:
            return None
        if isinstance(found, list) and len(found) == 3 and all(isinstance(each, int) for each in found):
            return cls(*found)
        return None


def after(stands: Iterable[Stand], transfers: Iterable[Transfer]) -> dict[int, int]:
    """What each depot of known stock would hold after all transfers."""
    held = {stand.depot: stand.works + stand.coming for stand in stands if stand.works is not None}
    for each in transfers:
        held[each.giver] -= each.quantity
        held[each.taker] += each.quantity
    return held
