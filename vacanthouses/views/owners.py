"""The owners of a vacant house. Every page here gives out personal data, and every look is logged."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.views.history import LABELS
from vacanthouses.models import Owner, VacantHouse
from vacanthouses.planning_forms import OwnerForm, ReasonForm, token_of
from vacanthouses.querysets_planning import houses, owners
from vacanthouses.services import owners as services
from vacanthouses.services import past

from .access import refuse_others_than_planners
from .refusals import carried_out


def _house(request: HttpRequest, pk: int) -> VacantHouse:
    """Raises PermissionDenied for other roles, Http404 outside the person's areas."""
    refuse_others_than_planners(request.user)
    found: VacantHouse = get_object_or_404(houses(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def owner_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of a house's owners, former ones in the history."""
    house = _house(request, pk)
    found = services.look(house, request.user)
    entries = past.entries(Owner.objects.filter(house=house), {field.name: field.label for field in OwnerForm()})
    context = {
        "layer": layers.get("vacant-houses"),
        "record": house,
        "owners": found,
        "entries": [(entry, LABELS[entry.kind]) for entry in entries],
    }
    return render(request, "vacanthouses/owners.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def owner_edit(request: HttpRequest, pk: int, owner_pk: int | None = None) -> HttpResponse:
    """Add an owner, or change what is known of one."""
    house = _house(request, pk)
    owner = get_object_or_404(owners(house), pk=owner_pk) if owner_pk else None
    services.look(house, request.user, "owner form")
    form = OwnerForm(request.POST or None, instance=owner)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(request, house, owner_pk, form)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, owners(house).filter(pk=owner_pk).first() if owner_pk else None)
            else:
                return redirect("owners", pk)
    context = {
        "layer": layers.get("vacant-houses"), "record": house, "owner": owner, "form": form,
        "token": request.POST.get("token") or uuid.uuid4(),
    }  # fmt: skip
    return render(request, "vacanthouses/owner_form.html", context, status=status)


def _save(request: HttpRequest, house: VacantHouse, owner_pk: int | None, form: OwnerForm) -> None:
    if owner_pk is None:
        services.add(house, request.user, form.values(), token_of(request.POST))
        messages.success(request, _("Saved."))
        return
    theirs = services.change(Owner(pk=owner_pk, house=house), request.user, form.base(), form.values())
    messages.success(request, _("Saved."))
    form.tell(request, theirs)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def owner_retire(request: HttpRequest, pk: int, owner_pk: int) -> HttpResponse:
    """Somebody owns the house no longer."""
    house = _house(request, pk)
    owner = get_object_or_404(owners(house), pk=owner_pk)
    services.look(house, request.user, "owner form")
    form = ReasonForm(request.POST or None, initial={"version": owner.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(owner, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("owners", pk)
    context = {"layer": layers.get("vacant-houses"), "record": house, "owner": owner, "form": form}
    return render(request, "vacanthouses/owner_retire.html", context, status=status)
