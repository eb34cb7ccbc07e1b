"""A crew's day: which of its houses fit into it, and when the crew arrives where.

Places are metres (EPSG:5179), times are minutes from the beginning of the day. Roads are not known here: a way is
taken as the straight line times a detour, driven at the pace of village roads, so every time is an estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import routing

Place = tuple[float, float]
Table = np.ndarray[Any, Any]

DETOUR = 1.3
# 25 km/h, with parking and the walk to the door.
METRES_PER_MINUTE = 25_000 / 60
# From so many houses, spread evenly by distance, a day is tried to be grown.
SEEDS = 24
SEARCH_ROUNDS = 60
# Of places that are as good but for rounding, a further house goes to the last.
TIE_M = 1e-6


@dataclass(frozen=True)
class Leg:
    """The way to one stop, and when the crew is there."""

    length_m: float
    arrives: float


@dataclass(frozen=True)
class Timetable:
    """``back_m`` is the way home; 0 for an open route. ``length_m`` and ``minutes`` are the whole day's."""

    legs: tuple[Leg, ...]
    back_m: float
    length_m: float
    minutes: float


def travel_minutes(length_m: float) -> float:
    return length_m / METRES_PER_MINUTE


def house_minutes(minutes: float, length_m: float, stops: int) -> float:
    """What one house takes in a day of so many minutes in all."""
    return max(0.0, minutes - travel_minutes(length_m)) / stops if stops else 0.0


def timetable(start: Place, stops: Sequence[Place], *, is_closed: bool, each: float) -> Timetable:
    """When the crew is where, each house taking ``each`` minutes."""
    matrix = routing.distances([start, *stops], DETOUR)
    legs, gone, clock = [], 0.0, 0.0
    for number in range(1, len(stops) + 1):
        length = matrix[number - 1][number]
        clock += travel_minutes(length)
        legs.append(Leg(length, clock))
        gone, clock = gone + length, clock + each
    back = matrix[len(stops)][0] if is_closed else 0.0
    return Timetable(tuple(legs), back, gone + back, clock + travel_minutes(back))


def best_order(start: Place, stops: Sequence[Place], *, is_closed: bool) -> tuple[int, ...]:
    """The places of ``stops`` in the order of the shortest route; of the two ways round, the one with the near end
    first."""
    matrix = routing.distances([start, *stops], DETOUR)
    order = routing.shortest(matrix, is_closed=is_closed, rounds=SEARCH_ROUNDS).order
    if is_closed and order and matrix[0][order[-1]] < matrix[0][order[0]]:
        order = order[::-1]
    return tuple(stop - 1 for stop in order)


def best_place(start: Place, stops: Sequence[Place], new: Place, *, is_closed: bool) -> int:
    """Before which of the stops a further one lengthens the route least; their number for the end."""
    table = _table(start, [*stops, new], is_closed=is_closed)
    path = [0, *range(1, len(stops) + 1), len(stops) + 2]
    longer = _detours(table, path, [len(stops) + 1])[:, 0]
    return int(np.flatnonzero(longer <= longer.min() + TIE_M)[-1])


def choose(
    start: Place, houses: Sequence[Place], *, is_closed: bool, minutes: float, each: float, most: int
) -> tuple[int, ...]:
    """As many houses as the day has time for (and at most ``most``), on the shortest way: their places, in order.

    A day is grown from several houses by what lengthens it least; the one with most houses on the shortest way wins.
    Where one house alone is too far for the day the answer is empty.
    """
    table = _table(start, houses, is_closed=is_closed)
    best: list[int] = []
    rating: tuple[int, float] = (0, 0.0)
    for seed in _seeds(table, len(houses)):
        path = _grown(table, seed, minutes, each, most)
        found = (len(path) - 2, -_total(table, path))
        if len(path) > 2 and found > rating:
            best, rating = path, found
    while best:
        inside = best[1:-1]
        order = best_order(start, [houses[house - 1] for house in inside], is_closed=is_closed)
        shorter = [0, *(inside[place] for place in order), len(houses) + 1]
        best = _grown(table, shorter[1:-1], minutes, each, most)
        if len(best) == len(shorter):
            break
    return tuple(house - 1 for house in best[1:-1])


def _table(start: Place, houses: Sequence[Place], *, is_closed: bool) -> Table:
    """Distances between start (0), houses (from 1) and the day's end: the start again, or nowhere."""
    known = np.asarray(routing.distances([start, *houses], DETOUR))
    table = np.zeros((len(known) + 1, len(known) + 1))
    table[:-1, :-1] = known
    if is_closed:
        table[-1, :-1] = table[:-1, -1] = known[0]
    return table


def _seeds(table: Table, count: int) -> list[list[int]]:
    near = [int(house) for house in np.argsort(table[0, 1 : count + 1], kind="stable") + 1]
    return [[house] for house in near[:: max(1, -(-count // SEEDS))]]


def _total(table: Table, path: Sequence[int]) -> float:
    return float(table[path[:-1], path[1:]].sum())


def _detours(table: Table, path: Sequence[int], others: Sequence[int]) -> Table:
    """How much longer the path gets with each of the others on each of its legs."""
    at, to, new = np.asarray(path[:-1]), np.asarray(path[1:]), np.asarray(others)
    longer: Table = table[np.ix_(at, new)] + table[np.ix_(to, new)] - table[at, to][:, None]
    return longer


def _grown(table: Table, inside: Sequence[int], minutes: float, each: float, most: int) -> list[int]:
    """The day through these houses with all the further ones that still fit; only its ends where not even these do."""
    end = len(table) - 1
    path = [0, *inside, end]
    length = _total(table, path)
    if travel_minutes(length) + each * len(inside) > minutes or len(inside) > most:
        return [0, end]
    left = sorted(set(range(1, end)) - set(path))
    while left and len(path) - 2 < most:
        longer = _detours(table, path, left)
        leg, which = divmod(int(longer.argmin()), len(left))
        if travel_minutes(length + longer[leg, which]) + each * (len(path) - 1) > minutes:
            break
        length += float(longer[leg, which])
        path.insert(leg + 1, left.pop(which))
    return path
