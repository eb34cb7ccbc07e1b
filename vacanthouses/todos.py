"""What waits in the vacant-house survey."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Layer, Todo
from gis_core.layers.registry import layers
from gis_core.layers.sql import matched
from gis_core.layers.versions import data_version, etag
from gis_core.models import Role

from .clocks import SUBJECTS
from .models import Grade, HouseStatus
from .services import clocks

NEW = timedelta(days=7)


def house_todos(user: Any) -> list[Todo]:
    """For survey managers and surveyors: houses to check, houses to grade (by town), and what is new this week."""
    if not permissions.roles_of(user) & {Role.SURVEY_MANAGER, Role.SURVEYOR}:
        return []
    layer = layers.get("vacant-houses")
    scope = permissions.area_scope(user, layer.access.edit)
    houses = layer.in_areas(layer.records(), scope)
    week = timezone.localdate() - NEW
    suspected = houses.filter(status=HouseStatus.CANDIDATE)
    ungraded = houses.filter(status=HouseStatus.CONFIRMED, grade=Grade.NONE)
    found = houses.filter(found_on__gt=week)
    listed = reverse("record-list", args=[layer])
    return [
        *clock_todos(user),
        Todo(
            _("Suspected houses to be checked"),
            matched(layer, suspected),
            f"{listed}?status={HouseStatus.CANDIDATE.value}",
            by_town(layer, suspected, f"suspected.{scope and sorted(scope)}"),
        ),
        Todo(
            _("Confirmed houses without a grade"),
            matched(layer, ungraded),
            f"{listed}?status={HouseStatus.CONFIRMED.value}&grade={Grade.NONE.value}",
            by_town(layer, ungraded, f"ungraded.{scope and sorted(scope)}"),
        ),
        Todo(
            _("Houses found within a week"),
            matched(layer, found),
            f"{listed}?found_on_from={week + timedelta(days=1)}",
        ),
    ]


def clock_todos(user: Any) -> list[Todo]:
    """For survey managers: the legal clocks that have lapsed, or do so soon."""
    roles = {Role.SURVEY_MANAGER}
    if not permissions.roles_of(user) & {*roles, Role.ADMINISTRATOR}:
        return []
    lines = clocks.lines(permissions.area_scope(user, roles), SUBJECTS, timezone.localdate())
    states: Counter[str] = Counter(line.clock.state for line in lines)
    titles = {"lapsed": _("Legal terms that have lapsed"), "due_soon": _("Legal terms that lapse soon")}
    return [
        Todo(title, states[state], f"{reverse('clocks')}?state={state}")
        for state, title in titles.items()
        if states[state]
    ]


def by_town(layer: Layer, houses: QuerySet[Any], name: str, most: int = 4) -> str:
    """“송악읍 12, 합덕읍 9 …”: the towns with the most, kept as long as the data stay the same."""
    key = "by_town." + etag(data_version(layer), name).strip('"')
    counts: list[tuple[str, int]] | None = cache.get(key)
    if counts is None:
        grouped = houses.order_by().values("area__name").annotate(number=Count("pk")).order_by("-number", "area__name")
        counts = [(row["area__name"] or _("no area"), row["number"]) for row in grouped[: most + 1]]
        cache.set(key, counts, 600)
    told = ", ".join(f"{town} {number}" for town, number in counts[:most])
    return f"{told} …" if len(counts) > most else told
