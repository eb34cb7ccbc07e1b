"""Finding what a page of the survey is about, as far as this person may see it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.models import Role
from vacanthouses.models import Assignment, Campaign, WorkArea
from vacanthouses.querysets_planning import is_planner

MANAGERS = frozenset({Role.SURVEY_MANAGER})


def is_manager(user: Any) -> bool:
    return bool(permissions.roles_of(user) & {*MANAGERS, Role.ADMINISTRATOR})


def managed_areas(user: Any) -> frozenset[int] | None:
    """The areas in which this person manages surveys; None means everywhere. Raises PermissionDenied."""
    if not is_manager(user):
        raise PermissionDenied(_("Only survey managers may do this."))
    return permissions.area_scope(user, MANAGERS)


def seen_campaigns(user: Any, *, surveyors: bool = False) -> QuerySet[Campaign]:
    """Survey rounds of the manager's areas; with ``surveyors`` also those in which the person's crew works.

    Raises PermissionDenied for everybody else.
    """
    campaigns: QuerySet[Campaign] = Campaign.objects.live().select_related("area")
    if is_manager(user):
        scope = permissions.area_scope(user, MANAGERS)
        found = Q() if scope is None else Q(area_id__in=sorted(scope))
        return campaigns.filter(found | of_own_crew(user)) if surveyors and found else campaigns.filter(found)
    if not surveyors or Role.SURVEYOR not in permissions.roles_of(user):
        raise PermissionDenied(_("Only survey managers may do this."))
    return campaigns.filter(of_own_crew(user))


def of_own_crew(user: Any) -> Q:
    """Campaigns in which a crew of this person has work."""
    own = {"campaign": OuterRef("pk"), "retired_at": None, "crew__members": user}
    return Q(Exists(Assignment.objects.filter(**own))) | Q(Exists(WorkArea.objects.filter(**own)))


def find_campaign(request: HttpRequest, pk: int, *, surveyors: bool = False) -> Campaign:
    """A live survey round: of the manager's areas, or (``surveyors``: to read only) of the person's own crew.

    Raises PermissionDenied for other roles, Http404 outside the areas.
    """
    campaign: Campaign = get_object_or_404(seen_campaigns(request.user, surveyors=surveyors), pk=pk)
    return campaign


def refuse_others_than_planners(user: Any) -> None:
    """Raises PermissionDenied unless the person plans what becomes of vacant houses somewhere."""
    if not is_planner(user):
        raise PermissionDenied(_("Only survey managers and facility planners may do this."))
