"""The API's descriptive pages and its tiles; ``items.py`` has the features."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from gis_core import permissions
from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version, etag
from gis_core.tiles import vector
from gis_core.tiles.grid import OutsideGrid

from . import describe, openapi, parameters
from .items import LayerView
from .problems import BadRequest
from .render import respond


class Landing(APIView):
    def get(self, request: Request) -> HttpResponse:
        return respond(request, describe.landing(request))


class Conformance(APIView):
    def get(self, request: Request) -> HttpResponse:
        return respond(request, {"conformsTo": list(describe.CONFORMANCE)}, title=_("Conformance"))


class OpenApi(APIView):
    def get(self, request: Request) -> HttpResponse:
        return respond(request, openapi.document(request, layers.visible_to(request.user)), describe.OPENAPI)


class Collections(APIView):
    def get(self, request: Request) -> HttpResponse:
        return respond(request, describe.collections(request, layers.visible_to(request.user)))


class Collection(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        return respond(request, describe.collection(request, layer))


class Schema(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        return respond(request, describe.schema(request, layer), "application/schema+json")


class Queryables(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        return respond(request, describe.queryables(request, layer), "application/schema+json")


class TileSets(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        return respond(request, describe.tile_sets(request, layer))


class TileSet(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        if request.query_params.get("f") == "tilejson":
            return JsonResponse(describe.tile_json(request, layer))
        return respond(request, describe.tile_set(request, layer))


class Tile(LayerView):
    def get(self, request: Request, layer: Layer, z: int, row: int, col: int) -> HttpResponse:
        query = LayerQuery(layer, request.user, request.query_params)
        parameters.reject_unknown(request.query_params, {"buffer", "lang", *query.filterset.filters})
        buffer = _buffer(request)
        tag = etag(data_version(layer), z, row, col, buffer, *_question(query))
        if request.headers.get("If-None-Match") in {tag, f"W/{tag}"}:
            response = HttpResponse(status=304)
        else:
            try:
                response = HttpResponse(vector.render(query, z, col, row, buffer), content_type=describe.MVT)
            except OutsideGrid as error:
                raise BadRequest(_("There is no such tile."), "tileMatrix") from error
        response["ETag"] = tag
        response["Cache-Control"] = "public, no-cache" if layer.access.public else "private, no-cache"
        response["Vary"] = "Authorization, Cookie, Accept-Encoding"
        return response


def _question(query: LayerQuery) -> list[Any]:
    """What of user and filters decides the tile: two users of the same scope share an ETag, others never do."""
    areas = query.area_ids()
    given = sorted((name, tuple(_values(query, name))) for name in query.given)
    return [areas if areas is None else sorted(areas), query.personal, given, permissions.can_view(query.user, query.layer)]


def _values(query: LayerQuery, name: str) -> list[str]:
    data = query.filterset.data
    return sorted(data.getlist(name)) if hasattr(data, "getlist") else [str(data[name])]


def _buffer(request: Request) -> int:
    text = request.query_params.get("buffer", "0")
    if not text.isdecimal() or int(text) > vector.MAX_POINT_BUFFER:
        raise BadRequest(_("“buffer” is a whole number from 0 to 512."), "buffer")
    return int(text)
