"""Operations: what is under way and waits for whom, and asking for what is needed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster import orders as rules
from disaster.access import is_officer, own_depots
from disaster.models import Depot, Incident, IncidentState, OrderState
from disaster.operation_forms import AskForm
from disaster.querysets_operations import Offer, incidents, machines, nearest, orders, place_of, today
from disaster.services import orders as services
from disaster.services.orders import Part
from disaster.services.people import note_look
from disaster.waiting import waiting_for
from disaster.ways import DETOUR, KMH
from disaster.words import operations as words
from gis_core.editing.errors import Invalid, NotAllowed

from .asking import refuse_others_than_officers, refuse_strangers
from .refusals import refused

MOST_SHOWN = 30


@login_required
@never_cache
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Open incidents, what waits for this person, what should have come back, and drafts to be approved."""
    refuse_strangers(request.user)
    waiting = waiting_for(request.user)
    seen = orders(request.user)
    under_way = seen.filter(state__in=[OrderState.REQUESTED, OrderState.COMMITTED, OrderState.SENT])
    plans = seen.filter(state=OrderState.DRAFT).order_by("plan").values_list("plan", flat=True).distinct()
    context = {
        "incidents": list(incidents(request.user).filter(state=IncidentState.OPEN)[:MOST_SHOWN]),
        "waiting": [shown(row) for row in waiting if not row.is_overdue][:MOST_SHOWN],
        "overdue": [shown(row) for row in waiting if row.is_overdue][:MOST_SHOWN],
        "under_way": under_way.count(),
        "plans": [plan for plan in plans[:MOST_SHOWN] if plan],
        "may_act": is_officer(request.user),
        "depots": own_depots(request.user).order_by("area__mois_code", "pk") if is_officer(request.user) else [],
    }
    return render(request, "disaster/operations.html", context)


def shown(row: Any) -> dict[str, Any]:
    return {
        "order": row.order,
        "what": words.WAITING.get(row.step, ""),
        "step": words.STEP_TITLES[row.step],
        "number": words.unit(row.number, row.order.item),
        "to": row.order.incident or row.order.destination,
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_help(request: HttpRequest) -> HttpResponse:
    """Ask for something: for an incident or a depot, of those who are nearest with what works."""
    refuse_others_than_officers(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    target = _target(request, asked)
    incident = target if isinstance(target, Incident) else None
    form = AskForm(asked if "quantity" in asked else None, hazard=incident.hazard if incident else "")
    status = 422 if form.is_bound and not form.is_valid() else 200
    rows: list[dict[str, Any]] = []
    rest: int | str = 0
    if form.is_bound and form.is_valid():
        offers = _offers(form.cleaned_data["item"], target)
        if request.method == "POST":
            try:
                return _asked(request, form, target, offers)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                refused(form, invalid)
                status = 409
        rows, rest = _rows(form.cleaned_data["quantity"], offers, request.POST if status == 409 else None)
        _note_looks(request, offers)
    context = {
        "form": form, "target": target, "incident": incident, "rows": rows, "rest": rest, "detour": DETOUR, "kmh": KMH,
        "token": request.POST.get("token") or uuid.uuid4(),
    }  # fmt: skip
    return render(request, "disaster/order_request.html", context, status=status)


def _target(request: HttpRequest, asked: QueryDict) -> Incident | Depot:
    """The incident or the depot that the address names. Raises Http404."""
    offered: dict[str, QuerySet[Any]] = {"incident": incidents(request.user), "depot": own_depots(request.user)}
    for name, found in offered.items():
        key = asked.get(name, "")
        if key.isdecimal() and len(key) < 10:
            target: Incident | Depot = get_object_or_404(found, pk=int(key))
            return target
    raise Http404


def _offers(item: Any, target: Incident | Depot) -> list[Offer]:
    place = place_of(target)
    depots = nearest(item, place, today(), but=target if isinstance(target, Depot) else None)
    return depots + machines(place, today())


def _rows(
    quantity: int, offers: Sequence[Offer], typed: QueryDict | None
) -> tuple[list[dict[str, Any]], int | str]:  # fmt: skip
    """The offers with how many to ask of each: what was typed, else the nearest first; and what is asked of all."""
    proposed = rules.nearest_first(
        quantity, [(offer.depot.pk, offer.works) for offer in offers if offer.depot is not None]
    )
    rows = [
        {
            "offer": offer,
            "number": typed.get(offer.key, "") if typed else proposed.get(offer.depot.pk if offer.depot else 0) or "",
            "way": words.way(offer.way_m, offer.minutes),
        }
        for offer in offers
    ]
    rest = typed.get("everybody", "") if typed else quantity - sum(proposed.values()) or ""
    return rows, rest


def _note_looks(request: HttpRequest, offers: Sequence[Offer]) -> None:
    """Keepers' names and numbers were given out: to a disaster officer who looks for help, and noted."""
    given = [offer for offer in offers if offer.depot and (offer.depot.keeper_person or offer.depot.keeper_phone)]
    contacts = [offer for offer in offers if offer.machine and offer.machine.organisation.contact_phone]
    for layer, number in (("depots", len(given)), ("organisations", len(contacts))):
        note_look(request.user, "nearest", number, request.GET.urlencode(), layer=layer)


def _asked(request: HttpRequest, form: AskForm, target: Incident | Depot, offers: Sequence[Offer]) -> HttpResponse:
    """Raises NotAllowed, Invalid."""
    data = form.cleaned_data
    token = token_of(request.POST)
    made = services.ask(request.user, target, data["item"], _parts(request.POST, offers), token, data["needed_by"])
    told = ngettext("%(number)d request was sent.", "%(number)d requests were sent.", len(made))
    messages.success(request, told % {"number": len(made)})
    if isinstance(target, Incident):
        return redirect("record-detail", "incidents", target.pk)
    return redirect("order", made[0].pk)


def token_of(posted: QueryDict) -> uuid.UUID:
    """Raises Invalid for a form without a token."""
    try:
        return uuid.UUID(posted.get("token", ""))
    except ValueError as error:
        raise Invalid({"__all__": [_("This form was already sent. Open it again.")]}) from error


def _parts(posted: QueryDict, offers: Sequence[Offer]) -> list[Part]:
    """What is asked of whom. Raises Invalid naming the depots whose figures are wrong."""
    by_key = {offer.key: offer for offer in offers}
    parts, problems = [], []
    for key, text in posted.items():
        is_number = key == "everybody" or key.startswith(("from-", "partner-"))
        if not is_number or str(text).strip() in {"", "0"}:
            continue
        offer = by_key.get(key)
        try:
            parts.append(_part(key, str(text).strip(), offer))
        except ValueError as problem:
            problems.append(str(problem))
    if problems:
        raise Invalid({"__all__": problems})
    return parts


def _part(key: str, text: str, offer: Offer | None) -> Part:
    """Raises ValueError with what is wrong, in words."""
    number = int(text) if text.isdecimal() and len(text) < 9 else 0
    if number == 0:
        raise ValueError(_("%(who)s: enter a whole number.") % {"who": _who(offer)})
    if key == "everybody":
        return Part(number)
    if offer is None:
        raise ValueError(_("Stock has changed meanwhile: look at the list again."))
    if number > offer.works:
        told = _("%(who)s has only %(works)d that work and are promised to nobody else.")
        raise ValueError(told % {"who": _who(offer), "works": offer.works})
    if offer.machine is None:
        return Part(number, source=offer.depot)
    machine = offer.machine
    return Part(number, partner=machine.organisation, what=str(machine), place=machine.location)


def _who(offer: Offer | None) -> str:
    if offer is None:
        return _("Everybody")
    return str(offer.depot or (offer.machine and offer.machine.organisation))
