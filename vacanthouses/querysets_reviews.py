"""Which visits wait for whom."""

from typing import Any

from django.db.models import QuerySet

from gis_core import permissions
from gis_core.models import Role

from .models import Campaign, Visit, VisitState

REVIEWERS = frozenset({Role.SURVEY_MANAGER})


def reviewable(user: Any) -> "QuerySet[Visit]":
    """Visits that this person may decide about: in their areas, and never their own."""
    visits = Visit.objects.filter(retired_at__isnull=True).exclude(surveyor=user.pk)
    scope = permissions.area_scope(user, REVIEWERS)
    return visits if scope is None else visits.filter(area_id__in=sorted(scope))


def queue(user: Any, campaign: Campaign | None = None) -> "QuerySet[Visit]":
    """What waits for this person's decision, the oldest first."""
    waiting = reviewable(user).filter(state=VisitState.SUBMITTED)
    if campaign is not None:
        waiting = waiting.filter(campaign=campaign)
    return waiting.order_by("received_at", "pk")


def rivals(visit: Visit) -> "QuerySet[Visit]":
    """Other visits to the same house in the same step and round, of which only one can count. Blind ones are none."""
    if is_blind(visit):
        return Visit.objects.none()
    found = Visit.objects.filter(
        retired_at__isnull=True,
        house=visit.house_id,
        step=visit.step,
        campaign=visit.campaign_id,
        state__in=[VisitState.SUBMITTED, VisitState.ACCEPTED],
    )
    return found.exclude(pk=visit.pk).exclude(assignment__is_blind=True).order_by("received_at", "pk")


def is_blind(visit: Visit) -> bool:
    return visit.assignment is not None and visit.assignment.is_blind
