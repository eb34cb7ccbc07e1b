"""Why a house was suspected, on its page."""

from typing import Any

from django import template

from vacanthouses import screening
from vacanthouses.models import Candidate
from vacanthouses.views.access import is_manager
from vacanthouses.words.screening import reason_text, unknown_text

register = template.Library()


@register.inclusion_tag("vacanthouses/_house_candidacy.html", takes_context=True)
def house_candidacy(context: dict[str, Any], house: Any) -> dict[str, Any]:
    """The house's place in the current screening of each survey round."""
    found = Candidate.objects.filter(house=house, run__is_current=True, run__campaign__retired_at=None)
    rows = []
    for row in found.select_related("run__campaign", "run__table").order_by("-run"):
        table = screening.read(row.run.table.body)
        rows.append((row, [reason_text(table, each) for each in row.reasons], unknown_text(table, row.unknown)))
    return {"rows": rows, "may_open": is_manager(context["request"].user)}
