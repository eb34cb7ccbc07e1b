"""Delivered files of readings, signs and exclusions: upload, say which column is what, load in the background."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import jobs, permissions
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem
from gis_core.imports.reader import read
from gis_core.layers.registry import layers
from gis_core.views.jobs import csv_lines
from vacanthouses.models import ReadingBatch
from vacanthouses.readings_forms import ColumnsForm, DeliveryForm, what_choices
from vacanthouses.services.readings import load_in_background

from .access import find_campaign

SAMPLE_ROWS = 5
KEPT = ("what", "source", "delivered_on", "encoding", "layer")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def readings_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The file. It is read at once, so that one that cannot be read is told here."""
    campaign = find_campaign(request, pk)
    form = DeliveryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"], request.user)
        chosen = {name: str(form.cleaned_data[name]) for name in KEPT if form.cleaned_data[name]}
        try:
            read(uploads.path_of(upload), encoding=chosen.get("encoding", ""), layer=chosen.get("layer", ""))
        except ImportProblem as problem:
            uploads.forget(upload)
            form.add_error("file", str(problem))
        else:
            return redirect(f"{reverse('readings-columns', args=[pk, upload])}?{urlencode(chosen)}")
    context = {"form": form, "campaign": campaign}
    return render(request, "vacanthouses/readings_upload.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def readings_columns(request: HttpRequest, pk: int, upload: str) -> HttpResponse:
    """Which column is what, guessed and shown with the first rows; then the file is loaded."""
    campaign = find_campaign(request, pk)
    given = {name: request.GET.get(name, "") for name in KEPT}
    titles = {value: title for _group, choices in what_choices() for value, title in choices}
    facts = DeliveryForm({name: given[name] for name in KEPT})
    facts.fields.pop("file")
    if not uploads.belongs_to(upload, request.user) or not facts.is_valid():
        raise Http404
    try:
        source = read(uploads.path_of(upload), encoding=given["encoding"], layer=given["layer"])
    except ImportProblem as problem:
        raise Http404(str(problem)) from problem
    form = ColumnsForm(request.POST or None, given["what"].partition(":")[0], source)
    if request.method == "POST" and form.is_valid():
        delivery = {**given, "columns": form.columns(), "crs": form.cleaned_data.get("crs", "")}
        job = jobs.start(
            load_in_background, request.user, _("Loading of %(file)s") % {"file": source.name}, upload=upload,
            delivery=delivery, link=reverse("screening", args=[pk]),
        )  # fmt: skip
        return redirect("job", job.pk)
    context: dict[str, Any] = {
        "form": form, "campaign": campaign, "source": source, "what": titles[given["what"]], "months": form.months,
        "sample": [[row.number, *row.values.values()] for row in source.rows[:SAMPLE_ROWS]],
    }  # fmt: skip
    return render(request, "vacanthouses/readings_columns.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def readings_aside(request: HttpRequest, pk: int, batch: int) -> StreamingHttpResponse:
    """The rows of a delivery that were set aside, with their reasons: put right, they can be sent again."""
    find_campaign(request, pk)
    found = get_object_or_404(ReadingBatch, pk=batch)
    if found.created_by_id != request.user.pk and not permissions.is_administrator(request.user):
        raise Http404
    rows = found.report.get("rows", [])
    permissions.log_personal(
        request.user, layers.get("vacant-houses"), "rows set aside", count=len(rows), detail=found.name
    )
    response = StreamingHttpResponse(
        csv_lines([found.report.get("columns", []), *rows]), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{found.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
