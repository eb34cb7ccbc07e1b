"""The extent of a cooperation zone: the union of its member areas, unless it was drawn."""

from collections.abc import Iterable

from django.contrib.gis.db.models import Union
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.geometry import polygons
from gis_core.models import AdminArea, CooperationZone


def union_of(area_ids: Iterable[int]) -> BaseGeometry | None:
    """The joined boundary of areas in EPSG:5179, or None when there are none."""
    joined = AdminArea.objects.filter(pk__in=list(area_ids)).aggregate(joined=Union("geometry"))["joined"]
    found = to_shapely(joined)
    return None if found is None else polygons(found)


def refresh_extents(area_ids: Iterable[int]) -> int:
    """Join anew the zones that have one of these areas as a member; call it after boundaries change.

    Returns how many zones got another extent.
    """
    changed = 0
    zones = CooperationZone.objects.live().filter(drawn=False, member_areas__in=list(area_ids)).distinct()
    for zone in zones:
        extent = union_of(zone.member_areas.values_list("pk", flat=True))
        geometry = to_geos(extent)
        if geometry is not None and geometry != zone.geometry:
            CooperationZone.objects.filter(pk=zone.pk).update(geometry=geometry)
            changed += 1
    return changed
