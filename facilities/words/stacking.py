"""Stacking advice in words: which team should move, why, and why not."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.plan.document import Document
from facilities.plan.findings import Finding
from facilities.plan.stacking import Advice

from .names import level_name, room_name


def move_text(advice: Advice, document: Document) -> str:
    """“Welfare team: from 3F 301 Office to 1F 102 Office”."""
    team = document.team_of[advice.team].name
    to = place_text(document, advice.to_unit)
    if not advice.from_units:
        return _("%(team)s: to %(to)s") % {"team": team, "to": to}
    left = ", ".join(place_text(document, key) for key in advice.from_units)
    return _("%(team)s: from %(left)s to %(to)s") % {"team": team, "left": left, "to": to}


def place_text(document: Document, key: str) -> str:
    unit = document.get("units", key)
    level = document.level_of.get(unit.level)
    return " ".join(part for part in (level_name(level) if level else "", room_name(unit)) if part)


def reason_text(advice: Advice, document: Document) -> str:
    params = {
        **advice.params,
        "others": ", ".join(document.team_of[key].name for key in advice.params["for"]),
        "staff": _staff(advice.params["heads"]),
    }
    return _REASONS[advice.code](params)


def text(finding: Finding, document: Document) -> str:
    """Why nothing is advised. Raises KeyError for a finding that is not of stacking."""
    return _WHY_NOT[finding.code](dict(finding.params))


def _staff(number: int) -> str:
    return ngettext("%(number)d member of staff", "%(number)d members of staff", number) % {"number": number}


def _to_visitors(params: dict[str, Any]) -> str:
    words = ngettext(
        "%(visits)d civil visits a day would be %(floors)d floor nearer to the entrance.",
        "%(visits)d civil visits a day would be %(floors)d floors nearer to the entrance.",
        params["floors"],
    )
    return words % params


def _more_room(params: dict[str, Any]) -> str:
    return _("%(staff)s are planned, but its rooms hold %(holds)d; the new one holds %(room_for)d.") % params


def _makes_room(params: dict[str, Any]) -> str:
    if params["visits"]:
        return _("Only %(visits)d civil visits a day: it makes room for %(others)s.") % params
    return _("No civil visits: it makes room for %(others)s.") % params


_REASONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "seat": lambda p: _("It has no room in this plan; %(staff)s need one.") % p,
    "to_visitors": _to_visitors,
    "makes_room": _makes_room,
    "more_room": _more_room,
}
_WHY_NOT: dict[str, Callable[[dict[str, Any]], str]] = {
    "no_teams": lambda p: _("No team is seated in this plan yet. Assign teams to rooms in the plan editor first."),
    "no_visits": lambda p: _("No team has a number of civil visits yet. Record them with the centre's teams."),
    "already_near": lambda p: _("Every team that people visit sits on the ground floor already."),
    "no_office_below": lambda p: (
        _("%(name)s (%(visits)d visits a day) stays: no office and no idle room lies further down.") % p
    ),
    "no_space_below": lambda p: (
        _("%(name)s (%(visits)d visits a day) stays: further down, staff would be %(crowded)s places short.") % p
    ),
    "little_gain": lambda p: _("%(name)s (%(visits)d visits a day) stays: moving it would gain too little.") % p,
}
