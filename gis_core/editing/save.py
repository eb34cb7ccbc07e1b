"""Saving and retiring a record: permission, form, shape, area, version and history in one transaction."""

import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.crs import LONLAT_SRID
from gis_core.layers.layer import Layer
from gis_core.models import AdminArea, Submission

from . import state as states
from .errors import Conflict, FieldDifference, Invalid, NotAllowed, VersionRequired
from .forms import RecordForm, Shapes
from .merge import Merge, merge
from .shapes import Shape, of_kind, read_shape, to_geos

GEOMETRY_TYPES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRY": "Geometry",
}


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED: Final = _Unchanged.UNCHANGED


@dataclass(frozen=True)
class Saved:
    """What a save did. ``changed`` names the fields written; ``merged`` the ones another user changed meanwhile."""

    record: Any
    created: bool = False
    changed: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)


@transaction.atomic
def save(
    layer: Layer,
    user: Any,
    data: Any,
    *,
    record: Any = None,
    geometry: Any = UNCHANGED,
    outline: Any = UNCHANGED,
    expected_version: int | None = None,
    srid: int = LONLAT_SRID,
    repair: bool = False,
    partial: bool = False,
    merging: bool = False,
    token: uuid.UUID | None = None,
) -> Saved:
    """Make a record, or change one.

    ``data`` holds the form's fields; with ``partial``, fields left out stay as they are. ``geometry`` and ``outline``
    are GeoJSON dicts or shapely geometries in ``srid`` (x first), None to clear, or UNCHANGED. When the record is no
    longer at ``expected_version``: with ``merging``, changes of different fields are merged; else, or where both
    changed the same field, Conflict is raised. ``token`` makes a repeated creation give the record made first.

    Raises NotAllowed, VersionRequired, Invalid, Conflict.
    """
    sent = _Sent(data, {layer.geometry: geometry, layer.outline: outline}, srid, repair, partial)
    if record is None:
        return _add(layer, user, sent, token)
    current = _locked(layer, user, record, expected_version)
    assert expected_version is not None
    try:
        mine, repairs = _read(layer, current, sent)
    except Invalid as error:
        if current.version != expected_version and not merging:
            # The precondition counts before the content does.
            raise Conflict(current, {}, []) from error
        raise
    before = states.of_record(layer, current)
    merged = _merged(layer, current, before, mine, expected_version, merging)
    changed = {name: value for name, value in merged.merged.items() if value != before[name]}
    following = {name: value for name, value in mine.items() if name not in before and value != getattr(current, name)}
    if geometry is not None and changed.keys().isdisjoint(layer.geometry_fields):
        # What goes with a shape stays when the shape does.
        following = {}
    _write(layer, user, current, {**changed, **following})
    current.refresh_from_db()
    return Saved(current, changed=sorted(changed), merged=merged.theirs, repairs=repairs)


@dataclass(frozen=True)
class _Sent:
    """What somebody sent, and how to take it: the form's fields; shapes by field, in a CRS."""

    data: Any
    shapes: dict[str | None, Any]
    srid: int
    repair: bool
    partial: bool


def _add(layer: Layer, user: Any, sent: _Sent, token: uuid.UUID | None) -> Saved:
    if not permissions.can_add(user, layer):
        raise NotAllowed(_("Your roles do not let you add this."))
    if token and (made := _made_before(layer, user, token)):
        return Saved(made)
    record = layer.model()
    values, repairs = _read(layer, record, sent)
    return _create(layer, user, record, values, repairs, token)


def retire(layer: Layer, user: Any, record: Any, *, reason: str, expected_version: int | None) -> Any:
    """Take a record out of use, with a reason; its history stays. Raises as ``save`` does."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    with transaction.atomic():
        current = _locked(layer, user, record, expected_version)
        if current.version != expected_version:
            raise Conflict(current, {}, [])
        values = {"retired_at": timezone.now(), "retired_reason": reason.strip()[:200], "updated_by": user}
        layer.model._default_manager.filter(pk=current.pk).update(**values)
        current.refresh_from_db()
    return current


def _locked(layer: Layer, user: Any, record: Any, expected_version: int | None) -> Any:
    """The record as it is now, locked. Raises NotAllowed, VersionRequired, Invalid when it is retired."""
    if not permissions.can_add(user, layer):
        raise NotAllowed(_("Your roles do not let you change this."))
    current: Any = layer.model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if not permissions.can_change(user, layer, current):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    if expected_version is None:
        raise VersionRequired
    if current.retired_at is not None:
        raise Invalid(
            {"__all__": [_("This was retired on %(day)s.") % {"day": timezone.localdate(current.retired_at)}]}
        )
    return current


def _made_before(layer: Layer, user: Any, token: uuid.UUID) -> Any:
    """The record an earlier submission of the same form made; a submission under way is waited for."""
    submission, first = Submission.objects.get_or_create(token=token, defaults={"user": user, "layer": layer.id})
    if first:
        return None
    if submission.user_id != user.pk or submission.layer != layer.id or submission.record_id is None:
        raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
    return layer.model._default_manager.get(pk=submission.record_id)


def _read(layer: Layer, current: Any, sent: _Sent) -> tuple[dict[str, Any], list[str]]:
    """The values sent, checked, and the repairs made. Raises Invalid with the faults of facts and shapes together."""
    errors: dict[str, list[str]] = {}
    shapes: Shapes = {}
    repairs: list[str] = []
    for name, value in sent.shapes.items():
        if name is None or value is UNCHANGED:
            continue
        try:
            shape = None if value is None else _read_shape(layer, name, value, sent.srid, sent.repair)
        except Invalid as error:
            errors.update(error.errors)
            continue
        shapes[name] = shape.geometry if shape else None
        repairs.extend(shape.repairs if shape else ())
    form = _form(layer, current, sent)
    if not form.is_valid():
        errors.update({name: [str(error) for error in found] for name, found in form.errors.items()})
    if errors:
        raise Invalid(errors)
    given = sent.data if sent.partial else form.fields
    facts = {name: value for name, value in states.of_form(form).items() if name in given}
    return {**facts, **_placed(layer, form, shapes)}, repairs


def _read_shape(layer: Layer, name: str, value: Any, srid: int, repair: bool) -> Shape:
    kind = layer.model._meta.get_field(name).geom_type  # type: ignore[union-attr]
    return of_kind(read_shape(value, name, srid=srid, repair=repair), GEOMETRY_TYPES[kind], name)


def _form(layer: Layer, current: Any, sent: _Sent) -> RecordForm:
    """The layer's form. It gets an instance of its own, for a ModelForm writes on the one it is given."""
    instance = layer.model._default_manager.get(pk=current.pk) if current.pk else layer.model()
    data = sent.data
    if sent.partial:
        initial = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in states.of_record(layer, current).items()
        }
        data = {**initial, **data}
    form = layer.form(data, instance=instance)
    assert isinstance(form, RecordForm)
    return form


def _placed(layer: Layer, form: RecordForm, shapes: Shapes) -> dict[str, Any]:
    """Shapes as they are stored. The form's instance holds the state before, for the form did not touch shapes."""
    placed = form.placed(shapes, layer.geometry, layer.outline)
    return {name: to_geos(value) if name in layer.geometry_fields else value for name, value in placed.items()}


def _merged(layer: Layer, current: Any, now: states.State, mine: states.State, expected: int, merging: bool) -> Merge:
    """What to write. Raises Conflict when the record has moved on and the changes cannot go side by side."""
    mine = {name: value for name, value in states.with_same_shapes(mine, now).items() if name in now}
    if current.version == expected:
        return merge(now, mine, now)
    base = states.of_version(layer, current, expected)
    if base is None:
        # History does not reach back: every field in which the two differ must be decided by a person.
        differing = [name for name, value in mine.items() if value != now[name]]
        found = Merge(now, differing, [])
        base = {}
    else:
        mine = states.with_same_shapes(mine, base)
        found = merge(base, mine, states.with_same_shapes(now, base))
    if merging and not found.clashes:
        return found
    difference = {
        name: FieldDifference(
            base=states.plain(base.get(name)), current=states.plain(now[name]), yours=states.plain(value)
        )
        for name, value in mine.items()
        if value != now[name] and (name in found.clashes or not merging)
    }
    raise Conflict(current, difference, found.theirs)


def _create(
    layer: Layer, user: Any, record: Any, values: dict[str, Any], repairs: list[str], token: uuid.UUID | None
) -> Saved:
    columns, members = _split(layer, values)
    for name, value in columns.items():
        setattr(record, layer.model._meta.get_field(name).attname, value)  # type: ignore[union-attr]
    record.created_by = record.updated_by = user
    _assign_area(layer, record, columns)
    scope = permissions.area_scope(user, layer.access.edit)
    # Members of a record that has no id yet cannot be asked for.
    touched = members[layer.area_path] if layer.area_path in members else layer.area_ids_of(record)
    if not permissions.covers(scope, touched):
        raise NotAllowed(_("This place lies outside the area in which you may add records."))
    record.save()
    for name, ids in members.items():
        getattr(record, name).set(sorted(ids))
    if token:
        Submission.objects.filter(token=token).update(record_id=record.pk)
    record.refresh_from_db()
    return Saved(record, created=True, changed=sorted(values), repairs=repairs)


def _write(layer: Layer, user: Any, current: Any, values: dict[str, Any]) -> None:
    if not values:
        return
    columns, members = _split(layer, values)
    updates: dict[str, Any] = {}
    shape_before = getattr(current, layer.geometry)
    for name, value in columns.items():
        attname = layer.model._meta.get_field(name).attname  # type: ignore[union-attr]
        setattr(current, attname, value)
        updates[attname] = value
    if _assign_area(layer, current, columns):
        updates["area_id"] = current.area_id
    scope = permissions.area_scope(user, layer.access.edit)
    if not permissions.covers(scope, members.get(layer.area_path, layer.area_ids_of(current))):
        raise NotAllowed(_("The new place lies outside the area in which you may change records."))
    for name, ids in members.items():
        getattr(current, name).set(sorted(ids))
    # The version check stands in the UPDATE itself; updated_at makes a change of members alone count as a change.
    written = layer.model._default_manager.filter(pk=current.pk, version=current.version).update(
        **updates, updated_by=user, updated_at=timezone.now()
    )
    if not written:
        raise Conflict(layer.model._default_manager.get(pk=current.pk), {}, [])
    if layer.reshaped and not columns.keys().isdisjoint({layer.geometry, *layer.reshaped_by}):
        layer.reshaped(current, shape_before, user)


def _split(layer: Layer, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, frozenset[int]]]:
    """Columns of the table, and members of many-to-many fields."""
    many = {name for name in values if isinstance(layer.model._meta.get_field(name), models.ManyToManyField)}
    return {k: v for k, v in values.items() if k not in many}, {k: values[k] for k in many}


def _assign_area(layer: Layer, record: Any, columns: dict[str, Any]) -> bool:
    """Set the area from the place when either changes; returns whether it did. Without a place, a chosen one stays."""
    if layer.area_path != "area_id" or columns.keys().isdisjoint({layer.geometry, "area"}):
        return False
    location = getattr(record, layer.geometry)
    if location is None:
        return False
    area = AdminArea.objects.containing(location)
    record.area_id = area.pk if area else None
    return True
