"""What the pages of projects and of zones show of money, events and outputs."""

import uuid
from decimal import Decimal
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, transformer
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone
from gis_core.models.cooperation import ZoneProject
from gis_core.permissions import can_add
from gis_core.zones import projects_pages as pages
from gis_core.zones.projects_forms import StageForm
from gis_core.zones.projects_views import KINDS, new_form

register = template.Library()

# How close the map is when the place of a zone's project is to be drawn.
DRAWING_ZOOM = 12


@register.filter
def krw(value: int | None) -> str:
    """Whole KRW with their thousands apart; a dash for what nobody knows."""
    return "–" if value is None else formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


@register.filter
def bar_width(money: Any) -> str:
    """How much of a bar 100 wide is filled by what is known to be spent."""
    spent = money.spent or 0
    return f"{min(100.0, 100 * spent / money.planned) if money.planned else 0:.1f}"


@register.filter
def quantity(value: Decimal | None) -> str:
    """A decimal without zeros at its end."""
    if value is None:
        return "–"
    return f"{value:,f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


@register.simple_tag
def project_parts(project: ZoneProject) -> pages.ProjectPage:
    return pages.project_page(project)


@register.simple_tag
def project_forms(project: ZoneProject) -> dict[str, Any]:
    """For each kind of part an empty form, its token and its title, so that it can be added on the project's page."""
    found: dict[str, Any] = {
        kind: {"form": new_form(project, kind), "token": uuid.uuid4(), "title": words.add}
        for kind, words in KINDS.items()
    }
    found["stage"] = StageForm(instance=project, initial={"version": project.version}, auto_id="stage_%s")
    return found


@register.simple_tag(takes_context=True)
def projects_of_zone(context: RequestContext, zone: CooperationZone) -> pages.ZoneProjects:
    return pages.zone_projects(context["request"].user, zone.pk)


@register.simple_tag(takes_context=True)
def project_add_url(context: RequestContext, zone: CooperationZone) -> str:
    """The map, close to the zone, with the form of a new project of it; empty for those who add none."""
    layer = layers.get("zone-projects")
    if zone.retired_at or not can_add(context["request"].user, layer):
        return ""
    middle = zone.geometry.centroid
    lon, lat = transformer(STORAGE_SRID, LONLAT_SRID).transform(middle.x, middle.y)
    asked: dict[str, Any] = {"add": layer.id, "zone": zone.pk, "at": f"{DRAWING_ZOOM}/{lat:.5f}/{lon:.5f}"}
    return f"{reverse('map')}?{urlencode(asked)}"
