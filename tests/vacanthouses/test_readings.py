"""Rows of delivered files, cell by cell: what is taken, and what is refused and why."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.readings import (
    Columns,
    Fault,
    Reading,
    joined,
    month_columns,
    month_of,
    read_row,
    series,
    writes_flag_as_01,
)

PNU = "5219025021100120003"
NAMES = dict.fromkeys(("number", "pnu", "address", "x", "y", "removed_on"))
COLUMNS = Columns({name: name for name in NAMES}, {"2025-01": date(2025, 1, 1)})


def row(flag_01: bool = False, **values: str) -> Reading:
    found = {"number": "M1", "pnu": PNU, "2025-01": "3.5", **values}
    return read_row(COLUMNS, 2, found, needs=["number"], last=date(2025, 6, 1), flag_01=flag_01)


@pytest.mark.parametrize(
    "text", ["2025-03", "2025.3", "202503", "2025년 3월", "2025/03", "2025-03-01", "사용량2025-03"]
)
def test_months_are_read_as_offices_write_them(text: str) -> None:
    assert month_of(text) == date(2025, 3, 1)


@pytest.mark.parametrize("text", ["", "주소", "number", "12345678", "3월"])
def test_other_headings_are_no_months(text: str) -> None:
    assert month_of(text) is None


@pytest.mark.parametrize("headings", [["2025-13"], ["2025-00"], ["2025-01", "2025.1"]])
def test_an_impossible_month_and_one_that_stands_twice_are_told(headings: list[str]) -> None:
    with pytest.raises(Fault):
        month_columns(headings)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": ""}, "missing"), ({"number": "1.2E+11"}, "scientific"), ({"pnu": "5.21903E+18"}, "scientific"),
        ({"pnu": PNU[:-1]}, "length"), ({"pnu": PNU[:10] + "3" + PNU[11:]}, "land_kind"),
        ({"2025-01": "-3"}, "negative"),
        ({"2025-01": "세 개"}, "not_a_number"), ({"2025-01": "1e9"}, "too_much"), ({"2025-01": "nan"}, "not_a_number"),
        ({"x": "127°23'15\"", "y": "35°24'00\""}, "dms"), ({"x": "127.4"}, "half_a_place"),
        ({"removed_on": "2025-02-30"}, "not_a_day"), ({"removed_on": "작년"}, "not_a_day"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(values: dict[str, str], code: str) -> None:
    with pytest.raises(Fault) as fault:
        row(**values)
    assert fault.value.code == code


@pytest.mark.parametrize("text", ["", "-", " "])
def test_an_empty_cell_is_unknown_and_never_nought(text: str) -> None:
    assert row(**{"2025-01": text}).use == {date(2025, 1, 1): None}


def test_a_land_flag_of_address_files_is_known_by_its_nought_only() -> None:
    ordinary, forest = (f"{PNU[:10]}{flag}{PNU[11:]}" for flag in "01")
    assert writes_flag_as_01([ordinary, forest])
    assert not writes_flag_as_01([forest, forest])
    assert not writes_flag_as_01([ordinary, f"{PNU[:10]}2{PNU[11:]}"])
    assert [row(flag_01=True, pnu=pnu).pnu[10] for pnu in (ordinary, forest)] == ["1", "2"]


def reading(number: str, at: int, month: int, **values: Any) -> Reading:
    return Reading([at], number, use={date(2025, month, 1): 1.0}, **values)


def test_a_long_table_joins_months_and_refuses_one_that_stands_twice() -> None:
    rows = [reading("A", 2, 1), reading("A", 3, 2), reading("A", 4, 2), reading("B", 5, 1)]
    good, faults = joined(rows, long=True)
    assert [(each.number, each.rows) for each in good] == [("A", [2, 3]), ("B", [5])]
    assert [(at, fault.code, fault.params) for at, fault in faults] == [(4, "twice", {"row": 2})]


def test_a_wide_table_has_a_meter_once() -> None:
    good, faults = joined([reading("A", 2, 1), reading("A", 3, 2)], long=False)
    assert (len(good), [at for at, _fault in faults]) == (1, [3])


@given(st.dictionaries(st.dates(date(2019, 1, 1), date(2026, 1, 1)).map(lambda day: day.replace(day=1)),
                       st.none() | st.floats(0, 100), min_size=1))  # fmt: skip
def test_a_series_keeps_every_month_and_fills_gaps_with_the_unknown(use: dict[date, float | None]) -> None:
    first, values = series(use)
    told = {}
    for offset, value in enumerate(values):
        month = first.year * 12 + first.month - 1 + offset
        told[date(month // 12, month % 12 + 1, 1)] = value
    assert {month: value for month, value in told.items() if month in use} == use
    assert all(value is None for month, value in told.items() if month not in use)
