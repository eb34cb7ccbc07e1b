"""python -m benchmarks.plans [--rounds N]: checking the circulation of a plan of 640 rooms on four levels.

Measured beside building the same graph by hand: networkx, and a straightforward search with shapely for the rooms that
each opening touches. Needs no database.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter

import networkx as nx
import shapely
from shapely import LineString, box

from facilities.plan.circulation import check
from facilities.plan.document import DOOR, EMPLOYEES_ONLY, Document, Fixture, Level, Opening, Unit
from facilities.plan.topology import OUTSIDE, sides

LEVELS, COLUMNS, ROWS = 4, 16, 10
ROOM_M, WALL_M = 4.0, 0.2
# What is promised, in milliseconds.
LIMIT_MS = 300


@dataclass(frozen=True)
class Result:
    name: str
    check_ms: float
    by_hand_ms: float
    graph_ms: float
    findings: int

    @property
    def passes(self) -> bool:
        return self.check_ms <= LIMIT_MS


def make_plan() -> Document:
    """640 rooms in a grid with thick walls, a door in every wall: rows of open and of closed rooms in turn."""
    levels = [
        Level(f"L{number}", number, f"{number + 1}F", height_m=3.5, outline=box(0, 0, *_corner(COLUMNS, ROWS)))
        for number in range(LEVELS)
    ]
    units = [_room(level, column, row) for level in levels for column in range(COLUMNS) for row in range(ROWS)]
    openings = [door for level in levels for door in _doors(level)]
    entrance = _door(levels[0], "entrance", 0, 0, upright=False, before=True)
    counters = tuple(
        Fixture(f"counter {level.ordinal}", level.key, LineString([(41, 2), (43, 2)]), "counter") for level in levels
    )
    return Document(tuple(levels), tuple(units), (*openings, replace(entrance, entrance=True)), counters)


def _corner(column: int, row: int) -> tuple[float, float]:
    return column * ROOM_M, row * ROOM_M


def _room(level: Level, column: int, row: int) -> Unit:
    x, y = _corner(column, row)
    half = WALL_M / 2
    shape = box(x + half, y + half, x + ROOM_M - half, y + ROOM_M - half)
    shaft = {(0, 0): "stairs", (1, 0): "elevator"}.get((column, row), "")
    key = f"{level.key} {column} {row}"
    if row % 2:
        return Unit(key, level.key, shape, "office", EMPLOYEES_ONLY)
    category = shaft or ("restroom.unisex" if column == 3 else "walkway")
    return Unit(key, level.key, shape, category, shaft=shaft, after_hours=column == 5)


def _doors(level: Level) -> list[Opening]:
    across = [_door(level, "across", c, r, upright=True) for c in range(COLUMNS - 1) for r in range(ROWS)]
    up = [_door(level, "up", c, r, upright=False) for c in range(COLUMNS) for r in range(ROWS - 1)]
    return [*across, *(replace(door, restriction=EMPLOYEES_ONLY) for door in up)]


def _door(level: Level, name: str, column: int, row: int, *, upright: bool, before: bool = False) -> Opening:
    x, y = _corner(column, row)
    x1, y1 = (x + ROOM_M, y + ROOM_M / 2) if upright else (x + ROOM_M / 2, y if before else y + ROOM_M)
    dx, dy = (0.0, 0.45) if upright else (0.45, 0.0)
    line = LineString([(x1 - dx, y1 - dy), (x1 + dx, y1 + dy)])
    return Opening(f"{level.key} {name} {column} {row}", level.key, line, DOOR)


def sound(plan: Document) -> Document:
    """Every row has its own way in, so that nothing is wrong but notes."""
    doors = [
        replace(_door(plan.levels[0], "side", -1, row, upright=True), key=f"side {row} {level.key}", level=level.key,
                entrance=True)
        for level in plan.levels
        for row in range(ROWS)
    ]  # fmt: skip
    doors = [replace(door, restriction=EMPLOYEES_ONLY) if int(door.key.split()[1]) % 2 else door for door in doors]
    return replace(plan, openings=(*plan.openings, *doors))


def by_hand(plan: Document) -> nx.Graph:
    """The graph as anybody would build it: the rooms that each opening touches."""
    graph = nx.Graph()
    graph.add_nodes_from(unit.key for unit in plan.units)
    for level in plan.levels:
        rooms = plan.on_level("units", level.key)
        tree = shapely.STRtree([room.geometry for room in rooms])
        for opening in plan.on_level("openings", level.key):
            touched = tree.query(opening.geometry.buffer(WALL_M), predicate="intersects")
            ends = [rooms[index].key for index in touched][:2]
            graph.add_edge(ends[0], ends[1] if len(ends) > 1 else OUTSIDE, opening=opening)
    return graph


def graph_only(plan: Document, known: dict[str, tuple[str | None, str | None]]) -> nx.Graph:
    """The graph alone, when what each opening joins is known."""
    graph = nx.MultiGraph()
    graph.add_nodes_from((unit.key, {"unit": unit}) for unit in plan.units)
    graph.add_edges_from((*known[opening.key], {"opening": opening}) for opening in plan.openings)
    return graph


def measure(name: str, plan: Document, rounds: int) -> Result:
    known = sides(plan)
    times = [
        (
            _milliseconds(lambda: check(plan)),
            _milliseconds(lambda: by_hand(plan)),
            _milliseconds(lambda: graph_only(plan, known)),
        )
        for _ in range(rounds + 1)
    ][1:]
    checked, hand, graph = (median(column) for column in zip(*times, strict=True))
    return Result(name, checked, hand, graph, len(check(plan).findings))


def _milliseconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def run(rounds: int) -> int:
    """Prints milliseconds and ratios; returns 1 when a check takes longer than promised."""
    plan = make_plan()
    print(
        f"\nCirculation of {len(plan.units)} rooms and {len(plan.openings)} openings on {LEVELS} levels, milliseconds"
    )
    print(f"{'':<42}{'check':>9}{'by hand':>10}{'ratio':>7}{'graph only':>12}{'ratio':>7}{'findings':>10}")
    results = [measure("sound plan", sound(plan), rounds), measure("faulty plan", plan, rounds)]
    for found in results:
        warning = "" if found.passes else f"  over {LIMIT_MS} ms"
        print(
            f"{found.name:<42}{found.check_ms:9.1f}{found.by_hand_ms:10.1f}{found.check_ms / found.by_hand_ms:7.2f}"
            f"{found.graph_ms:12.1f}{found.check_ms / found.graph_ms:7.2f}{found.findings:10}{warning}"
        )
    return int(not all(result.passes for result in results))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each is timed (default: 15)")
    sys.exit(run(parser.parse_args().rounds))
