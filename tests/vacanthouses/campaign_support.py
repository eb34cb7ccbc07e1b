"""Survey rounds, crews and assignments to test with."""

from datetime import date
from typing import Any

from gis_core.models import AdminArea, User
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse, WorkArea


def make_campaign(area: AdminArea, **values: Any) -> Campaign:
    facts = {
        "name": "운봉 현장조사",
        "regime": "rural",
        "step": "field",
        "stage": "open",
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 4, 30),
    }
    return Campaign.objects.create(area=area, **{**facts, **values})


def make_crew(area: AdminArea, *members: User, **values: Any) -> Crew:
    crew = Crew.objects.create(area=area, **{"name": "1반", **values})
    crew.members.set(members)
    return crew


def make_work_area(campaign: Campaign, area: AdminArea, crew: Crew | None = None, **values: Any) -> WorkArea:
    """A work area that covers the whole area."""
    facts = {"number": 1, "name": "1구역", "minutes": 120.0, "geometry": area.geometry}
    return WorkArea.objects.create(campaign=campaign, area=area, crew=crew, **{**facts, **values})


def assign(campaign: Campaign, houses: list[VacantHouse], crew: Crew | None = None, **values: Any) -> list[Assignment]:
    rows = [Assignment(campaign=campaign, house=house, crew=crew, **{"step": "field", **values}) for house in houses]
    return Assignment.objects.bulk_create(rows)
