"""What a solver finds, to hold routes against."""

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


def optimum(matrix: list[list[float]]) -> float:
    """The shortest closed tour's length in metres: a MILP to which broken subtours are added until none is left."""
    count = len(matrix)
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    degree = np.array([[float(place in pair) for pair in pairs] for place in range(count)])
    rules = [LinearConstraint(degree, 2, 2)]
    while True:
        costs = np.array([matrix[a][b] for a, b in pairs])
        found = milp(costs, constraints=rules, integrality=np.ones(len(pairs)), bounds=Bounds(0, 1))
        graph = nx.Graph([pair for pair, used in zip(pairs, found.x, strict=True) if used > 0.5])
        parts = list(nx.connected_components(graph))
        if len(parts) == 1:
            return float(found.fun)
        for part in parts:
            inside = np.array([[float(a in part and b in part) for a, b in pairs]])
            rules.append(LinearConstraint(inside, -np.inf, len(part) - 1))


def optimum_open(matrix: list[list[float]]) -> float:
    """The length of the shortest way from place 0 through all others, that ends anywhere: a place beside the start, to
    which every end is as near, closes it."""
    far = 10 * max(map(max, matrix)) + 1
    wide = [[*row, 0.0 if place else -far] for place, row in enumerate(matrix)]
    return optimum([*wide, [-far, *[0.0] * (len(matrix) - 1), 0.0]]) + far


def least_possible(matrix: list[list[float]], known: float, rounds: int = 500) -> float:
    """No closed tour is shorter than this, in metres: the best 1-tree found by subgradient steps (Held and Karp, 1970).

    ``known`` is the length of some tour, by which the steps are sized.
    """
    table = np.asarray(matrix)
    weights, best, size, still = np.zeros(len(table)), 0.0, 2.0, 0
    for _ in range(rounds):
        found, degrees = _one_tree(table + weights[:, None] + weights[None, :])
        found -= 2 * float(weights.sum())
        best, still = (found, 0) if found > best + 1e-9 else (best, still + 1)
        if still == 10:
            size, still = size / 2, 0
        off = degrees - 2
        if not off.any():
            break
        weights = weights + size * (known - found) / float((off**2).sum()) * off
    return best


def _one_tree(table: np.ndarray) -> tuple[float, np.ndarray]:  # type: ignore[type-arg]
    """The shortest tree on all places but the first, and the first's two shortest edges: length and degrees."""
    degrees, total = np.zeros(len(table), dtype=int), 0.0
    gaps, joins, left = table[1].copy(), np.ones(len(table), dtype=int), np.ones(len(table), dtype=bool)
    left[:2] = False
    for _ in range(len(table) - 2):
        near = int(np.where(left, gaps, np.inf).argmin())
        total += float(gaps[near])
        degrees[[near, joins[near]]] += 1
        left[near] = False
        closer = table[near] < gaps
        gaps[closer], joins[closer] = table[near][closer], near
    for near in np.argsort(table[0, 1:])[:2] + 1:
        total += float(table[0, near])
        degrees[[0, near]] += 1
    return total, degrees
