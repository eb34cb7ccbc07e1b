"""What templates ask about centres, buildings and plans."""

from typing import Any

from django import template
from django.db.models import Count, QuerySet

from facilities.models import Building, Centre, Plan
from facilities.plan.schedule import Standard, pyeong
from facilities.words.document import RESTRICTION_LABELS, UNIT_CATEGORY_LABELS
from gis_core import permissions
from gis_core.layers.registry import layers

register = template.Library()


@register.filter
def live_buildings(centre: Centre) -> list[Building]:
    """The centre's buildings, each with its plans at hand as ``live_plans``."""
    buildings = list(centre.buildings.filter(retired_at=None))
    plans = _plans().filter(building__in=buildings)
    for building in buildings:
        building.live_plans = [plan for plan in plans if plan.building_id == building.pk]  # type: ignore[attr-defined]
    return buildings


@register.filter
def live_plans(building: Building) -> QuerySet[Plan]:
    return _plans().filter(building=building)


@register.filter
def retired_plans(building: Building) -> QuerySet[Plan]:
    return Plan.objects.filter(building=building).exclude(retired_at=None).order_by("-retired_at")


def _plans() -> QuerySet[Plan]:
    plans: QuerySet[Plan] = Plan.objects.live().select_related("based_on").annotate(rooms=Count("units"))
    return plans.order_by("pk")


@register.filter
def live_levels(building: Building) -> Any:
    return building.levels.filter(retired_at=None).order_by("-ordinal")


@register.filter
def live_teams(centre: Centre) -> list[Any]:
    return list(centre.teams.filter(retired_at=None).order_by("pk"))


@register.filter
def live_projects(centre: Centre) -> list[Any]:
    return list(centre.projects.filter(retired_at=None).order_by("-year", "pk"))


@register.filter
def summed(items: list[Any], name: str) -> int:
    """The sum of an attribute of all items."""
    return sum(getattr(item, name) for item in items)


@register.simple_tag(takes_context=True)
def sees_plans(context: dict[str, Any]) -> bool:
    return permissions.can_view(context["request"].user, layers.get("units"))


@register.filter
def m2(value: float | None) -> str:
    """Square metres with two decimals and thousands apart; a dash for nothing."""
    return "—" if value is None else f"{value:,.2f}"


@register.filter
def in_pyeong(value: float | None) -> str:
    return "—" if value is None else f"{pyeong(value):,.1f}"


@register.filter
def unit_category(value: str) -> Any:
    return UNIT_CATEGORY_LABELS.get(value, value)


@register.filter
def restriction(value: str) -> Any:
    return RESTRICTION_LABELS.get(value, value)


@register.filter
def plus(value: float, other: float) -> float:
    return value + other


@register.filter
def standard_name(standard: Standard) -> str:
    """What the norm is called in the table of standards; its code where that is not known."""
    return standard.name or standard.code
