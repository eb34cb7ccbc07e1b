"""Plans of a building: made, told about, agreed, shown, retired; and the editor's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from facilities.forms import NewPlanForm, PlanForm
from facilities.models import Plan, PlanStatus
from facilities.services import plans
from facilities.services.errors import Frozen
from facilities.services.holding import may_edit
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers

from .access import find_building, find_plan, find_retired_plan
from .plan_config import editor_config, plan_fields
from .plan_text import plan_text

EDITS_PER_PAGE = 50
# Names of formats, the same in every language.
EXPORT_TITLES = (
    ("dxf", "DXF"),
    ("imdf.zip", "IMDF (ZIP)"),
    ("gml", "IndoorGML"),
    ("geojson", "GeoJSON"),
)


def frozen_text() -> str:
    return _("This plan is agreed and can no longer be changed. Make a new option from it.")


def _done(request: HttpRequest, form: Form | None, work: Callable[[], Any]) -> Any:
    """What the work gives; None when it was refused, with the reason in the form or as a message."""
    try:
        return work()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Frozen:
        messages.error(request, frozen_text())
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            if form is not None:
                form.add_error(name if name in form.fields else None, texts)
            else:
                messages.error(request, " ".join(texts))
    return None


@login_required
@never_cache
def add(request: HttpRequest, pk: int) -> HttpResponse:
    building = find_building(request, pk)
    if not permissions.can_change(request.user, layers.get("buildings"), building):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    shown = Plan.objects.live().filter(building=building, is_shown=True).first()
    source = request.GET.get("from", "")
    initial = {
        "name": _("Option") if shown else _("As-is"),
        "status": PlanStatus.OPTION if shown else PlanStatus.AS_IS,
        "based_on": source or shown,
    }
    form = NewPlanForm(building, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        plan = _done(
            request,
            form,
            lambda: plans.create(
                building, request.user, facts["name"], status=facts["status"], based_on=facts["based_on"]
            ),
        )
        if plan:
            return redirect("plan", plan.pk)
    context = {"layer": layers.get("buildings"), "record": building, "form": form, "title": _("New plan")}
    return render(request, "facilities/plan_form.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def editor(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    context = {
        **_about(plan),
        "may_edit": may_edit(request.user, plan),
        "can_edit": may_edit(request.user, plan) and not plan.is_frozen,
        "plan_config": editor_config(request.user, plan),
        "plan_text": plan_text(),
        "fields": plan_fields(),
        "exports": [
            {"title": title, "url": reverse("plan-export", args=[plan.pk, suffix])} for suffix, title in EXPORT_TITLES
        ],
    }
    return render(request, "facilities/plan_editor.html", context)


@login_required
@never_cache
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, status and note of a plan. Agreeing freezes it, and the page says so."""
    plan = find_plan(request, pk)
    if not may_edit(request.user, plan):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    form = PlanForm(request.POST or None, initial={"name": plan.name, "status": plan.status, "note": plan.note})
    if request.method == "POST" and form.is_valid():
        saved = _done(request, form, lambda: plans.save_facts(plan, request.user, **form.cleaned_data))
        if saved:
            messages.success(request, _("The plan is agreed and frozen.") if saved.is_frozen else _("Saved."))
            return redirect("plan", plan.pk)
    context = {
        "layer": layers.get("buildings"),
        "record": plan.building,
        "plan": plan,
        "form": form,
        "title": plan.name,
        "can_reopen": permissions.is_administrator(request.user),
    }
    return render(request, "facilities/plan_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    _done(request, None, lambda: plans.show(plan, request.user))
    messages.success(request, _("The map now shows %(plan)s.") % {"plan": plan})
    return _to_building(plan)


@login_required
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)

    def work() -> bool:
        plans.retire(plan, request.user, request.POST.get("reason", ""))
        return True

    if not _done(request, None, work):
        return redirect("plan-facts", plan.pk)
    said = _("%(plan)s was retired. It can be brought back from the list of retired plans.") % {"plan": plan}
    messages.success(request, said)
    if plan.is_shown:
        messages.warning(request, _("The map now shows no plan of this building. Choose one below."))
    return _to_building(plan)


@login_required
@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_retired_plan(request, pk)

    def work() -> bool:
        plans.bring_back(plan, request.user)
        return True

    if _done(request, None, work):
        messages.success(request, _("%(plan)s is in use again.") % {"plan": plan})
    return _to_building(plan)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    _done(request, None, lambda: plans.reopen(plan, request.user))
    messages.success(request, _("The plan can be changed again. It is an option now."))
    return redirect("plan", plan.pk)


@login_required
@never_cache
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edit of the plan: who, when, what, and how many parts."""
    plan = find_plan(request, pk)
    page = Paginator(plans.history(plan), EDITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {**_about(plan), "page": page}
    return render(request, "facilities/plan_history.html", context)


def _about(plan: Plan) -> dict[str, Any]:
    return {"layer": layers.get("buildings"), "record": plan.building, "plan": plan}


def _to_building(plan: Plan) -> HttpResponse:
    return redirect("record-detail", layers.get("buildings"), plan.building_id)
