"""What happens to a room between two plans, in one line for residents; ``words.ledger`` tells planners in full."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.plan import ledger
from facilities.plan.ledger import Entry

STATUS_LABELS = {
    ledger.KEPT: gettext_lazy("stays"),
    ledger.MOVED: gettext_lazy("moves elsewhere"),
    ledger.SPLIT: gettext_lazy("is divided"),
    ledger.MERGED: gettext_lazy("is joined"),
    ledger.NEW: gettext_lazy("is new"),
    ledger.REMOVED: gettext_lazy("goes"),
}
CHANGE_LABELS = {
    "level": gettext_lazy("another floor"),
    "place": gettext_lazy("another outline"),
    "area": gettext_lazy("another size"),
    "use": gettext_lazy("another use"),
    "restriction": gettext_lazy("opened or closed"),
    "team": gettext_lazy("another team"),
    "name": gettext_lazy("another name"),
    "desks": gettext_lazy("another number of desks"),
    "after_hours": gettext_lazy("after-hours use"),
    "idle": gettext_lazy("idle space"),
}


def change_text(entry: Entry) -> str:
    """“is joined; another use, another team; +12.3 m²”."""
    parts = []
    if entry.status != ledger.KEPT:
        parts.append(str(STATUS_LABELS[entry.status]))
    if entry.changes:
        parts.append(", ".join(str(CHANGE_LABELS[code]) for code in entry.changes))
    if entry.before and entry.after and abs(entry.m2_change) >= 0.05:
        parts.append(_("%(change)+.1f m²") % {"change": entry.m2_change})
    elif entry.before is None or entry.after is None:
        parts.append(f"{entry.unit.geometry.area:.1f} m²")
    return "; ".join(parts)
