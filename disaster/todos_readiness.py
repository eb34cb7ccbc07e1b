"""What readiness asks of disaster officers on the home page, from kept scores: nothing is measured for a first page."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
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


def readiness_todos(user: Any) -> list[Todo]:
    """Towns that are less than half ready for a hazard whose season runs or is near, the worst named; and towns of
    which it is not known."""
    if Role.DISASTER_OFFICER not in permissions.roles_of(user):
        return []
    today = timezone.localdate()
    towns = towns_asked(permissions.area_scope(user, layers.get("depots").access.edit))
    last = ReadinessScore.objects.filter(day__gt=today - KEPT).aggregate(day=Max("day"))["day"]
    found: list[Todo] = []
    for hazard, editions in known_seasons().items():
        window = seasons.season_at(editions, today)
        if last is None or window is None or window.begin > today + SOON:
            continue
        scores = ReadinessScore.objects.filter(day=last, hazard=hazard, area__in=towns.order_by().values("pk"))
        low = scores.filter(score__lt=LOW)
        worst = low.order_by("score", "area__mois_code").values_list("area__name", "score")[:3]
        about = {"hazard": Hazard(hazard).label, "limit": percent(LOW)}
        url = f"{reverse('readiness')}?{urlencode({'hazard': hazard})}"
        told = ", ".join(f"{name} {percent(score)}" for name, score in worst)
        found.append(Todo(_("Towns less than %(limit)s ready: %(hazard)s") % about, low.count(), url, told))
        found.append(
            Todo(
                _("Towns whose readiness is unknown: %(hazard)s") % about,
                scores.filter(score=None).count(),
                url,
                _("Stock, inspections or people are not recorded."),
            )
        )
    return found
