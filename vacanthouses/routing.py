"""The order in which a crew visits a day's houses.

Distances are metres and symmetric. Place 0 is the start; a closed route comes back to it, an open one ends at its
last stop. Up to ``EXACT_STOPS`` the answer is the shortest (Held and Karp, 1962); beyond, it is a good one, found by
2-opt and Or-opt with seeded perturbation, the same for the same seed.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

EXACT_STOPS = 10
GAIN_M = 1e-7

Matrix = list[list[float]]


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
    end = len(matrix)
    wide = [[*row, row[0] if is_closed else 0.0] for row in matrix]
    wide.append([row[end] for row in wide] + [0.0])
    chance = random.Random(seed)  # noqa: S311
    path = _improved(wide, [*_nearest(matrix), end])
    best = _total(wide, path)
    for _ in range(rounds):
        a, b, c = sorted(chance.sample(range(1, end + 1), 3))
        other = _improved(wide, path[:a] + path[b:c] + path[a:b] + path[c:])
        total = _total(wide, other)
        if total < best - GAIN_M:
            path, best = other, total
    return path[1:-1]


def _total(wide: Matrix, path: list[int]) -> float:
    return sum(wide[a][b] for a, b in pairwise(path))


def _nearest(matrix: Matrix) -> list[int]:
    path, left = [0], set(range(1, len(matrix)))
    while left:
        path.append(min(left, key=lambda stop: (matrix[path[-1]][stop], stop)))
        left.remove(path[-1])
    return path


def _improved(wide: Matrix, path: list[int]) -> list[int]:
    while (better := _turned(wide, path) or _moved(wide, path)) is not None:
        path = better
    return path


def _turned(wide: Matrix, path: list[int]) -> list[int] | None:
    for i in range(1, len(path) - 2):
        a, b = path[i - 1], path[i]
        for j in range(i + 1, len(path) - 1):
            c, d = path[j], path[j + 1]
            if wide[a][c] + wide[b][d] < wide[a][b] + wide[c][d] - GAIN_M:
                return path[:i] + path[i : j + 1][::-1] + path[j + 1 :]
    return None


def _moved(wide: Matrix, path: list[int]) -> list[int] | None:
    for size in (1, 2, 3):
        for i in range(1, len(path) - size):
            part, rest = path[i : i + size], path[:i] + path[i + size :]
            a, d = path[i - 1], path[i + size]
            saved = wide[a][part[0]] + wide[part[-1]][d] - wide[a][d]
            for j in range(1, len(rest)):
                p, q = rest[j - 1], rest[j]
                if wide[p][part[0]] + wide[part[-1]][q] - wide[p][q] < saved - GAIN_M:
                    return rest[:j] + part + rest[j:]
    return None
