"""Codes and names of administrative areas, without Django.

MOIS codes have 10 digits: sido 2, sigungu 3, eupmyeondong 3, ri 2; files cut them to 2, 5 or 8. KOSTAT codes have
2, 5 and 7 or, in newer editions, 8. Codes change and are redrawn: a code finds an area, it never is one, and a name
alone finds nothing (동구 exists in six cities, 고성군 in two provinces).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

MOIS, KOSTAT = "mois", "kostat"
SIDO, SIGUNGU, EUPMYEONDONG = "sido", "sigungu", "eupmyeondong"


class BadCode(ValueError):
    """The text is no code of an administrative area; ``reason`` is one of the constants below."""

    DIGITS = "digits"
    LENGTH = "length"
    LEGAL_DONG = "legal_dong"
    RI = "ri"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text}: {reason}")
        self.text = text
        self.reason = reason


@dataclass(frozen=True)
class Code:
    """A code as it is stored: 10 digits for MOIS, 2, 5, 7 or 8 for KOSTAT."""

    system: str
    digits: str

    @property
    def level(self) -> str:
        if self.system == KOSTAT:
            return {2: SIDO, 5: SIGUNGU}.get(len(self.digits), EUPMYEONDONG)
        if self.digits[5:8] != "000":
            return EUPMYEONDONG
        return SIGUNGU if self.digits[2:5] != "000" else SIDO

    @property
    def parent(self) -> "Code | None":
        """The code of the area above; None for a sido. A gu of a city without autonomy is put under the sido."""
        kept = {SIDO: 0, SIGUNGU: 2, EUPMYEONDONG: 5}[self.level]
        if not kept:
            return None
        return Code(self.system, self.digits[:kept].ljust(10, "0") if self.system == MOIS else self.digits[:kept])

    def __str__(self) -> str:
        return self.digits


def parse(text: str, system: str) -> Code:
    """The code a cell holds, padded. Raises BadCode, also for a legal dong or a ri, which are no such areas."""
    digits = text.strip()
    # Spreadsheets and DBFs keep codes as numbers.
    digits = digits[:-2] if digits.endswith(".0") else digits
    if not (digits.isascii() and digits.isdigit()):
        raise BadCode(text, BadCode.DIGITS)
    if system == KOSTAT:
        if len(digits) not in (2, 5, 7, 8):
            raise BadCode(text, BadCode.LENGTH)
        return Code(KOSTAT, digits)
    if len(digits) not in (2, 5, 8, 10):
        raise BadCode(text, BadCode.LENGTH)
    digits = digits.ljust(10, "0")
    if digits[8:] != "00":
        raise BadCode(text, BadCode.RI)
    # Town parts below 250 are legal dong; eup begin at 250, myeon at 310, administrative dong at 510.
    if "000" < digits[5:8] < "250":
        raise BadCode(text, BadCode.LEGAL_DONG)
    return Code(MOIS, digits)


@dataclass(frozen=True)
class Renumbering:
    """MOIS codes whose beginning was exchanged on a day, with the rest kept."""

    old: str
    new: str
    since: date


# Gwangju and South Jeolla become 12 in July 2026 with new numbers below: no rule leads there, only a table of aliases.
RENUMBERINGS = (
    Renumbering("42", "51", date(2023, 6, 11)),
    Renumbering("47720", "27720", date(2023, 7, 1)),
    Renumbering("45", "52", date(2024, 1, 18)),
)


def successor(code: Code) -> tuple[Code, date] | None:
    """The code that took this one's place, and since when; None when it is in force or no rule is known."""
    if code.system == MOIS:
        for each in RENUMBERINGS:
            if code.digits.startswith(each.old):
                return Code(MOIS, each.new + code.digits[len(each.old) :]), each.since
    return None


def predecessor(code: Code) -> tuple[Code, date] | None:
    """The code whose place this one took, and since when."""
    if code.system == MOIS:
        for each in RENUMBERINGS:
            if code.digits.startswith(each.new):
                return Code(MOIS, each.old + code.digits[len(each.new) :]), each.since
    return None


def equivalents(code: Code) -> list[Code]:
    """Codes that mean the same area by rule, this one first.

    KOSTAT's 7 digits became 8 by a trailing 0; where its own numbers changed too, only an alias tells.
    """
    found = [code]
    for move in (successor, predecessor):
        moved = move(code)
        if moved:
            found.append(moved[0])
    if code.system == KOSTAT and len(code.digits) == 7:
        found.append(Code(KOSTAT, f"{code.digits}0"))
    if code.system == KOSTAT and len(code.digits) == 8 and code.digits.endswith("0"):
        found.append(Code(KOSTAT, code.digits[:7]))
    return found


_DOTS = str.maketrans(dict.fromkeys("·‧・ㆍ･•∙⋅.,", "·"))


def tidy_name(text: str) -> str:
    """A name with composed letters, single spaces and one kind of middle dot."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_DOTS).split())


def same_name(one: str, other: str) -> bool:
    """종로1·2·3·4가동 is 종로1.2.3.4가동, and 제1동 is not 1동."""
    return tidy_name(one).replace(" ", "") == tidy_name(other).replace(" ", "")


def short_name(text: str, level: str, above: Iterable[str] = ()) -> str:
    """A name without the names of the areas above it: 운봉읍 of 전라북도 남원시 운봉읍."""
    name = tidy_name(text)
    for part in map(tidy_name, above):
        if name != part:
            name = name.removeprefix(part).strip()
    if level == SIGUNGU:
        # A district of a city without autonomy keeps its city: 수원시 장안구, also where it is written together.
        return re.sub(r"^(\S+시)(\S+구)$", r"\1 \2", name)
    return name.split(" ")[-1] if name else ""


# What the usual files call their columns, in lower case. The first that a file has wins.
FIELDS: dict[str, tuple[str, ...]] = {
    "mois": (
        "adm_cd2", "mois_code", "adm_sect_c", "emd_cd", "sig_cd", "ctprvn_cd", "bjcd", "hjd_cd", "h_code",
        "행정동코드", "행정기관코드", "행정구역코드", "읍면동코드", "시군구코드", "시도코드",
    ),
    "kostat": ("adm_cd8", "adm_cd", "kostat_code", "adm_dr_cd", "sigungu_cd", "sido_cd", "통계청행정동코드"),
    "name": (
        "adm_nm", "emd_kor_nm", "emd_nm", "adm_dr_nm", "sig_kor_nm", "sigungu_nm", "sgg_nm", "ctp_kor_nm", "sido_nm",
        "name_ko", "name", "행정동명", "읍면동명", "시군구명", "시도명",
    ),
    "sigungu": ("sgg", "sgg_cd", "sgg_code"),
    "sigungu_name": ("sggnm", "sgg_kor_nm", "sigungu"),
    "sido": ("sido", "sido_code"),
    "sido_name": ("sidonm", "sido_kor_nm"),
    "date": ("base_date", "base_ymd", "기준일", "기준일자"),
}  # fmt: skip

# Census output areas (집계구) lie below the towns and are not administrative.
NOT_AREAS = ("tot_reg_cd", "tot_oa_cd")


def recognise(names: Iterable[str]) -> dict[str, str]:
    """Which of a file's columns holds what: keys of FIELDS to the columns' own names."""
    by_lower = {name.lower(): name for name in reversed(list(names))}
    found: dict[str, str] = {}
    for role, known in FIELDS.items():
        match = next((by_lower[name] for name in known if name in by_lower), None)
        if match:
            found[role] = match
    return found


def holds_census_areas(names: Iterable[str]) -> bool:
    return any(name.lower() in NOT_AREAS for name in names)


def looks_like_mois(codes: Iterable[str]) -> bool:
    """Whether a column called like a KOSTAT one holds MOIS codes: towns' 8 digits are ambiguous, 10 are not."""
    filled = [code for code in codes if code]
    return bool(filled) and all(len(code) == 10 for code in filled)


def edition_date(row: Mapping[str, str], field: str) -> date | None:
    """The day a row's date column states (20230630 or 2023-06-30), or None."""
    digits = "".join(letter for letter in row.get(field, "") if letter.isdigit())[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None
