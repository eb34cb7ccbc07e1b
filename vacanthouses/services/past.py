"""The history of records that are no layer's: who changed what, from the events the triggers keep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis_core.models import User


@dataclass(frozen=True)
class FieldBefore:
    title: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """One version. ``kind``: insert, update or retire."""

    at: datetime
    who: Any
    kind: str
    subject: str
    reason: str
    fields: list[FieldBefore]


def entries(records: Iterable[Any], titles: Mapping[str, Any], most: int = 100) -> list[Entry]:
    """The changes of these fields of records of one model, the newest first; the first names the record. Three
    statements. ``titles`` by field, as people read them."""
    found = list(records)
    if not found:
        return []
    events = list(
        type(found[0]).pgh_event_model.objects.filter(pgh_obj_id__in=[each.pk for each in found])
        .select_related("pgh_context").order_by("pgh_obj_id", "pgh_id")
    )  # fmt: skip
    people = User.objects.in_bulk({_who(event) for event in events} - {None})
    before: dict[int, Any] = {}
    entries: list[Entry] = []
    for event in events:
        entry = _entry(event, before.get(event.pgh_obj_id), titles, people)
        before[event.pgh_obj_id] = event
        if entry.fields or entry.kind != "update":
            entries.append(entry)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:most]


def _who(event: Any) -> int | None:
    said = event.pgh_context.metadata.get("user") if event.pgh_context else None
    return said or event.updated_by_id or event.created_by_id


def _entry(event: Any, before: Any, titles: Mapping[str, Any], people: dict[int, User]) -> Entry:
    retired = event.retired_at is not None and (before is None or before.retired_at is None)
    fields = [
        FieldBefore(str(title), _shown(before, name), _shown(event, name))
        for name, title in titles.items()
        if _shown(before, name) != _shown(event, name)
    ]
    kind = "retire" if retired else "update" if before is not None else "insert"
    return Entry(
        event.pgh_created_at, people.get(_who(event) or 0), kind, str(getattr(event, next(iter(titles)))),
        event.retired_reason if retired else "", fields,
    )  # fmt: skip


def _shown(event: Any, name: str) -> Any:
    """A value as people read it; empty is empty."""
    if event is None:
        return ""
    display = getattr(event, f"get_{name}_display", None)
    value = display() if display else getattr(event, name)
    return "" if value is None else value
