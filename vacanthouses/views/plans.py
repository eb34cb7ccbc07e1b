"""Improvement plans: the list with its figures, one plan, its form, its legal steps and its PDF."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.views.history import LABELS
from vacanthouses.models import ImprovementPlan
from vacanthouses.planning_forms import PlanForm, PlanStepForm, ReasonForm, token_of
from vacanthouses.querysets_planning import measures, planned_areas, plans
from vacanthouses.services import clocks, past, plan_figures
from vacanthouses.services import plans as services
from vacanthouses.words.clocks import STATE_LABELS

from .access import is_manager, refuse_others_than_planners
from .refusals import carried_out

PER_PAGE = 30
FACTS = {
    "name": gettext_lazy("name"),
    "area": gettext_lazy("area"),
    "year": gettext_lazy("year"),
    "published_on": gettext_lazy("published on"),
    "noticed_on": gettext_lazy("notice given on"),
    "note": gettext_lazy("note"),
}


def find_plan(request: HttpRequest, pk: int) -> ImprovementPlan:
    """A live plan of the person's areas. Raises PermissionDenied for other roles, Http404 elsewhere."""
    refuse_others_than_planners(request.user)
    found: ImprovementPlan = get_object_or_404(plans(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans, and by year and town what was planned, done, paid and came of it."""
    refuse_others_than_planners(request.user)
    found = plans(request.user)
    years = sorted(set(found.order_by().values_list("year", flat=True)), reverse=True)
    year = request.GET.get("year", "")
    if year in map(str, years):
        found = found.filter(year=int(year))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    figures = plan_figures.of_plans(shown)
    rows, total = plan_figures.by_year_and_town(found)
    context = {
        "page": page, "plans": [(plan, figures[plan.pk]) for plan in shown], "years": years, "year": year,
        "rows": rows, "total": total,
    }  # fmt: skip
    return render(request, "vacanthouses/plan_list.html", context)


@login_required
@never_cache
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its measures with their state and costs, sums, legal steps, history."""
    found = find_plan(request, pk)
    rows = _rows(found)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "plan", count=len(rows), detail=f"plan {pk}")
    context = {
        "plan": found,
        "rows": rows,
        "sums": plan_figures.of_plan(found),
        "steps": services.steps_of(found),
        "clocks": [(clock, STATE_LABELS[clock.state]) for clock in clocks.clocks_of(found) if clock.started_on],
        "may_step": is_manager(request.user),
        "entries": [(entry, LABELS[entry.kind]) for entry in past.entries([found], FACTS)],
    }
    return render(request, "vacanthouses/plan.html", context)


def _rows(found: ImprovementPlan) -> list[tuple[Any, plan_figures.Figures]]:
    costs = plan_figures.of_measures(found)
    return [(measure, costs[measure.pk]) for measure in measures(found)]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a plan, or change one."""
    refuse_others_than_planners(request.user)
    found = find_plan(request, pk) if pk else None
    form = PlanForm(request.POST or None, instance=found, scope=planned_areas(request.user))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, form, pk)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, plans(request.user).filter(pk=pk).first() if pk else None)
            else:
                return redirect("improvement-plan", saved)
    context = {
        "form": form, "plan": find_plan(request, pk) if pk else None,
        "token": request.POST.get("token") or uuid.uuid4(),
    }  # fmt: skip
    return render(request, "vacanthouses/plan_form.html", context, status=status)


def _save(request: HttpRequest, form: PlanForm, pk: int | None) -> int:
    """The number of the plan."""
    if pk is None:
        pk = services.create(request.user, form.values(), token_of(request.POST)).pk
        messages.success(request, _("Saved."))
        return int(pk)
    theirs = services.change(ImprovementPlan(pk=pk), request.user, form.base(), form.values())
    messages.success(request, _("Saved."))
    form.tell(request, theirs)
    return pk


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_plan(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(found, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("improvement-plans")
    return render(request, "vacanthouses/plan_retire.html", {"plan": found, "form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a legal step: lay the draft open, decide the plan, give notice. Survey managers only."""
    found = find_plan(request, pk)
    if step not in services.STEPS:
        raise Http404
    if not is_manager(request.user):
        raise PermissionDenied(_("Only survey managers may do this."))
    form = PlanStepForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})

    def take(data: dict[str, Any]) -> None:
        services.take(found, request.user, step, data["on"], data["override"])

    status = carried_out(form, take) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Noted."))
        return redirect("improvement-plan", pk)
    context = {"plan": found, "step": services.STEPS[step], "form": form}
    return render(request, "vacanthouses/plan_step.html", context, status=status)
