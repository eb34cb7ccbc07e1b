"""The first page: what waits for this person today, what changed in their areas, what runs for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.layers.layer import Layer, Todo
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, Job, User
from gis_core.models.jobs import JobStatus

from .history import LABELS

RECENT = 12
READ = 40
TOGETHER = timedelta(minutes=1)


@dataclass
class RecentChange:
    """One line of the recent changes; ``more`` counts other records changed alike that came with it."""

    layer: Layer
    title: str
    url: str
    label: str
    at: datetime
    user: User | None
    area: str = ""
    more: int = 0

    def goes_with(self, other: "RecentChange") -> bool:
        """Whether both are one piece of work, such as an import: many lines about it would hide all else."""
        same = (self.layer, self.label, self.user) == (other.layer, other.label, other.user)
        return same and abs(self.at - other.at) < TOGETHER


def todos(user: Any) -> list[Todo]:
    """What waits, over all layers this person may see; what counts nothing is left out."""
    found = [todo for layer in layers.visible_to(user) if layer.todo for todo in layer.todo(user)]
    return [todo for todo in found if todo.count]


def recent_changes(user: Any, limit: int = RECENT) -> list[RecentChange]:
    """The newest changes of records in this person's areas: two statements per layer, at most."""
    entries: list[tuple[Layer, Any]] = []
    for layer in layers.visible_to(user):
        if layer.access.read_only or (layer.access.public and not permissions.is_administrator(user)):
            continue
        event_model: Any = layer.model.pgh_event_model  # type: ignore[attr-defined]
        events = event_model.objects.select_related("pgh_context").filter(pgh_obj_id__isnull=False)
        scope = permissions.area_scope(user, layer.access.view)
        if scope is not None:
            if layer.area_path == "area_id":
                events = events.filter(area_id__in=sorted(scope))
            else:
                events = events.filter(pgh_obj_id__in=layer.queryset(user).order_by().values("pk"))
        # By the newest ids, so that the index answers however long the history is.
        entries.extend((layer, event) for event in events.order_by("-pgh_id")[:READ])
    entries.sort(key=lambda entry: entry[1].pgh_created_at, reverse=True)
    return _gathered(_told(entries))[:limit]


def _gathered(changes: list[RecentChange]) -> list[RecentChange]:
    gathered: list[RecentChange] = []
    for change in changes:
        if gathered and gathered[-1].goes_with(change):
            gathered[-1].more += change.url != gathered[-1].url
        else:
            gathered.append(change)
    return gathered


def _told(entries: list[tuple[Layer, Any]]) -> list[RecentChange]:
    users = User.objects.in_bulk({event.updated_by_id for _layer, event in entries} - {None})
    area_ids: set[int] = {event.area_id for _layer, event in entries if getattr(event, "area_id", None)}
    areas = dict(AdminArea.objects.filter(pk__in=area_ids).values_list("pk", "name"))
    titles: dict[tuple[str, int], str] = {}
    for layer in {layer for layer, _event in entries}:
        ids = {event.pgh_obj_id for found, event in entries if found is layer}
        for pk, record in layer.model._default_manager.in_bulk(ids).items():
            titles[layer.id, pk] = _title(layer, record)
    return [
        RecentChange(
            layer=layer,
            title=titles[layer.id, event.pgh_obj_id],
            url=reverse("record-history", args=[layer, event.pgh_obj_id]),
            label=str(LABELS["retire" if event.retired_at else event.pgh_label]),
            at=event.pgh_created_at,
            user=users.get(event.updated_by_id),
            area=areas.get(getattr(event, "area_id", None), ""),
        )
        for layer, event in entries
        if (layer.id, event.pgh_obj_id) in titles
    ]


def _title(layer: Layer, record: Any) -> str:
    """The record's name; where that is personal data, its number: a first page opened daily is no place for them."""
    if any(prop.personal and prop.name == layer.label for prop in layer.properties):
        return f"{capfirst(str(layer.singular))} #{record.pk}"
    return str(record)


def my_jobs(user: Any) -> list[Job]:
    """Jobs that run, and those that ended within a day."""
    ended = timezone.now() - timedelta(days=1)
    unfinished = Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    return list(Job.objects.filter(unfinished | Q(finished_at__gt=ended), created_by=user)[:5])


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "todos": todos(request.user),
        "changes": recent_changes(request.user),
        "jobs": my_jobs(request.user),
        "roles": permissions.roles_of(request.user),
        "visible_layers": layers.visible_to(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "gis_core/home.html", context)
