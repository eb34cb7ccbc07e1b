"""What waits in disaster readiness."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import StockLine


def depot_todos(user: Any) -> list[Todo]:
    """For disaster officers: depots that hold less of something than their standard, worst items named."""
    if Role.DISASTER_OFFICER not in permissions.roles_of(user):
        return []
    layer = layers.get("depots")
    depots = layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))
    short = StockLine.objects.filter(
        retired_at__isnull=True, depot__in=depots, quantity__lt=F("standard_quantity")
    ).select_related("depot", "item")
    worst = short.order_by(F("quantity") - F("standard_quantity"), "pk")[:3]
    empty = depots.exclude(stock_lines__retired_at__isnull=True, stock_lines__isnull=False)
    listed = reverse("record-list", args=[layer])
    return [
        Todo(
            _("Depots below their standard quantity"),
            short.values("depot").distinct().count(),
            f"{listed}?sort=-short_items",
            ", ".join(
                _("%(depot)s: %(item)s %(number)d%(unit)s short")
                % {"depot": line.depot, "item": line.item, "number": line.shortage, "unit": line.item.unit}
                for line in worst
            ),
        ),
        Todo(_("Depots without any stock recorded"), empty.count(), f"{listed}?sort=short_items"),
        Todo(_("Depots without a keeper"), depots.filter(keeper=None).count(), f"{listed}?sort=-keeper_name"),
    ]
