"""What was asked of a project and where it is on the plan; the scores of a survey."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from facilities.models import Answer, Plan, RedesignProject, Request, SatisfactionSurvey, SurveyScore
from facilities.participation_forms import ScoreFormSet
from facilities.services import changes
from facilities.services import participation as services
from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.views.records import refuse_unless_visible

from .rows import Table, initial_of, rows_page


@dataclass(frozen=True)
class Block:
    """Requests with one answer."""

    answer: Answer
    asked: list[services.Asked]


def requests_of(project: RedesignProject) -> list[Request]:
    found = Request.objects.live().filter(project=project).select_related("meeting", "plan").order_by("pk")
    return list(found)


def surveys_of(project: RedesignProject) -> list[SatisfactionSurvey]:
    scores = Prefetch("scores", SurveyScore.objects.live().order_by("pk"))
    return list(SatisfactionSurvey.objects.live().filter(project=project).prefetch_related(scores))


@require_safe
def project_requests(request: HttpRequest, pk: int) -> HttpResponse:
    """What you asked, where it is on the plan; and what changed without anybody having asked."""
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    projects = layer.queryset(request.user).select_related("centre", "agreed_plan__building")
    project = get_object_or_404(projects, pk=pk)
    asked = services.asked_of(requests_of(project))
    plan = _shown_plan(request, project)
    traced = changes.traced(plan, [each.request for each in asked]) if plan else None
    compared = services.comparisons(surveys_of(project))
    context = {
        "layer": layer,
        "record": project,
        "blocks": [
            Block(answer, [each for each in asked if each.request.answer == answer])
            for answer in (Answer.OPEN, Answer.ADOPTED, Answer.REJECTED)
        ],
        "total": len(asked),
        "flagged": sum(bool(each.flags) for each in asked),
        "plan": plan,
        "plans": _plans(project),
        "traced": traced,
        "comparisons": compared,
        "overall": services.overall(compared),
        "can_change": permissions.can_change(request.user, layer, project),
    }
    return render(request, "facilities/project_requests.html", context)


def _plans(project: RedesignProject) -> list[Plan]:
    found = Plan.objects.in_use().filter(building__centre=project.centre_id).select_related("building")
    return list(found.order_by("building", "pk"))


def _shown_plan(request: HttpRequest, project: RedesignProject) -> Plan | None:
    """The plan that was chosen on the page, else the one that counts."""
    chosen = request.GET.get("plan", "")
    if chosen.isdecimal() and len(chosen) < 10:
        found: Plan = get_object_or_404(
            Plan.objects.in_use().select_related("building"), pk=int(chosen), building__centre=project.centre_id
        )
        return found
    return services.plan_of(project)


@login_required
@never_cache
def survey_scores(request: HttpRequest, pk: int) -> HttpResponse:
    """A survey's questions with their mean scores."""
    layer = layers.get("satisfaction-surveys")
    survey = get_object_or_404(layer.queryset(request.user).select_related("project"), pk=pk)
    if not permissions.can_change(request.user, layer, survey):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    rows = list(survey.scores.live().order_by("pk"))
    initial: list[dict[str, Any]] = initial_of(rows, "question", "mean", "respondents")
    if not rows:
        # Suggested, and written only once they have a score.
        initial = [
            {"question": question, "respondents": survey.respondents}
            for question in services.suggested_questions(survey)
        ]

    def save(sent: list[Any]) -> str:
        return _("Saved.") if services.save_scores(survey, request.user, sent) else ""

    back = reverse("record-detail", args=["satisfaction-surveys", survey.pk])
    table = Table(_("Scores"), ScoreFormSet, rows, initial, save, back)
    note = _("Word a question before and after alike: they are compared by their wording.")
    return rows_page(request, table, "facilities/project_rows.html", {"layer": layer, "record": survey, "note": note})
