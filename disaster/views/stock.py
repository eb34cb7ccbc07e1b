"""Stock: the overview of towns and items, what wants attention, and the forms of movements."""

import uuid
from collections.abc import Callable
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

from disaster import attention
from disaster.access import own_depots, seen_depots
from disaster.models import Balance, Depot, Hazard, Item, Movement
from disaster.querysets_stock import town_table
from disaster.services import loans, stock
from disaster.stock_forms import (
    IssueForm,
    LoanForm,
    MoveForm,
    ReceiveForm,
    ReconditionForm,
    ShelfForm,
    TransferForm,
    WriteOffForm,
)
from disaster.words import stock as words
from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import AdminArea

from .asking import refuse_strangers
from .refusals import carried_out

PER_PAGE = 15
# So many depots are shown one by one, so that who keeps a town finds hers without looking for it.
FEW = 6


@login_required
@never_cache
@require_safe
def stock_overview(request: HttpRequest) -> HttpResponse:
    """``?town= &hazard= &show=``: what towns have of each item, and one list of what wants attention."""
    refuse_strangers(request.user)
    depots = seen_depots(request.user).filter(retired_at=None)
    towns = list(
        AdminArea.objects.filter(pk__in=depots.order_by().values("area"))
        .order_by("mois_code")
        .only("full_name", "mois_code")
    )
    town = next((each for each in towns if each.mois_code == request.GET.get("town")), None)
    hazard = request.GET.get("hazard", "")
    items = Item.objects.live()
    if hazard in Hazard.values:
        items = items.filter(hazards__contains=[hazard])
    if town is not None:
        depots = depots.filter(area=town)
    today = timezone.localdate()
    found = list(items)
    lists = attention.lists(depots, found, today)
    show = request.GET.get("show", "")
    chosen = next((each for each in lists if each.name == show), next((each for each in lists if each.count), lists[0]))
    page = Paginator(chosen.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "towns": towns, "town": town, "hazards": Hazard.choices, "hazard": hazard, "items": found,
        "table": town_table(depots, found, today), "lists": lists, "chosen": chosen, "page": page,
        "lines": [attention.line(chosen, row) for row in page.object_list], "own": own_depots(request.user).exists(),
        "places": _places(request.user, depots),
    }  # fmt: skip
    return render(request, "disaster/stock.html", context)


def _places(user: Any, depots: Any) -> list[tuple[Depot, bool]]:
    """The depots where they are few, each with whether this person moves its stock; else none."""
    found = list(depots.order_by("area__mois_code", "pk")[: FEW + 1])
    if len(found) > FEW:
        return []
    own = set(own_depots(user).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    return [(each, each.pk in own) for each in found]


def find_depot(request: HttpRequest, pk: int, *, to_change: bool = False) -> Depot:
    """A live depot that this person sees, and with ``to_change`` may change. Raises Http404, PermissionDenied."""
    refuse_strangers(request.user)
    depot: Depot = get_object_or_404(seen_depots(request.user).filter(retired_at=None).select_related("area"), pk=pk)
    if to_change and not permissions.can_change(request.user, layers.get("depots"), depot):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    return depot


def _receive(user: Any, form: Any, data: dict[str, Any]) -> Any:
    return stock.receive(user, form.depot, form.lot(), data["quantity"], data["condition"], data["shelf"], form.note())


def _lend(user: Any, form: Any, data: dict[str, Any]) -> Any:
    return loans.lend(
        user,
        loans.Lending(
            form.depot, data["balance"].lot, data["quantity"], data["occurred_on"], data["due_on"], data["borrower"],
            data["borrower_name"], data["reason"], data["document"], data["token"],
        ),
    )  # fmt: skip


Carry = Callable[[Any, Any, dict[str, Any]], Any]
MOVES: dict[str, tuple[type[MoveForm], Carry]] = {
    "receive": (ReceiveForm, _receive),
    "issue": (IssueForm, lambda user, form, data: stock.take_out(user, data["balance"], data["quantity"], form.note())),
    "transfer": (
        TransferForm,
        lambda user, form, data: stock.transfer(user, data["balance"], data["target"], data["quantity"], form.note()),
    ),
    "loan": (LoanForm, _lend),
    "dispose": (
        WriteOffForm,
        lambda user, form, data: stock.write_off(user, data["balance"], data["quantity"], form.note()),
    ),
    "recondition": (
        ReconditionForm,
        lambda user, form, data: stock.recondition(
            user, data["balance"], data["condition"], data["quantity"], form.note()
        ),
    ),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def depot_move(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """``?item=`` or ``?balance=`` chooses beforehand."""
    depot = find_depot(request, pk, to_change=True)
    if kind not in MOVES:
        raise Http404
    # A form that was sent already finds its movement, even where nothing is left that it could choose.
    if request.method == "POST" and _was_recorded(request):
        messages.success(request, _("It was recorded already."))
        return redirect("record-detail", layers.get("depots"), depot.pk)
    form_class, carry = MOVES[kind]
    initial = {name: request.GET[name] for name in ("item", "balance") if request.GET.get(name, "").isdecimal()}
    form = form_class(request.POST or None, depot=depot, user=request.user, initial=initial)
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda data: carry(request.user, form, data))
    if status == 302:
        messages.success(request, _("Recorded in the ledger."))
        return redirect("record-detail", layers.get("depots"), depot.pk)
    context = {"layer": layers.get("depots"), "record": depot, "form": form, "kind": kind, "title": words.MOVES[kind]}
    return render(request, "disaster/move_form.html", context, status=status)


def _was_recorded(request: HttpRequest) -> bool:
    try:
        key = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return False
    given = request.POST.get("quantity", "")
    movement = Movement.objects.filter(key=key, recorded_by=request.user.pk).first()
    if movement is None or not given.isdecimal():
        return False
    # The same figures again are a double click; others are told by the ledger.
    return {abs(change) for change in movement.entries.values_list("change", flat=True)} == {int(given)}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def balance_shelf(request: HttpRequest, pk: int) -> HttpResponse:
    balance = get_object_or_404(Balance.objects.select_related("lot__item"), pk=pk)
    depot = find_depot(request, balance.depot_id, to_change=True)
    balance.depot = depot
    form = ShelfForm(request.POST or None, initial={"shelf": balance.shelf})
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda data: stock.put_on_shelf(request.user, balance, data["shelf"]))
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("record-detail", layers.get("depots"), depot.pk)
    context = {
        "layer": layers.get("depots"),
        "record": depot,
        "form": form,
        "title": _("Shelf"),
        "about": words.balance(balance),
    }
    return render(request, "disaster/move_form.html", context, status=status)
