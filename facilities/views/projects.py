"""Redesign projects: the board by stage, the timeline, and the pages on which stages and money are changed."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from facilities import stages
from facilities.models import ProjectBudget, ProjectStage, RedesignProject, Stage
from facilities.project_forms import BudgetFormSet, MoveForm, StageFormSet
from facilities.services import projects as services
from facilities.words.projects import warning_text
from gis_core import permissions
from gis_core.editing.errors import Conflict, Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from gis_core.views.records import refuse_unless_visible

from .rows import Table, initial_of, rows_page

# Cards of one column, and projects of one timeline; beyond, the list is the better tool.
MOST_CARDS = 40
PER_PAGE = 60


def visible(request: HttpRequest) -> Any:
    """A ``ProjectQuerySet`` of the projects this person may see."""
    return layers.get("redesign-projects").queryset(request.user)


def narrowed(request: HttpRequest) -> tuple[Any, dict[str, Any]]:
    """The projects this person asked for, by year and district, and what the filter form shows."""
    projects = visible(request).with_district()
    years = list(projects.order_by("-year").values_list("year", flat=True).distinct())
    districts = list(
        projects.exclude(district_id=None)
        .order_by("district_code")
        .values_list("district_code", "district_name")
        .distinct()
    )
    year, code, only = (request.GET.get(name, "") for name in ("year", "area", "only"))
    if year.isdecimal():
        projects = projects.filter(year=int(year[:4]))
    if code:
        area = AdminArea.objects.by_code(code) if code.isascii() and code.isdecimal() else None
        if area is None:
            raise Http404
        projects = projects.filter(area_id__in=sorted(AdminArea.objects.descendant_ids([area.pk])))
    if only == "late":
        projects = projects.overdue(timezone.localdate())
    elif only == "overspent":
        spent = ProjectBudget.objects.live().filter(executed_krw__gt=F("budget_krw"))
        projects = projects.filter(pk__in=spent.values("project_id"))
    return projects, {"years": years, "districts": districts, "year": year, "area_code": code, "only": only}


def _with_stages(projects: Any) -> Any:
    return projects.select_related("centre", "area").prefetch_related(
        Prefetch("stages", ProjectStage.objects.live().order_by("pk"))
    )


def _card(project: RedesignProject, today: date) -> dict[str, Any]:
    dates = services.dates_of(project)
    following = stages.next_stage(project.stage)
    planned = dates.get(following or "", stages.Dates()).planned_on
    return {
        "project": project,
        "since": dates.get(project.stage, stages.Dates()).reached_on,
        "next": Stage(following) if following else None,
        "next_planned": planned,
        "is_late": stages.overdue(project.stage, dates, today) is not None,
    }


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Projects in columns by stage."""
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    projects, filters = narrowed(request)
    today = timezone.localdate()
    columns: list[dict[str, Any]] = []
    for stage in Stage:
        found = projects.filter(stage=stage)
        cards = list(_with_stages(found).order_by("-year", "name")[: MOST_CARDS + 1])
        total = len(cards) if len(cards) <= MOST_CARDS else found.count()
        columns.append(
            {
                "stage": stage,
                "category": next(item for item in layer.style.categories if item.value == stage),
                "cards": [_card(project, today) for project in cards[:MOST_CARDS]],
                "total": total,
                "more": total - min(total, MOST_CARDS),
            }
        )
    context = {
        **filters,
        "layer": layer,
        "columns": columns,
        "total": sum(column["total"] for column in columns),
        "can_add": permissions.can_add(request.user, layer),
    }
    return render(request, "facilities/project_board.html", context)


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """The stages of projects as bars along the months: planned above, as it went below."""
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    projects, filters = narrowed(request)
    asked = request.GET.get("page", "")
    page = max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
    total = projects.count()
    shown = list(_with_stages(projects).order_by("-year", "name")[(page - 1) * PER_PAGE : page * PER_PAGE])
    context = {
        **filters,
        **_grid(shown, timezone.localdate()),
        "layer": layer,
        "categories": layer.style.categories,
        "total": total,
        "page": page,
        "previous": page - 1 if page > 1 else None,
        "following": page + 1 if page * PER_PAGE < total else None,
    }
    return render(request, "facilities/project_timeline.html", context)


def _grid(projects: list[RedesignProject], today: date) -> dict[str, Any]:
    """The rows with their bars in days from the first month's beginning, and the months."""
    of_project = {project: services.dates_of(project) for project in projects}
    days = [
        day
        for dates in of_project.values()
        for both in dates.values()
        for day in (both.planned_on, both.reached_on)
        if day
    ]
    if not days:
        return {"rows": [{"project": project, "planned": [], "actual": []} for project in projects], "months": []}
    start = min(days).replace(day=1)
    end = _next_month(max([*days, today] if max(days) < today else days))
    rows = []
    for project, dates in of_project.items():
        planned = {stage: both.planned_on for stage, both in dates.items() if both.planned_on}
        actual = {stage: both.reached_on for stage, both in dates.items() if both.reached_on}
        rows.append(
            {
                "project": project,
                "planned": _bars(planned, start, max(planned.values(), default=start)),
                "actual": _bars(actual, start, today),
            }
        )
    return {
        "rows": rows,
        "months": _months(start, end),
        "width": (end - start).days,
        "today": (today - start).days if start <= today <= end else None,
        "from": start,
        "to": end - timedelta(days=1),
    }


def _bars(days: dict[str, date], start: date, until: date) -> list[dict[str, Any]]:
    """Rectangles in days; completion, which is one day, is a mark wide enough to be seen."""
    return [
        {
            "stage": Stage(bar.stage),
            "x": (bar.start - start).days,
            "width": max((bar.end - bar.start).days, 5),
            "start": bar.start,
            "end": bar.end,
        }
        for bar in stages.bars(days, until)
    ]


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _months(start: date, end: date) -> list[dict[str, Any]]:
    found, month = [], start
    while month < end:
        following = _next_month(month)
        found.append({"x": (month - start).days, "day": month, "is_year": month.month == 1 or month == start})
        month = following
    return found


def find_changeable(request: HttpRequest, pk: int) -> RedesignProject:
    """A live project this person may change. Raises Http404, PermissionDenied."""
    layer = layers.get("redesign-projects")
    project: RedesignProject = get_object_or_404(visible(request).select_related("centre"), pk=pk)
    if not permissions.can_change(request.user, layer, project):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    return project


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a project to another stage, by default the next one, by default today."""
    project = find_changeable(request, pk)
    initial = {
        "version": project.version,
        "stage": stages.next_stage(project.stage) or project.stage,
        "reached_on": timezone.localdate(),
    }
    form = MoveForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            moved, status = _moved(request, project, form)
            if moved is not None:
                return redirect(_safe_next(request) or reverse("record-detail", args=["redesign-projects", moved.pk]))
            project.refresh_from_db()
    context = {
        "layer": layers.get("redesign-projects"),
        "record": project,
        "form": form,
        "version": project.version,
        "next": _safe_next(request),
    }
    return render(request, "facilities/project_move.html", context, status=status)


def _safe_next(request: HttpRequest) -> str:
    """Back to the board with its filter, where the move began there."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked.startswith(reverse("project-board")) else ""


def _moved(request: HttpRequest, project: RedesignProject, form: MoveForm) -> tuple[RedesignProject | None, int]:
    """The project moved; or None with the status of the refusal, which is among the form's errors."""
    data = form.cleaned_data
    try:
        moved = services.move(project, request.user, data["stage"], data["reached_on"], data["version"])
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict as conflict:
        now = conflict.current
        told = _("%(who)s changed this project meanwhile. It now stands in “%(stage)s”. Move it all the same?")
        form.add_error(None, told % {"who": now.updated_by or _("the system"), "stage": now.get_stage_display()})
        return None, 409
    except Invalid as invalid:
        form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
        return None, 422
    messages.success(request, _("Now in “%(stage)s”.") % {"stage": moved.get_stage_display()})
    for warning in stages.warnings(moved.stage, services.dates_of(moved), timezone.localdate()):
        messages.warning(request, warning_text(warning))
    return moved, 200


@login_required
@never_cache
def edit_stages(request: HttpRequest, pk: int) -> HttpResponse:
    """Planned and actual dates of every stage in one table."""
    project = find_changeable(request, pk)
    rows = {row.stage: row for row in project.stages.live()}
    initial: list[dict[str, Any]] = []
    for stage in Stage:
        row = rows.get(stage)
        facts = initial_of([row], "planned_on", "reached_on")[0] if row else {}
        initial.append({"stage": stage.value, **facts})

    def save(sent: list[Any]) -> str:
        changed, reached = services.save_stages(project, request.user, sent)
        if reached:
            return _("Saved. By its dates the project is now in “%(stage)s”.") % {"stage": reached.label}
        return _("Saved.") if changed else ""

    back = reverse("record-detail", args=["redesign-projects", project.pk])
    table = Table(_("Dates of the stages"), StageFormSet, rows.values(), initial, save, back, fixed="stage")
    context = {
        "layer": layers.get("redesign-projects"),
        "record": project,
        "note": _("A planned day can be entered long before; the actual one when the stage was reached."),
    }
    return rows_page(request, table, "facilities/project_rows.html", context)


@login_required
@never_cache
def edit_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Budget and execution by year."""
    project = find_changeable(request, pk)
    rows = list(project.budgets.live().order_by("year"))

    def save(sent: list[Any]) -> str:
        return _("Saved.") if services.save_budgets(project, request.user, sent) else ""

    table = Table(
        _("Budget"),
        BudgetFormSet,
        rows,
        initial_of(rows, "year", "budget_krw", "executed_krw"),
        save,
        reverse("record-detail", args=["redesign-projects", project.pk]),
    )
    context = {
        "layer": layers.get("redesign-projects"),
        "record": project,
        "note": _("Whole KRW. Leave “executed” empty while nothing is reported."),
    }
    return rows_page(request, table, "facilities/project_rows.html", context)
