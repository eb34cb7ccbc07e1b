"""A city's towns side by side: how many records of each layer lie in each."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea


@dataclass(frozen=True)
class TownTable:
    """``rows``: each town with its counts, in the order of ``layers``."""

    layers: list[Layer]
    rows: list[tuple[AdminArea, list[int]]]


def town_table(user: Any, towns: list[AdminArea]) -> TownTable:
    """Layers whose records lie in one area each and of which there is at least one here; a statement per layer."""
    ids = [town.pk for town in towns]
    counts: dict[Layer, dict[int, int]] = {}
    for layer in layers.visible_to(user):
        if not layer.area_path.endswith("_id"):
            continue
        records = layer.queryset(user).filter(**{f"{layer.area_path}__in": ids}).order_by()
        counts[layer] = dict(records.values_list(layer.area_path).annotate(number=Count("pk")))
    held = [layer for layer, found in counts.items() if found]
    return TownTable(held, [(town, [counts[layer].get(town.pk, 0) for layer in held]) for town in towns])
