"""What a depot holds, has lent and lacks, on its page."""

from typing import Any

from django import template
from django.db.models import F
from django.utils import timezone

from disaster.access import is_officer
from disaster.models import Depot, Loan, Lot
from disaster.querysets_stock import ItemStock, depot_stock
from disaster.words import stock as words

register = template.Library()


@register.simple_tag
def stock_of(depot: Depot) -> list[ItemStock]:
    """What the depot holds or should hold, in the order of the catalogue."""
    return depot_stock(depot, timezone.localdate())


@register.simple_tag
def loans_of(depot: Depot) -> list[Any]:
    """What the depot has lent and not got back, the longest due first."""
    out = Loan.objects.live().filter(depot=depot, returned__lt=F("quantity"))
    return list(
        out.select_related("lot__item", "borrower").annotate(left=F("quantity") - F("returned")).order_by("due_on")
    )


@register.filter
def keeps_stock(user: Any) -> bool:
    """Whether this person may write into the ledger somewhere."""
    return is_officer(user)


@register.filter
def lot_words(lot: Lot) -> str:
    return words.lot(lot)
