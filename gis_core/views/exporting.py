"""Sending a filtered list as a file: without personal data, unless somebody says what they need it for."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.exports import FORMATS, TooMany, export
from gis_core.exports.masking import masked, needs_masking, sees_personal
from gis_core.layers.filters import BadFilter, LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import matched

from . import listing
from .records import refuse_unless_visible

# A reason shorter than this says nothing.
LEAST_REASON = 5


@require_http_methods(["GET", "POST"])
def record_export(request: HttpRequest, layer: Layer, name: str) -> HttpResponseBase:
    """The list under the same filter as the page, without pages.

    A POST with a ``reason`` gives what this person may see whole, and notes who took how much of what and why.
    """
    if name not in FORMATS:
        raise Http404
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    try:
        records = listing.records(LayerQuery(layer, request.user, request.GET), request.GET)
    except BadFilter as error:
        return _refused(request, layer, 400, *(text for texts in error.errors.values() for text in texts))
    properties = layer.visible_properties(request.user)
    personal = request.method == "POST" and sees_personal(properties)
    if personal and not request.user.is_authenticated:
        raise PermissionDenied(_("Sign in first."))
    reason = request.POST.get("reason", "").strip()
    if personal and len(reason) < LEAST_REASON:
        return _refused(request, layer, 422, _("Say what the personal data is needed for; it is noted with your name."))
    total = matched(layer, records)
    source = layer
    if not personal and needs_masking(layer, properties):
        source, records, properties = masked(layer, records, properties)
    try:
        response = export(source, records, properties, name, total)
    except TooMany as error:
        return _refused(request, layer, 413, str(error))
    if personal:
        detail = f"{reason} | {request.GET.urlencode()}"
        permissions.log_personal(request.user, layer, f"export {name}", count=total, detail=detail)
    return response


def _refused(request: HttpRequest, layer: Layer, status: int, *problems: str) -> HttpResponse:
    return render(request, "gis_core/export_refused.html", {"layer": layer, "problems": problems}, status=status)
