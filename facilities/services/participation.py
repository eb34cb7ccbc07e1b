"""What was asked of a project and where it is on the plan; what changed without being asked; how content people are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import (
    Answer,
    Moment,
    Plan,
    PlanStatus,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    SurveyScore,
)
from gis_core import permissions
from gis_core.editing import NotAllowed
from gis_core.layers.registry import layers

from .rooms import Room, rooms_by_key
from .rows import Row, note_change_of, write_rows


@dataclass(frozen=True)
class Asked:
    """A request with its rooms. ``flags`` say what is missing: an answer, a room, a plan that shows it."""

    request: Request
    rooms: list[Room] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """A question before and after; None where one of the two was not asked."""

    question: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


def asked_of(requests: Iterable[Request]) -> list[Asked]:
    """Requests with the names of their rooms, in two queries however many there are."""
    requests = list(requests)
    found = rooms_by_key(key for request in requests for key in request.unit_keys)
    owner = "building__centre__projects"
    projects = {request.project_id for request in requests}
    planned = set(Plan.objects.in_use().filter(**{f"{owner}__in": projects}).values_list(owner, flat=True))
    return [_asked(request, found, request.project_id in planned) for request in requests]


def _asked(request: Request, found: dict[str, Room], has_plan: bool) -> Asked:
    gone = _("a room that is in no plan any more")
    rooms = [found.get(str(key)) or Room(str(key), gone) for key in request.unit_keys]
    flags = []
    if request.answer == Answer.OPEN:
        flags.append(_("no answer yet"))
    if request.answer == Answer.ADOPTED and not rooms and has_plan:
        flags.append(_("no room linked"))
    if any(not room.plans for room in rooms):
        flags.append(_("a linked room is in no plan any more"))
    return Asked(request, rooms, flags)


def plan_of(project: RedesignProject) -> Plan | None:
    """The plan on which a project's requests are looked at: the agreed one, else the newest option."""
    if project.agreed_plan_id:
        return project.agreed_plan
    options = Plan.objects.in_use().filter(building__centre=project.centre_id, status__in=_PROPOSED)
    found: Plan | None = options.order_by("-pk").first()
    return found


_PROPOSED = (PlanStatus.OPTION, PlanStatus.AGREED, PlanStatus.AS_BUILT)


def base_of(plan: Plan) -> Plan | None:
    """The as-is plan that a plan goes back to; None when it was drawn from nothing."""
    seen = {plan.pk}
    current = plan
    while current.based_on is not None and current.based_on_id not in seen:
        current = current.based_on
        seen.add(current.pk)
        if current.status == PlanStatus.AS_IS:
            return current
    as_is: Plan | None = (
        Plan.objects.in_use()
        .filter(building=plan.building_id, status=PlanStatus.AS_IS)
        .exclude(pk=plan.pk)
        .order_by("-pk")
        .first()
    )
    return as_is


def comparisons(surveys: Iterable[SatisfactionSurvey]) -> list[Comparison]:
    """Each question's mean before and after, over the latest survey of either moment. Reads ``scores.all()``."""
    latest: dict[str, SatisfactionSurvey] = {}
    for survey in sorted(surveys, key=lambda each: (each.held_on, each.pk)):
        latest[survey.moment] = survey
    means: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for moment in (Moment.BEFORE, Moment.AFTER):
        for score in live_scores(latest.get(moment)):
            means[score.question][moment] = score.mean
    return [
        Comparison(question, of.get(Moment.BEFORE.value), of.get(Moment.AFTER.value)) for question, of in means.items()
    ]


def live_scores(survey: SatisfactionSurvey | None) -> list[SurveyScore]:
    return [] if survey is None else [score for score in survey.scores.all() if score.retired_at is None]


def overall(found: Iterable[Comparison]) -> Comparison | None:
    """The mean over the questions that were asked both times; None when there are none."""
    both = [(each.before, each.after) for each in found if each.before is not None and each.after is not None]
    if not both:
        return None
    before = sum((before for before, _after in both), Decimal(0)) / len(both)
    after = sum((after for _before, after in both), Decimal(0)) / len(both)
    return Comparison("", before, after)


@transaction.atomic
def save_scores(survey: SatisfactionSurvey, user: Any, rows: Iterable[Row]) -> int:
    """Write a survey's scores; returns how many rows changed. Raises NotAllowed, Invalid."""
    locked = SatisfactionSurvey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.retired_at or not permissions.can_change(user, layers.get("satisfaction-surveys"), locked):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    changed = write_rows(SurveyScore, {"survey": locked}, user, list(rows), ("question",))
    if changed:
        note_change_of(SatisfactionSurvey)
    return changed


def suggested_questions(survey: SatisfactionSurvey) -> list[str]:
    """What to ask, so that before and after can be compared: the project's other survey, else the latest anywhere."""
    scores = SurveyScore.objects.live().filter(survey__retired_at=None).exclude(survey=survey)
    for narrowed in (scores.filter(survey__project=survey.project_id), scores):
        newest = narrowed.order_by("-survey__held_on", "-survey_id").values_list("survey_id", flat=True).first()
        if newest is not None:
            found = narrowed.filter(survey=newest).order_by("pk").values_list("question", flat=True)
            return list(found)
    return []
