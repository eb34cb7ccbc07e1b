"""A count at the shelf: one line after the other, each saved by itself; scanning; what is not on the list."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import seen_depots
from disaster.count_forms import FoundForm, LineForm
from disaster.models import Balance, Condition, CountLine, CountSession, CountState, Label, Lot
from disaster.querysets_counts import counts, may_count, shelf
from disaster.services import counts as services
from disaster.words import counts as words

from .asking import number_of
from .refusals import carried_out

# Whether the ledger's figure is shown before a line was counted. Without it people count what they see.
SHOWN = "count_shows_ledger"


def line_id(lot: int, condition: str) -> str:
    return f"line-{lot}-{condition}"


def shelf_lines(request: HttpRequest, count: CountSession) -> dict[str, Any]:
    """The shelf as the page shows it. Three statements."""
    asked = request.GET.get("at", "")
    rows = [_row(count, line, balance) for balance, line in shelf(count)]
    _add_sources(rows, count)
    for row in rows:
        row["focus"] = row["id"] == asked
    done = sum(row["done"] for row in rows)
    return {
        "rows": [row for row in rows if not (request.GET.get("left") and row["done"])],
        "left": request.GET.get("left", ""), "total": len(rows), "done": done,
        "progress": words.progress(done, len(rows)), "uncounted": words.uncounted(len(rows) - done),
        "shows": bool(request.session.get(SHOWN)), "scanned": bool(request.GET.get("scanned")),
    }  # fmt: skip


def _row(count: CountSession, line: CountLine | None, balance: Balance | None) -> dict[str, Any]:
    lot = line.lot if line else balance.lot if balance else None
    condition = line.condition if line else balance.condition if balance else ""
    assert lot is not None
    done = line is not None and line.quantity is not None
    change = (line.quantity or 0) - line.expected if line and done else 0
    return {
        "id": line_id(lot.pk, condition), "lot": lot, "condition": condition,
        "condition_label": Condition(condition).label, "line": line, "shelf": balance.shelf if balance else "",
        "ledger": balance.quantity if balance else 0, "done": done, "change": change,
        "told": words.difference(line, change) if line and done else "",
        "version": line.version if line else 0, "listed": balance is not None,
    }  # fmt: skip


def _add_sources(rows: list[dict[str, Any]], count: CountSession) -> None:
    """For what there is more of than the ledger says: the other depots that have the lot by the ledger."""
    more = [row for row in rows if row["change"] > 0]
    if not more:
        return
    elsewhere = Balance.objects.filter(
        lot__in=[row["lot"].pk for row in more], quantity__gt=0, depot__retired_at__isnull=True
    ).exclude(depot=count.depot_id)
    by_lot: dict[tuple[int, str], list[Balance]] = {}
    for balance in elsewhere.select_related("depot").order_by("depot__area__mois_code", "depot__pk"):
        by_lot.setdefault((balance.lot_id, balance.condition), []).append(balance)
    for row in more:
        row["sources"] = by_lot.get((row["lot"].pk, row["condition"]), [])


def review(count: CountSession) -> dict[str, Any]:
    """The differences as they would be posted now, or were."""
    lines = list(count.lines.select_related("lot__item", "moved_from").order_by("lot__item_id", "pk"))
    balances = {
        (each.lot_id, each.condition): each
        for each in Balance.objects.filter(depot=count.depot_id, lot__in=[line.lot_id for line in lines])
    }
    changes = {line.pk: change for line, change in services.differences(lines, balances)}
    rows = []
    for line in lines:
        balance, change = balances.get((line.lot_id, line.condition)), changes.get(line.pk, 0)
        now = balance.quantity if balance else 0
        rows.append({
            "line": line, "change": change, "now": now, "after": now + change, "told": words.difference(line, change),
            "moved_meanwhile": now != line.expected, "condition_label": Condition(line.condition).label,
        })  # fmt: skip
    uncounted = len(shelf(count)) - sum(line.quantity is not None for line in lines)
    return {
        "review": rows, "differing": sum(1 for row in rows if row["change"]), "uncounted": words.uncounted(uncounted),
        "is_final": count.state in (CountState.APPROVED, CountState.CANCELLED),
    }  # fmt: skip


def _open_count(request: HttpRequest, pk: int) -> CountSession:
    found: CountSession = get_object_or_404(counts(request.user), pk=pk)
    if not may_count(request.user, found.depot):
        raise PermissionDenied(_("You may not count here."))
    return found


@login_required
@never_cache
@require_POST
def count_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one line. Answers with the line alone where the page asked for it, else with the page."""
    count = _open_count(request, pk)
    form = LineForm(request.POST, depots=seen_depots(request.user).exclude(pk=count.depot_id))
    lot = get_object_or_404(Lot.objects.live().select_related("item"), pk=number_of(request.POST.get("lot", "")))
    status = carried_out(form, lambda data: _save(request.user, count, lot, data))
    condition = form.cleaned_data.get("condition") or Condition.USABLE
    if request.headers.get("HX-Request"):
        return _fragment(request, count, lot, condition, form, status)
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('count', args=[pk])}#{line_id(lot.pk, condition)}")
    messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect(f"{reverse('count', args=[pk])}#{line_id(lot.pk, condition)}")


def _save(user: Any, count: CountSession, lot: Lot, data: dict[str, Any]) -> None:
    seen = services.Seen(
        lot, data["quantity"], data["version"], data["condition"], data["moved_from"], data["scanned"], data["note"]
    )
    services.write_line(user, count, seen)


def _fragment(
    request: HttpRequest, count: CountSession, lot: Lot, condition: str, form: LineForm, status: int
) -> HttpResponse:
    context = shelf_lines(request, count)
    row = next((row for row in context["rows"] if row["id"] == line_id(lot.pk, condition)), None)
    if row is None:
        balance = Balance.objects.filter(depot=count.depot_id, lot=lot, condition=condition).first()
        row = {**_row(count, None, balance or Balance(depot=count.depot, lot=lot, condition=condition)), "focus": False}
    errors = [text for texts in form.errors.values() for text in texts]
    context |= {"row": row, "count": count, "errors": errors, "typed": request.POST.get("quantity", ""), "swap": True}
    return render(request, "disaster/_count_line.html", context, status=200 if status == 302 else status)


@login_required
@never_cache
@require_safe
def count_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Jump to the line of a label or a lot's code: typed, or sent by a scanner that types."""
    count = _open_count(request, pk)
    text = request.GET.get("code", "").strip()
    page = reverse("count", args=[pk])
    lot, refused = _scanned(count, text)
    if refused or lot is None:
        messages.error(request, refused)
        return redirect(page)
    known = [
        balance.condition if balance else line.condition if line else ""
        for balance, line in shelf(count)
        if (balance.lot_id if balance else line.lot_id if line else 0) == lot.pk
    ]
    if not known:
        told = _("%(lot)s is not on this depot's list. Enter what you found.")
        messages.info(request, told % {"lot": lot})
        return redirect(f"{reverse('count-found', args=[pk])}?{urlencode({'lot': lot.pk})}")
    condition = Condition.USABLE.value if Condition.USABLE in known else known[0]
    at = line_id(lot.pk, condition)
    # The address names the field itself: a browser that goes to a part of the page takes the focus there.
    return redirect(f"{page}?{urlencode({'at': at, 'scanned': '1'})}#q-{at}")


def _scanned(count: CountSession, text: str) -> tuple[Lot | None, str]:
    """The lot that a scanned text stands for, or why there is none."""
    # A label's QR code holds its address; what counts is the last part of it.
    token = urlsplit(text).path.rstrip("/").rsplit("/", 1)[-1] if text else ""
    label = Label.objects.select_related("lot__item").filter(token=token[:22]).first() if token else None
    if label is not None:
        if label.revoked_at is not None:
            return None, _("This label is no longer in use.")
        if label.depot_id not in (None, count.depot_id) and label.lot_id is None:
            return None, _("This label belongs to another depot.")
        return label.lot, "" if label.lot else _("This label stands for no lot: look for the item in the list.")
    lots = (
        list(Lot.objects.live().select_related("item").filter(code__iexact=text).exclude(code="")[:50]) if text else []
    )
    here = {lot for balance, line in shelf(count) for lot in [balance.lot_id if balance else line and line.lot_id]}
    lots = [lot for lot in lots if lot.pk in here] or lots
    if len(lots) == 1:
        return lots[0], ""
    if lots:
        return None, _("Several items have the lot %(code)s: look for it in the list.") % {"code": text}
    return None, _("No label and no lot is called “%(code)s”.") % {"code": text[:60]}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def count_found(request: HttpRequest, pk: int) -> HttpResponse:
    """Something on the shelf that is not on the list."""
    count = _open_count(request, pk)
    if count.state != CountState.OPEN:
        return redirect("count", pk)
    depots = seen_depots(request.user).exclude(pk=count.depot_id).order_by("area__mois_code", "pk")
    lot = Lot.objects.live().filter(pk=number_of(request.GET.get("lot", "")) or 0).first()
    initial = {"item": lot.item_id, "code": lot.code, "expires_on": lot.expires_on} if lot else {}
    form = FoundForm(request.POST or None, depots=depots, initial=initial)
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda data: services.add(request.user, count, data.pop("item"), data))
        if status == 302:
            messages.success(request, _("Saved."))
            return redirect("count", pk)
    return render(request, "disaster/count_found.html", {"form": form, "count": count, "lot": lot}, status=status)


@login_required
@never_cache
@require_POST
def count_blind(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the ledger's figures while counting, or hide them again."""
    _open_count(request, pk)
    request.session[SHOWN] = not request.session.get(SHOWN)
    return redirect("count", pk)
