"""The areas of ``areas.csv`` with schematic boundaries. Areas that are there already are left as they are."""

from datetime import date, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_core import area_codes
from gis_core.area_codes import EUPMYEONDONG, MOIS, SIDO, SIGUNGU
from gis_core.geometry import polygons
from gis_core.imports.area_write import boundary_values
from gis_core.models import AdminArea, AreaCode, AreaEdition, Boundary, CodeSystem

from . import fixtures
from .schematic import partition

Row = dict[str, str]
SOURCE = "load_demo"


def load() -> int:
    """Make the areas that are missing; returns how many."""
    rows = fixtures.rows("areas")
    known = {row["code"]: area for row in rows if (area := _find(row))}
    shapes = boundaries(rows) if len(known) < len(rows) else {}
    made = 0
    for level in (SIDO, SIGUNGU, EUPMYEONDONG):
        missing = [row for row in rows if row["level"] == level and row["code"] not in known]
        areas = AdminArea.objects.bulk_create([_area(row, shapes[row["code"]], known) for row in missing])
        known |= {area.mois_code: area for area in areas}
        made += len(areas)
        AreaEdition.objects.bulk_create(
            edition for row, area in zip(missing, areas, strict=True) for edition in _editions(row, area)
        )
    # Areas that an import made may lack some of their aliases.
    AreaCode.objects.bulk_create((code for row in rows for code in _codes(row, known)), ignore_conflicts=True)
    return made


def _find(row: Row) -> AdminArea | None:
    former = row["former_code"]
    return AdminArea.objects.by_code(row["code"]) or (AdminArea.objects.by_code(former) if former else None)


def boundaries(rows: list[Row]) -> dict[str, BaseGeometry]:
    """Multipolygons in EPSG:5179 by code: towns drawn city by city, what lies above them joined from them."""
    shapes: dict[str, BaseGeometry] = {}
    towns = [row for row in rows if row["level"] == EUPMYEONDONG]
    for city in (row["code"] for row in rows if row["level"] == SIGUNGU):
        own = [row for row in towns if _above(row) == city]
        places = [fixtures.location(float(row["lon"]), float(row["lat"])) for row in own]
        drawn = partition([(place.x, place.y) for place in places], [float(row["km2"]) * 1e6 for row in own])
        shapes |= {row["code"]: polygons(shape) for row, shape in zip(own, drawn, strict=True)}
    for level in (SIGUNGU, SIDO):
        for row in rows:
            if row["level"] == level:
                below = [shapes[other["code"]] for other in rows if _above(other) == row["code"]]
                shapes[row["code"]] = polygons(shapely.union_all(below))
    return shapes


def _above(row: Row) -> str | None:
    parent = area_codes.parse(row["code"], MOIS).parent
    return str(parent) if parent else None


def _area(row: Row, shape: BaseGeometry, known: dict[str, AdminArea]) -> AdminArea:
    above = _above(row)
    parent = known[above] if above else None
    return AdminArea(
        level=row["level"],
        name=row["name"],
        parent=parent,
        full_name=f"{parent.full_name} {row['name']}" if parent else row["name"],
        mois_code=row["code"],
        kostat_code=row["kostat_code"],
        boundary=Boundary.SCHEMATIC,
        **boundary_values(polygons(shape)),
    )


def _since(row: Row) -> date | None:
    return date.fromisoformat(row["code_since"]) if row["code_since"] else None


def _editions(row: Row, area: AdminArea) -> list[AreaEdition]:
    common: dict[str, Any] = {
        "area": area, "geometry": area.geometry, "km2": area.km2, "source": SOURCE, "boundary": Boundary.SCHEMATIC,
    }  # fmt: skip
    since = _since(row) if row["former_name"] else None
    editions = [AreaEdition(name=row["name"], valid_from=since, **common)]
    if since:
        editions.append(AreaEdition(name=row["former_name"], valid_to=since - timedelta(days=1), **common))
    return editions


def _codes(row: Row, known: dict[str, AdminArea]) -> list[AreaCode]:
    """Its codes, present and former. The statistics office's days are not known and stay open."""
    since = _since(row)
    ended = since - timedelta(days=1) if since else None
    codes = (
        (CodeSystem.MOIS, row["code"], since, None),
        (CodeSystem.MOIS, row["former_code"], None, ended),
        (CodeSystem.KOSTAT, row["kostat_code"], None, None),
        (CodeSystem.KOSTAT, row["former_kostat_code"], None, None),
    )
    return [
        AreaCode(area=known[row["code"]], system=system, code=code, valid_from=start, valid_to=end)
        for system, code, start, end in codes
        if code
    ]
