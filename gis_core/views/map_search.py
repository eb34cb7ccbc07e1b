"""The map's search: a few records of every layer this person may see, and areas by any code they have or had."""

from typing import Any

from django.contrib.gis.db.models.functions import Envelope, Transform
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from gis_core import permissions
from gis_core.crs import LONLAT_SRID
from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea

SHORTEST, LONGEST = 2, 100
# What is looked at, and what is shown: the best of a few, without sorting everything that matches.
LOOKED_AT, SHOWN = 40, 6


def search(user: Any, text: str) -> list[dict[str, Any]]:
    """Results as the search box shows them: layer, id, label, detail, kind, bbox in degrees (null without a place)."""
    words = " ".join(text.split())[:LONGEST]
    if len(words) < SHORTEST:
        return []
    found: list[dict[str, Any]] = []
    for layer in (found for found in layers.visible_to(user) if found.on_map):
        found.extend(_in_layer(user, layer, words))
    return sorted(found, key=lambda result: result.pop("rank"))


def _in_layer(user: Any, layer: Layer, words: str) -> list[dict[str, Any]]:
    if not layer.search:
        return []
    query = LayerQuery(layer, user, {"q": words})
    records = query.records
    if layer.id == "areas" and words.isdecimal() and (area := AdminArea.objects.by_code(words)) is not None:
        # Exactly a code, current or former: that area and no other.
        records = layer.queryset(user).filter(pk=area.pk)
    elif any("__" in path for path in layer.search):
        # A search through a relation finds a record once per related row.
        records = layer.queryset(user).filter(pk__in=records.order_by().values("pk"))
    personal = {prop.name for prop in layer.properties if prop.personal}
    label: Any = Value("") if layer.label in personal and not query.personal else F(layer.label)
    rows = records.order_by().values_list(
        "pk", Coalesce(label, Value("")), _detail(layer), Envelope(Transform(layer.geometry, LONLAT_SRID))
    )[:LOOKED_AT]
    best = sorted(rows, key=lambda row: (_rank(row[1], words), row[1], row[0]))[:SHOWN]
    if best and query.personal:
        permissions.log_personal(user, layer, "search", count=len(best), detail=words)
    return [
        {
            "layer": layer.id,
            "id": pk,
            "label": name or str(layer.singular),
            "detail": detail or "",
            "kind": str(layer.singular),
            "bbox": [round(value, 6) for value in box.extent] if box else None,
            "rank": _rank(name, words),
        }
        for pk, name, detail, box in best
    ]


def _detail(layer: Layer) -> Any:
    if layer.area_path == "area_id":
        return Coalesce(F("area__full_name"), Value(""))
    return F("full_name") if layer.id == "areas" else Value("")


def _rank(name: str, words: str) -> int:
    """0 for the name itself, 1 for a name that begins so, 2 for one that holds it, 3 for another field."""
    if name == words:
        return 0
    if name.startswith(words):
        return 1
    return 2 if words in name else 3
