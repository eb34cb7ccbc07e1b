"""What depots hold against what they should hold, as the database adds it up."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now, TruncDate

from .models import Balance, StandardQuantity

# As the database's clock says in the site's time zone, for expressions that live longer than a day.
TODAY = TruncDate(Now())


def standards_in_force(day: date | Combinable) -> "QuerySet[StandardQuantity]":
    """For each item and place the edition in force on a day; what is asked for no longer is left out."""
    later = StandardQuantity.objects.live().filter(
        Q(depot=OuterRef("depot")) | Q(area=OuterRef("area")),
        Q(effective_from__gt=OuterRef("effective_from"))
        | Q(effective_from=OuterRef("effective_from"), pk__gt=OuterRef("pk")),
        item=OuterRef("item"),
        effective_from__lte=day,
    )
    found: QuerySet[StandardQuantity] = (
        StandardQuantity.objects.live()
        .filter(~Exists(later), effective_from__lte=day, quantity__gt=0)
        .select_related("item")
    )
    return found


def usable(day: date | Combinable, **where: Any) -> Subquery:
    """How much of an item can be put to use on a day, where ``where`` says; null where nobody has said anything."""
    known = Balance.objects.filter(depot__retired_at__isnull=True, **where)
    is_usable = Q(condition="usable") & (Q(lot__expires_on__isnull=True) | Q(lot__expires_on__gte=day))
    total = Coalesce(Sum("quantity", filter=is_usable), 0)
    return Subquery(
        known.order_by().values("lot__item").annotate(total=total).values("total"), output_field=IntegerField()
    )


def depot_standards(day: date | Combinable) -> "QuerySet[Any]":
    """The depots' own standards with ``held``, what the depot could put to use: null where nothing is known."""
    held = usable(day, depot=OuterRef("depot"), lot__item=OuterRef("item"))
    found: QuerySet[Any] = standards_in_force(day).filter(depot__isnull=False)
    return found.annotate(held=held)


def short_items() -> Coalesce:
    """For depots: of how many items they hold less than their standard. What is unknown is not short."""
    short = depot_standards(TODAY).filter(depot=OuterRef("pk"), held__lt=F("quantity"))
    return Coalesce(Subquery(short.order_by().values("depot").annotate(number=Count("pk")).values("number")), 0)
