"""Pages that are not about the work: health, and what to say when something is not there or fails."""

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the service can do its work: 200 with the database's versions, or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
            database, postgis = cursor.fetchone()
    except DatabaseError:
        response = JsonResponse({"status": "unavailable", "database": None, "postgis": None}, status=503)
    else:
        response = JsonResponse({"status": "ok", "database": database, "postgis": postgis})
    add_never_cache_headers(response)
    return response


def _message(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    if getattr(request, "htmx", False):
        name = f"{name}_fragment"
    return HttpResponse(render_to_string(f"gis_core/{name}.html", context, request), status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _message(request, "404", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Django's own exceptions carry a text for people only when our code gave one.
    return _message(request, "403", 403, detail=str(exception))


def broken(request: HttpRequest) -> HttpResponse:
    """Without the request: a context processor may be what failed."""
    return HttpResponse(render_to_string("gis_core/500.html"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _message(request, "403_csrf", 403)
