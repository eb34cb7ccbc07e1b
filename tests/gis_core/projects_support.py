"""Zones with projects to test with."""

from datetime import date
from typing import Any

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis_core.models import CooperationZone
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ProjectOutput, ZoneAgreement, ZoneProject
from tests.factories import geos, lonlat, place, square

POINT = place(300, 400)
LINE = LineString([place(200, 200), place(900, 400), place(1500, 1200)])
AREA = square(500, 500, 400)
SHAPES: dict[str, BaseGeometry] = {"Point": POINT, "LineString": LINE, "Polygon": AREA}


def make_project(zone: CooperationZone, shape: BaseGeometry = POINT, **values: Any) -> ZoneProject:
    return ZoneProject.objects.create(
        **{"name": "하천 정화", "starts_on": date(2019, 5, 1), **values}, zone=zone, geometry=geos(shape)
    )


def make_agreement(zone: CooperationZone, **values: Any) -> ZoneAgreement:
    days = {"signed_on": date(2019, 4, 1), "valid_from": date(2019, 4, 1)}
    return ZoneAgreement.objects.create(**{"title": f"{zone} 협약", **days, **values}, zone=zone)


def make_budget(project: ZoneProject, planned: int = 10_000_000, spent: int | None = None, **values: Any) -> Any:
    facts = {"year": 2019, "source": "city", **values}
    return ProjectBudget.objects.create(project=project, planned_krw=planned, executed_krw=spent, **facts)


def feature(zone: CooperationZone, shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    """A project as a client of the API sends it."""
    facts = {"name": "하천 정화", "zone": zone.pk, "stage": "proposed", "partners": [], **properties}
    return {"type": "Feature", "geometry": lonlat(shape), "properties": facts}


def make_whole_project(zone: CooperationZone) -> ZoneProject:
    """One with everything a project can have."""
    project = make_project(zone, LINE, stage="underway", agreement=make_agreement(zone, valid_until=date(2019, 12, 31)))
    make_budget(project)
    make_budget(project, 3_000_000, 4_000_000, year=2020, source="province")
    ProjectEvent.objects.create(project=project, held_on=date(2019, 9, 28), title="토론회", attendance=300)
    ProjectOutput.objects.create(project=project, title="화단", quantity=3, unit="곳")
    return project


def project_paths(project: int) -> list[str]:
    """The pages beside the record's own."""
    parts = {"budgets": ProjectBudget, "events": ProjectEvent, "outputs": ProjectOutput}
    one = f"/zone-projects/{project}"
    return [
        f"{one}/stage/",
        *(f"{one}/{kind}/add/" for kind in parts),
        *(f"/zone-projects/{kind}/{model.objects.earliest('pk').pk}/" for kind, model in parts.items()),
    ]
