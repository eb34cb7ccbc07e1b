"""What suggestions are made from: towns, what they have, and the tables of travel and movement that were loaded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Centroid, GeoFunc, Perimeter
from django.db.models import Count, Max, TextField, Value
from django.db.models.functions import Cast
from shapely import from_wkb

from gis_core.crs import STORAGE_SRID
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLink
from gis_core.models.cooperation import LinkKind

from . import scorecard_registry as registry
from .scorecard import LOWER, NEITHER, Asset, Figure
from .scorecard_querysets import indicator_figures, layer_scope
from .suggestions import Facts, Town
from .suggestions_needs import Resource, needs

Pair = tuple[int, int]
# Pictures of candidates are small: finer lines than this (metres) are not seen.
COARSE_M = 60.0


class Simplified(GeoFunc):
    """ST_SimplifyPreserveTopology, metres in EPSG:5179."""

    function = "ST_SimplifyPreserveTopology"
    geom_param_pos = (0,)
    output_field = GeometryField(srid=STORAGE_SRID)


def towns_below(area: AdminArea | None) -> dict[int, int | None]:
    """Current towns of an area, or of everywhere, each with the area above it."""
    found = AdminArea.objects.towns()
    if area is not None:
        found = found.filter(pk__in=AdminArea.objects.descendant_ids([area.pk]))
    return dict(found.order_by("pk").values_list("pk", "parent_id"))


def outlines(ids: Iterable[int]) -> list[AdminArea]:
    """Towns with a coarse ``outline``, for small pictures."""
    found = AdminArea.objects.filter(pk__in=sorted(ids)).annotate(coarse=Simplified("geometry", COARSE_M))
    areas = list(found.defer("geometry"))
    for area in areas:
        area.outline = from_wkb(bytes(area.coarse.wkb))
    return areas


def facts(towns: Iterable[int], resources: list[Resource], borders: Mapping[int, Mapping[int, float]]) -> Facts:
    """Towns with their middles and edges, what they lack, and the loaded tables: three statements."""
    ids = sorted(towns)
    has = needs(resources)
    rows = AdminArea.objects.filter(pk__in=ids).values_list("pk", Centroid("geometry"), Perimeter("geometry"))
    found = {pk: Town((middle.x, middle.y), edge.m, *has.get(pk, (0, 0))) for pk, middle, edge in rows}
    return Facts(found, borders, links(LinkKind.MINUTES, ids), links(LinkKind.MOVEMENTS, ids))


def links(kind: LinkKind, ids: list[int]) -> dict[Pair, float]:
    """The loaded table of the latest period between these towns."""
    every = AreaLink.objects.filter(kind=kind, from_area__in=ids, to_area__in=ids)
    latest = every.aggregate(latest=Max("period"))["latest"]
    rows = every.filter(period=latest).order_by().values_list("from_area_id", "to_area_id", "value")
    return {(here, there): value for here, there, value in rows}


def resources(user: Any, towns: Mapping[int, int | None], day: date) -> list[Resource]:
    """What this person sees of what can be shared, by layer and category, and of figures that are better high or low.

    One statement for each layer. A town without records has none only where its city records the layer at all:
    elsewhere nobody knows.
    """
    found = [
        resource
        for layer in layers.visible_to(user)
        if (asset := registry.asset_of(layer.id)) and layer.area_path.endswith("_id")
        for resource in _of_layer(user, layer, asset, towns)
    ]
    ids = frozenset(towns)
    figures = [*registry.all_figures(user, ids, day), *indicator_figures(user, ids)]
    return [*found, *(_of_figure(figure, ids) for figure in figures if figure.better != NEITHER)]


def _of_layer(user: Any, layer: Layer, asset: Asset, towns: Mapping[int, int | None]) -> list[Resource]:
    told = {prop.name: prop for prop in layer.visible_properties(user)}
    style = told.get(layer.style.property or "") if asset.by_category else None
    records = layer.in_areas(layer.queryset(user), frozenset(towns)).order_by()
    category: Any = Cast(style.expression, TextField()) if style else Value("")
    rows = records.annotate(of_category=category).values_list(layer.area_path, "of_category").annotate(Count("pk"))
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for area, value, number in rows:
        counts[value or ""][area] = number
    scope = layer_scope(user, layer)
    recorded = {towns[area] for found in counts.values() for area in found}
    known = [town for town, city in towns.items() if city in recorded and (scope is None or town in scope)]
    titles = [("", str(layer.title))] if style is None else _titles(layer, asset)
    return [
        Resource(title, {town: counts[value].get(town, 0) for town in known})
        for value, title in titles
        if value in counts
    ]


def _titles(layer: Layer, asset: Asset) -> list[tuple[str, str]]:
    found = [(str(each.value), f"{layer.title} – {each.label}") for each in layer.style.categories]
    return [(value, title) for value, title in found if asset.shares(value)]


def _of_figure(figure: Figure, towns: frozenset[int]) -> Resource:
    values = {area: known.low for area, known in figure.values.items() if area in towns and known.low == known.high}
    return Resource(figure.title, values, is_count=False, is_lower_better=figure.better == LOWER)
