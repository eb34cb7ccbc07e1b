"""Where the way to a depot leaves the road: a click on a map, or two coordinates."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disaster.coverage_forms import WayInForm
from disaster.services import floods as services
from gis_core import permissions
from gis_core.editing.shapes import to_geojson
from gis_core.layers.registry import layers

from .refusals import carried_out


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def depot_access(request: HttpRequest, pk: int) -> HttpResponse:
    layer = layers.get("depots")
    depot: Any = get_object_or_404(layer.queryset(request.user), pk=pk)
    if not permissions.can_change(request.user, layer, depot):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    known = to_geojson(depot.access_place)
    lon, lat = known["coordinates"] if known else ("", "")
    form = WayInForm(request.POST or None, depot=depot, initial={"lon": lon, "lat": lat, "version": depot.version})

    def save(data: dict[str, Any]) -> None:
        services.set_way_in(depot, request.user, data["place"], data["version"])

    status = carried_out(form, save) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("record-detail", layer, depot.pk)
    place = to_geojson(depot.location)
    assert place is not None
    context = {"depot": depot, "form": form, "lon": place["coordinates"][0], "lat": place["coordinates"][1]}
    return render(request, "disaster/depot_access.html", context, status=status)
