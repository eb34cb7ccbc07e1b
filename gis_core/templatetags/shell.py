"""Small helpers of the shell's templates."""

from collections.abc import Iterable
from datetime import timedelta

from django import template
from django.forms.boundfield import BoundWidget

register = template.Library()


@register.filter
def ticked_first(options: Iterable[BoundWidget]) -> list[BoundWidget]:
    """Choices of a long list with the chosen ones on top, both in their own order."""
    return sorted(options, key=lambda option: not option.data["selected"])


@register.filter
def minutes(value: timedelta | None) -> int:
    """Whole minutes, rounded up: "try again in 1 minute" must not be too early."""
    return -(-int(value.total_seconds()) // 60) if value else 0
