"""Items: reading pages and single features, and writing them through the one write path."""

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView
from shapely import transform

from gis_core import permissions
from gis_core.crs import CRS84, LONLAT_SRID
from gis_core.editing import UNCHANGED, Conflict, Invalid, retire, save
from gis_core.editing.shapes import split_feature_geometry
from gis_core.geometry import NotGeometry, from_geojson
from gis_core.layers.filters import LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import FeaturePage, feature_page, matched

from . import parameters, problems
from .links import absolute, link
from .render import GEOJSON, respond, wants_html

CRS_HEADER = "Content-Crs"


class LayerView(APIView):
    """A view of one layer. Public layers are open; others need somebody signed in, and then show what they may see."""

    layer: Layer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.layer = kwargs["layer"]
        if not self.layer.access.public and not request.user.is_authenticated:
            raise NotAuthenticated(_("Sign in to see this collection."))


class Items(LayerView):
    def get(self, request: Request, layer: Layer) -> HttpResponse:
        params = request.query_params
        query = LayerQuery(layer, request.user, params)
        parameters.reject_unknown(params, parameters.COMMON | set(query.filterset.filters))
        srid, _north, crs_uri = parameters.crs(params, "crs")
        page = parameters.paging(params)
        records = parameters.in_bbox(layer, query.records, parameters.bbox(params))
        records = parameters.in_time(layer, records, params.get("datetime"))
        number_matched = matched(layer, records)
        found = feature_page(layer, _sliced(records, page), layer.visible_properties(request.user), srid)
        if query.personal:
            permissions.log_personal(request.user, layer, "items", count=found.count, detail=params.urlencode())
        body = _collection(request, found, number_matched, page)
        response = respond(request, body, GEOJSON, title=layer.title)
        response[CRS_HEADER] = f"<{crs_uri}>"
        return response

    def post(self, request: Request, layer: Layer) -> HttpResponse:
        feature = _feature_of(request, layer, partial=False)
        saved = save(layer, request.user, token=_token(request), **feature)
        response = _item_response(request, layer, saved.record, HTTPStatus.CREATED if saved.created else HTTPStatus.OK)
        response["Location"] = absolute(request, f"/api/collections/{layer.id}/items/{saved.record.pk}")
        return response


class Item(LayerView):
    def get(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        parameters.reject_unknown(request.query_params, {"f", "crs", "lang"})
        version = layer.queryset(request.user).filter(pk=pk).values_list("version", flat=True).first()
        if version is None:
            raise Http404
        html = wants_html(request)
        if not html and request.headers.get("If-None-Match") in {f'"{version}"', f'W/"{version}"'}:
            return _cacheable(HttpResponse(status=HTTPStatus.NOT_MODIFIED), version)
        if layer.has_personal and permissions.sees_personal(request.user, layer):
            permissions.log_personal(request.user, layer, "item", record_id=pk)
        srid, _north, crs_uri = parameters.crs(request.query_params, "crs")
        body = read_item(request, layer, pk, srid)
        response = respond(request, body, GEOJSON, title=f"{layer.singular} {pk}")
        response[CRS_HEADER] = f"<{crs_uri}>"
        return response if html else _cacheable(response, version)

    def put(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        return self._change(request, layer, pk, partial=False)

    def patch(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        return self._change(request, layer, pk, partial=True)

    def delete(self, request: Request, layer: Layer, pk: int) -> HttpResponse:
        record = _record(layer, pk)
        reason = request.query_params.get("reason") or _("Retired through the API.")
        try:
            retire(layer, request.user, record, reason=reason, expected_version=_if_match(request))
        except Conflict as error:
            return _conflict(request, layer, error)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def _change(self, request: Request, layer: Layer, pk: int, *, partial: bool) -> HttpResponse:
        # Rights and precondition come before the body: somebody who may not write learns nothing from its checks.
        record = _record(layer, pk)
        if not permissions.can_add(request.user, layer):
            raise PermissionDenied(_("Your roles do not let you change this."))
        expected = _if_match(request)
        try:
            feature = _feature_of(request, layer, partial=partial) if expected is not None else {"data": {}}
            saved = save(
                layer, request.user, record=record, expected_version=expected, partial=partial, **feature
            )
        except Conflict as error:
            return _conflict(request, layer, error)
        return _item_response(request, layer, saved.record, HTTPStatus.OK)


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
    links = [link(request, request.get_full_path(), "self", GEOJSON)]
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


def read_item(request: Any, layer: Layer, pk: int, srid: int = LONLAT_SRID) -> str:
    """One feature as text, with its links. Raises Http404 when the user may not see it."""
    records = layer.queryset(request.user).filter(pk=pk)
    found = feature_page(layer, records, layer.visible_properties(request.user), srid)
    if not found.count:
        raise Http404
    base = f"/api/collections/{layer.id}"
    links = [
        link(request, f"{base}/items/{pk}", "self", GEOJSON),
        link(request, base, "collection", "application/json"),
        link(request, f"/records/{layer.id}/{pk}/", "alternate", "text/html"),
    ]
    return f'{found.features[:-1]}, "links": {json.dumps(links)}}}'


def _item_response(request: Request, layer: Layer, record: Any, status: int) -> HttpResponse:
    try:
        body = read_item(request, layer, record.pk)
    except Http404:
        # Saved in a place the user may write but not read.
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response = HttpResponse(body, status=status, content_type=GEOJSON)
    return _cacheable(response, record.version)


def _cacheable(response: HttpResponse, version: int) -> HttpResponse:
    response["ETag"] = f'"{version}"'
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept, Authorization, Cookie, Accept-Language"
    return response


def _conflict(request: Request, layer: Layer, error: Conflict) -> HttpResponse:
    try:
        current = json.loads(read_item(request, layer, error.current.pk))
    except Http404:
        current = {}
    return problems.conflict(error, current)


def _if_match(request: Request) -> int | None:
    """The version named by If-Match; -1 (never a version) for an ETag that is not ours, None without the header."""
    text = request.headers.get("If-Match")
    if text is None:
        return None
    number = text.strip().removeprefix("W/").strip('"')
    return int(number) if number.isdecimal() else -1


def _token(request: Request) -> Any:
    text = request.headers.get("Idempotency-Key")
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise problems.BadRequest(_("Idempotency-Key must be a UUID."), "Idempotency-Key") from error


def _feature_of(request: Request, layer: Layer, *, partial: bool) -> dict[str, Any]:
    """The body as arguments of ``save``. Raises Invalid for what is no feature or has unknown properties."""
    body = request.data
    if not isinstance(body, dict) or (body.get("type") != "Feature" and not partial):
        raise Invalid({"__all__": [_("The body must be a GeoJSON Feature.")]})
    properties = body.get("properties") or {}
    if not isinstance(properties, dict):
        raise Invalid({"properties": [_("Properties must be an object.")]})
    known = {prop.name: prop for prop in layer.visible_properties(request.user)}
    editable = set(layer.form.base_fields)
    unknown = [name for name in properties if name not in known and name not in editable and name != layer.outline]
    if unknown:
        raise Invalid({name: [_("This collection has no such property.")] for name in unknown})
    srid, north_first = _body_crs(request)
    outline = properties.get(layer.outline, UNCHANGED) if layer.outline else UNCHANGED
    geometry: Any = UNCHANGED
    if "geometry" in body:
        geometry, drawn = split_feature_geometry(body["geometry"], layer.outline)
        if drawn is not None:
            geometry = UNCHANGED if geometry is None else geometry
            outline = drawn
    return {
        "data": {name: value for name, value in properties.items() if name in editable},
        "geometry": _in_order(geometry, north_first, layer.geometry),
        "outline": _in_order(outline, north_first, layer.outline or ""),
        "srid": srid,
    }


def _body_crs(request: Request) -> tuple[int, bool]:
    text = request.headers.get(CRS_HEADER, "").strip("<> ") or CRS84
    params = request.query_params.copy()
    params["crs"] = text
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
