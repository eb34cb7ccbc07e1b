"""Incidents and transfer orders as a person may see them, who waits for whom, and who is nearest with what works."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import NotAllowed
from gis_core.layers.registry import layers

from . import orders as rules
from .access import is_officer, officer_scope
from .models import (
    Agreement,
    Availability,
    Balance,
    Depot,
    Entry,
    Incident,
    Item,
    Lot,
    Machine,
    MovementKind,
    TransferOrder,
)
from .querysets_working import working_stock
from .ways import Place, minutes, way_m

# Figures that say that something is still out.
ON_THE_WAY = Q(state=rules.State.SENT, sent__gt=F("received"))
OUT = Q(state__in=[rules.State.SENT, rules.State.RECEIVED], destination=None, received__gt=F("returned"))


def may_act_in(user: Any, area_id: int | None) -> bool:
    return is_officer(user) and permissions.covers(officer_scope(user), [area_id])


def may_change_depot(user: Any, depot: Depot) -> bool:
    return permissions.can_change(user, layers.get("depots"), depot)


def own_items(depots: Iterable[int]) -> "QuerySet[Item]":
    known = Balance.objects.filter(depot__in=list(depots)).order_by().values("lot__item")
    return Item.objects.live().filter(pk__in=known)


def orders(user: Any) -> "QuerySet[TransferOrder]":
    """The live orders that this person sees: those that their towns asked for or give, and calls to everybody."""
    found: QuerySet[TransferOrder] = TransferOrder.objects.live().select_related(
        "item", "incident", "source__area", "destination__area", "partner", "area", "decided_by", "updated_by"
    )
    if not permissions.can_view(user, layers.get("depots")):
        return found.none()
    scope = permissions.area_scope(user, layers.get("depots").access.view)
    if scope is None:
        return found
    within = sorted(scope)
    calls = Q(source=None, partner=None, state=rules.State.REQUESTED)
    return found.filter(Q(area__in=within) | Q(source__area__in=within) | calls)


def incidents(user: Any) -> "QuerySet[Incident]":
    return layers.get("incidents").queryset(user).select_related("area")


def figures(order: TransferOrder) -> rules.Figures:
    return rules.Figures(
        order.state, order.quantity, order.committed, order.sent, order.received, order.returned,
        stays=order.destination_id is not None,
    )  # fmt: skip


def sides(user: Any, order: TransferOrder) -> frozenset[rules.Side]:
    """On which sides of an order this person may act. A partner's part is recorded by the town that asks; to a call to
    everybody any officer may answer."""
    asks = (
        may_change_depot(user, order.destination)
        if order.destination is not None
        else may_act_in(user, order.area_id)
    )  # fmt: skip
    if order.partner_id is not None:
        gives = asks
    elif order.source is not None:
        gives = may_change_depot(user, order.source)
    else:
        gives = is_officer(user)
    # Into which depot it comes back is asked by the ledger; a partner takes its own back.
    takes = is_officer(user) if order.source is not None else asks
    found = {rules.Side.ASKING: asks, rules.Side.GIVING: gives, rules.Side.TAKING_IN: takes}
    return frozenset(side for side, may in found.items() if may)


def refuse_others(user: Any, order: TransferOrder, step: rules.Step) -> None:
    """Raises NotAllowed unless this person may do the step."""
    if rules.SIDES[step] not in sides(user, order):
        raise NotAllowed(_("This is for the other town to do."))


def still_out(incident: Incident) -> "QuerySet[TransferOrder]":
    """What was sent for an incident and has neither come back nor been accounted for."""
    return _of(incident).filter(ON_THE_WAY | OUT)


def unanswered(incident: Incident) -> "QuerySet[TransferOrder]":
    """What was asked for, or promised, and not sent."""
    return _of(incident).filter(state__in=[rules.State.REQUESTED, rules.State.COMMITTED])


def _of(incident: Incident) -> "QuerySet[TransferOrder]":
    found: QuerySet[TransferOrder] = TransferOrder.objects.live().filter(incident=incident)
    return found.select_related("item", "source__area", "partner").order_by("pk")


@dataclass(frozen=True)
class Offer:
    """Somebody who could help: a depot with what works of the item, or a partner's machine."""

    depot: Depot | None
    machine: Machine | None
    works: int
    blocked: int
    way_m: float

    @property
    def minutes(self) -> int:
        return minutes(self.way_m)

    @property
    def key(self) -> str:
        return f"from-{self.depot.pk}" if self.depot else f"partner-{self.machine.pk if self.machine else 0}"


def place_of(record: Any) -> Place:
    return record.location.x, record.location.y


def nearest(item: Item, place: Place, day: date, *, but: Depot | None = None, most: int = 15) -> list[Offer]:
    """Depots over all town lines with something of the item that works and is promised to nobody, the nearest first.
    Three statements."""
    working = {row.depot_id: row for row in working_stock(day, items=[item.pk]) if row.working > 0}
    depots = Depot.objects.live().filter(pk__in=list(working)).select_related("area", "keeper")
    found = [
        Offer(depot, None, working[depot.pk].working, working[depot.pk].blocked, way_m(place, place_of(depot)))
        for depot in depots
        if but is None or depot.pk != but.pk
    ]
    return sorted(found, key=lambda offer: (offer.way_m, offer.depot.pk if offer.depot else 0))[:most]


def machines(place: Place, day: date, *, most: int = 8) -> list[Offer]:
    """Machines of partners with an agreement in force, the nearest first. Two statements."""
    agreed = Agreement.objects.in_force(day).values("organisation")
    able = Machine.objects.live().exclude(availability=Availability.UNAVAILABLE).filter(organisation__in=agreed)
    found = [
        Offer(None, machine, machine.number, 0, way_m(place, place_of(machine)))
        for machine in able.select_related("organisation", "area")
    ]
    return sorted(found, key=lambda offer: (offer.way_m, offer.machine.pk if offer.machine else 0))[:most]


def lots_of(order: TransferOrder, *kinds: str) -> dict[Lot, int]:
    """How much of each lot the order's movements of these kinds moved, in and out alike; the earliest lot first."""
    entries = Entry.objects.filter(movement__order=order, movement__kind__in=kinds, movement__corrected_by=None)
    sums = dict(entries.order_by().values_list("balance__lot").annotate(Sum("change")))
    lots = Lot.objects.select_related("item").in_bulk(list(sums))
    ordered = sorted(lots.values(), key=lambda lot: (lot.expires_on is None, lot.expires_on or date.max, lot.pk))
    return {lot: abs(sums[lot.pk]) for lot in ordered}


def lots_left(order: TransferOrder, came: str) -> list[tuple[Lot, int]]:
    """The lots that were sent and, by the movements of the kind ``came``, have not come (ARRIVE, RETURN)."""
    there = lots_of(order, came)
    left = [(lot, number - there.get(lot, 0)) for lot, number in lots_of(order, MovementKind.SEND).items()]
    return [(lot, number) for lot, number in left if number > 0]


def today() -> date:
    return timezone.localdate()
