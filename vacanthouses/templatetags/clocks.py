"""The legal clocks of a house on its page."""

from typing import Any

from django import template

from vacanthouses.services import clocks
from vacanthouses.views.access import is_manager
from vacanthouses.words.clocks import STATE_LABELS

register = template.Library()


@register.inclusion_tag("vacanthouses/_house_clocks.html", takes_context=True)
def house_clocks(context: dict[str, Any], house: Any) -> dict[str, Any]:
    """Those that have begun, with a link to note a step; for managers only."""
    if not is_manager(context["request"].user):
        return {"may_see": False}
    begun = [clock for clock in clocks.clocks_of(house) if clock.started_on]
    return {"may_see": True, "house": house, "clocks": [(clock, STATE_LABELS[clock.state]) for clock in begun]}
