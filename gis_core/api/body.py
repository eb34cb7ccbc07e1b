"""What clients send: a feature in a request's body, the version it was made from, its token."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from shapely import transform

from gis_core.crs import CRS84
from gis_core.editing import UNCHANGED, Invalid
from gis_core.editing.shapes import split_feature_geometry
from gis_core.geometry import NotGeometry, from_geojson
from gis_core.layers.layer import Layer

from . import parameters
from .problems import BadRequest

CRS_HEADER = "Content-Crs"


def if_match(request: Request) -> int | None:
    """The version named by If-Match; -1 (never a version) for an ETag that is not ours.

    None without the header, and for ``*``: whoever changes a record says which version they have seen.
    """
    text = request.headers.get("If-Match", "*").strip()
    if text == "*":
        return None
    number = text.removeprefix("W/").strip('"')
    return int(number) if number.isdecimal() else -1


def token(request: Request) -> uuid.UUID | None:
    text = request.headers.get("Idempotency-Key")
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadRequest(_("Idempotency-Key must be a UUID."), "Idempotency-Key") from error


def feature_of(request: Request, layer: Layer, *, partial: bool) -> dict[str, Any]:
    """The body as arguments of ``save``. Raises Invalid for what is no feature or has unknown properties."""
    body = request.data
    if not isinstance(body, dict) or (body.get("type") != "Feature" and not partial):
        raise Invalid({"__all__": [_("The body must be a GeoJSON Feature.")]})
    properties = body.get("properties") or {}
    if not isinstance(properties, dict):
        raise Invalid({"properties": [_("Properties must be an object.")]})
    srid, north_first = _crs(request)
    outline = properties.get(layer.outline, UNCHANGED) if layer.outline else UNCHANGED
    geometry: Any = UNCHANGED
    if "geometry" in body:
        geometry, drawn = split_feature_geometry(body["geometry"], layer.outline)
        if drawn is not None:
            geometry = UNCHANGED if geometry is None else geometry
            outline = drawn
    return {
        "data": _facts(request, layer, properties),
        "geometry": _in_order(geometry, north_first, layer.geometry),
        "outline": _in_order(outline, north_first, layer.outline or ""),
        "srid": srid,
    }


def _facts(request: Request, layer: Layer, properties: dict[str, Any]) -> dict[str, Any]:
    """The form's fields among the properties, each as a form takes it."""
    fields = layer.form.base_fields
    known = {prop.name for prop in layer.visible_properties(request.user)} | fields.keys() | {layer.outline}
    errors = {name: [_("This collection has no such property.")] for name in properties if name not in known}
    facts: dict[str, Any] = {}
    for name in properties.keys() & fields.keys():
        value = properties[name]
        try:
            facts[name] = value if isinstance(value, list) and hasattr(fields[name], "choices") else _as_text(value)
        except ValueError:
            errors[name] = [_("This is neither text nor a number.")]
    if errors:
        raise Invalid(errors)
    return facts


def _as_text(value: Any) -> str | None:
    """A JSON value as typed into a form. Raises ValueError for lists, objects and halves of characters."""
    if isinstance(value, list | dict):
        raise ValueError(value)
    text = None if value is None else str(value)
    if text:
        text.encode()
    return text


def _crs(request: Request) -> tuple[int, bool]:
    """SRID of the body's coordinates, and whether they come north first."""
    params = request.query_params.copy()
    params["crs"] = request.headers.get(CRS_HEADER, "").strip("<> ") or CRS84
    srid, north_first, _uri = parameters.crs(params, "crs")
    return srid, north_first


def _in_order(value: Any, north_first: bool, field: str) -> Any:
    """A body's geometry with x first."""
    if not north_first or not isinstance(value, dict):
        return value
    try:
        return transform(from_geojson(value), lambda x, y: (y, x), interleaved=False)
    except NotGeometry as error:
        raise Invalid({field: [_("This is not a GeoJSON geometry.")]}) from error
