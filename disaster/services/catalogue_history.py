"""Who changed what of an item, from the events that its triggers keep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from disaster.models import Hazard, Item
from gis_core.models import User

FIELDS = (
    "name", "name_en", "unit", "resource_class", "item_class_id", "list_number", "hazards",
    "service_life_months", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One version: what it changed as (title, before, after); the first has no changes to tell."""

    at: datetime
    who: User | None
    is_first: bool
    fields: list[tuple[str, str, str]]
    retired_reason: str


def changes(item: Item, classes: dict[int, str]) -> list[Change]:
    """The newest first. Two statements."""
    events = list(item.events.order_by("pgh_id"))  # type: ignore[attr-defined]
    people = User.objects.in_bulk({event.updated_by_id for event in events} - {None})
    found = []
    for before, event in zip([None, *events], events, strict=False):
        fields = [] if before is None else [
            (_title(name), _shown(before, name, classes), _shown(event, name, classes))
            for name in FIELDS
            if getattr(before, name) != getattr(event, name)
        ]  # fmt: skip
        reason = event.retired_reason if event.retired_at and not (before and before.retired_at) else ""
        if before is None or fields or reason:
            found.append(Change(event.pgh_created_at, people.get(event.updated_by_id), before is None, fields, reason))
    return found[::-1]


def _title(name: str) -> str:
    field: Any = Item._meta.get_field(name.removesuffix("_id"))
    return str(field.verbose_name)


def _shown(event: Any, name: str, classes: dict[int, str]) -> str:
    value = getattr(event, name)
    if name == "item_class_id":
        return classes.get(value, "") if value else ""
    if name == "hazards":
        return ", ".join(str(Hazard(each).label) for each in value)
    if name == "resource_class":
        return str(event.get_resource_class_display())
    return "" if value is None else str(value)
