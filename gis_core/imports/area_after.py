"""What follows from changed boundaries: parents joined anew, absent areas closed, names, and records moved."""

from datetime import date, timedelta
from typing import Any

import shapely
from django.db.models import F
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_shapely
from gis_core.geometry import polygons
from gis_core.models import AdminArea, AreaEdition, Boundary
from gis_core.territory import placed_layers

from .area_rows import AreaRow
from .area_write import AreaWriter, boundary_values, same_boundary
from .report import Outcome, Report

# An area that a newer edition lacks is closed when the new ones take at least this share of it.
_TAKEN = 0.5


def close_absent(writer: AreaWriter, report: Report) -> int:
    """Close the areas that a newer edition no longer has; returns how many.

    Missing from the file is not enough, for a file may hold a part only: the day must be later than that of the
    area's own boundary, and the file's areas must have taken its ground.
    """
    closed = 0
    by_place: dict[tuple[int | None, str], list[AreaRow]] = {}
    parent_ids = dict(AdminArea.objects.filter(pk__in=writer.seen).values_list("pk", "parent_id"))
    for area_id, row in writer.seen.items():
        if not row.superseded_on:
            by_place.setdefault((parent_ids[area_id], row.level), []).append(row)
    for (parent_id, level), rows in by_place.items():
        day = max((row.stated_from for row in rows if row.stated_from), default=None)
        if day is None or parent_id is None:
            continue
        absent = AdminArea.objects.current().filter(parent_id=parent_id, level=level).exclude(pk__in=writer.seen)
        taken = shapely.union_all([row.geometry for row in rows]) if absent else None
        for area in absent:
            closed += _close(writer, report, area, day, taken)
    return closed


def _close(writer: AreaWriter, report: Report, area: AdminArea, day: date, taken: BaseGeometry | None) -> int:
    shape = to_shapely(area.geometry)
    current = area.editions.filter(valid_to__isnull=True).first()
    newer = current is None or current.valid_from is None or current.valid_from < day
    assert shape is not None
    assert taken is not None
    if not newer or shape.intersection(taken).area < _TAKEN * shape.area:
        report.notes.append(_("%(name)s is not in the file and stays as it is.") % {"name": area})
        return 0
    ended = day - timedelta(days=1)
    area.editions.filter(valid_to__isnull=True).update(valid_to=ended)
    area.codes.filter(valid_to__isnull=True).update(valid_to=ended)
    AdminArea.objects.filter(pk=area.pk).update(valid_to=ended, updated_by=writer.user)
    writer.extents.note(area, shape)
    said = _("It is no longer in the file: closed on %(day)s.") % {"day": ended.isoformat()}
    report.add(None, area.mois_code, area.name, Outcome.CHANGED, [said])
    return 1


def join_parents(writer: AreaWriter) -> int:
    """Join anew the derived boundaries above changed areas, from below upwards; returns how many changed."""
    changed = 0
    waiting = dict(writer.touched_parents)
    while waiting:
        above: dict[int, AdminArea] = {}
        for parent in waiting.values():
            changed += _join(writer, parent)
            if parent.parent is not None:
                above[parent.parent.pk] = parent.parent
        waiting = above
    return changed


def _join(writer: AreaWriter, parent: AdminArea) -> bool:
    parent.refresh_from_db()
    children = AdminArea.objects.current().filter(parent=parent)
    if parent.boundary not in (Boundary.DERIVED, Boundary.SCHEMATIC):
        return False
    if parent.boundary == Boundary.SCHEMATIC and children.filter(boundary=Boundary.SCHEMATIC).exists():
        return False
    shapes = [to_shapely(shape) for shape in children.values_list("geometry", flat=True)]
    stored = to_shapely(parent.geometry)
    assert stored is not None
    if not shapes:
        return False
    joined = polygons(shapely.union_all([shape for shape in shapes if shape is not None]))
    values = {**boundary_values(joined), "boundary": Boundary.DERIVED}
    current = parent.editions.filter(valid_to__isnull=True)
    if parent.boundary == Boundary.DERIVED and current and same_boundary(stored, joined):
        return False
    # A derived boundary has one edition: those of the areas below tell how it came about.
    AreaEdition.objects.update_or_create(
        area=parent, valid_to=None, defaults={**values, "name": parent.name, "source": writer.source}
    )
    AdminArea.objects.filter(pk=parent.pk).update(**values, updated_by=writer.user)
    writer.extents.area_ids.add(parent.pk)
    return True


def left_behind(report: Report, area_ids: set[int]) -> None:
    """Tell how many records lie outside the area they belong to, for no area is where they lie, and how many belong
    to areas that are closed, for without a place nobody can move them."""
    for layer in placed_layers():
        within = {f"{layer.geometry}__intersects": F("area__geometry")}
        outside = layer.records().filter(area__in=area_ids, area__valid_to__isnull=True).exclude(**within)
        lost = outside.exclude(**{f"{layer.geometry}__isnull": True}).count()
        if lost:
            report.notes.append(
                _("%(layer)s: %(count)s records lie outside every area here and keep the area they had.")
                % {"layer": layer.title, "count": lost}
            )
        stranded: Any = layer.model._default_manager.filter(area__valid_to__isnull=False, retired_at__isnull=True)
        count = stranded.count()
        if count:
            report.notes.append(
                _("%(layer)s: %(count)s records still belong to areas that are closed; give them a place or an area.")
                % {"layer": layer.title, "count": count}
            )
