"""Answers of the API: JSON for machines, the same content as a plain page for people."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis_core.layers.layer import Layer

from .pages import context
from .problems import BadRequest

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"


def wants_html(request: Any) -> bool:
    """Whether a page is asked for: by ``f=html``, or by a browser's Accept header. Raises BadRequest."""
    asked = request.GET.get("f")
    if asked not in {None, "json", "html"}:
        raise BadRequest(_("“f” is json or html."), "f")
    if asked:
        return bool(asked == "html")
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and "json" not in accepted.split("text/html")[0]


def respond(
    request: Any, body: Any, media_type: str = JSON, *, title: Any = "", layer: Layer | None = None
) -> HttpResponse:
    """The body (a JSON value, or JSON text) in the format the client asked for."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    if not wants_html(request):
        return HttpResponse(text, content_type=media_type)
    page: HttpRequest = getattr(request, "_request", request)
    return render(page, "gis_core/api/resource.html", context(page, json.loads(text), title, layer))
