"""Small things to test with: a grid of towns near Namwon, people with roles, records in the towns.

Places are given in metres east and north of ``ORIGIN`` (EPSG:5179), so that a test can be read without a map:
Namwon's four towns are squares of 2 km, 운봉읍 at (0, 0) to (2000, 2000), 주천면 east of it, 수지면 and 송동면 north
of these; 순창읍 of another county begins at 4000 east.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from disaster.models import Balance, Depot, Item, Lot, StandardQuantity
from facilities.models import Building, Centre, Level, Plan, Team
from facilities.services.documents import to_local_geos
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.editing.shapes import to_geos
from gis_core.models import (
    AdminArea,
    AreaCode,
    AreaLevel,
    CooperationZone,
    Organisation,
    RoleGrant,
    User,
)
from vacanthouses.models import VacantHouse

ORIGIN = (990_000.0, 1_710_000.0)
TOWN = 2000.0
PASSWORD = "a long enough pass phrase"

_numbers = count(1)


def place(east: float, north: float) -> Point:
    """A point in EPSG:5179."""
    return Point(ORIGIN[0] + east, ORIGIN[1] + north)


def square(east: float, north: float, size: float = 10.0) -> Polygon:
    """A square in EPSG:5179 from its lower left corner."""
    x, y = ORIGIN[0] + east, ORIGIN[1] + north
    return box(x, y, x + size, y + size)


def lonlat(shape: BaseGeometry) -> dict[str, Any]:
    """A shape in EPSG:5179 as GeoJSON, as a client sends it."""
    found: dict[str, Any] = json.loads(json.dumps(mapping(reproject(shape, STORAGE_SRID, LONLAT_SRID))))
    return found


def geos(shape: BaseGeometry) -> GEOSGeometry:
    found = to_geos(shape)
    assert found is not None
    return found


def _area(name: str, code: str, shape: BaseGeometry, parent: AdminArea | None = None, **values: Any) -> AdminArea:
    return AdminArea(
        name=name,
        full_name=f"{parent.full_name} {name}" if parent else name,
        parent=parent,
        mois_code=code,
        geometry=geos(MultiPolygon([shape])),
        km2=round(shape.area / 1e6, 4),
        **{"level": AreaLevel.EUPMYEONDONG, **values},
    )


def make_area(name: str, code: str, shape: BaseGeometry, parent: AdminArea | None = None, **values: Any) -> AdminArea:
    area = _area(name, code, shape, parent, **values)
    area.save()
    AreaCode.objects.create(area=area, system="mois", code=code)
    return area


@dataclass(frozen=True)
class Territory:
    province: AdminArea
    namwon: AdminArea
    unbong: AdminArea
    jucheon: AdminArea
    suji: AdminArea
    songdong: AdminArea
    sunchang: AdminArea
    sunchang_eup: AdminArea

    @property
    def towns(self) -> tuple[AdminArea, ...]:
        return self.unbong, self.jucheon, self.suji, self.songdong, self.sunchang_eup


def make_territory() -> Territory:
    """In four statements: most tests need it."""
    province = _area("전북특별자치도", "5200000000", square(0, 0, 6000), level=AreaLevel.SIDO)
    province.save()
    namwon, sunchang = AdminArea.objects.bulk_create(
        [
            _area("남원시", "5219000000", square(0, 0, 4000), province, level=AreaLevel.SIGUNGU),
            _area("순창군", "5277000000", square(4000, 0, TOWN), province, level=AreaLevel.SIGUNGU),
        ]
    )
    towns = AdminArea.objects.bulk_create(
        [
            _area("운봉읍", "5219025000", square(0, 0, TOWN), namwon),
            _area("주천면", "5219031000", square(2000, 0, TOWN), namwon),
            _area("수지면", "5219032000", square(0, 2000, TOWN), namwon),
            _area("송동면", "5219033000", square(2000, 2000, TOWN), namwon),
            _area("순창읍", "5277025000", square(4000, 0, TOWN), sunchang),
        ]
    )
    renamed = [province, namwon, *towns[:4]]
    AreaCode.objects.bulk_create(
        [
            *(AreaCode(area=area, system="mois", code=area.mois_code) for area in (province, namwon, sunchang, *towns)),
            *(
                AreaCode(area=area, system="mois", code=f"45{area.mois_code[2:]}", valid_to=date(2024, 1, 18))
                for area in renamed
            ),
        ]
    )
    return Territory(province, namwon, *towns[:4], sunchang, towns[4])


def make_user(username: str, *grants: tuple[str, AdminArea | None], **values: Any) -> User:
    """A person who holds these roles in these areas (None: everywhere)."""
    user = User.objects.create_user(username, password=PASSWORD, **values)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, area=area) for role, area in grants)
    return user


def _area_at(point: Point) -> AdminArea | None:
    return AdminArea.objects.containing(geos(point))


def _placed(point: Point, values: dict[str, Any]) -> dict[str, Any]:
    return {"location": geos(point), "area": _area_at(point), **values}


def make_organisation(name: str = "", point: Point | None = None, **values: Any) -> Organisation:
    if point is not None:
        values = _placed(point, values)
    values = {"kind": "town_office", "contact_name": "김담당", "contact_phone": "063-620-0000", **values}
    return Organisation.objects.create(name=name or f"기관 {next(_numbers)}", **values)


def make_centre(point: Point | None = None, **values: Any) -> Centre:
    values = {"name": f"주민센터 {next(_numbers)}", "staff": 12, **values}
    return Centre.objects.create(**_placed(point or place(500, 500), values))


def make_building(centre: Centre | None = None, levels: int = 1, outline: Any = None, **values: Any) -> Building:
    """A building square to the grid at its centre's place, with levels from the ground up."""
    centre = centre or make_centre()
    values = {"name": f"본관 {next(_numbers)}", "anchor": centre.location, "area": centre.area, **values}
    building = Building.objects.create(centre=centre, **values)
    for ordinal in range(levels):
        Level.objects.create(
            building=building,
            ordinal=ordinal,
            short_name=f"{ordinal + 1}F",
            outline=to_local_geos(outline) if outline is not None else None,
        )
    return building


def make_plan(building: Building | None = None, **values: Any) -> Plan:
    """An empty plan."""
    return Plan.objects.create(building=building or make_building(), **{"name": f"배치안 {next(_numbers)}", **values})


def make_team(centre: Centre, name: str = "복지팀", now: int = 5, planned: int = 6, visits: int = 80) -> Team:
    return Team.objects.create(
        centre=centre, name=name, headcount_now=now, headcount_planned=planned, visits_per_day=visits
    )


def pnu(number: int, sub: int = 0) -> str:
    return f"52190250211{number:04d}{sub:04d}"


def house_values(number: int | None = None) -> dict[str, Any]:
    """Facts of a house that every check accepts."""
    number = number or next(_numbers)
    return {
        "pnu": pnu(number % 9999 + 1, number // 9999),
        "address": f"남원시 운봉읍 서천리 {number}",
        "regime": "rural",
        "status": "candidate",
        "grade": "none",
        "found_on": date(2024, 5, 1),
    }


def make_house(point: Point | None = None, **values: Any) -> VacantHouse:
    return VacantHouse.objects.create(**_placed(point or place(1000, 1000), {**house_values(), **values}))


def make_houses(points: Iterable[Point], **values: Any) -> list[VacantHouse]:
    """Many houses in one statement."""
    houses = [VacantHouse(**_placed(point, {**house_values(), **values})) for point in points]
    return VacantHouse.objects.bulk_create(houses)


def make_depot(point: Point | None = None, **values: Any) -> Depot:
    values = {"name": f"보관소 {next(_numbers)}", **values}
    return Depot.objects.create(**_placed(point or place(1500, 500), values))


def make_stock(depot: Depot, name: str = "마대", quantity: int = 100, standard: int | None = None) -> Balance:
    """What a depot holds of an item, as if it had always been there, and what it should hold."""
    item, _new = Item.objects.get_or_create(name=name, defaults={"unit": "매", "hazards": ["flood"]})
    lot, _new = Lot.objects.get_or_create(item=item, code="")
    if standard is not None:
        StandardQuantity.objects.create(
            item=item, depot=depot, quantity=standard, method="own", source="시험", effective_from=date(2020, 1, 1)
        )
    return Balance.objects.create(depot=depot, lot=lot, quantity=quantity)


def make_zone(*areas: AdminArea, organisations: Iterable[Organisation] = (), **values: Any) -> CooperationZone:
    """A zone of these areas; its extent is their union."""
    from gis_core.zones.extent import union_of

    values.setdefault("geometry", to_geos(union_of(area.pk for area in areas)))
    zone = CooperationZone.objects.create(**{"name": f"협력권 {next(_numbers)}", **values})
    zone.member_areas.set(areas)
    zone.member_organisations.set(organisations)
    return zone
