"""How often each reason was right: of the suspected houses that were visited, the share that was vacant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from vacanthouses.screening import KnownYield, Reason

# Of the normal distribution: 95 % lie within.
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Yield:
    """``low`` and ``high`` are the 95 % Wilson interval of ``confirmed`` of ``visited``; share None without visits."""

    visited: int
    confirmed: int
    share: float | None
    low: float
    high: float


def wilson(confirmed: int, visited: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927); everything is possible where nothing was visited."""
    if visited == 0:
        return 0.0, 1.0
    share, extra = confirmed / visited, z * z / visited
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * sqrt(share * (1 - share) / visited + extra / (4 * visited))
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def of(confirmed: int, visited: int) -> Yield:
    return Yield(visited, confirmed, confirmed / visited if visited else None, *wilson(confirmed, visited))


def measure(visits: Iterable[tuple[int, Iterable[str], bool]]) -> tuple[Yield, dict[str, Yield]]:
    """The yield of all, and of each reason, from (house, its reasons, whether vacant); a house counts once each."""
    houses: dict[int, bool] = {}
    by_code: dict[str, dict[int, bool]] = defaultdict(dict)
    for house, codes, vacant in visits:
        houses[house] = vacant
        for code in codes:
            by_code[code][house] = vacant
    return of(sum(houses.values()), len(houses)), {
        code: of(sum(found.values()), len(found)) for code, found in by_code.items()
    }


def proposed(
    reasons: Iterable[Reason], known: KnownYield, overall: Yield, by_code: Mapping[str, Yield]
) -> dict[str, float]:
    """New points by code: a reason that is right more often than screening on the whole gains in that proportion.

    Both shares are drawn to the known one as by ``known.prior`` visits more, so that few visits move little. A reason
    that no visit was about keeps its points.
    """
    whole = _drawn(overall, known)
    new = {}
    for reason in reasons:
        found = by_code.get(reason.code)
        if found is None or not found.visited or not whole:
            new[reason.code] = reason.points
        else:
            new[reason.code] = min(100.0, round(reason.points * _drawn(found, known) / whole, 1))
    return new


def _drawn(found: Yield, known: KnownYield) -> float:
    total = found.visited + known.prior
    return (found.confirmed + known.share * known.prior) / total if total else 0.0
