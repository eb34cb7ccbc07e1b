"""The area schedule in words: what is missing, and how its rows are called."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from facilities.plan.document import Document
from facilities.plan.findings import Finding
from facilities.plan.standards import Standard
from facilities.plan.uses import GROUPS

from .document import UNIT_CATEGORY_LABELS, Labels
from .names import level_name, room_names
from .uses import GROUP_LABELS

# Square metres a head, of which rooms.
PER_HEAD_LABELS: Labels = {
    "rooms": pgettext_lazy("per head", "All rooms"),
    "work": pgettext_lazy("per head", "Offices"),
    "seated": pgettext_lazy("per head", "Rooms of teams"),
}
SHARING_NOTE = gettext_lazy(
    "A room of several teams is divided by their planned staff; where none is planned, by today's; else equally."
)

_Params = dict[str, Any]


def text(finding: Finding, document: Document) -> str:
    """Raises KeyError for a finding that is not the schedule's."""
    words = _TEXTS[finding.code]
    params = {
        **finding.params,
        "level": level_name(document.level_of[finding.level]) if finding.level in document.level_of else "",
        "rooms": room_names(document, finding.keys) or _("a room"),
    }
    return words(params)


def standard_text(standard: Standard, document: Document) -> str:
    """What a standard applies to: the category, the group of uses, the team, or all rooms."""
    asked = standard.applies_to
    if asked in UNIT_CATEGORY_LABELS:
        return str(UNIT_CATEGORY_LABELS[asked])
    if asked in GROUPS:
        return str(GROUP_LABELS[asked])
    team = document.team_of.get(asked)
    return team.name if team else asked or _("all rooms")


def _m2(value: float) -> str:
    return f"{value:,.2f}"


_TEXTS: dict[str, Callable[[_Params], str]] = {
    "no_outline": lambda p: _("%(level)s has no outline yet, so walls and the whole cannot be told.") % p,
    "overlap": lambda p: (
        _("%(rooms)s on %(level)s overlap by %(m2)s m², which is counted twice.") % {**p, "m2": _m2(p["m2"])}
    ),
    "outside": lambda p: _("%(rooms)s on %(level)s reaches %(m2)s m² beyond the outline.") % {**p, "m2": _m2(p["m2"])},
    "unassigned": lambda p: _("%(m2)s m² of %(level)s is neither room nor wall.") % {**p, "m2": _m2(p["m2"])},
    "no_category": lambda p: _("The use of %(rooms)s on %(level)s is not decided.") % p,
    "no_team": lambda p: _("No team sits in %(rooms)s on %(level)s, and it is not marked as idle.") % p,
    "unknown_team": lambda p: _("%(rooms)s on %(level)s has a team that the centre no longer has.") % p,
    "not_seated": lambda p: _("%(name)s (%(heads)d staff) has no room in this plan.") % p,
    "no_standards": lambda p: _("No area standard is recorded, so none is held against this plan."),
    "unknown_unit": lambda p: _("The standard %(code)s is in a unit that cannot be counted: %(unit)s.") % p,
    "not_measured": lambda p: _("The standard %(code)s cannot be held against this plan: nothing to count.") % p,
    "below_standard": lambda p: (
        _("Below the standard %(code)s: %(actual)s of %(required)s m².")
        % {**p, "actual": _m2(p["actual"]), "required": _m2(p["required"])}
    ),
}
