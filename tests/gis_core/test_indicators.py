"""Periods, formulas, classes and tables of indicators, as rules; and the demo's reported figures."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.demo import fixtures
from gis_core.demo.indicators import reported
from gis_core.indicators import chart, classes, formula, periods, rows

DECIMALS = st.decimals(-1_000_000, 1_000_000, places=2)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2019", "2019"), (" 2019년 ", "2019"), ("2019년 하반기", "2019-H2"), ("2019-h1", "2019-H1"),
        ("2019년 3분기", "2019-Q3"), ("2019년 7월", "2019-07"), ("2019.7", "2019-07"), ("2019/12", "2019-12"),
    ],
)  # fmt: skip
def test_periods_are_read_as_offices_write_them(text: str, kept: str) -> None:
    assert str(periods.parse(text)) == kept


@pytest.mark.parametrize(
    "text", ["", "19", "2019-13", "2019-Q5", "2019-H3", "2019년 13월", "2019.0", "last year", "0000"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(periods.BadPeriod):
        periods.parse(text)


def test_periods_stand_in_the_order_of_their_begin_and_a_year_before_its_parts() -> None:
    written = {"2020", "2019-07", "2019-Q3", "2019-H2", "2019", "2019-01", "2019-H1"}
    assert periods.ordered(written) == ["2019", "2019-H1", "2019-01", "2019-H2", "2019-Q3", "2019-07", "2020"]


@pytest.mark.parametrize(
    ("text", "result"),
    [("a + b * 2", "16"), ("(a + b) * 2", "20"), ("-a + 10", "6"), ("a / 8 - 0.5", "0.0"), ("1.5 * b", "9.0")],
)
def test_a_formula_reckons_as_people_do(text: str, result: str) -> None:
    assert formula.parse(text).of({"a": Decimal(4), "b": Decimal(6)}) == Decimal(result)


@pytest.mark.parametrize("text", ["a / b", "a + c", "b / (a - a)"])
def test_division_by_zero_or_a_missing_value_gives_unknown_never_zero(text: str) -> None:
    assert formula.parse(text).of({"a": Decimal(4), "b": Decimal(0)}) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("a +", "not_readable"), ("a ** 9", "not_allowed"), ("a(b)", "not_allowed"),
        ("__import__('os')", "not_allowed"), ("a.real", "not_allowed"), ("A + 1", "not_a_key"),
        ("1e300 * a", "too_large"),
        ("1j + a", "not_allowed"), ("True + a", "not_allowed"), ("[a][0]", "not_allowed"),
        ("a if b else a", "not_allowed"),
        ("(" * 290, "not_readable"), ("a" * 301, "too_long"), ("'a' + b", "not_allowed"), ("a := 1", "not_readable"),
    ],
)  # fmt: skip
def test_a_formula_takes_nothing_but_arithmetic(text: str, code: str) -> None:
    with pytest.raises(formula.BadFormula) as fault:
        formula.parse(text)
    assert fault.value.code == code


def test_a_circle_of_formulas_is_refused_with_the_names_in_it() -> None:
    known = {key: formula.parse(text) for key, text in {"a": "b + 1", "b": "c * 2", "c": "a - d", "e": "d"}.items()}
    with pytest.raises(formula.Circle) as circle:
        formula.in_order(known)
    assert circle.value.names == ["a", "b", "c", "a"]


def test_a_formula_may_need_another_formula() -> None:
    known = {"share": formula.parse("part / whole * 100"), "whole": formula.parse("part + rest")}
    place, lonely = (1, "2019"), (2, "2019")
    found = formula.compute(known, {"part": {place: Decimal(30), lonely: Decimal(5)}, "rest": {place: Decimal(70)}})
    assert found["share"] == {place: Decimal(30)}
    assert lonely not in found["whole"]


@given(st.lists(DECIMALS, max_size=40), st.integers(3, 7), st.sampled_from(classes.METHODS))
def test_every_value_lies_in_exactly_one_class_and_equal_values_in_the_same(
    values: list[Decimal], number: int, method: str
) -> None:
    found = classes.classes(values, number, method)
    assert sum(each.count for each in found) == len(values)
    assert len(found) <= number
    assert all(left.high < right.low for left, right in itertools.pairwise(found))
    for value in values:
        assert sum(each.low <= value <= each.high for each in found) == 1


@given(st.dictionaries(st.integers(1, 30), DECIMALS, min_size=1), st.booleans())
def test_a_place_is_one_more_than_how_many_are_better(values: dict[int, Decimal], lowest_first: bool) -> None:
    for key, place in classes.places(values, lowest_first=lowest_first).items():
        better = [each for each in values.values() if (each < values[key] if lowest_first else each > values[key])]
        assert place == 1 + len(better)


def test_a_series_is_broken_where_a_period_is_unknown() -> None:
    points = [chart.Point(str(at), at * 12, None if at == 2 else Decimal(at), str(at)) for at in range(5)]
    drawn = chart.series(points, "<script>")
    assert drawn.count("<circle") == 4
    assert drawn.count('stroke-width="2.5"') == 2
    assert "<script>" not in drawn


AREAS = {"5219025000": 1, "운봉읍": 1, "주천면": 2, "종로1·2·3·4가동": 3}


def cells(lines: list[dict[str, str]], period: str = "", unit: str = "") -> list[rows.Cell]:
    found = rows.columns(list(lines[0]), has_period=bool(period))
    return rows.cells(enumerate(lines, 2), found, AREAS, period, unit)


def test_a_long_table_is_read_by_code_or_name() -> None:
    found = cells(
        [
            {"코드": "5219025000", "읍면동": "", "기간": "2019년", "값": "1,234.5", "근거": "대장"},
            {"코드": "", "읍면동": "종로1.2.3.4가동", "기간": "2019", "값": "7명", "근거": ""},
        ],
        unit="명",
    )
    assert [(cell.area, cell.period, cell.value, cell.evidence) for cell in found] == [
        (1, "2019", Decimal("1234.5"), "대장"), (3, "2019", Decimal(7), ""),
    ]  # fmt: skip


def test_a_wide_table_has_a_column_for_each_period_and_empty_cells_say_nothing() -> None:
    found = cells([{"읍면동": "운봉읍", "2018년": "5", "2019": ""}, {"읍면동": "주천면", "2018년": "0", "2019": "3"}])
    assert [(cell.area, cell.period, cell.value) for cell in found] == [
        (1, "2018", Decimal(5)), (2, "2018", Decimal(0)), (2, "2019", Decimal(3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fault", "field"),
    [
        ({"읍면동": "없는면", "기간": "2019", "값": "1"}, "no_area", "읍면동"),
        ({"읍면동": "운봉읍", "기간": "작년", "값": "1"}, "no_period", "기간"),
        ({"읍면동": "운봉읍", "기간": "2019", "값": "약 40"}, "not_a_number", "값"),
        ({"읍면동": "운봉읍", "기간": "2019", "값": "1,2345"}, "not_a_number", "값"),
        ({"읍면동": "운봉읍", "기간": "2019", "값": ""}, "no_value", "값"),
        ({"코드": "5219025000", "읍면동": "주천면", "기간": "2019", "값": "1"}, "other_area", "읍면동"),
    ],
)
def test_a_faulty_row_is_named_with_row_and_column(line: dict[str, str], fault: str, field: str) -> None:
    assert [(cell.row, cell.fault, cell.field) for cell in cells([line])] == [(2, fault, field)]


def test_the_same_town_and_period_twice_names_the_first_row() -> None:
    line = {"읍면동": "운봉읍", "값": "1"}
    first, second = cells([line, {**line, "값": "2"}], period="2019")
    assert (first.fault, second.fault, second.about) == ("", "twice", "2")


def test_a_table_without_a_needed_column_is_refused() -> None:
    for headings, code in ((["값", "기간"], "area"), (["읍면동", "기간"], "value"), (["읍면동", "값"], "period")):
        with pytest.raises(rows.NoColumns) as fault:
            rows.columns(headings, has_period=False)
        assert fault.value.code == code


# What the programmes report, and that it adds up.


def figures(key: str) -> dict[tuple[str, str], Decimal]:
    told = reported(fixtures.parameters("indicators")["reported"])
    return {(code, facts["period"]): facts["value"] for found, code, facts in told if found == key}


def test_goseongs_budgets_are_two_hundred_million_for_the_eup_and_a_hundred_for_each_of_thirteen_myeon() -> None:
    budgets = {code: value for (code, _period), value in figures("participatory_budget").items()}
    myeon = [value for code, value in budgets.items() if code != "4882025000"]
    assert budgets["4882025000"] == 200_000_000
    assert myeon == [100_000_000] * 13
    assert sum(budgets.values()) == 1_500_000_000
    towns = {
        row["code"]
        for row in fixtures.rows("areas")
        if row["code"].startswith("4882") and row["level"] == "eupmyeondong"
    }
    assert set(budgets) == towns


def test_namwons_visits_and_policies_are_as_reported() -> None:
    namwon = ("5219000000", "2019")
    assert figures("households_visited") == {namwon: 14_670}
    assert figures("households_visited_share") == {namwon: 37}
    assert figures("local_policies") == {namwon: 290}
    # At least ten a town would be 230 of 23 towns; what was reported is more.
    towns = fixtures.parameters("indicators")["examples"]["towns"]
    assert len(towns) * 10 == 230 < 290
    at = fixtures.parameters("indicators")["examples"]["indicators"].index("local_policies")
    assert sum(row["values"][at] for row in towns) == 290


def test_dangjins_assemblies_keep_both_figures_that_do_not_agree() -> None:
    dangjin = "4427000000"
    areas, budget = figures("assembly_areas"), figures("assembly_budget")
    assert (areas[dangjin, "2018"], areas[dangjin, "2019"]) == (5, 14)
    assert budget[dangjin, "2018"] == areas[dangjin, "2018"] * 15_000_000 == 75_000_000
    assert budget[dangjin, "2019"] == 300_000_000
    assert budget[dangjin, "2019"] - areas[dangjin, "2019"] * 20_000_000 == 20_000_000
    told = fixtures.parameters("indicators")["reported"]
    notes = [row["evidence"] for row in told if (row["indicator"], row["period"]) == ("assembly_budget", 2019)]
    assert "2억 8,000만 원" in notes[0]
    assert figures("assembly_participants")[dangjin, "2019"] == 2_137
    assert figures("assembly_participants_share")[dangjin, "2019"] == Decimal("1.3")
    assert figures("village_projects")[dangjin, "2019"] == 57


def test_daejeons_pilot_adds_up() -> None:
    told: Any = next(row for row in fixtures.parameters("indicators")["elsewhere"] if row["area_name"] == "대전광역시")
    assert told["per_dong_by_year"] == {2019: 156, 2020: 106}
    assert sum(told["per_dong_by_year"].values()) == told["per_dong"] == 262
    assert told["pilot_dong"] * told["per_dong"] == told["total"] == 2_096
    assert (told["pilot_dong"], told["all_dong"]) == (8, 79)


def test_no_note_of_a_reported_figure_is_cut_at_a_comma() -> None:
    known = {"indicator", "area", "areas", "period", "value", "evidence"}
    assert all(set(row) <= known for row in fixtures.parameters("indicators")["reported"])


def test_only_examples_are_invented_and_no_population_is() -> None:
    told = fixtures.parameters("indicators")
    keys = {row["key"] for row in told["indicators"]}
    named = {row["indicator"] for row in told["reported"]} | set(told["examples"]["indicators"])
    assert named <= keys
    assert "population" in keys - named
