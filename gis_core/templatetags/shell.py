"""Small helpers of the shell's templates."""

from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def minutes(value: timedelta | None) -> int:
    """Whole minutes, rounded up: "try again in 1 minute" must not be too early."""
    return -(-int(value.total_seconds()) // 60) if value else 0
