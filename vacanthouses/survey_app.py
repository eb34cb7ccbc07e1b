"""The survey on a phone as an installable app: what its page consists of (``gis_core.offline.shell``)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_core.models import Role
from gis_core.offline.shell import Shell

# The words of its scripts; {name} is filled in there (js/map/text.js).
_TEXT: dict[str, Promise] = {
    "back": _("Back"),
    "blind": _("survey without the first result"),
    "change": _("Change"),
    "continue_visit": _("Go on with the visit"),
    "correct": _("Correct"),
    "discard": _("Throw the draft away"),
    "differs": _("{field}: at the office {current}, here {yours}"),
    "filter": _("Which houses"),
    "filter_done": _("Done ({count})"),
    "filter_returned": _("Returned ({count})"),
    "filter_todo": _("To do ({count})"),
    "house_number": _("House {number}"),
    "keep_mine": _("Keep what I entered"),
    "map": _("Map"),
    "map_hint": _("Tap a house. Hold a place to add a new house there."),
    "my_records": _("My records"),
    "new_address": _("Address, as far as known"),
    "new_house": _("New house"),
    "new_house_middle": _("New house in the middle of the map"),
    "new_place": _("Place: {lat}, {lon}"),
    "new_pnu": _("Parcel number (PNU), where known"),
    "no": _("No"),
    "no_houses": _("No houses here."),
    "no_records": _("Nothing has been saved on this phone yet."),
    "note": _("Note"),
    "outcome": _("What did you find?"),
    "outcome_gone": _("No house there"),
    "outcome_no_entry": _("Could not enter"),
    "outcome_not_vacant": _("Not vacant"),
    "outcome_surveyed": _("Surveyed"),
    "pack_again": _("Download again"),
    "pack_age": _("{count} houses on this phone. Downloaded {age} ago."),
    "pack_get": _("Download my houses"),
    "pack_left_out": _("{count} more do not fit: ask for smaller areas."),
    "pack_none": _("Download once while you are connected. Then everything works without a network."),
    "pack_wait": _("Downloading …"),
    "photo_again": _("Take “{title}” again"),
    "photo_remove": _("Remove"),
    "photo_sent": _("This photo has arrived at the server."),
    "photo_take": _("Take photo “{title}”"),
    "photo_wait": _("The photo is being made smaller …"),
    "problem_address": _("Describe where the new house is."),
    "problem_missing": _("“{question}” has no answer."),
    "problem_not_a_date": _("“{question}” is no date."),
    "problem_not_a_number": _("“{question}” is no number."),
    "problem_not_a_text": _("“{question}” is no text."),
    "problem_not_an_option": _("“{question}” is not one of the choices."),
    "problem_out_of_range": _("“{question}” lies outside what is possible."),
    "problem_photo_missing": _("The photo “{question}” is missing."),
    "problem_reason": _("Say why."),
    "problem_too_long": _("“{question}” is too long."),
    "reason": _("Reason"),
    "required": _("required"),
    "returned_with": _("The office says: {comment}"),
    "route_stop": _("stop {number}"),
    "save_failed": _("It could not be saved. What you entered is still on this page; try again."),
    "save_visit": _("Save on this phone"),
    "start_visit": _("Begin the visit"),
    "take_theirs": _("Take the office's"),
    "why_suspected": _("Why it is suspected"),
    "yes": _("Yes"),
}


def survey_text() -> dict[str, str]:
    """The words in the language of the page."""
    return {key: str(value) for key, value in _TEXT.items()}


SURVEY = Shell(
    id="survey",
    title=_("Vacant-house survey"),
    short_title=_("Survey"),
    template="vacanthouses/survey/app.html",
    modules=("vacanthouses/js/survey/app.js",),
    scripts=("leaflet/leaflet.js",),
    styles=("leaflet/leaflet.css", "vacanthouses/css/survey.css"),
    roles=(Role.SURVEYOR, Role.SURVEY_MANAGER),
    text=survey_text,
)
