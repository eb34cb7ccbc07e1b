"""The screening score, as managers rely on it: explained, monotone, and blind to what is missing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.rule_reading import BadRule
from vacanthouses.screening import KINDS, NO, UNKNOWN, YES, Columns, Explanation, Facts, explain, read, scores

BODY = yaml.safe_load(Path("fixtures/rules/screening-power-water.yaml").read_text(encoding="utf-8"))["body"]
TABLE = read(BODY)
SIGNS = [*(reason.code for reason in TABLE.reasons if reason.test == "sign"), TABLE.pv_code]

amounts = st.one_of(st.none(), st.sampled_from([0.0, 0.1, 0.3, 5.0, 10.0, 10.1]), st.floats(0, 400))
# Whole years of one amount, or of little, are what the tests look for; chance alone would seldom make them.
same_all_year = st.sampled_from([0.0, 0.5, 10.0]).map(lambda amount: (amount,) * TABLE.months)
by_month = st.one_of(same_all_year, st.lists(amounts, min_size=TABLE.months, max_size=TABLE.months).map(tuple))
some_kinds = st.frozensets(st.sampled_from(KINDS))
facts_of_houses = st.builds(
    Facts,
    use=st.dictionaries(st.sampled_from(KINDS), by_month),
    removed=some_kinds,
    cut_off=some_kinds,
    signs=st.dictionaries(st.sampled_from(SIGNS), st.booleans()),
)


@st.composite
def less_and_more(draw: st.DrawFn) -> tuple[Facts, Facts]:
    """A house, and the same with some of what is known about it forgotten."""
    more = draw(facts_of_houses)
    forgotten = draw(st.lists(st.booleans(), min_size=TABLE.months, max_size=TABLE.months))
    use = {
        kind: tuple(None if gone else value for value, gone in zip(months, forgotten, strict=True))
        for kind, months in more.use.items()
    }
    signs = {code: found for code, found in more.signs.items() if code == TABLE.pv_code or draw(st.booleans())}
    less = replace(
        more, use=use, signs=signs, removed=more.removed & draw(some_kinds), cut_off=more.cut_off & draw(some_kinds)
    )
    return less, more


@given(less_and_more())
def test_more_evidence_never_lowers_the_score(pair: tuple[Facts, Facts]) -> None:
    less, more = (explain(TABLE, facts) for facts in pair)
    assert less.score <= more.score
    assert {found.code for found in less.reasons} <= {found.code for found in more.reasons}
    assert set(more.unknown) <= set(less.unknown)


@given(facts_of_houses)
def test_learning_of_solar_panels_never_raises_the_score(facts: Facts) -> None:
    with_pv, without = ({**facts.signs, TABLE.pv_code: has} for has in (True, False))
    assert explain(TABLE, replace(facts, signs=with_pv)).score <= explain(TABLE, replace(facts, signs=without)).score


@given(st.sampled_from(KINDS), st.integers(0, TABLE.months))
def test_a_missing_month_is_never_taken_for_no_use(kind: str, known: int) -> None:
    months = (None,) * (TABLE.months - known) + (30.0,) * known
    found = explain(TABLE, Facts(use={kind: months}))
    assert {row.code for row in found.reasons} <= {"power_identical"}
    assert explain(TABLE, Facts(use={kind: (None,) * TABLE.months})) == explain(TABLE, Facts())


def test_a_house_about_which_nothing_is_known_has_no_points_and_says_what_is_unknown() -> None:
    assert explain(TABLE, Facts()) == Explanation(0.0, (), tuple(reason.code for reason in TABLE.reasons))


def test_a_year_with_one_month_missing_is_unknown_unless_the_rest_is_too_much_already() -> None:
    low, high = (None, *[1.0] * 11), (None, *[20.0] * 11)
    assert "power_low_year" in explain(TABLE, Facts(use={"power": low})).unknown
    high_year = explain(TABLE, Facts(use={"power": high}))
    assert "power_low_year" not in high_year.unknown
    assert high_year.score == 0


def test_an_empty_year_is_explained_with_its_values_and_limits() -> None:
    found = explain(TABLE, Facts(use={"power": (2.0,) * 12}))
    told = [(row.code, row.value, row.limit, row.points) for row in found.reasons]
    assert told == [
        ("power_low_month", 2.0, 10.0, 20.0), ("power_low_year", 24.0, 120.0, 30.0),
        ("power_identical", 2.0, None, 15.0),
    ]  # fmt: skip
    assert found.score == 65


def columns_of(houses: list[Facts]) -> Columns:
    use = {
        kind: np.array([facts.use.get(kind, (None,) * TABLE.months) for facts in houses], dtype=float) for kind in KINDS
    }
    said = {None: UNKNOWN, True: YES, False: NO}
    return Columns(
        count=len(houses),
        use=use,
        removed={kind: np.array([kind in facts.removed for facts in houses]) for kind in KINDS},
        cut_off={kind: np.array([kind in facts.cut_off for facts in houses]) for kind in KINDS},
        signs={code: np.array([said[facts.signs.get(code)] for facts in houses], dtype=np.int8) for code in SIGNS},
    )


@given(st.lists(facts_of_houses, min_size=1, max_size=20))
def test_the_fast_way_scores_exactly_as_the_explanation(houses: list[Facts]) -> None:
    assert scores(TABLE, columns_of(houses)).tolist() == [explain(TABLE, facts).score for facts in houses]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"threshold": 101}, "threshold"),
        ({"reasons": []}, "reasons"),
        ({"reasons": [{**BODY["reasons"][0], "kind": "steam"}]}, "reasons.0.kind"),
        ({"reasons": [BODY["reasons"][0]] * 2}, "reasons.1.code"),
        ({"reasons": [{**BODY["reasons"][0], "limit": None}]}, "reasons.0.limit"),
    ],
)
def test_a_fault_in_the_table_names_its_place(change: dict[str, object], path: str) -> None:
    with pytest.raises(BadRule) as fault:
        read({**BODY, **change})
    assert fault.value.path == path
