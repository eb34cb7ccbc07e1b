"""A plan's edits in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from facilities.models import PlanEdit

register = template.Library()

_OPERATIONS = {
    "draw": gettext_lazy("Room drawn"),
    "split": gettext_lazy("Room split"),
    "merge": gettext_lazy("Rooms merged"),
    "reshape": gettext_lazy("Room reshaped"),
    "move_corners": gettext_lazy("Wall moved"),
    "place_opening": gettext_lazy("Door placed"),
    "move_opening": gettext_lazy("Door moved"),
    "place": gettext_lazy("Fixture placed"),
    "move": gettext_lazy("Moved"),
    "set": gettext_lazy("Facts changed"),
    "remove": gettext_lazy("Removed"),
    "assign_team": gettext_lazy("Team moved"),
    "copy_level": gettext_lazy("Level copied"),
    "copy": gettext_lazy("Copied from another plan"),
    "import": gettext_lazy("Imported from a file"),
    "undo": gettext_lazy("Undone"),
    "redo": gettext_lazy("Done again"),
}
_SHOWN = 4


@register.filter
def operation_name(edit: PlanEdit) -> str:
    return str(_OPERATIONS.get(edit.operation, edit.operation))


@register.filter
def edit_parts(edit: PlanEdit) -> str:
    """The first few rooms an edit touched by name, and how many parts in all."""
    named = []
    for change in edit.changes:
        part = change["after"] or change["before"]
        if name := part.get("name_ko") or part.get("name_en") or part.get("name") or part.get("number"):
            named.append(name)
    told = ngettext("%(number)d part", "%(number)d parts", len(edit.changes)) % {"number": len(edit.changes)}
    if not named:
        return told
    more = _(" and others") if len(named) > _SHOWN else ""
    return f"{', '.join(dict.fromkeys(named[:_SHOWN]))}{more} ({told})"
