"""Why a cell of a wide table cannot be taken, why a row is left out, and in what a list does not agree."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disaster.comparison import Kind
from disaster.wide_table import MOST, Fault, RowKind

_FAULTS: dict[Fault, Any] = {
    Fault.NEGATIVE: gettext_lazy("“%(text)s” is below zero; nothing is kept that is less than nothing"),
    Fault.FRACTION: gettext_lazy("“%(text)s” is not a whole number"),
    Fault.NO_NUMBER: gettext_lazy("“%(text)s” is not a number"),
    Fault.TOO_MANY: gettext_lazy("“%(text)s” is more than %(most)s"),
    Fault.OTHER_UNIT: gettext_lazy("“%(text)s” is in %(told)s, but %(item)s is counted in %(unit)s"),
}
_ROWS: dict[RowKind, Any] = {
    RowKind.TOTAL: gettext_lazy("a total, not a town"),
    RowKind.NOTE: gettext_lazy("a note, not a town"),
    RowKind.UNITS: gettext_lazy("units of the columns, not a town"),
    RowKind.NAMELESS: gettext_lazy("it names no town"),
}
KINDS: dict[str, Any] = {
    Kind.DIFFERS: gettext_lazy("figures differ"),
    Kind.ONLY_THEIRS: gettext_lazy("only in the list"),
    Kind.ONLY_OURS: gettext_lazy("only in the ledger"),
    Kind.UNKNOWN_ITEM: gettext_lazy("item not in the catalogue"),
    Kind.NO_TOWN: gettext_lazy("not a place of this city"),
    Kind.NO_FIGURE: gettext_lazy("no whole number"),
}


def fault(code: Fault, text: str, told: str = "", item: Any = "", unit: str = "") -> str:
    return str(_FAULTS[code]) % {"text": text, "most": f"{MOST:,}", "told": told, "item": item, "unit": unit}


def row(kind: RowKind, city: Any) -> str:
    """Why a row is left out."""
    if kind in _ROWS:
        return str(_ROWS[kind])
    return _("no town of %(city)s has this name or code") % {"city": city.name}


def kind(value: str) -> str:
    return str(KINDS.get(value, value))
