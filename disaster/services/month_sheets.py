"""A town's month: what the ledger, inspections, trainings and repairs say of it, as of its last day."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from disaster import querysets_readiness as facts
from disaster.models import Balance, Entry, Inspection, Item, Movement, RepairTask, Schedule, Training
from gis_core.models import AdminArea

MONTHS = 36


@dataclass(frozen=True)
class Month:
    """From its first to its last day; the month that runs ends today."""

    first: date
    last: date
    is_over: bool

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last


@dataclass(frozen=True)
class StockLine:
    """Units of an item over the month in all of the town's depots, whatever their condition.

    ``begin`` None: nothing was recorded before. ``usable``: of ``end``, what could be put to use. ``needed`` None: none
    is asked for. Where nothing ``is_recorded`` the figures say nothing.
    """

    item: Item
    begin: int | None
    came: int
    gone: int
    end: int
    usable: int
    needed: int | None
    is_recorded: bool = True


@dataclass(frozen=True)
class Due:
    """An inspection that was done in the month, or should have been done by its end."""

    title: str
    depot: str
    due_on: date | None
    done_on: date | None
    result: str

    @property
    def is_open(self) -> bool:
        return self.done_on is None


@dataclass(frozen=True)
class MonthSheet:
    """``late``: movements of the month that were recorded after it had ended."""

    month: Month
    stock: list[StockLine]
    late: int
    inspections: list[Due]
    trainings: list[Any]
    repairs_open: list[RepairTask]
    repairs_closed: list[RepairTask]

    @property
    def done(self) -> int:
        return sum(not each.is_open for each in self.inspections)

    @property
    def not_done(self) -> int:
        return sum(each.is_open for each in self.inspections)


def months(today: date) -> list[date]:
    """First days of the months that can be chosen, the newest first."""
    count = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(count, count - MONTHS, -1)]


def read_month(text: str, today: date) -> Month | None:
    """A month written as 2026-10; None for anything else, and for a month that has not begun."""
    year, dash, number = text.partition("-")
    if not (dash and re.fullmatch(r"[0-9]{4}", year) and re.fullmatch(r"[0-9]{2}", number)):
        return None
    if not (1 <= int(number) <= 12 and int(year) >= 1900):
        return None
    first = date(int(year), int(number), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return Month(first, min(last, today), last < today) if first <= today else None


def of_month(area: AdminArea, month: Month) -> MonthSheet:
    """A fixed number of statements, whatever is recorded."""
    return MonthSheet(
        month=month,
        stock=_stock(area, month),
        late=_late(area, month),
        inspections=_inspections(area, month),
        trainings=list(_trainings(area, month)),
        repairs_open=list(facts.open_repairs([area.pk], month.last).select_related("depot").order_by("due_on", "pk")),
        repairs_closed=list(_closed(area, month)),
    )


def _stock(area: AdminArea, month: Month) -> list[StockLine]:
    begin: dict[int, int | None] = defaultdict(lambda: None)
    end: dict[int, int] = defaultdict(int)
    usable: dict[int, int] = defaultdict(int)
    for row in _balances(area, month):
        item, first = row["lot__item_id"], row["first_entry"]
        if first is None or first < month.first:
            begin[item] = (begin[item] or 0) + row["quantity"] - row["since"]
        at_end = row["quantity"] - row["after"]
        end[item] += at_end
        expires_on = row["lot__expires_on"]
        if row["condition"] == "usable" and (expires_on is None or expires_on >= month.last):
            usable[item] += at_end
    came, gone = _moved(area, month)
    needed = {item: number for (_area, item), number in facts.needed([area.pk], month.last).items()}
    recorded = set(end)
    items = Item.objects.filter(pk__in={*recorded, *needed}).order_by("pk")
    return [
        StockLine(
            item,
            begin[item.pk],
            came.get(item.pk, 0),
            gone.get(item.pk, 0),
            end[item.pk],
            usable[item.pk],
            needed.get(item.pk),
            item.pk in recorded,
        )
        for item in items
    ]


def _balances(area: AdminArea, month: Month) -> Iterable[dict[str, Any]]:
    """Each balance of the town with what its entries changed since the month began, and after it had ended."""
    since = Coalesce(Sum("entries__change", filter=Q(entries__occurred_on__gte=month.first)), 0)
    after = Coalesce(Sum("entries__change", filter=Q(entries__occurred_on__gt=month.last)), 0)
    found = (
        Balance.objects.filter(depot__area=area)
        .order_by()
        .annotate(since=since, after=after, first_entry=Min("entries__occurred_on"))
        .filter(Q(first_entry__isnull=True) | Q(first_entry__lte=month.last))
    )
    columns = ("lot__item_id", "lot__expires_on", "condition", "quantity", "since", "after", "first_entry")
    return found.values(*columns)


def _moved(area: AdminArea, month: Month) -> tuple[dict[int, int], dict[int, int]]:
    """What came to the town and what left it, by item. What only moved between its depots, or from one condition to
    another, did neither."""
    nets = (
        Entry.objects.filter(balance__depot__area=area, occurred_on__range=month.days)
        .order_by()
        .values_list("balance__lot__item_id", "movement_id")
        .annotate(net=Sum("change"))
    )
    came: dict[int, int] = defaultdict(int)
    gone: dict[int, int] = defaultdict(int)
    for item, _movement, net in nets:
        (came if net > 0 else gone)[item] += abs(net)
    return came, gone


def _late(area: AdminArea, month: Month) -> int:
    if not month.is_over:
        return 0
    late = Movement.objects.filter(
        occurred_on__range=month.days, recorded_at__date__gt=month.last, entries__balance__depot__area=area
    )
    return late.values("pk").distinct().count()


def _inspections(area: AdminArea, month: Month) -> list[Due]:
    done = Inspection.objects.live().filter(depot__area=area).select_related("depot", "item_class", "schedule")
    found = []
    for each in done.filter(inspected_on__range=month.days).order_by("inspected_on", "pk"):
        found.append(Due(_title(each), str(each.depot), each.due_on, each.inspected_on, str(each.get_result_display())))
    for each in done.filter(due_on__lte=month.last, inspected_on__gt=month.last).order_by("due_on", "pk"):
        found.append(Due(_title(each), str(each.depot), each.due_on, None, ""))
    waiting = Schedule.objects.active().filter(depot__area=area, next_due__lte=month.last)
    for schedule in waiting.select_related("depot").order_by("next_due", "pk"):
        found.append(Due(schedule.title, str(schedule.depot), schedule.next_due, None, ""))
    return found


def _title(inspection: Inspection) -> str:
    if inspection.schedule is not None:
        return str(inspection.schedule.title)
    return str(inspection.item_class or inspection.get_kind_display())


def _trainings(area: AdminArea, month: Month) -> QuerySet[Training]:
    """Held in the town, or attended by its people, with how many of them were there."""
    there = Q(attendances__was_present=True, attendances__responder__area=area)
    found: QuerySet[Training] = Training.objects.live().filter(held_on__range=month.days)
    counted = found.annotate(present=Count("attendances", filter=there, distinct=True)).select_related("item_class")
    return counted.filter(Q(area=area) | Q(present__gt=0)).order_by("held_on", "pk")


def _closed(area: AdminArea, month: Month) -> QuerySet[RepairTask]:
    found: QuerySet[RepairTask] = RepairTask.objects.live().filter(
        depot__area=area, closed_at__date__gte=month.first, closed_at__date__lte=month.last
    )
    return found.select_related("depot").order_by("closed_at", "pk")
