from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core import area_codes
from gis_core.area_codes import KOSTAT, MOIS, BadCode, Code

towns = st.builds(
    lambda above, part: f"{above}{part}00",
    st.sampled_from(["45190", "52190", "44270", "48820", "42820", "51820", "11110", "36110", "47720", "27720"]),
    st.integers(250, 999),
)


@pytest.mark.parametrize(
    ("text", "digits", "level"),
    [
        ("52", "5200000000", "sido"),
        ("52190", "5219000000", "sigungu"),
        ("52190250", "5219025000", "eupmyeondong"),
        ("5219025000", "5219025000", "eupmyeondong"),
        (" 4519025000.0 ", "4519025000", "eupmyeondong"),
    ],
)
def test_a_mois_code_is_padded_and_knows_its_level(text, digits, level):
    code = area_codes.parse(text, MOIS)
    assert (code.digits, code.level) == (digits, level)


@pytest.mark.parametrize(
    ("text", "level"), [("35", "sido"), ("35050", "sigungu"), ("3505011", "eupmyeondong"), ("35050110", "eupmyeondong")]
)
def test_a_kostat_code_keeps_its_length(text, level):
    assert area_codes.parse(text, KOSTAT) == Code(KOSTAT, text)
    assert area_codes.parse(text, KOSTAT).level == level


@pytest.mark.parametrize(
    ("text", "system", "reason"),
    [
        ("4519O25000", MOIS, BadCode.DIGITS),
        ("", MOIS, BadCode.DIGITS),
        ("٤٥", MOIS, BadCode.DIGITS),
        ("451902", MOIS, BadCode.LENGTH),
        ("350501", KOSTAT, BadCode.LENGTH),
        ("45190101", MOIS, BadCode.LEGAL_DONG),
        ("4519010100", MOIS, BadCode.LEGAL_DONG),
        ("4519025021", MOIS, BadCode.RI),
    ],
)
def test_what_is_no_area_code_is_refused_with_the_reason(text, system, reason):
    with pytest.raises(BadCode) as refusal:
        area_codes.parse(text, system)
    assert refusal.value.reason == reason


@given(towns)
def test_a_town_lies_in_its_county_and_its_province(digits):
    code = Code(MOIS, digits)
    assert code.parent == Code(MOIS, digits[:5] + "00000")
    assert code.parent.parent == Code(MOIS, digits[:2] + "00000000")
    assert code.parent.parent.parent is None


@given(towns)
def test_equivalence_goes_both_ways(digits):
    code = Code(MOIS, digits)
    for other in area_codes.equivalents(code):
        assert code in area_codes.equivalents(other)
        assert other.level == code.level


@given(towns)
def test_padding_a_cut_code_gives_the_whole_one_back(digits):
    assert area_codes.parse(digits[:8], MOIS) == area_codes.parse(digits, MOIS) == Code(MOIS, digits)


def test_north_jeolla_and_gangwon_were_renumbered_on_their_days():
    assert area_codes.successor(Code(MOIS, "4519025000")) == (Code(MOIS, "5219025000"), date(2024, 1, 18))
    assert area_codes.successor(Code(MOIS, "4282025000")) == (Code(MOIS, "5182025000"), date(2023, 6, 11))
    assert area_codes.successor(Code(MOIS, "5219025000")) is None


@pytest.mark.parametrize("digits", ["2911055500", "4611055000", "1211055500"])
def test_no_rule_leads_from_gwangju_and_south_jeolla_to_their_new_code(digits):
    assert area_codes.equivalents(Code(MOIS, digits)) == [Code(MOIS, digits)]


def test_seven_digits_of_kostat_are_eight_with_a_zero():
    assert Code(KOSTAT, "35050110") in area_codes.equivalents(Code(KOSTAT, "3505011"))
    assert Code(KOSTAT, "3505011") in area_codes.equivalents(Code(KOSTAT, "35050110"))
    # A MOIS code of the same digits is another thing.
    assert area_codes.equivalents(Code(MOIS, "3505011000")) == [Code(MOIS, "3505011000")]


@pytest.mark.parametrize(
    "written", ["종로1.2.3.4가동", "종로1ㆍ2ㆍ3ㆍ4가동", "종로1・2・3・4가동", "종로1, 2, 3, 4가동"]
)
def test_middle_dots_are_written_in_several_ways(written):
    assert area_codes.same_name("종로1·2·3·4가동", written)
    assert area_codes.same_name("운봉읍", "운봉읍")


@pytest.mark.parametrize(
    ("text", "level", "above", "short"),
    [
        ("전라북도 남원시 운봉읍", "eupmyeondong", ["전라북도", "남원시"], "운봉읍"),
        ("전라북도 남원시 운봉읍", "eupmyeondong", [], "운봉읍"),
        ("충청북도 청주시상당구 중앙동", "eupmyeondong", ["충청북도"], "중앙동"),
        ("경기도 수원시 장안구", "sigungu", ["경기도"], "수원시 장안구"),
        ("수원시장안구", "sigungu", [], "수원시 장안구"),
        ("세종특별자치시", "sigungu", ["세종특별자치시"], "세종특별자치시"),
        ("종로1.2.3.4가동", "eupmyeondong", [], "종로1·2·3·4가동"),
    ],
)
def test_a_full_name_is_cut_to_the_area_s_own(text, level, above, short):
    assert area_codes.short_name(text, level, above) == short


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (
            ["OBJECTID", "adm_nm", "adm_cd", "adm_cd2", "sgg", "sido", "sidonm", "sggnm"],
            {
                "mois": "adm_cd2",
                "kostat": "adm_cd",
                "name": "adm_nm",
                "sigungu": "sgg",
                "sido": "sido",
                "sigungu_name": "sggnm",
                "sido_name": "sidonm",
            },
        ),
        (["BASE_DATE", "ADM_CD", "ADM_NM"], {"kostat": "ADM_CD", "name": "ADM_NM", "date": "BASE_DATE"}),
        (["EMD_CD", "EMD_ENG_NM", "EMD_KOR_NM"], {"mois": "EMD_CD", "name": "EMD_KOR_NM"}),
        (["SIG_CD", "SIG_KOR_NM"], {"mois": "SIG_CD", "name": "SIG_KOR_NM"}),
        (["CTPRVN_CD", "CTP_KOR_NM"], {"mois": "CTPRVN_CD", "name": "CTP_KOR_NM"}),
        (["행정동코드", "행정동명"], {"mois": "행정동코드", "name": "행정동명"}),
        (["geom"], {}),
    ],
)
def test_the_columns_of_the_usual_files_are_recognised(columns, found):
    assert area_codes.recognise(columns) == found


def test_census_output_areas_are_told_apart():
    assert area_codes.holds_census_areas(["TOT_REG_CD", "ADM_CD"])
    assert not area_codes.holds_census_areas(["ADM_CD"])


def test_a_date_column_is_read_in_both_ways_of_writing():
    assert area_codes.edition_date({"BASE_DATE": "20230630"}, "BASE_DATE") == date(2023, 6, 30)
    assert area_codes.edition_date({"d": "2023-06-30"}, "d") == date(2023, 6, 30)
    assert area_codes.edition_date({"d": "2023"}, "d") is None
    assert area_codes.edition_date({"d": "20231330"}, "d") is None
