"""Agreement of two surveys against values worked out by hand, and where there is nothing to work out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses.agreement import agreement

ORDER = ("good", "fair", "poor")


def pairs(**counts: int) -> list[tuple[str, str]]:
    return [(key[0], key[1]) for key, number in counts.items() for _time in range(number)]


def test_two_by_two_as_worked_out_by_hand() -> None:
    # Observed 35/50; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    found = agreement(pairs(yy=20, yn=5, ny=10, nn=15))
    assert (found.n, found.agreed, found.percent) == (50, 35, 70)
    assert found.kappa == pytest.approx(0.4)
    # The spread of Fleiss, Cohen and Everitt: p (w - (column + row) (1 - kappa))^2 over the four cells.
    spread = 0.4 * (1 - 1.1 * 0.6) ** 2 + 0.1 * (1.1 * 0.6) ** 2 + 0.2 * (0.9 * 0.6) ** 2 + 0.3 * (1 - 0.9 * 0.6) ** 2
    error = ((spread - (0.4 - 0.5 * 0.6) ** 2) / (50 * 0.25)) ** 0.5
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.959964 * error)


def test_a_near_miss_counts_half_where_answers_have_an_order() -> None:
    # good-good 2, good-fair 1, fair-poor 1: observed (2 + 0.5 + 0.5) / 4 = 0.75.
    # Rows 3/4, 1/4, 0; columns 2/4, 1/4, 1/4. By chance: 3/4 * (1/2 + 1/8) + 1/4 * (1/4 + 1/4 + 1/8) = 0.625.
    found = agreement([("good", "good"), ("good", "good"), ("good", "fair"), ("fair", "poor")], ORDER)
    assert found.kappa == pytest.approx((0.75 - 0.625) / 0.375)
    assert found.agreed == 2


def test_where_all_say_the_same_kappa_is_not_claimed() -> None:
    found = agreement([("good", "good")] * 8, ORDER)
    assert (found.kappa, found.code, found.percent) == (None, "all_the_same", 100)


def test_no_pairs_have_no_percentage() -> None:
    found = agreement([])
    assert (found.n, found.percent, found.kappa, found.code) == (0, None, None, "no_pairs")


def test_full_agreement_is_one_without_a_claimed_interval() -> None:
    found = agreement([("good", "good"), ("poor", "poor")], ORDER)
    assert (found.kappa, found.low, found.code) == (1, None, "no_spread")


def test_full_disagreement_is_below_zero() -> None:
    found = agreement(pairs(yn=5, ny=5))
    assert found.kappa == pytest.approx(-1)


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from(ORDER))))
def test_kappa_is_the_same_from_either_side_and_never_above_one(found: list[tuple[str, str]]) -> None:
    one, other = agreement(found, ORDER), agreement([(second, first) for first, second in found], ORDER)
    assert (one.kappa is None) == (other.kappa is None)
    if one.kappa is not None and other.kappa is not None:
        assert one.kappa == pytest.approx(other.kappa)
        assert one.kappa <= 1 + 1e-9
        assert one.low is None or one.high is None or one.low <= one.kappa <= one.high
