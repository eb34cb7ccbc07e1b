"""The OpenAPI 3.0 document of the API, made from the registry."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.tiles.vector import MAX_POINT_BUFFER

from .describe import MVT, OPENAPI, SCHEMA, property_schema
from .parameters import DEFAULT_LIMIT, MAX_LIMIT
from .render import GEOJSON, JSON

PROBLEM = "application/problem+json"


def document(request: Any, layers: Sequence[Layer]) -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/": {"get": _operation("landing", _("Landing page"), JSON)},
        "/conformance": {"get": _operation("conformance", _("What standards this follows"), JSON)},
        "/openapi": {"get": _operation("openapi", _("This document"), OPENAPI)},
        "/collections": {"get": _operation("collections", _("The collections you may see"), JSON)},
    }
    schemas: dict[str, Any] = {"Problem": _problem_schema()}
    for layer in layers:
        schemas[layer.id] = _feature_schema(layer, request.user)
        paths.update(_layer_paths(layer, request.user))
    return {
        "openapi": "3.0.3",
        "info": {"title": _("Dongne API"), "version": "1.0.0"},
        "servers": [{"url": request.build_absolute_uri("/api")}],
        "security": [{}, {"basic": []}, {"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _shared_parameters(),
            "responses": {
                "Problem": {
                    "description": _("RFC 9457 problem details"),
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <token>"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
    }


def _operation(name: str, summary: str, media_type: str, *, status: int = 200, **extra: Any) -> dict[str, Any]:
    """An operation that answers with ``status``, or with a problem document."""
    done: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status != HTTPStatus.NO_CONTENT:
        done["content"] = {media_type: {"schema": {}}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {str(status): done, "default": {"$ref": "#/components/responses/Problem"}},
        **extra,
    }


def _layer_paths(layer: Layer, user: Any) -> dict[str, Any]:
    base, tag = f"/collections/{layer.id}", [layer.id]
    filters = [
        {"name": name, "in": "query", "description": str(found.label or name), "schema": {"type": "string"}}
        for name, found in LayerQuery(layer, user, QueryDict()).filterset.filters.items()
    ]

    def describe(name: str, summary: str, media_type: str = JSON) -> dict[str, Any]:
        return {"get": _operation(f"{layer.id}.{name}", summary, media_type, tags=tag)}

    return {
        base: describe("describe", str(layer.title)),
        f"{base}/schema": describe("schema", _("Schema"), SCHEMA),
        f"{base}/queryables": describe("queryables", _("Queryables"), SCHEMA),
        **_item_paths(layer, base, tag, filters),
        f"{base}/tiles": describe("tilesets", _("Vector tiles")),
        f"{base}/tiles/WebMercatorQuad": describe("tileset", _("Vector tiles")),
        f"{base}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {
            "get": _operation(
                f"{layer.id}.tile", _("Vector tile"), MVT, tags=tag, parameters=[*_tile_parameters(), *filters]
            )
        },
    }


def _item_paths(layer: Layer, base: str, tag: list[str], filters: list[dict[str, Any]]) -> dict[str, Any]:
    def operation(name: str, summary: str, **extra: Any) -> dict[str, Any]:
        return _operation(f"{layer.id}.{name}", summary, GEOJSON, tags=tag, **extra)

    shared = [{"$ref": f"#/components/parameters/{name}"} for name in _shared_parameters() if name != "id"]
    body = {"required": True, "content": {GEOJSON: {"schema": {"$ref": f"#/components/schemas/{layer.id}"}}}}
    locked = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
    token = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "format": "uuid"}}
    return {
        f"{base}/items": {
            "get": operation("items", str(layer.title), parameters=[*shared, *filters]),
            "post": operation("create", _("Add"), status=201, requestBody=body, parameters=[token]),
        },
        f"{base}/items/{{id}}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": operation("item", str(layer.singular), parameters=[{"$ref": "#/components/parameters/crs"}]),
            "put": operation("replace", _("Replace"), requestBody=body, parameters=[locked]),
            "patch": operation("update", _("Change"), requestBody=body, parameters=[locked]),
            "delete": operation("retire", _("Retire"), status=204, parameters=[locked]),
        },
    }


def _tile_parameters() -> list[dict[str, Any]]:
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}
        for name in ("tileMatrix", "tileRow", "tileCol")
    ]
    buffer = {"type": "integer", "minimum": 0, "maximum": MAX_POINT_BUFFER}
    return [*places, {"name": "buffer", "in": "query", "schema": buffer}]


def _shared_parameters() -> dict[str, Any]:
    def parameter(name: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
        return {"name": name, "in": where, "required": where == "path", "schema": schema}

    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    return {
        "id": parameter("id", {"type": "integer"}, "path"),
        "bbox": parameter("bbox", {"type": "string"}),
        "bbox-crs": parameter("bbox-crs", {"type": "string", "format": "uri"}),
        "crs": parameter("crs", {"type": "string", "format": "uri"}),
        "datetime": parameter("datetime", {"type": "string"}),
        "limit": parameter("limit", limit),
        "offset": parameter("offset", {"type": "integer", "minimum": 0}),
        "after": parameter("after", {"type": "integer", "minimum": 0}),
        "f": parameter("f", {"type": "string", "enum": ["json", "html"]}),
    }


def _feature_schema(layer: Layer, user: Any) -> dict[str, Any]:
    properties = {prop.name: property_schema(prop) for prop in layer.visible_properties(user)}
    for schema in properties.values():
        # OpenAPI 3.0 knows no "const".
        if choices := schema.pop("oneOf", None):
            schema["enum"] = [choice["const"] for choice in choices]
        if schema["type"] == "array":
            schema["items"] = {}
    if layer.outline:
        properties[layer.outline] = {"type": "object", "nullable": True, "description": "GeoJSON Polygon"}
    kind = "Point, LineString, Polygon or MultiPolygon" if layer.geometry_type == "Geometry" else layer.geometry_type
    return {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer", "readOnly": True},
            "geometry": {"type": "object", "nullable": True, "description": f"GeoJSON {kind}"},
            "properties": {"type": "object", "properties": properties},
        },
    }


def _problem_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            "current": {"type": "object"},
            "difference": {"type": "object"},
        },
    }
