"""Rows of a table of values, long (a row for each value) or wide (a column for each period), as figures. Pure.

Areas are found by any code they have or had, or by their name within one city; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .periods import BadPeriod
from .periods import parse as parse_period

MOST = Decimal(10) ** 16
# Headings as they are recognised, without spaces and in small letters.
_HEADINGS = {
    "code": "코드 행정코드 행정구역코드 읍면동코드 지역코드 code areacode mois_code",
    "area": "읍면동 읍면동명 행정동 지역 지역명 행정구역 시군구 이름 town area name",
    "period": "기간 시기 연도 년도 기준연도 기준시점 시점 연월 period year",
    "value": "값 수치 지표값 실적 value figure",
    "evidence": "근거 근거자료 증빙 출처 비고 evidence source note",
}


class NoColumns(ValueError):
    """The table lacks a column: ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Columns:
    """Headings of the columns; ``wide`` are those of periods, with the period. "" is none."""

    code: str
    area: str
    period: str
    value: str
    evidence: str
    wide: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Cell:
    """A figure of the file with its place, or what is wrong with it (``fault`` with ``about``)."""

    row: int
    field: str
    area: int | None = None
    period: str = ""
    value: Decimal | None = None
    evidence: str = ""
    fault: str = ""
    about: str = ""


def simple(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).lower().split())


def place_name(text: str) -> str:
    """Names of areas alike, however their middle dots are written."""
    return re.sub(r"[·ㆍ・.,‧•]", "·", "".join(unicodedata.normalize("NFC", text).split()))


def columns(headings: Sequence[str], *, has_period: bool) -> Columns:
    """Which column is what. ``has_period`` says that a period was chosen for tables without such a column.

    Raises NoColumns.
    """
    found = {
        name: next((each for each in headings if simple(each) in known.split()), "")
        for name, known in _HEADINGS.items()
    }
    if not found["code"] and not found["area"]:
        raise NoColumns("area")
    wide = () if found["value"] else tuple(_periods(headings))
    if not found["value"] and not wide:
        raise NoColumns("value")
    if found["value"] and not found["period"] and not has_period:
        raise NoColumns("period")
    return Columns(wide=wide, **found)


def _periods(headings: Iterable[str]) -> Iterator[tuple[str, str]]:
    for heading in headings:
        try:
            yield heading, str(parse_period(heading))
        except BadPeriod:
            continue


def number(text: str, unit: str = "") -> Decimal:
    """The number that a person typed, with or without commas and its unit. Raises ValueError."""
    digits = unicodedata.normalize("NFKC", text).strip()
    if unit:
        digits = digits.removesuffix(unit).strip()
    if not re.fullmatch(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", digits):
        raise ValueError(text)
    try:
        found = Decimal(digits.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error
    exponent = found.normalize().as_tuple().exponent
    if abs(found) >= MOST or (isinstance(exponent, int) and exponent < -4):
        raise ValueError(text)
    return found


def cells(
    rows: Iterable[tuple[int, Mapping[str, str]]], found: Columns, areas: Mapping[str, int], period: str, unit: str
) -> list[Cell]:
    """Every figure of the table in the file's order. ``areas`` gives areas by code and by ``place_name``."""
    result: list[Cell] = []
    seen: dict[tuple[int, str], int] = {}
    for at, values in rows:
        for cell in _of_row(at, values, found, areas, period, unit):
            key = (cell.area or 0, cell.period)
            if not cell.fault and key in seen:
                cell = Cell(at, cell.field, fault="twice", about=str(seen[key]))
            seen.setdefault(key, at)
            result.append(cell)
    return result


def _of_row(
    at: int, values: Mapping[str, str], found: Columns, areas: Mapping[str, int], period: str, unit: str
) -> Iterator[Cell]:
    code, name = values.get(found.code, "").strip(), values.get(found.area, "").strip()
    area = areas.get(code) if code else areas.get(place_name(name))
    if area is None:
        yield Cell(at, found.code if code else found.area, fault="no_area", about=code or name)
        return
    if code and name and areas.get(place_name(name), area) != area:
        yield Cell(at, found.area, fault="other_area", about=f"{code}, {name}")
        return
    note = values.get(found.evidence, "").strip()
    if found.wide:
        for heading, of in found.wide:
            yield from _figure(at, heading, values.get(heading, ""), area, of, note, unit, skip=True)
        return
    told = values.get(found.period, "").strip() or period
    try:
        of = str(parse_period(told))
    except BadPeriod:
        yield Cell(at, found.period, fault="no_period", about=told)
        return
    yield from _figure(at, found.value, values.get(found.value, ""), area, of, note, unit, skip=False)


def _figure(
    at: int, field: str, text: str, area: int, period: str, note: str, unit: str, *, skip: bool
) -> Iterator[Cell]:
    """In a wide table an empty cell says nothing; in a long one the row was written for nothing else."""
    if not text.strip():
        if not skip:
            yield Cell(at, field, fault="no_value")
        return
    try:
        yield Cell(at, field, area, period, number(text, unit), note)
    except ValueError:
        yield Cell(at, field, fault="not_a_number", about=text.strip()[:40])
