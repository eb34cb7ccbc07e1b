"""Agreements of zones: the list of all, and adding, changing and retiring one from its zone's page."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.forms import RetireForm
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, ZoneAgreement

from . import agreement_querysets as queries
from . import agreement_services as services
from .agreement_forms import AgreementForm, PartiesForm
from .standing import State, standing
from .words import STATES

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """All agreements, or with ``?state=`` those that stand so; and the zones that work together without one."""
    layer = layers.get("zones")
    if not permissions.can_view(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you see this list."))
    day, state = timezone.localdate(), request.GET.get("state", "")
    found = queries.seen_agreements(request.user).select_related("zone").defer("zone__geometry")
    if state in set(State):
        found = queries.in_state(found, state, day)
    page = Paginator(found.prefetch_related("parties"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "layer": layer, "page": page, "state": state, "states": STATES,
        "rows": [(each, standing(each.valid_from, each.valid_until, day)) for each in page],
        "without": queries.without_agreement(layer.queryset(request.user), day).defer("geometry"),
    }  # fmt: skip
    return render(request, "gis_core/zones/agreement_list.html", context)


def _zone(request: HttpRequest, pk: int) -> CooperationZone:
    """A zone whose agreements this person may change. Raises Http404, PermissionDenied."""
    zone: CooperationZone = get_object_or_404(layers.get("zones").queryset(request.user), pk=pk)
    if not services.may_change(request.user, zone):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    return zone


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, zone: int, pk: int | None = None) -> HttpResponse:
    """Add an agreement to a zone, or change one."""
    of = _zone(request, zone)
    found = get_object_or_404(of.agreements.live(), pk=pk) if pk else None
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    # Checking a form writes on its instance; what a refused form shows of the agreement stays as it was.
    instance = ZoneAgreement.objects.get(pk=pk) if pk else None
    form = AgreementForm(
        data, instance=instance, zone=of, initial={"signed_on": timezone.localdate()} if not pk else {}
    )
    sides = PartiesForm(data, files, zone=of, agreement=found)
    status = 200
    if data is not None:
        status = 422
        # Both are checked, so that all that is missing is told at once.
        if form.is_valid() & sides.is_valid():
            try:
                _save(request, of, pk, form, sides)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                _refuse(form, sides, invalid, ZoneAgreement.objects.filter(pk=pk).first() if pk else None)
            else:
                messages.success(request, _("Saved."))
                return redirect("record-detail", layers.get("zones"), of.pk)
    context = {
        "zone": of, "agreement": found, "form": form, "sides": sides, "layer": layers.get("zones"),
        "token": request.POST.get("token") or uuid.uuid4(),
    }  # fmt: skip
    return render(request, "gis_core/zones/agreement_form.html", context, status=status)


def _save(request: HttpRequest, zone: CooperationZone, pk: int | None, form: AgreementForm, sides: PartiesForm) -> None:
    values = form.values()
    if upload := sides.cleaned_data["upload"]:
        values["document"] = services.attach_document(request.user, zone, upload)
    if pk is None:
        services.add(zone, request.user, values, sides.chosen()[1], _token(request))
    else:
        theirs = services.change(ZoneAgreement(pk=pk), request.user, form.base(), values, sides.chosen())
        form.tell(request, theirs)


def _refuse(form: AgreementForm, sides: PartiesForm, invalid: Invalid, current: Any) -> None:
    """Show what a service refused, at the field of either form."""
    for name in invalid.errors.keys() & sides.fields.keys():
        sides.add_error(name, invalid.errors[name])
    form.refuse(Invalid({name: texts for name, texts in invalid.errors.items() if name not in sides.fields}), current)


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_retire(request: HttpRequest, zone: int, pk: int) -> HttpResponse:
    of = _zone(request, zone)
    found = of.agreements.live().filter(pk=pk).first()
    if found is None:
        raise Http404
    form = RetireForm(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.retire(found, request.user, form.cleaned_data["reason"], form.cleaned_data["version"])
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
            else:
                messages.success(request, _("Retired."))
                return redirect("record-detail", layers.get("zones"), of.pk)
    context = {"zone": of, "agreement": found, "form": form, "layer": layers.get("zones")}
    return render(request, "gis_core/zones/agreement_retire.html", context, status=status)
