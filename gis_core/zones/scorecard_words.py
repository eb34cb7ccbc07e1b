"""The comparison of a zone's members in the user's language: cells, gaps and where members stand far apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .scorecard import Cell, Column, Kind, Lack, Row, Seen, Spread


@dataclass(frozen=True)
class CellText:
    """``text`` is what stands in the cell, ``note`` what must be known to read it rightly; ``url`` to the records."""

    column: Column
    text: str
    note: str = ""
    is_zero: bool = False
    is_unknown: bool = False
    url: str = ""


def number(value: float, decimals: int = 0) -> str:
    places = 0 if decimals == 0 and float(value).is_integer() else max(decimals, 1)
    return str(formats.number_format(round(value, places), places, use_l10n=True, force_grouping=True))


def cell(row: Row, column: Column, found: Cell, url: str = "") -> CellText:
    if found.seen is Seen.NONE:
        return CellText(column, "–", _("not visible to you"), is_unknown=True)
    if found.low is None or found.high is None:
        return CellText(column, "–", pgettext("figure", "not known"), is_unknown=True)
    text = number(found.low, row.decimals)
    if found.is_range:
        text = f"{text}–{number(found.high, row.decimals)}"
    notes = [_("only what you may see")] if found.seen is Seen.PART else []
    if found.of > 1 and found.known < found.of:
        notes.append(_("%(known)s of %(of)s towns") % {"known": found.known, "of": found.of})
    if found.when:
        notes.append(", ".join(found.when))
    return CellText(column, text, " · ".join(notes), is_zero=found.low == found.high == 0, url=url)


def lack(found: Lack) -> str:
    """One sentence: who lacks what, and who has how many."""
    facts = {"what": found.what, "lacking": listed(found.lacking)}
    if found.having:
        facts["having"] = listed(_with_number(name, many) for name, many in found.having)
        told = ngettext(
            "%(what)s: %(lacking)s has none; %(having)s.",
            "%(what)s: %(lacking)s have none; %(having)s.",
            len(found.lacking),
        )
        return told % facts
    facts["elsewhere"] = listed(_with_number(name, many) for name, many in found.elsewhere)
    return _("%(what)s: no member has any; %(elsewhere)s.") % facts


def _with_number(name: str, many: int) -> str:
    return _("%(name)s has %(number)s") % {"name": name, "number": number(many)}


def spread(found: Spread) -> str:
    told = _("%(what)s: %(best)s %(high)s %(unit)s, %(worst)s %(low)s %(unit)s.")
    return told % {
        "what": found.what, "unit": found.unit,
        "best": found.best[0], "high": number(found.best[1], found.decimals),
        "worst": found.worst[0], "low": number(found.worst[1], found.decimals),
    }  # fmt: skip


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


KIND_TITLES = {
    Kind.MEMBER: lambda: pgettext("zone", "member"),
    Kind.ZONE: lambda: pgettext("zone", "whole zone"),
    Kind.CITY: lambda: pgettext("zone", "whole city or county"),
}
