"""The visits of a house on its page: for managers alone, because surveyors must be able to survey blindly."""

from typing import Any

from django import template

from gis_core import permissions
from vacanthouses.models import Visit
from vacanthouses.querysets_reviews import REVIEWERS

register = template.Library()

MOST_SHOWN = 50


@register.inclusion_tag("vacanthouses/_house_visits.html", takes_context=True)
def house_visits(context: dict[str, Any], house: Any) -> dict[str, Any]:
    """The newest visits of every round, each with whether this person may decide about it. Two statements."""
    user = context["request"].user
    if not permissions.covers(permissions.area_scope(user, REVIEWERS), [house.area_id]):
        return {"may_see": False}
    visits = Visit.objects.filter(house=house, retired_at=None).select_related("surveyor", "campaign")
    visits = visits.order_by("-visited_at", "-pk")
    shown = [(each, each.surveyor_id != user.pk) for each in visits[:MOST_SHOWN]]
    return {"may_see": True, "house": house, "visits": shown, "number": visits.count()}


@register.simple_tag(takes_context=True)
def may_print(context: Any, record: Any) -> bool:
    """Whether this person may print the forms of a visit or a house."""
    return permissions.covers(permissions.area_scope(context["request"].user, REVIEWERS), [record.area_id])
