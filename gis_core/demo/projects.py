"""The demo data's projects of zones, with their money and events."""

from typing import Any

from gis_core.editing.shapes import read_shape, to_geos
from gis_core.geometry import inner_point
from gis_core.models import AdminArea, CooperationZone, Organisation
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ZoneProject

from . import fixtures


def load() -> int:
    """Needs the zones. Does nothing where there are example projects already."""
    if ZoneProject.objects.filter(is_example=True).exists():
        return 0
    rows = fixtures.parameters("zone_projects")
    for row in rows:
        _make(row)
    return len(rows)


def _make(row: dict[str, Any]) -> None:
    place = read_shape(row["place"], "geometry").geometry
    project = ZoneProject.objects.create(
        **{name: row[name] for name in ("name", "summary", "stage", "starts_on", "ends_on")},
        zone=CooperationZone.objects.get(is_example=True, name=row["zone"]),
        lead=Organisation.objects.get(is_example=True, name=row["lead"]),
        geometry=to_geos(place),
        area=AdminArea.objects.containing(to_geos(inner_point(place))),
        is_example=True,
    )
    project.partners.set(Organisation.objects.filter(is_example=True, name__in=row["partners"]))
    ProjectBudget.objects.bulk_create(ProjectBudget(project=project, **each) for each in row["budgets"])
    ProjectEvent.objects.bulk_create(ProjectEvent(project=project, **each) for each in row.get("events", []))
