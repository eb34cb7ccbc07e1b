"""Middleware: the language of the user, the context of history, and compression."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware import gzip
from django.utils import translation
from pghistory import middleware as pghistory_middleware


def client_address(request: HttpRequest) -> str:
    """Who is calling. In production that is what our own proxy noted last; anything before it the caller may invent."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return forwarded.split(",")[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


class LanguageMiddleware:
    """Korean, unless this browser has chosen otherwise; the API also listens to ``lang`` and Accept-Language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        language = (is_api and request.GET.get("lang")) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            asked = is_api and "Accept-Language" in request.headers
            language = translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class HistoryMiddleware(pghistory_middleware.HistoryMiddleware):
    """Every change is kept with the user, the page and an id of the request it came from."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_context(request), "request": uuid.uuid4().hex}


class GZipMiddleware(gzip.GZipMiddleware):
    """Text and vector tiles are compressed; what is compressed already goes out as it is, with its length."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").split(";")[0]
        packed = kind.startswith(("image/", "video/")) and kind != "image/svg+xml"
        if packed or kind in {"application/pdf", "application/zip"}:
            return response
        return super().process_response(request, response)
