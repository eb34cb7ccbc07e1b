"""The loan register: what is out, what is overdue, and giving back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster.querysets_stock import is_out
from disaster.querysets_stock import loans as seen_loans
from disaster.services import loans as services
from disaster.stock_forms import ExtendForm, GiveBackForm
from disaster.words import stock as words
from gis_core import permissions
from gis_core.layers.registry import layers

from .asking import refuse_strangers
from .refusals import carried_out

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def loan_list(request: HttpRequest) -> HttpResponse:
    """``?show=out|overdue|all``; what is out, where nothing is asked."""
    refuse_strangers(request.user)
    today = timezone.localdate()
    found = seen_loans(request.user)
    out = found.filter(is_out())
    show = request.GET.get("show", "out")
    rows = {"overdue": out.filter(due_on__lt=today), "all": found.order_by(F("lent_on").desc(), "pk")}.get(show, out)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(loan, words.lot(loan.lot), _late(loan, today)) for loan in page.object_list],
        "show": show if show in {"overdue", "all"} else "out", "out": out.count(),
        "overdue": out.filter(due_on__lt=today).count(),
    }  # fmt: skip
    return render(request, "disaster/loans.html", context)


def _late(loan: Any, today: Any) -> int:
    """By how many days it is overdue; zero when it is back, or not due yet."""
    return max((today - loan.due_on).days, 0) if loan.left else 0


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One loan with its movements. POST: some of it comes back, or (``extend``) it may be kept longer."""
    refuse_strangers(request.user)
    loan: Any = get_object_or_404(seen_loans(request.user), pk=pk)
    may_change = permissions.can_change(request.user, layers.get("depots"), loan.depot)
    extending = request.method == "POST" and "extend" in request.POST
    returning = request.method == "POST" and not extending
    back = GiveBackForm(request.POST if returning else None, loan=loan, auto_id="back_%s")
    longer = ExtendForm(
        request.POST if extending else None,
        initial={"due_on": loan.due_on, "version": loan.version},
        auto_id="longer_%s",
    )
    status = 200
    if returning:
        status = carried_out(back, lambda data: services.give_back(
            request.user, loan, data["quantity"], data["occurred_on"], data["token"], data["condition"], data["reason"]
        ))  # fmt: skip
    elif extending:
        status = carried_out(longer, lambda data: services.extend(request.user, loan, data["due_on"], data["version"]))
    if status == 302:
        messages.success(request, _("Saved.") if extending else _("Recorded in the ledger."))
        return redirect("loan", pk)
    context = {
        "loan": loan, "lot": words.lot(loan.lot), "late": _late(loan, timezone.localdate()), "may_change": may_change,
        "back": back if may_change and loan.left else None, "longer": longer if may_change and loan.left else None,
        "form": longer if extending else back,
        "movements": loan.movements.prefetch_related("entries").order_by("occurred_on", "pk"),
    }  # fmt: skip
    return render(request, "disaster/loan.html", context, status=status)
