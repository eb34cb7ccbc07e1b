"""Stock, entries, loans and standards as a person may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel

from .access import officer_scope, seen_depots
from .models import Balance, Condition, Depot, Entry, Item, Loan, Movement, MovementKind, StandardQuantity
from .querysets import standards_in_force
from .querysets_readiness import needed


def may_edit_catalogue(user: Any) -> bool:
    """Items and classes are everybody's: an officer of more than single towns keeps them."""
    if not permissions.can_add(user, layers.get("depots")):
        return False
    scope = officer_scope(user)
    if scope is None:
        return True
    return AdminArea.objects.filter(pk__in=sorted(scope)).exclude(level=AreaLevel.EUPMYEONDONG).exists()


class _Months(Func):
    template = "make_interval(months => %(expressions)s)"
    output_field = DurationField()


def balances(depots: Any) -> "QuerySet[Any]":
    """Balances of these depots with ``lived_until``, the day on which the service life ends, where both are known."""
    ends = ExpressionWrapper(
        F("lot__made_on") + _Months(F("lot__item__service_life_months")), output_field=DateTimeField()
    )
    found: QuerySet[Any] = Balance.objects.filter(depot__in=depots).select_related("depot__area", "lot__item")
    return found.annotate(lived_until=Cast(ends, DateField()))


@dataclass
class ItemStock:
    """What a depot has of an item. ``usable`` None: nobody ever recorded any. ``standard`` None: none is set."""

    item: Item
    standard: int | None = None
    balances: list[Balance] = field(default_factory=list)
    usable: int | None = None
    expired: int = 0
    repair: int = 0
    unusable: int = 0
    first: Balance | None = None  # of what is usable, what goes first: what expires first

    @property
    def shortage(self) -> int | None:
        """How many are missing to the standard; None where one of the two is not known."""
        if self.standard is None or self.usable is None:
            return None
        return max(self.standard - self.usable, 0)

    @property
    def counted_on(self) -> date | None:
        """The day since which all of it was counted; None as long as some never was."""
        days = [each.counted_on for each in self.balances if each.quantity or each.counted_on]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    @property
    def moved_on(self) -> date | None:
        return max((each.moved_on for each in self.balances if each.moved_on), default=None)

    @property
    def shown(self) -> list[Balance]:
        """The lots that are there, or else the newest that was."""
        there = [each for each in self.balances if each.quantity]
        return there or self.balances[-1:]

    def take(self, balance: Balance, day: date) -> None:
        self.balances.append(balance)
        self.usable = self.usable or 0
        expires_on = balance.lot.expires_on
        if balance.condition == Condition.REPAIR:
            self.repair += balance.quantity
        elif balance.condition == Condition.UNUSABLE:
            self.unusable += balance.quantity
        elif expires_on and expires_on < day:
            self.expired += balance.quantity
        else:
            self.usable += balance.quantity
            self.first = self.first or (balance if balance.quantity else None)


def depot_stock(depot: Depot, day: date) -> list[ItemStock]:
    """What a depot holds or should hold, in the order of the catalogue. Two statements."""
    found: dict[int, ItemStock] = {}
    for standard in standards_in_force(day).filter(depot=depot):
        found[standard.item_id] = ItemStock(standard.item, standard.quantity)
    for balance in balances([depot.pk]).order_by("lot__expires_on", "lot__code", "condition", "pk"):
        found.setdefault(balance.lot.item_id, ItemStock(balance.lot.item)).take(balance, day)
    return [found[key] for key in sorted(found)]


@dataclass
class Cell:
    """An item in a town: both None where nothing is known, or nothing is asked for."""

    usable: int | None = None
    standard: int | None = None

    @property
    def is_short(self) -> bool:
        return self.usable is not None and self.standard is not None and self.usable < self.standard


def town_table(depots: "QuerySet[Depot]", items: Iterable[Item], day: date) -> list[tuple[AdminArea, list[Cell]]]:
    """By town (an area with depots) and item what is usable and what it should be (as readiness has it). Three
    statements."""
    items = list(items)
    keys = [item.pk for item in items]
    live = depots.filter(retired_at=None, area__isnull=False)
    towns = AdminArea.objects.filter(pk__in=live.order_by().values("area")).order_by("mois_code")
    table = {town.pk: (town, {key: Cell() for key in keys}) for town in towns.only("name", "mois_code", "full_name")}
    held = Balance.objects.filter(depot__in=live, lot__item__in=keys).order_by()
    works = Q(condition=Condition.USABLE) & (Q(lot__expires_on=None) | Q(lot__expires_on__gte=day))
    total = Sum("quantity", filter=works, default=0)
    for row in held.values("depot__area", "lot__item").annotate(usable=total):
        table[row["depot__area"]][1][row["lot__item"]].usable = row["usable"]
    for (area, item), quantity in needed(list(table), day).items():
        if item in table[area][1]:
            table[area][1][item].standard = quantity
    return [(town, list(cells.values())) for town, cells in table.values()]


def _goes() -> Case:
    return Case(When(change__lt=0, then=Value(1)), default=Value(0), output_field=IntegerField())


def entries(depots: Any) -> "QuerySet[Entry]":
    """The ledger of these depots in the order of the days; within one what came first, then as it was recorded.

    ``running`` is what the depot held of the item after each entry, all lots and conditions together, in this order.
    """
    before = (
        Entry.objects.filter(
            balance__depot=OuterRef("balance__depot"), balance__lot__item=OuterRef("balance__lot__item")
        )
        .annotate(goes=_goes())
        .filter(
            Q(occurred_on__lt=OuterRef("occurred_on"))
            | Q(occurred_on=OuterRef("occurred_on"), goes__lt=OuterRef("goes"))
            | Q(occurred_on=OuterRef("occurred_on"), goes=OuterRef("goes"), pk__lte=OuterRef("pk"))
        )
        .order_by()
        .values("balance__depot")
        .annotate(total=Sum("change"))
        .values("total")
    )
    found: QuerySet[Entry] = (
        Entry.objects.filter(balance__depot__in=depots)
        .annotate(goes=_goes())
        .annotate(running=Subquery(before, output_field=IntegerField()))
        .select_related("balance__depot", "balance__lot__item", "movement__recorded_by", "movement__counterpart")
        .order_by("occurred_on", "goes", "pk")
    )
    return found


def movements(user: Any) -> "QuerySet[Movement]":
    """Movements in which a depot that this person sees takes part."""
    seen = Entry.objects.filter(movement=OuterRef("pk"), balance__depot__in=seen_depots(user))
    found: QuerySet[Movement] = Movement.objects.filter(Exists(seen)).select_related(
        "recorded_by", "counterpart", "corrects", "loan", "order__item", "count__depot"
    )
    return found


def loans(user: Any) -> "QuerySet[Any]":
    """The loans of the depots that this person sees, the longest due first, with ``left``: what is still out."""
    found: QuerySet[Any] = (
        Loan.objects.live()
        .filter(depot__in=seen_depots(user))
        .select_related("depot__area", "lot__item", "borrower")
        .annotate(left=F("quantity") - F("returned"))
        .order_by("due_on", "pk")
    )
    return found


def is_out() -> Q:
    return Q(returned__lt=F("quantity"))


def standards(user: Any) -> "QuerySet[StandardQuantity]":
    """All live editions for the depots that this person sees and the areas these lie in or below."""
    depots = seen_depots(user)
    towns = AdminArea.objects.filter(pk__in=depots.order_by().values("area"))
    above = AdminArea.objects.filter(pk__in=towns.order_by().values("parent"))
    found: QuerySet[StandardQuantity] = (
        StandardQuantity.objects.live()
        .filter(Q(depot__in=depots) | Q(area__in=towns) | Q(area__in=above))
        .select_related("item", "depot__area", "area", "created_by")
    )
    return found


def used_by_year(item: Item, depots: Any) -> dict[int, int]:
    """How much of an item these depots used up in each year: issued, or sent to an incident and not come back."""
    used = Q(movement__kind=MovementKind.ISSUE) | Q(movement__corrects__kind=MovementKind.ISSUE)
    rows = (
        Entry.objects.filter(used | Q(movement__order__incident__isnull=False))
        .filter(balance__depot__in=depots, balance__lot__item=item)
        .order_by()
        .values_list("occurred_on__year")
        .annotate(total=Sum("change"))
    )
    return {year: max(-total, 0) for year, total in rows}


def first_entry(item: Item, depots: Any) -> date | None:
    """The day on which the ledger of an item in these depots begins."""
    found = Entry.objects.filter(balance__depot__in=depots, balance__lot__item=item).order_by("occurred_on")
    return found.values_list("occurred_on", flat=True).first()
