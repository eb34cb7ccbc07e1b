"""Which agreements and zones a coordinator has to think of."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.models import CooperationZone, ZoneAgreement, ZoneProject

from .agreement_services import RUNNING
from .standing import ENDING_SOON_DAYS, State


def seen_agreements(user: Any) -> QuerySet[ZoneAgreement]:
    """Of the zones this person sees."""
    zones = layers.get("zones").queryset(user).order_by().values("pk")
    return ZoneAgreement.objects.live().filter(zone__in=zones)


def own_zones(user: Any) -> QuerySet[CooperationZone]:
    """The zones that this person may change."""
    layer = layers.get("zones")
    return layer.in_areas(layer.records(), permissions.area_scope(user, layer.access.edit))


def in_state(agreements: QuerySet[ZoneAgreement], state: str, day: date) -> QuerySet[ZoneAgreement]:
    """Those that stand so on a day; ``standing.standing`` says the same of one."""
    soon = day + timedelta(days=ENDING_SOON_DAYS)
    if state == State.COMING:
        return agreements.filter(valid_from__gt=day)
    if state == State.EXPIRED:
        return agreements.filter(valid_until__lt=day)
    begun = agreements.filter(valid_from__lte=day)
    if state == State.ENDING:
        return begun.filter(valid_until__gte=day, valid_until__lte=soon)
    return begun.filter(valid_until__isnull=True) | begun.filter(valid_until__gt=soon)


def without_agreement(zones: QuerySet[CooperationZone], day: date) -> QuerySet[CooperationZone]:
    """Zones with a running project and no agreement that counts on a day."""
    busy = ZoneProject.objects.live().filter(stage__in=RUNNING).values("zone")
    agreed = ZoneAgreement.objects.in_force(day).values("zone")
    return zones.filter(pk__in=busy).exclude(pk__in=agreed)
