"""Partners: what they agreed to, and whether they can be counted on today."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster import querysets_people as queries
from disaster.access import is_officer, officer_scope
from disaster.models import Agreement, CallTest, Machine
from disaster.partners import LAPSES_SOON_DAYS
from disaster.people_forms import AgreementForm, EndForm, OperatorForm
from disaster.services import partners as services
from disaster.services import people as people_services
from disaster.words import people as words
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import Organisation, OrganisationKind

from .asking import number_of, refuse_strangers, uuid_of
from .refusals import carried_out
from .responders import refuse_names

PER_PAGE = 50
CALLS = 20


def reached_on(organisation: Any) -> Any:
    return timezone.localdate(organisation.reached_at) if organisation.reached_at else None


def row_of(organisation: Any, day: Any) -> tuple[Any, list[str], Any, Any]:
    """(partner, why it does not count, last day of what is in force, last day reached)."""
    live = [each for each in organisation.agreements.all() if each.retired_at is None]
    reached = reached_on(organisation)
    until = None if organisation.open_ended else organisation.lapses_on
    return organisation, words.standing_of(live, reached, day), until, reached


@login_required
@never_cache
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """Partners by town, with what counts today, what does not, and why."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    partners = queries.partners(request.user, today)
    town, kind, state = (request.GET.get(name, "") for name in ("town", "kind", "state"))
    if (area := number_of(town)) is not None:
        partners = partners.filter(area=area)
    if kind in OrganisationKind.values:
        partners = partners.filter(kind=kind)
    total, counting = partners.count(), partners.filter(counts=True).count()
    if state in {"counts", "not"}:
        partners = partners.filter(counts=state == "counts")
    elif state == "lapsing":
        ending = queries.lapsing(today, today + timedelta(days=LAPSES_SOON_DAYS), queries.view_scope(request.user))
        partners = partners.filter(pk__in=ending.order_by().values("organisation"))
    page = Paginator(partners, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [row_of(each, today) for each in page], "total": total, "counting": counting,
        "soon": today + timedelta(days=LAPSES_SOON_DAYS), "towns": queries.towns_of(queries.view_scope(request.user)),
        "kinds": [(each.value, each.label) for each in queries.PARTNER_KINDS], "town": town, "kind": kind,
        "state": state, "may": is_officer(request.user),
    }  # fmt: skip
    return render(request, "disaster/partner_list.html", context)


def _found(request: HttpRequest, pk: int) -> Organisation:
    refuse_strangers(request.user)
    found: Organisation = get_object_or_404(queries.partners(request.user, timezone.localdate()), pk=pk)
    return found


def _may(user: Any, organisation: Organisation) -> bool:
    return permissions.covers(officer_scope(user), [organisation.area_id])


def _refuse_others(user: Any, organisation: Organisation) -> None:
    """Raises PermissionDenied."""
    refuse_names(user)
    if not _may(user, organisation):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))


@login_required
@never_cache
@require_safe
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner. Its contact and who was called are personal, and for officers."""
    found = _found(request, pk)
    today = timezone.localdate()
    may = _may(request.user, found)
    row = row_of(found, today)
    agreements = Agreement.objects.live().filter(organisation=found).select_related("area", "document")
    machines = Machine.objects.live().filter(organisation=found).select_related("area", "operator")
    calls = CallTest.objects.filter(organisation=found).select_related("responder", "called_by")[:CALLS]
    if may and (found.contact_name or found.contact_phone):
        permissions.log_personal(request.user, layers.get("organisations"), "partner", record_id=pk)
    if may:
        named = {each.operator_id for each in machines} | {each.responder_id for each in calls}
        people_services.note_look(request.user, "partner", len(named - {None}), f"organisation {pk}")
    context = {
        "partner": found, "reasons": row[1], "reached": row[3], "may": may, "machines": machines, "calls": calls,
        "agreements": [(each, words.state_of(each, today), words.term_of(each).in_force(today))
                       for each in agreements.order_by("-valid_from", "-pk")],
    }  # fmt: skip
    return render(request, "disaster/partner.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new agreement; ``?renews=`` begins with what the older one said, from the day after its last."""
    found = _found(request, pk)
    _refuse_others(request.user, found)
    old = Agreement.objects.filter(organisation=found, pk=number_of(request.GET.get("renews", "")) or 0).first()
    form = AgreementForm(request.POST or None, organisation=found, initial=_renewal(found, old))

    def save() -> list[str]:
        services.add(request.user, found, form.values(), uuid_of(request.POST.get("token", "")))
        return []

    return _agreement(request, found, form, save, None)


def _renewal(organisation: Organisation, old: Agreement | None) -> dict[str, Any]:
    today = timezone.localdate()
    if old is None:
        return {"area": organisation.area_id, "signed_on": today, "valid_from": today}
    begins = max(today, old.valid_until + timedelta(days=1)) if old.valid_until else today
    kept = {"title": old.title, "area": old.area_id, "terms": old.terms, "our_contact": old.our_contact}
    return {**kept, "signed_on": today, "valid_from": begins}


def _written(request: HttpRequest, pk: int) -> Agreement:
    refuse_strangers(request.user)
    found: Agreement = get_object_or_404(Agreement.objects.live().select_related("organisation__area"), pk=pk)
    _refuse_others(request.user, found.organisation)
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _written(request, pk)
    form = AgreementForm(request.POST or None, organisation=found.organisation, instance=found)

    def save() -> list[str]:
        return services.change(Agreement(pk=pk), request.user, form.base(), form.values())

    return _agreement(request, found.organisation, form, save, found)


def _agreement(
    request: HttpRequest, organisation: Organisation, form: AgreementForm, save: Any, found: Agreement | None
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                theirs = save()
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, Agreement.objects.filter(pk=found.pk).first() if found else None)
            else:
                messages.success(request, _("Saved."))
                form.tell(request, theirs)
                return redirect("partner", organisation.pk)
    context = {
        "form": form, "partner": organisation, "agreement": found, "token": request.POST.get("token") or uuid.uuid4()
    }  # fmt: skip
    return render(request, "disaster/agreement_form.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _written(request, pk)
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate(), "version": found.version})

    def end(data: dict[str, Any]) -> None:
        services.end(found, request.user, data["last_day"], data["reason"], data["version"])

    status = carried_out(form, end) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("partner", found.organisation_id)
    context = {"form": form, "partner": found.organisation, "agreement": found}
    return render(request, "disaster/agreement_end.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def machine_operator(request: HttpRequest, pk: int) -> HttpResponse:
    """Who drives a machine: a name, so not on the layer's form."""
    refuse_names(request.user)
    found = get_object_or_404(Machine.objects.live().select_related("organisation"), pk=pk)
    if not permissions.covers(officer_scope(request.user), [found.area_id]):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    people = queries.known_responders(request.user).filter(organisation=found.organisation_id)
    people_services.note_look(request.user, "operator form", people.count(), f"machine {pk}")
    initial = {"operator": found.operator_id, "version": found.version}
    form = OperatorForm(request.POST or None, people=people, initial=initial)

    def save(data: dict[str, Any]) -> None:
        people_services.set_operator(found, request.user, data["operator"], data["version"])

    status = carried_out(form, save) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("partner", found.organisation_id)
    return render(request, "disaster/machine_operator.html", {"form": form, "machine": found}, status=status)
