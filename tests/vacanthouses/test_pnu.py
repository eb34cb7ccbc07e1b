"""The parcel number, digit by digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vacanthouses import pnu
from vacanthouses.pnu import SIDO_CODES, Pnu, PnuFault

SOUND = "5219025021101230004"

legal_dongs = st.builds(
    lambda sido, sigungu, town, ri: f"{sido}{sigungu:03d}{town:03d}{ri:02d}",
    st.sampled_from(sorted(SIDO_CODES)),
    st.integers(1, 999),
    st.integers(1, 999),
    st.integers(0, 99),
)
numbers = st.builds(Pnu, legal_dongs, st.booleans(), st.integers(1, 9999), st.integers(0, 9999))


@given(numbers)
def test_a_number_written_and_read_again_is_the_same(number):
    text = str(number)
    assert len(text) == 19
    assert pnu.problems(text) == []
    assert pnu.parse(text) == number


@given(numbers, st.integers(0, 18), st.characters(exclude_characters="0123456789", exclude_categories=["Cs"]))
def test_a_sign_that_is_no_digit_is_named_with_its_position(number, index, sign):
    text = str(number)
    wrong = text[:index] + sign + text[index + 1 :]
    assert [(problem.fault, problem.position, problem.found) for problem in pnu.problems(wrong)] == [
        (PnuFault.DIGIT, index + 1, sign)
    ]


@given(numbers, st.integers(0, 18), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_is_named_where_it_is_or_gives_another_sound_number(number, index, digit):
    text = str(number)
    wrong = text[:index] + digit + text[index + 1 :]
    found = pnu.problems(wrong)
    assert len(found) <= 1
    for problem in found:
        assert problem.position - 1 <= index < problem.position - 1 + len(problem.found)
        assert wrong[problem.position - 1 :].startswith(problem.found)
    if not found:
        assert str(pnu.parse(wrong)) == wrong


@pytest.mark.parametrize(
    ("wrong", "fault", "position"),
    [
        ("9919025021101230004", PnuFault.SIDO, 1),
        ("5200025021101230004", PnuFault.SIGUNGU, 3),
        ("5219000021101230004", PnuFault.TOWN, 6),
        ("5219025021001230004", PnuFault.LAND_KIND, 11),
        ("5219025021301230004", PnuFault.LAND_KIND, 11),
        ("5219025021100000004", PnuFault.MAIN_NUMBER, 12),
        ("521902502110123000", PnuFault.LENGTH, 19),
        ("52190250211012300045", PnuFault.LENGTH, 20),
        ("", PnuFault.LENGTH, 1),
    ],
)
def test_each_part_is_checked(wrong, fault, position):
    assert [(problem.fault, problem.position) for problem in pnu.problems(wrong)] == [(fault, position)]
    with pytest.raises(ValueError):  # noqa: PT011
        pnu.parse(wrong)


def test_several_wrong_parts_are_all_named():
    faults = [problem.fault for problem in pnu.problems("9900000021900000004")]
    assert faults == [
        PnuFault.SIDO,
        PnuFault.SIGUNGU,
        PnuFault.TOWN,
        PnuFault.LAND_KIND,
        PnuFault.MAIN_NUMBER,
    ]


@pytest.mark.parametrize("sido", ["11", "42", "45", "51", "52", "12", "29", "46", "36"])
def test_provinces_of_today_and_of_older_files_are_accepted(sido):
    assert pnu.problems(sido + SOUND[2:]) == []


def test_the_lot_is_told_as_people_write_it():
    assert pnu.parse("5219025021100120000").lot == "12"
    assert pnu.parse("5219025021200120003").lot == "산 12-3"


@given(legal_dongs, st.booleans(), st.integers(1, 9999), st.integers(0, 9999))
def test_the_forest_flag_of_address_files_is_converted(legal_dong, forest, main, sub):
    made = pnu.from_address_parts(legal_dong, "1" if forest else "0", main, sub)
    assert str(made)[10] == ("2" if forest else "1")
    assert (made.forest, made.main_number, made.sub_number) == (forest, main, sub)


def test_an_address_file_with_another_flag_is_refused():
    with pytest.raises(ValueError, match="land_kind"):
        pnu.from_address_parts("5219025021", "2", 1)
