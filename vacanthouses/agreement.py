"""How far two surveys of the same houses agree: Cohen's kappa with its interval. Pure.

Cohen (1960; weighted 1968); the interval from the standard error of Fleiss, Cohen and Everitt (1969).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Agreement:
    """``n`` pairs, of which ``agreed`` are the same. ``kappa`` is null where chance alone explains everything: no
    pairs, or both sides gave one and the same answer throughout (``code`` says which). ``low``, ``high``: 95 %."""

    n: int
    agreed: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None
    code: str = ""

    @property
    def percent(self) -> float | None:
        return 100 * self.agreed / self.n if self.n else None


def agreement(pairs: Sequence[tuple[Hashable, Hashable]], order: Sequence[Hashable] = ()) -> Agreement:
    """Agreement of pairs (first, second). With ``order`` (best to worst) a near miss counts for part: linear weights.

    Answers outside the order make the measure unweighted.
    """
    n = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    if n == 0:
        return Agreement(0, 0, code="no_pairs")
    given = {answer for pair in pairs for answer in pair}
    ordered = bool(order) and given <= set(order)
    names = list(order) if ordered else sorted(given, key=repr)
    size = len(names)
    weights = [[_weight(i, j, size) if ordered else float(i == j) for j in range(size)] for i in range(size)]
    place = {name: index for index, name in enumerate(names)}
    shares = [[0.0] * size for _name in names]
    for first, second in pairs:
        shares[place[first]][place[second]] += 1 / n
    return _kappa(n, agreed, shares, weights)


def _weight(i: int, j: int, size: int) -> float:
    return 1 - abs(i - j) / (size - 1) if size > 1 else 1.0


def _kappa(n: int, agreed: int, shares: list[list[float]], weights: list[list[float]]) -> Agreement:
    span = range(len(shares))
    rows = [sum(row) for row in shares]
    columns = [sum(row[j] for row in shares) for j in span]
    observed = sum(weights[i][j] * shares[i][j] for i in span for j in span)
    by_chance = sum(weights[i][j] * rows[i] * columns[j] for i in span for j in span)
    if 1 - by_chance < 1e-12:
        return Agreement(n, agreed, code="all_the_same")
    kappa = (observed - by_chance) / (1 - by_chance)
    of_row = [sum(columns[j] * weights[i][j] for j in span) for i in span]
    of_column = [sum(rows[i] * weights[i][j] for i in span) for j in span]
    spread = sum(
        shares[i][j] * (weights[i][j] - (of_row[i] + of_column[j]) * (1 - kappa)) ** 2 for i in span for j in span
    )
    variance = max(spread - (kappa - by_chance * (1 - kappa)) ** 2, 0) / (n * (1 - by_chance) ** 2)
    reach = NORMAL_95 * sqrt(variance)
    # Full agreement has no spread to go by; an interval of width nothing would claim to be certain.
    if variance < 1e-15:
        return Agreement(n, agreed, kappa, code="no_spread")
    return Agreement(n, agreed, kappa, max(kappa - reach, -1.0), min(kappa + reach, 1.0))
