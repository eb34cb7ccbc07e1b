"""Imports: upload, check in the background, look at where it lands, then import."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import jobs, permissions
from gis_core.imports import tasks, uploads
from gis_core.imports.errors import ImportProblem
from gis_core.imports.forms import AreasForm, ColumnsForm, RecordsForm
from gis_core.imports.mapping import guess, targets
from gis_core.imports.reader import read
from gis_core.imports.records import may_import
from gis_core.imports.source import Source
from gis_core.imports.template_file import template_file
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import Job

SAMPLE_ROWS = 3
ROWS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _administrators_only(request: HttpRequest) -> None:
    if not permissions.is_administrator(request.user):
        raise PermissionDenied(_("Only administrators import boundaries."))


def _importers_only(request: HttpRequest, layer: Layer) -> None:
    if not may_import(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you add this."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_areas_page(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    form = AreasForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"], request.user)
        return redirect("job", _start(request, "areas", upload, form.options(), dry_run=True).pk)
    context = {"form": form, "advanced": ("crs", "encoding", "layer", "fields_")}
    return render(request, "gis_core/imports/areas.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_records_page(request: HttpRequest, layer: Layer) -> HttpResponse:
    """The upload. The file is read at once, so that one that cannot be read is told here."""
    _importers_only(request, layer)
    form = RecordsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"], request.user)
        chosen = {name: form.cleaned_data[name] for name in ("encoding", "layer") if form.cleaned_data[name]}
        try:
            read(uploads.path_of(upload), **chosen)
        except ImportProblem as problem:
            uploads.forget(upload)
            form.add_error("file", str(problem))
        else:
            query = f"?{urlencode(chosen)}" if chosen else ""
            return redirect(reverse("import-columns", args=[layer, upload]) + query)
    context = {"form": form, "layer": layer}
    return render(request, "gis_core/imports/records.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, layer: Layer, upload: str) -> HttpResponse:
    """Which column is what: guessed, shown with the file's first rows, corrected by the person."""
    _importers_only(request, layer)
    if not uploads.belongs_to(upload, request.user):
        raise Http404
    encoding, inner = request.GET.get("encoding", ""), request.GET.get("layer", "")
    try:
        source = read(uploads.path_of(upload), encoding=encoding, layer=inner)
    except ImportProblem as problem:
        raise Http404(str(problem)) from problem
    found = targets(layer, request.user)
    if source.spatial:
        found = [target for target in found if target.name not in ("x", "y")]
    guessed = guess(layer, request.user, source.fields)
    form = ColumnsForm(request.POST or None, found, source.fields, guessed, spatial=source.spatial)
    if request.method == "POST" and form.is_valid():
        options = asdict(form.chosen(encoding, inner))
        return redirect("job", _start(request, layer.id, upload, options, dry_run=True).pk)
    context = {"layer": layer, "form": form, "source": source, "sample": _sample(source)}
    return render(request, "gis_core/imports/columns.html", context, status=422 if form.errors else 200)


def _sample(source: Source) -> list[list[str]]:
    return [[str(row.number), *row.values.values()] for row in source.rows[:SAMPLE_ROWS]]


def _start(request: HttpRequest, layer: str, upload: str, options: dict[str, Any], *, dry_run: bool) -> Job:
    name = uploads.path_of(upload).name
    title = (_("Check of %(file)s") if dry_run else _("Import of %(file)s")) % {"file": name}
    given: dict[str, Any] = {"upload": upload, "options": options, "dry_run": dry_run}
    if layer == "areas":
        return jobs.start(tasks.areas_job, request.user, title, **given)
    return jobs.start(tasks.records_job, request.user, title, layer=layer, **given)


def _checked(request: HttpRequest, uuid: UUID) -> tuple[Job, dict[str, Any]]:
    """A finished check and what it was made with, for its owner and administrators. Raises Http404."""
    job = get_object_or_404(Job, pk=uuid)
    kept = job.report.get("import")
    allowed = job.created_by_id == request.user.pk or permissions.is_administrator(request.user)
    if not allowed or not kept or not job.is_over:
        raise Http404
    return job, kept


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a check found, and where the file lands. POST imports, or checks again with repair."""
    job, kept = _checked(request, uuid)
    layer = layers.get(kept["layer"])
    if layer.id == "areas":
        _administrators_only(request)
    else:
        _importers_only(request, layer)
    expired = False
    if request.method == "POST":
        repair = "repair" in request.POST
        options = {**kept["options"], "repair": True} if repair else kept["options"]
        try:
            return redirect("job", _start(request, layer.id, kept["upload"], options, dry_run=repair).pk)
        except ImportProblem:
            expired = True
    facts, rows = kept["facts"], job.report["rows"]
    refused = [row for row in rows if row[3] == job.report["outcomes"]["refused"]]
    context = {
        "job": job,
        "layer": layer,
        "facts": facts,
        "expired": expired,
        "refused": len(refused),
        "writes": facts["created"] + facts["changed"] > 0 and (not refused or kept["options"].get("partly")),
        "can_repair": facts.get("invalid", 0) > facts.get("repaired", 0) and not kept["options"].get("repair"),
        "rows": [list(zip(job.report["columns"], row, strict=True)) for row in (refused or rows)[:ROWS_SHOWN]],
        "row_count": len(refused or rows),
        "back": reverse("import-areas") if layer.id == "areas" else reverse("import-records", args=[layer]),
    }
    return render(request, "gis_core/imports/result.html", context)


@login_required
@never_cache
@require_safe
def import_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the file lands, for the small map."""
    job, _kept = _checked(request, uuid)
    empty = {"type": "FeatureCollection", "features": []}
    return JsonResponse(job.report.get("preview") or empty, content_type="application/geo+json")


@login_required
@require_safe
def import_template(request: HttpRequest, layer: Layer) -> HttpResponse:
    """An empty spreadsheet with the layer's headings."""
    _importers_only(request, layer)
    response = HttpResponse(template_file(layer, request.user), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{layer.id}-template.xlsx") or "attachment"
    return response
