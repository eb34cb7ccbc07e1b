"""ETags of answers: what has not changed since a client read it is not sent again."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags

from gis_core import permissions
from gis_core.layers.filters import LayerQuery


def not_modified(request: Any, tag: str) -> bool:
    """Whether If-None-Match names this tag; gzip makes tags weak on their way, so weak ones count."""
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in asked or tag.removeprefix("W/") in {one.removeprefix("W/") for one in asked}


def cacheable(response: HttpResponse, tag: str, *, public: bool = False) -> HttpResponse:
    """The answer with its tag, to be kept but asked about every time."""
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache" if public else "private, no-cache"
    response["Vary"] = "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie"
    return response


def question(query: LayerQuery) -> list[Any]:
    """What of user and filters decides an answer: two users of the same scope share an ETag, others never do."""
    areas = query.area_ids()
    personal = permissions.personal_scope(query.user, query.layer)
    given = sorted((name, tuple(_values(query, name))) for name in query.given)
    return [
        permissions.can_view(query.user, query.layer),
        areas if areas is None else sorted(areas),
        personal if personal is None else sorted(personal),
        given,
    ]


def _values(query: LayerQuery, name: str) -> list[str]:
    data = query.filterset.data
    return sorted(data.getlist(name)) if hasattr(data, "getlist") else [str(data[name])]
