"""Sending a filtered list as a file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gis_core import permissions
from gis_core.exports import FORMATS, TooMany, export
from gis_core.layers.filters import BadFilter, LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import matched

from . import listing
from .records import refuse_unless_visible


@require_GET
def record_export(request: HttpRequest, layer: Layer, name: str) -> HttpResponseBase:
    """The list under the same filter as the page, without pages. A file with personal data is noted in the log."""
    if name not in FORMATS:
        raise Http404
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    try:
        records = listing.records(LayerQuery(layer, request.user, request.GET), request.GET)
    except BadFilter as error:
        problems = [text for texts in error.errors.values() for text in texts]
        return render(request, "gis_core/export_refused.html", {"layer": layer, "problems": problems}, status=400)
    total = matched(layer, records)
    properties = layer.visible_properties(request.user)
    try:
        response = export(layer, records, properties, name, total)
    except TooMany as error:
        return render(request, "gis_core/export_refused.html", {"layer": layer, "problems": [str(error)]}, status=413)
    if any(prop.personal for prop in properties):
        if not request.user.is_authenticated:
            raise PermissionDenied(_("Sign in first."))
        permissions.log_personal(request.user, layer, f"export {name}", count=total, detail=request.GET.urlencode())
    return response
