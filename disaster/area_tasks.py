"""What waits in an area, of stockpiles."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.models import CountSession, RepairTask, Schedule
from disaster.models.counts import CountState
from disaster.querysets import depot_standards
from disaster.querysets_inspections import OPEN
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers


def stockpile_tasks(user: Any, area_ids: frozenset[int]) -> Iterator[Todo]:
    """Overdue inspections, open repairs, counts to be approved, and depots below their standard."""
    layer = layers.get("depots")
    depots = layer.in_areas(layer.queryset(user), area_ids).order_by().values("pk")
    today = timezone.localdate()
    overdue = Schedule.objects.active().filter(depot__in=depots, next_due__lt=today)
    repairs = RepairTask.objects.live().filter(depot__in=depots, state__in=OPEN)
    counts = CountSession.objects.live().filter(depot__in=depots, state=CountState.SUBMITTED)
    short = depot_standards(today).filter(depot__in=depots, held__lt=F("quantity")).values("depot").distinct()
    yield Todo(_("Inspections overdue"), overdue.count(), f"{reverse('inspection-due')}?state=overdue#list")
    yield Todo(_("Repairs not done"), repairs.count(), reverse("repair-list"))
    yield Todo(_("Counts to be approved"), counts.count(), reverse("count-list"))
    listed = f"{reverse('record-list', args=[layer])}?sort=-short_items"
    yield Todo(_("Depots below their standard quantity"), short.count(), listed)
