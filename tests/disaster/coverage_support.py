"""Villages, roads and small flood maps to test with."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from django.contrib.gis.geos import GEOSGeometry
from shapely import LineString, Point

from disaster.models import Item, Road, Village
from gis_core.models import AdminArea
from tests.factories import geos, make_stock, place

PUMP = "수중펌프"


def make_village(name: str, point: Point, people: int | None = 100, **values: Any) -> Village:
    area = AdminArea.objects.containing(geos(point))
    return Village.objects.create(name=name, people=people, location=geos(point), area=area, **values)


def make_road(*points: Point, speed: int = 60, **values: Any) -> Road:
    line: GEOSGeometry = geos(LineString([(point.x, point.y) for point in points]))
    area = AdminArea.objects.containing(geos(points[0]))
    return Road.objects.create(speed_kmh=speed, line=line, area=area, **values)


def make_pump(depot: Any, number: int = 1, standard: int | None = None) -> Item:
    return make_stock(depot, PUMP, number, standard).lot.item


def raster(
    path: Path, values: Any, *, crs: str | None = "EPSG:5179", west: float | None = None, north: float | None = None,
    pixel: float = 10.0, **profile: Any,
) -> Path:  # fmt: skip
    """A GeoTIFF of these rows of values, by default with its upper left corner at (0, 4000) of the test's towns."""
    data = np.asarray(values)
    data = data if data.ndim == 3 else data[None]
    corner = place(0, 4000)
    west, north = corner.x if west is None else west, corner.y if north is None else north
    found = {
        "driver": "GTiff", "dtype": data.dtype.name, "count": data.shape[0], "height": data.shape[1],
        "width": data.shape[2], "transform": Affine(pixel, 0, west, 0, -pixel, north), "nodata": -9999, **profile,
    }  # fmt: skip
    with rasterio.open(path, "w", crs=crs, **found) as out:
        out.write(data)
    return path


def valley(deep: float = 1.5, *, south: float = 1000, unknown_east: float = 3000) -> Any:
    """Depths over the test's four towns, 10 m a pixel: water south of a line, nothing known in the east."""
    rows, columns = np.mgrid[0:400, 0:400]
    north_m, east_m = 4000 - 10 * rows, 10 * columns
    depths = np.where(north_m <= south, deep, 0.0)
    return np.where(east_m >= unknown_east, -9999.0, depths).astype("float32")
