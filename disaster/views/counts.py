"""Counts: the list, the stocktake, beginning one, a count's page at the shelf, and the steps that end it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import own_depots, seen_depots
from disaster.count_forms import BeginForm, StepForm
from disaster.models import CountSession, CountState, Depot
from disaster.querysets_counts import counts, may_count, stocktake, waiting
from disaster.services import counts as services
from disaster.words import counts as words
from gis_core.editing.errors import Invalid

from .asking import refuse_strangers
from .count_shelf import review, shelf_lines
from .refusals import carried_out

PER_PAGE = 30
# Steps of a count with the words of their button; those that need a comment are told by the services.
STEPS: dict[str, Any] = {
    "submit": gettext_lazy("Hand in"), "approve": gettext_lazy("Approve and post"),
    "return": gettext_lazy("Return to the counter"), "cancel": gettext_lazy("Cancel the count"),
}  # fmt: skip


def find_count(request: HttpRequest, pk: int) -> CountSession:
    refuse_strangers(request.user)
    found: CountSession = get_object_or_404(counts(request.user), pk=pk)
    return found


@login_required
@never_cache
@require_safe
def count_list(request: HttpRequest) -> HttpResponse:
    """Every count the person sees, those under way first."""
    refuse_strangers(request.user)
    found = counts(request.user)
    state = request.GET.get("state", "")
    if state in CountState.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-counted_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"count": each, "badge": words.BADGES[CountState(each.state)]} for each in page.object_list]
    context = {
        "page": page, "rows": rows, "states": CountState.choices, "state": state,
        "waiting": waiting(request.user).count(), "depots": own_depots(request.user).order_by("area__mois_code", "pk"),
    }  # fmt: skip
    return render(request, "disaster/count_list.html", context)


def _since(request: HttpRequest) -> date:
    """The day asked for; without one the first of the year, as the full stocktake is due by the end of June."""
    try:
        return date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return timezone.localdate().replace(month=1, day=1)


@login_required
@never_cache
@require_safe
def count_due(request: HttpRequest) -> HttpResponse:
    """The stocktake: per town, which depots were counted since a day."""
    refuse_strangers(request.user)
    since, mine = _since(request), set(own_depots(request.user).values_list("pk", flat=True))
    rows: list[dict[str, Any]] = []
    towns: dict[str, int] = {}
    for depot in stocktake(request.user, since).order_by("area__full_name", "pk"):
        badge, told = words.standing(depot, since)
        if badge in ("danger", "information"):
            name = depot.area.name if depot.area else "–"
            towns[name] = towns.get(name, 0) + 1
        if request.GET.get("all") or badge != "success":
            rows.append({"depot": depot, "badge": badge, "told": told, "may": depot.pk in mine})
    context = {
        "since": since, "rows": rows, "left": sum(towns.values()), "all": request.GET.get("all", ""),
        "by_town": ", ".join(f"{name} {number}" for name, number in towns.items()),
    }  # fmt: skip
    return render(request, "disaster/count_due.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def count_add(request: HttpRequest, depot: int) -> HttpResponse:
    """Begin a count of a depot; the one under way is opened instead."""
    refuse_strangers(request.user)
    found: Depot = get_object_or_404(seen_depots(request.user), pk=depot)
    if not may_count(request.user, found):
        raise PermissionDenied(_("You may not count here."))
    running = services.under_way(found)
    if running is not None:
        return redirect("count", running.pk)
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin(request.user, found, form.cleaned_data["token"])
        except Invalid as invalid:
            messages.error(request, " ".join(text for texts in invalid.errors.values() for text in texts))
            return redirect("count-add", depot)
        return redirect("count", made.pk)
    lines = found.balances.filter(quantity__gt=0).count()
    return render(request, "disaster/count_add.html", {"form": form, "depot": found, "lines": lines})


@login_required
@never_cache
@require_safe
def count_page(request: HttpRequest, pk: int) -> HttpResponse:
    count = find_count(request, pk)
    # A label that is opened while its depot is being counted leads here.
    if request.GET.get("label") and count.state == CountState.OPEN:
        return redirect(f"{reverse('count-scan', args=[pk])}?{urlencode({'code': request.GET['label']})}")
    return page_of(request, count)


def page_of(request: HttpRequest, count: CountSession, refused: Any = None, status: int = 200) -> HttpResponse:
    """The page of a count: the shelf while it is open, the differences afterwards."""
    may = may_count(request.user, count.depot)
    is_open = count.state == CountState.OPEN
    context: dict[str, Any] = {
        "count": count, "badge": words.BADGES[CountState(count.state)], "may": may, "is_open": is_open,
        "at_shelf": is_open and may, **(shelf_lines(request, count) if is_open else review(count)),
        "movements": count.movements.order_by("pk").prefetch_related("entries"),
        "steps": [_step(name, count, refused) for name in _possible(request.user, count, may)],
        "refused": (refused or {}).get("form"),
        "own": may and count.state == CountState.SUBMITTED and not services.may_approve(request.user, count),
    }  # fmt: skip
    return render(request, "disaster/count.html", context, status=status)


def _possible(user: Any, count: CountSession, may: bool) -> list[str]:
    if not may:
        return []
    if count.state == CountState.OPEN:
        return ["submit", "cancel"]
    if count.state == CountState.SUBMITTED:
        return [*(["approve"] if services.may_approve(user, count) else []), "return", "cancel"]
    return []


def _step(name: str, count: CountSession, refused: Any) -> dict[str, Any]:
    form = refused["form"] if refused and refused["step"] == name else None
    form = form or StepForm(initial={"version": count.version}, auto_id=f"{name}-%s")
    if name == "approve":
        form.fields["comment"].widget = form.fields["comment"].hidden_widget()
    form.fields["comment"].required = name in ("return", "cancel")
    return {"name": name, "title": STEPS[name], "form": form, "is_last": name == "cancel"}


@login_required
@never_cache
@require_POST
def count_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step; refused, the page shows why."""
    count = find_count(request, pk)
    if step not in STEPS:
        raise Http404
    form = StepForm(request.POST, auto_id=f"{step}-%s")
    user = request.user

    def take(data: dict[str, Any]) -> None:
        version, comment = data["version"], data["comment"]
        if step == "approve":
            services.approve(user, count, version)
        else:
            _ACTS[step](user, count, version, comment)

    status = carried_out(form, take)
    if status == 302:
        messages.success(request, _DONE[step])
        return redirect("count", pk)
    return page_of(request, find_count(request, pk), {"step": step, "form": form}, status)


_ACTS: dict[str, Any] = {"submit": services.submit, "return": services.give_back, "cancel": services.cancel}
_DONE: dict[str, Any] = {
    "submit": gettext_lazy("Handed in. Somebody who did not count approves it."),
    "approve": gettext_lazy("Approved: the differences are in the ledger."),
    "return": gettext_lazy("Returned to the counter."),
    "cancel": gettext_lazy("The count was cancelled; the ledger is as it was."),
}
