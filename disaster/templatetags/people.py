"""Whether the reader of a page may know people by name."""

from typing import Any

from django import template

from disaster.access import is_officer

register = template.Library()


@register.simple_tag(takes_context=True)
def officer(context: Any) -> bool:
    return is_officer(context["request"].user)
