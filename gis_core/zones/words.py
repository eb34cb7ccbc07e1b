"""How an agreement stands, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .standing import Standing, State

STATES: dict[State, Promise] = {
    State.IN_FORCE: gettext_lazy("In force"),
    State.ENDING: gettext_lazy("Ends soon"),
    State.COMING: gettext_lazy("Not yet in force"),
    State.EXPIRED: gettext_lazy("Expired"),
}
# The badge's class for each.
LOOKS = {State.IN_FORCE: "success", State.ENDING: "example", State.COMING: "information", State.EXPIRED: ""}


def said(found: Standing) -> str:
    """A standing as a badge says it: "In force", "Ends in 12 days"."""
    days = found.days or 0
    if found.state == State.ENDING:
        if not days:
            return _("Ends today")
        return ngettext("Ends in %(days)d day", "Ends in %(days)d days", days) % {"days": days}
    if found.state == State.COMING:
        return ngettext("In force in %(days)d day", "In force in %(days)d days", days) % {"days": days}
    return str(STATES[found.state])
