"""Transfer orders: the list, one order with the steps that are this person's to take, and taking one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from disaster import orders as rules
from disaster.access import own_depots
from disaster.models import OrderState, TransferOrder
from disaster.operation_forms import StepForm
from disaster.order_lines import row
from disaster.querysets_operations import figures, incidents, orders, sides
from disaster.services import orders as services
from disaster.services.orders import Act
from disaster.services.redistribution_facts import standings
from disaster.ways import minutes
from disaster.words import operations as words
from disaster.words import redistribution as plan_words
from gis_core.layers.registry import layers

from .asking import refuse_strangers
from .refusals import carried_out

PER_PAGE = 30
# Steps that end an order badly stand behind the others.
LAST = (rules.Step.REFUSE, rules.Step.CANCEL, rules.Step.RELEASE, rules.Step.MISSING, rules.Step.CLOSE)


@login_required
@never_cache
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Every order that the person sees; of one state, where asked."""
    refuse_strangers(request.user)
    found = orders(request.user)
    state = request.GET.get("state", "")
    if state in OrderState.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [row(order) for order in page.object_list]
    context = {"page": page, "rows": rows, "states": OrderState.choices, "state": state}
    return render(request, "disaster/order_list.html", context)


def _order(request: HttpRequest, pk: int) -> TransferOrder:
    refuse_strangers(request.user)
    found: TransferOrder = get_object_or_404(orders(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _order(request, pk))


@login_required
@never_cache
@require_POST
def order_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step; refused, the page shows why, and how the order stands now."""
    order = _order(request, pk)
    if step not in set(rules.Step):
        raise Http404
    wanted = rules.Step(step)
    form = _form(request, order, wanted, max(1, rules.most(figures(order), wanted)), data=request.POST)

    def take(data: dict[str, Any]) -> None:
        act = Act(
            data["version"], token=data["token"], number=data.get("number") or 0, reason=data.get("reason", ""),
            depot=data.get("depot"), **({"condition": data["condition"]} if "condition" in data else {}),
        )  # fmt: skip
        services.take(request.user, order, wanted, act)

    status = carried_out(form, take)
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("order", pk)
    return _page(request, _order(request, pk), refused={wanted: form}, status=status)


def _form(request: HttpRequest, order: TransferOrder, step: rules.Step, most: int, data: Any = None) -> StepForm:
    depots = None
    # A call to everybody is answered by a depot; what comes back may come to another depot than it left.
    if (step == rules.Step.COMMIT and order.source is None and order.partner is None) or (
        step == rules.Step.RETURN and order.source is not None
    ):
        depots = own_depots(request.user).order_by("area__mois_code", "pk")
    return StepForm(data, order=order, step=step, most=most, depots=depots)


def _page(request: HttpRequest, order: TransferOrder, refused: Any = None, status: int = 200) -> HttpResponse:
    found, mine = figures(order), sides(request.user, order)
    can = [step for step in rules.possible(found) if rules.SIDES[step] in mine]
    steps = [
        {
            "step": step,
            "title": words.STEP_TITLES[step],
            "help": words.STEP_HELP[step],
            "form": (refused or {}).get(step) or _form(request, order, step, rules.most(found, step)),
            "is_last": step in LAST,
        }
        for step in sorted(can, key=lambda step: step in LAST)
    ]
    gone = [(words.STEP_TITLES[step], form) for step, form in (refused or {}).items() if step not in can]
    context = {
        "order": order, "line": row(order), "figures": words.figures(found, order.item), "steps": steps, "gone": gone,
        "way": words.way(order.distance_m, None if order.distance_m is None else minutes(order.distance_m)),
        "movements": order.movements.order_by("pk").select_related("recorded_by").prefetch_related(
            "entries__balance__depot", "entries__balance__lot__item"
        ),
        "waits_for": _waits_for(order, found), "seen": _seen(request.user, order),
        **_draft_facts(order),
    }  # fmt: skip
    return render(request, "disaster/order.html", context, status=status)


def _seen(user: Any, order: TransferOrder) -> dict[str, bool]:
    """Which of the records that an order names this person can open: the other town's own they cannot."""
    depots = set(layers.get("depots").queryset(user).filter(pk__in=[order.source_id or 0, order.destination_id or 0])
                 .values_list("pk", flat=True))  # fmt: skip
    incident = order.incident_id is not None and incidents(user).filter(pk=order.incident_id).exists()
    return {"source": order.source_id in depots, "destination": order.destination_id in depots, "incident": incident}


def _draft_facts(order: TransferOrder) -> dict[str, Any]:
    """Why a draft was proposed, and whether it still fits."""
    if order.state != OrderState.DRAFT or order.plan is None:
        return {"because": order.reason}
    now = standings([order])[order.pk]
    stale = "" if now.fits and not now.changed else plan_words.changed(now) if now.fits else plan_words.stale(now)
    return {"because": plan_words.because(order, now), "stale": stale}


def _waits_for(order: TransferOrder, found: rules.Figures) -> str:
    """Whose turn it is, in words."""
    town = order.source.area.name if order.source is not None and order.source.area is not None else ""
    giver = order.partner or town or order.source or _("any depot that has some")
    if order.state in {rules.State.REQUESTED, rules.State.COMMITTED} or found.promised:
        return _("It is the turn of: %(who)s") % {"who": giver}
    if found.on_the_way or order.state == rules.State.DRAFT:
        return _("It is the turn of: %(who)s") % {"who": order.area.name}
    return ""
