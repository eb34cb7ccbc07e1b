"""What readiness asks of disaster officers on the home page, from kept scores: nothing is measured for a first page."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import seasons
from disaster.models import Hazard, ReadinessScore
from disaster.querysets_readiness import seasons as known_seasons
from disaster.querysets_readiness import towns_asked
from disaster.words.readiness import percent
from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers
from gis_core.models import Role

LOW = 0.5
SOON = timedelta(days=60)
# Older scores say nothing of today.
KEPT = timedelta(days=7)
NAMED = 3


def readiness_todos(user: Any) -> list[Todo]:
    """Towns that are less than half ready for a hazard whose season runs or is near, the worst named; and towns of
    which it is not known. Four statements, however many hazards."""
    if Role.DISASTER_OFFICER not in permissions.roles_of(user):
        return []
    today = timezone.localdate()
    near = [
        hazard
        for hazard, editions in known_seasons().items()
        if (window := seasons.season_at(editions, today)) is not None and window.begin <= today + SOON
    ]
    last = ReadinessScore.objects.filter(day__gt=today - KEPT).aggregate(day=Max("day"))["day"]
    if last is None or not near:
        return []
    towns = towns_asked(permissions.area_scope(user, layers.get("depots").access.edit))
    scores = ReadinessScore.objects.filter(day=last, hazard__in=near, area__in=towns.order_by().values("pk"))
    low, unknown = Count("pk", filter=Q(score__lt=LOW)), Count("pk", filter=Q(score=None))
    counts = {row["hazard"]: row for row in scores.order_by().values("hazard").annotate(low=low, unknown=unknown)}
    worst = _worst(scores)
    return [
        todo
        for hazard in near
        if hazard in counts
        for todo in _todos(hazard, counts[hazard]["low"], counts[hazard]["unknown"], worst.get(hazard, []))
    ]


def _worst(scores: Any) -> dict[str, list[str]]:
    """The towns that are least ready, with their scores, by hazard."""
    place = Window(RowNumber(), partition_by="hazard", order_by=("score", "area__mois_code"))
    found: dict[str, list[str]] = {}
    listed = scores.filter(score__lt=LOW).annotate(place=place).filter(place__lte=NAMED).order_by("hazard", "place")
    for hazard, name, score in listed.values_list("hazard", "area__name", "score"):
        found.setdefault(hazard, []).append(f"{name} {percent(score)}")
    return found


def _todos(hazard: str, low: int, unknown: int, worst: list[str]) -> list[Todo]:
    about = {"hazard": Hazard(hazard).label, "limit": percent(LOW)}
    url = f"{reverse('readiness')}?{urlencode({'hazard': hazard})}"
    unsaid = _("Stock, inspections or people are not recorded.")
    return [
        Todo(_("Towns less than %(limit)s ready: %(hazard)s") % about, low, url, ", ".join(worst)),
        Todo(_("Towns whose readiness is unknown: %(hazard)s") % about, unknown, url, unsaid),
    ]
