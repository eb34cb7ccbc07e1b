"""What waits in an area, of the vacant-house survey."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from vacanthouses.models import Grade, HouseStatus, VisitState


def survey_tasks(user: Any, area_ids: frozenset[int]) -> Iterator[Todo]:
    """Visits that nobody has reviewed, suspected houses, and confirmed ones without a grade."""
    layer, visits = layers.get("vacant-houses"), layers.get("visits")
    houses = layer.in_areas(layer.queryset(user), area_ids).order_by()
    waiting = visits.in_areas(visits.queryset(user), area_ids).filter(state=VisitState.WAITING).order_by()
    ungraded = houses.filter(status=HouseStatus.CONFIRMED, grade=Grade.NONE)
    listed = reverse("record-list", args=[layer])
    queue = f"{reverse('record-list', args=[visits])}?state={VisitState.WAITING.value}"
    yield Todo(_("Visits not reviewed"), waiting.count(), queue)
    yield Todo(
        _("Suspected houses to be checked"),
        houses.filter(status=HouseStatus.CANDIDATE).count(),
        f"{listed}?status={HouseStatus.CANDIDATE.value}",
    )
    yield Todo(
        _("Confirmed houses without a grade"),
        ungraded.count(),
        f"{listed}?status={HouseStatus.CONFIRMED.value}&grade={Grade.NONE.value}",
    )
