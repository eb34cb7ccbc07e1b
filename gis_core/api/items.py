"""Items: reading pages and single features, and writing them through the one write path."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from gis_core import permissions
from gis_core.crs import LONLAT_SRID
from gis_core.editing import Conflict, retire, save
from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import FeaturePage, feature_page, matched
from gis_core.layers.versions import data_version, etag

from . import body, parameters, problems
from .body import CRS_HEADER
from .caching import cacheable, not_modified, question
from .links import absolute, link
from .render import GEOJSON, HTML, JSON, respond, wants_html


class LayerView(APIView):
    """A view of one layer. Public layers are open to read; all else needs somebody signed in, and shows their scope."""

    layer: Layer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.layer = kwargs["layer"]
        is_open = self.layer.access.public and request.method in SAFE_METHODS
        if not is_open and not request.user.is_authenticated:
            raise NotAuthenticated(_("Sign in to see this collection."))


class Items(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        params = request.query_params
        query = LayerQuery(layer, request.user, params)
        parameters.reject_unknown(params, parameters.COMMON | query.names)
        srid, north_first, crs_uri = parameters.crs(params, "crs")
        page = parameters.paging(params)
        records = parameters.in_bbox(layer, query.records, parameters.bbox(params))
        records = parameters.in_time(layer, records, params.get("datetime"))
        # Weak, for the time stamp differs; and read before the data, so that it never names a newer state.
        version = data_version(layer)
        tag = "W/" + etag(version, request.build_absolute_uri(), *question(query))
        html = wants_html(request)
        if not html and not_modified(request, tag):
            return cacheable(HttpResponse(status=HTTPStatus.NOT_MODIFIED), tag, public=layer.access.public)
        properties = layer.visible_properties(request.user)
        found = feature_page(layer, _sliced(records, page), properties, srid, north_first=north_first)
        if any(prop.personal for prop in properties):
            permissions.log_personal(request.user, layer, "items", count=found.count, detail=params.urlencode())
        text = _collection(request, found, matched(layer, records, version), page)
        response = respond(request, text, GEOJSON, title=layer.title, layer=layer)
        response[CRS_HEADER] = f"<{crs_uri}>"
        return response if html else cacheable(response, tag, public=layer.access.public)

    def post(self, request: Request, layer: Layer) -> HttpResponse:
        _refuse_unless_writer(request, layer)
        feature = body.feature_of(request, layer, partial=False)
        saved = save(layer, request.user, token=body.token(request), **feature)
        response = _item_response(request, layer, saved.record, HTTPStatus.CREATED if saved.created else HTTPStatus.OK)
        response["Location"] = absolute(request, f"/api/collections/{layer.id}/items/{saved.record.pk}")
        return response


class Item(LayerView):
    def get(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        parameters.reject_unknown(request.query_params, {"f", "crs", "lang"})
        srid, north_first, crs_uri = parameters.crs(request.query_params, "crs")
        version = layer.queryset(request.user).filter(pk=pk).values_list("version", flat=True).first()
        if version is None:
            raise Http404
        tag, html = f'"{version}"', wants_html(request)
        if not html and not_modified(request, tag):
            return cacheable(HttpResponse(status=HTTPStatus.NOT_MODIFIED), tag)
        text = read_item(request, layer, pk, srid, north_first)
        if any(prop.personal for prop in layer.visible_properties(request.user)):
            permissions.log_personal(request.user, layer, "item", record_id=pk)
        response = respond(request, text, GEOJSON, title=f"{layer.singular} {pk}", layer=layer)
        response[CRS_HEADER] = f"<{crs_uri}>"
        return response if html else cacheable(response, tag)

    def put(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        return self._change(request, layer, pk, partial=False)

    def patch(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        return self._change(request, layer, pk, partial=True)

    def delete(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        _refuse_unless_writer(request, layer)
        record = _record(layer, pk)
        reason = request.query_params.get("reason") or _("Retired through the API.")
        try:
            retire(layer, request.user, record, reason=reason, expected_version=body.if_match(request))
        except Conflict as error:
            return _conflict(request, layer, error)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _change(self, request: Request, layer: Layer, pk: int, *, partial: bool) -> HttpResponse:
        # Rights and precondition come before the body: somebody who may not write learns nothing from its checks.
        _refuse_unless_writer(request, layer)
        record = _record(layer, pk)
        expected = body.if_match(request)
        try:
            feature = body.feature_of(request, layer, partial=partial) if expected is not None else {"data": {}}
            saved = save(layer, request.user, record=record, expected_version=expected, partial=partial, **feature)
        except Conflict as error:
            return _conflict(request, layer, error)
        return _item_response(request, layer, saved.record, HTTPStatus.OK)


def _refuse_unless_writer(request: Request, layer: Layer) -> None:
    """Raises PermissionDenied before anything is looked up: a reader does not learn which records there are."""
    if not permissions.can_add(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you change this."))


def _record(layer: Layer, pk: int) -> Any:
    """The record whoever asks: writing to one outside one's area is told as that. Raises Http404."""
    record = layer.records().filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def _sliced(records: QuerySet, page: parameters.Paging) -> QuerySet:
    ordered = records.order_by("pk")
    if page.after is not None:
        ordered = ordered.filter(pk__gt=page.after)
    return ordered[page.offset : page.offset + page.limit]


def _collection(request: HttpRequest, found: FeaturePage, number_matched: int, page: parameters.Paging) -> str:
    """A FeatureCollection as text: the features come from the database as they are sent."""
    links = [
        link(request, request.get_full_path(), "self", GEOJSON),
        link(request, _with(request, f="html"), "alternate", HTML),
    ]
    seen = page.offset + found.count
    more = found.count == page.limit and (page.after is not None or seen < number_matched)
    if more:
        # The next page starts after the last id: it costs the same however deep it lies.
        links.append(link(request, _with(request, after=found.last_id, offset=None), "next", GEOJSON))
    if page.offset:
        links.append(link(request, _with(request, offset=max(page.offset - page.limit, 0) or None), "prev", GEOJSON))
    head = {
        "type": "FeatureCollection",
        "numberMatched": number_matched,
        "numberReturned": found.count,
        "timeStamp": timezone.now().isoformat(timespec="seconds"),
        "links": links,
    }
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [{found.features}]}}'


def _with(request: HttpRequest, **changes: Any) -> str:
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = str(value)
    return f"{request.path}?{params.urlencode()}" if params else request.path


def read_item(request: Any, layer: Layer, pk: int, srid: int = LONLAT_SRID, north_first: bool = False) -> str:
    """One feature as text, with its links. Raises Http404 when the user may not see it."""
    records = layer.queryset(request.user).filter(pk=pk)
    properties = layer.visible_properties(request.user)
    found = feature_page(layer, records, properties, srid, north_first=north_first)
    if not found.count:
        raise Http404
    base = f"/api/collections/{layer.id}"
    links = [
        link(request, f"{base}/items/{pk}", "self", GEOJSON),
        link(request, base, "collection", JSON),
        link(request, f"{base}/items/{pk}?f=html", "alternate", HTML),
        link(request, f"/records/{layer.id}/{pk}/", "related", HTML),
    ]
    return f'{found.features[:-1]}, "links": {json.dumps(links)}}}'


def _item_response(request: Request, layer: Layer, record: Any, status: int) -> HttpResponse:
    try:
        body = read_item(request, layer, record.pk)
    except Http404:
        # Saved in a place the user may write but not read.
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response = HttpResponse(body, status=status, content_type=GEOJSON)
    return cacheable(response, f'"{record.version}"')


def _conflict(request: Request, layer: Layer, error: Conflict) -> HttpResponse:
    try:
        current = json.loads(read_item(request, layer, error.current.pk))
    except Http404:
        current = {}
    return problems.conflict(error, current)
