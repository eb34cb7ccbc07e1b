"""Redistribution: asking for a plan, a plan with its drafts, approving, withdrawing and computing anew."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import is_officer, officer_scope
from disaster.models import TransferOrder
from disaster.operation_forms import PlanForm
from disaster.services import redistribution as services
from disaster.services import redistribution_view as view
from disaster.services.redistribution import Wish
from disaster.words import redistribution as words
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Job
from gis_core.models.jobs import JobStatus

from .asking import number_of, refuse_others_than_officers, refuse_strangers
from .operations import token_of
from .refusals import refused

MOST_SHOWN = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redistribution(request: HttpRequest) -> HttpResponse:
    """What is to be redistributed, and the plans that wait to be approved. POST computes a plan of drafts."""
    refuse_others_than_officers(request.user)
    form = PlanForm(request.POST or None, scope=officer_scope(request.user))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _after(services.start(request.user, _wish(form), token_of(request.POST)))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                refused(form, invalid)
                status = 409
    context = {
        "form": form, "token": request.POST.get("token") or uuid.uuid4(),
        "plans": view.waiting_plans(request.user)[:MOST_SHOWN],
    }  # fmt: skip
    return render(request, "disaster/redistribution.html", context, status=status)


def _wish(form: PlanForm) -> Wish:
    data = form.cleaned_data
    keys: dict[str, Any] = {name: data[name].pk if data[name] else None for name in ("area", "zone", "item")}
    facts = {name: data[name] for name in ("hazard", "floor", "below_standard", "most_km")}
    return Wish(**keys, **facts)


def _after(job: Job) -> HttpResponse:
    """The plan where it is done, else the job that works on it."""
    return redirect("redistribution-plan" if job.status == JobStatus.DONE else "job", job.pk)


@login_required
@never_cache
@require_safe
def plan_page(request: HttpRequest, plan: uuid.UUID) -> HttpResponse:
    refuse_strangers(request.user)
    return _page(request, plan)


def _page(request: HttpRequest, plan: uuid.UUID, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
    """Raises Http404 where there is no such plan, or none of its drafts is this person's to see."""
    job = Job.objects.filter(pk=plan, status=JobStatus.DONE, kind=services.plan_in_background.module_path).first()
    orders = view.seen_drafts(request.user, plan)
    if not orders and (job is None or job.created_by_id != request.user.pk):
        raise Http404
    context = {
        **view.of_plan(orders, job), "legend": view.legend(), "plan": plan, "problems": problems or [],
        "token": uuid.uuid4(),
        "may_act": is_officer(request.user),
    }  # fmt: skip
    return render(request, "disaster/redistribution_plan.html", context, status=status)


@login_required
@never_cache
@require_POST
def approve(request: HttpRequest, plan: uuid.UUID) -> HttpResponse:
    """The chosen drafts, or all; those that do not fit any more are told."""
    refuse_others_than_officers(request.user)
    listed, everything = set(request.POST.getlist("order")), "all" in request.POST
    # A draft that was approved meanwhile is left to the service: it may be this form, sent twice.
    chosen = [
        (order, _version(request, order))
        for order in view.seen_drafts(request.user, plan)
        if f"version-{order.pk}" in request.POST and (everything or str(order.pk) in listed)
    ]
    if not chosen:
        return _page(request, plan, [_("Choose at least one draft.")], 422)
    try:
        approved, problems = services.approve(request.user, chosen, token_of(request.POST))
    except Invalid as invalid:
        return _page(request, plan, [text for texts in invalid.errors.values() for text in texts], 409)
    if approved:
        messages.success(request, words.approved(approved))
    if problems:
        return _page(request, plan, problems, 409)
    return redirect("redistribution-plan", plan)


def _version(request: HttpRequest, order: TransferOrder) -> int:
    return number_of(request.POST.get(f"version-{order.pk}", "")) or 0


@login_required
@never_cache
@require_POST
def withdraw(request: HttpRequest, plan: uuid.UUID) -> HttpResponse:
    refuse_others_than_officers(request.user)
    return _done(request, plan, lambda token: services.withdraw(request.user, plan, token))


@login_required
@never_cache
@require_POST
def again(request: HttpRequest, plan: uuid.UUID) -> HttpResponse:
    """Withdraw what is left and compute anew from today's stock."""
    refuse_others_than_officers(request.user)
    if not view.seen_drafts(request.user, plan):
        raise Http404
    return _done(request, plan, lambda token: services.again(request.user, plan, token))


def _done(request: HttpRequest, plan: uuid.UUID, act: Any) -> HttpResponse:
    try:
        result = act(token_of(request.POST))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        return _page(request, plan, [text for texts in invalid.errors.values() for text in texts], 409)
    if isinstance(result, Job):
        return _after(result)
    messages.success(request, _("The drafts were withdrawn."))
    return redirect("redistribution")
