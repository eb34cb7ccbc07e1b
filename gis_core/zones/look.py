"""What is known of a set of member areas while they are being chosen, and of a zone on its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q
from shapely.geometry.base import BaseGeometry

from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, CooperationZone, IndicatorValue, ZoneArea

from . import adjacency, contiguity
from .extent import union_of

POPULATION = "population"


@dataclass(frozen=True)
class Member:
    """A member area. ``population`` None is unknown; ``is_bridge``: others hang together only through it."""

    area: AdminArea
    population: int | None
    neighbours: tuple[AdminArea, ...]
    is_bridge: bool


@dataclass(frozen=True)
class Overlapping:
    zone: CooperationZone
    km2: float
    shared: tuple[AdminArea, ...]


@dataclass(frozen=True)
class Look:
    """``km2`` is the ground the zone covers, each piece once; ``population`` the sum of those who are ``known`` of the
    ``counted`` members (a town within a member city is counted with the city)."""

    members: tuple[Member, ...] = ()
    groups: tuple[tuple[AdminArea, ...], ...] = ()
    km2: float | None = None
    population: int | None = None
    known: int = 0
    counted: int = 0
    compactness: float | None = None
    overlaps: tuple[Overlapping, ...] = ()
    is_drawn: bool = False
    periods: tuple[str, ...] = ()

    @property
    def apart(self) -> tuple[tuple[AdminArea, ...], ...]:
        """The groups that lie apart from the largest one."""
        return self.groups[1:]

    @property
    def names_apart(self) -> str:
        return ", ".join(area.name for group in self.apart for area in group)


def look_at(user: Any, area_ids: Iterable[int], zone: CooperationZone | None = None) -> Look:
    """As far as this person sees other zones. ``zone`` is the one being changed: it does not overlap itself, and where
    it was drawn by hand its own extent is measured."""
    wanted = sorted(set(area_ids))
    found = AdminArea.objects.filter(pk__in=wanted).defer("geometry").select_related("parent__parent")
    areas = {area.pk: area for area in found.order_by("mois_code")}
    is_drawn = zone is not None and zone.drawn
    extent = to_shapely(zone.geometry) if zone is not None and is_drawn else union_of(areas)
    if extent is None:
        return Look()
    neighbours = adjacency.pairs(areas)
    groups = contiguity.components(areas, neighbours)
    people = _population(areas)
    outermost = [area.pk for area in areas.values() if not _above(area) & areas.keys()]
    counts = [people[pk][0] for pk in outermost if pk in people]
    return Look(
        members=_members(areas, neighbours, people),
        groups=tuple(tuple(areas[pk] for pk in sorted(group, key=list(areas).index)) for group in groups),
        km2=extent.area / 1e6,
        population=sum(counts) if counts else None,
        known=len(counts),
        counted=len(outermost),
        compactness=contiguity.compactness(extent),
        overlaps=_overlaps(user, areas, extent, zone),
        is_drawn=is_drawn,
        periods=tuple(sorted({period for _count, period in people.values()})),
    )


def _members(
    areas: Mapping[int, AdminArea], neighbours: adjacency.Borders, people: Mapping[int, tuple[int, str]]
) -> tuple[Member, ...]:
    bridges = contiguity.bridges(areas, neighbours)
    return tuple(
        Member(
            area,
            population=people[pk][0] if pk in people else None,
            neighbours=tuple(areas[other] for other in areas if other in neighbours[pk]),
            is_bridge=pk in bridges,
        )
        for pk, area in areas.items()
    )


def _above(area: AdminArea) -> set[int]:
    """The areas that an area lies in."""
    found, parent = set(), area.parent
    while parent is not None:
        found.add(parent.pk)
        parent = parent.parent
    return found


def _population(area_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The newest figure of each area that has one, and its period."""
    values = IndicatorValue.objects.live().filter(
        indicator__key=POPULATION, indicator__retired_at__isnull=True, area__in=list(area_ids)
    )
    rows: Iterable[tuple[int, Decimal, str]] = values.order_by("period", "pk").values_list("area", "value", "period")
    return {area: (round(value), period) for area, value, period in rows}


def _overlaps(
    user: Any, areas: Mapping[int, AdminArea], extent: BaseGeometry, zone: CooperationZone | None
) -> tuple[Overlapping, ...]:
    seen = layers.get("zones").queryset(user).exclude(pk=zone.pk if zone else None)
    sharing = ZoneArea.objects.filter(adminarea__in=list(areas)).values("cooperationzone")
    near = seen.filter(Q(geometry__intersects=to_geos(extent)) | Q(pk__in=sharing)).prefetch_related(
        Prefetch("member_areas", AdminArea.objects.only("pk"))
    )
    zones = {each.pk: each for each in near}
    others = [
        (pk, shape, frozenset(area.pk for area in each.member_areas.all()))
        for pk, each in zones.items()
        if (shape := to_shapely(each.geometry)) is not None
    ]
    return tuple(
        Overlapping(zones[each.zone], each.km2, tuple(areas[pk] for pk in areas if pk in each.members))
        for each in contiguity.overlaps(areas.keys(), extent, others)
    )


def areas_inside(ring: BaseGeometry, level: str) -> list[int]:
    """The current areas of a level of which more than half lies in a shape (EPSG:5179)."""
    near = AdminArea.objects.current().filter(level=level, geometry__intersects=to_geos(ring)).order_by("mois_code")
    shapes = ((area.pk, to_shapely(area.geometry)) for area in near.only("pk", "geometry"))
    return [pk for pk, shape in shapes if shape is not None and shape.intersection(ring).area > shape.area / 2]
