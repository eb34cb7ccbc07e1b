"""What follows when a boundary changes: records find their area, zones and parents their extent, editions are kept."""

from datetime import timedelta
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaEdition, Boundary
from gis_core.zones.extent import refresh_extents, union_of

_REASSIGN = """
UPDATE {records} AS record SET area_id = found.area_id
FROM (
    SELECT DISTINCT ON (placed.id) placed.id, area.id AS area_id
    FROM (SELECT (ST_Dump(ST_GeomFromWKB(%s, 5179))).geom AS box) AS boxes
    JOIN {records} AS placed ON placed.{place} && boxes.box
    JOIN {areas} AS area ON ST_Intersects(area.geometry, placed.{place})
    WHERE area.level = 'eupmyeondong' AND area.valid_to IS NULL AND area.retired_at IS NULL
    ORDER BY placed.id, area.mois_code
) AS found
WHERE record.id = found.id AND record.area_id IS DISTINCT FROM found.area_id
"""


def placed_layers() -> list[Layer]:
    """The layers whose records lie at a point in one area."""
    return [each for each in layers.all() if each.area_path == "area_id" and each.geometry_type == "Point"]


def reassign_records(boxes: list[BaseGeometry]) -> int:
    """Give every record within the boxes (EPSG:5179) the area in which it lies now; returns how many moved.

    One statement per table. A record in no area, or without a place, keeps the area it has. Records that share the
    area of another follow it and are not counted.
    """
    if not boxes:
        return 0
    where = shapely.GeometryCollection([shapely.union_all(boxes)]).wkb
    moved = 0
    with connection.cursor() as cursor:
        for layer in placed_layers():
            statement = sql.SQL(_REASSIGN).format(
                records=sql.Identifier(layer.model._meta.db_table),
                areas=sql.Identifier(AdminArea._meta.db_table),
                place=sql.Identifier(layer.geometry),
            )
            # As text: pghistory's wrapper looks into it.
            cursor.execute(statement.as_string(cursor.cursor), [where])
            moved += cursor.rowcount
    _follow()
    return moved


def _follow() -> None:
    """Records that share the area of another go where that one has gone."""
    for layer in layers.all():
        if layer.area_of:
            records = layer.model._default_manager
            shared = records.filter(pk=OuterRef("pk")).order_by().values(f"{layer.area_of}__area")
            records.exclude(area=F(f"{layer.area_of}__area")).update(area=Subquery(shared))


def boundary_redrawn(area: AdminArea, before: GEOSGeometry | None, user: Any) -> None:
    """Bring everything that hangs on an area's boundary after it was redrawn or put back by hand."""
    _keep_edition(area, user)
    old, new = to_shapely(before), to_shapely(area.geometry)
    assert new is not None
    reassign_records([new.envelope if old is None else old.symmetric_difference(new).envelope])
    changed = {area.pk}
    above = area.parent
    while above is not None and above.boundary == Boundary.DERIVED:
        joined = union_of(AdminArea.objects.current().filter(parent=above).values_list("pk", flat=True))
        if joined is not None:
            values = {"geometry": to_geos(joined), "km2": round(joined.area / 1e6, 4)}
            AdminArea.objects.filter(pk=above.pk).update(**values, updated_by=user)
            AreaEdition.objects.filter(area=above, valid_to__isnull=True).update(**values)
            changed.add(above.pk)
        above = above.parent
    refresh_extents(changed)


def _keep_edition(area: AdminArea, user: Any) -> None:
    """The boundary as an edition from today; one drawn earlier today is replaced."""
    today = timezone.localdate()
    values = {"name": area.name, "geometry": area.geometry, "km2": area.km2, "boundary": area.boundary}
    source = _("Drawn by %(name)s") % {"name": user}
    current = area.editions.filter(valid_to__isnull=True)
    if current.filter(valid_from=today).update(**values, source=source):
        return
    current.update(valid_to=today - timedelta(days=1))
    AreaEdition.objects.create(area=area, valid_from=today, source=source, **values)
