"""A plan's rows as a document, and a document's changes as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, cast

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from shapely.geometry.base import BaseGeometry

from facilities.models import PART_MODELS, Building, Level, Plan, Team, Unit
from facilities.plan import document as pure
from facilities.plan.document import KINDS, PART_TYPES, Change, Document, Kind
from gis_core.crs import LOCAL_SRID, STORAGE_SRID, LocalFrame

from .holding import hold_plans

# The order in which rows are written in one statement.
_BATCH = 500


def load(plan: Plan) -> Document:
    """The whole plan, in six statements whatever its size."""
    levels = dict(_levels(plan.building_id))
    parts = {kind: tuple(_parts(kind, plan, levels)) for kind in KINDS}
    return Document(levels=tuple(levels.values()), teams=teams_of(plan.building.centre_id), **parts)


def teams_of(centre_id: int) -> tuple[pure.Team, ...]:
    rows = Team.objects.live().filter(centre=centre_id).order_by("pk")
    names = [item.name for item in fields(pure.Team) if item.name != "key"]
    return tuple(
        pure.Team(key=str(key), **dict(zip(names, values, strict=True)))
        for key, *values in rows.values_list("key", *names)
    )


def _levels(building_id: int) -> list[tuple[int, pure.Level]]:
    rows = (
        Level.objects.live()
        .filter(building=building_id)
        .order_by("ordinal")
        .values_list("pk", "key", "ordinal", "short_name", "name", "height_m", AsWKB("outline"))
    )
    return [
        (
            pk,
            pure.Level(
                key=str(key), ordinal=ordinal, short_name=short, name=name, height_m=height,
                outline=cast(Any, _shape(outline)),
            ),
        )
        for pk, key, ordinal, short, name, height, outline in rows
    ]  # fmt: skip


def _shape(wkb: Any) -> BaseGeometry | None:
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def _names(kind: Kind) -> list[str]:
    """The attributes of a part that are columns of their own."""
    return [item.name for item in fields(PART_TYPES[kind]) if item.name not in {"key", "level", "geometry"}]


def _parts(kind: Kind, plan: Plan, levels: dict[int, pure.Level]) -> Iterable[Any]:
    names = _names(kind)
    queryset: QuerySet[Any] = PART_MODELS[kind].objects.filter(plan=plan, level__in=list(levels)).order_by("pk")
    rows = list(queryset.values_list("key", "level_id", AsWKB("geometry"), *names))
    shapes: Sequence[Any] = shapely.from_wkb([bytes(row[2]) for row in rows]) if rows else []
    type_ = PART_TYPES[kind]
    for (key, level_id, _wkb, *values), shape in zip(rows, shapes, strict=True):
        attributes = dict(zip(names, values, strict=True))
        if "teams" in attributes:
            attributes["teams"] = tuple(map(str, attributes["teams"]))
        yield type_(key=str(key), level=levels[level_id].key, geometry=shape, **attributes)


def write(plan: Plan, changes: Sequence[Change], user: Any) -> None:
    """Bring the plan's rows to what the changes say. Call inside a transaction that holds the plan's row."""
    levels = {str(key): pk for key, pk in Level.objects.filter(building=plan.building_id).values_list("key", "pk")}
    for kind in KINDS:
        ours = [change for change in changes if change.kind == kind]
        if ours:
            _write_kind(kind, plan, ours, levels, user)


def _write_kind(kind: Kind, plan: Plan, changes: list[Change], levels: dict[str, int], user: Any) -> None:
    manager = PART_MODELS[kind].objects
    gone = [change.key for change in changes if change.after is None]
    if gone:
        manager.filter(plan=plan, key__in=gone).delete()
    rows = {str(row.key): row for row in manager.filter(plan=plan, key__in=[change.key for change in changes])}
    made: list[Any] = []
    changed: list[Any] = []
    for change in changes:
        if change.after is None:
            continue
        row = rows.get(change.key) or PART_MODELS[kind](plan=plan, key=change.key, created_by=user)
        _fill(row, kind, change.after, plan, levels)
        row.updated_by = user
        (changed if row.pk else made).append(row)
    if made:
        manager.bulk_create(made, batch_size=_BATCH)
    if changed:
        columns = [*_names(kind), "level", "geometry", "updated_by", *(("place", "area") if kind == "units" else ())]
        manager.bulk_update(changed, columns, batch_size=_BATCH)


def _fill(row: Any, kind: Kind, part: Any, plan: Plan, levels: dict[str, int]) -> None:
    for name in _names(kind):
        value = getattr(part, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.level_id = levels[part.level]
    row.geometry = to_local_geos(part.geometry)
    if kind == "units":
        row.place = in_world(part.geometry, plan.building.frame)
        row.area_id = plan.building.area_id


def to_local_geos(shape: BaseGeometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=LOCAL_SRID)


def in_world(shape: BaseGeometry, frame: LocalFrame) -> GEOSGeometry:
    """A shape in the building's metres as a GEOS geometry in EPSG:5179."""
    return GEOSGeometry(memoryview(shapely.to_wkb(frame.to_world(shape))), srid=STORAGE_SRID)


def place_again(building: Building) -> None:
    """Give the rooms of all plans their place in the world after the building's frame or area has changed.

    Call it in the transaction that changed the building.
    """
    hold_plans(building.plans.all())
    rows = list(Unit.objects.filter(plan__building=building).values_list("pk", AsWKB("geometry")))
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        shapes = shapely.from_wkb([bytes(wkb) for _pk, wkb in batch])
        units = [
            Unit(pk=pk, place=in_world(shape, building.frame), area_id=building.area_id)
            for (pk, _wkb), shape in zip(batch, shapes, strict=True)
        ]
        Unit.objects.bulk_update(units, ["place", "area"], batch_size=_BATCH)


def building_moved(building: Building, before: Any, user: Any) -> None:
    """What follows when a building's anchor or rotation changes (see ``Layer.reshaped``)."""
    place_again(building)
