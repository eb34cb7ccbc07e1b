"""What the sections of a zone's page need."""

from typing import Any

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_core.models import CooperationZone
from gis_core.zones import words
from gis_core.zones.agreement_services import may_change
from gis_core.zones.look import Look, look_at
from gis_core.zones.standing import Standing, State, standing

register = template.Library()


@register.simple_tag(takes_context=True)
def look_of(context: RequestContext, zone: CooperationZone) -> Look:
    """The zone's members and how they hang together, as this person sees it."""
    return look_at(context["request"].user, zone.member_areas.values_list("pk", flat=True), zone)


@register.simple_tag(takes_context=True)
def agreements_of(context: RequestContext, zone: CooperationZone) -> dict[str, Any]:
    """The zone's agreements, those that count now first, with how each stands today."""
    day = timezone.localdate()
    found = zone.agreements.live().select_related("document").prefetch_related("parties")
    rows = [(each, standing(each.valid_from, each.valid_until, day)) for each in found]
    rows.sort(key=lambda row: list(State).index(row[1].state) if not row[1].is_in_force else -1)
    return {"rows": rows, "may_change": zone.retired_at is None and may_change(context["request"].user, zone)}


@register.filter
def said(found: Standing) -> str:
    return words.said(found)


@register.filter
def look_of_state(state: State) -> str:
    """The badge's class."""
    return words.LOOKS[state]


@register.filter
def summary(look: Look) -> str:
    """A look in one line, for the bar above the map."""
    members = len(look.members)
    parts = [ngettext("%(count)d member", "%(count)d members", members) % {"count": members}]
    if look.km2 is not None:
        parts.append(f"{localize(round(look.km2, 1))} km²")
    if look.apart:
        parts.append(_("lies apart: %(names)s") % {"names": look.names_apart})
    elif members > 1:
        parts.append(_("hang together"))
    return " · ".join(parts)
