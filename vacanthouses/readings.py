"""Rows of delivered files (meter readings wide or long, signs, exclusions) read cell by cell, without a database.

A row is taken whole or not at all: what is wrong with it is said by a code, the column, and what stands there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vacanthouses import pnu as parcel

_MONTH = re.compile(r"^\D{0,4}?(\d{4})\s*(?:[.\-/년_ ]\s*)?(\d{1,2})\s*월?(?:분)?(?:\s*사용량)?(?:\s*\(.*\))?$")
_DAY = re.compile(r"^(\d{4})\s*[.\-/년]?\s*(\d{1,2})\s*[.\-/월]?\s*(\d{1,2})\s*[.일]?(?: 00:00:00)?$")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_DMS = re.compile(r"\d+\s*[°도]\s*\d+")
_YES = {"1", "y", "yes", "true", "o", "예", "있음", "유"}
_NO = {"0", "n", "no", "false", "x", "아니오", "아니요", "없음", "무"}
# No kWh or m3 that a dwelling uses in a month.
MOST_USE = 1_000_000.0


@dataclass(eq=False)
class Fault(Exception):
    """``code`` names a sentence of ``words.readings``, ``params`` fill it."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """Headings by what they hold (number, pnu, address, x, y, month, use, ...), and those that are months."""

    by_name: Mapping[str, str]
    months: Mapping[str, date] = field(default_factory=dict)

    def text(self, values: Mapping[str, str], name: str) -> str:
        return values.get(self.by_name.get(name, ""), "").strip()


@dataclass
class Reading:
    """One row understood. ``use``: kWh or m3 by the first day of the month, None for unknown. ``xy`` in the file's
    CRS. ``days``: the other dates by name. ``rows``: the row's numbers in the file (several of a long table)."""

    rows: list[int]
    number: str = ""
    pnu: str = ""
    address: str = ""
    xy: tuple[float, float] | None = None
    use: dict[date, float | None] = field(default_factory=dict)
    days: dict[str, date | None] = field(default_factory=dict)
    present: bool = True


def month_of(text: str) -> date | None:
    """The first day of a month as 2025-01, 2025.1, 202501, 2025년 1월; None when it is no month. Raises Fault when it
    is one that there cannot be (2025-13)."""
    compact = re.fullmatch(r"(\d{4})(\d{2})", text.strip())
    found = compact or _MONTH.match(text.strip())
    if found is None:
        day = _DAY.match(text.strip())
        return date(int(day[1]), int(day[2]), 1) if day and 1 <= int(day[2]) <= 12 else None
    year, month = int(found[1]), int(found[2])
    if not (1 <= month <= 12 and 1990 <= year <= 2100):
        raise Fault("impossible_month", params={"found": text})
    return date(year, month, 1)


def month_columns(headings: Iterable[str]) -> dict[str, date]:
    """The headings that are months. Raises Fault for an impossible one, and for a month that stands twice."""
    found: dict[str, date] = {}
    for heading in headings:
        month = month_of(heading)
        if month is None:
            continue
        if month in found.values():
            raise Fault("month_twice", heading, {"found": heading})
        found[heading] = month
    return found


def writes_flag_as_01(numbers: Iterable[str]) -> bool:
    """Whether a file's parcel numbers write the kind of land as 0 (ordinary) and 1 (forest), as address files do.

    One number alone cannot tell, for 1 is in both: a 0 somewhere says so, a 2 somewhere says that 0 is a mistake.
    """
    flags = {text[10] for text in map(_bare, numbers) if len(text) == 19}
    return "0" in flags and "2" not in flags


def _bare(text: str) -> str:
    return re.sub(r"[\s\-]", "", text)


def _pnu(columns: Columns, values: Mapping[str, str], flag_01: bool) -> str:
    column, text = columns.by_name.get("pnu", ""), _bare(columns.text(values, "pnu"))
    if not text:
        return ""
    if _SCIENTIFIC.match(text):
        raise Fault("scientific", column, {"found": text})
    if len(text) == 19 and flag_01 and text[10] in "01":
        text = f"{text[:10]}{int(text[10]) + 1}{text[11:]}"
    if found := parcel.problems(text):
        raise Fault(found[0].fault.value, column, {"position": found[0].position, "found": found[0].found})
    return text


def number_of(text: str, column: str) -> float:
    plain = text.replace(",", "")
    try:
        value = float(plain)
    except ValueError as error:
        raise Fault("not_a_number", column, {"found": text}) from error
    if not abs(value) < float("inf"):
        raise Fault("not_a_number", column, {"found": text})
    return value


def _use(text: str, column: str) -> float | None:
    """An empty cell and a dash are unknown, never 0."""
    if text in ("", "-", "–"):
        return None
    value = number_of(text, column)
    if value < 0:
        raise Fault("negative", column, {"found": text})
    if value > MOST_USE:
        raise Fault("too_much", column, {"found": text})
    return value


def _day(columns: Columns, values: Mapping[str, str], name: str) -> date | None:
    text = columns.text(values, name)
    if not text:
        return None
    found = _DAY.match(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _raise_day(columns, name, text)
    except ValueError as error:
        raise Fault("not_a_day", columns.by_name[name], {"found": text}) from error


def _raise_day(columns: Columns, name: str, text: str) -> date:
    raise Fault("not_a_day", columns.by_name[name], {"found": text})


def _xy(columns: Columns, values: Mapping[str, str]) -> tuple[float, float] | None:
    texts = [(columns.by_name.get(axis, ""), columns.text(values, axis)) for axis in ("x", "y")]
    if not any(text for _column, text in texts):
        return None
    for column, text in texts:
        if not text:
            raise Fault("half_a_place", column)
        if _DMS.search(text):
            raise Fault("dms", column, {"found": text})
    return number_of(texts[0][1], texts[0][0]), number_of(texts[1][1], texts[1][0])


def _present(columns: Columns, values: Mapping[str, str]) -> bool:
    text = columns.text(values, "present").casefold()
    if text not in _YES | _NO | {""}:
        raise Fault("neither", columns.by_name["present"], {"found": text})
    return text not in _NO


def read_row(
    columns: Columns, row: int, values: Mapping[str, str], *, needs: Iterable[str], last: date, flag_01: bool
) -> Reading:
    """A row understood; ``needs`` may not be empty, and nothing is later than ``last``. Raises Fault."""
    for name in needs:
        if not columns.text(values, name):
            raise Fault("missing", columns.by_name.get(name, name))
    number = columns.text(values, "number")
    if _SCIENTIFIC.match(number):
        raise Fault("scientific", columns.by_name["number"], {"found": number})
    if len(number) > 40:
        raise Fault("too_long", columns.by_name["number"], {"found": number})
    use = {month: _use(values.get(heading, "").strip(), heading) for heading, month in columns.months.items()}
    if "month" in columns.by_name:
        use = dict([_long(columns, values)])
    for month, value in use.items():
        if value is not None and month > last:
            raise Fault("later", params={"found": f"{month:%Y-%m}", "last": f"{last:%Y-%m-%d}"})
    names = ("removed_on", "cut_off_on", "observed_on", "valid_from", "valid_to")
    return Reading(
        rows=[row], number=number, pnu=_pnu(columns, values, flag_01),
        address=columns.text(values, "address")[:200], xy=_xy(columns, values), use=use,
        days={name: _day(columns, values, name) for name in names if name in columns.by_name},
        present=_present(columns, values),
    )  # fmt: skip


def _long(columns: Columns, values: Mapping[str, str]) -> tuple[date, float | None]:
    column, text = columns.by_name["month"], columns.text(values, "month")
    month = month_of(text)
    if month is None:
        raise Fault("impossible_month", column, {"found": text})
    return month, _use(columns.text(values, "use"), columns.by_name["use"])


def joined(readings: Iterable[Reading], *, long: bool) -> tuple[list[Reading], list[tuple[int, Fault]]]:
    """One reading per meter. A meter that stands again is refused; in a long table only where its month does."""
    found: dict[str, Reading] = {}
    faults: list[tuple[int, Fault]] = []
    for each in readings:
        first = found.setdefault(each.number, each)
        if first is each:
            continue
        same = set(first.use) & set(each.use)
        if not long or same:
            faults.append((each.rows[0], Fault("twice", params={"row": first.rows[0]})))
        elif each.pnu and first.pnu and each.pnu != first.pnu:
            faults.append((each.rows[0], Fault("other_parcel", params={"row": first.rows[0]})))
        else:
            _add(first, each)
    return list(found.values()), faults


def _add(first: Reading, more: Reading) -> None:
    first.rows += more.rows
    first.use |= more.use
    first.pnu, first.address, first.xy = first.pnu or more.pnu, first.address or more.address, first.xy or more.xy
    first.days = {name: more.days.get(name) or day for name, day in first.days.items()}


def series(use: Mapping[date, float | None]) -> tuple[date, list[float | None]]:
    """The first month, and the use of each month from it to the last; months that nobody told are unknown."""
    first, last = min(use), max(use)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [first.year * 12 + first.month - 1 + offset for offset in range(count)]
    return first, [use.get(date(month // 12, month % 12 + 1, 1)) for month in months]
