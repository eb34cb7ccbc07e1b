"""The facts of readiness: each read in one statement for all towns that are asked about, as they were on a day.

Areas are primary keys of towns; None means all. The ledger, inspections and repairs are read as of the day; which
people can be called, and which depots there are, is known of today only, except for depots taken out of use since.
"""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from gis_core.models import AdminArea

from .models import (
    Balance,
    Depot,
    HazardSeason,
    Inspection,
    InspectionResult,
    ReadinessScore,
    RepairState,
    RepairTask,
    Responder,
    StandardQuantity,
)
from .querysets_areas import Areas, within
from .querysets_working import working_stock
from .seasons import Edition


class StockRow(NamedTuple):
    """What a depot holds of a lot in one condition."""

    depot: int
    area: int
    item: int
    lot: int
    expires_on: date | None
    condition: str
    quantity: int


class Held(NamedTuple):
    """Of an item in a depot: usable units that an open repair holds up, and units promised to others."""

    blocked: int
    promised: int


def _depots_of(day: date, path: str) -> Q:
    """Depots in use on a day."""
    in_use = Q(**{f"{path}retired_at__isnull": True})
    if day < timezone.localdate():
        in_use |= Q(**{f"{path}retired_at__date__gt": day})
    return in_use & Q(**{f"{path}area__isnull": False})


def needed(areas: Areas, day: date) -> dict[tuple[int, int], int]:
    """(town, item) → quantity: what the town as a whole must hold, or its depots together where that is more.

    A standard of a whole city is no town's and is left out.
    """
    towns: dict[tuple[int, int], int] = {}
    depots: dict[tuple[int, int], int] = defaultdict(int)
    found = StandardQuantity.objects.in_force(day).filter(
        Q(area__level="eupmyeondong") & within("area_id", areas)
        | _depots_of(day, "depot__") & within("depot__area_id", areas)
    )
    for area, depot_area, item, quantity in found.values_list("area_id", "depot__area_id", "item_id", "quantity"):
        if area is not None:
            towns[area, item] = quantity
        else:
            depots[depot_area, item] += quantity
    every = {key: max(towns.get(key, 0), depots.get(key, 0)) for key in {*towns, *depots}}
    return {key: quantity for key, quantity in every.items() if quantity}


def stock(areas: Areas, day: date) -> list[StockRow]:
    """The ledger as of the end of a day. A balance whose entries are all later was not known then."""
    balances = Balance.objects.filter(_depots_of(day, "depot__"), within("depot__area_id", areas)).order_by()
    columns = ("depot_id", "depot__area_id", "lot__item_id", "lot_id", "lot__expires_on", "condition")
    if day >= timezone.localdate():
        return [StockRow(*row) for row in balances.values_list(*columns, "quantity")]
    later = Coalesce(Sum("entries__change", filter=Q(entries__occurred_on__gt=day)), 0)
    then = (
        balances.annotate(later=later, first=Min("entries__occurred_on"))
        .filter(Q(first__isnull=True) | Q(first__lte=day))
        .annotate(then=F("quantity") - F("later"))
    )
    return [StockRow(*row) for row in then.values_list(*columns, "then")]


def held_up(rows: list[StockRow], classes: dict[int, int | None], day: date) -> dict[tuple[int, int], Held]:
    """(depot, item) → what is there and cannot be put to use. Today as ``working_stock`` says; of a past day by its
    rule from the tasks open then (what was promised then is not known any more)."""
    if day >= timezone.localdate():
        depots = {row.depot for row in rows}
        return {
            (each.depot_id, each.item_id): Held(each.blocked, each.usable - each.blocked - each.working)
            for each in working_stock(day, depots=depots)
        }
    usable: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row.condition == "usable" and (row.expires_on is None or row.expires_on >= day):
            usable[row.depot, row.item][row.lot] = row.quantity
    tasks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for task in open_repairs(None, day).filter(blocks=True, depot__in={row.depot for row in rows}).values():
        tasks[task["depot_id"]].append(dict(task))
    return {
        (depot, item): Held(_blocked(lots, item, classes.get(item), tasks[depot]), 0)
        for (depot, item), lots in usable.items()
        if tasks[depot]
    }


def _blocked(lots: dict[int, int], item: int, of_class: int | None, tasks: list[dict[str, Any]]) -> int:
    """Units of an item held up by tasks: of a lot at most what the lot holds, of all at most what there is."""
    total = sum(lots.values())
    of_lots: dict[int, int] = defaultdict(int)
    of_item = 0
    for task in tasks:
        lot, quantity = task["lot_id"], task["quantity"]
        if lot is not None:
            if lot in lots:
                of_lots[lot] += lots[lot] if quantity is None else quantity
        elif task["item_id"] == item or (task["item_id"] is None and task["item_class_id"] in {None, of_class}):
            of_item += total if quantity is None else quantity
    return min(total, of_item + sum(min(lots[lot], number) for lot, number in of_lots.items()))


def open_repairs(areas: Areas, day: date) -> QuerySet[RepairTask]:
    """Repair tasks that were open at the end of a day; a task begins with its inspection, or when it was written."""
    began = Coalesce("inspection__inspected_on", TruncDate("created_at"))
    is_open = Q(state__in=[RepairState.OPEN, RepairState.IN_WORK])
    if day < timezone.localdate():
        is_open |= Q(closed_at__date__gt=day)
    found: QuerySet[RepairTask] = RepairTask.objects.live().annotate(began=began)
    return found.filter(Q(began__lte=day), is_open, within("depot__area_id", areas))


def inspected(areas: Areas, day: date) -> dict[tuple[int, int, int | None], date]:
    """(depot, class, lot) → the day of the last passed inspection; lot None: of all there is of the class."""
    passed = Inspection.objects.live().filter(
        within("depot__area_id", areas),
        result=InspectionResult.PASSED,
        inspected_on__lte=day,
        item_class__isnull=False,
    )
    rows = passed.order_by().values_list("depot_id", "item_class_id", "lot_id").annotate(last=Max("inspected_on"))
    return {(depot, of_class, lot): last for depot, of_class, lot, last in rows}


def towns_with_people(areas: Areas) -> set[int]:
    """Towns of whose people anything is recorded."""
    people = Responder.objects.live().filter(within("area_id", areas)).order_by()
    return set(people.values_list("area_id", flat=True).distinct())


def seasons() -> dict[str, list[Edition]]:
    """Editions of each hazard's season."""
    found: dict[str, list[Edition]] = defaultdict(list)
    for each in HazardSeason.objects.live():
        begins, ends = (each.begins_month, each.begins_day), (each.ends_month, each.ends_day)
        found[each.hazard].append(Edition(begins, ends, each.effective_from))
    return found


def towns_asked(scope: frozenset[int] | None) -> QuerySet[AdminArea]:
    """Towns that have depots, as far as a scope (None: everywhere) reaches."""
    with_depots = Depot.objects.live().filter(area__isnull=False).order_by().values("area_id")
    towns = AdminArea.objects.towns().filter(pk__in=with_depots)
    found: QuerySet[AdminArea] = towns if scope is None else towns.filter(pk__in=sorted(scope))
    return found.order_by("mois_code")


def kept(areas: Areas, hazard: str = "") -> QuerySet[ReadinessScore]:
    """Kept scores of towns, in the order of days."""
    found = ReadinessScore.objects.filter(within("area_id", areas)).order_by("day")
    return found.filter(hazard=hazard) if hazard else found
