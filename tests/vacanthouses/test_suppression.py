"""Small counts in published tables cannot be had from what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vacanthouses.suppression import LEAST, suppress

tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 2, 3, 5, 40]), min_size=width, max_size=width), min_size=1, max_size=7
    )
)


def test_a_table_without_small_counts_is_shown_whole() -> None:
    shown = suppress([[3, 0], [10, 4]])
    assert shown.cells == ((3, 0), (10, 4))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((3, 14), (13, 4), 17)


def test_a_small_count_takes_the_corner_cells_of_a_rectangle_with_it_and_the_totals_stay() -> None:
    shown = suppress([[2, 9, 30], [8, 7, 30], [30, 30, 30]])
    assert shown.cells == ((None, None, 30), (None, None, 30), (30, 30, 30))
    assert shown.row_totals == (41, 45, 90)


def test_a_lone_count_hides_its_totals_too() -> None:
    shown = suppress([[1]])
    assert (shown.cells, shown.row_totals, shown.column_totals, shown.total) == (((None,),), (None,), (None,), None)


def test_an_empty_table_stays_empty() -> None:
    assert suppress([]).total == 0


def settled(hidden: np.ndarray) -> list[int]:
    """Which unknowns the sums of all rows and columns settle (those that are the same in every solution)."""
    places = list(zip(*np.nonzero(hidden), strict=True))
    height, width = hidden.shape
    sums = np.zeros((height + width, len(places)))
    for index, (row, column) in enumerate(places):
        # A total stands on the other side of its line's equation.
        sums[row, index] = -1 if column == width - 1 else 1
        sums[height + column, index] = -1 if row == height - 1 else 1
    _u, values, basis = np.linalg.svd(sums)
    free = basis[int((values > 1e-9).sum()) :]
    return [index for index in range(len(places)) if not np.any(np.abs(free[:, index]) > 1e-7)]


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_hidden_cell_follows_from_the_sums_and_no_small_one_is_shown(table: list[list[int]]) -> None:
    shown = suppress(table)
    cells = [[*row, total] for row, total in zip(shown.cells, shown.row_totals, strict=True)]
    cells.append([*shown.column_totals, shown.total])
    hidden = np.array([[value is None for value in row] for row in cells])
    assert not [value for row in cells for value in row if value is not None and 0 < value < LEAST]
    if hidden.any():
        assert settled(hidden) == []


@settings(max_examples=100, deadline=None)
@given(tables)
def test_what_is_shown_is_true(table: list[list[int]]) -> None:
    shown = suppress(table)
    for row, counts in zip(shown.cells, table, strict=True):
        assert all(value in (None, count) for value, count in zip(row, counts, strict=True))
    for total, counts in zip(shown.row_totals, table, strict=True):
        assert total in (None, sum(counts))


def test_the_proof_would_notice_a_table_that_gives_itself_away() -> None:
    assert settled(np.array([[True, False], [False, False]])) == [0]


@pytest.mark.parametrize("least", [3, 5])
def test_the_least_count_is_a_parameter(least: int) -> None:
    assert (suppress([[4, 50], [50, 50]], least).cells[0][0] is None) == (least == 5)
