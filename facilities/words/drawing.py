"""What an edit was refused for, and what it did beside what was asked, in the user's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from facilities.plan.document import Document
from facilities.plan.drawing import Refused
from facilities.plan.findings import Finding

from .figures import area, metres
from .names import level_name, room_names

Text = str | Promise

FIELD_NAMES: Mapping[str, Text] = {
    "at": gettext_lazy("place"),
    "category": gettext_lazy("category"),
    "desks": gettext_lazy("desks"),
    "geometry": gettext_lazy("geometry"),
    "line": gettext_lazy("line"),
    "name": gettext_lazy("name"),
    "name_en": gettext_lazy("name (English)"),
    "name_ko": gettext_lazy("name (Korean)"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("room number"),
    "restriction": gettext_lazy("restriction"),
    "shaft": gettext_lazy("shaft"),
    "teams": gettext_lazy("teams"),
    "width": gettext_lazy("width"),
}

# Rooms, where the sentence names them, are in %(rooms)s.
REFUSALS: Mapping[str, Text] = {
    "bad_number": gettext_lazy("%(field)s must be a number from %(low)s to %(high)s."),
    "bad_text": gettext_lazy("%(field)s contains characters that cannot be stored."),
    "bad_value": gettext_lazy("%(field)s cannot be “%(value)s”."),
    "corner_twice": gettext_lazy("The same corner cannot be moved to two places."),
    "do_not_touch": gettext_lazy("%(rooms)s cannot be merged, because they do not touch and no wall joins them."),
    "level_not_empty": gettext_lazy(
        "Something is drawn on %(level)s already. Choose to replace it, or copy elsewhere."
    ),
    "line_misses": gettext_lazy("The line does not cross %(rooms)s from wall to wall."),
    "malformed": gettext_lazy("The edit could not be understood (%(field)s)."),
    "merge_too_few": gettext_lazy("Choose at least two rooms to merge, and which of them is to stay."),
    "no_corner": gettext_lazy("No room has a corner or a wall there."),
    "no_free_space": gettext_lazy("There is no free space: it belongs to %(rooms)s."),
    "no_room_on_wall": gettext_lazy("Other openings leave no room for %(width)s m on this wall."),
    "no_wall_near": gettext_lazy("There is no wall within %(within)s m for an opening."),
    "not_computable": gettext_lazy("The shapes here are broken. Redraw the room and try again."),
    "nothing_told": gettext_lazy("The edit does not say what is to change."),
    "other_level": gettext_lazy("Only rooms on the same level can be merged."),
    "outside_outline": gettext_lazy("%(rooms)s would reach %(area)s beyond the outline of the level."),
    "overlap": gettext_lazy("%(rooms)s would overlap by %(area)s."),
    "room_would_vanish": gettext_lazy("Nothing would be left of %(rooms)s. Delete or merge it instead."),
    "same_level": gettext_lazy("A level cannot be copied onto itself."),
    "self_crossing": gettext_lazy("The outline of the room crosses itself."),
    "team_not_there": gettext_lazy("The team is not seated in %(rooms)s."),
    "too_long": gettext_lazy("%(field)s has more than %(maximum)s characters."),
    "too_many_corners": gettext_lazy("A shape has at most %(maximum)s corners."),
    "too_many_operations": gettext_lazy("At most %(maximum)s edits can be made at once."),
    "too_small": gettext_lazy("A room of %(area)s is too small: the least is %(least)s m²."),
    "unknown_attribute": gettext_lazy("There is no attribute “%(field)s”."),
    "unknown_level": gettext_lazy("This level no longer exists."),
    "unknown_operation": gettext_lazy("The edit could not be understood (%(op)s)."),
    "unknown_part": gettext_lazy("This part of the plan no longer exists."),
    "unknown_team": gettext_lazy("This team does not belong to the centre."),
    "wall_too_short": gettext_lazy("The wall is %(length)s m long, which is too short for an opening of %(width)s m."),
}


def refusal_text(refused: Refused, document: Document) -> str:
    """Why an operation was refused. Raises KeyError for a code that is none."""
    return str(REFUSALS[refused.code]) % {
        **_plain(refused.params, document),
        "rooms": _rooms(document, refused.keys),
    }


def _plain(params: Mapping[str, Any], document: Document) -> dict[str, Any]:
    worded = dict(params)
    if "field" in params:
        worded["field"] = FIELD_NAMES.get(params["field"], params["field"])
    if "area" in params:
        worded["area"] = area(params["area"])
    if "level" in params:
        worded["level"] = level_name(document.level_of[params["level"]])
    for name in params.keys() & {"width", "length", "low", "high", "within", "least"}:
        worded[name] = metres(params[name])
    return worded


def text(finding: Finding, document: Document) -> str:
    """What an operation did beside what was asked. Raises KeyError for a code that is none of these."""
    params = finding.params
    count = int(params.get("count", params.get("parts", 0)))
    sentence = _NOTES[finding.code](count)
    return sentence % {**_plain(params, document), "rooms": _rooms(document, finding.keys[:1])}


def _rooms(document: Document, keys: Sequence[str]) -> str:
    """The rooms by name; one that the refused edit would have made has none yet."""
    known = [key for key in keys if key in document.index["units"]]
    named = [room_names(document, known)] if known else []
    return ", ".join(named if 0 < len(known) == len(keys) else [*named, _("the new room")])


def _openings_removed(count: int) -> str:
    return ngettext(
        "%(count)s opening was removed because its wall is gone.",
        "%(count)s openings were removed because their walls are gone.",
        count,
    )


def _openings_pushed(count: int) -> str:
    return ngettext(
        "%(count)s opening was pushed along its wall to clear a corner.",
        "%(count)s openings were pushed along their walls to clear a corner.",
        count,
    )


def _teams_not_copied(count: int) -> str:
    return ngettext(
        "%(count)s team was not copied, because a team sits in one place.",
        "%(count)s teams were not copied, because a team sits in one place.",
        count,
    )


_NOTES = {
    "largest_part_kept": lambda count: _(
        "The free space fell into %(parts)s parts. The largest became the room; %(area)s were left."
    ),
    "openings_pushed": _openings_pushed,
    "openings_removed": _openings_removed,
    "room_fell_apart": lambda count: _("%(rooms)s fell into %(parts)s parts. The smaller ones became new rooms."),
    "teams_not_copied": _teams_not_copied,
}
