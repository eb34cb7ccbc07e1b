"""The programme: what the projects of this system add up to, and what was reported of programmes."""

from dataclasses import dataclass
from typing import Any

import shapely
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.gis.db.models.functions import AsWKB
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from facilities import rollup
from facilities.models import Meeting, MeetingKind, Programme, ProgrammeFigure, ProjectBudget, Stage
from facilities.programme_files import rollup_csv, rollup_xlsx
from facilities.programme_map import Dot, overview
from facilities.project_forms import FigureFormSet, ProgrammeForm
from facilities.services import projects as services
from facilities.services.standards import save_value
from gis_core.editing.errors import Invalid
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from gis_core.views.records import refuse_unless_visible

from .projects import narrowed
from .rows import Table, initial_of, rows_page

# Reported beside the columns of the table.
OTHER_MEASURES = ("planner_meetings", "expert_consultations", "surveys", "press_reports", "white_papers")
# A map of more dots than these says no more than one of these.
MOST_DOTS = 3000
# Of so few districts the towns are drawn, else the districts.
TOWNS_OF = 2


@dataclass(frozen=True)
class YearMoney:
    """A budget year; ``part`` are the widths of the bars, of 100."""

    year: int
    budget: int
    executed: int
    budget_part: float
    executed_part: float

    @property
    def rate(self) -> float | None:
        return rollup.rate(self.executed, self.budget)

    @property
    def is_over(self) -> bool:
        return self.executed > self.budget


def money_by_year(projects: Any) -> list[YearMoney]:
    rows = (
        ProjectBudget.objects.live()
        .filter(project__in=projects.values("pk"))
        .order_by("year")
        .values("year")
        .annotate(budget=Sum("budget_krw"), executed=Sum("executed_krw"))
    )
    found = [(row["year"], row["budget"] or 0, row["executed"] or 0) for row in rows]
    most = max((max(budget, executed) for _year, budget, executed in found), default=0) or 1
    return [
        YearMoney(year, budget, executed, round(100 * budget / most, 1), round(100 * executed / most, 1))
        for year, budget, executed in found
    ]


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    projects, filters = narrowed(request)
    lines = rollup.lines(projects.by_district_and_year())
    total = rollup.total(line.tally for line in lines)
    money = money_by_year(projects)
    map_query = f"on={layer.id}" + (f"&{layer.id}.year={filters['year']}" if filters["year"] else "")
    context = {
        **filters,
        "layer": layer,
        "lines": lines,
        "years_done": rollup.by_year(lines),
        "per_district": rollup.by_district(lines),
        "total": total,
        "stages": [
            {"stage": stage, "category": category, "count": count, "url": _stage_url(request, stage)}
            for stage, category, count in zip(Stage, layer.style.categories, total.by_stage, strict=True)
        ],
        "money": money,
        "money_total": (sum(each.budget for each in money), sum(each.executed for each in money)),
        "money_rate": rollup.rate(sum(each.executed for each in money), sum(each.budget for each in money)),
        "kinds": meetings_by_kind(projects),
        "map": _map(request, projects),
        "map_url": f"{reverse('map')}?{map_query}",
        "reports": reports(request),
        "can_add_report": services.may_change_programme(request.user, Programme()),
        "query": request.GET.urlencode(),
    }
    return render(request, "facilities/programme.html", context)


def _stage_url(request: HttpRequest, stage: Stage) -> str:
    params = request.GET.copy()
    params.pop("only", None)
    params["stage"] = stage.value
    return f"{reverse('record-list', args=['redesign-projects'])}?{params.urlencode()}"


def meetings_by_kind(projects: Any) -> list[dict[str, Any]]:
    """How many meetings of each kind, with everybody who came."""
    groups = ("residents", "staff", "architects", "master_planners", "others")
    rows = (
        Meeting.objects.live()
        .filter(project__in=projects.values("pk"))
        .order_by()
        .values("kind")
        .annotate(count=Count("pk"), **{f"sum_{group}": Sum(group) for group in groups})
    )
    of_kind: dict[str, Any] = {row["kind"]: row for row in rows}
    return [
        {
            "kind": kind,
            "count": of_kind[kind]["count"],
            "people": sum(of_kind[kind][f"sum_{group}"] or 0 for group in groups),
        }
        for kind in MeetingKind
        if kind in of_kind
    ]


def _map(request: HttpRequest, projects: Any) -> Any:
    """The projects' stages over the districts they lie in, as SVG; None without projects."""
    rows = list(projects.order_by("pk").values_list("stage", "location", "district_id")[:MOST_DOTS])
    if not rows:
        return None
    looks = {item.value: item for item in layers.get("redesign-projects").style.categories}
    dots = [Dot(place.x, place.y, looks[stage].color, looks[stage].shape) for stage, place, _district in rows]
    districts = {district for _stage, _place, district in rows if district is not None}
    areas = AdminArea.objects.current()
    areas = areas.filter(parent__in=districts) if len(districts) <= TOWNS_OF else areas.filter(pk__in=districts)
    shapes = areas.annotate(wkb=AsWKB("geometry")).values_list("name", "wkb")
    grounds = [(name, shapely.from_wkb(bytes(wkb))) for name, wkb in shapes]
    return overview(dots, grounds, title=_("Projects by stage"))


def reports(request: HttpRequest) -> list[dict[str, Any]]:
    """The programmes somebody reported, with their figures added up."""
    rows = Prefetch("figures", ProgrammeFigure.objects.live().select_related("area").order_by("year", "pk"))
    found = []
    for each in Programme.objects.live().select_related("area").prefetch_related(rows).order_by("pk"):
        figures = rollup.reported(figures_of(row) for row in each.figures.all())
        found.append(
            {
                "programme": each,
                "figures": figures,
                "others": [
                    (str(getattr(ProgrammeFigure._meta.get_field(name), "verbose_name", name)), value)
                    for name in OTHER_MEASURES
                    if (value := figures.total.get(name)) is not None
                ],
                "can_change": services.may_change_programme(request.user, each),
            }
        )
    return found


def figures_of(row: ProgrammeFigure) -> rollup.Figures:
    values = {name: value for name in rollup.MEASURES if (value := getattr(row, name)) is not None}
    return rollup.Figures(row.year, row.area.full_name if row.area else row.area_name, values)


@require_GET
def programme_export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The roll-up by district and year as CSV or XLSX, under the page's filter."""
    if name not in {"csv", "xlsx"}:
        raise Http404
    refused = refuse_unless_visible(request, layers.get("redesign-projects"))
    if refused:
        return refused
    projects, _filters = narrowed(request)
    lines = rollup.lines(projects.by_district_and_year())
    return rollup_csv(lines) if name == "csv" else rollup_xlsx(lines)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def programme_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A programme of which figures were reported: its name and source."""
    found = get_object_or_404(Programme.objects.live(), pk=pk) if pk else None
    if not services.may_change_programme(request.user, found or Programme()):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    initial = {"version": found.version} if found else {}
    form = ProgrammeForm(request.POST or None, instance=found, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save_value(form, request.user, pk)
            except Invalid as invalid:
                form.add_error(None, [text for texts in invalid.errors.values() for text in texts])
                status = 409
            else:
                (messages.success if saved else messages.info)(
                    request, _("Saved.") if saved else _("Nothing had changed.")
                )
                return redirect("programme")
    title = _("Programme as reported")
    context = {"form": form, "record": found, "title": title}
    return render(request, "facilities/programme_form.html", context, status=status)


@login_required
@never_cache
def programme_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The reported figures of one programme, a row for each year."""
    found = get_object_or_404(Programme.objects.live(), pk=pk)
    if not services.may_change_programme(request.user, found):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    rows = list(found.figures.live().order_by("year", "pk"))

    def save(sent: list[Any]) -> str:
        return _("Saved.") if services.save_figures(found, request.user, sent) else ""

    facts = FigureFormSet.form.facts
    table = Table(_("Reported figures"), FigureFormSet, rows, initial_of(rows, *facts), save, reverse("programme"))
    context = {
        "record": found,
        "note": _("As it was reported, with its source. An empty cell means that nothing was reported."),
    }
    return rows_page(request, table, "facilities/programme_figures.html", context)
