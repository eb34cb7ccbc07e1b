"""What is planned for a house, and how its owners stand to it, on the house's page."""

from typing import Any

from django import template
from django.utils import formats

from vacanthouses.models import HouseStatus, Measure
from vacanthouses.querysets_planning import consents, may_plan
from vacanthouses.words.planning import consent_text

register = template.Library()


@register.inclusion_tag("vacanthouses/_house_owners.html", takes_context=True)
def house_owners(context: dict[str, Any], house: Any) -> dict[str, Any]:
    """How many owners there are and how many agreed, without a name; for those who may open their page."""
    if not may_plan(context["request"].user, house.area_id):
        return {"may_see": False}
    agreed = consents(house)
    return {"may_see": True, "house": house, "owners": len(agreed), "told": consent_text(sum(agreed), len(agreed))}


@register.inclusion_tag("vacanthouses/_house_measures.html", takes_context=True)
def house_measures(context: dict[str, Any], house: Any) -> dict[str, Any]:
    """The measures of plans for it, and the ways to one."""
    if not may_plan(context["request"].user, house.area_id):
        return {"may_see": False}
    found = Measure.objects.live().filter(house=house, plan__retired_at=None).select_related("plan").order_by("-pk")
    return {
        "may_see": True, "house": house, "measures": list(found),
        "is_vacant": house.status == HouseStatus.CONFIRMED and house.retired_at is None,
    }  # fmt: skip


@register.filter
def krw(amount: int | None) -> str:
    """Whole won with thousands separated."""
    return "–" if amount is None else formats.number_format(amount, use_l10n=True, force_grouping=True)
