"""Splitting a survey round's houses into work areas, and keeping the split that a manager accepts."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_core import permissions
from gis_core.crs import STORAGE_SRID
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea
from vacanthouses import splitting
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse, WorkArea

from .assignments import MANAGERS, crews_for, current, houses_of

# What a house is supposed to take where no split of the round has said so.
HOUSE_MINUTES = 30.0


@dataclass(frozen=True)
class Proposal:
    """``ground`` is the round's area (EPSG:5179). ``token`` names the houses, the numbers and
    the present areas it was made from: accepting it needs them unchanged, so that it is accepted once."""

    houses: tuple[VacantHouse, ...]
    points: tuple[tuple[float, float], ...]
    areas: tuple[splitting.Area, ...]
    ground: BaseGeometry
    token: str


def propose(campaign: Campaign, count: int, minutes: float) -> Proposal:
    """Split what is still to be visited, each house taking ``minutes``. Writes nothing. Raises Invalid."""
    visited = current(campaign).filter(done_at__isnull=False).values("house")
    houses = tuple(houses_of(campaign).exclude(pk__in=visited).filter(location__isnull=False).order_by("pk"))
    points = tuple((house.location.x, house.location.y) for house in houses)
    try:
        areas = tuple(splitting.split(points, [minutes] * len(points), count))
    except ValueError as error:
        told = _("There are %(houses)s houses to visit: they cannot be split into %(count)s areas.")
        raise Invalid({"count": [told % {"houses": len(houses), "count": count}]}) from error
    present = list(WorkArea.objects.live().filter(campaign=campaign).order_by("pk").values_list("pk", "version"))
    facts = repr((campaign.pk, count, minutes, [house.pk for house in houses], points, present))
    ground = shapely.from_wkb(bytes(campaign.area.geometry.wkb))
    return Proposal(houses, points, areas, ground, hashlib.sha256(facts.encode()).hexdigest())


def outlines_of(proposal: Proposal) -> list[MultiPolygon]:
    """The areas' shapes, which together cover the round's area and every house."""
    ground = proposal.ground.union(shapely.MultiPoint(proposal.points).convex_hull)
    return splitting.outlines(proposal.points, proposal.areas, ground)


@transaction.atomic
def accept(campaign: Campaign, user: Any, count: int, minutes: float, token: str) -> list[WorkArea]:
    """Make the proposed areas instead of the round's present ones; what has been visited stays where it was.

    Houses that a crew has keep it until the area is given to one. Raises NotAllowed, Invalid when the houses changed.
    """
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [locked.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    proposal = propose(locked, count, minutes)
    if proposal.token != token:
        raise Invalid(
            {"__all__": [_("The houses or areas of this round changed meanwhile. Look at the new split first.")]}
        )
    WorkArea.objects.live().filter(campaign=locked).update(
        retired_at=timezone.now(), retired_reason=_("split anew"), updated_by=user
    )
    shapes = outlines_of(proposal)
    made = []
    for number, (area, shape) in enumerate(zip(proposal.areas, shapes, strict=True), start=1):
        work_area = WorkArea.objects.create(
            campaign=locked, number=number, name=_("Area %(number)s") % {"number": number},
            area=_town_of([proposal.houses[house] for house in area.houses]) or locked.area,
            minutes=area.minutes, geometry=GEOSGeometry(shape.wkb.hex(), srid=STORAGE_SRID),
            created_by=user, updated_by=user,
        )  # fmt: skip
        _fill(locked, user, work_area, [proposal.houses[house].pk for house in area.houses])
        made.append(work_area)
    return made


def begin(campaign: Campaign, user: Any, houses: list[VacantHouse]) -> WorkArea:
    """A further area for these houses of a round that is locked; ``redraw`` gives it its shape and its work."""
    last = WorkArea.objects.live().filter(campaign=campaign).order_by("-number").first()
    number = last.number + 1 if last else 1
    made: WorkArea = WorkArea.objects.create(
        campaign=campaign, number=number, name=_("Area %(number)s") % {"number": number},
        area=_town_of(houses) or campaign.area, geometry=campaign.area.geometry, created_by=user, updated_by=user,
    )  # fmt: skip
    return made


def _town_of(houses: list[VacantHouse]) -> AdminArea | None:
    """Where most of the houses lie: people responsible there see the area."""
    found = Counter(house.area_id for house in houses if house.area_id is not None).most_common(1)
    return AdminArea.objects.get(pk=found[0][0]) if found else None


def houses_by_area(campaign: Campaign) -> dict[int, int]:
    """How many houses each work area of the round has."""
    rows = current(campaign).filter(work_area__isnull=False).order_by().values("work_area")
    return {row["work_area"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def redraw(campaign: Campaign, user: Any, before: dict[int, int]) -> None:
    """Draw the round's areas anew around the houses they have now; ``before`` is how many each had.

    The work grows and shrinks with the houses. An area that lost its last house is taken out of use.
    """
    areas = {each.pk: each for each in WorkArea.objects.live().filter(campaign=campaign).order_by("number")}
    rows = list(
        current(campaign).filter(work_area__in=areas, house__location__isnull=False).select_related("house")
    )  # fmt: skip
    now = houses_by_area(campaign)
    WorkArea.objects.filter(pk__in=areas.keys() - now.keys()).update(
        retired_at=timezone.now(), retired_reason=_("no house is left in it"), updated_by=user
    )
    points = tuple((row.house.location.x, row.house.location.y) for row in rows)
    members = {pk: tuple(n for n, row in enumerate(rows) if row.work_area_id == pk) for pk in areas if pk in now}
    kept = [pk for pk in members if members[pk]]
    each = next((areas[pk].minutes / count for pk, count in before.items() if pk in areas and areas[pk].minutes), None)
    each = HOUSE_MINUTES if each is None else each
    if not kept:
        return
    shares = [splitting.Area(members[pk], 0.0, 0.0, True) for pk in kept]
    ground = shapely.from_wkb(bytes(campaign.area.geometry.wkb)).union(shapely.MultiPoint(points).convex_hull)
    for pk, shape in zip(kept, splitting.outlines(points, shares, ground), strict=True):
        WorkArea.objects.filter(pk=pk).update(
            geometry=GEOSGeometry(shape.wkb.hex(), srid=STORAGE_SRID), minutes=each * now[pk], updated_by=user
        )


def _fill(campaign: Campaign, user: Any, work_area: WorkArea, houses: list[int]) -> None:
    rows = current(campaign).filter(house__in=houses)
    known = set(rows.values_list("house", flat=True))
    rows.update(work_area=work_area, updated_by=user)
    Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign, house_id=pk, step=campaign.step, work_area=work_area, created_by=user, updated_by=user
        )
        for pk in houses
        if pk not in known
    )


@transaction.atomic
def give(work_area: WorkArea, user: Any, crew: Crew | None, version: int) -> int:
    """Give an area to a crew; how many of its houses changed hands: those visited stay. Raises NotAllowed, Invalid."""
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=work_area.campaign_id)
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [locked.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    found = WorkArea.objects.live().filter(pk=work_area.pk).first()
    if found is None or found.version != version:
        raise Invalid({"__all__": [_("Somebody changed this work area meanwhile. Look again and choose.")]})
    if crew is not None and not crews_for(locked).filter(pk=crew.pk).exists():
        raise Invalid({"crew": [_("This crew does not work in the area of this round.")]})
    WorkArea.objects.filter(pk=found.pk).update(crew=crew, updated_by=user)
    return current(locked).filter(work_area=found, done_at=None).exclude(crew=crew).update(crew=crew, updated_by=user)
