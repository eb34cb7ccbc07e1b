"""The ledger of depots and items on the screen, as a file and on paper; one movement, and taking it back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster.access import seen_depots
from disaster.models import Depot, Item, Movement, MovementKind
from disaster.querysets_stock import entries, movements
from disaster.services import ledger
from disaster.stock_forms import TakeBackForm
from disaster.words import stock as words
from gis_core import pdf, permissions
from gis_core.layers.registry import layers
from gis_core.views.jobs import csv_lines

from .asking import number_of, refuse_strangers
from .refusals import carried_out
from .town_sheets import paper

PER_PAGE = 50
# More lines than anybody binds into one book of paper.
MOST_ON_PAPER = 3000


@dataclass(frozen=True)
class Asked:
    depot: Depot | None
    item: Item | None
    begin: date | None
    end: date | None
    kind: str
    problems: list[str]

    @property
    def title(self) -> str:
        return " · ".join(str(each) for each in (self.depot, self.item) if each) or _("all depots")


def _asked(request: HttpRequest) -> Asked:
    """``?depot= &item= &from= &until= &kind=``; what makes no sense is left out and said."""
    given = request.GET
    problems = []

    def day(name: str) -> date | None:
        text = given.get(name, "")
        try:
            found = parse_date(text) if text else None
        except ValueError:
            found = None
        if text and found is None:
            problems.append(_("“%(text)s” is no day.") % {"text": text[:30]})
        return found

    begin, end = day("from"), day("until")
    if begin and end and end < begin:
        problems.append(_("The last day is before the first."))
    depot, item = number_of(given.get("depot", "")), number_of(given.get("item", ""))
    return Asked(
        depot=get_object_or_404(seen_depots(request.user), pk=depot) if depot is not None else None,
        item=get_object_or_404(Item, pk=item) if item is not None else None,
        begin=begin,
        end=end,
        kind=given.get("kind", "") if given.get("kind") in MovementKind.values else "",
        problems=problems,
    )


def _rows(request: HttpRequest, asked: Asked) -> Any:
    found = entries([asked.depot.pk] if asked.depot else seen_depots(request.user))
    filters = {
        "balance__lot__item": asked.item, "occurred_on__gte": asked.begin, "occurred_on__lte": asked.end,
        "movement__kind": asked.kind,
    }  # fmt: skip
    return found.filter(**{name: value for name, value in filters.items() if value})


def _told(rows: Iterable[Any]) -> list[tuple[Any, str, int, int]]:
    """Each entry with its lot in words, what came in and what went out."""
    return [(row, words.lot(row.balance.lot), max(row.change, 0), max(-row.change, 0)) for row in rows]


@login_required
@never_cache
@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """The last page first, as in a book that lies open where it was written last."""
    refuse_strangers(request.user)
    asked = _asked(request)
    pages = Paginator(_rows(request, asked), PER_PAGE)
    page = pages.get_page(request.GET.get("page") or pages.num_pages)
    depots = seen_depots(request.user).order_by("area__mois_code", "pk").only("name", "area__name")
    context = {
        "asked": asked, "page": page, "rows": _told(page.object_list),
        "depots": depots, "items": Item.objects.all(), "kinds": MovementKind.choices,
    }  # fmt: skip
    return render(request, "disaster/ledger.html", context, status=400 if asked.problems else 200)


@login_required
@never_cache
@require_safe
def ledger_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All lines of what the page shows. Texts that a spreadsheet would run are guarded."""
    refuse_strangers(request.user)
    asked = _asked(request)
    response = StreamingHttpResponse(
        csv_lines(list(_lines(_rows(request, asked)))), content_type="text/csv; charset=utf-8"
    )
    name = content_disposition_header(True, _("Stock ledger") + f" {timezone.localdate():%Y%m%d}.csv")
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(rows: Any) -> Iterator[list[Any]]:
    yield [
        _("Day"), _("Kind"), _("Depot"), _("Item"), _("Unit"), pgettext("stock", "Lot"), _("Condition"),
        _("Came in"), _("Went out"), _("Balance"), _("From or to"), _("Reason"), _("Document"), _("Recorded at"),
        _("Recorded by"), _("Movement number"),
    ]  # fmt: skip
    for row in rows:
        movement, balance = row.movement, row.balance
        yield [
            row.occurred_on, movement.get_kind_display(), balance.depot.name, str(balance.lot.item),
            balance.lot.item.unit, words.lot(balance.lot), balance.get_condition_display(),
            row.change if row.change > 0 else "", -row.change if row.change < 0 else "", row.running,
            str(movement.counterpart or ""), movement.reason, movement.document,
            timezone.localtime(movement.recorded_at).strftime("%Y-%m-%d %H:%M"), str(movement.recorded_by or ""),
            movement.pk,
        ]  # fmt: skip


@never_cache
@login_required
@require_safe
def ledger_sheet(request: HttpRequest) -> HttpResponse:
    """수불대장 on A4, for a depot or an item."""
    refuse_strangers(request.user)
    asked = _asked(request)
    rows = list(_rows(request, asked)[: MOST_ON_PAPER + 1])
    context = {
        "asked": asked, "rows": _told(rows[:MOST_ON_PAPER]),
        "is_cut": len(rows) > MOST_ON_PAPER, "most": MOST_ON_PAPER, "printed_by": request.user,
    }  # fmt: skip
    return paper(pdf.render("disaster/sheets/ledger.html", context, request), f"{_('Stock ledger')} {asked.title}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def movement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One movement with what it changed. POST takes it back, with a reason."""
    refuse_strangers(request.user)
    found: Movement = get_object_or_404(movements(request.user), pk=pk)
    rows = list(found.entries.select_related("balance__depot__area", "balance__lot__item").order_by("change", "pk"))
    correction = Movement.objects.filter(corrects=found).select_related("recorded_by").first()
    layer = layers.get("depots")
    why_not = ledger.why_not_corrected(found)
    may_change = all(permissions.can_change(request.user, layer, row.balance.depot) for row in rows)
    is_open = may_change and correction is None
    form = TakeBackForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda data: ledger.correct(request.user, found, data["reason"], data["token"]))
        if status == 302:
            messages.success(request, _("Taken back. The ledger shows both."))
            return redirect("movement", pk)
    context = {
        "movement": found, "rows": [(row, words.lot(row.balance.lot)) for row in rows], "correction": correction,
        "form": form if is_open and not why_not else None, "why_not": why_not if is_open else "",
        "was_late": timezone.localdate(found.recorded_at) > found.occurred_on,
    }  # fmt: skip
    return render(request, "disaster/movement.html", context, status=status)
