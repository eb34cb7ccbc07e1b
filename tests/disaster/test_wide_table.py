"""What cells, headings and rows of a wide stock table say; nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.wide_table import (
    MOST,
    Fault,
    Named,
    RowKind,
    guess_columns,
    match_item,
    read_cell,
    read_heading,
    row_kind,
    same_unit,
)

ITEMS = [Named(1, ("수중펌프", "A-100", "Submersible pump"), "대"), Named(2, ("모래주머니", "", "Sandbag"), "매")]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("1,200", 1200), ("12매", 12), ("12 매", 12), ("0", 0), ("-", None), ("", None), ("  ", None), ("–", None),
        ("３", 3), ("3.0", 3), ("1,234,567", 1234567), ("0매", 0),
    ],
)  # fmt: skip
def test_a_person_types_a_number_in_any_of_these_ways(text, quantity):
    cell = read_cell(text, "매")
    assert (cell.quantity, cell.fault) == (quantity, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-3", Fault.NEGATIVE), ("−3", Fault.NEGATIVE), ("△3", Fault.NEGATIVE), ("▲ 3", Fault.NEGATIVE),
        ("(3)", Fault.NEGATIVE), ("1.5", Fault.FRACTION), ("1,20", Fault.NO_NUMBER), ("많음", Fault.NO_NUMBER),
        ("없음", Fault.NO_NUMBER), ("1e3", Fault.NO_NUMBER), ("3~5", Fault.NO_NUMBER), ("12장", Fault.OTHER_UNIT),
        ("99999999999", Fault.TOO_MANY), ("약 30", Fault.NO_NUMBER), ("=1+2", Fault.NO_NUMBER),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_in_the_items_unit_is_refused_and_says_why(text, fault):
    cell = read_cell(text, "매")
    assert (cell.quantity, cell.fault) == (None, fault)


@given(st.integers(0, MOST))
def test_every_whole_number_is_read_back_however_it_is_written(number):
    for text in (str(number), f"{number:,}", f"{number}매", f"{number:,} 매", f" {number} ", f"{number}.00"):
        assert read_cell(text, "매").quantity == number


@given(st.integers(-MOST, -1))
def test_no_number_below_zero_becomes_a_figure(number):
    assert read_cell(str(number)).fault == Fault.NEGATIVE
    assert read_cell(f"{number:,}").fault == Fault.NEGATIVE


@given(st.text(max_size=20))
def test_any_text_is_a_figure_or_nothing_or_a_fault_and_never_two_of_them(text):
    cell = read_cell(text, "매")
    assert cell.quantity is None or (cell.fault is None and 0 <= cell.quantity <= MOST)


@given(st.floats(min_value=0.001, max_value=1e6, allow_nan=False).filter(lambda value: value % 1))
def test_a_fraction_is_never_rounded(value):
    assert read_cell(f"{value:.6f}").quantity is None or f"{value:.6f}".endswith("000000")


def test_a_heading_tells_its_unit_in_brackets():
    assert read_heading("수중펌프(대)").name == "수중펌프"
    assert read_heading("수중펌프 [단위: 대]").unit == "대"
    assert read_heading("수중펌프").unit == ""


def test_a_column_is_found_by_name_list_number_or_english_name():
    assert [match_item(text, ITEMS) for text in ("수중 펌프(대)", "a-100", "SANDBAG", "펌프")] == [1, 1, 2, None]


def test_a_name_that_two_items_bear_finds_neither():
    twins = [Named(1, ("펌프",), "대"), Named(2, ("펌 프",), "대")]
    assert match_item("펌프", twins) is None


def test_one_item_is_taken_from_one_column_only():
    found = guess_columns(["읍면동", "수중펌프(대)", "수중펌프", "비고"], ITEMS, {"읍면동": 3})
    assert (found.place, found.items) == ("읍면동", {"수중펌프(대)": 1})


@pytest.mark.parametrize(
    ("label", "cells", "kind"),
    [
        ("운봉읍", ["3", "100"], RowKind.PLACE), ("합계", ["3", "100"], RowKind.TOTAL), ("소 계", ["3"], RowKind.TOTAL),
        ("남원시 합계", ["3"], RowKind.TOTAL), ("※ 창고 이전 중", ["", ""], RowKind.NOTE),
        ("Total", ["3"], RowKind.TOTAL),
        ("단위", ["대", "매"], RowKind.UNITS), ("", ["대", "매"], RowKind.UNITS), ("", ["3", "4"], RowKind.NAMELESS),
        ("비고: 확인 필요", [], RowKind.NOTE), ("산내면", ["-", ""], RowKind.PLACE),
    ],
)  # fmt: skip
def test_rows_that_are_not_towns_are_known_by_their_words(label, cells, kind):
    assert row_kind(label, cells) == kind


def test_units_by_two_names_are_one_and_others_are_not():
    assert same_unit("EA", "개")
    assert not same_unit("매", "장")
