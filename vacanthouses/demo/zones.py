"""An invented buildings' register around the demo houses, and the concentration zones found in it."""

from datetime import timedelta
from math import cos, pi, sin
from random import Random
from typing import Any

from django.utils import timezone
from shapely import Point

from gis_core.demo import fixtures
from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.models import AdminArea, AreaLevel, User
from vacanthouses.models import ConcentrationZone, RegisteredBuilding, VacantHouse, ZoneState
from vacanthouses.services import zones


def load() -> dict[str, int]:
    """Makes nothing where there are registered buildings of the demo already."""
    if RegisteredBuilding.objects.filter(is_example=True).exists():
        return {"registered buildings": 0, "concentration zones": 0}
    facts = fixtures.parameters("registered_buildings")
    random = Random(facts["seed"])  # noqa: S311
    houses = VacantHouse.objects.filter(is_example=True).select_related("area").order_by("pk")
    made = [building for house in houses for building in _around(house, facts, random)]
    RegisteredBuilding.objects.bulk_create(made)
    return {"registered buildings": len(made), "concentration zones": _zones(facts["zones"])}


def _around(house: VacantHouse, facts: dict[str, Any], random: Random) -> list[RegisteredBuilding]:
    """The house itself, and its lived-in neighbours. Lots from 9001 on are none of the demo houses'."""
    at = to_shapely(house.location)
    assert isinstance(at, Point)
    found = [_building(house.pnu, house, at, facts, random, is_house=True)]
    for _number in range(facts["others"]):
        angle, far = random.uniform(0, 2 * pi), random.uniform(10, facts["within_m"])
        place = Point(round(at.x + far * cos(angle), 2), round(at.y + far * sin(angle), 2))
        if house.area is None or not house.area.geometry.contains(to_geos(place)):
            continue
        lot = f"{house.pnu[:11]}{9001 + random.randrange(900):04d}{random.randrange(100):04d}"
        found.append(_building(lot, house, place, facts, random, is_house=random.random() < facts["houses"]))
    return found


def _building(
    pnu: str, house: VacantHouse, place: Point, facts: dict[str, Any], random: Random, *, is_house: bool
) -> RegisteredBuilding:
    years = random.uniform(*facts["years_old" if random.random() < facts["old"] else "years_new"])
    approved = timezone.localdate() - timedelta(days=round(365.25 * years))
    return RegisteredBuilding(
        pnu=pnu,
        area=house.area,
        use=random.choice(facts["uses"]["house" if is_house else "other"]),
        is_house=is_house,
        structure=random.choice(facts["structures"]),
        approved_on=None if random.random() < facts["unknown"] else approved,
        floor_area_m2=round(random.uniform(*facts["floor_area_m2"]), 1),
        location=to_geos(place),
        is_example=True,
    )


def _zones(most: int) -> int:
    """Keep zones of the demo's cities as the demo's manager; designate the first of all."""
    manager = User.objects.filter(username="manager").first()
    cities = AdminArea.objects.current().filter(level=AreaLevel.SIGUNGU).order_by("mois_code")
    kept: list[ConcentrationZone] = []
    for city in cities if manager else ():
        if len(kept) < most and VacantHouse.objects.filter(is_example=True, area__parent=city).exists():
            keys = [proposal.key for proposal in zones.propose(city)[: most - len(kept)]]
            kept += zones.keep(city, manager, keys)
    ConcentrationZone.objects.filter(pk__in=[zone.pk for zone in kept]).update(is_example=True)
    if kept:
        first = ConcentrationZone.objects.get(pk=min(zone.pk for zone in kept))
        day = timezone.localdate() - timedelta(days=20)
        zones.decide(first, manager, ZoneState.DESIGNATED, day, "예시 고시 제2026-00호", first.version)
    return len(kept)
