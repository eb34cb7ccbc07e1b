"""Middleware: the language of the user, the context of history, and CSP hosts of internet base maps."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from pghistory import middleware as pghistory_middleware


class LanguageMiddleware:
    """Korean, unless this browser has chosen otherwise; the API also listens to Accept-Language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            asked = request.headers.get("Accept-Language") if request.path.startswith("/api/") else None
            language = translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class HistoryMiddleware(pghistory_middleware.HistoryMiddleware):
    """Every change is kept with the user, the page and an id of the request it came from."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_context(request), "request": uuid.uuid4().hex}
