"""Counts, what to count, and what the ledger held, as far as a person may see it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel

from .access import own_depots, seen_depots
from .models import Balance, CountLine, CountSession, CountState, Depot, Entry


def may_count(user: Any, depot: Depot) -> bool:
    return permissions.can_change(user, layers.get("depots"), depot)


def counts(user: Any) -> "QuerySet[CountSession]":
    """Counts of depots that this person may look at, each with how many lines were counted and how many differ."""
    counted = Q(lines__quantity__isnull=False)
    found: QuerySet[CountSession] = (
        CountSession.objects.live()
        .filter(depot__in=seen_depots(user).order_by().values("pk"))
        .select_related("depot__area", "counted_by", "decided_by", "created_by")
        .annotate(
            counted=Count("lines", filter=counted),
            differing=Count("lines", filter=counted & ~Q(lines__quantity=F("lines__expected"))),
        )
    )
    return found


def waiting(user: Any) -> "QuerySet[CountSession]":
    """Counts that wait for this person's approval: those of their depots that they did not count."""
    mine = own_depots(user).order_by().values("pk")
    found: QuerySet[CountSession] = CountSession.objects.live().filter(state=CountState.SUBMITTED, depot__in=mine)
    return found.exclude(counted_by=user).exclude(created_by=user)


def shelf(session: CountSession) -> list[tuple[Balance | None, CountLine | None]]:
    """What to count, by shelf and item: each balance with its line, and lines of what the ledger does not have here.
    Two statements. A balance of zero without a line is left out: nothing is expected to lie there."""
    lines = {
        (line.lot_id, line.condition): line
        for line in session.lines.select_related("lot__item", "moved_from").order_by("pk")
    }
    balances = (
        Balance.objects.filter(depot=session.depot_id)
        .select_related("lot__item")
        .order_by("shelf", "lot__item_id", "lot__expires_on", "pk")
    )
    found: list[tuple[Balance | None, CountLine | None]] = []
    for balance in balances:
        line = lines.pop((balance.lot_id, balance.condition), None)
        if line is not None or balance.quantity:
            found.append((balance, line))
    return found + [(None, line) for line in lines.values()]


def moved_since(lines: Iterable[CountLine], balances: dict[tuple[int, str], Balance]) -> dict[int, int]:
    """By line: what was recorded after the line was seen but had happened before that day. It was gone from the shelf,
    or on it, when somebody counted, so the ledger's figure of that moment is put right by it. One statement."""
    of_balance = {balance.pk: line for line in lines if (balance := balances.get((line.lot_id, line.condition)))}
    sums: dict[int, int] = {}
    first = min((line.seen_at for line in of_balance.values() if line.seen_at), default=timezone.now())
    late = Entry.objects.filter(balance__in=list(of_balance), movement__recorded_at__gt=first).order_by()
    for pk, change, day, at in late.values_list("balance", "change", "occurred_on", "movement__recorded_at"):
        line = of_balance[pk]
        if line.seen_at and at > line.seen_at and day < seen_day(line):
            sums[line.pk] = sums.get(line.pk, 0) + change
    return sums


def seen_day(line: CountLine) -> date:
    """The day on which a line was seen, in the site's time zone."""
    assert line.seen_at is not None
    return timezone.localtime(line.seen_at).date()


def stocktake(user: Any, since: date) -> "QuerySet[Depot]":
    """Depots with how many of their balances there are (``held``), how many were counted since a day (``recent``), and
    when the depot was last counted (``last``): null where never."""
    held = Balance.objects.filter(depot=OuterRef("pk"), quantity__gt=0).order_by().values("depot")
    known = Balance.objects.filter(depot=OuterRef("pk")).order_by().values("depot")
    found: QuerySet[Depot] = seen_depots(user).annotate(
        held=_number(held.annotate(number=Count("pk"))),
        recent=_number(held.filter(counted_on__gte=since).annotate(number=Count("pk"))),
        last=Subquery(known.annotate(day=Max("counted_on")).values("day")),
        moved=Subquery(known.annotate(day=Max("moved_on")).values("day")),
        open_count=Subquery(
            CountSession.objects.live()
            .filter(depot=OuterRef("pk"), state__in=[CountState.OPEN, CountState.SUBMITTED])
            .values("pk")[:1]
        ),
    )
    return found


def _number(values: Any) -> Coalesce:
    return Coalesce(Subquery(values.values("number"), output_field=IntegerField()), 0)


def cities(user: Any) -> "QuerySet[AdminArea]":
    """Cities and counties in which this person's depots lie."""
    depots = own_depots(user).order_by()
    found: QuerySet[AdminArea] = AdminArea.objects.current().filter(
        Q(pk__in=depots.values("area__parent")) | Q(pk__in=depots.values("area__parent__parent")),
        level=AreaLevel.SIGUNGU,
    )
    return found.order_by("full_name")


def depots_of(user: Any, city: AdminArea) -> "QuerySet[Depot]":
    """This person's depots in a city."""
    return (
        own_depots(user).filter(area__in=AdminArea.objects.descendant_ids([city.pk])).order_by("area__mois_code", "pk")
    )


def held_on(depots: Iterable[int], day: date) -> dict[int, int]:
    """By balance of these depots: what it held at the end of a day. Two statements."""
    now = dict(Balance.objects.filter(depot__in=list(depots)).values_list("pk", "quantity"))
    later = Entry.objects.filter(balance__in=list(now), occurred_on__gt=day).order_by()
    for balance, change in later.values_list("balance").annotate(Sum("change")):
        now[balance] -= change
    return now
