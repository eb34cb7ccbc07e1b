"""What waits in facility planning."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import Role


def centre_todos(user: Any) -> list[Todo]:
    """For facility planners: centres whose figures are missing, for no plan can be made without them."""
    if Role.FACILITY_PLANNER not in permissions.roles_of(user):
        return []
    layer = layers.get("centres")
    centres = layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))
    listed = reverse("record-list", args=[layer])
    return [
        Todo(
            _("Centres without a floor area"),
            centres.filter(gross_floor_area_m2=None).count(),
            f"{listed}?sort=-gross_floor_area_m2",
        ),
        Todo(
            _("Centres without a footprint"),
            centres.filter(footprint=None).count(),
            f"{reverse('map')}?on={layer.id}",
            _("Draw the outline of the building on the map."),
        ),
    ]
