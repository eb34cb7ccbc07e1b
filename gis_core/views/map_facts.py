"""What the map says about a view: how many records it holds, which areas, and whether their boundaries are real."""

from typing import Any, TypedDict

from django.contrib.gis.db.models.functions import Envelope, PointOnSurface, Transform
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Sum

from gis_core.crs import LONLAT_SRID, WEB_SRID, transformer
from gis_core.layers.counts import WORLD_HALF
from gis_core.layers.filters import LayerQuery
from gis_core.models import AdminArea, AreaLevel, CellCount
from gis_core.models.areas import Boundary
from gis_core.tiles.vector import cell_zoom

# Counting stops here: the map then says "more than".
MOST_COUNTED = 20_000
MOST_NAMES = 150
# One tile of the map serves two zooms: it asks for the tiles of the zoom before (js/map/adapter/tiles.js).
ZOOMS_PER_TILE = 1

Box = tuple[float, float, float, float]


class Count(TypedDict):
    count: int
    more: bool


def count_in_view(query: LayerQuery, area: GEOSGeometry, degrees: Box, zoom: int) -> Count:
    """How many records of a question lie in a view; ``area`` is the view in EPSG:5179, ``degrees`` its corners.

    Where the map shows counts of cells, this is the sum of the cells whose mean place is in the view: exactly the
    circles one sees. Raises BadFilter.
    """
    layer = query.layer
    tile_zoom = max(zoom - ZOOMS_PER_TILE, 0)
    kept = query.given <= {"area", layer.style.property}
    if layer.cluster_below is not None and tile_zoom < layer.cluster_below and kept:
        return {"count": _count_cells(query, degrees, cell_zoom(tile_zoom)), "more": False}
    if area.empty:
        return {"count": 0, "more": False}
    inside = query.records.filter(**{f"{layer.geometry}__intersects": area}).order_by().values("pk")
    count = inside[: MOST_COUNTED + 1].count()
    return {"count": min(count, MOST_COUNTED), "more": count > MOST_COUNTED}


def _count_cells(query: LayerQuery, degrees: Box, zoom: int) -> int:
    west, south, east, north = transformer(LONLAT_SRID, WEB_SRID).transform_bounds(*degrees)
    cell = 2 * WORLD_HALF / 2**zoom
    cells = CellCount.objects.filter(
        layer=query.layer.id,
        zoom=zoom,
        x__range=(int((west + WORLD_HALF) // cell), int((east + WORLD_HALF) // cell)),
        y__range=(int((WORLD_HALF - north) // cell), int((WORLD_HALF - south) // cell)),
    )
    areas, categories = query.area_ids(), query.categories()
    if areas is not None:
        cells = cells.filter(area_id__in=sorted(areas))
    if categories is not None:
        cells = cells.filter(category__in=categories)
    sums = cells.order_by().values("x", "y").annotate(n=Sum("count"), sx=Sum("sum_x"), sy=Sum("sum_y")).filter(n__gt=0)
    seen = sums.filter(sx__range=(west * F("n"), east * F("n")), sy__range=(south * F("n"), north * F("n")))
    return int(seen.aggregate(total=Sum("n"))["total"] or 0)


def area_names(area: GEOSGeometry, zoom: int) -> list[dict[str, Any]]:
    """Areas to name in a view, the largest first: id, name, level and a point that lies inside."""
    if area.empty:
        return []
    levels = [AreaLevel.SIDO, AreaLevel.SIGUNGU]
    if zoom >= 10:
        levels = [AreaLevel.SIGUNGU, AreaLevel.EUPMYEONDONG]
    found = (
        AdminArea.objects.current()
        .filter(level__in=levels, geometry__bboverlaps=area)
        .order_by("-km2")
        .values_list("pk", "name", "level", Transform(PointOnSurface("geometry"), LONLAT_SRID))[:MOST_NAMES]
    )
    return [
        {"id": pk, "name": name, "level": level, "lng": round(point.x, 6), "lat": round(point.y, 6)}
        for pk, name, level, point in found
    ]


def has_schematic(area: GEOSGeometry) -> bool:
    """Whether any boundary in the view is schematic."""
    if area.empty:
        return False
    return AdminArea.objects.current().filter(boundary=Boundary.SCHEMATIC, geometry__bboverlaps=area).exists()


def area_facts(area: AdminArea) -> dict[str, Any]:
    box = (
        AdminArea.objects.filter(pk=area.pk).values_list(Envelope(Transform("geometry", LONLAT_SRID)), flat=True).get()
    )
    return {
        "id": area.pk,
        "code": area.mois_code,
        "name": area.name,
        "level": area.level,
        "parent": area.parent_id,
        "bbox": [round(value, 6) for value in box.extent],
    }
