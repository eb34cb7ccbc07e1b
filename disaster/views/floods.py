"""Flood maps: the list, adding one, its picture, taking it away; and what happens where depots stand in the water."""

import base64
import hashlib
import uuid
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rasterio.errors import RasterioError

from disaster.coverage_forms import FloodMapForm, WhatIfForm
from disaster.coverage_map import Mark, Picture
from disaster.flooded import Wet
from disaster.floods import depths
from disaster.models import HazardRaster
from disaster.querysets_places import flood_maps
from disaster.services import coverage
from disaster.services import floods as services
from disaster.services.coverage_picture import draw, legend, town_name
from disaster.words import coverage as coverage_words
from disaster.words import floods as words
from gis_core import pdf
from gis_core.editing.errors import Invalid
from gis_core.files.services import clean_name
from gis_core.forms import RetireForm

from .asking import uuid_of
from .coverage import town_rows
from .refusals import carried_out

# Rows of a table for which a page has room.
ON_SHEET = 10


@login_required
@never_cache
@require_safe
def flood_map_list(request: HttpRequest) -> HttpResponse:
    context = {"maps": flood_maps(request.user), "can_change": services.may_change(request.user), "tab": "floods"}
    return render(request, "disaster/flood_maps.html", context)


def find_map(request: HttpRequest, pk: int) -> HazardRaster:
    """A flood map in use. Raises PermissionDenied for roles that see no depots."""
    found: HazardRaster = get_object_or_404(flood_maps(request.user), pk=pk)
    return found


def _officers_only(request: HttpRequest) -> None:
    if not services.may_change(request.user):
        raise PermissionDenied(_("Only disaster officers may add or remove flood maps."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flood_map_add(request: HttpRequest) -> HttpResponse:
    _officers_only(request)
    form = FloodMapForm(request.POST or None, request.FILES or None)

    def take(data: dict[str, Any]) -> None:
        values = {name: data[name] for name in ("title", "hazard", "scenario", "source")}
        services.take(data["raster"], request.user, values, uuid_of(request.POST.get("token", "")))

    status = carried_out(form, take) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("The flood map is ready."))
        return redirect("flood-map-list")
    context = {"form": form, "token": request.POST.get("token") or uuid.uuid4(), "limit": services.limit_mb()}
    return render(request, "disaster/flood_map_add.html", context, status=422 if status == 409 else status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flood_map_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_map(request, pk)
    _officers_only(request)
    form = RetireForm(request.POST or None, initial={"version": found.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(found, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("The flood map was taken out of use."))
        return redirect("flood-map-list")
    return render(request, "disaster/flood_map_retire.html", {"form": form, "raster": found}, status=status)


@login_required
@require_safe
def flood_map_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The map as PNG in the plane of EPSG:5179; its file never changes."""
    found = find_map(request, pk)
    etag = f'"{hashlib.sha256(found.file.encode()).hexdigest()[:16]}"'
    response: HttpResponse
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        try:
            content, _bounds = depths.picture(services.path_of(found))
        except (OSError, RasterioError) as error:
            raise Http404(_("The file of this flood map is missing. Upload it again.")) from error
        response = HttpResponse(content, content_type="image/png")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@login_required
@never_cache
@require_safe
def flood_whatif(request: HttpRequest, pk: int) -> HttpResponse:
    """Depots in the water, readiness and coverage with and without them."""
    found = find_map(request, pk)
    form = WhatIfForm(request.GET, request.user)
    context: dict[str, Any] = {"form": form, "raster": found, "tab": "floods"}
    if not form.is_valid():
        return render(request, "disaster/flood_whatif.html", context, status=422)
    try:
        context |= _shown(request, found, form, in_pdf=False)
    except Invalid as invalid:
        form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        return render(request, "disaster/flood_whatif.html", context, status=422)
    return render(request, "disaster/flood_whatif.html", context)


@login_required
@never_cache
@require_safe
def flood_whatif_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on one page."""
    found = find_map(request, pk)
    form = WhatIfForm(request.GET, request.user)
    if not form.is_valid():
        raise Http404
    try:
        context = {**_shown(request, found, form, in_pdf=True), "raster": found, "printed_by": request.user}
    except Invalid as invalid:
        raise Http404(" ".join(text for texts in invalid.errors.values() for text in texts)) from invalid
    flooded = [row for row in context["concerned"] if row["state"] == Wet.FLOODED]
    unknown = [str(row["depot"]) for row in context["concerned"] if row["state"] == Wet.UNKNOWN]
    context |= {
        "flooded": flooded[:ON_SHEET],
        "more": max(0, len(flooded) - ON_SHEET),
        "unknown": ", ".join(unknown[: 2 * ON_SHEET]) + (" …" if len(unknown) > 2 * ON_SHEET else ""),
        "towns": context["towns"][:ON_SHEET],
    }
    document = pdf.render("disaster/sheets/flood_whatif.html", context, request)
    response = HttpResponse(document, content_type="application/pdf")
    name = clean_name(_("If %(map)s comes.pdf") % {"map": found})
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def _shown(request: HttpRequest, raster: HazardRaster, form: WhatIfForm, *, in_pdf: bool) -> dict[str, Any]:
    question, limits = form.question(), form.limits()
    what = services.what_if(
        request.user, raster, question, raster.hazard, limits, is_cautious=form.cleaned_data["cautious"]
    )
    marks = [
        Mark("wet", coverage.at(line.depot), f"{line.depot} · {words.STATES[line.finding.state]}")
        for line in what.depots
        if line.depot.pk in what.lost
    ]
    depots = [_depot(line, limits) for line in what.depots]
    title = _("Map of %(map)s and the depots") % {"map": raster}
    return {
        "what": what,
        "question": question,
        "limits": limits,
        "today": timezone.localdate(),
        "summary": words.summary(len(what.lost), what.number(Wet.UNKNOWN), len(what.depots)),
        "map": draw(what.after, title, extra=marks, picture=_picture(raster, in_pdf)),
        "legend": legend(["wet", "holding", "unsure", "empty", "reached", "out", "unknown"]),
        "classes": depth_classes(),
        "concerned": [row for row in depots if row["state"] != Wet.DRY],
        "dry": [row for row in depots if row["state"] == Wet.DRY],
        "towns": [_town(line) for line in what.towns],
        "before": coverage_words.summary(what.before),
        "after": coverage_words.summary(what.after),
        "coverage_rows": _pairs(what),
    }


def _picture(raster: HazardRaster, in_pdf: bool) -> Picture | None:
    """A sheet carries the picture itself: it asks nobody for anything."""
    try:
        content, bounds = depths.picture(services.path_of(raster))
    except (OSError, RasterioError):
        return None
    address = reverse("flood-map-picture", args=[raster.pk])
    return Picture(bounds, "data:image/png;base64," + base64.b64encode(content).decode() if in_pdf else address)


def depth_classes() -> list[tuple[str, str]]:
    """CSS class and words of each colour of the picture."""
    lows = [low for low, _colour in depths.CLASSES]
    told = [_("%(low)s–%(high)s m") % {"low": f"{low:g}", "high": f"{high:g}"} for low, high in pairwise(lows)]
    told.append(_("%(low)s m and more") % {"low": f"{lows[-1]:g}"})
    return [*((f"depth-{number}", text) for number, text in enumerate(told)), ("depth-unknown", _("depth not known"))]


def _depot(line: services.DepotLine, limits: Any) -> dict[str, Any]:
    finding = line.finding
    return {
        "depot": line.depot,
        "town": town_name(line.depot.area),
        "floor": words.depth(finding.depths.floor),
        "way_in": words.way_in(finding, limits),
        "is_ring": finding.depths.is_ring,
        "state": finding.state.value,
        "said": words.STATES[finding.state],
        "working": pgettext("coverage", "not known") if line.working is None else coverage_words.number(line.working),
    }


def _town(line: services.TownLine) -> dict[str, Any]:
    return {
        "area": line.area, "lost": line.lost, "before": _percent(line.before), "after": _percent(line.after),
        "sentence": line.sentence, "changes": line.changes,
    }  # fmt: skip


def _percent(score: float | None) -> str:
    return pgettext("coverage", "not known") if score is None else f"{score * 100:.0f}%"


def _pairs(what: services.WhatIf) -> list[dict[str, Any]]:
    """By town, the villages out of reach before and after, where they differ."""
    before = {row["area"].pk: row for row in town_rows(what.before)}
    return [
        {"area": row["area"], "before": before[row["area"].pk]["out"], "after": row["out"], "unknown": row["unknown"]}
        for row in town_rows(what.after)
        if (row["out"], row["unknown"]) != (before[row["area"].pk]["out"], before[row["area"].pk]["unknown"])
    ]
