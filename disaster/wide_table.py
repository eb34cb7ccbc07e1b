"""Wide stock tables: one row per town, one column per item, and rows that are neither. What a cell, a heading and a row
say; nothing is guessed. No Django.

A faulty cell is told by a code with parameters; ``words.wide_table`` puts it into a language.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# More than any town keeps of anything; a longer number is a telephone number or a code.
MOST = 10_000_000


class Fault(StrEnum):
    """Why a cell cannot be taken."""

    NEGATIVE = "negative"
    FRACTION = "fraction"
    NO_NUMBER = "no_number"
    TOO_MANY = "too_many"
    OTHER_UNIT = "other_unit"


class RowKind(StrEnum):
    """What a row is, as far as its own words say."""

    PLACE = "place"
    TOTAL = "total"
    NOTE = "note"
    UNITS = "units"
    NAMELESS = "nameless"


@dataclass(frozen=True)
class Cell:
    """What a cell says: ``quantity`` is None where it says nothing, which leaves the ledger alone."""

    quantity: int | None = None
    unit: str = ""
    fault: Fault | None = None


@dataclass(frozen=True)
class Heading:
    """A column's heading without its unit: 수중펌프(대) is 수중펌프 in 대."""

    name: str
    unit: str = ""


@dataclass(frozen=True)
class Named:
    """An item as the catalogue knows it, to be found in headings."""

    key: int
    names: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class Columns:
    """What each heading was taken for: ``place`` the town, ``depot`` the depot, ``items`` by heading."""

    place: str = ""
    depot: str = ""
    items: Mapping[str, int] = field(default_factory=dict)


# People write nothing as a stroke of any length.
_NOTHING = re.compile(r"[-‐-―−ㅡー·.]*")
_WHOLE = re.compile(r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<rest>\d+))?\s*(?P<unit>[^\d\s.,()+\-][^\d]*)?")
# △ and ▲ are how accounts write below zero; so are brackets.
_BELOW_ZERO = re.compile(r"(?:[-‐-―−△▲]\s*\d.*|\(\s*\d[\d,.]*\s*\))")
_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[(\[〔［](?P<unit>[^()\[\]〔〕［］]*)[)\]〕］]\s*$")
_TOTALS = {
    "계", "합계", "총계", "소계", "누계", "총합계", "총합", "합", "전체", "평균", "전년", "전년도", "전월", "증감",
    "total", "subtotal", "grandtotal", "sum", "average", "mean",
}  # fmt: skip
_NOTES = ("※", "*", "＊", "#", "주)", "주:", "주 ", "비고", "참고", "작성", "기준일", "출처", "담당", "note", "remark")
_UNITS = {"단위", "unit", "units"}
_PLACES = (
    "읍면동 읍면동명 행정동 행정동명 행정기관 지역 구분 기관 기관명 부서 읍면 동 town area place "
    "읍면동코드 행정동코드 행정기관코드"
)
_DEPOTS = "보관소 보관소명 보관장소 창고 창고명 보관창고 depot store"
# Units that are one and the same by two names.
_SAME_UNITS = ({"개", "ea", "pcs"}, {"m", "미터"}, {"kg", "킬로그램"}, {"l", "리터"})


def plain(text: str) -> str:
    """Composed letters and half-width digits, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def simple(text: str) -> str:
    """Letters and digits only, for comparing what people write."""
    return "".join(letter for letter in plain(text).casefold() if letter.isalnum())


def same_unit(one: str, other: str) -> bool:
    """Whether two units are one: 개 is EA, and 매 is not 장."""
    a, b = plain(one).casefold(), plain(other).casefold()
    return a == b or any(a in units and b in units for units in _SAME_UNITS)


def read_cell(text: str, unit: str = "") -> Cell:
    """What a cell says of an item counted in ``unit``: "1,200", "12매", "-" (nothing), "" (nothing), "0" (zero).

    Anything that is not a whole number from zero up is a fault, never a guess; so is a unit that is not the item's.
    """
    written = plain(text)
    if _NOTHING.fullmatch(written):
        return Cell()
    if _BELOW_ZERO.fullmatch(written):
        return Cell(fault=Fault.NEGATIVE)
    match = _WHOLE.fullmatch(written)
    if match is None:
        return Cell(fault=Fault.NO_NUMBER)
    if match["rest"] and match["rest"].strip("0"):
        return Cell(fault=Fault.FRACTION)
    quantity = int(match["digits"].replace(",", ""))
    told = (match["unit"] or "").strip()
    if quantity > MOST:
        return Cell(fault=Fault.TOO_MANY)
    if told and unit and not same_unit(told, unit):
        return Cell(unit=told, fault=Fault.OTHER_UNIT)
    return Cell(quantity, told)


def read_heading(text: str) -> Heading:
    """The name and the unit of a column, where the heading tells it in brackets at its end."""
    match = _BRACKETS.match(plain(text))
    if match is None or not match["name"]:
        return Heading(plain(text))
    unit = re.sub(r"^단위\s*[:：]?\s*", "", match["unit"]).strip()
    return Heading(match["name"].strip(), unit)


def row_kind(label: str, cells: Iterable[str]) -> RowKind:
    """What a row is by its label and its other cells. A row with a name may still be no town: that is for codes and
    names of the city to say."""
    name = plain(label)
    short = simple(name)
    texts = [plain(cell) for cell in cells]
    if short in _UNITS or _only_units(texts):
        return RowKind.UNITS
    if short in _TOTALS or re.fullmatch(r".*(합계|총계|소계|누계)", short):
        return RowKind.TOTAL
    if name.casefold().startswith(_NOTES) or (len(name) > 30 and not any(texts)):
        return RowKind.NOTE
    if not short:
        return RowKind.NAMELESS
    return RowKind.PLACE


def _only_units(texts: Sequence[str]) -> bool:
    """A row under the heading that holds no figure, and in most of its cells one short word: 대, 매, 자루."""
    filled = [text for text in texts if text and not _NOTHING.fullmatch(text)]
    short = [text for text in filled if len(text.strip("()[]")) <= 3 and not any(letter.isdigit() for letter in text)]
    return len(filled) >= 2 and len(short) == len(filled)


def match_item(heading: str, items: Iterable[Named]) -> int | None:
    """The one item that a heading names, by name, list number or English name; None when there is none or several."""
    head = read_heading(heading)
    for wanted in (simple(heading), simple(head.name)):
        found = {item.key for item in items if wanted and wanted in {simple(name) for name in item.names if name}}
        if len(found) == 1:
            return found.pop()
    return None


def guess_columns(fields: Sequence[str], items: Sequence[Named], towns: Mapping[str, int]) -> Columns:
    """What each column probably is. ``towns``: in how many rows a column's cells name a town of the city.

    One item in two columns stays with the first: two columns for it would be added up or overwrite one another.
    """
    words = {simple(word) for word in _PLACES.split()}
    by_rows = max(fields, key=lambda name: towns.get(name, 0), default="")
    place = by_rows if towns.get(by_rows, 0) else next((name for name in fields if simple(name) in words), "")
    stores = {simple(word) for word in _DEPOTS.split()}
    depot = next((name for name in fields if name != place and simple(name) in stores), "")
    found: dict[str, int] = {}
    for name in fields:
        key = match_item(name, items) if name not in (place, depot) else None
        if key is not None and key not in found.values():
            found[name] = key
    return Columns(place, depot, found)
