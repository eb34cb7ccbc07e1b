"""The API's descriptive pages and its tiles; ``items.py`` has the features."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version, etag
from gis_core.tiles import vector
from gis_core.tiles.grid import OutsideGrid

from . import describe, openapi, parameters
from .caching import cacheable, not_modified, question
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
        parameters.reject_unknown(request.query_params, {"buffer", "lang", *query.names})
        buffer = _buffer(request)
        tag = etag(data_version(layer), z, row, col, buffer, *question(query))
        if not_modified(request, tag):
            return cacheable(HttpResponse(status=304), tag, public=layer.access.public)
        try:
            tile = vector.render(query, z, col, row, buffer)
        except OutsideGrid as error:
            raise BadRequest(_("There is no such tile."), "tileMatrix") from error
        return cacheable(HttpResponse(tile, content_type=describe.MVT), tag, public=layer.access.public)


class NotHere(APIView):
    """Whatever else is asked for under /api: the answer is a problem document too."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


def _buffer(request: Request) -> int:
    text = request.query_params.get("buffer", "0")
    if not text.isdecimal() or int(text) > vector.MAX_POINT_BUFFER:
        raise BadRequest(_("“buffer” is a whole number from 0 to 512."), "buffer")
    return int(text)
