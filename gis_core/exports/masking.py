"""What leaves the system when nobody has said why they need personal data."""

from dataclasses import replace
from typing import Any

from django.contrib.gis.db.models.functions import SnapToGrid
from django.db.models import F, QuerySet

from gis_core.layers.layer import Layer, Property

# Metres. Small enough for a map of a town, too large to find a door by.
CELL_M = 100.0
_PLACE = "p__cell"


def sees_personal(properties: tuple[Property, ...]) -> bool:
    """Whether these properties, as this person may see them, hold personal data."""
    return any(prop.personal for prop in properties)


def needs_masking(layer: Layer, properties: tuple[Property, ...]) -> bool:
    """Whether a file of the layer must be masked unless a reason is given."""
    return layer.place_is_personal or sees_personal(properties)


def masked(
    layer: Layer, queryset: QuerySet[Any], properties: tuple[Property, ...]
) -> tuple[Layer, QuerySet[Any], tuple[Property, ...]]:
    """The same records without personal properties; where the place itself is personal, the middle of its cell.

    The layer returned is only for reading: its geometry is an annotation of the queryset.
    """
    kept = tuple(prop for prop in properties if not prop.personal)
    if not layer.place_is_personal:
        return layer, queryset, kept
    half = CELL_M / 2
    place = SnapToGrid(F(layer.geometry), CELL_M, CELL_M, half, half)
    return replace(layer, geometry=_PLACE, outline=None), queryset.annotate(**{_PLACE: place}), kept
