"""Lengths of ways and times of days as people say them."""

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def kilometres(metres: float) -> str:
    """``850 m``, and from a kilometre on ``3.4 km``."""
    if metres < 1000:
        return f"{round(metres / 10) * 10} m"
    return f"{formats.number_format(metres / 1000, 1)} km"


@register.filter
def without(address: str, area: str) -> str:
    """An address without the name of the area that its heading tells already."""
    return address.removeprefix(area).strip() or address


@register.filter
def hours(minutes: float) -> str:
    """Minutes as hours and minutes."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
