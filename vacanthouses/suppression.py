"""Hiding small counts of a table of counts so that what is shown does not give them away. Pure.

Counts below ``least`` (never 0, which tells of nobody) are hidden, and with them as many others as it takes that no
hidden one is the only value that fits the sums shown: as edges between their row and their column (totals are cells
of a last row and column), hidden cells must form no bridge, for exactly those are settled by adding and subtracting
rows and columns. Nor may the hidden cells of a line whose total is shown make less than ``least`` together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx

LEAST = 3


@dataclass(frozen=True)
class Shown:
    """The table with None where something is hidden. ``total`` is None where the totals do not allow to show it."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def suppress(counts: Sequence[Sequence[int]], least: int = LEAST) -> Shown:
    """What may be published of ``counts[row][column]``. All rows have the same length."""
    full = _with_totals(counts)
    hidden = [[0 < value < least for value in row] for row in full]
    while _spread(full, hidden, least):
        pass
    shown = [
        tuple(None if hide else value for value, hide in zip(*pair, strict=True))
        for pair in zip(full, hidden, strict=True)
    ]
    return Shown(
        cells=tuple(row[:-1] for row in shown[:-1]),
        row_totals=tuple(row[-1] for row in shown[:-1]),
        column_totals=shown[-1][:-1],
        total=shown[-1][-1],
    )


def _with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with its margins as a last column and a last row: every line then is a sum of its other cells."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)] if rows else [0]]


Place = tuple[int, int]


def _spread(full: list[list[int]], hidden: list[list[bool]], least: int) -> bool:
    """Hide one more cell in each line that gives its hidden ones away; whether anything was hidden.

    Margins are cells like the others: where nothing else is left, the total goes.
    """
    changed = False
    for line in _lines(full):
        if _tells(line, full, hidden, least):
            changed |= _hide_one_more(line, full, hidden)
    if not changed:
        for line in _bridged(full, hidden)[:1]:
            changed = _hide_one_more(line, full, hidden)
    return changed


def _hide_one_more(line: list[Place], full: list[list[int]], hidden: list[list[bool]]) -> bool:
    left = [place for place in line if not hidden[place[0]][place[1]]]
    if left:
        row, column = min(left, key=lambda place: _cost(full, hidden, place))
        hidden[row][column] = True
    return bool(left)


def _lines(full: list[list[int]]) -> list[list[Place]]:
    """Every row and column, its total last."""
    height, width = len(full), len(full[0])
    rows = [[(row, column) for column in range(width)] for row in range(height)]
    return rows + [[(row, column) for row in range(height)] for column in range(width)]


def _tells(line: list[Place], full: list[list[int]], hidden: list[list[bool]], least: int) -> bool:
    gone = [full[row][column] for row, column in line if hidden[row][column]]
    row, column = line[-1]
    return len(gone) == 1 or (bool(gone) and not hidden[row][column] and sum(gone) < least)


def _bridged(full: list[list[int]], hidden: list[list[bool]]) -> list[list[Place]]:
    """For each hidden cell that the sums settle, a line through it in which more can be hidden."""
    graph = networkx.Graph()
    graph.add_edges_from(
        (("row", row), ("column", column))
        for row, line in enumerate(hidden)
        for column, gone in enumerate(line)
        if gone
    )
    lines = _lines(full)
    found = []
    for ends in networkx.bridges(graph):
        place = dict(ends)
        of_row, of_column = lines[place["row"]], lines[len(full) + place["column"]]
        found.append(of_column if all(hidden[row][column] for row, column in of_row) else of_row)
    return found


def _cost(full: list[list[int]], hidden: list[list[bool]], place: Place) -> tuple[bool, bool, bool, int]:
    """Which cell to give up first: one that crosses a line already hiding, no margin, not empty, and the smallest."""
    row, column = place
    crossing = any(hidden[row]) and any(line[column] for line in hidden)
    margin = row == len(full) - 1 or column == len(full[0]) - 1
    return margin, full[row][column] == 0, not crossing, full[row][column]
