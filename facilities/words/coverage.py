"""What does not fit together in a plan, in the user's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.plan.document import Document
from facilities.plan.findings import Finding

from .document import AMENITY_LABELS, FIXTURE_LABELS
from .figures import area, metres
from .names import level_name, room_names

SENTENCES: Mapping[str, str | Promise] = {
    "amenity_outside_rooms": gettext_lazy("%(part)s is in no room."),
    "duplicate_number": gettext_lazy("Room number %(number)s is used more than once on this level: %(rooms)s."),
    "fixture_outside_rooms": gettext_lazy("%(part)s is in no room."),
    "gap": gettext_lazy("%(area)s belong to no room and are too wide for a wall."),
    "no_outline": gettext_lazy("%(level)s has no outline, so gaps cannot be found and areas do not add up."),
    "opening_joins_nothing": gettext_lazy("An opening touches no room."),
    "opening_joins_one_side": gettext_lazy("An opening of %(rooms)s leads nowhere on its other side."),
    "opening_outside": gettext_lazy("An opening of %(rooms)s leads outside but is no entrance."),
    "opening_within_room": gettext_lazy("An opening has %(rooms)s on both sides."),
    "room_invalid": gettext_lazy("The outline of %(rooms)s crosses itself."),
    "room_outside_outline": gettext_lazy("%(rooms)s reaches %(area)s beyond the outline of the level."),
    "rooms_overlap": gettext_lazy("%(rooms)s overlap by %(area)s."),
    "sliver": gettext_lazy(
        "%(rooms)s are %(width)s cm apart along %(length)s m. Let them touch, or leave the thickness of a wall."
    ),
    "unnamed_room": gettext_lazy("A room of %(size)s has neither name nor number."),
}


def text(finding: Finding, document: Document) -> str:
    """A finding of ``facilities.plan.coverage``. Raises KeyError for a code that is none of its."""
    params = finding.params
    size = finding.geometry.area if finding.geometry is not None else 0.0
    return str(SENTENCES[finding.code]) % {
        **params,
        "area": area(params.get("area", 0.0)),
        "length": metres(params.get("length", 0.0)),
        "level": level_name(document.level_of[finding.level]),
        "part": _part_name(finding, document),
        "rooms": room_names(document, finding.keys) or _("a room"),
        "size": area(size),
        "width": metres(params.get("width", 0.0) * 100),
    }


def _part_name(finding: Finding, document: Document) -> str:
    key = finding.keys[0] if finding.keys else ""
    if key in document.index["fixtures"]:
        part = document.index["fixtures"][key]
        return str(part.name or FIXTURE_LABELS[part.category])
    part = document.index["amenities"].get(key)
    return str(part.name or AMENITY_LABELS[part.category]) if part else ""
