"""Where a few more depots, or a few more items in depots, help most: maximal covering (Church and ReVelle 1974) and
p-median (Hakimi 1964; ReVelle and Swain 1970), with places that are there already. No Django here.

Both are solved as mixed integer programmes by HiGHS, to the optimum or, where time runs out, with the bound that was
proved until then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

Table = NDArray[np.float64]
Mask = NDArray[np.bool_]
Chosen = tuple[int, ...]
Gain = Callable[[Chosen], float]
# What was chosen (None: nothing in time), the bound, whether it is the optimum.
Solved = tuple[Chosen | None, float | None, bool]
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Placement:
    """``chosen``: candidates by their number; ``gain``: what they add; ``bound``: what no choice can exceed.

    The gain is covered weight, or saved weight times cost. ``is_proved``: nothing better exists.
    """

    chosen: Chosen
    gain: float
    bound: float
    is_proved: bool

    @property
    def gap(self) -> float:
        """How much better another choice could be at most, as a share of the bound."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.gain) / self.bound)


def maximal_covering(weights: Table, covers: Mask, places: int, *, seconds: float = 60.0) -> Placement:
    """At most ``places`` candidates that cover the greatest weight of demands which nothing covers yet.

    ``weights``: one per demand, not negative; ``covers[candidate, demand]``.
    """
    weights, covers = np.asarray(weights, dtype=float), np.asarray(covers, dtype=bool)
    # Demands that the same candidates cover are one; what nobody covers, or what weighs nothing, decides nothing.
    useful = covers.any(axis=0) & (weights > 0)
    if not useful.any() or places < 1:
        return Placement((), 0.0, 0.0, True)
    patterns, group = np.unique(covers[:, useful], axis=1, return_inverse=True)
    weight: Table = np.bincount(group.ravel(), weights=weights[useful]).astype(float)
    candidates, demands = patterns.shape
    # A demand counts only where a chosen candidate covers it: y - sum of its x <= 0.
    reach = csr_array(-patterns.T.astype(float))
    rows = _beside(reach, csr_array(np.eye(demands)))
    solved = _solve(weight, rows, np.zeros(demands), candidates, places, seconds)

    def gain(chosen: Chosen) -> float:
        return float(weights[covers[list(chosen)].any(axis=0)].sum()) if chosen else 0.0

    is_whole = bool(np.all(weights == np.floor(weights)))
    greedy = _greedy(candidates, places, gain)
    return _best(solved, greedy, gain, is_whole=is_whole, most=gain(tuple(range(candidates))))


def p_median(
    weights: Table, costs: Table, places: int, *, present: Table | None = None, seconds: float = 60.0
) -> Placement:
    """At most ``places`` candidates for which the sum of weight times cost to the nearest place is least.

    ``costs[candidate, demand]`` are finite; ``present``: what each demand costs from where there is something already.
    Without it the gain is told against each demand's dearest candidate.
    """
    weights, costs = np.asarray(weights, dtype=float), np.asarray(costs, dtype=float)
    if not costs.size or places < 1:
        return Placement((), 0.0, 0.0, True)
    now = costs.max(axis=0) if present is None else np.asarray(present, dtype=float)
    saved = np.clip(now - costs, 0, None) * weights
    candidate, demand = np.nonzero(saved > 0)
    if not len(candidate):
        return Placement((0,) if present is None else (), 0.0, 0.0, True)
    pairs, candidates = len(candidate), len(costs)
    each = np.arange(pairs)
    # A demand is served by a chosen candidate (z <= x), and by one only (sum of its z <= 1).
    served = _beside(
        csr_array((-np.ones(pairs), (each, candidate)), shape=(pairs, candidates)),
        csr_array((np.ones(pairs), (each, each)), shape=(pairs, pairs)),
    )
    once = _beside(
        csr_array((costs.shape[1], candidates)),
        csr_array((np.ones(pairs), (demand, each)), shape=(costs.shape[1], pairs)),
    )
    most = np.concatenate([np.zeros(pairs), np.ones(costs.shape[1])])
    solved = _solve(saved[candidate, demand], vstack([served, once]).tocsr(), most, candidates, places, seconds)

    def gain(chosen: Chosen) -> float:
        return float(saved[list(chosen)].max(axis=0).sum()) if chosen else 0.0

    greedy = _greedy(candidates, places, gain)
    return _best(solved, greedy, gain, is_whole=False, most=gain(tuple(range(candidates))))


def _beside(left: csr_array, right: csr_array) -> csr_array:
    first, second = coo_array(left), coo_array(right)
    return csr_array(
        (
            np.concatenate([first.data, second.data]),
            (
                np.concatenate([first.row, second.row]),
                np.concatenate([first.col, second.col + left.shape[1]]),
            ),
        ),
        shape=(left.shape[0], left.shape[1] + right.shape[1]),
    )


def _solve(worth: Table, rows: csr_array, most: Table, candidates: int, places: int, seconds: float) -> Solved:
    """Which candidates, the bound, whether it is the optimum; ``worth`` is of the variables beside the candidates."""
    count = csr_array(np.concatenate([np.ones(candidates), np.zeros(len(worth))])[None, :])
    found = milp(
        np.concatenate([np.zeros(candidates), -worth]),
        constraints=LinearConstraint(vstack([rows, count]).tocsr(), -np.inf, np.append(most, places)),
        bounds=Bounds(0, 1),
        # Once the candidates are whole, the rest is at its bound by itself.
        integrality=np.concatenate([np.ones(candidates), np.zeros(len(worth))]),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    chosen = None if found.x is None else tuple(int(each) for each in np.nonzero(found.x[:candidates] > 0.5)[0])
    bound = getattr(found, "mip_dual_bound", None)
    return chosen, None if bound is None else -float(bound), found.status == 0


def _best(solved: Solved, greedy: Chosen, gain: Gain, *, is_whole: bool, most: float) -> Placement:
    """What the solver found, or where time ran out too early the better of that and of the greedy choice.

    ``is_whole``: gains are whole numbers; ``most``: what all candidates together would gain.
    """
    chosen, bound, is_proved = solved
    best = max([each for each in (chosen, greedy) if each is not None], key=gain)
    value = gain(best)
    if is_proved:
        return Placement(_needed(best, gain), value, value, True)
    limit = most if bound is None or not isfinite(bound) else min(bound, most)
    limit = max(floor(limit + _ROUNDING) if is_whole else limit, value)
    return Placement(_needed(best, gain), value, limit, limit <= value + _ROUNDING)


def _needed(chosen: Chosen, gain: Gain) -> Chosen:
    """Without those that add nothing: nobody shall buy a pump for no gain."""
    kept = tuple(sorted(chosen))
    for each in reversed(kept):
        fewer = tuple(other for other in kept if other != each)
        if gain(fewer) >= gain(kept) - _ROUNDING:
            kept = fewer
    return kept


def _greedy(candidates: int, places: int, gain: Gain) -> Chosen:
    """One after another the candidate that adds most."""
    chosen: Chosen = ()
    for _number in range(min(places, candidates)):
        left = [each for each in range(candidates) if each not in chosen]
        chosen = (*chosen, max(left, key=lambda each: gain((*chosen, each))))
    return chosen
