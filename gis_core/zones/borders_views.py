"""What lies at a zone's inner border: as a table by layer and as a map."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from shapely import union_all
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.layers.layer import Category, Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, CooperationZone

from . import scorecard_querysets
from .adjacency import pairs
from .borders import inner_border
from .borders_map import MEMBER, OTHER, Frame, Ground, Sign, draw, frame_of
from .borders_querysets import Near, NearLayer, near, towns_within
from .scorecard import outermost
from .scorecard_views import find_zone

METRES = (100, 500, 1000)
USUAL_METRES = 500


class MetresForm(forms.Form):
    metres = forms.TypedChoiceField(
        choices=[(each, f"{each:,} m") for each in METRES], coerce=int,
        label=gettext_lazy("Within"),
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def border(request: HttpRequest, pk: int) -> HttpResponse:
    """``?metres=``: how near the border; 100, 500 or 1000."""
    zone = find_zone(request.user, pk)
    form = MetresForm(request.GET if "metres" in request.GET else {"metres": USUAL_METRES})
    metres = form.cleaned_data["metres"] if form.is_valid() else USUAL_METRES
    shapes = _members(zone)
    line = inner_border(shapes, pairs(shapes))
    context: dict[str, Any] = {
        "zone": zone, "record": zone, "layer": layers.get("zones"), "tab": "border", "form": form, "metres": metres,
        "member_count": len(shapes), "has_border": not line.is_empty,
    }  # fmt: skip
    if not line.is_empty:
        # What simplifying moves is less than anybody knows of a border.
        found = list(near(request.user, to_geos(line.simplify(1.0)), metres))  # type: ignore[arg-type]
        context |= {
            "length": f"{line.length / 1000:,.1f}",
            "groups": [_group(each) for each in found],
            "map": _map(zone, shapes, line, metres, found),
            "hides_places": any(each.layer.place_is_personal for each in found),
            "map_url": f"{reverse('map')}?on=zones,{','.join(each.layer.id for each in found)}&sel=zones/{zone.pk}",
        }
    return render(request, "gis_core/zones/border.html", context, status=422 if form.errors else 200)


def _members(zone: CooperationZone) -> dict[int, BaseGeometry]:
    """The shapes of the zone's members; of members within one another, the outermost."""
    members = scorecard_querysets.members_of(zone)
    below, _towns = scorecard_querysets.below_of(area.pk for area in members)
    found = AdminArea.objects.filter(pk__in=outermost(below, below)).values_list("pk", "geometry")
    return {pk: shape for pk, geometry in found if (shape := to_shapely(geometry)) is not None}


def _group(found: NearLayer) -> dict[str, Any]:
    layer = found.layer
    return {
        "layer": layer, "total": found.total, "more": found.total - len(found.rows),
        "rows": [{"near": row, "name": _name(layer, row), "category": _category(layer, row),
                  "metres": _("on the border") if row.metres < 1 else f"{row.metres:,.0f} m",
                  "map_url": f"{reverse('map')}?on=zones,{layer.id}&sel={layer.id}/{row.pk}"} for row in found.rows],
    }  # fmt: skip


def _name(layer: Layer, row: Near) -> str:
    return row.label or f"{layer.singular} {row.pk}"


def _category(layer: Layer, row: Near) -> Category | None:
    if layer.style.property is None:
        return None
    return next((each for each in layer.style.categories if str(each.value) == row.category), None)


def _map(
    zone: CooperationZone, shapes: dict[int, BaseGeometry], line: BaseGeometry, metres: float, found: list[NearLayer]
) -> Any:
    band = line.buffer(metres, quad_segs=4)
    frame = frame_of([line, band])
    signs = [
        _sign(each.layer, row, row.place)
        for each in found
        if each.layer.geometry_type == "Point"
        for row in each.rows
        if row.place is not None
    ]
    title = _("Map of the inner border of %(zone)s") % {"zone": zone}
    drawn = draw(frame, _grounds(frame, shapes), title, border=line, near=band, signs=signs)
    # Made of numbers and escaped names only.
    return mark_safe(drawn)  # noqa: S308


def _grounds(frame: Frame, shapes: dict[int, BaseGeometry]) -> list[Ground]:
    """The towns in the picture, the zone's own in white."""
    towns = towns_within(frame.bounds).values_list("name", "geometry")
    members = union_all(list(shapes.values()))
    found = [(name, to_shapely(geometry)) for name, geometry in towns]
    return [
        Ground(shape, name, MEMBER if members.covers(shape.representative_point()) else OTHER)
        for name, shape in found
        if shape is not None
    ]


def _sign(layer: Layer, row: Near, place: tuple[float, float]) -> Sign:
    style = _category(layer, row) or layer.style.categories[0]
    return Sign(place, style.color, style.shape, f"{layer.singular}: {_name(layer, row)}")
