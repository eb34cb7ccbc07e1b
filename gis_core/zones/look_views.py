"""What the zone form asks while members are being chosen, with and without the map."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.editing.errors import Invalid
from gis_core.editing.shapes import of_kind, read_shape
from gis_core.layers.registry import layers
from gis_core.models import AreaLevel
from gis_core.views.records import refuse_unless_visible

from .look import areas_inside, look_at

MOST_AREAS = 500
MOST_BYTES = 500_000


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 18}


@login_required
@never_cache
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """``?areas=1,2`` or ``?member_areas=1&member_areas=2``; ``zone`` is the one being changed."""
    layer = layers.get("zones")
    if refused := refuse_unless_visible(request, layer):
        return refused
    asked = _numbers([*request.GET.get("areas", "").split(","), *request.GET.getlist("member_areas")])
    if len(asked) > MOST_AREAS:
        return render(request, "gis_core/zones/_look.html", {"most": MOST_AREAS})
    own = _numbers([request.GET.get("zone", "")])
    zone = layer.queryset(request.user).filter(pk__in=own).first()
    return render(request, "gis_core/zones/_look.html", {"look": look_at(request.user, asked, zone)})


@login_required
@require_POST
def inside(request: HttpRequest) -> JsonResponse:
    """The areas of a level of which more than half lies within a ring: ``{"ring": [[lng, lat], ...], "level": ...}``
    gives ``{"areas": [id, ...]}``. A ring that crosses itself, as freehand ones do, is taken as it looks."""
    try:
        asked = json.loads(request.body[:MOST_BYTES])
        ring, level = asked["ring"], AreaLevel(asked["level"])
        read = read_shape({"type": "Polygon", "coordinates": [ring]}, "ring", repair=True)
        shape = of_kind(read, "MultiPolygon", "ring").geometry
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("This is no ring on the map.")}, status=400)
    except Invalid as invalid:
        return JsonResponse(
            {"error": " ".join(text for texts in invalid.errors.values() for text in texts)}, status=422
        )
    return JsonResponse({"areas": areas_inside(shape, level)})
