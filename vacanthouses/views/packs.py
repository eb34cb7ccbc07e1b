"""What a phone downloads before it goes where there is no network."""

import hashlib
import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.api.problems import problem
from gis_core.layers.registry import layers
from gis_core.models import Role
from vacanthouses.services.packs import SURVEYORS, pack_of


@require_safe
def pack(request: HttpRequest) -> HttpResponse:
    """The pack as JSON, for scripts: no sign-in page, but 401. The time it was made is no part of its ETag."""
    if not request.user.is_authenticated:
        return problem(HTTPStatus.UNAUTHORIZED, _("Sign in to download your pack."))
    if not permissions.roles_of(request.user) & {*SURVEYORS, Role.ADMINISTRATOR}:
        return problem(HTTPStatus.FORBIDDEN, _("Only people who survey have a pack."))
    made = pack_of(request.user)
    same = {name: value for name, value in made.body.items() if name != "made_at"}
    tag = f'"{hashlib.sha256(json.dumps(same, sort_keys=True, default=str).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(
            json.dumps({"version": tag.strip('"'), **made.body}, ensure_ascii=False), content_type="application/json"
        )
        if made.houses:
            permissions.log_personal(request.user, layers.get("vacant-houses"), "pack", count=made.houses)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
