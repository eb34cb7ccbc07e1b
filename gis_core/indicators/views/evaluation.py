"""Evaluation sheets: by year, results of a sheet, a town's page with every score explained, editions, closing."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import pdf, permissions
from gis_core.indicators import evaluation_reading as reading
from gis_core.indicators import evaluation_services as services
from gis_core.indicators import words
from gis_core.indicators.body_text import as_text, moved
from gis_core.indicators.evaluation import TownScore, plain
from gis_core.indicators.forms import ReasonForm, SheetForm, VersionForm
from gis_core.indicators.querysets import cities, coordinator_scope, indicators, is_coordinator, sheets, view_scope
from gis_core.models import AdminArea, EvaluationSheet, Indicator

from .asking import carried_out, changed_scope, uuid_of


@login_required
@never_cache
@require_safe
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """Sheets of the cities that the person sees, the newest year first."""
    found = sheets(view_scope(request.user)).defer("body", "scores")
    context = {"sheets": found, "may_add": is_coordinator(request.user)}
    return render(request, "gis_core/evaluation/list.html", context)


@dataclass(frozen=True)
class Result:
    """A sheet with the scores that the person may see. ``read`` is None, with a ``fault``, where it cannot be read."""

    sheet: EvaluationSheet
    read: reading.Sheet | None
    scores: list[TownScore]
    areas: dict[int, AdminArea]
    among: int
    fault: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "area": self.areas[score.town], "place": place(score),
                "total": words.points_in_column(score.low, score.high),
                "tasks": [words.points_in_column(task.low, task.high) for task in score.tasks],
            }
            for score in self.scores
        ]  # fmt: skip

    @property
    def tasks(self) -> list[dict[str, str]]:
        found = self.read.tasks if self.read else ()
        return [{"title": words.in_language(task.title), "weight": plain(task.weight)} for task in found]

    @property
    def unknown(self) -> int:
        return sum(not score.is_known for score in self.scores)


def place(score: TownScore) -> str:
    return str(score.first) if score.first == score.last else f"{score.first}–{score.last}"


def _find(request: HttpRequest, pk: int) -> EvaluationSheet:
    """Raises Http404."""
    sheet: EvaluationSheet = get_object_or_404(sheets(view_scope(request.user)), pk=pk)
    return sheet


def _result(request: HttpRequest, pk: int) -> Result:
    """Raises Http404."""
    sheet = _find(request, pk)
    try:
        read = reading.read(sheet.body)
        scores = services.scores_of(sheet)
    except reading.BadSheet as fault:
        return Result(sheet, None, [], {}, 0, words.sheet_fault(fault))
    scope = view_scope(request.user)
    seen = [score for score in scores if permissions.covers(scope, [score.town])]
    areas = AdminArea.objects.in_bulk([score.town for score in seen])
    return Result(sheet, read, [score for score in seen if score.town in areas], areas, len(scores))


def _may_change(user: Any, sheet: EvaluationSheet) -> bool:
    return is_coordinator(user) and permissions.covers(coordinator_scope(user), [sheet.area_id])


@login_required
@never_cache
@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Towns by place, with total and tasks."""
    result = _result(request, pk)
    context = {
        "result": result, "sheet": result.sheet, "may_change": _may_change(request.user, result.sheet),
        "text": as_text(result.sheet.body), "items": _measured(result),
    }  # fmt: skip
    return render(request, "gis_core/evaluation/result.html", context)


def _measured(result: Result) -> list[dict[str, Any]]:
    """Each task with what is measured for it."""
    if result.read is None:
        return []
    known = _indicators(result.read)
    return [
        {
            "title": words.in_language(task.title),
            "weight": plain(task.weight),
            "measured": [
                {
                    "title": words.in_language(item.title), "weight": plain(item.weight),
                    "indicator": known.get(item.indicator), "key": item.indicator,
                    "period": words.period_label(item.period), "rule": words.rule_text(item.rule),
                    "missing": words.missing_text(item.missing),
                }
                for item in task.items
            ],
        }
        for task in result.read.tasks
    ]  # fmt: skip


def _indicators(read: reading.Sheet) -> dict[str, Indicator]:
    keys = {item.indicator for item in read.items}
    return {each.key: each for each in indicators().filter(key__in=keys)}


@login_required
@never_cache
@require_safe
def evaluation_town(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One town: every score with its value and its reason."""
    result = _result(request, pk)
    score = next((each for each in result.scores if result.areas[each.town].mois_code == code), None)
    if score is None or result.read is None:
        raise Http404
    context = {
        "sheet": result.sheet, "area": result.areas[score.town], "score": score, "place": place(score),
        "among": result.among, "total": words.points(score.low, score.high), "tasks": _explained(result.read, score),
        "siblings": [result.areas[each.town] for each in result.scores],
    }  # fmt: skip
    return render(request, "gis_core/evaluation/town.html", context)


def _explained(read: reading.Sheet, score: TownScore) -> list[dict[str, Any]]:
    known = _indicators(read)
    items = {item.key: item for item in read.items}
    tasks = {task.key: task for task in read.tasks}
    found = []
    for task in score.tasks:
        rows = []
        for each in task.items:
            item = items[each.key]
            indicator = known.get(item.indicator)
            unit = indicator.unit if indicator else ""
            rows.append(
                {
                    "title": words.in_language(item.title), "points": words.points(each.low, each.high),
                    "weight": plain(each.weight), "sentence": words.item_sentence(each, unit),
                    "indicator": indicator, "period": item.period, "period_name": words.period_label(item.period),
                    "known": each.value is not None,
                }
            )  # fmt: skip
        title = words.in_language(tasks[task.key].title)
        found.append(
            {"title": title, "points": words.points(task.low, task.high), "weight": plain(task.weight), "rows": rows,
             "note": words.task_sentence(task)}
        )  # fmt: skip
    return found


@login_required
@never_cache
@require_safe
def evaluation_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The result on paper, with every town's tasks; the reasons stand on the towns' own pages."""
    result = _result(request, pk)
    context = {
        "result": result, "sheet": result.sheet, "day": timezone.localdate(), "printed_by": request.user,
        "items": _measured(result),
    }  # fmt: skip
    response = HttpResponse(
        pdf.render("gis_core/evaluation/sheet.html", context, request), content_type="application/pdf"
    )
    name = f"{slugify(str(result.sheet), allow_unicode=True) or 'evaluation'}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    return response


EMPTY = """\
version: 1
missing: unknown
tasks:
  - key: task_1
    title: {ko: 과제, en: Task}
    weight: 100
    items:
      - key: item_1
        title: {ko: 지표, en: Item}
        weight: 100
        indicator: population
        period: %(year)s
        rule: {kind: target, target: 10}
"""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_add(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new sheet; with ``pk``, the next year's edition of that one, its periods a year later."""
    scope = changed_scope(request)
    former = _find(request, pk) if pk else None
    year = timezone.localdate().year
    initial: dict[str, Any] = {"year": year, "text": EMPTY % {"year": year}}
    if former is not None:
        initial = {
            "title": former.title, "area": former.area_id, "year": former.year + 1, "source": former.source,
            "text": as_text(moved(former.body, 1)),
        }  # fmt: skip
    offered = cities(scope) if scope is None else cities(scope).filter(pk__in=sorted(scope))
    form = SheetForm(request.POST or None, initial=initial, cities=offered)
    token = request.POST.get("token") or str(uuid.uuid4())
    made: list[EvaluationSheet] = []

    def add(_data: dict[str, Any]) -> None:
        made.append(services.add(request.user, form.values(), uuid_of(token)))

    status = carried_out(form, add) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("evaluation", made[0].pk)
    context = {"form": form, "token": token, "former": former, "known": indicators().values_list("key", "name", "unit")}
    return render(request, "gis_core/evaluation/form.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an open sheet."""
    changed_scope(request)
    sheet = _find(request, pk)
    _refuse_elsewhere(request, sheet)
    if sheet.closed_on is not None:
        messages.info(request, _("It is closed: its scores stay as they are."))
        return redirect("evaluation", pk)
    initial = {"text": as_text(sheet.body), "version": sheet.version}
    form = SheetForm(request.POST or None, instance=EvaluationSheet.objects.get(pk=pk), initial=initial)

    def change(data: dict[str, Any]) -> None:
        services.change(sheet, request.user, data["version"] or 0, form.values())

    status = carried_out(form, change) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Saved."))
        return redirect("evaluation", pk)
    if status == 409:
        form.rebase(EvaluationSheet.objects.get(pk=pk).version)
    context = {"form": form, "sheet": sheet, "known": indicators().values_list("key", "name", "unit")}
    return render(request, "gis_core/evaluation/form.html", context, status=status)


def _refuse_elsewhere(request: HttpRequest, sheet: EvaluationSheet) -> None:
    if not _may_change(request.user, sheet):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the scores as they are: asked once more, with what is still unknown."""
    changed_scope(request)
    result = _result(request, pk)
    _refuse_elsewhere(request, result.sheet)
    form = VersionForm(request.POST or None, initial={"version": result.sheet.version})

    def close(data: dict[str, Any]) -> None:
        services.close(result.sheet, request.user, data["version"])

    status = carried_out(form, close) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Closed: the scores are kept as they are today."))
        return redirect("evaluation", pk)
    context = {"form": form, "sheet": result.sheet, "result": result}
    return render(request, "gis_core/evaluation/close.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_retire(request: HttpRequest, pk: int) -> HttpResponse:
    changed_scope(request)
    sheet = _find(request, pk)
    _refuse_elsewhere(request, sheet)
    form = ReasonForm(request.POST or None, initial={"version": sheet.version})

    def retire(data: dict[str, Any]) -> None:
        services.retire(sheet, request.user, data["reason"], data["version"])

    status = carried_out(form, retire) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("Retired."))
        return redirect("evaluation-list")
    return render(request, "gis_core/evaluation/retire.html", {"form": form, "sheet": sheet}, status=status)
