"""What was done to a file that was read, and why one is refused, in the user's language: all formats.

Each format has its own dict of sentences; the codes of ``facilities.exchange.report`` are here.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.plan.document import Document
from facilities.plan.findings import Finding

from . import exchange_dxf, exchange_standards
from .document import UNIT_CATEGORY_LABELS
from .names import level_name, room_names

Text = str | Promise
NAMED = 6  # rooms named in one sentence

FINDINGS: Mapping[str, Text] = {
    "dropped": gettext_lazy("A plan has no place for this, so it was left out: %(what)s (%(count)s)"),
    "invalid_shape": gettext_lazy("Shapes that cannot be read were left out: %(count)s"),
    "repaired_shape": gettext_lazy("Shapes that cross themselves were mended: %(count)s"),
    "split_shape": gettext_lazy("Shapes of several parts became several rooms: %(count)s"),
    "duplicates": gettext_lazy("Drawn twice, taken once: %(count)s"),
    "duplicate_key": gettext_lazy("Ids used twice; the later part got a new one: %(count)s"),
    "new_key": gettext_lazy("Parts without a usable id got one: %(count)s"),
    "unknown_category": gettext_lazy("The category “%(what)s” is not known; it became “not decided”: %(count)s"),
    "guessed_category": gettext_lazy("Guessed from their names to be “%(category_name)s”: %(count)s (%(rooms)s)"),
    "unknown_value": gettext_lazy("The value “%(value)s” of %(what)s is not known and was left out: %(count)s"),
    "unnamed": gettext_lazy("Rooms without a name or number: %(count)s"),
    "level_missing": gettext_lazy("Parts on a level that the file does not have were left out: %(count)s"),
    "reference_missing": gettext_lazy("References to what is not there were left out: %(what)s (%(count)s)"),
    "moved": gettext_lazy("Moved: the point %(x)s, %(y)s of the file (metres) became 0, 0."),
    "turned": gettext_lazy("Moved: the point %(x)s, %(y)s of the file (metres) became 0, 0; turned by %(turned)s°."),
    "opening_joins_nothing": gettext_lazy("Openings that join no rooms: %(count)s"),
    "opening_joins_one": gettext_lazy("Openings that have a room on one side only: %(count)s (%(rooms)s)"),
    "text_cut": gettext_lazy("Texts longer than %(limit)s letters were cut (%(what)s): %(count)s"),
    "team_unknown": gettext_lazy("Teams that this centre does not have were left out of the rooms: %(count)s"),
    "size_differs": gettext_lazy(
        "In the file this level is %(width_m)s m by %(depth_m)s m, in the building %(held_width_m)s m by "
        "%(held_depth_m)s m. Is the unit right, and is it this building?"
    ),
    **exchange_dxf.FINDINGS,
    **exchange_standards.FINDINGS,
}
REFUSALS: Mapping[str, Text] = {
    "not_this_format": gettext_lazy("The file is no %(expected)s file."),
    "unknown_format": gettext_lazy("The file is none that can be read: DXF, IMDF (zip), IndoorGML, GeoJSON or IFC."),
    "broken": gettext_lazy("The file is damaged and cannot be read. %(detail)s"),
    "empty": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is larger than %(limit_mb)s MB."),
    "too_many": gettext_lazy("The file holds too much: %(count)s, where at most %(limit)s can be read (%(what)s)."),
    "too_slow": gettext_lazy("Reading took longer than %(seconds)s seconds and was stopped."),
    "nothing_found": gettext_lazy("No room was found in what was chosen from the file."),
    "bad_options": gettext_lazy("This setting cannot be: %(what)s"),
    **exchange_dxf.REFUSALS,
    **exchange_standards.REFUSALS,
}
CANNOT_EXPORT: Mapping[str, Text] = {
    "empty": gettext_lazy("The plan has no rooms yet, so there is nothing to export in this format."),
}


def text(finding: Finding, document: Document) -> str:
    """A finding of an import. Raises KeyError for a code that is none of them."""
    code = "turned" if finding.code == "moved" and finding.params.get("turned") else finding.code
    told = str(FINDINGS[code]) % _Params({**_names(finding.params), "rooms": _rooms(finding, document)})
    level = document.level_of.get(finding.level) if len(document.levels) > 1 else None
    return f"{level_name(level)}: {told}" if level else told


def refusal_text(code: str, params: Mapping[str, Any]) -> str:
    """Why a file was refused; a code that is not known is told as it is."""
    sentence = REFUSALS.get(code)
    if sentence is None:
        return _("The file cannot be read (%(code)s).") % {"code": code}
    return (str(sentence) % _Params(_names(params))).strip()


def cannot_export_text(code: str) -> str:
    return str(CANNOT_EXPORT.get(code, code))


class _Params(dict[str, Any]):
    """A parameter that a reader did not give is told as a dash, and never ends the page."""

    def __missing__(self, key: str) -> str:
        return "–"


def _names(params: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(params)
    if "category" in found:
        found["category_name"] = UNIT_CATEGORY_LABELS.get(str(found["category"]), found["category"])
    if "unit" in found:
        found["unit_name"] = exchange_dxf.UNITS.get(str(found["unit"]), found["unit"])
    if "role" in found:
        found["role"] = exchange_standards.ROLES.get(str(found["role"]), found["role"])
    return found


def _rooms(finding: Finding, document: Document) -> str:
    named = room_names(document, finding.keys[:NAMED])
    return named + " …" if len(finding.keys) > NAMED else named
