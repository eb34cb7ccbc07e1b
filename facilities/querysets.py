"""Questions asked of redesign projects, and of tables whose rows are versions of one thing."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from facilities.stages import ORDER
from gis_core.models.areas import AreaLevel
from gis_core.models.record import RecordQuerySet


class PlanQuerySet(RecordQuerySet):
    def in_use(self) -> Self:
        """Live plans of buildings and centres that are live too: those whose pages can be opened."""
        return self.live().filter(building__retired_at=None, building__centre__retired_at=None)


def position(path: str) -> Case:
    """A stage's place in the order of stages, from 0."""
    return Case(
        *(When(**{path: stage}, then=Value(number)) for number, stage in enumerate(ORDER)), output_field=IntegerField()
    )


def _summed(model: str, owner: str, expression: Any) -> Coalesce:
    """A figure over a project's live rows, as a subquery: joins would multiply one another."""
    rows = apps.get_model("facilities", model)._default_manager.live()
    found = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(figure=expression)
    return Coalesce(Subquery(found.values("figure")), Value(0), output_field=BigIntegerField())


class ProjectQuerySet(RecordQuerySet):
    def with_district(self) -> Self:
        """``district_id`` and ``district_name``: the city, county or gu in which a project lies."""
        at_town = Q(area__level=AreaLevel.EUPMYEONDONG)
        return self.annotate(
            district_id=Case(When(at_town, then=F("area__parent_id")), default=F("area_id")),
            district_name=Case(When(at_town, then=F("area__parent__full_name")), default=F("area__full_name")),
            district_code=Case(When(at_town, then=F("area__parent__mois_code")), default=F("area__mois_code")),
        )

    def with_figures(self) -> Self:
        """``budget``, ``executed`` (KRW, all years), ``met`` (meetings) and ``open_requests`` of each project."""
        return self.annotate(
            budget=_summed("ProjectBudget", "project", Sum("budget_krw")),
            executed=_summed("ProjectBudget", "project", Sum("executed_krw")),
            met=_summed("Meeting", "project", Count("pk")),
            open_requests=_summed("Request", "project", Count("pk", filter=Q(answer="open"))),
        )

    def overdue(self, today: date) -> Self:
        """Projects of which a stage still ahead was planned for a day that has passed."""
        stages = apps.get_model("facilities", "ProjectStage")._default_manager
        late = stages.annotate(ahead=position("stage"), now=position("project__stage")).filter(
            planned_on__lt=today, reached_on=None, ahead__gt=F("now")
        )
        return self.filter(pk__in=late.values("project_id"))

    def by_district_and_year(self) -> "QuerySet[Any, dict[str, Any]]":
        """One row per district and programme year, with counts by stage and the sums of ``with_figures``."""
        stages = {f"at_{stage}": Count("pk", filter=Q(stage=stage)) for stage in ORDER}
        return (
            self.with_district()
            .with_figures()
            .order_by("district_code", "year")
            .values("district_id", "district_name", "district_code", "year")
            .annotate(
                projects=Count("pk"),
                **stages,
                budget_krw=Sum("budget"),
                executed_krw=Sum("executed"),
                meetings=Sum("met"),
                requests_open=Sum("open_requests"),
                without_meeting=Count("pk", filter=Q(met=0)),
            )
        )


class InForceQuerySet(RecordQuerySet):
    """Rows of which several are versions of one thing: ``model.VERSION_OF`` names the field they share."""

    def in_force(self, day: date) -> Self:
        """Of each thing the newest live version that has taken effect by this day."""
        shared = self.model.VERSION_OF
        effective = self.live().filter(effective_from__lte=day)
        return effective.order_by(shared, "-effective_from", "-pk").distinct(shared)
