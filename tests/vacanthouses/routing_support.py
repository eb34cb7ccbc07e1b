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
