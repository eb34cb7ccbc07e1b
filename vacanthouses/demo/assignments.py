"""What is still to be visited in the demo's open round: the houses of the crews' towns that no visit speaks of, the
round split into work areas, and the first crew's route of the day of loading."""

from typing import Any

from django.utils import timezone

from gis_core import permissions
from gis_core.models import User
from vacanthouses.models import Assignment, Campaign, Crew, DayRoute, HouseStatus, VacantHouse, WorkArea
from vacanthouses.services import routes, work_areas
from vacanthouses.services.assignments import SURVEYORS
from vacanthouses.services.starting_places import places_for

STATUSES = (HouseStatus.CANDIDATE, HouseStatus.CONFIRMED)
MANAGER = "manager"
AREAS, HOUSE_MINUTES = 20, 30.0
DAY_MINUTES, MOST_STOPS = 360.0, 10


def load() -> dict[str, int]:
    campaign = Campaign.objects.filter(is_example=True, stage="open").order_by("pk").first()
    manager = User.objects.filter(username=MANAGER).first()
    if campaign is None or manager is None:
        return {"assignments": 0, "work areas": 0, "day routes": 0}
    crews = list(Crew.objects.filter(is_example=True).order_by("pk"))
    return {
        "assignments": _assign(campaign, crews),
        "work areas": _split(campaign, crews, manager),
        "day routes": _route(campaign, crews[0], manager) if crews else 0,
    }


def _assign(campaign: Campaign, crews: list[Crew]) -> int:
    """Makes nothing where somebody has work in the round already that is not done."""
    if Assignment.objects.filter(campaign=campaign, done_at=None, is_blind=False).exists():
        return 0
    rows = []
    taken = set(Assignment.objects.filter(campaign=campaign).values_list("house", flat=True))
    for crew in crews:
        houses = VacantHouse.objects.filter(
            area=crew.area, status__in=STATUSES, regime=campaign.regime, is_example=True
        )
        for house in houses.exclude(pk__in=taken).order_by("pk"):
            taken.add(house.pk)
            rows.append(
                Assignment(campaign=campaign, house=house, crew=crew, step=campaign.step, created_at=timezone.now())
            )
    return len(Assignment.objects.bulk_create(rows))


def _split(campaign: Campaign, crews: list[Crew], manager: Any) -> int:
    """The whole round in areas; each that lies in the towns of a crew's people is that crew's."""
    if WorkArea.objects.filter(campaign=campaign).exists():
        return 0
    token = work_areas.propose(campaign, AREAS, HOUSE_MINUTES).token
    made = work_areas.accept(campaign, manager, AREAS, HOUSE_MINUTES, token)
    WorkArea.objects.filter(campaign=campaign).update(is_example=True)
    for area in WorkArea.objects.filter(pk__in=[each.pk for each in made]):
        towns = set(Assignment.objects.filter(work_area=area).values_list("house__area", flat=True))
        for crew in crews:
            if area.area_id == crew.area_id and towns <= _towns(crew):
                work_areas.give(area, manager, crew, area.version)
    return len(made)


def _towns(crew: Crew) -> set[int]:
    """Where all of the crew's people may survey."""
    scopes = [permissions.area_scope(person, SURVEYORS) for person in crew.members.all()]
    known = [scope for scope in scopes if scope is not None]
    return set(frozenset.intersection(*known)) if known else set()


def _route(campaign: Campaign, crew: Crew, manager: Any) -> int:
    today = timezone.localdate()
    if DayRoute.objects.filter(campaign=campaign, crew=crew, day=today).exists():
        return 0
    start = places_for(campaign, crew)[0].point
    empty = routes.Draft(crew, today, True, start, HOUSE_MINUTES, ())
    stops = routes.propose(campaign, empty, DAY_MINUTES, MOST_STOPS)
    if not stops:
        return 0
    routes.save(campaign, manager, routes.Draft(crew, today, True, start, HOUSE_MINUTES, stops), 0)
    return 1
