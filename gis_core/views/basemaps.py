"""Base maps: administrators' pages to list, add and remove them, and the tiles of own rasters."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core import basemaps, permissions
from gis_core.models import BaseMap
from gis_core.models.basemaps import MAX_ZOOM, BaseMapKind
from gis_core.tiles import raster

# A tile inside the bounds that shows nothing: an empty answer would count as a failure in the browser.
_CLEAR = raster.clear_tile()


def _administrators_only(request: HttpRequest) -> None:
    if not permissions.is_administrator(request.user):
        raise PermissionDenied(_("Only administrators manage base maps."))


class TilesForm(forms.ModelForm):
    url = forms.CharField(
        label=gettext_lazy("tile address"),
        max_length=500,
        help_text=gettext_lazy("For example https://tiles.example.org/{z}/{x}/{y}.png"),
    )

    class Meta:
        model = BaseMap
        fields = ["name_ko", "name_en", "url", "attribution", "min_zoom", "max_zoom", "opacity", "order", "enabled"]
        help_texts = {
            "attribution": gettext_lazy("Who must be named on the map."),
            "order": gettext_lazy("Lower numbers come first."),
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if basemaps.policy_host(url) is None:
            raise forms.ValidationError(
                _("Give a full address with http or https; {s} may only stand for the first part of the host name.")
            )
        missing = [mark for mark in ("{z}", "{x}", "{y}") if mark not in url.replace("{-y}", "{y}")]
        if missing:
            raise forms.ValidationError(_("The address lacks %(marks)s.") % {"marks": ", ".join(missing)})
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("min_zoom", 0) > cleaned.get("max_zoom", MAX_ZOOM):
            self.add_error("max_zoom", _("The highest zoom is below the lowest."))
        return cleaned


class RasterForm(forms.ModelForm):
    class Meta:
        model = BaseMap
        fields = ["name_ko", "name_en", "attribution", "opacity", "order", "enabled"]
        help_texts = {key: TilesForm.Meta.help_texts[key] for key in ("attribution", "order")}


class NewRasterForm(RasterForm):
    raster_file = forms.FileField(
        label=gettext_lazy("GeoTIFF"),
        help_text=gettext_lazy("Any coordinate reference system; it is checked and converted in the background."),
        widget=forms.FileInput(attrs={"accept": ".tif,.tiff"}),
    )

    def clean_raster_file(self) -> Any:
        upload = self.cleaned_data["raster_file"]
        if upload.size > basemaps.raster_limit_mb() * 1_000_000:
            raise forms.ValidationError(basemaps.refusal(raster.RasterRefused("too_many_bytes")))
        return upload


FORMS: dict[str, type[forms.ModelForm]] = {BaseMapKind.TILES: TilesForm, BaseMapKind.RASTER: RasterForm}
NEW_FORMS: dict[str, type[forms.ModelForm]] = {**FORMS, BaseMapKind.RASTER: NewRasterForm}


@login_required
@require_safe
def basemap_list(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    found = [(one, basemaps.stretch_text(one.raster)) for one in BaseMap.objects.select_related("job")]
    return render(request, "gis_core/basemaps/list.html", {"basemaps": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    _administrators_only(request)
    if kind not in NEW_FORMS:
        raise Http404
    form = NEW_FORMS[kind](request.POST or None, request.FILES or None, instance=BaseMap(kind=kind))
    if request.method == "POST" and form.is_valid():
        basemap = form.save(commit=False)
        if kind == BaseMapKind.RASTER:
            basemaps.add_raster(basemap, form.cleaned_data["raster_file"], request.user)
            return redirect("job", basemap.job.pk)
        basemap.save()
        messages.success(request, _("Saved."))
        return redirect("basemaps")
    return _form(request, form, kind, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    _administrators_only(request)
    basemap = get_object_or_404(BaseMap, pk=pk)
    form = FORMS[basemap.kind](request.POST or None, instance=basemap)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("basemaps")
    return _form(request, form, basemap.kind, basemap)


def _form(request: HttpRequest, form: forms.ModelForm, kind: str, basemap: BaseMap | None) -> HttpResponse:
    context = {"form": form, "kind": kind, "basemap": basemap, "is_raster": kind == BaseMapKind.RASTER}
    return render(request, "gis_core/basemaps/form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Turn a base map on or off, show it first, or remove it."""
    _administrators_only(request)
    basemap = get_object_or_404(BaseMap.objects.select_related("job"), pk=pk)
    if action == "first":
        basemaps.show_first(basemap)
    elif action == "remove":
        basemaps.remove(basemap)
    elif action in {"enable", "disable"}:
        BaseMap.objects.filter(pk=pk).update(enabled=action == "enable")
    else:
        raise Http404
    messages.success(request, _("The base map was removed.") if action == "remove" else _("Saved."))
    return redirect("basemaps")


@login_required
@require_safe
def tile(request: HttpRequest, pk: int, z: int, x: int, y: int) -> HttpResponse:
    """A tile of an own raster: WebP, or 204 outside it."""
    basemap = BaseMap.objects.usable().filter(pk=pk, kind=BaseMapKind.RASTER).first()
    if basemap is None or z > MAX_ZOOM or max(x, y) >> z:
        raise Http404
    if basemap.bounds is None or not raster.touches(basemap.bounds, z, x, y):
        return _cached(HttpResponse(status=204), basemap, "")
    etag = f'"{basemap.file}-{z}-{x}-{y}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _cached(HttpResponseNotModified(), basemap, etag)
    try:
        content = raster.tile(basemaps.raster_path(basemap), z, x, y)
    except raster.RasterRefused as error:
        raise Http404(_("The file of this base map cannot be read.")) from error
    return _cached(HttpResponse(content or _CLEAR, content_type="image/webp"), basemap, etag)


def _cached(response: HttpResponse, basemap: BaseMap, etag: str) -> HttpResponse:
    if etag:
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
