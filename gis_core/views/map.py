"""The map page, and the small answers it asks for while it is used."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.api import parameters
from gis_core.api.problems import BadRequest, problem
from gis_core.csp import allows_base_maps
from gis_core.layers.filters import BadFilter, LayerQuery, find_area
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea

from . import listing
from .map_config import layer_groups, map_config
from .map_facts import area_facts, area_names, count_in_view, has_schematic
from .map_search import search
from .map_text import text

MAX_ZOOM = 24


@allows_base_maps
@require_safe
@never_cache
def map_page(request: HttpRequest) -> HttpResponse:
    config = map_config(request.user)
    context = {
        "config": config,
        "text": text(),
        "groups": layer_groups(request.user),
        "addable": [
            layer
            for layer in layers.visible_to(request.user)
            if layer.has_own_place and layer.begins_alone and permissions.can_add(request.user, layer)
        ],
        "upper_areas": config["areas"],
        "bases": config["bases"],
        "is_administrator": permissions.is_administrator(request.user),
    }
    return render(request, "gis_core/map.html", context)


@require_safe
@never_cache
def config(request: HttpRequest) -> JsonResponse:
    """The map's configuration and words as JSON, for the small maps on other pages."""
    return JsonResponse({"config": map_config(request.user), "text": text()})


@require_safe
@never_cache
def counts(request: HttpRequest) -> HttpResponse:
    """What is true of a view: ``?bbox=w,s,e,n&zoom=z&layers=a,b&area=…&<layer>.<filter>=…``.

    Counts are of what this person may see. A layer whose filter makes no sense has no count.
    """
    params = request.GET
    try:
        area = parameters.bbox(params)
        zoom = int(params.get("zoom", ""))
    except (BadRequest, ValueError) as error:
        return problem(400, str(error))
    if area is None or not 0 <= zoom <= MAX_ZOOM:
        return problem(400, _("A bbox and a zoom are needed."))
    west, south, east, north = map(float, params["bbox"].split(",")[:4])
    found = {}
    for layer in _asked_layers(request):
        try:
            query = LayerQuery(layer, request.user, _layer_params(params, layer))
            found[layer.id] = count_in_view(query, area, (west, south, east, north), zoom)
        except BadFilter:
            continue
    return JsonResponse({"counts": found, "areas": area_names(area, zoom), "schematic": has_schematic(area)})


def _asked_layers(request: HttpRequest) -> list[Layer]:
    asked = request.GET.get("layers", "").split(",")
    return [layer for layer in layers.visible_to(request.user) if layer.id in asked]


def _layer_params(params: QueryDict, layer: Layer) -> QueryDict:
    """The parameters meant for one layer: its own, without the prefix, and the area."""
    own = QueryDict(mutable=True)
    prefix = f"{layer.id}."
    for name, values in params.lists():
        if name.startswith(prefix):
            own.setlist(name.removeprefix(prefix), values)
    if area := params.get("area", ""):
        own["area"] = str(area)
    return own


@require_safe
@never_cache
def map_search(request: HttpRequest) -> JsonResponse:
    """Records and areas by name, address, parcel number or code: ``?q=``."""
    return JsonResponse({"results": search(request.user, request.GET.get("q", ""))})


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """``?area=`` (id or code): that area. ``?parent=`` (id): that area, and those directly below it."""
    if text_ := request.GET.get("area", ""):
        area = find_area(text_)
        return JsonResponse({"areas": [area_facts(area)] if area else []})
    parent = request.GET.get("parent", "")
    above = AdminArea.objects.filter(pk=int(parent)).first() if parent.isdecimal() and len(parent) < 18 else None
    if above is None:
        raise Http404
    below = above.children.current().order_by("mois_code")
    return JsonResponse({"parent": area_facts(above), "areas": [area_facts(area) for area in below]})


@require_safe
@never_cache
def filters(request: HttpRequest, layer: Layer) -> HttpResponse:
    """A layer's filters as a form fragment for the layer tree. The map has its own area chooser."""
    if not permissions.can_view(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you see this list."))
    query = LayerQuery(layer, request.user, request.GET)
    fields = (field for field in listing.filter_fields(query, request.GET) if field["name"] != "area")
    context: dict[str, Any] = {
        "layer": layer,
        "fields": fields,
        "words": request.GET.get("q", ""),
        "hint": listing.search_hint(layer),
    }
    return render(request, "gis_core/_map_filters.html", context)
