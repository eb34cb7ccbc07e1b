"""python -m benchmarks.suggestions [--towns N] [--rounds N]: candidates for zones among all towns of a country."""

import argparse
import sys
from random import Random
from statistics import median
from time import perf_counter

# Seconds for 3,500 towns; promised.
LIMIT = 20.0
TOWNS = 3_500
SIDE_M, RESOURCES = 6_000.0, 24


def _facts(number: int) -> object:
    """Square towns of 6 km beside one another, with things to share, lacks, and movements to their neighbours."""
    from gis_core.zones.suggestions import Facts, Town

    random, across = Random(1), int(number**0.5) + 1
    towns, borders = {}, {}
    for town in range(number):
        x, y = town % across, town // across
        gives = random.getrandbits(RESOURCES) & random.getrandbits(RESOURCES)
        lacks = random.getrandbits(RESOURCES) & ~gives
        towns[town] = Town((SIDE_M * x, SIDE_M * y), 4 * SIDE_M, gives, lacks)
        # As real towns have six neighbours, two of the corners count.
        beside = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1), (x - 1, y - 1), (x + 1, y + 1)]
        others = [i + across * j for i, j in beside if 0 <= i < across and j >= 0]
        borders[town] = {other: SIDE_M for other in others if other < number}
    movements = {(town, other): 100 * random.random() for town, found in borders.items() for other in found}
    return Facts(towns, borders, {}, movements)


def run(towns: int, rounds: int) -> int:
    """Prints seconds; returns 1 when 3,500 towns take longer than ``LIMIT``."""
    from gis_core.zones.suggestions import Facts, PartName, Wish, suggest

    facts = _facts(towns)
    assert isinstance(facts, Facts)
    wishes = {
        "over shared borders": Wish(dict.fromkeys(PartName, 1.0)),
        "also towns that do not touch": Wish(dict.fromkeys(PartName, 1.0), across=True),
        "up to six towns": Wish(dict.fromkeys(PartName, 1.0), most=6),
    }
    slowest = 0.0
    for title, wish in wishes.items():
        taken = []
        for _round in range(max(1, rounds)):
            begun = perf_counter()
            found = suggest(facts, wish)
            taken.append(perf_counter() - begun)
        slowest = max(slowest, median(taken))
        print(f"{towns:,} towns, {title}: {median(taken):.1f} s, {len(found)} candidates")
    if towns <= TOWNS and slowest > LIMIT:
        print(f"Suggestions take longer than {LIMIT:g} s")
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions", description=__doc__)
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    sys.exit(run(arguments.towns, arguments.rounds))
