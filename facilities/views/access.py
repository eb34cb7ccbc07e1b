"""Finding what a page is about, as far as this person may see it."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from facilities.models import Building, Centre, Plan
from gis_core import permissions
from gis_core.layers.registry import layers


def find_centre(request: HttpRequest, pk: int) -> Centre:
    centre: Centre = get_object_or_404(layers.get("centres").queryset(request.user), pk=pk)
    return centre


def find_building(request: HttpRequest, pk: int) -> Building:
    building: Building = get_object_or_404(
        layers.get("buildings").queryset(request.user).select_related("centre"), pk=pk
    )
    return building


def find_plan(request: HttpRequest, pk: int) -> Plan:
    """A live plan that this person may see. Raises Http404."""
    plan: Plan = get_object_or_404(_seen(request, Plan.objects.live()), pk=pk)
    return plan


def find_plans(request: HttpRequest, ids: Sequence[int]) -> list[Plan]:
    """Several as ``find_plan``, in the order asked for. Raises Http404 if one is not there."""
    found = {plan.pk: plan for plan in _seen(request, Plan.objects.live()).filter(pk__in=ids)}
    if len(found) < len(ids):
        raise Http404
    return [found[pk] for pk in ids]


def find_retired_plan(request: HttpRequest, pk: int) -> Plan:
    """As ``find_plan``, of the plans that were retired."""
    plan: Plan = get_object_or_404(_seen(request, Plan.objects.exclude(retired_at=None)), pk=pk)
    return plan


def _seen(request: HttpRequest, plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Those of buildings this person may see. Who may not see rooms may not see plans."""
    if not permissions.can_view(request.user, layers.get("units")):
        return plans.none()
    buildings = layers.get("buildings").queryset(request.user)
    return plans.filter(building__in=buildings).select_related("building__centre", "based_on")
