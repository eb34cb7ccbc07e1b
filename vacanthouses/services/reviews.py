"""Deciding about visits: accept, return, correct, and choose between two of one house. Never one's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import Conflict, Invalid, NotAllowed
from vacanthouses.models import (
    Assignment,
    Decision,
    Grading,
    HouseStatus,
    Review,
    VacantHouse,
    Visit,
    VisitOutcome,
    VisitState,
)
from vacanthouses.querysets_reviews import REVIEWERS, is_blind, rivals
from vacanthouses.survey import forms
from vacanthouses.words.answers import in_language, read_form
from vacanthouses.words.survey import problem_text

from .grading import grade_visit, update_house
from .visit_reading import OWNER

# What an accepted visit makes of its house; who could not enter has learned nothing.
_STATUS = {
    VisitOutcome.SURVEYED: HouseStatus.CONFIRMED,
    VisitOutcome.NOT_VACANT: HouseStatus.NOT_VACANT,
    VisitOutcome.GONE: HouseStatus.DEMOLISHED,
}


def _locked(visit: Visit, user: Any, expected_version: int) -> Visit:
    """The visit as it is now, locked. Raises NotAllowed, Conflict when somebody else decided meanwhile."""
    current: Visit = (
        Visit.objects.select_for_update(of=("self",)).select_related("assignment", "surveyor", "form").get(pk=visit.pk)
    )
    refuse_unless_reviewer(current, user)
    if current.version != expected_version or current.state != VisitState.SUBMITTED or current.retired_at:
        raise Conflict(current, {}, [])
    return current


def refuse_unless_reviewer(visit: Visit, user: Any) -> None:
    """Raises NotAllowed."""
    if visit.surveyor_id == user.pk:
        raise NotAllowed(_("Nobody decides about a visit of their own."))
    if not permissions.covers(permissions.area_scope(user, REVIEWERS), [visit.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


def _decide(visit: Visit, user: Any, decision: Decision, state: VisitState, comment: str, **kept: Any) -> Review:
    Visit.objects.filter(pk=visit.pk).update(state=state, updated_by=user, updated_at=timezone.now())
    visit.refresh_from_db()
    return Review.objects.create(visit=visit, reviewer=user, decision=decision, comment=comment.strip(), **kept)


@transaction.atomic
def accept(
    visit: Visit, user: Any, expected_version: int, comment: str = "", *,
    instead_of: Iterable[int] = (), flags: Iterable[Mapping[str, Any]] = (),
) -> Grading | None:  # fmt: skip
    """Accept a visit: its house gets the status and the grade that follow; the grading, where there is one.

    ``instead_of`` are the other visits to the house that are set aside; all of them must be named. A blind visit is
    for comparison: it changes nothing about the house. Raises NotAllowed, Invalid, Conflict.
    """
    current = _locked(visit, user, expected_version)
    house = VacantHouse.objects.select_for_update(of=("self",)).get(pk=current.house_id)
    others = list(rivals(current).select_for_update(of=("self",)))
    if {other.pk for other in others} != set(instead_of):
        raise Invalid({"instead_of": [_("There is another visit to this house. Choose which one counts.")]})
    for other in others:
        refuse_unless_reviewer(other, user)
        told = _("Another visit of %(day)s counts.") % {"day": f"{timezone.localtime(current.visited_at):%Y-%m-%d}"}
        _decide(other, user, Decision.SET_ASIDE, VisitState.SET_ASIDE, told)
    _decide(current, user, Decision.ACCEPT, VisitState.ACCEPTED, comment, flags=list(flags))
    if current.assignment_id:
        Assignment.objects.filter(pk=current.assignment_id, done_at=None).update(
            done_at=current.visited_at, updated_by=user
        )
    return None if is_blind(current) else _conclude(current, house, user)


def _conclude(visit: Visit, house: VacantHouse, user: Any) -> Grading | None:
    if status := _STATUS.get(VisitOutcome(visit.outcome)):
        update_house(house, user, status=status)
    return grade_visit(visit, house, user) if visit.outcome == VisitOutcome.SURVEYED else None


@transaction.atomic
def send_back(
    visit: Visit, user: Any, expected_version: int, comment: str, flags: Iterable[Mapping[str, Any]] = ()
) -> Review:
    """Return a visit to its surveyor, saying what is missing. Raises NotAllowed, Invalid, Conflict."""
    current = _locked(visit, user, expected_version)
    if not comment.strip():
        raise Invalid({"comment": [_("Say what is to be done.")]})
    review = _decide(current, user, Decision.RETURN, VisitState.RETURNED, comment, flags=list(flags))
    if current.assignment_id:
        Assignment.objects.filter(pk=current.assignment_id).update(done_at=None, updated_by=user)
    return review


@transaction.atomic
def correct(
    visit: Visit, user: Any, expected_version: int, answers: Mapping[str, Any], comment: str = ""
) -> Review | None:
    """Change answers; what they were stays in the review and in the visit's history. It still waits for a decision.

    ``answers`` holds the questions to change; None takes an answer away. Answers to questions that no longer matter
    after the change go with it. None when nothing differs. Raises NotAllowed, Conflict, and Invalid (by question) for
    what the visit's form would not take from a phone.
    """
    current = _locked(visit, user, expected_version)
    before = current.answers
    wanted = {name: value for name, value in answers.items() if before.get(name) != value}
    if not wanted:
        return None
    after = _checked(current, wanted)
    names = [*wanted, *(name for name in before if name not in after and name not in wanted)]
    changes = {name: [before.get(name), after.get(name)] for name in names}
    Visit.objects.filter(pk=current.pk).update(answers=after, updated_by=user, updated_at=timezone.now())
    visit.refresh_from_db()
    return Review.objects.create(
        visit=current, reviewer=user, decision=Decision.EDIT, comment=comment.strip(), changes=changes
    )


def _checked(visit: Visit, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The visit's answers after the change. Raises Invalid. Without a readable form there is nothing to check by."""
    after = {name: value for name, value in {**visit.answers, **wanted}.items() if value is not None}
    form = read_form(visit.form)
    if form is None:
        return after
    # What a form asks about the owner is kept elsewhere, encrypted.
    asked = {each.id: each for each in form.questions if each.type != "photo" and not each.id.startswith(OWNER)}
    matter = forms.relevant(form, after, visit.outcome)
    errors: dict[str, list[str]] = {}
    for name in (name for name, value in wanted.items() if value is not None):
        if name not in asked:
            errors[f"answers.{name}"] = [_("The form has no question “%(name)s”.") % {"name": name}]
        elif name not in matter:
            title = in_language(asked[name].title)
            errors[f"answers.{name}"] = [_("“%(question)s” is not asked with these answers.") % {"question": title}]
    for problem in forms.problems(form, after, (), visit.outcome):
        if wanted.get(problem.question) is not None:
            errors.setdefault(f"answers.{problem.question}", []).append(problem_text(form, problem))
    if errors:
        raise Invalid(errors)
    return {name: value for name, value in after.items() if name in matter or name not in asked}
