"""What the pages of projects show: money in millions, the parts of a project's page, rooms of requests."""

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from facilities import rollup, stages
from facilities.models import Meeting, RedesignProject, Request, SatisfactionSurvey, Stage
from facilities.services import participation, projects
from facilities.services.rooms import Room
from facilities.views.participation import requests_of, surveys_of
from facilities.words.projects import warning_text

register = template.Library()


@register.filter
def millions(krw: Any) -> str:
    """KRW in millions, with one decimal where they are not whole; a dash for nothing."""
    if not isinstance(krw, int):
        return "–"
    return formats.number_format(krw / 1_000_000, 0 if krw % 1_000_000 == 0 else 1, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


@register.filter
def decimal1(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


@register.filter
def plain_number(value: Decimal) -> str:
    """A decimal without zeros at its end."""
    return f"{value:,f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


@register.filter
def signed(value: Any) -> str:
    return "–" if value is None else f"{value:+.2f}"


@register.filter
def drawn(svg: str) -> SafeString:
    """SVG made by our own code: numbers and escaped names only."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def room_link(plan: Any, room: Room) -> str:
    """A plan with the room selected: the one given where it shows the room, else one that does; empty without any."""
    if not room.plans:
        return ""
    shown = plan.pk if plan and plan.pk in room.plans else room.plans[0]
    return f"{reverse('plan', args=[shown])}?room={room.key}"


@register.simple_tag
def project_parts(project: RedesignProject) -> dict[str, Any]:
    """Everything a project's page tells beside its facts."""
    today = timezone.localdate()
    rows = {row.stage: row for row in project.stages.all()}
    dates = projects.dates_of(project)
    budgets = list(project.budgets.live().order_by("year"))
    surveys = surveys_of(project)
    compared = participation.comparisons(surveys)
    plan = participation.plan_of(project)
    return {
        "stages": [
            {"stage": stage, "row": rows.get(stage), "position": stage.position - Stage(project.stage).position}
            for stage in Stage
        ],
        "warnings": [warning_text(each) for each in stages.warnings(project.stage, dates, today)],
        "next": stages.next_stage(project.stage),
        "budgets": [(row, rollup.rate(row.executed_krw, row.budget_krw)) for row in budgets],
        "budget": sum(row.budget_krw for row in budgets),
        "executed": sum(row.executed_krw or 0 for row in budgets),
        "rate": rollup.rate(sum(row.executed_krw or 0 for row in budgets), sum(row.budget_krw for row in budgets)),
        "meetings": list(Meeting.objects.live().filter(project=project).order_by("-held_on", "pk")),
        "asked": participation.asked_of(requests_of(project)),
        "surveys": surveys,
        "comparisons": compared,
        "overall": participation.overall(compared),
        "plan": plan,
    }


@register.simple_tag
def requests_at(meeting: Meeting) -> list[participation.Asked]:
    found = Request.objects.live().filter(meeting=meeting).select_related("plan", "meeting").order_by("pk")
    return participation.asked_of(found)


@register.simple_tag
def request_parts(record: Request) -> dict[str, Any]:
    """A request's rooms and the plan on which they are shown."""
    plan = record.plan or participation.plan_of(record.project)
    return {
        "asked": participation.asked_of([record])[0],
        "plan": plan,
    }


@register.simple_tag
def survey_parts(survey: SatisfactionSurvey) -> dict[str, Any]:
    surveys = surveys_of(survey.project)
    return {
        "scores": list(survey.scores.live().order_by("pk")),
        "comparisons": participation.comparisons(surveys),
    }


@register.simple_tag
def attendance_text(meeting: Meeting) -> str:
    """“12 (Residents 8, Dong staff 4)”; empty when nobody counted."""
    if meeting.attended is None:
        return ""
    parts = ", ".join(f"{group.label} {number}" for group, number in meeting.attendance.items() if number)
    return format_html("{} ({})", meeting.attended, parts) if parts else str(meeting.attended)


@register.simple_tag
def applies_text(value: str) -> str:
    from facilities.standard_forms import applies_text as text

    return text(value) if value else str(_("all rooms"))
