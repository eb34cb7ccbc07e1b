"""The tables of norms and unit costs: what is in force, what was, adding, changing and retiring values."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import AreaStandard, UnitCost
from facilities.services import standards as services
from facilities.standard_forms import AreaStandardForm, UnitCostForm, ValueForm
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.forms import RetireForm
from gis_core.layers.registry import layers
from gis_core.views.records import refuse_unless_visible

KINDS: dict[str, tuple[Any, type[ValueForm]]] = {
    "area": (AreaStandard, AreaStandardForm),
    "cost": (UnitCost, UnitCostForm),
}


@dataclass(frozen=True)
class Entry:
    """A value; ``state`` is in_force, coming or superseded."""

    record: Any
    state: str


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    context = {
        "standards": _entries(AreaStandard),
        "costs": _entries(UnitCost),
        "can_change": services.may_change(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "facilities/standards.html", context)


def _entries(model: Any) -> list[Entry]:
    today = timezone.localdate()
    in_force = set(model.objects.in_force(today).values_list("pk", flat=True))
    return [
        Entry(
            record,
            "in_force" if record.pk in in_force else "coming" if record.effective_from > today else "superseded",
        )
        for record in model.objects.live().select_related("updated_by")
    ]


def _of_kind(kind: str) -> tuple[Any, type[ValueForm]]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _refuse_unless_planner(request: HttpRequest) -> None:
    if not services.may_change(request.user):
        raise PermissionDenied(_("Norms and unit costs hold everywhere: planners of single areas cannot change them."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard_edit(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Add a value, or correct one. A new value of the same thing is added beside the old one, which stays."""
    model, form_class = _of_kind(kind)
    _refuse_unless_planner(request)
    record = get_object_or_404(model.objects.live(), pk=pk) if pk else None
    initial = {} if record else _like(model, request.GET.get("like", ""), form_class)
    form = form_class(request.POST or None, instance=record, initial=initial)
    if record and not form.is_bound:
        form.initial["version"] = record.version
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = services.save_value(form, request.user, pk)
            except Invalid as invalid:
                form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
                status = 409
            else:
                messages.success(request, _("Saved.") if saved else _("Nothing had changed."))
                return redirect("standards")
    title = capfirst(model._meta.verbose_name)
    context = {"form": form, "record": record, "kind": kind, "title": title}
    return render(request, "facilities/standards_form.html", context, status=status)


def _like(model: Any, pk: str, form_class: type[ValueForm]) -> dict[str, Any]:
    """A new value of something begins as the old one, but for the day and the source."""
    old = model.objects.live().filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 10 else None
    if old is None:
        return {}
    same = {name: getattr(old, name) for name in form_class._meta.fields or ()}
    return {**same, "effective_from": timezone.localdate(), "source": ""}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard_retire(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    model, _form = _of_kind(kind)
    _refuse_unless_planner(request)
    record = get_object_or_404(model.objects.live(), pk=pk)
    form = RetireForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.retire_value(record, request.user, **form.cleaned_data)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        else:
            messages.success(request, _("Retired. Plans are no longer held against it."))
            return redirect("standards")
    context = {"form": form, "record": record, "kind": kind, "title": capfirst(model._meta.verbose_name)}
    return render(request, "facilities/standards_retire.html", context, status=422 if form.errors else 200)
