"""What a crew takes along: its houses, the forms, the town's outlines and the route, in one document.

A blind re-survey carries nothing of the first visit. The forms are those in force, each once; a visit names the one
it was made with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from gis_core import permissions
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.editing.shapes import to_geojson, to_shapely
from gis_core.models import AdminArea, Role
from gis_core.offline import export_key
from vacanthouses import screening
from vacanthouses.models import (
    Assignment,
    Campaign,
    CampaignStage,
    Candidate,
    Crew,
    DayRoute,
    RuleKind,
    SurveyStep,
    VacantHouse,
    Visit,
    VisitState,
)
from vacanthouses.words.screening import reason_text

from .rules import in_force

SURVEYORS = frozenset({Role.SURVEYOR, Role.SURVEY_MANAGER})
# A phone's store takes more, a person's week does not.
MOST_HOUSES = 1500
# Outlines are for the eye: this many metres are less than a line's width.
OUTLINE_M = 15.0


@dataclass(frozen=True)
class Pack:
    """``houses`` is how many exact addresses are in it."""

    body: dict[str, Any]
    houses: int


def pack_of(user: Any) -> Pack:
    """The pack of this person's crews in their open rounds. A fixed number of statements, whatever there is."""
    crews = list(Crew.objects.live().filter(members=user).select_related("area").order_by("pk"))
    campaigns = _campaigns(crews)
    assignments = list(_assignments(user, crews, campaigns)[: MOST_HOUSES + 1])
    shown = assignments[:MOST_HOUSES]
    forms = _forms(campaigns)
    body = {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "language": get_language(),
        "user": {"id": user.pk, "name": str(user)},
        "crews": [{"id": crew.pk, "name": crew.name, "start": _lonlat(crew.start)} for crew in crews],
        "campaigns": [
            {
                "id": each.pk,
                "name": each.name,
                "step": each.step,
                "regime": each.regime,
                "ends_on": each.ends_on.isoformat(),
            }
            for each in campaigns
        ],
        "houses": _houses(shown, _routes(crews)),
        "left_out": max(0, len(assignments) - MOST_HOUSES),
        "forms": forms,
        "areas": _areas(crews, shown),
        "tiles": [],
        "key": export_key.public(),
    }
    return Pack(body, len(shown))


def _campaigns(crews: list[Crew]) -> list[Campaign]:
    own = Q(assignments__crew__in=crews, assignments__retired_at=None) | Q(work_areas__crew__in=crews)
    found = Campaign.objects.live().filter(own, stage=CampaignStage.OPEN)
    return list(found.order_by("ends_on", "pk").distinct())


def _assignments(user: Any, crews: list[Crew], campaigns: list[Campaign]) -> QuerySet[Assignment]:
    """What is left to do, and what the office returned to this person."""
    returned = Q(visits__surveyor=user, visits__state=VisitState.RETURNED)
    found = Assignment.objects.live().filter(crew__in=crews, campaign__in=campaigns)
    scope = permissions.area_scope(user, SURVEYORS)
    if scope is not None:
        found = found.filter(house__area_id__in=sorted(scope))
    mine = Visit.objects.live().filter(surveyor=user).order_by("-visited_at").prefetch_related("reviews")
    return (
        found.filter(Q(done_at=None) | returned)
        .select_related("house__area")
        .prefetch_related(
            Prefetch("visits", mine, to_attr="own_visits"),
            Prefetch(
                "house__candidacies",
                Candidate.objects.live().filter(run__is_current=True).select_related("run__table").order_by("-pk"),
                to_attr="current_candidacies",
            ),
        )
        .order_by("pk")
        .distinct()
    )


def _routes(crews: list[Crew]) -> dict[int, int]:
    """The place of each assignment in today's route."""
    routes = DayRoute.objects.live().filter(crew__in=crews, day=timezone.localdate()).values_list("stops", flat=True)
    return {pk: number for stops in routes for number, pk in enumerate(stops, 1)}


def _houses(assignments: Iterable[Assignment], order: dict[int, int]) -> list[dict[str, Any]]:
    tables: dict[int, screening.Table] = {}
    return [_house(each, order.get(each.pk), tables) for each in assignments]


def _why(candidacy: Candidate | None, tables: dict[int, screening.Table]) -> list[str]:
    """Why the house is suspected, in words."""
    if candidacy is None:
        return []
    table = candidacy.run.table
    if table.pk not in tables:
        tables[table.pk] = screening.read(table.body)
    return [reason_text(tables[table.pk], reason) for reason in candidacy.reasons]


def _house(assignment: Assignment, order: int | None, tables: dict[int, screening.Table]) -> dict[str, Any]:
    house: VacantHouse = assignment.house
    lon, lat = _lonlat(house.location) or (None, None)
    own = next(iter(assignment.own_visits), None)  # type: ignore[attr-defined]
    candidacy = next(iter(house.current_candidacies), None)  # type: ignore[attr-defined]
    reasons = [] if assignment.is_blind else _why(candidacy, tables)
    return {
        "id": house.pk,
        "assignment": assignment.pk,
        "campaign": assignment.campaign_id,
        "step": assignment.step,
        "address": house.address,
        "pnu": house.pnu,
        "area": house.area.name if house.area else "",
        "lon": lon,
        "lat": lat,
        "parcel": to_geojson(house.parcel),
        "regime": house.regime,
        "reasons": reasons,
        "note": "" if assignment.is_blind else house.note,
        "order": order,
        "is_blind": assignment.is_blind,
        "last": _last(own),
    }


def _last(visit: Visit | None) -> dict[str, Any] | None:
    """What the office said of this person's own visit."""
    if visit is None:
        return None
    comments = [review.comment for review in visit.reviews.all() if review.comment]
    comment = comments[-1] if comments and visit.state == VisitState.RETURNED else ""
    return {"uuid": str(visit.uuid), "state": visit.state, "comment": comment}


def _forms(campaigns: list[Campaign]) -> dict[str, Any]:
    """The forms in force today, by number, for every step of the rounds' regimes."""
    found: dict[str, Any] = {}
    for regime in sorted({each.regime for each in campaigns}):
        for step in SurveyStep.values:
            table = in_force(RuleKind.FORM, regime, key=step)
            if table is not None:
                known = found.setdefault(
                    str(table.pk),
                    {"id": table.pk, "step": step, "regimes": [], "title": table.title, "body": table.body},
                )
                known["regimes"].append(regime)
    return found


def _areas(crews: list[Crew], assignments: Iterable[Assignment]) -> dict[str, Any]:
    """Outlines of the towns of the houses, as GeoJSON."""
    ids = {each.house.area_id for each in assignments if each.house.area_id}
    towns = AdminArea.objects.towns().filter(Q(pk__in=sorted(ids)) | Q(pk__in=[crew.area_id for crew in crews]))
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": area.name}, "geometry": _outline(area)}
            for area in towns.order_by("mois_code").only("name", "geometry")
        ],
    }


def _outline(area: AdminArea) -> Any:
    shape = to_shapely(area.geometry)
    assert shape is not None
    moved = reproject(shape.simplify(OUTLINE_M), STORAGE_SRID, LONLAT_SRID)
    return _rounded(moved.__geo_interface__)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 5) if isinstance(value, float) else value


def _lonlat(place: Any) -> tuple[float, float] | None:
    point = to_geojson(place)
    return tuple(point["coordinates"]) if point else None


__all__ = ["Pack", "pack_of"]
