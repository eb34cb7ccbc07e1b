"""Sentences of counts and of the stocktake."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disaster.models import CountLine, CountState

BADGES = {
    CountState.OPEN: "",
    CountState.SUBMITTED: "information",
    CountState.APPROVED: "success",
    CountState.CANCELLED: "off",
}


def difference(line: CountLine, change: int) -> str:
    """What a counted line changes, in one sentence."""
    if line.quantity is None:
        return _("not looked for: stays as it is")
    if not change:
        return _("as the ledger says")
    told = {"number": f"{abs(change):,}", "unit": line.lot.item.unit}
    if line.moved_from:
        return _("%(number)s %(unit)s to be transferred from %(depot)s") % {**told, "depot": line.moved_from}
    return (_("%(number)s %(unit)s more") if change > 0 else _("%(number)s %(unit)s missing")) % told


def progress(counted: int, total: int) -> str:
    return _("%(counted)s of %(total)s counted") % {"counted": counted, "total": total}


def uncounted(number: int) -> str:
    """What handing in does with what nobody looked for."""
    if not number:
        return _("Everything on the list was counted.")
    return ngettext(
        "%(number)s line was not looked for: it stays uncounted and as it is.",
        "%(number)s lines were not looked for: they stay uncounted and as they are.",
        number,
    ) % {"number": number}


def standing(depot: Any, since: date) -> tuple[str, str]:
    """(badge, words) of a depot in the stocktake."""
    if not depot.held:
        return "off", _("nothing recorded here")
    if depot.recent >= depot.held:
        return "success", _("all counted")
    if depot.recent:
        return "information", _("in part: %(recent)s of %(held)s") % {"recent": depot.recent, "held": depot.held}
    return "danger", _("not counted yet")
