"""Words of rule tables in templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from vacanthouses.models import Grade
from vacanthouses.words.answers import in_language

register = template.Library()


@register.filter
def told(titles: Any) -> str:
    return in_language(titles)


@register.filter
def at(found: Mapping[str, Any], name: str) -> Any:
    return found.get(name, "")


@register.filter
def grade_label(grade: str) -> str:
    return str(Grade(grade).label)


@register.filter
def percent(share: float) -> str:
    return f"{100 * share:.0f}"
