"""Asking for the projects of zones: their money, attendance and partners."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Expression, Model, OuterRef, Prefetch, QuerySet, Subquery, Sum, When
from django.db.models.lookups import Exact

from gis_core.layers.registry import layers
from gis_core.models import Organisation
from gis_core.models.cooperation import ProjectBudget, ProjectEvent, ProjectOutput, ZoneProject


def _of_project(model: type[Model], value: Expression) -> Subquery:
    """A figure over the live parts of the project at hand."""
    live: Any = model._default_manager.filter(project=OuterRef("pk"), retired_at__isnull=True)
    return Subquery(live.order_by().values("project").annotate(figure=value).values("figure"))


def planned() -> Subquery:
    return _of_project(ProjectBudget, Sum("planned_krw"))


def spent_known() -> Subquery:
    """What is known to be spent; other lines may have cost something too."""
    return _of_project(ProjectBudget, Sum("executed_krw"))


def spent() -> Subquery:
    """What was spent, where it is known of every line: part of a sum would pass for the whole."""
    is_whole = Exact(Count("pk"), Count("executed_krw"))
    return _of_project(ProjectBudget, Case(When(is_whole, then=Sum("executed_krw"))))


def attendance() -> Subquery:
    """How many came to its events, as far as they were counted."""
    return _of_project(ProjectEvent, Sum("attendance"))


def partners_of(value: str) -> ArraySubquery:
    """One value of each partner, by number."""
    found = ZoneProject.partners.through._default_manager.filter(zoneproject=OuterRef("pk"))
    return ArraySubquery(found.order_by("organisation_id").values(value))


def seen(user: Any) -> QuerySet:
    return layers.get("zone-projects").queryset(user)


def budgets(projects: Iterable[int] | QuerySet) -> QuerySet:
    return ProjectBudget.objects.live().filter(project__in=projects)


def events(projects: Iterable[int] | QuerySet) -> QuerySet:
    return ProjectEvent.objects.live().filter(project__in=projects)


def outputs(projects: Iterable[int] | QuerySet) -> QuerySet:
    return ProjectOutput.objects.live().filter(project__in=projects)


def of_zone(user: Any, zone: int) -> QuerySet:
    """A zone's projects that the user sees, the newest first, without their shapes."""
    partners = Prefetch("partners", Organisation.objects.order_by("name"))
    found = seen(user).filter(zone=zone).select_related("agreement", "lead").prefetch_related(partners)
    return found.defer("geometry", "lead__location").order_by("-starts_on", "-pk")
