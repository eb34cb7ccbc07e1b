"""The rows held while plans are written: first the centre or building, then its plans by number.

Always in this order, so that nobody waits for one who waits for them. Whoever draws holds the plan alone; whatever
plans stand on (levels, teams, outlines, the frame) is changed only by who holds all plans that stand on it.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from facilities.models import Building, Plan
from gis_core import permissions
from gis_core.editing.errors import NotAllowed
from gis_core.layers.registry import layers

from .errors import Frozen


def may_edit(user: Any, plan: Plan) -> bool:
    return permissions.can_change(user, layers.get("buildings"), plan.building)


def hold(plan: Plan, user: Any) -> Plan:
    """The plan as it is now, with its row locked, so that edits of one plan follow one another. Its building is read
    after that, for it may have moved while we waited. Raises NotAllowed and Frozen."""
    if not may_edit(user, plan):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.is_frozen or held.retired_at:
        raise Frozen
    return held


def hold_building(pk: int) -> Building:
    held: Building = Building.objects.select_for_update(of=("self",)).get(pk=pk)
    return held


def hold_plans(plans: QuerySet[Plan]) -> None:
    """Wait until nobody draws on any of these plans, and let nobody begin."""
    list(plans.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
