"""What the API says about itself: landing page, conformance, collections, schemas, tile sets. Dicts, no views."""

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.db.models import Extent
from django.utils.translation import gettext as _

from gis_core.crs import API_CRS_URIS, CRS84, LONLAT_SRID, STORAGE_SRID, transformer, uri
from gis_core.layers.layer import Layer, Property
from gis_core.tiles.vector import layer_names

from .links import link
from .render import GEOJSON, HTML, JSON

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MVT = "application/vnd.mapbox-vector-tile"
SCHEMA = "application/schema+json"
TILE_MATRIX_SET = "WebMercatorQuad"
TILE_MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
)


def landing(request: Any) -> dict[str, Any]:
    return {
        "title": _("Dongne API"),
        "description": _("Areas, zones, facilities, vacant houses and depots as OGC API Features and Tiles."),
        "links": [
            link(request, "/api/", "self", JSON),
            link(request, "/api/openapi", "service-desc", OPENAPI),
            link(request, "/api/openapi?f=html", "service-doc", HTML),
            link(request, "/api/conformance", "conformance", JSON),
            link(request, "/api/collections", "data", JSON),
            link(request, "/api/?f=html", "alternate", HTML),
        ],
    }


def collections(request: Any, layers: Sequence[Layer]) -> dict[str, Any]:
    return {
        "title": _("Collections"),
        "links": [
            link(request, "/api/collections", "self", JSON),
            link(request, "/api/collections?f=html", "alternate", HTML),
        ],
        "crs": list(API_CRS_URIS),
        "collections": [collection(request, layer, full=False) for layer in layers],
    }


def collection(request: Any, layer: Layer, *, full: bool = True) -> dict[str, Any]:
    base = f"/api/collections/{layer.id}"
    tiles = f"{base}/tiles/{TILE_MATRIX_SET}"
    found: dict[str, Any] = {
        "id": layer.id,
        "title": str(layer.title),
        "description": str(layer.description),
        "itemType": "feature",
        "crs": list(API_CRS_URIS),
        "storageCrs": uri(STORAGE_SRID),
        "links": [
            link(request, base, "self", JSON),
            link(request, f"{base}/items", "items", GEOJSON),
            link(request, f"{base}/schema", "http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA),
            link(request, f"{base}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA),
            link(request, f"{base}/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", JSON),
            link(request, f"{tiles}?f=tilejson", "describedby", JSON, "TileJSON"),
            link(request, f"{base}?f=html", "alternate", HTML),
            link(request, f"/records/{layer.id}/", "related", HTML, _("List")),
        ],
    }
    if full and (box := _extent(layer, request.user)):
        found["extent"] = {"spatial": {"bbox": [box], "crs": CRS84}}
    return found


def _extent(layer: Layer, user: Any) -> list[float] | None:
    box = layer.queryset(user).order_by().aggregate(box=Extent(layer.geometry))["box"]
    if box is None:
        return None
    west, south, east, north = transformer(STORAGE_SRID, LONLAT_SRID).transform_bounds(*box)
    return [round(value, 6) for value in (west, south, east, north)]


_JSON_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "array": {"type": "array"},
}


def property_schema(prop: Property) -> dict[str, Any]:
    found: dict[str, Any] = {"title": str(prop.title), **_JSON_TYPES[prop.type]}
    if prop.choices:
        found["oneOf"] = [{"const": value, "title": str(label)} for value, label in prop.choices]
    if prop.read_only:
        found["readOnly"] = True
    return found


def schema(request: Any, layer: Layer) -> dict[str, Any]:
    """JSON Schema of a feature (OGC API Features Part 5)."""
    kinds = {name: f"geometry-{name.lower()}" for name in ("Point", "LineString", "Polygon", "MultiPolygon")}
    properties: dict[str, Any] = {prop.name: property_schema(prop) for prop in layer.visible_properties(request.user)}
    primary = {"x-ogc-role": "primary-geometry", "format": kinds.get(layer.geometry_type, "geometry-any")}
    properties[layer.geometry if layer.geometry not in properties else "geometry"] = primary
    if layer.outline:
        properties[layer.outline] = {"format": "geometry-polygon"}
    required = [name for name, field in layer.form.base_fields.items() if field.required]
    return _schema_document(request, layer, "schema", properties) | {"required": required}


def queryables(request: Any, layer: Layer) -> dict[str, Any]:
    properties = {
        prop.name: property_schema(prop)
        for prop in layer.visible_properties(request.user)
        if prop.type != "array" and (prop.source is None or isinstance(prop.source, str))
    }
    properties["area"] = {"title": _("area"), "type": "string", "description": _("Code or number, with all below it")}
    properties["q"] = {"title": _("search"), "type": "string"}
    return _schema_document(request, layer, "queryables", properties) | {"additionalProperties": False}


def _schema_document(request: Any, layer: Layer, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(f"/api/collections/{layer.id}/{name}"),
        "type": "object",
        "title": str(layer.title),
        "properties": properties,
    }


def tile_sets(request: Any, layer: Layer) -> dict[str, Any]:
    base = f"/api/collections/{layer.id}/tiles"
    return {
        "title": str(layer.title),
        "links": [link(request, base, "self", JSON)],
        "tilesets": [tile_set(request, layer)],
    }


def tile_set(request: Any, layer: Layer) -> dict[str, Any]:
    path = f"/api/collections/{layer.id}/tiles/{TILE_MATRIX_SET}"
    template = request.build_absolute_uri(path) + "/{tileMatrix}/{tileRow}/{tileCol}"
    return {
        "title": str(layer.title),
        "dataType": "vector",
        "crs": uri(3857),
        "tileMatrixSetId": TILE_MATRIX_SET,
        "tileMatrixSetURI": TILE_MATRIX_SET_URI,
        "links": [
            link(request, path, "self", JSON),
            {"href": template, "rel": "item", "type": MVT, "templated": True},
        ],
    }


def tile_json(request: Any, layer: Layer) -> dict[str, Any]:
    """TileJSON 3.0."""
    path = request.build_absolute_uri(f"/api/collections/{layer.id}/tiles/{TILE_MATRIX_SET}")
    fields = {"label": "string", "area": "integer"}
    if layer.style.property:
        fields[layer.style.property] = "string"
    return {
        "tilejson": "3.0.0",
        "name": str(layer.title),
        "tiles": [path + "/{z}/{y}/{x}"],
        "minzoom": layer.from_zoom,
        "maxzoom": 18,
        "bounds": [122.0, 32.0, 133.0, 39.5],
        "vector_layers": [{"id": name, "fields": fields} for name in layer_names(layer)],
    }
