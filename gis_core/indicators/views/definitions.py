"""Defining indicators: add, change, take out of use."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.indicators import services
from gis_core.indicators.forms import IndicatorForm, NewIndicatorForm, ReasonForm
from gis_core.indicators.querysets import indicators, may_define
from gis_core.models import Indicator

from .asking import carried_out, find, uuid_of


def _refuse_others(user: Any) -> None:
    if not may_define(user):
        raise PermissionDenied(_("Only coordinators of more than one town may define indicators."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Add an indicator, or change one."""
    _refuse_others(request.user)
    indicator = find(key) if key else None
    kind = IndicatorForm if indicator else NewIndicatorForm
    form = kind(request.POST or None, instance=Indicator.objects.get(pk=indicator.pk) if indicator else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = _save(request, indicator, form)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, Indicator.objects.filter(pk=indicator.pk).first() if indicator else None)
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("indicator", key or form.cleaned_data["key"])
    context = {
        "form": form, "indicator": indicator, "token": request.POST.get("token") or uuid.uuid4(),
        "known": indicators().values_list("key", "name", "unit"),
    }  # fmt: skip
    return render(request, "gis_core/indicators/definition.html", context, status=status)


def _save(request: HttpRequest, indicator: Indicator | None, form: IndicatorForm) -> list[str]:
    if indicator is None:
        services.add(request.user, form.values(), uuid_of(request.POST.get("token", "")))
        return []
    return services.change(indicator, request.user, form.base(), form.values())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_retire(request: HttpRequest, key: str) -> HttpResponse:
    _refuse_others(request.user)
    indicator = find(key)
    form = ReasonForm(request.POST or None, initial={"version": indicator.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(indicator, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("indicator-list")
    return render(request, "gis_core/indicators/retire.html", {"form": form, "indicator": indicator}, status=status)
