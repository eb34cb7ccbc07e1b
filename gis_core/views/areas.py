"""An area's page: what it is, what lies in it, and which codes and boundaries it has had."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.csp import allows_base_maps
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel


@dataclass(frozen=True)
class LayerCount:
    """A layer's figures in an area, as far as this person may see it."""

    layer: Layer
    count: int
    url: str
    map_url: str
    sums: list[dict[str, Any]] = field(default_factory=list)


def layer_counts(user: Any, area: AdminArea) -> list[LayerCount]:
    below = AdminArea.objects.descendant_ids([area.pk])
    found = []
    for layer in layers.visible_to(user):
        if layer.id == "areas":
            continue
        records = layer.in_areas(layer.queryset(user), below).order_by()
        figures = {f"s{number}": figure.expression for number, figure in enumerate(layer.sums)}
        totals = records.aggregate(count=Count("pk"), **figures)
        found.append(
            LayerCount(
                layer=layer,
                count=totals["count"],
                url=f"{reverse('record-list', args=[layer])}?area={area.mois_code}",
                map_url=f"{reverse('map')}?on={layer.id}&area={area.pk}",
                sums=[
                    {"title": figure.title, "value": totals[f"s{number}"], "unit": figure.unit}
                    for number, figure in enumerate(layer.sums)
                ],
            )
        )
    return found


@allows_base_maps
@require_safe
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """By the current code. A former code, or one of the other system, leads to the area's page of today."""
    area = AdminArea.objects.by_code(code)
    if area is None:
        raise Http404
    if code != area.mois_code:
        return redirect("area-page", area.mois_code)
    areas = layers.get("areas")
    context = {
        "area": area,
        "record": area,
        "layer": areas,
        "counts": layer_counts(request.user, area),
        "codes": area.codes.order_by(F("valid_to").desc(nulls_first=True), "-system", "code"),
        "editions": area.editions.defer("geometry"),
        "children": area.children.current().defer("geometry").order_by("mois_code"),
        "is_town": area.level == AreaLevel.EUPMYEONDONG,
        "map_url": f"{reverse('map')}?area={area.pk}&sel=areas/{area.pk}",
        "is_administrator": permissions.is_administrator(request.user),
    }
    return render(request, "gis_core/area_page.html", context)
