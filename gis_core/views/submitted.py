"""What a record form sent: the facts this person may set, and the shapes."""

import json
from typing import Any

from django.forms import SelectMultiple
from django.http import QueryDict
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import UNCHANGED, Invalid
from gis_core.editing.shapes import to_geojson
from gis_core.layers.layer import Layer


def hidden_fields(layer: Layer, user: Any, record: Any = None) -> frozenset[str]:
    """Form fields that hold personal data this person may not see (of this record, where one is given)."""
    if permissions.sees_personal(user, layer, record):
        return frozenset()
    return frozenset(prop.name for prop in layer.properties if prop.personal)


def posted_values(layer: Layer, user: Any, record: Any, posted: QueryDict) -> dict[str, Any]:
    """The form's fields as plain values, lists for choices of many. An unticked box counts as sent."""
    hidden = hidden_fields(layer, user, record)
    values: dict[str, Any] = {}
    for name, field in layer.form.base_fields.items():
        if name not in hidden:
            values[name] = posted.getlist(name) if isinstance(field.widget, SelectMultiple) else posted.get(name, "")
    return values


def posted_shapes(layer: Layer, record: Any, posted: QueryDict) -> dict[str, Any]:
    """``geometry`` and ``outline`` for ``save``. Raises Invalid for text that is no shape.

    An empty field means unchanged, ``null`` means cleared. Typed coordinates count when the map sent no geometry.
    """
    shapes = {"geometry": _shape(posted.get("geometry", ""), layer.geometry)}
    if layer.outline:
        shapes["outline"] = _shape(posted.get("outline", ""), layer.outline)
    if shapes["geometry"] is UNCHANGED and layer.takes_points:
        shapes["geometry"] = _typed_point(layer, record, posted)
    return shapes


def _shape(text: str, field: str) -> Any:
    if not text.strip():
        return UNCHANGED
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid({field: [_("This is not a GeoJSON geometry.")]}) from error


def _typed_point(layer: Layer, record: Any, posted: QueryDict) -> Any:
    lon, lat = posted.get("lon", "").strip(), posted.get("lat", "").strip()
    stored = to_geojson(getattr(record, layer.geometry)) if record else None
    if not lon and not lat:
        nullable = layer.model._meta.get_field(layer.geometry).null
        return None if stored and nullable and "lon" in posted else UNCHANGED
    try:
        place = [float(lon), float(lat)]
    except ValueError as error:
        raise Invalid(
            {layer.geometry: [_("Longitude and latitude must be numbers, such as 126.6290 and 36.8910.")]}
        ) from error
    if stored and place == list(stored["coordinates"]):
        return UNCHANGED
    return {"type": "Point", "coordinates": place}


def number_or_none(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
