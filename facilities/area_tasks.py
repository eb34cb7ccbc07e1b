"""What waits in an area, of facility planning."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Answer
from gis_core.layers.layer import Todo
from gis_core.layers.registry import layers


def planning_tasks(user: Any, area_ids: frozenset[int]) -> Iterator[Todo]:
    """Requests of residents that nobody has answered, and projects behind their plan."""
    asked, projects = layers.get("requests"), layers.get("redesign-projects")
    requests = asked.in_areas(asked.queryset(user), area_ids).filter(answer=Answer.OPEN).order_by()
    late = projects.in_areas(projects.queryset(user), area_ids).overdue(timezone.localdate()).order_by()  # type: ignore[attr-defined]
    listed = f"{reverse('record-list', args=['requests'])}?answer={Answer.OPEN}"
    yield Todo(_("Requests without an answer"), requests.count(), listed)
    yield Todo(_("Projects behind their plan"), late.count(), f"{reverse('project-board')}?only=late")
