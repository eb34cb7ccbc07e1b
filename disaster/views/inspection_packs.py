"""What a keeper's phone downloads before it goes where there is no network."""

import hashlib
import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disaster.access import is_officer
from disaster.services.inspection_packs import pack_of
from gis_core.api.problems import problem


@require_safe
def pack(request: HttpRequest) -> HttpResponse:
    """The pack as JSON, for scripts: no sign-in page, but 401. The time it was made is no part of its ETag."""
    if not request.user.is_authenticated:
        return problem(HTTPStatus.UNAUTHORIZED, _("Sign in to download your depots."))
    if not is_officer(request.user):
        return problem(HTTPStatus.FORBIDDEN, _("Only people who look after depots inspect them."))
    body = pack_of(request.user).body
    same = {name: value for name, value in body.items() if name != "made_at"}
    tag = f'"{hashlib.sha256(json.dumps(same, sort_keys=True, default=str).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        text = json.dumps({"version": tag.strip('"'), **body}, ensure_ascii=False)
        response = HttpResponse(text, content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
