"""The demo data of this app: a community centre for each town of Namwon."""

from typing import Any

import shapely
from django.contrib.gis.geos import Point
from shapely import affinity

from gis_core.demo import fixtures
from gis_core.editing.shapes import to_geos

from . import demo_plans, demo_programme
from .models import Centre


def load(options: dict[str, Any]) -> dict[str, int]:
    rows = [] if Centre.objects.filter(is_example=True).exists() else fixtures.rows("centres")
    areas = fixtures.Areas()
    made = Centre.objects.bulk_create([_centre(row, areas) for row in rows])
    return {"centres": len(made), **demo_plans.load(), **demo_programme.load()}


def _centre(row: dict[str, str], areas: fixtures.Areas) -> Centre:
    location = fixtures.place(row)
    assert location is not None
    return Centre(
        name=row["name"],
        category=row["category"],
        area=areas.get(row["town_code"]),
        address=row["address"],
        opened_on=row["opened_on"],
        gross_floor_area_m2=row["gross_floor_area_m2"],
        staff=row["staff"],
        note=row["note"],
        location=location,
        footprint=to_geos(_footprint(row, location)) if row["footprint"] else None,
        is_example=True,
    )


def _footprint(row: dict[str, str], location: Point) -> shapely.Polygon:
    """The outline drawn in metres around the place, in EPSG:5179."""
    drawn = affinity.rotate(shapely.from_wkt(row["footprint"]), float(row["turned"]), origin=(0, 0))
    return affinity.translate(drawn, location.x, location.y)
