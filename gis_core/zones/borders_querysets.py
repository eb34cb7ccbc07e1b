"""What lies near a zone's inner border: each layer read in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Centroid, Distance
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Count, F, QuerySet, TextField, Value, Window

from gis_core.crs import STORAGE_SRID
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea

# What is compared or drawn anyway.
NOT_NEAR = frozenset({"areas", "zones"})
# Rows listed of a layer; their number is always told.
LISTED = 50


@dataclass(frozen=True)
class Near:
    """A record near the border. ``label`` is empty where it is personal; ``place`` is None where the place is."""

    pk: int
    label: str
    category: str | None
    area: str
    metres: float
    place: tuple[float, float] | None


@dataclass(frozen=True)
class NearLayer:
    layer: Layer
    total: int
    rows: tuple[Near, ...]


def towns_within(bounds: tuple[float, float, float, float]) -> "QuerySet[AdminArea]":
    """Towns that reach into a rectangle: west, south, east, north in EPSG:5179."""
    window = Polygon.from_bbox(bounds)
    window.srid = STORAGE_SRID
    found: QuerySet[AdminArea] = AdminArea.objects.towns().filter(geometry__intersects=window).order_by("mois_code")
    return found


def near(user: Any, border: GEOSGeometry, metres: float) -> Iterator[NearLayer]:
    """The visible layers that have records within so many metres of the border (EPSG:5179), the nearest first."""
    for layer in layers.visible_to(user):
        if layer.id in NOT_NEAR or not layer.on_map:
            continue
        rows = list(_near(user, layer, border, metres)[:LISTED])
        if rows:
            yield NearLayer(layer, rows[0]["total"], tuple(_row(layer, row) for row in rows))


def _near(user: Any, layer: Layer, border: GEOSGeometry, metres: float) -> QuerySet:
    told = {prop.name: prop for prop in layer.visible_properties(user)}
    style = told.get(layer.style.property or "")
    has_area = any(field.name == "area" for field in layer.model._meta.fields)
    found = layer.queryset(user).filter(**{f"{layer.geometry}__dwithin": (border, metres)})
    columns: dict[str, Any] = {
        # A page that many open is no place for addresses of persons: the record's own page tells them, and notes it.
        "of_label": Value("") if _is_personal(layer) else F(layer.label),
        "of_category": style.expression if style else Value(None, TextField()),
        "of_area": F("area__name") if has_area else Value(""),
        "metres": Distance(layer.geometry, border),
        "of_place": Centroid(layer.geometry),
        "total": Window(Count("pk")),
    }
    return found.values("pk", **columns).order_by("metres", "pk")


def _is_personal(layer: Layer) -> bool:
    return any(prop.name == layer.label and prop.personal for prop in layer.properties)


def _row(layer: Layer, row: dict[str, Any]) -> Near:
    place = None if layer.place_is_personal else (row["of_place"].x, row["of_place"].y)
    category = None if row["of_category"] is None else str(row["of_category"])
    label = str(row["of_label"] or "")
    return Near(row["pk"], label, category, row["of_area"] or "", row["metres"].m, place)
