"""What changed, who did it, and putting back what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.layers.layer import Layer
from gis_core.models import User

from . import state as states
from .errors import Conflict, Invalid
from .forms import RecordForm
from .save import Saved, _locked, _write
from .shapes import same_shape


@dataclass(frozen=True)
class FieldChange:
    """One field's value before and after, as stored (see ``state.of_record``)."""

    name: str
    before: Any
    after: Any

    @property
    def is_shape(self) -> bool:
        return isinstance(self.before, GEOSGeometry) or isinstance(self.after, GEOSGeometry)


@dataclass(frozen=True)
class Change:
    """One version of a record: when, by whom, from which page, and what it changed."""

    event: Any
    version: int
    at: datetime
    user: User | None
    url: str
    label: str
    fields: list[FieldChange]


def changes(layer: Layer, record: Any, limit: int = 50) -> list[Change]:
    """The record's history, the newest first. Bounded queries: events with contexts, users, members per event."""
    events = list(record.events.select_related("pgh_context").order_by("-pgh_id")[: limit + 1])
    users = User.objects.in_bulk(
        {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
        | {event.updated_by_id for event in events} - {None}
    )
    found: list[Change] = []
    state_of = [states.of_event(layer, event) for event in events]
    for position, event in enumerate(events[:limit]):
        before = state_of[position + 1] if position + 1 < len(events) else {}
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        found.append(
            Change(
                event=event,
                version=event.version,
                at=event.pgh_created_at,
                user=users.get(metadata.get("user") or event.updated_by_id),
                url=metadata.get("url", ""),
                label=_label(event, events[position + 1] if position + 1 < len(events) else None),
                fields=_differences(before, state_of[position]),
            )
        )
    return found


def _label(event: Any, earlier: Any) -> str:
    if earlier is not None and event.retired_at and not earlier.retired_at:
        return "retire"
    if earlier is not None and earlier.retired_at and not event.retired_at:
        return "reinstate"
    return str(event.pgh_label)


def _differences(before: states.State, after: states.State) -> list[FieldChange]:
    """Fields whose value changed; in the first version, the fields that have one."""
    nothing: tuple[Any, ...] = (None, "", frozenset())
    return [
        FieldChange(name, before.get(name), value)
        for name, value in after.items()
        if not _same(before.get(name), value) and not (name not in before and value in nothing)
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, GEOSGeometry) and isinstance(other, GEOSGeometry):
        return same_shape(one, other)
    return bool(one == other)


def restore(
    layer: Layer,
    user: Any,
    record: Any,
    event_id: int,
    *,
    expected_version: int | None,
    fields: list[str] | None = None,
) -> Saved:
    """Put back the values of an earlier version (all, or some fields) as a new version.

    A retired record comes back into use when all fields are restored from a version before its retirement.
    Raises NotAllowed, VersionRequired, Conflict; Invalid when the record has no such version.
    """
    with transaction.atomic():
        retired = record.retired_at is not None
        if retired:
            # A retired record cannot be changed otherwise; bring it back first, under the same checks.
            layer.model._default_manager.filter(pk=record.pk).update(retired_at=None, retired_reason="")
            expected_version = None if expected_version is None else expected_version + 1
        current = _locked(layer, user, record, expected_version)
        if current.version != expected_version:
            raise Conflict(current, {}, [])
        event = record.events.filter(pgh_id=event_id).first()
        if event is None:
            raise Invalid({"__all__": [_("This record has no such version.")]})
        then, now = states.of_event(layer, event), states.of_record(layer, current)
        wanted = {
            name: value
            for name, value in then.items()
            if (fields is None or name in fields) and not _same(now[name], value)
        }
        wanted = _without_what_is_gone(layer, wanted)
        _write(layer, user, current, {**wanted, **_with_shape(layer, event, wanted)})
        if retired and not wanted:
            layer.model._default_manager.filter(pk=current.pk).update(updated_by=user, updated_at=timezone.now())
        current.refresh_from_db()
    return Saved(current, changed=sorted(wanted))


def _without_what_is_gone(layer: Layer, wanted: states.State) -> states.State:
    """Members, and records referred to, that no longer exist cannot come back."""
    result = dict(wanted)
    for name, value in wanted.items():
        field = layer.model._meta.get_field(name)
        model: Any = field.related_model
        if isinstance(field, models.ManyToManyField):
            result[name] = frozenset(model._default_manager.filter(pk__in=value).values_list("pk", flat=True))
        elif isinstance(field, models.ForeignKey) and value and not model._default_manager.filter(pk=value).exists():
            del result[name]
    return result


def _with_shape(layer: Layer, event: Any, wanted: states.State) -> dict[str, Any]:
    """The columns that come back with an earlier shape, such as whether a zone was drawn."""
    form = layer.form
    if not issubclass(form, RecordForm) or wanted.keys().isdisjoint(layer.geometry_fields):
        return {}
    return {name: getattr(event, name) for name in form.with_shape}
