"""Measures of improvement plans: finding a house, adding, changing, costs, and how it ended."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from vacanthouses import reuse as rules
from vacanthouses.models import CostLine, ImprovementPlan, Measure, MeasureKind, ReuseKind
from vacanthouses.planning_forms import (
    CostForm,
    FinishForm,
    MeasureAddForm,
    MeasureForm,
    ReasonForm,
    token_of,
)
from vacanthouses.querysets_planning import houses, measures, plans_for, vacant
from vacanthouses.services import measures as services
from vacanthouses.services import plan_figures, reuse
from vacanthouses.words import planning as words

from .access import refuse_others_than_planners
from .plans import find_plan
from .refusals import carried_out

MOST_FOUND = 30


def _measure(plan: ImprovementPlan, pk: int) -> Measure:
    found: Measure = get_object_or_404(measures(plan).select_related("house__area", "updated_by"), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def measure_house(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the house that a measure is for, by words of its address or digits of its parcel number."""
    plan = find_plan(request, pk)
    asked = request.GET.get("q", "").strip()[:100]
    below = AdminArea.objects.descendant_ids([plan.area_id])
    found = vacant(request.user).filter(area__in=sorted(below)).order_by("address", "pk")
    for word in asked.split():
        found = found.filter(Q(address__icontains=word) | Q(pnu__contains=word))
    shown = list(found[: MOST_FOUND + 1]) if asked else []
    layer = layers.get("vacant-houses")
    permissions.log_personal(request.user, layer, "search", count=len(shown[:MOST_FOUND]), detail=asked)
    context = {"plan": plan, "q": asked, "houses": shown[:MOST_FOUND], "more": len(shown) > MOST_FOUND}
    return render(request, "vacanthouses/measure_house.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def measure_add(request: HttpRequest, pk: int, house_pk: int) -> HttpResponse:
    """A measure for a house; the address may say which kind."""
    plan = find_plan(request, pk)
    house = get_object_or_404(houses(request.user), pk=house_pk)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "measure", record_id=house.pk)
    initial = {name: request.GET.get(name, "") for name in ("kind", "reuse")}
    form = MeasureAddForm(request.POST or None, initial=initial)
    made: list[Measure] = []

    def add(data: dict[str, Any]) -> None:
        facts = {"reuse_as": data["reuse"], "planned_on": data["planned_on"]}
        made.append(services.add(plan, request.user, house, data["kind"], **facts))

    status = carried_out(form, add) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("The measure is in the plan."))
        return redirect("measure", pk, made[0].pk)
    context = {"plan": plan, "house": house, "form": form, "uses": _uses(house)}
    return render(request, "vacanthouses/measure_add.html", context, status=status)


def _uses(house: Any) -> list[tuple[str, str, list[str]]]:
    """Each use with how the house stands to it, and why not."""
    found = reuse.match_house(house)
    return [
        (str(ReuseKind(match.kind).label), str(words.STANDING_LABELS[match.standing]),
         words.why_not(found.table.table, match))
        for match in sorted(found.matches, key=rules.rank)
    ]  # fmt: skip


@login_required
@never_cache
@require_safe
def measure_plan(request: HttpRequest, house_pk: int) -> HttpResponse:
    """From a house to a plan: those whose area holds the house."""
    refuse_others_than_planners(request.user)
    house = get_object_or_404(houses(request.user), pk=house_pk)
    found = list(plans_for(request.user, house))
    asked = {name: request.GET[name] for name in ("kind", "reuse") if request.GET.get(name)}
    permissions.log_personal(request.user, layers.get("vacant-houses"), "measure", record_id=house.pk)
    return render(request, "vacanthouses/measure_plan.html", {"house": house, "plans": found, "asked": asked})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, pk: int, measure_pk: int) -> HttpResponse:
    """One measure with its costs. POST changes its state or its day."""
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    form = MeasureForm(request.POST or None, instance=_measure(plan, measure_pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = services.change(found, request.user, form.base(), form.values())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, _measure(plan, measure_pk))
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("measure", pk, measure_pk)
    return _page(request, plan, found, status, form=form)


def _page(request: HttpRequest, plan: ImprovementPlan, found: Measure, status: int, **forms: Any) -> HttpResponse:
    layer = layers.get("vacant-houses")
    permissions.log_personal(request.user, layer, "measure", record_id=found.house_id)
    context = {
        "plan": plan,
        "measure": found,
        "is_open": found.state in services.OPEN,
        "costs": list(CostLine.objects.live().filter(measure=found).order_by("pk")),
        "figures": plan_figures.of_measures(plan)[found.pk],
        "form": MeasureForm(instance=found),
        "cost_form": CostForm(auto_id="cost_%s"),
        "token": request.POST.get("token") or uuid.uuid4(),
        "match": _match(found),
        "becomes": services.BECOMES.get(MeasureKind(found.kind)),
        **forms,
    }
    return render(request, "vacanthouses/measure.html", context, status=status)


def _match(found: Measure) -> dict[str, Any] | None:
    """How it was matched when it was added, in words, by the edition of then."""
    return words.kept_match(found.match, reuse.table_of(found.match)) if found.match else None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def measure_finish(request: HttpRequest, pk: int, measure_pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    initial = {"done_on": timezone.localdate().isoformat(), "version": found.version}
    form = FinishForm(request.POST or None, initial=initial)

    def finish(data: dict[str, Any]) -> None:
        facts = (data["done_on"], data["outcome"], data["living_population"])
        services.finish(found, request.user, data["version"], *facts)

    return _ending(request, plan, found, form, finish, _("Finish the measure"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def measure_drop(request: HttpRequest, pk: int, measure_pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})

    def drop(data: dict[str, Any]) -> None:
        services.drop(found, request.user, data["version"], data["reason"])

    return _ending(request, plan, found, form, drop, _("Drop the measure"))


def _ending(
    request: HttpRequest, plan: ImprovementPlan, found: Measure, form: Any, act: Any, title: str
) -> HttpResponse:
    permissions.log_personal(request.user, layers.get("vacant-houses"), "measure", record_id=found.house_id)
    status = carried_out(form, act) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("measure", plan.pk, found.pk)
    becomes = services.BECOMES.get(MeasureKind(found.kind)) if isinstance(form, FinishForm) else None
    context = {"plan": plan, "measure": found, "form": form, "title": title, "becomes": becomes}
    return render(request, "vacanthouses/measure_end.html", context, status=status)


@login_required
@require_POST
def measure_reopen(request: HttpRequest, pk: int, measure_pk: int) -> HttpResponse:
    """Take up a measure again that was dropped, or that is not done after all."""
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    _told(request, lambda: services.reopen(found, request.user, _version(request)), _("Taken up again."))
    return redirect("measure", pk, measure_pk)


@login_required
@require_POST
def cost_add(request: HttpRequest, pk: int, measure_pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    form = CostForm(request.POST, auto_id="cost_%s")

    def add(_data: dict[str, Any]) -> None:
        services.add_cost(found, request.user, form.values(), token_of(request.POST))

    status = carried_out(form, add)
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("measure", pk, measure_pk)
    return _page(request, plan, found, status, cost_form=form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cost_edit(request: HttpRequest, pk: int, measure_pk: int, cost_pk: int) -> HttpResponse:
    """Change a line of cost."""
    plan = find_plan(request, pk)
    found = _measure(plan, measure_pk)
    line = _line(found, cost_pk)
    form = CostForm(request.POST or None, instance=_line(found, cost_pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = services.change_cost(line, request.user, form.base(), form.values())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, _line(found, cost_pk))
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("measure", pk, measure_pk)
    permissions.log_personal(request.user, layers.get("vacant-houses"), "measure", record_id=found.house_id)
    context = {"plan": plan, "measure": found, "line": line, "form": form}
    return render(request, "vacanthouses/cost_form.html", context, status=status)


@login_required
@require_POST
def cost_remove(request: HttpRequest, pk: int, measure_pk: int, cost_pk: int) -> HttpResponse:
    """Take a line of cost out."""
    found = _measure(find_plan(request, pk), measure_pk)
    line = _line(found, cost_pk)
    _told(request, lambda: services.remove_cost(line, request.user, _version(request)), _("Taken out."))
    return redirect("measure", pk, measure_pk)


def _line(found: Measure, pk: int) -> CostLine:
    lines = CostLine.objects.live().filter(measure=found).select_related("measure", "updated_by")
    line: CostLine = get_object_or_404(lines, pk=pk)
    return line


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _told(request: HttpRequest, act: Callable[[], Any], done: str) -> None:
    """Do it, and say on the next page that it was done, or why not. Raises PermissionDenied."""
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for texts in invalid.errors.values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, done)
