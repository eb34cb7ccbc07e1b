"""What coverage and flood maps read: villages, depots, roads and offices, as far as a person may see them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.crs import STORAGE_SRID
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, AreaLevel, Organisation
from gis_core.models.organisations import OrganisationKind

from .models import Depot, HazardRaster, Item, Road, Village
from .querysets import standards_in_force

OFFICES = (OrganisationKind.LOCAL_GOVERNMENT, OrganisationKind.TOWN_OFFICE)


def seen_areas(user: Any) -> frozenset[int] | None:
    """The areas of which this person sees depots; None means everywhere. Raises PermissionDenied for other roles."""
    layer = layers.get("depots")
    if not permissions.can_view(user, layer):
        raise PermissionDenied(_("Your role does not see the depots."))
    return permissions.area_scope(user, layer.access.view)


def cities(user: Any) -> "QuerySet[AdminArea]":
    """Cities and counties with villages or depots that this person sees."""
    scope = seen_areas(user)
    places: list[Any] = [
        model.objects.live().in_areas(scope).order_by().values("area__parent") for model in (Village, Depot)
    ]
    current: QuerySet[AdminArea] = AdminArea.objects.current().filter(level=AreaLevel.SIGUNGU)
    return (current.filter(pk__in=places[0]) | current.filter(pk__in=places[1])).order_by("mois_code")


def towns(user: Any, city: AdminArea) -> "QuerySet[AdminArea]":
    scope = seen_areas(user)
    found: QuerySet[AdminArea] = AdminArea.objects.towns().filter(parent=city).order_by("mois_code")
    return found if scope is None else found.filter(pk__in=sorted(scope))


def villages(areas: Iterable[int]) -> "QuerySet[Village]":
    found: QuerySet[Village] = Village.objects.live().filter(area_id__in=list(areas)).order_by("area_id", "pk")
    return found


def depots(user: Any) -> "QuerySet[Depot]":
    """Depots of everywhere the person sees: help does not stop at a town's border."""
    found: QuerySet[Depot] = Depot.objects.live().in_areas(seen_areas(user))
    return found.select_related("area").order_by("area__mois_code", "pk")


def offices(areas: Iterable[int]) -> "QuerySet[Organisation]":
    """Town and city offices with a known place: where a new depot could be."""
    found: QuerySet[Organisation] = Organisation.objects.live().filter(
        area_id__in=list(areas), kind__in=OFFICES, location__isnull=False
    )
    return found.order_by("area_id", "pk")


def roads(bounds: tuple[float, float, float, float]) -> "QuerySet[Road]":
    """Roads that touch a rectangle (west, south, east, north in EPSG:5179)."""
    window = Polygon.from_bbox(bounds)
    window.srid = STORAGE_SRID
    found: QuerySet[Road] = Road.objects.live().filter(line__intersects=window).order_by("pk")
    return found


def has_roads() -> bool:
    return bool(Road.objects.live().exists())


def depots_that_should_hold(item: Item, day: date) -> frozenset[int]:
    """Depots that have a standard quantity of an item: where nothing is recorded of it, nobody knows."""
    found = standards_in_force(day).filter(item=item, depot__isnull=False)
    return frozenset(found.order_by().values_list("depot_id", flat=True))


def flood_maps(user: Any) -> "QuerySet[HazardRaster]":
    seen_areas(user)
    found: QuerySet[HazardRaster] = HazardRaster.objects.live().select_related("created_by")
    return found.order_by("-pk")
