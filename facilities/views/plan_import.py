"""A drawing becomes a plan: the file, what it means, what was read from it, and only then the plan."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from shapely.geometry import shape

from facilities import plan_import_tasks as tasks
from facilities.exchange import formats
from facilities.exchange.shapes import outline_of
from facilities.models import Building, Plan
from facilities.plan.document import Document, from_json
from facilities.plan.findings import Finding
from facilities.plan_import_forms import AcceptForm, DxfForm, FileForm, OtherForm
from facilities.services import plan_imports
from facilities.services.errors import Frozen
from facilities.sheets import drawing_svg
from facilities.words import exchange
from facilities.words.figures import metres
from facilities.words.names import level_name
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.imports import uploads
from gis_core.layers.registry import layers
from gis_core.models import Job

from .access import find_building
from .plans import frozen_text

SVG_MM = 260.0


def _building(request: HttpRequest, pk: int) -> Building:
    building = find_building(request, pk)
    if not permissions.can_change(request.user, layers.get("buildings"), building):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    return building


def _kept(request: HttpRequest, building: Building, uuid: UUID) -> tuple[Job, dict[str, Any]]:
    """A job of this person that looked at or read a file for this building. Raises Http404."""
    job = get_object_or_404(Job, pk=uuid, created_by=request.user.pk)
    kept = job.report.get("plan_import")
    if not kept or kept["building"] != building.pk:
        raise Http404
    return job, kept


def _page(request: HttpRequest, template: str, building: Building, context: dict[str, Any], form: Any) -> HttpResponse:
    head = {"layer": layers.get("buildings"), "record": building, "form": form, "wanted": _wanted(request)}
    status = 422 if form.errors else 200
    return render(request, f"facilities/{template}", {**head, **context}, status=status)


def _wanted(request: HttpRequest) -> str:
    """The plan that the person came from, and means to fill."""
    return request.GET.get("plan", "")


def _next(request: HttpRequest, job: Job) -> HttpResponse:
    """To what the job has made; to its progress while it runs."""
    link = job.report.get("link")
    if not link:
        return redirect("job", job.pk)
    return redirect(f"{link}?plan={_wanted(request)}" if _wanted(request) else link)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The file. What cannot be read is told here."""
    building = _building(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        key = uploads.keep(file, request.user)
        title = _("Reading of %(file)s") % {"file": file.name}
        job = tasks.start(tasks.look_job, request.user, title, file.size, building=building.pk, upload=key)
        if job.status != "failed":
            return _next(request, job)
        uploads.forget(key)
        form.add_error("file", job.error)
    return _page(request, "plan_import_file.html", building, {}, form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def options(request: HttpRequest, pk: int, uuid: UUID) -> HttpResponse:
    """What the file means: unit, encoding and layers of a DXF, the reference system of others."""
    building = _building(request, pk)
    _job, kept = _kept(request, building, uuid)
    form: Any
    if kept["format"] == formats.DXF:
        initial = DxfForm.initial_of(kept.get("options", {}))
        form = DxfForm(request.POST or None, kept["summary"], building, initial)
    else:
        form = OtherForm(request.POST or None, kept, building)
    refused = kept.get("refused")
    if request.method == "POST" and form.is_valid():
        job = _read_again(request, building, kept, form.options())
        if job.status != "failed":
            return _next(request, job)
        form.add_error(None, job.error)
    context = {
        "kept": kept,
        "format": formats.FORMAT_NAMES[kept["format"]],
        "refused": exchange.refusal_text(refused["code"], refused["params"]) if refused else "",
    }
    template = "plan_import_dxf.html" if kept["format"] == formats.DXF else "plan_import_other.html"
    return _page(request, template, building, context, form)


def _read_again(request: HttpRequest, building: Building, kept: dict[str, Any], chosen: dict[str, Any]) -> Job:
    names = ("building", "upload", "name", "format", "summary", "preview")
    passed = {name: kept[name] for name in names if name in kept}
    title = _("Reading of %(file)s") % {"file": kept["name"]}
    size = _size(kept["upload"])
    return tasks.start(tasks.read_job, request.user, title, size, building=building.pk, kept=passed, options=chosen)


def _size(key: str) -> int:
    try:
        return uploads.path_of(key).stat().st_size
    except Exception:  # it has been swept: the job says so
        return 0


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int, uuid: UUID) -> HttpResponse:
    """What was read, with the report. POST takes it into a plan; until then nothing is written."""
    building = _building(request, pk)
    job, kept = _kept(request, building, uuid)
    if "document" not in kept:
        raise Http404
    document = from_json(kept["document"])
    form = AcceptForm(request.POST or None, building, Path(kept["name"]).stem, _wanted(request))
    if request.method == "POST" and form.is_valid():
        plan = _accept(request, form, building, document)
        if plan is not None:
            uploads.forget(kept["upload"])
            messages.success(request, _("The drawing is now in the plan %(plan)s.") % {"plan": plan})
            return redirect("plan", plan.pk)
    findings = [_finding(value) for value in kept["findings"]]
    context = {
        "kept": kept,
        "format": formats.FORMAT_NAMES[kept["format"]],
        "again": job.pk if _can_be_read_again(kept) else None,
        "findings": [(finding, exchange.text(finding, document)) for finding in findings],
        "drawings": _drawings(document, findings),
        "figures": _figures(document),
    }
    return _page(request, "plan_import_result.html", building, context, form)


def _can_be_read_again(kept: dict[str, Any]) -> bool:
    return kept["format"] in (formats.DXF, formats.GEOJSON, formats.INDOORGML)


def _accept(request: HttpRequest, form: AcceptForm, building: Building, document: Document) -> Plan | None:
    chosen = form.cleaned_data
    try:
        if form.plan is None:
            return plan_imports.into_new_plan(
                building, request.user, document, name=chosen["name"], status=chosen["status"]
            )
        return plan_imports.into_plan(form.plan, request.user, document)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Frozen:
        form.add_error("target", frozen_text())
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            form.add_error(name if name in form.fields else None, texts)
    return None


def _finding(value: dict[str, Any]) -> Finding:
    place = shape(value["geometry"]) if value["geometry"] else None
    return Finding(value["code"], value["severity"], value["level"], tuple(value["keys"]), value["params"], place)


def _drawings(document: Document, findings: list[Finding]) -> list[tuple[str, int, str]]:
    """Each level that has rooms: its name, how many, and its drawing with the places of warnings."""
    found: list[tuple[str, int, str]] = []
    only = document.levels[0].key if len(document.levels) == 1 else ""
    warned = [each for finding in findings if finding.severity != "note" for each in _places(finding, only)]
    for level in document.ordered_levels():
        units = document.on_level("units", level.key)
        if not units:
            continue
        view = drawing_svg.view_of([document], level.key)
        scale = drawing_svg.scale_for(view, SVG_MM)
        drawn = drawing_svg.Options(scale=scale, labels="name", findings=warned, view=view)
        svg = drawing_svg.level_svg(document, level.key, drawn)
        found.append((level_name(level), len(units), mark_safe(svg)))  # noqa: S308  made by drawing_svg, which escapes
    return found


def _places(finding: Finding, only: str) -> list[Finding]:
    """A finding for each of its places. Findings of a drawing of one level say no level."""
    parts = getattr(finding.geometry, "geoms", [finding.geometry])
    return [replace(finding, level=finding.level or only, geometry=part) for part in parts if part is not None]


def _figures(document: Document) -> list[tuple[str, Any]]:
    return [
        (_("Levels"), len(document.levels)),
        (_("Rooms"), len(document.units)),
        (_("Doors and gaps"), len(document.openings)),
        (_("Fixtures and amenities"), len(document.fixtures) + len(document.amenities)),
        (_("Area of all rooms (m²)"), metres(sum(unit.geometry.area for unit in document.units))),
        (_("Size of the levels"), _sizes(document)),
    ]


def _sizes(document: Document) -> str:
    """Each level's width and depth, once where they are the same."""
    sizes = []
    for level in document.ordered_levels():
        around = outline_of(document, level.key)
        if not around.is_empty:
            west, south, east, north = around.bounds
            sizes.append(f"{metres(east - west)} × {metres(north - south)} m")
    return ", ".join(dict.fromkeys(sizes))
