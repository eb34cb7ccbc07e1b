"""The demo plans: two invented centres as they are and as they could be, written by hand in ``fixtures/plans``."""

from collections.abc import Iterator
from math import cos, radians, sin
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from facilities.plan import document as pure
from facilities.plan.document import Document, difference
from facilities.plan.readable import WrittenPlan, key_maker, read
from gis_core import yaml_files
from gis_core.crs import STORAGE_SRID
from gis_core.demo import fixtures

from .models import Building, Centre, Level, Plan, Team
from .models.plans import PlanStatus
from .services.documents import in_world, to_local_geos
from .services.edits import record

FOLDER = fixtures.FOLDER / "plans"


def load() -> dict[str, int]:
    """Make what is not there yet; the centres come first."""
    made = {"buildings": 0, "plans": 0}
    for data in files():
        centre = Centre.objects.filter(name=data["centre"], is_example=True).first()
        if centre is not None and not Building.objects.filter(centre=centre).exists():
            made["buildings"] += 1
            made["plans"] += _building(data, centre)
    return made


def files() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        yield yaml_files.read(path)


def _building(data: dict[str, Any], centre: Centre) -> int:
    written = read(data)
    document = written[0].document
    building = _placed(data, centre)
    building.footprint = in_world(document.ordered_levels()[0].outline, building.frame)
    building.save()
    Team.objects.bulk_create(_team(team, centre) for team in document.teams)
    Level.objects.bulk_create(_level(level, building) for level in document.ordered_levels())
    # What has been built is what stands there.
    shown = next((plan for plan in written if plan.about["status"] == PlanStatus.AS_BUILT), written[0])
    plans: dict[str | None, Plan] = {None: None}  # type: ignore[dict-item]
    for plan in written:
        plans[plan.name] = _plan(plan, building, plans[plan.based_on], plan is shown)
    return len(written)


def _placed(data: dict[str, Any], centre: Centre) -> Building:
    x, y = data["corner"]
    turned = radians(data["turned"])
    anchor = (
        centre.location.x + x * cos(turned) - y * sin(turned),
        centre.location.y + x * sin(turned) + y * cos(turned),
    )
    return Building(
        centre=centre,
        key=key_maker(f"dongne/{data['centre']}/{data['building']}")("building"),
        name=data["building"],
        area=centre.area,
        anchor=Point(*anchor, srid=STORAGE_SRID),
        rotation=data["turned"],
        is_example=True,
    )


def _team(team: pure.Team, centre: Centre) -> Team:
    return Team(centre=centre, is_example=True, **vars(team))


def _level(level: pure.Level, building: Building) -> Level:
    return Level(building=building, **{**vars(level), "outline": to_local_geos(level.outline)})


def _plan(written: WrittenPlan, building: Building, based_on: Plan | None, shown: bool) -> Plan:
    plan = Plan.objects.create(
        building=building,
        name=written.name,
        based_on=based_on,
        is_shown=shown,
        is_example=True,
        **written.about,
    )
    record(plan, None, difference(Document(), written.document), operation="import")
    if written.about["status"] in {PlanStatus.AGREED, PlanStatus.AS_BUILT}:
        Plan.objects.filter(pk=plan.pk).update(frozen_at=timezone.now())
        plan.refresh_from_db()
    return plan
