"""Inspections at the desk: entering one that was made on paper, and correcting one."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disaster import checklists
from disaster.access import officer_scope, own_depots
from disaster.inspection_forms import AnswersForm, WhatForm
from disaster.models import Checklist, Inspection, Schedule
from disaster.querysets_inspections import checklists_in_force
from disaster.services import inspections as services
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.files import services as files
from gis_core.files.errors import FileRefused
from gis_core.files.messages import refusal
from gis_core.layers.registry import layers

from .asking import refuse_others_than_officers

# An inspection this long before its planned day still answers it; an earlier one is an ad hoc inspection.
SOON = timedelta(days=14)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_add(request: HttpRequest) -> HttpResponse:
    """First what is inspected, in the address; then its checklist. ``?schedule=`` says both."""
    refuse_others_than_officers(request.user)
    schedule = _schedule(request)
    if schedule is not None:
        told: dict[str, Any] = {"depot": schedule.depot_id, "item_class": schedule.item_class_id or ""}
    else:
        told = {name: request.GET.get(name, "") for name in ("depot", "item_class")}
    depots = own_depots(request.user).order_by("area__full_name", "name", "pk")
    what = WhatForm(told if told["depot"] and not request.GET.get("change") else None, depots=depots, initial=told)
    if not what.is_bound or not what.is_valid():
        return render(request, "disaster/inspection_add.html", {"what": what}, status=422 if what.errors else 200)
    depot, item_class = what.cleaned_data["depot"], what.cleaned_data["item_class"]
    edition = checklists_in_force(timezone.localdate()).get(item_class.pk if item_class else None)
    if edition is None:
        what.add_error("item_class", _("There is no checklist for this yet."))
        return render(request, "disaster/inspection_add.html", {"what": what}, status=422)
    facts = {
        "depot": depot.pk, "item_class": item_class.pk if item_class else None, "lot": None, "checklist": edition.pk,
        "schedule": schedule.pk if schedule else None,
        "due_on": schedule.next_due.isoformat() if schedule and schedule.next_due else None,
    }  # fmt: skip
    form = _form(request, edition, item_class is not None)
    token = request.POST.get("token") or str(uuid.uuid4())
    context = {"depot": depot, "item_class": item_class, "edition": edition, "token": token, "schedule": schedule}
    return _answered(request, form, context, lambda: _entered(request, form, facts, token))


def _schedule(request: HttpRequest) -> Schedule | None:
    """The schedule named, or the one that waits for the depot and class named."""
    asked = {name: request.GET.get(name, "") for name in ("schedule", "depot", "item_class")}
    numbers = {
        name: int(text) for name, text in asked.items() if text.isascii() and text.isdecimal() and len(text) < 18
    }
    found = Schedule.objects.active().filter(depot__in=own_depots(request.user)).select_related("depot")
    if "schedule" in numbers:
        return found.filter(pk=numbers["schedule"]).first()
    if "depot" not in numbers:
        return None
    soon = timezone.localdate() + SOON
    of_same = found.filter(depot=numbers["depot"], item_class=numbers.get("item_class"), next_due__lte=soon)
    return of_same.order_by("next_due", "pk").first()


def _form(request: HttpRequest, edition: Checklist, is_class: bool, earlier: Inspection | None = None) -> AnswersForm:
    read = checklists.read(edition.body)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return AnswersForm(*data, checklist=read, is_class=is_class, earlier=earlier)


def _entered(request: HttpRequest, form: AnswersForm, facts: dict[str, Any], token: str) -> Inspection:
    """The inspection with its photos. Raises Invalid, NotAllowed, FileRefused; then nothing of it is kept."""
    try:
        number = uuid.UUID(token)
    except ValueError as error:
        raise Invalid({"__all__": [_("This form was already sent. Open it again.")]}) from error
    prepared = [_prepared(upload) for upload in form.cleaned_data["photos"]]
    with transaction.atomic():
        made = services.enter(request.user, number, form.body(facts))
        for photo in prepared:
            files.keep(layers.get("inspections"), request.user, made, photo, "")
    return made


def _prepared(upload: Any) -> files.Prepared:
    """Raises Invalid at the photos' field."""
    try:
        found = files.prepare(upload)
        if not found.type.photo:
            raise FileRefused("unknown")
    except FileRefused as error:
        raise Invalid({"photos": [f"{upload.name}: {refusal(error)}"]}) from error
    return found


def _answered(request: HttpRequest, form: AnswersForm, context: dict[str, Any], write: Any) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = write()
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                for name, texts in invalid.errors.items():
                    form.add_error(form.place(name), texts)
            else:
                messages.success(request, _("Saved."))
                return redirect("record-detail", "inspections", made.pk)
    return render(request, "disaster/inspection_form.html", {**context, "form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an inspection: repairs that it asked for by mistake are closed."""
    refuse_others_than_officers(request.user)
    inspections = Inspection.objects.live().select_related("depot__area", "item_class", "checklist__item_class")
    found = get_object_or_404(inspections, pk=pk)
    if not permissions.covers(officer_scope(request.user), [found.depot.area_id]):
        raise PermissionDenied(_("This depot lies outside the area that you look after."))
    if reason := services.settled(found):
        messages.error(request, reason)
        return redirect("record-detail", "inspections", found.pk)
    facts = {
        "depot": found.depot_id, "item_class": found.item_class_id, "lot": found.lot_id,
        "checklist": found.checklist_id, "schedule": found.schedule_id,
        "fix": None, "due_on": None,
    }  # fmt: skip
    form = _form(request, found.checklist, found.item_class_id is not None, found)
    version = request.POST.get("version") or str(found.version)

    def write() -> Inspection:
        if version != str(found.version):
            raise Invalid({"__all__": [_("Somebody changed this meanwhile. Look at it again.")]})
        return services.enter(request.user, found.uuid, form.body(facts), found.pk)

    context = {
        "depot": found.depot, "item_class": found.item_class, "edition": found.checklist, "inspection": found,
        "version": version,
    }  # fmt: skip
    return _answered(request, form, context, write)
