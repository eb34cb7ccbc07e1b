"""The order in which a crew visits a day's houses.

Distances are metres and symmetric. Place 0 is the start; a closed route comes back to it, an open one ends at its
last stop. Up to ``EXACT_STOPS`` the answer is the shortest (Held and Karp, 1962); beyond, it is a good one, found by
2-opt and Or-opt with seeded perturbation, the same for the same seed.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

EXACT_STOPS = 10
GAIN_M = 1e-7
# How far along the route a perturbation reaches: near changes are repaired fast and keep what is good elsewhere.
REACH = 30

Matrix = list[list[float]]
Places = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Route:
    """``order`` holds the stops' places in the matrix, without the start."""

    order: tuple[int, ...]
    length_m: float
    is_exact: bool


def distances(points: Sequence[tuple[float, float]], detour: float = 1.0) -> Matrix:
    """Straight lines between points of a metric CRS, times the detour a road makes."""
    places = np.asarray(points, dtype=float).reshape(-1, 2)
    gaps = places[:, None, :] - places[None, :, :]
    lengths: Matrix = (np.hypot(gaps[..., 0], gaps[..., 1]) * detour).tolist()
    return lengths


def length(matrix: Matrix, order: Sequence[int], is_closed: bool) -> float:
    path = [0, *order, *([0] if is_closed else [])]
    return sum(matrix[a][b] for a, b in pairwise(path))


def shortest(matrix: Matrix, *, is_closed: bool = True, seed: int = 0, rounds: int = 200) -> Route:
    """The day's route through every place of a symmetric matrix, from place 0."""
    if not np.allclose(matrix, np.transpose(matrix)):
        raise ValueError("distances must be the same both ways")
    is_exact = len(matrix) - 1 <= EXACT_STOPS
    order = _exact(matrix, is_closed) if is_exact else _good(matrix, is_closed, seed, rounds)
    return Route(tuple(order), length(matrix, order, is_closed), is_exact)


def _exact(matrix: Matrix, is_closed: bool) -> list[int]:
    stops = range(1, len(matrix))
    best: dict[tuple[int, int], tuple[float, list[int]]] = {(1 << s, s): (matrix[0][s], [s]) for s in stops}
    for _ in range(len(matrix) - 2):
        longer: dict[tuple[int, int], tuple[float, list[int]]] = {}
        for (seen, last), (so_far, path) in best.items():
            for stop in stops:
                key = (seen | 1 << stop, stop)
                total = so_far + matrix[last][stop]
                if not seen & 1 << stop and (key not in longer or total < longer[key][0]):
                    longer[key] = (total, [*path, stop])
        best = longer
    ends = [(total + (matrix[path[-1]][0] if is_closed else 0), path) for total, path in best.values()]
    return min(ends)[1] if ends else []


def _good(matrix: Matrix, is_closed: bool, seed: int, rounds: int) -> list[int]:
    # A last place that stands for the return (or for nothing) lets open and closed routes share the moves.
    known = np.asarray(matrix)
    end = len(known)
    wide = np.zeros((end + 1, end + 1))
    wide[:end, :end] = known
    if is_closed:
        wide[end, :end] = wide[:end, end] = known[0]
    chance = random.Random(seed)  # noqa: S311
    path = _improved(wide, np.array([*_nearest(matrix), end]))
    best = _total(wide, path)
    for _ in range(rounds):
        a = chance.randrange(1, end - 1)
        b, c = sorted(chance.sample(range(a + 1, min(a + REACH, end) + 1), 2))
        other = _improved(wide, np.concatenate([path[:a], path[b:c], path[a:b], path[c:]]))
        total = _total(wide, other)
        if total < best - GAIN_M:
            path, best = other, total
    return [int(stop) for stop in path[1:-1]]


def _total(wide: Places, path: Places) -> float:
    return float(wide[path[:-1], path[1:]].sum())


def _nearest(matrix: Matrix) -> list[int]:
    path, left = [0], set(range(1, len(matrix)))
    while left:
        path.append(min(left, key=lambda stop: (matrix[path[-1]][stop], stop)))
        left.remove(path[-1])
    return path


def _improved(wide: Places, path: Places) -> Places:
    while (better := _turned(wide, path)) is not None or (better := _moved(wide, path)) is not None:
        path = better
    return path


def _turned(wide: Places, path: Places) -> Places | None:
    """The best 2-opt move: two legs replaced, what lies between them turned round."""
    at, to = path[:-1], path[1:]
    legs = wide[at, to]
    change = wide[np.ix_(at, at)] + wide[np.ix_(to, to)] - legs[:, None] - legs[None, :]
    i, j = sorted(divmod(int(change.argmin()), len(at)))
    if i == j or change[i, j] >= -GAIN_M:
        return None
    return np.concatenate([path[: i + 1], path[i + 1 : j + 1][::-1], path[j + 1 :]])


def _moved(wide: Places, path: Places) -> Places | None:
    """The best Or-opt move: one to three stops in a row taken out and put elsewhere, either way round."""
    best: tuple[float, int, int, int, bool] = (-GAIN_M, 0, 0, 0, False)
    at, to = path[:-1], path[1:]
    legs = wide[at, to]
    for size in (1, 2, 3):
        first = np.arange(1, len(path) - size)
        if not len(first):
            break
        head, tail = path[first], path[first + size - 1]
        before, after = path[first - 1], path[first + size]
        saved = wide[before, head] + wide[tail, after] - wide[before, after]
        leg = np.arange(len(at))[None, :]
        own = (leg >= first[:, None] - 1) & (leg < first[:, None] + size)
        for turned, (one, other) in ((False, (head, tail)), (True, (tail, head))):
            change = wide[np.ix_(one, at)] + wide[np.ix_(other, to)] - legs[None, :] - saved[:, None]
            change[own] = np.inf
            row, column = divmod(int(change.argmin()), len(at))
            if change[row, column] < best[0]:
                best = (float(change[row, column]), size, int(first[row]), column, turned)
    _change, size, i, j, turned = best
    if not size:
        return None
    part = path[i : i + size][::-1] if turned else path[i : i + size]
    rest = np.concatenate([path[:i], path[i + size :]])
    place = j + 1 if j < i else j + 1 - size
    return np.concatenate([rest[:place], part, rest[place:]])
