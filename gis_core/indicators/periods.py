"""Periods as they are written: a year ``2019``, half ``2019-H1``, quarter ``2019-Q3`` or month ``2019-07``.

Pure. A period's order is that of its first month, the longer one first, so that a year stands before its parts.
"""

import re
from dataclasses import dataclass

YEAR, HALF, QUARTER, MONTH = "year", "half", "quarter", "month"
_MONTHS = {YEAR: 12, HALF: 6, QUARTER: 3, MONTH: 1}
_WRITTEN = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?")
# As offices write them: 2019년, 2019년 상반기, 2019년 3분기, 2019년 7월, 2019.7, 2019/07.
_KOREAN = re.compile(r"(\d{4})\s*년(?:\s*(?:(상|하)반기|([1-4])\s*/?\s*분기|(\d{1,2})\s*월))?")
_LOOSE_MONTH = re.compile(r"(\d{4})[./-](\d{1,2})\.?")
EARLIEST, LATEST = 1900, 2199


class BadPeriod(ValueError):
    """The text names no period."""


@dataclass(frozen=True)
class Period:
    """``number`` counts within the year from 1: which half, quarter or month; 1 for a year."""

    year: int
    kind: str
    number: int = 1

    @property
    def months(self) -> int:
        """How many months it lasts."""
        return _MONTHS[self.kind]

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts periods by their begin, the longer one first."""
        return self.year, self.begins_in, -self.months

    @property
    def begins_in(self) -> int:
        """Its first month."""
        return (self.number - 1) * self.months + 1

    def __str__(self) -> str:
        tail = {YEAR: "", HALF: f"-H{self.number}", QUARTER: f"-Q{self.number}", MONTH: f"-{self.number:02d}"}
        return f"{self.year:04d}{tail[self.kind]}"


def parse(text: str) -> Period:
    """The period that a text names, also as Korean offices write it. Raises BadPeriod."""
    found = " ".join(text.split())
    for pattern in (_WRITTEN, _KOREAN):
        if match := pattern.fullmatch(found.upper()):
            return _period(*match.groups())
    if match := _LOOSE_MONTH.fullmatch(found):
        return _period(match[1], None, None, match[2])
    raise BadPeriod(text)


def _period(year: str, half: str | None, quarter: str | None, month: str | None) -> Period:
    if not EARLIEST <= int(year) <= LATEST or (month and not 1 <= int(month) <= 12):
        raise BadPeriod(year)
    if half:
        return Period(int(year), HALF, 2 if half in ("2", "하") else 1)
    if quarter:
        return Period(int(year), QUARTER, int(quarter))
    return Period(int(year), MONTH, int(month)) if month else Period(int(year), YEAR)


def ordered(texts: set[str]) -> list[str]:
    """Written periods from the first to the last. Raises BadPeriod."""
    return sorted(texts, key=lambda text: parse(text).order)
