"""Repair tasks: the list, one task, and how it ends."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import is_officer, own_depots
from disaster.models import RepairState, RepairTask
from disaster.querysets_inspections import OPEN, inspections_of, repair_counts, seen_repairs
from disaster.repair_forms import CancelForm, FinishForm, RepairAddForm, RepairForm
from disaster.services import repairs as services
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea

from .asking import number_of, refuse_strangers, uuid_of
from .refusals import carried_out, done

PER_PAGE = 50


def _found(request: HttpRequest, pk: int) -> RepairTask:
    refuse_strangers(request.user)
    found: RepairTask = get_object_or_404(seen_repairs(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def repair_list(request: HttpRequest) -> HttpResponse:
    """Tasks that are not closed first, the most urgent on top; by town, state and depot where asked."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    tasks = seen_repairs(request.user)
    is_open = Count("pk", filter=Q(state__in=OPEN))
    towns = tasks.order_by().values("depot__area").annotate(number=is_open).values_list("depot__area", "number")
    numbers = {area: number for area, number in towns if area}
    names = AdminArea.objects.filter(pk__in=numbers).order_by("full_name")
    town, depot, state = (request.GET.get(name, "") for name in ("town", "depot", "state"))
    if (area := number_of(town)) is not None:
        tasks = tasks.filter(depot__area=area)
    if (key := number_of(depot)) is not None:
        tasks = tasks.filter(depot=key)
    counts = repair_counts(tasks, today)
    if state in RepairState.values:
        tasks = tasks.filter(state=state)
    elif state != "all":
        tasks = tasks.filter(state__in=OPEN)
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(task, _age(task, today), task.due_on is not None and task.due_on < today) for task in page],
        "towns": [(area, numbers[area.pk]) for area in names],
        "town": town, "state": state, "states": RepairState, "counts": counts, "may_add": is_officer(request.user),
    }  # fmt: skip
    return render(request, "disaster/repair_list.html", context)


def _age(task: RepairTask, today: Any) -> int:
    """For how many days it has been, or was, open."""
    until = timezone.localdate(task.closed_at) if task.closed_at else today
    return max(0, (until - timezone.localdate(task.created_at)).days)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """One task. POST changes what is said of it while it is open."""
    found = _found(request, pk)
    form = RepairForm(request.POST or None, instance=_found(request, pk))
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
                form.refuse(invalid, _found(request, pk))
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("repair", pk)
    return _page(request, found, status, form)


def _page(request: HttpRequest, found: RepairTask, status: int, form: RepairForm) -> HttpResponse:
    class_id = found.item_class_id
    later = inspections_of(found.depot, class_id, found.lot_id).filter(inspected_at__gt=found.created_at)
    context = {
        "task": found,
        "form": form,
        "is_open": found.state in OPEN,
        "may": services.may_repair(request.user, found.depot),
        "age": _age(found, timezone.localdate()),
        "later": later.exclude(pk=found.inspection_id or 0).select_related("inspected_by")[:3],
        "late": found.due_on is not None and found.state in OPEN and found.due_on < timezone.localdate(),
    }
    return render(request, "disaster/repair.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repair_add(request: HttpRequest) -> HttpResponse:
    """A task that no inspection asked for."""
    if not is_officer(request.user):
        raise PermissionDenied(_("Only disaster officers may do this."))
    initial = {"depot": request.GET.get("depot"), "blocks": True}
    form = RepairAddForm(request.POST or None, depots=own_depots(request.user), initial=initial)
    token = request.POST.get("token") or str(uuid.uuid4())
    made: list[RepairTask] = []

    def add(_data: dict[str, Any]) -> None:
        made.append(services.open_by_hand(request.user, form.values(), uuid_of(token)))

    status = carried_out(form, add) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("repair", made[0].pk)
    return render(request, "disaster/repair_add.html", {"form": form, "token": token}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repair_finish(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    initial = {"version": found.version, "cost_krw": found.cost_krw, "resolution": found.resolution}
    form = FinishForm(request.POST or None, initial=initial)

    def finish(data: dict[str, Any]) -> None:
        services.finish(found, request.user, data["version"], data["resolution"], data["cost_krw"])

    return _ending(request, found, form, finish, _("Done"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repair_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = CancelForm(request.POST or None, initial={"version": found.version})

    def cancel(data: dict[str, Any]) -> None:
        services.cancel(found, request.user, data["version"], data["resolution"])

    return _ending(request, found, form, cancel, _("Not needed"))


def _ending(
    request: HttpRequest, found: RepairTask, form: Any, act: Callable[[dict[str, Any]], None], title: str
) -> HttpResponse:
    if not services.may_repair(request.user, found.depot):
        raise PermissionDenied(_("This depot lies outside the area that you look after."))
    status = carried_out(form, act) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("repair", found.pk)
    return render(request, "disaster/repair_end.html", {"task": found, "form": form, "title": title}, status=status)


@login_required
@require_POST
def repair_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up a closed task again."""
    found = _found(request, pk)
    version = number_of(request.POST.get("version", "")) or 0
    if done(request, lambda: services.reopen(found, request.user, version)):
        messages.success(request, _("Taken up again."))
    return redirect("repair", found.pk)


__all__ = ["repair", "repair_add", "repair_cancel", "repair_finish", "repair_list", "repair_reopen"]
