"""Who visits which house in a survey round."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea, Role, User
from vacanthouses.models import Assignment, Campaign, Candidate, CandidateState, Crew, HouseStatus, VacantHouse

MANAGERS = frozenset({Role.SURVEY_MANAGER})
SURVEYORS = frozenset({Role.SURVEYOR, Role.SURVEY_MANAGER})
# What a round is about: houses suspected, and houses known to be vacant.
STATUSES = (HouseStatus.CANDIDATE, HouseStatus.CONFIRMED)


def houses_of(campaign: Campaign) -> QuerySet[VacantHouse]:
    """The houses that may be assigned in a round: of its area and regime. ``is_kept``: chosen in its screening."""
    areas = AdminArea.objects.descendant_ids([campaign.area_id])
    kept = Candidate.objects.live().filter(
        run__campaign=campaign, run__is_current=True, state=CandidateState.KEPT, house=OuterRef("pk")
    )
    found: QuerySet[VacantHouse] = VacantHouse.objects.live().filter(
        area_id__in=sorted(areas), regime=campaign.regime, status__in=STATUSES
    )
    return found.annotate(is_kept=Exists(kept))


def current(campaign: Campaign) -> QuerySet[Assignment]:
    """The round's assignments; blind second visits are no further houses."""
    found: QuerySet[Assignment] = Assignment.objects.live().filter(
        campaign=campaign, step=campaign.step, is_blind=False
    )
    return found


@transaction.atomic
def assign(campaign: Campaign, user: Any, houses: Iterable[int], crew: Crew | None) -> int:
    """Give houses to a crew, or (None) to nobody; how many changed. What has been visited stays where it was.

    Two managers at once wait for one another on the round. Raises NotAllowed, Invalid.
    """
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [locked.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    wanted = set(houses)
    known = set(houses_of(locked).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        raise Invalid({"houses": [_("Some of these houses no longer belong to this round. Look again and choose.")]})
    there = {each.house_id: each for each in current(locked).filter(house__in=wanted).select_for_update(of=("self",))}
    movable = [each for each in there.values() if each.done_at is None and (crew is None or each.crew_id != crew.pk)]
    rows = current(locked).filter(pk__in=[each.pk for each in movable])
    if crew is None:
        rows.update(retired_at=timezone.now(), retired_reason=_("taken back"), updated_by=user)
        return len(movable)
    rows.update(crew=crew, work_area=None, updated_by=user)
    fresh = [
        Assignment(
            campaign=locked, house_id=pk, crew=crew, step=locked.step, created_by=user, updated_by=user
        )
        for pk in sorted(wanted - there.keys())
    ]  # fmt: skip
    Assignment.objects.bulk_create(fresh)
    return len(movable) + len(fresh)


def crews_for(campaign: Campaign) -> QuerySet[Crew]:
    """Crews at home in the round's area."""
    areas = AdminArea.objects.descendant_ids([campaign.area_id])
    found: QuerySet[Crew] = Crew.objects.live().filter(area_id__in=sorted(areas))
    return found.select_related("area").order_by("area__mois_code", "name")


def people_for(campaign: Campaign) -> list[User]:
    """People who survey somewhere in the round's area."""
    areas = AdminArea.objects.descendant_ids([campaign.area_id])
    people = User.objects.filter(is_active=True, role_grants__role=Role.SURVEYOR).distinct().order_by("name", "pk")
    scopes = ((person, permissions.area_scope(person, SURVEYORS)) for person in people)
    return [person for person, scope in scopes if scope is None or scope & areas]
