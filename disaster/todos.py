"""What waits in disaster readiness."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import Balance
from .querysets import depot_standards
from .todos_inspections import inspection_todos
from .todos_readiness import readiness_todos


def depot_todos(user: Any) -> list[Todo]:
    """For disaster officers: depots that hold less of something than their standard, worst items named."""
    if Role.DISASTER_OFFICER not in permissions.roles_of(user):
        return []
    layer = layers.get("depots")
    depots = layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))
    short = (
        depot_standards(timezone.localdate()).filter(depot__in=depots, held__lt=F("quantity")).select_related("depot")
    )
    worst = short.order_by(F("held") - F("quantity"), "pk")[:3]
    held = Balance.objects.filter(depot=OuterRef("pk"))
    lacking = depots.order_by().aggregate(
        stock=Count("pk", filter=~Exists(held)), keeper=Count("pk", filter=Q(keeper=None))
    )
    listed = reverse("record-list", args=[layer])
    return [
        Todo(
            _("Depots below their standard quantity"),
            short.values("depot").distinct().count(),
            f"{listed}?sort=-short_items",
            ", ".join(
                _("%(depot)s: %(item)s %(number)d%(unit)s short")
                % {
                    "depot": each.depot,
                    "item": each.item,
                    "number": each.quantity - (getattr(each, "held", 0)),
                    "unit": each.item.unit,
                }
                for each in worst
            ),
        ),
        Todo(_("Depots without any stock recorded"), lacking["stock"], f"{listed}?sort=short_items"),
        Todo(_("Depots without a keeper"), lacking["keeper"], f"{listed}?sort=-keeper_name"),
        *inspection_todos(user),
        *readiness_todos(user),
    ]
