"""What the map's scripts are told: layers, styles, addresses, base maps and where to begin. Read by js/map/main.js."""

from itertools import groupby
from typing import Any

from django.contrib.gis.db.models import Extent
from django.urls import reverse
from leaflet import app_settings

from gis_core import permissions
from gis_core.crs import KOREA, LONLAT_SRID, STORAGE_SRID, transformer
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel, BaseMap
from gis_core.models.basemaps import BaseMapKind

# Tile units (of 4096) around a tile: a symbol on the border is then drawn whole on both sides of it.
TILE_BUFFER = 128


def map_config(user: Any) -> dict[str, Any]:
    """For the map itself and for the small maps of pages, which show records of every layer."""
    visible = layers.visible_to(user)
    return {
        "user": user.pk or 0,
        "map": {
            "center": app_settings["DEFAULT_CENTER"],
            "zoom": app_settings["DEFAULT_ZOOM"],
            "minZoom": app_settings["MIN_ZOOM"],
            "maxZoom": app_settings["MAX_ZOOM"],
        },
        "extent": extent(user),
        "layers": [layer_config(user, layer) for layer in visible],
        "areas": upper_areas(),
        "bases": [base_map(base) for base in BaseMap.objects.usable()],
        "urls": {
            "counts": reverse("map-counts"),
            "search": reverse("map-search"),
            "areas": reverse("map-areas"),
        },
    }


def layer_groups(user: Any) -> list[dict[str, Any]]:
    """The visible layers by group, in the order of registration; a group registered in two places is one group."""
    order = {str(layer.group): number for number, layer in reversed(list(enumerate(layers)))}
    mapped = [layer for layer in layers.visible_to(user) if layer.on_map]
    visible = sorted(mapped, key=lambda layer: order[str(layer.group)])
    return [
        {"title": title, "layers": list(members)}
        for title, members in groupby(visible, key=lambda layer: str(layer.group))
    ]


def layer_config(user: Any, layer: Layer) -> dict[str, Any]:
    style = layer.style
    return {
        "id": layer.id,
        "title": layer.title,
        "singular": layer.singular,
        "geometryType": layer.geometry_type,
        "outline": layer.outline,
        "clusterBelow": layer.cluster_below,
        "fromZoom": layer.from_zoom,
        "firstFilter": {name: [value] for name, value in layer.first_filter},
        "canAdd": layer.has_own_place and layer.begins_alone and permissions.can_add(user, layer),
        "first": layer.shown_first and layer.on_map,
        "listed": layer.on_map,
        "style": {
            "property": style.property,
            "categories": [
                {"value": str(item.value), "label": item.label, "color": item.color, "shape": item.shape}
                for item in style.categories
            ],
        },
        "urls": layer_urls(layer),
    }


def layer_urls(layer: Layer) -> dict[str, str]:
    """Addresses with {id}, {z}, {y} and {x} where the numbers go."""

    def one(name: str) -> str:
        return reverse(name, args=[layer, 0]).replace("/0/", "/{id}/")

    tiles = reverse("tile", kwargs={"layer": layer, "z": 0, "row": 0, "col": 0}).removesuffix("/0/0/0")
    return {
        "tiles": f"{tiles}/{{z}}/{{y}}/{{x}}?buffer={TILE_BUFFER}",
        "items": reverse("items", args=[layer]),
        "item": reverse("items", args=[layer]) + "/{id}",
        "list": reverse("record-list", args=[layer]),
        "add": reverse("record-add", args=[layer]),
        "panel": one("record-panel"),
        "edit": one("record-edit"),
        "filters": reverse("map-filters", args=[layer]),
    }


def upper_areas() -> list[dict[str, Any]]:
    """Provinces, cities and counties for the area chooser."""
    found = AdminArea.objects.current().exclude(level=AreaLevel.EUPMYEONDONG).order_by("mois_code")
    return [
        {"id": pk, "code": code, "name": name, "level": level}
        for pk, code, name, level in found.values_list("pk", "mois_code", "full_name", "level")
    ]


def extent(user: Any) -> list[float]:
    """Where the map begins, [west, south, east, north] in degrees: this person's areas, or all there are."""
    scope = permissions.area_scope(user, permissions.ALL_ROLES)
    areas = AdminArea.objects.current()
    if scope:
        areas = areas.filter(pk__in=sorted(scope))
    box = areas.order_by().aggregate(box=Extent("geometry"))["box"]
    if box is None:
        return list(KOREA)
    return [round(value, 6) for value in transformer(STORAGE_SRID, LONLAT_SRID).transform_bounds(*box)]


def base_map(base: BaseMap) -> dict[str, Any]:
    url = base.url
    if base.kind == BaseMapKind.RASTER:
        url = reverse("basemap-tile", args=[base.pk, 0, 0, 0]).replace("/0/0/0.", "/{z}/{x}/{y}.")
    return {
        "id": base.pk,
        "name": base.name,
        "url": url,
        "attribution": base.attribution,
        "minZoom": base.min_zoom,
        "maxZoom": base.max_zoom,
        "bounds": base.bounds,
        "opacity": base.opacity,
        "first": base.is_default,
    }
