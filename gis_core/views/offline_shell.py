"""The pages of an app that opens without a network (``gis_core.offline.shell``), the same for every such app."""

import io
import json
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

from gis_core import permissions
from gis_core.models import User
from gis_core.offline import shell as shells
from gis_core.offline.shell import Shell

ICON_SIZES = (180, 192, 512)
_BLUE, _WHITE = "#0b50d0", "#ffffff"


def urls(shell: Shell) -> list[URLPattern]:
    """To be included under the app's own address, which is the scope of its worker."""
    options = {"shell": shell}
    return [
        path("", page, options, name=f"{shell.id}-app"),
        path("sw.js", worker, options, name=f"{shell.id}-worker"),
        path("manifest.webmanifest", manifest, options, name=f"{shell.id}-manifest"),
        path("session/", session, options, name=f"{shell.id}-session"),
        path("icon-<int:size>.png", icon, options, name=f"{shell.id}-icon"),
    ]


@require_safe
def page(request: HttpRequest, shell: Shell) -> HttpResponse:
    """The same for everybody, signed in or not: what a person may see, the page's script asks for by itself."""
    response = HttpResponse(shells.body(shell))
    response.headers["Dongne-Shell"] = shells.contents(shell).version
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(request: HttpRequest, shell: Shell) -> HttpResponse:
    """The service worker: its text differs when anything the app consists of does, and browsers then take it anew."""
    contents = shells.contents(shell)
    kept = {"id": shell.id, "version": contents.version, "page": shell.url("app"), "urls": contents.urls}
    source = shells.source("gis_core/js/offline/worker.js")
    response = HttpResponse(
        f"const SHELL = {json.dumps(kept)};\n{source}", content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = shell.url("app")
    return response


@require_safe
def manifest(request: HttpRequest, shell: Shell) -> HttpResponse:
    start = shell.url("app")
    sizes = [size for size in ICON_SIZES if size != 180]
    icons = [
        {"src": shell.url("icon", size=size), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in sizes
        for purpose in ("any", "maskable")
    ]
    facts = {
        "id": start,
        "name": str(shell.title),
        "short_name": str(shell.short_title),
        "lang": get_language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": _WHITE,
        "theme_color": _BLUE,
        "icons": icons,
    }
    response = JsonResponse(facts, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@never_cache
@ensure_csrf_cookie
@require_safe
def session(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Who is signed in, and whether that person works with this app. ``user`` is null when nobody is."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"user": None, "name": None, "may": False})
    may = permissions.is_administrator(user) or bool(permissions.roles_of(user) & set(shell.roles))
    return JsonResponse({"user": user.pk, "name": str(user), "may": may})


@require_safe
def icon(request: HttpRequest, shell: Shell, size: int) -> HttpResponse:
    """Our mark as the picture home screens want; phones take no SVG."""
    if size not in ICON_SIZES:
        raise Http404
    response = HttpResponse(_drawn(size), content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response


@cache
def _drawn(size: int) -> bytes:
    """favicon.svg, drawn large and made small so that its lines are smooth, inside the middle that masks leave."""
    large = size * 4
    image = Image.new("RGB", (large, large), _BLUE)
    draw = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[float, float]:
        return tuple(large * (0.14 + 0.72 * value / 32) for value in (x, y))  # type: ignore[return-value]

    width = round(large * 0.72 * 3 / 32)
    roof: list[Any] = [at(6, 17.5), at(16, 8), at(26, 17.5)]
    draw.line(roof, fill=_WHITE, width=width, joint="curve")
    for x, y in (roof[0], roof[1], roof[2]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=_WHITE)
    draw.ellipse((*at(12, 17), *at(20, 25)), fill=_WHITE)
    draw.line([at(16, 22), at(16, 26)], fill=_WHITE, width=width)
    out = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
