"""Who visits which house in a survey round."""

from django.db.models import Exists, OuterRef, QuerySet

from gis_core import permissions
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
