"""Reading ``fixtures/`` and placing what it holds."""

import csv
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from shapely import Point as ShapelyPoint

from gis_core import yaml_files
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.models import AdminArea

FOLDER = settings.BASE_DIR / "fixtures"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of ``fixtures/<name>.csv``."""
    # Spreadsheets put a mark before UTF-8.
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parameters(name: str) -> Any:
    """What ``fixtures/<name>.yaml`` holds."""
    return yaml_files.read(FOLDER / f"{name}.yaml")


def place(row: dict[str, str]) -> Point | None:
    """A row's ``lon`` and ``lat`` as a point in EPSG:5179; None when they are blank."""
    return location(float(row["lon"]), float(row["lat"])) if row["lon"] else None


def location(lon: float, lat: float) -> Point:
    moved = reproject(ShapelyPoint(lon, lat), LONLAT_SRID, STORAGE_SRID)
    return Point(moved.x, moved.y, srid=STORAGE_SRID)


class Areas:
    """Areas by their codes, each asked for once."""

    def __init__(self) -> None:
        self.get = cache(self._get)

    def _get(self, code: str) -> AdminArea:
        area = AdminArea.objects.by_code(code)
        if area is None:
            raise LookupError(f"fixtures name an area {code}, which is not in areas.csv")
        return area

    def optional(self, code: str) -> AdminArea | None:
        return self.get(code) if code else None
