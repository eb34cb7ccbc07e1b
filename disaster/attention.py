"""What wants attention in depots: short, expired, about to, over its service life, never counted. One list each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from .models import Item
from .querysets import depot_standards
from .querysets_stock import balances
from .words import stock as words

SOON_DAYS = 90


@dataclass(frozen=True)
class Attention:
    """``rows``: standards for what is short or unknown, else balances."""

    name: str
    title: str
    rows: Any
    count: int


@dataclass(frozen=True)
class Line:
    depot: Any
    item: Item
    lot: str
    told: str
    # What to press: the kind of movement, and the balance that is chosen then.
    move: str
    balance: int | None = None


def lists(depots: Any, items: Iterable[Item], today: date) -> list[Attention]:
    """Of live depots; a count for each list, its rows not read yet."""
    keys = [item.pk for item in items]
    there = (
        balances(depots).filter(lot__item__in=keys, quantity__gt=0).order_by("depot__area__mois_code", "depot_id", "pk")
    )
    asked = depot_standards(today).filter(depot__in=depots, item__in=keys).select_related("depot__area", "item")
    asked = asked.order_by("depot__area__mois_code", "depot_id", "item_id")
    soon = today + timedelta(days=SOON_DAYS)
    ending = there.filter(condition="usable", lot__expires_on__range=(today, soon))
    still_good = Q(lot__expires_on=None) | Q(lot__expires_on__gte=today)
    outlived = there.filter(still_good, lived_until__lt=today)
    found = [
        ("short", _("Short"), asked.filter(held__lt=F("quantity")).order_by(F("held") - F("quantity"), "pk")),
        ("unknown", _("Unknown"), asked.filter(held=None)),
        ("expired", _("Expired"), there.filter(lot__expires_on__lt=today).order_by("lot__expires_on", "pk")),
        ("expiring", _("Expiring in 90 days"), ending.order_by("lot__expires_on", "pk")),
        ("old", _("Over its service life"), outlived.order_by("lived_until", "pk")),
        ("repair", _("Not usable"), there.exclude(condition="usable")),
        ("uncounted", _("Never counted"), there.filter(counted_on=None)),
    ]  # fmt: skip
    return [Attention(name, title, rows, rows.order_by().count()) for name, title, rows in found]


def line(attention: Attention, row: Any) -> Line:
    """A row in words."""
    if attention.name in {"short", "unknown"}:
        told = _("nothing was ever recorded, %(number)s %(unit)s are asked for")
        number = row.quantity
        if attention.name == "short":
            told = _("%(number)s %(unit)s short")
            number = row.quantity - row.held
        return Line(row.depot, row.item, "", told % {"number": f"{number:,}", "unit": row.item.unit}, "receive")
    item, lot = row.lot.item, words.lot(row.lot)
    amount = f"{row.quantity:,} {item.unit}"
    if attention.name == "expired":
        return Line(row.depot, item, lot, amount, "dispose", row.pk)
    if attention.name == "expiring":
        return Line(row.depot, item, lot, amount, "issue", row.pk)
    if attention.name == "old":
        told = _("%(amount)s, to be kept until %(day)s") % {"amount": amount, "day": row.lived_until.isoformat()}
        return Line(row.depot, item, lot, told, "dispose", row.pk)
    if attention.name == "repair":
        return Line(row.depot, item, lot, f"{amount} · {row.get_condition_display()}", "recondition", row.pk)
    return Line(row.depot, item, lot, amount, "")
