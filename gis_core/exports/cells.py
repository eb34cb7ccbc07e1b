"""Cells of exported tables, safe to open in a spreadsheet. Pure."""

from datetime import date
from decimal import Decimal

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | Decimal | bool | date | None


def guarded(value: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.

    Spaces before the sign do not stop a spreadsheet, so they do not count.
    """
    if isinstance(value, str) and value.lstrip(" \u00a0\u3000").startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value
