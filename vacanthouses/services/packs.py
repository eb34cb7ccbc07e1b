"""What a crew takes along: its houses, the forms, the town's outlines and the route, in one document.

A blind re-survey carries nothing of the first visit. The forms are those in force, each once; a visit names the one
it was made with. What is done goes along as a line, so that the list of a crew's second phone is whole; what the office
returned goes along with its text, so that the same visit can be corrected on whichever phone is at hand.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from gis_core import permissions
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from gis_core.editing.shapes import to_geojson, to_shapely
from gis_core.models import AdminArea, OfflineRecord, Role
from gis_core.offline import base_maps, export_key
from vacanthouses import screening
from vacanthouses.models import (
    Assignment,
    Campaign,
    CampaignStage,
    Candidate,
    Crew,
    DayRoute,
    RuleKind,
    RuleTable,
    SurveyStep,
    VacantHouse,
    Visit,
    VisitState,
)
from vacanthouses.words.screening import reason_text

from .visits import VISITS, as_told, comment_of

SURVEYORS = frozenset({Role.SURVEYOR, Role.SURVEY_MANAGER})
# A phone's store takes more, a person's week does not.
MOST_HOUSES = 1500
ROUTE_DAYS = 7
# Outlines are for the eye: this many metres are less than a line's width.
OUTLINE_M = 15.0
# A province's outline is large, and nobody asks for it here.
_OUTLINES_ABOVE = tuple("__".join(["parent"] * steps) + "__geometry" for steps in (1, 2, 3))


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
    visits = [own for each in shown if (own := _own(each)) and own.state == VisitState.RETURNED]
    routes = _routes_ahead(crews)
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
                "area": each.area_id,
                "ends_on": each.ends_on.isoformat(),
            }
            for each in campaigns
        ],
        "routes": routes,
        "houses": _houses(shown, _order(routes), _texts(user, visits)),
        "done": [_done(each) for each in _finished(user, crews, campaigns, shown)],
        "left_out": max(0, len(assignments) - MOST_HOUSES),
        "forms": _forms(campaigns, {visit.form_id for visit in visits if visit.form_id}),
        "areas": _areas(crews, shown),
        **base_maps.taken_along(_places(crews, shown)),
        "key": export_key.public(),
    }
    return Pack(body, len(shown))


def _campaigns(crews: list[Crew]) -> list[Campaign]:
    own = Q(assignments__crew__in=crews, assignments__retired_at=None) | Q(work_areas__crew__in=crews)
    found = Campaign.objects.live().filter(own, stage=CampaignStage.OPEN)
    return list(found.order_by("ends_on", "pk").distinct())


def _given(user: Any, crews: list[Crew], campaigns: list[Campaign]) -> QuerySet[Assignment]:
    """What was given to these crews, where this person surveys; with the person's own visits."""
    found = Assignment.objects.live().filter(crew__in=crews, campaign__in=campaigns)
    scope = permissions.area_scope(user, SURVEYORS)
    if scope is not None:
        found = found.filter(house__area_id__in=sorted(scope))
    mine = Visit.objects.live().filter(surveyor=user).order_by("-visited_at").prefetch_related("reviews")
    return found.select_related("house__area").prefetch_related(Prefetch("visits", mine, to_attr="own_visits"))


def _assignments(user: Any, crews: list[Crew], campaigns: list[Campaign]) -> QuerySet[Assignment]:
    """What is left to do, and what the office returned to this person."""
    returned = Q(visits__surveyor=user, visits__state=VisitState.RETURNED)
    return (
        _given(user, crews, campaigns)
        .filter(Q(done_at=None) | returned)
        .prefetch_related(
            Prefetch(
                "house__candidacies",
                Candidate.objects.live().filter(run__is_current=True).select_related("run__table").order_by("-pk"),
                to_attr="current_candidacies",
            ),
        )
        .order_by("pk")
        .distinct()
    )


def _finished(
    user: Any, crews: list[Crew], campaigns: list[Campaign], shown: Iterable[Assignment]
) -> QuerySet[Assignment]:
    """What the crews have done in their open rounds, the latest first."""
    found = _given(user, crews, campaigns).exclude(done_at=None).exclude(pk__in=[each.pk for each in shown])
    return found.order_by("-done_at", "-pk")[:MOST_HOUSES]


def _done(assignment: Assignment) -> dict[str, Any]:
    house: VacantHouse = assignment.house
    lon, lat = _lonlat(house.location) or (None, None)
    return {
        "id": house.pk,
        "assignment": assignment.pk,
        "address": house.address,
        "area": house.area.name if house.area else "",
        "lon": lon,
        "lat": lat,
        "done_on": timezone.localdate(assignment.done_at).isoformat(),
        "last": _last(_own(assignment)),
    }


def _own(assignment: Assignment) -> Visit | None:
    return next(iter(assignment.own_visits), None)  # type: ignore[attr-defined]


def _texts(user: Any, visits: list[Visit]) -> dict[UUID, OfflineRecord]:
    """What phones sent of these visits."""
    uuids = [visit.uuid for visit in visits]
    records = OfflineRecord.objects.filter(kind=VISITS.id, user=user, uuid__in=uuids) if uuids else []
    return {record.uuid: record for record in records}


def _routes_ahead(crews: list[Crew]) -> list[dict[str, Any]]:
    """The routes of today and the coming days: a pack is often downloaded the evening before."""
    today = timezone.localdate()
    days = (today, today + timedelta(days=ROUTE_DAYS))
    routes = DayRoute.objects.live().filter(crew__in=crews, day__range=days).order_by("day", "pk")
    return [{"day": each.day.isoformat(), "crew": each.crew_id, "stops": each.stops} for each in routes]


def _order(routes: list[dict[str, Any]]) -> dict[int, int]:
    """The place of each assignment in today's route."""
    today = timezone.localdate().isoformat()
    stops = (route["stops"] for route in routes if route["day"] == today)
    return {pk: number for each in stops for number, pk in enumerate(each, 1)}


def _houses(
    assignments: Iterable[Assignment], order: dict[int, int], texts: dict[UUID, OfflineRecord]
) -> list[dict[str, Any]]:
    tables: dict[int, screening.Table] = {}
    return [{**_house(each, order.get(each.pk), tables), "last": _last(_own(each), texts)} for each in assignments]


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
    }


def _last(visit: Visit | None, texts: Mapping[UUID, OfflineRecord] = MappingProxyType({})) -> dict[str, Any] | None:
    """What the office said of this person's own visit; of a returned one also its text and the version of that."""
    if visit is None:
        return None
    told = {"uuid": str(visit.uuid), "state": visit.state, "comment": comment_of(visit)}
    record = texts.get(visit.uuid)
    if record is None:
        return told
    return {**told, "version": record.version, "object": as_told(visit, json.loads(record.body))}


def _forms(campaigns: list[Campaign], forms_of: set[int]) -> dict[str, Any]:
    """The forms in force today, by number, for every step of the rounds' regimes; and those of returned visits."""
    found: dict[str, Any] = {}
    for regime in sorted({each.regime for each in campaigns}):
        of_steps: dict[str, RuleTable] = {}
        for table in RuleTable.objects.in_force(RuleKind.FORM, regime, timezone.localdate()):
            of_steps.setdefault(table.key, table)
        for step in SurveyStep.values:
            if (table := of_steps.get(step)) is not None:
                known = found.setdefault(
                    str(table.pk),
                    {"id": table.pk, "step": step, "regimes": [], "title": table.title, "body": table.body},
                )
                known["regimes"].append(regime)
    # A returned visit was made with a form that may be no longer the one in force.
    older = forms_of - {int(pk) for pk in found}
    for table in RuleTable.objects.filter(pk__in=older) if older else ():
        found[str(table.pk)] = {
            "id": table.pk, "step": table.key, "regimes": [], "title": table.title, "body": table.body,
        }  # fmt: skip
    return found


def _areas(crews: list[Crew], assignments: Iterable[Assignment]) -> dict[str, Any]:
    """Outlines of the towns of the houses, as GeoJSON."""
    ids = {each.house.area_id for each in assignments if each.house.area_id}
    towns = AdminArea.objects.towns().filter(Q(pk__in=sorted(ids)) | Q(pk__in=[crew.area_id for crew in crews]))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": area.name, "within": _above(area)},
                "geometry": _outline(area),
            }
            for area in towns.order_by("mois_code").select_related("parent__parent__parent").defer(*_OUTLINES_ABOVE)
        ],
    }


def _above(area: AdminArea | None) -> list[int]:
    """The area and those above it: a round of any of them is a round here."""
    found: list[int] = []
    while area is not None:
        found.append(area.pk)
        area = area.parent
    return found


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


def _places(crews: list[Crew], assignments: Iterable[Assignment]) -> list[tuple[float, float]]:
    """Where a crew begins and where it goes; without houses it goes nowhere."""
    houses = [at for each in assignments if (at := _lonlat(each.house.location))]
    return [*houses, *(at for crew in crews if (at := _lonlat(crew.start)))] if houses else []


def _lonlat(place: Any) -> tuple[float, float] | None:
    point = to_geojson(place)
    return tuple(point["coordinates"]) if point else None


__all__ = ["Pack", "pack_of"]
