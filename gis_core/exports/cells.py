"""Cells of exported tables, safe to open in a spreadsheet. Pure."""

import re
from datetime import date
from decimal import Decimal

# Full-width signs begin a formula too where the spreadsheet speaks Korean, Japanese or Chinese.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# XML, and with it XLSX, cannot hold these.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Cell = str | int | float | Decimal | bool | date | None


def guarded(value: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.

    Spaces before the sign do not stop a spreadsheet, so they do not count.
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_STARTS_FORMULA) else text


def sheet_title(text: str) -> str:
    """A name for a workbook's sheet: at most 31 characters, none of those Excel forbids."""
    return re.sub(r"[\[\]:*?/\\]", " ", text)[:31]
