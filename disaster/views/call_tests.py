"""Calling down a list with a phone in the hand: one tap records whether somebody was reached."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disaster import querysets_people as queries
from disaster.access import officer_scope
from disaster.models import CallTest, Responder
from disaster.people_forms import CallForm
from disaster.services import partners as services
from disaster.services.people import note_look
from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import Organisation

from .asking import number_of, uuid_of
from .refusals import done
from .responders import refuse_names

PER_PAGE = 30


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_test(request: HttpRequest) -> HttpResponse:
    """The partners of a town (``?town=``) or one (``?partner=``) with their contact and people, in the
    order of towns, so that a list can be gone through. POST records one call."""
    refuse_names(request.user)
    if request.method == "POST":
        return _answered(request)
    scope = officer_scope(request.user)
    partners = queries.partners(request.user, timezone.localdate())
    if scope is not None:
        partners = partners.filter(area__in=sorted(scope))
    if (town := number_of(request.GET.get("town", ""))) is not None:
        partners = partners.filter(area=town)
    if (only := number_of(request.GET.get("partner", ""))) is not None:
        partners = partners.filter(pk=only)
    people = queries.known_responders(request.user).filter(is_available=True)
    page = Paginator(partners.prefetch_related(Prefetch("responders", people, "callable")), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = _rows(list(page))
    _note_looks(request.user, rows, f"town {town or '-'} page {page.number}")
    context = {"page": page, "rows": rows, "towns": queries.towns_of(scope), "town": request.GET.get("town", "")}
    return render(request, "disaster/call_test.html", context)


def _rows(partners: list[Any]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Each partner with whom to call: its contact, and its people."""
    last: dict[tuple[int, int | None], CallTest] = {}
    calls = CallTest.objects.filter(organisation__in=[each.pk for each in partners]).order_by(
        "organisation_id", "responder_id", "-called_at", "-pk"
    )
    for call in calls.distinct("organisation_id", "responder_id"):
        last[call.organisation_id, call.responder_id] = call
    found = []
    for each in partners:
        lines = [_line(last, each, None, each.contact_name, each.contact_phone)] if each.contact_phone else []
        lines += [_line(last, each, one.pk, one.name, one.phone) for one in each.callable if one.phone]
        found.append((each, lines))
    return found


def _line(last: dict[Any, CallTest], partner: Any, person: int | None, name: str, phone: str) -> dict[str, Any]:
    call = last.get((partner.pk, person))
    is_new = call is not None and timezone.localdate(call.called_at) == timezone.localdate()
    key = f"{partner.pk}-{person or 0}"
    return {
        "key": key,
        "person": person,
        "name": name,
        "phone": phone,
        "last": call,
        "today": is_new,
        "token": uuid.uuid4(),
    }


def _note_looks(user: Any, rows: list[tuple[Any, list[dict[str, Any]]]], detail: str) -> None:
    contacts = sum(line["person"] is None for _partner, lines in rows for line in lines)
    people = sum(line["person"] is not None for _partner, lines in rows for line in lines)
    if contacts:
        permissions.log_personal(user, layers.get("organisations"), "call test", count=contacts, detail=detail)
    note_look(user, "call test", people, detail)


def _answered(request: HttpRequest) -> HttpResponse:
    form = CallForm(request.POST)
    back = f"{reverse('call-test')}?{request.GET.urlencode()}"
    if not form.is_valid():
        told = _("Not recorded: give the minutes as a whole number up to a day.")
        messages.error(request, told)
        return redirect(back)
    partners = queries.partners(request.user, timezone.localdate())
    found: Organisation = get_object_or_404(partners, pk=form.cleaned_data["organisation"])
    person = form.cleaned_data["responder"]
    responder = get_object_or_404(Responder.objects.live(), pk=person) if person else None
    token = uuid_of(request.POST.get("token", ""))
    done(request, lambda: services.note_call(request.user, found, responder, form.values(), token))
    return redirect(f"{back}#call-{found.pk}-{person or 0}")
