"""The rounds about a record, on its page."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from gis_core.layers.layer import Layer
from gis_core.participation.access import is_staff, may_open_about, seen_rounds

register = template.Library()


@register.inclusion_tag("gis_core/participation/_rounds_about.html", takes_context=True)
def rounds_about(context: dict[str, Any], layer: Layer, record: Any) -> dict[str, Any]:
    """The rounds about a record, and where this person may open a further one. Nothing for others, and on proposals."""
    user = context["request"].user
    if layer.id == "proposals" or not is_staff(user):
        return {}
    rounds = seen_rounds(user).filter(subject_layer=layer.id, subject_id=record.pk).order_by("-opens_on", "-pk")
    url = ""
    if record.retired_at is None and may_open_about(user, layer, record):
        url = f"{reverse('round-add')}?{urlencode({'layer': layer.id, 'record': record.pk})}"
    return {"rounds": list(rounds), "url": url}
