"""What redistribution goes by: how depots stand with items today, and whether a draft still fits that."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest

from disaster import redistribution as rules
from disaster.models import Depot, Item, OrderState, TransferOrder
from disaster.orders import State
from disaster.querysets import standards_in_force
from disaster.querysets_operations import place_of, today
from disaster.querysets_working import working_stock
from disaster.redistribution import Basis, Options, Stand
from gis_core.models import AdminArea, CooperationZone

Key = tuple[int, int]
# Of what was asked for a depot, what has not come yet; a draft is nothing yet.
_COMING = Case(
    When(state=State.REQUESTED, then=F("quantity")),
    When(state__in=[State.COMMITTED, State.SENT], then=F("committed") - F("received")),
    default=Value(0),
    output_field=IntegerField(),
)


def depots_of(areas: Collection[int]) -> "QuerySet[Depot]":
    """The depots of these areas and all below them."""
    below = AdminArea.objects.descendant_ids(areas)
    found: QuerySet[Depot] = Depot.objects.live().filter(area__in=sorted(below))
    return found


def areas_of(zone: CooperationZone) -> list[int]:
    return list(zone.member_areas.values_list("pk", flat=True))


def stands(
    depots: Mapping[int, Depot], items: Collection[int], *, but_plan: uuid.UUID | None = None
) -> dict[int, list[Stand]]:
    """By item how each depot stands that holds it or should. Orders of ``but_plan`` count as if never made, whatever
    has become of them. Six statements at most."""
    day, keys = today(), list(depots)
    asked_for = standards_in_force(day).filter(depot__in=keys, item__in=items)
    standards: dict[Key, int] = {
        (depot, item): quantity
        for depot, item, quantity in asked_for.values_list("depot_id", "item_id", "quantity")
        if depot is not None
    }
    works = {(row.depot_id, row.item_id): row.working for row in working_stock(day, depots=keys, items=items)}
    live = TransferOrder.objects.live().filter(item__in=items)
    others = live.exclude(plan=but_plan) if but_plan else live
    coming = _sums(others.filter(destination__in=keys), "destination", _COMING)
    asked = _sums(others.filter(source__in=keys, state=State.REQUESTED), "source", F("quantity"))
    if but_plan:
        own = live.filter(plan=but_plan)
        for key, number in _sums(own.filter(source__in=keys), "source", Greatest("committed", "sent")).items():
            works[key] = works.get(key, 0) + number
        for key, number in _sums(own.filter(destination__in=keys), "destination", F("received")).items():
            works[key] = works.get(key, 0) - number
    found: dict[int, list[Stand]] = defaultdict(list)
    for key in sorted({*standards, *works}):
        depot, item = key
        found[item].append(
            Stand(
                depot,
                place_of(depots[depot]),
                works.get(key),
                standards.get(key),
                coming.get(key, 0),
                asked.get(key, 0),
            )
        )
    return dict(found)


def _sums(orders: "QuerySet[TransferOrder]", side: str, what: Any) -> dict[Key, int]:
    rows = orders.order_by().values_list(f"{side}_id", "item_id").annotate(sum=Sum(what, default=0))
    return {(depot, item): number for depot, item, number in rows if number}


@dataclass(frozen=True)
class Standing:
    """A draft against what is so today. ``was`` is what it rests on, None where that is not known."""

    was: Basis | None
    over: int | None
    short: int | None
    drawn: int
    filled: int

    @property
    def changed(self) -> bool:
        """Whether the stock of one of the two is no longer what it was when the draft was made."""
        return self.was is not None and (self.over, self.short) != (self.was.over, self.was.short)

    @property
    def fits(self) -> bool:
        """Whether giver and taker still have over, and lack, what the whole plan moves between them and others."""
        return (
            self.over is not None and self.short is not None and self.drawn <= self.over and self.filled <= self.short
        )


def standings(orders: Collection[TransferOrder]) -> dict[int, Standing]:
    """By order how the drafts of one plan stand today. ``source`` and ``destination`` should be loaded."""
    if not orders:
        return {}
    plan = next(iter(orders)).plan
    depots = {each.pk: each for order in orders for each in (order.source, order.destination) if each is not None}
    now = stands(depots, {order.item_id for order in orders}, but_plan=plan)
    by_key = {(stand.depot, item): stand for item, found in now.items() for stand in found}
    active = TransferOrder.objects.live().filter(plan=plan).exclude(
        state__in=[OrderState.CANCELLED, OrderState.REFUSED]
    )  # fmt: skip
    drawn, filled = _sums(active, "source", F("quantity")), _sums(active, "destination", F("quantity"))
    return {
        order.pk: _standing(
            order, by_key, drawn.get((order.source_id or 0, order.item_id), 0),
            filled.get((order.destination_id or 0, order.item_id), 0),
        )
        for order in orders
    }  # fmt: skip


def _standing(order: TransferOrder, now: Mapping[Key, Stand], drawn: int, filled: int) -> Standing:
    was = Basis.read(order.reason)
    giver, taker = now.get((order.source_id or 0, order.item_id)), now.get((order.destination_id or 0, order.item_id))
    over = None
    if giver is not None and giver.works is not None and was is not None:
        # What it keeps was decided with the plan.
        over = rules.over(replace(giver, standard=was.keeps), Options())
    short = rules.short(taker) if taker is not None and taker.works is not None else None
    return Standing(was, over, short, drawn, filled)


def items_for(item: Item | None, hazard: str) -> "QuerySet[Item]":
    """The items that a plan is about: one, those of a hazard, or all."""
    live: QuerySet[Item] = Item.objects.live()
    if item is not None:
        return live.filter(pk=item.pk)
    return live.filter(hazards__contains=[hazard]) if hazard else live
