"""The gradings of a house for its page."""

from typing import Any

from django import template

from gis_core import permissions
from vacanthouses.querysets_reviews import REVIEWERS
from vacanthouses.views.grading import gradings_of

register = template.Library()


@register.simple_tag
def gradings_for(house: Any) -> Any:
    return gradings_of(house)


@register.simple_tag(takes_context=True)
def may_grade(context: Any, house: Any) -> bool:
    return permissions.covers(permissions.area_scope(context["request"].user, REVIEWERS), [house.area_id])
