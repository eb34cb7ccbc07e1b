from typing import Any

from django import template
from django.db.models import QuerySet

from disaster.models import Depot

register = template.Library()


@register.filter
def stock_lines(depot: Depot) -> QuerySet[Any]:
    """What the depot holds, in the order of the catalogue."""
    return depot.stock_lines.filter(retired_at__isnull=True).select_related("item").order_by("item_id")
