"""The words the map's scripts say. {name} is filled in by the script (js/map/text.js)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TEXT: dict[str, Promise | str] = {
    "all_towns": _("All towns"),
    "base_failed": _("{count} tiles of the base map did not come."),
    "choose_record": _("{count} records here"),
    "close": _("Close"),
    "conflict_mine": _("My shape"),
    "conflict_theirs": _("Shape stored now"),
    "copied": _("Coordinates copied."),
    "copy_failed": _("The browser does not allow copying."),
    "corner": _("Corner {number}. Arrow keys move it, Delete removes it."),
    "count_exact": "{count}",
    "count_more": _("over {count}"),
    "counts_failed": _("The counts could not be read."),
    "crosses_itself": _("The outline crosses itself."),
    "draft_discard": _("Discard draft"),
    "draft_restored": _("Your unsaved draft of {time} is back."),
    "draft_resume": _("Go on"),
    "draft_waits": _("Unsaved draft: {what}"),
    "filtered_to": _("Filtered to {area}."),
    "filtered_to_nothing": _("All areas are shown."),
    "hint_corners": _("Drag the corners. Right-click or Delete removes one."),
    "hint_draw_line": _("Click the corners one after another; the last one again ends the line."),
    "hint_draw": _("Click the corners one after another; the first one again closes the outline."),
    "hint_form": _("Change the facts in the panel."),
    "hint_hole": _("Draw the hole inside the outline."),
    "hint_lasso": _("Draw around the areas in one go. Escape stops."),
    "hint_members": _("Click areas to add them or take them away."),
    "hint_point_move": _("Drag the mark, or click where it belongs."),
    "hint_point_place": _("Click where it is."),
    "hole_refused": _("A hole must lie wholly inside the outline and must not touch another hole."),
    "loading": _("Loading…"),
    "locate_failed": _("Your position is not available. Check the browser's permission."),
    "located": _("Your position, within {metres} m."),
    "locating": _("Looking for your position…"),
    "measured": _("{area} · edge {length}"),
    "members_added": _("Added: {names}"),
    "members_failed": _("Which areas lie inside could not be found out. Try again."),
    "members_removed": _("Taken away: {names}"),
    "network_failed": _("No connection to the server. What you entered is kept."),
    "no_area_here": _("There is no area of the chosen level here."),
    "not_found": _("This record is not there, or your roles do not reach it."),
    "place_degrees": _("Lat {first}, Lon {second}"),
    "place_metres": "X {first}, Y {second}",
    "place_not_understood": _("These are not coordinates in Korea in the chosen system."),
    "place_of_centre": _("Middle of the map"),
    "place_of_pointer": _("Under the pointer"),
    "search_failed": _("The search does not work just now."),
    "search_found": _("{count} found"),
    "search_nothing": _("Nothing found."),
    "server_failed": _("The server could not do this. What you entered is kept."),
    "shape_not_read": _("The shape could not be read."),
    "tiles_failed": _("{count} map tiles did not come."),
    "try_again": _("Try again"),
}


def text() -> dict[str, str]:
    """The words in the language of the page."""
    return {key: str(value) for key, value in _TEXT.items()}
