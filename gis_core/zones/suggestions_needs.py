"""What towns lack and what they could share, as one bit for each resource. Pure.

Of what is counted, a town that has none lacks it, and one that has more than the middle town can share. Of a figure
that is better high (or low), the worst quarter lacks and the better half can help. What is not known is neither.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

# Fewer values than this have no quarters.
LEAST_VALUES = 4


@dataclass(frozen=True)
class Resource:
    """``values`` by town, only what is known; ``is_count``: of things, of which 0 is none; ``is_lower_better``: of a
    figure."""

    title: str
    values: Mapping[int, float]
    is_count: bool = True
    is_lower_better: bool = False


def needs(resources: Sequence[Resource]) -> dict[int, tuple[int, int]]:
    """By town, the bits of what it can share and of what it lacks; the first resource is bit 0."""
    gives: dict[int, int] = defaultdict(int)
    lacks: dict[int, int] = defaultdict(int)
    for bit, resource in enumerate(resources):
        share, lack = _bounds(resource)
        for town, value in resource.values.items():
            signed = -value if resource.is_lower_better else value
            if signed > share:
                gives[town] |= 1 << bit
            elif signed <= lack:
                lacks[town] |= 1 << bit
    return {town: (gives[town], lacks[town]) for town in {*gives, *lacks}}


def _bounds(resource: Resource) -> tuple[float, float]:
    """Above the first a town can share; up to the second it lacks."""
    values = [-value if resource.is_lower_better else value for value in resource.values.values()]
    if resource.is_count:
        return (max(median(values), 0.0), 0.0) if values else (0.0, 0.0)
    if len(values) < LEAST_VALUES or min(values) == max(values):
        return float("inf"), float("-inf")
    return median(values), quantiles(values, n=4)[0]
