"""Classes of values for a map's colours. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

EQUAL_COUNTS, EQUAL_STEPS = METHODS = ("counts", "steps")
FEWEST, MOST = 3, 7


@dataclass(frozen=True)
class ValueClass:
    """``index`` of ``of`` classes, from the lowest; ``low`` and ``high`` are the values really in it."""

    index: int
    of: int
    low: Decimal
    high: Decimal
    count: int


def classes(values: Iterable[Decimal], number: int, method: str) -> list[ValueClass]:
    """Classes that hold all values, from the lowest; empty ones are left out, and equal values are never parted."""
    ordered = sorted(values)
    if not ordered:
        return []
    found: dict[int, list[Decimal]] = {}
    for at, value in enumerate(ordered):
        if method == EQUAL_STEPS:
            across = ordered[-1] - ordered[0]
            index = min(int((value - ordered[0]) / across * number), number - 1) if across else 0
        else:
            index = ordered.index(value) * number // len(ordered)
        found.setdefault(index, []).append(ordered[at])
    return [ValueClass(index, number, of[0], of[-1], len(of)) for index, of in sorted(found.items())]


def class_of(value: Decimal, among: Iterable[ValueClass]) -> ValueClass | None:
    return next((each for each in among if each.low <= value <= each.high), None)


def places(values: dict[int, Decimal], *, lowest_first: bool = False) -> dict[int, int]:
    """Each one's place from 1; equal values share the better place, as in sports."""
    better: Counter[Decimal] = Counter(values.values())
    found: dict[Decimal, int] = {}
    place = 1
    for value in sorted(better, reverse=not lowest_first):
        found[value] = place
        place += better[value]
    return {key: found[value] for key, value in values.items()}
