"""What the pages of a project and of its zone show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from gis_core.models import Organisation
from gis_core.models.cooperation import (
    BudgetSource,
    ProjectBudget,
    ProjectEvent,
    ProjectOutput,
    ProjectStage,
    ZoneAgreement,
    ZoneProject,
)

from . import projects_querysets as queries
from .projects import Line, Money, by_source, by_year, summed

PATH = (ProjectStage.PROPOSED, ProjectStage.AGREED, ProjectStage.UNDERWAY, ProjectStage.FINISHED)


@dataclass(frozen=True)
class Step:
    """One stage of a project's way; ``position`` is negative for one that lies behind it, 0 for the one it is at."""

    label: str
    position: int


@dataclass(frozen=True)
class Attendance:
    """How many came to events, and to how many events nobody counted."""

    people: int | None
    events: int
    uncounted: int


@dataclass(frozen=True)
class ProjectPage:
    steps: list[Step]
    agreement: ZoneAgreement | None
    agreement_counts: bool
    parties: list[Organisation]
    budgets: list[tuple[ProjectBudget, Money]]
    money: Money
    years: list[tuple[int, Money]]
    sources: list[tuple[str, Money]]
    events: list[ProjectEvent]
    attendance: Attendance
    outputs: list[ProjectOutput]


@dataclass(frozen=True)
class ZoneProjects:
    """The projects of a zone with their money and attendance, and what they come to."""

    rows: list[tuple[ZoneProject, Money, int | None]]
    money: Money
    attendance: Attendance
    today: date = field(default_factory=timezone.localdate)


def project_page(project: ZoneProject) -> ProjectPage:
    today = timezone.localdate()
    budgets = list(queries.budgets([project.pk]))
    events = list(queries.events([project.pk]))
    lines = [_line(each) for each in budgets]
    agreement = project.agreement
    in_force = ZoneAgreement.objects.in_force(today)
    return ProjectPage(
        steps=steps(project.stage),
        agreement=agreement,
        agreement_counts=agreement is not None and in_force.filter(pk=agreement.pk).exists(),
        parties=list(agreement.parties.order_by("name")) if agreement else [],
        budgets=[(each, summed([line])) for each, line in zip(budgets, lines, strict=True)],
        money=summed(lines),
        years=by_year(lines),
        sources=[(str(BudgetSource(source).label), money) for source, money in by_source(lines)],
        events=events,
        attendance=attendance(each.attendance for each in events if each.held_on <= today),
        outputs=list(queries.outputs([project.pk])),
    )


def steps(stage: str) -> list[Step]:
    """The way from proposal to end; one that was stopped is at a last step of its own, however far it came."""
    if stage == ProjectStage.STOPPED:
        return [Step(str(ProjectStage.PROPOSED.label), -1), Step(str(ProjectStage.STOPPED.label), 0)]
    at = PATH.index(ProjectStage(stage))
    return [Step(str(each.label), number - at) for number, each in enumerate(PATH)]


def attendance(counted: Iterable[int | None]) -> Attendance:
    """Of events that were held, how many came to each; None where nobody counted."""
    found = list(counted)
    known = [each for each in found if each is not None]
    return Attendance(sum(known) if known else None, len(found), len(found) - len(known))


def zone_projects(user: Any, zone: int) -> ZoneProjects:
    """Four statements, however many projects a zone has."""
    projects = list(queries.of_zone(user, zone))
    ids = [each.pk for each in projects]
    lines: dict[int, list[Line]] = {pk: [] for pk in ids}
    for each in queries.budgets(ids):
        lines[each.project_id].append(_line(each))
    held = queries.events(ids).filter(held_on__lte=timezone.localdate()).order_by()
    counts = held.values("project").annotate(people=Sum("attendance"), held=Count("pk"), counted=Count("attendance"))
    came = {row["project"]: row for row in counts}
    people = [row["people"] for row in came.values() if row["people"] is not None]
    number = sum(row["held"] for row in came.values())
    return ZoneProjects(
        rows=[(each, summed(lines[each.pk]), came.get(each.pk, {}).get("people")) for each in projects],
        money=summed(line for found in lines.values() for line in found),
        attendance=Attendance(
            sum(people) if people else None, number, number - sum(row["counted"] for row in came.values())
        ),
    )


def _line(budget: ProjectBudget) -> Line:
    return Line(budget.year, budget.source, budget.planned_krw, budget.executed_krw)
