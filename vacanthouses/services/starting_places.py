"""Where a crew's day may begin: its own starting place, a town office or centre of the round's area."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Organisation, OrganisationKind
from vacanthouses.models import Campaign, Crew

OFFICES = (OrganisationKind.TOWN_OFFICE, OrganisationKind.LOCAL_GOVERNMENT)
# Two places so near to one another, in metres, are the same.
SAME_M = 1.0


@dataclass(frozen=True)
class StartingPlace:
    """``point`` in EPSG:5179; ``key`` names it in addresses and forms."""

    key: str
    name: str
    point: Point


def places_for(campaign: Campaign, crew: Crew) -> list[StartingPlace]:
    """The best one first: the crew's own, then offices and centres of its town, then those of the round's area.

    There is always one: where nothing else is known, the middle of the crew's area.
    """
    found = list(_known(campaign, crew))
    if not found:
        middle = crew.area.geometry.point_on_surface
        found = [StartingPlace("middle", _("Middle of %(area)s") % {"area": crew.area.name}, middle)]
    return found


def _known(campaign: Campaign, crew: Crew) -> Iterator[StartingPlace]:
    if crew.start is not None:
        yield StartingPlace("crew", _("Starting place of %(crew)s") % {"crew": crew.name}, crew.start)
    areas = sorted(AdminArea.objects.descendant_ids([campaign.area_id, crew.area_id]))
    offices = Organisation.objects.live().filter(kind__in=OFFICES, area_id__in=areas, location__isnull=False)
    centres = layers.get("centres").records().filter(area_id__in=areas)
    rows = [(f"organisation-{each.pk}", each) for each in offices.order_by("area__mois_code", "name", "pk")]
    rows += [(f"centre-{each.pk}", each) for each in centres.order_by("area__mois_code", "name", "pk")]
    for key, each in sorted(rows, key=lambda row: row[1].area_id != crew.area_id):
        yield StartingPlace(key, each.name, each.location)


def called(places: list[StartingPlace], point: Point) -> StartingPlace:
    """The starting place at this point; one without a name of its own where no known place is there (any more)."""
    for place in places:
        if place.point.distance(point) <= SAME_M:
            return place
    return StartingPlace("kept", _("Starting place"), point)
