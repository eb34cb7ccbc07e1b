"""Stock in sentences."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from disaster.mean_use import Proposal
from disaster.models import Condition

# What a person does, as its button and its page say.
MOVES = {
    "receive": pgettext_lazy("stock", "Receive"),
    "issue": pgettext_lazy("stock", "Issue"),
    "transfer": gettext_lazy("Transfer"),
    "loan": gettext_lazy("Lend"),
    "dispose": gettext_lazy("Write off"),
    "recondition": gettext_lazy("Change condition"),
}


def lot(found: Any) -> str:
    """A lot without its item: its code, and when it expires unless the code says so."""
    parts = [found.code]
    if found.expires_on and found.code != found.expires_on.isoformat():
        parts.append(_("expires %(day)s") % {"day": found.expires_on.isoformat()})
    return " · ".join(filter(None, parts))


def balance(found: Any) -> str:
    """A balance in a list to choose from."""
    parts = [str(found.lot.item), lot(found.lot)]
    if found.condition != Condition.USABLE:
        parts.append(str(Condition(found.condition).label))
    parts.append(f"{found.quantity:,} {found.lot.item.unit}")
    if found.shelf:
        parts.append(found.shelf)
    return " · ".join(filter(None, parts))


def proposed(found: Proposal | None, unit: str) -> str:
    """What a proposal says, and what it rests on."""
    if found is None:
        return _("The ledger holds no full year of this yet, so nothing can be proposed from use.")
    years = ", ".join(f"{year}: {used:,}" for year, used in sorted(found.used.items()))
    told = ngettext(
        "%(quantity)s %(unit)s, from the use of %(number)d full year (%(years)s).",
        "%(quantity)s %(unit)s, the mean yearly use of %(number)d full years (%(years)s).",
        len(found.used),
    ) % {"quantity": f"{found.quantity:,}", "unit": unit, "number": len(found.used), "years": years}
    if not found.is_full:
        told += " " + _("The ledger does not go back five years.")
    return told
