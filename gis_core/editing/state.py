"""A record's editable values in a form that can be compared, merged and shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.forms import ModelForm

from gis_core.layers.layer import Layer

from .shapes import same_shape, to_geojson

State = dict[str, Any]


def editable_names(layer: Layer) -> list[str]:
    """The form's fields and the shapes."""
    return [*layer.form.base_fields, *layer.geometry_fields]


def of_record(layer: Layer, record: Any) -> State:
    """Foreign keys as ids, many-to-many as frozensets of ids, shapes as GEOS geometries in EPSG:5179."""
    state: State = {}
    for name in editable_names(layer):
        field = layer.model._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            state[name] = frozenset(getattr(record, name).values_list("pk", flat=True)) if record.pk else frozenset()
        else:
            state[name] = getattr(record, field.attname)  # type: ignore[union-attr]
    return state


def of_form(form: ModelForm) -> State:
    """The cleaned values of the fields that were part of the form."""
    state: State = {}
    for name, value in form.cleaned_data.items():
        field = form._meta.model._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            state[name] = frozenset(item.pk for item in value)
        elif isinstance(field, models.ForeignKey):
            state[name] = value.pk if value else None
        else:
            state[name] = value
    return state


def of_version(layer: Layer, record: Any, version: int) -> State | None:
    """The values the record had at a version, from its history; None when history does not reach back to it."""
    event = record.events.filter(version=version).order_by("pgh_id").last()
    return None if event is None else of_event(layer, event)


def of_event(layer: Layer, event: Any) -> State:
    state: State = {}
    for name in editable_names(layer):
        field = layer.model._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            state[name] = _members_at(field, event)
        else:
            state[name] = getattr(event, field.attname)  # type: ignore[union-attr]
    return state


def _members_at(field: models.ManyToManyField, event: Any) -> frozenset[int]:
    """Who belonged at the time of an event: the membership table's own history, replayed.

    Events bear the time at which their transaction began, so that a version's own members have its very time; one
    that began earlier but had to wait for another's save has the earlier time and the later version.
    """
    through: Any = field.remote_field.through
    source, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    if not hasattr(through, "pgh_event_model"):
        # Nobody kept who belonged when: whoever belongs now did.
        return frozenset(through.objects.filter(**{source: event.pgh_obj_id}).values_list(target, flat=True))
    times = type(event).objects.filter(pgh_obj_id=event.pgh_obj_id).values("pgh_created_at")
    until, after = times.filter(pgh_id__lte=event.pgh_id), times.filter(pgh_id__gt=event.pgh_id)
    by_then = models.Q(pgh_created_at__in=until) | (
        models.Q(pgh_created_at__lt=event.pgh_created_at) & ~models.Q(pgh_created_at__in=after)
    )
    events = (
        through.pgh_event_model.objects.filter(by_then, **{source: event.pgh_obj_id})
        .order_by("pgh_id")
        .values_list("pgh_label", target)
    )
    members: set[int] = set()
    for label, member in events:
        (members.discard if label == "delete" else members.add)(member)
    return frozenset(members)


def with_same_shapes(state: State, like: State) -> State:
    """The state with shapes that differ only by rounding replaced by the other state's own."""
    return {
        name: like[name]
        if name in like and isinstance(value, GEOSGeometry) and same_shape(value, like[name])
        else value
        for name, value in state.items()
    }


def plain(value: Any) -> Any:
    """A value as JSON can hold it: shapes as GeoJSON in lon/lat, dates in ISO 8601."""
    if isinstance(value, GEOSGeometry):
        return to_geojson(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
