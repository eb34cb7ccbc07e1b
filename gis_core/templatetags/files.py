"""What the list of a record's files needs, wherever it is included."""

from typing import Any

from django import template
from django.template import RequestContext

from gis_core import permissions
from gis_core.files import services
from gis_core.files.sniff import ACCEPTED
from gis_core.layers.layer import Layer

register = template.Library()


@register.simple_tag(takes_context=True)
def files_of(context: RequestContext, layer: Layer, record: Any) -> dict[str, Any]:
    """The record's photos and documents, and what this person may do with them."""
    user = context["request"].user
    found = list(services.attachments_of(layer, record))
    can_change = permissions.can_change(user, layer, record) and not getattr(record, "retired_at", None)
    return {
        "photos": [one for one in found if one.is_photo],
        "documents": [one for one in found if not one.is_photo],
        "can_change": can_change,
        "sees_original": bool(found) and services.sees_original(user, layer, record),
        "accept": ",".join(f".{extension}" for kind in ACCEPTED for extension in kind.extensions),
    }
