"""Adding to a project, changing and retiring what it has: lines of its budget, events, outputs; and its stage."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.seen_forms import SeenForm
from gis_core.layers.registry import layers
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ProjectOutput, ZoneProject

from . import projects_querysets as queries
from . import projects_services as services
from .projects_forms import BudgetForm, EventForm, OutputForm, RetireForm, StageForm


@dataclass(frozen=True)
class Kind:
    """Something that projects have many of."""

    model: Any
    form: type[SeenForm]
    add: Promise
    change: Promise


KINDS = {
    "budgets": Kind(
        ProjectBudget, BudgetForm, gettext_lazy("Add a line to the budget"), gettext_lazy("Change a line of the budget")
    ),
    "events": Kind(ProjectEvent, EventForm, gettext_lazy("Add an event"), gettext_lazy("Change an event")),
    "outputs": Kind(ProjectOutput, OutputForm, gettext_lazy("Add an output"), gettext_lazy("Change an output")),
}


def new_form(project: ZoneProject, kind: str) -> SeenForm:
    """An empty form, for the project's own page too: its fields have ids that no other form there has."""
    today = timezone.localdate()
    year = project.starts_on.year if project.starts_on else today.year
    return KINDS[kind].form(initial={"year": year, "held_on": today}, auto_id=f"{kind}_%s")


def _project(request: HttpRequest, pk: int) -> ZoneProject:
    """Raises Http404, and PermissionDenied for those who may see it but not change it."""
    project: ZoneProject = get_object_or_404(queries.seen(request.user), pk=pk)
    if not services.may_change(request.user, project):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    return project


def _part(request: HttpRequest, kind: str, pk: int) -> tuple[Kind, Any]:
    found = KINDS.get(kind)
    if found is None:
        raise Http404
    part = get_object_or_404(found.model.objects.live().select_related("project"), pk=pk)
    _project(request, part.project_id)
    return found, part


def _back(project: int, kind: str) -> HttpResponse:
    return redirect(f"{reverse('record-detail', args=['zone-projects', project])}#{kind}")


def _page(
    request: HttpRequest, project: ZoneProject, kind: str, title: Any, form: Any, status: int, **more: Any
) -> HttpResponse:
    layer = layers.get("zone-projects")
    context = {"layer": layer, "project": project, "kind": kind, "title": title, "form": form, **more}
    return render(request, "gis_core/zones/project_part.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One more line, event or output; the project's own page sends its forms here too."""
    if kind not in KINDS:
        raise Http404
    project, found = _project(request, pk), KINDS[kind]
    form, status = new_form(project, kind), 200
    if request.method == "POST":
        form, status = found.form(request.POST), 422
        if form.is_valid():
            try:
                services.add(project, request.user, found.model, form.values(), _token(request))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, None)
            else:
                messages.success(request, _("Added."))
                return _back(project.pk, kind)
    return _page(request, project, kind, found.add, form, status, token=request.POST.get("token") or uuid.uuid4())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    found, part = _part(request, kind, pk)
    form, status = found.form(request.POST or None, instance=part), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                form.tell(request, services.change(_again(found, pk), request.user, form.base(), form.values()))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, found.model.objects.get(pk=pk))
            else:
                messages.success(request, _("Saved."))
                return _back(part.project_id, kind)
    retirement = RetireForm(initial={"version": part.version}, auto_id="retire_%s")
    return _page(request, part.project, kind, found.change, form, status, part=part, retirement=retirement)


def _again(kind: Kind, pk: int) -> Any:
    """The part as it is stored: checking a form writes on the instance it was given."""
    return kind.model.objects.select_related("project").get(pk=pk)


@login_required
@never_cache
@require_http_methods(["POST"])
def part_retire(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    found, part = _part(request, kind, pk)
    form, status = RetireForm(request.POST, auto_id="retire_%s"), 422
    if form.is_valid():
        try:
            services.retire(part, request.user, form.cleaned_data["reason"], form.cleaned_data["version"])
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            status = 409
            form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        else:
            messages.success(request, _("Retired."))
            return _back(part.project_id, kind)
    return _page(
        request, part.project, kind, found.change, found.form(instance=part), status, part=part, retirement=form
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """The stage a project has reached, with the days that go with it."""
    project = _project(request, pk)
    form, status = StageForm(instance=project, initial={"version": project.version}), 200
    if request.method == "POST":
        form, status = StageForm(request.POST, instance=_project(request, pk)), 422
        if form.is_valid():
            values = {name: form.data.get(name, "") for name in StageForm.Meta.fields}
            try:
                services.set_stage(project, request.user, values, form.cleaned_data["version"])
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                for name, texts in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, texts)
            else:
                messages.success(request, _("Saved."))
                return _back(pk, "stage")
    return _page(request, project, "stage", _("Change the stage"), form, status)


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
