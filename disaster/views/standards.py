"""Standard quantities: what is in force, what was before, and new editions with what use proposes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import officer_scope, own_depots
from disaster.catalogue_forms import RetireForm, StandardForm
from disaster.models import Depot, Item, StandardQuantity
from disaster.querysets import standards_in_force
from disaster.querysets_stock import standards as seen_standards
from disaster.services import standards as services
from disaster.words import stock as words
from gis_core.models import AdminArea

from .asking import number_of, refuse_strangers
from .refusals import carried_out

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """``?item= &place= &show=all``: in force today, or every edition."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    found = seen_standards(request.user)
    item = request.GET.get("item", "")
    if (key := number_of(item)) is not None:
        found = found.filter(item=key)
    place = request.GET.get("place", "").strip()[:60]
    for word in place.split():
        of_depot = Q(depot__name__icontains=word) | Q(depot__area__name__icontains=word)
        found = found.filter(of_depot | Q(area__full_name__icontains=word))
    everything = request.GET.get("show") == "all"
    if not everything:
        later = found.filter(effective_from__gt=today)
        found = found.filter(pk__in=standards_in_force(today).order_by().values("pk")) | later
    found = found.order_by("item_id", "area__mois_code", "depot__area__mois_code", "depot_id", "-effective_from", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "items": Item.objects.live(), "item": item, "place": place, "everything": everything,
        "today": today, "may_add": own_depots(request.user).exists(),
        "rows": [(each, each.effective_from > today and services.may_decide(request.user, each.depot, each.area))
                 for each in page.object_list],
        "withdraw": RetireForm(),
    }  # fmt: skip
    return render(request, "disaster/standards.html", context)


def _own_areas(user: Any) -> Any:
    """Towns and cities of which this person is an officer."""
    scope = officer_scope(user)
    areas = AdminArea.objects.current()
    if scope is not None:
        return areas.filter(pk__in=sorted(scope)).order_by("mois_code").only("full_name")
    towns = AdminArea.objects.filter(pk__in=Depot.objects.live().order_by().values("area"))
    return (
        areas.filter(pk__in=towns.values("pk")) | areas.filter(pk__in=towns.order_by().values("parent"))
    ).order_by("mois_code").only("full_name")  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard_add(request: HttpRequest) -> HttpResponse:
    """``?item= &depot=|area=`` chooses beforehand; with both chosen the page says what use proposes."""
    refuse_strangers(request.user)
    depots = own_depots(request.user)
    if not depots.exists():
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    asked = request.GET
    initial: dict[str, Any] = {
        name: asked[name]
        for name in ("item", "depot", "area")
        if asked.get(name, "").isdecimal() and len(asked[name]) < 18
    }
    areas = _own_areas(request.user)
    chosen = _chosen(initial, depots, areas)
    proposal = services.propose(*chosen) if chosen else None
    if proposal is not None:
        initial |= {"quantity": proposal.quantity, "method": "mean_use"}
        initial["source"] = _("Mean use of %(years)s in the ledger") % {
            "years": ", ".join(map(str, sorted(proposal.used)))
        }
    form = StandardForm(request.POST or None, depots=depots, areas=areas, initial=initial)
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda data: services.decide(request.user, services.Edition(**data)))
    if status == 302:
        messages.success(request, _("The edition is kept."))
        return redirect("stock-standards")
    context = {
        "form": form,
        "proposed": words.proposed(proposal, chosen[0].unit) if chosen else "",
        "chosen": chosen,
    }
    return render(request, "disaster/standard_form.html", context, status=status)


def _chosen(initial: dict[str, Any], depots: Any, areas: Any) -> tuple[Item, Any, Any] | None:
    """Item and place of the address, where both are this person's to decide about."""
    item = Item.objects.live().filter(pk=initial.get("item", 0)).first()
    depot = depots.filter(pk=initial.get("depot", 0)).first()
    area = None if depot else areas.filter(pk=initial.get("area", 0)).first()
    return (item, depot, area) if item and (depot or area) else None


@login_required
@require_POST
def standard_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition that is not in force yet."""
    found: StandardQuantity = get_object_or_404(seen_standards(request.user), pk=pk)
    form = RetireForm(request.POST)
    status = carried_out(form, lambda data: services.withdraw(request.user, found, data["reason"], data["version"]))
    if status == 302:
        messages.success(request, _("Withdrawn."))
    else:
        for texts in form.errors.values():
            messages.error(request, " ".join(map(str, texts)))
    return redirect("stock-standards")
