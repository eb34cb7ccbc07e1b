"""Plans, measures and owners to test with."""

from datetime import date
from typing import Any

from gis_core.models import AdminArea
from tests.factories import geos, place, square
from vacanthouses.models import (
    ConcentrationZone,
    CostLine,
    ImprovementPlan,
    Measure,
    Owner,
    RegisteredBuilding,
    VacantHouse,
)


def make_plan(area: AdminArea, **values: Any) -> ImprovementPlan:
    return ImprovementPlan.objects.create(area=area, **{"name": "2026년 빈집정비계획", "year": 2026, **values})


def make_measure(plan: ImprovementPlan, house: VacantHouse, **values: Any) -> Measure:
    facts = {"kind": "demolition", "area": house.area, "location": house.location}
    return Measure.objects.create(plan=plan, house=house, **{**facts, **values})


def make_cost(measure: Measure, amount: int = 1_000_000, **values: Any) -> CostLine:
    facts = {"title": "철거", "source": "시비", "is_subsidy": False, "amount_krw": amount}
    return CostLine.objects.create(measure=measure, **{**facts, **values})


def agree(house: VacantHouse, *days: date | None) -> list[Owner]:
    """An owner for each day: the one on which they agreed to reuse, None where they did not."""
    return [
        Owner.objects.create(house=house, name=f"소유자 {number}", reuse_consent_on=day)
        for number, day in enumerate(days)
    ]


def make_concentration_zone(area: AdminArea, **values: Any) -> ConcentrationZone:
    """A square of 90 m, 490 m east and north of the origin."""
    facts = {"name": "서천 구역", "area": area, "geometry": geos(square(490, 490, 90))}
    return ConcentrationZone.objects.create(**{**facts, **values})


def make_registered_building(
    east: float, north: float, approved: date | None = date(1975, 5, 1), **values: Any
) -> RegisteredBuilding:
    facts = {"pnu": f"52190000000{round(east):04d}{round(north):04d}", "use": "단독주택", "approved_on": approved}
    return RegisteredBuilding.objects.create(location=geos(place(east, north)), **{**facts, **values})
