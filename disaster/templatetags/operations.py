"""Operations on the page of an incident."""

from typing import Any

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from disaster import operations_map as drawing
from disaster.models import Incident, IncidentState, TransferOrder
from disaster.order_lines import row
from disaster.querysets_operations import figures, may_act_in, orders, place_of
from gis_core.editing.shapes import to_shapely
from gis_core.models import AdminArea
from gis_core.static_map import Ground

register = template.Library()


@register.inclusion_tag("disaster/_incident_orders.html", takes_context=True)
def incident_orders(context: dict[str, Any], incident: Incident) -> dict[str, Any]:
    """What was asked for an incident and how it stands, with the map of where it comes from. Three statements."""
    user = context["request"].user
    found = list(orders(user).filter(incident=incident).order_by("pk"))
    still_out = [order for order in found if figures(order).on_the_way or figures(order).out]
    return {
        "incident": incident,
        "rows": [row(order) for order in found],
        "still_out": len(still_out),
        "is_open": incident.state == IncidentState.OPEN,
        "may_act": incident.retired_at is None and may_act_in(user, incident.area_id),
        "map": _map(incident, found),
        "csrf_token": context.get("csrf_token"),
    }


def _map(incident: Incident, found: list[TransferOrder]) -> str:
    """Empty where nothing comes from anywhere."""
    given = [(order, order.source) for order in found if order.source and order.state not in ("refused", "cancelled")]
    if not given:
        return ""
    here = place_of(incident)
    # Two depots of a town stand side by side: what comes from the town is written once.
    by_town: dict[Any, list[str]] = {}
    for order, source in given:
        by_town.setdefault(source.area, []).append(f"{order.item} {order.quantity:,}")
    marks: dict[int, drawing.Mark] = {}
    for _order, source in given:
        told = by_town.pop(source.area, None)
        text = f"{source.area.name if source.area else source}: {', '.join(told)}" if told else ""
        marks.setdefault(source.pk, drawing.Mark(place_of(source), "even", text, str(source)))
    lines = [drawing.Line(mark.place, here) for mark in marks.values()]
    towns = {incident.area_id, *(source.area_id for _order, source in given)}
    areas = AdminArea.objects.filter(pk__in=[key for key in towns if key is not None])
    grounds = [Ground(shape, area.name) for area in areas if (shape := to_shapely(area.geometry)) is not None]
    shown = [*marks.values(), drawing.Mark(here, "incident", "", str(incident))]
    return mark_safe(drawing.draw(shown, lines, grounds, _("Where it comes from")))  # noqa: S308
