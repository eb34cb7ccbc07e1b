"""JSON that the plan editor sends."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _


class BadBody(ValueError):
    """The request cannot be understood; the text says why, in the user's language."""


def json_body(request: HttpRequest, limit: int) -> dict[str, Any]:
    """The object that a request of at most ``limit`` bytes holds. Raises BadBody."""
    if len(request.body) > limit:
        raise BadBody(_("The request is too large."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadBody(_("The request is no JSON.")) from error
    if not isinstance(body, dict):
        raise BadBody(_("The request is no JSON object."))
    return body
