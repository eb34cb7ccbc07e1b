"""What waits in facility planning."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Answer, ProjectBudget
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


def _planned(user: Any, layer_id: str) -> Any:
    """The layer's records this planner answers for; None for others."""
    if Role.FACILITY_PLANNER not in permissions.roles_of(user):
        return None
    layer = layers.get(layer_id)
    return layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))


def project_todos(user: Any) -> list[Todo]:
    """For facility planners: stages that are late, and money that was spent beyond the budget."""
    projects = _planned(user, "redesign-projects")
    if projects is None:
        return []
    overspent = ProjectBudget.objects.live().filter(executed_krw__gt=F("budget_krw")).values("project_id")
    board = reverse("project-board")
    return [
        Todo(_("Projects behind their plan"), projects.overdue(timezone.localdate()).count(), f"{board}?only=late"),
        Todo(
            _("Projects that spent more than their budget"),
            projects.filter(pk__in=overspent).count(),
            f"{board}?only=overspent",
            _("Of a year; check the figures or enter the supplementary budget."),
        ),
    ]


def request_todos(user: Any) -> list[Todo]:
    """For facility planners: requests nobody has answered."""
    requests = _planned(user, "requests")
    if requests is None:
        return []
    listed = f"{reverse('record-list', args=['requests'])}?answer={Answer.OPEN}"
    return [Todo(_("Requests without an answer"), requests.filter(answer=Answer.OPEN).count(), listed)]
