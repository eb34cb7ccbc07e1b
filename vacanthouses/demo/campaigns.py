"""Invented survey rounds and their crews (``fixtures/campaigns.yaml``)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from gis_core.demo import fixtures
from gis_core.models import AdminArea, Organisation, User
from vacanthouses.models import Campaign, ClockEvent, Crew


def load() -> dict[str, int]:
    if Campaign.objects.filter(is_example=True).exists():
        return {"survey rounds": 0, "crews": 0}
    parameters = fixtures.parameters("campaigns")
    campaigns = [_campaign(facts) for facts in parameters["campaigns"]]
    first = campaigns[0]
    for event in parameters["events"]:
        day = first.starts_on + timedelta(days=event["in_days"])
        ClockEvent.objects.create(code=event["code"], on=day, campaign=first)
    crews = [_crew(facts) for facts in parameters["crews"]]
    return {"survey rounds": len(campaigns), "crews": len(crews)}


def _area(code: str) -> AdminArea:
    area = AdminArea.objects.by_code(code)
    assert area is not None, code
    return area


def _campaign(facts: dict[str, Any]) -> Campaign:
    begin = timezone.localdate() + timedelta(days=facts["begins_in_days"])
    return Campaign.objects.create(
        name=facts["name"],
        area=_area(facts["area"]),
        regime=facts["regime"],
        step=facts["step"],
        stage=facts["stage"],
        starts_on=begin,
        ends_on=begin + timedelta(days=facts["lasts_days"]),
        note=facts["note"],
        is_example=True,
    )


def _crew(facts: dict[str, Any]) -> Crew:
    """Their day begins at the town office, where there is one."""
    area = _area(facts["area"])
    office = Organisation.objects.live().filter(area=area, location__isnull=False).order_by("pk").first()
    start = office.location if office else area.geometry.point_on_surface
    crew = Crew.objects.create(name=facts["name"], area=area, start=start, is_example=True)
    crew.members.set(User.objects.filter(username__in=facts["members"]))
    return crew
