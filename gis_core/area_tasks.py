"""What waits in an area, of gis_core's own records."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.zones import agreement_querysets as agreements
from gis_core.zones.standing import ENDING_SOON_DAYS, State


def zone_tasks(user: Any, area_ids: frozenset[int]) -> Iterator[Todo]:
    """Agreements of the area's zones that end soon."""
    layer = layers.get("zones")
    zones = layer.in_areas(layer.queryset(user), area_ids).order_by().values("pk")
    ending = agreements.in_state(
        agreements.seen_agreements(user).filter(zone__in=zones), State.ENDING, timezone.localdate()
    )
    yield Todo(
        _("Agreements of zones that end within %(days)d days") % {"days": ENDING_SOON_DAYS},
        ending.count(),
        f"{reverse('zone-agreements')}?state={State.ENDING}",
    )
