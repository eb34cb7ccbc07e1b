"""Who looks after which rounds, and what a round is about."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import NotAllowed
from gis_core.layers.layer import Layer
from gis_core.layers.registry import LayerNotFound, layers
from gis_core.models import AdminArea, Proposal, ProposalRound, Role, RoundMeeting

# Beside the coordinators, those who work with a subject open rounds about it.
BESIDE = frozenset({Role.FACILITY_PLANNER, Role.SURVEY_MANAGER})
STAFF = frozenset({Role.ZONE_COORDINATOR, *BESIDE})


def roles_for(subject_layer: str) -> frozenset[str]:
    """The roles that look after rounds about records of a layer; without one, the coordinators' alone."""
    try:
        edit = layers.get(subject_layer).access.edit if subject_layer else frozenset()
    except LayerNotFound:
        edit = frozenset()
    return frozenset({Role.ZONE_COORDINATOR, *(BESIDE & edit)})


def is_staff(user: Any) -> bool:
    """Whether this person sees rounds at all."""
    return bool(permissions.roles_of(user) & {*STAFF, Role.ADMINISTRATOR})


def may_manage(user: Any, found: ProposalRound) -> bool:
    return permissions.covers(permissions.area_scope(user, roles_for(found.subject_layer)), [found.area_id])


def refuse_others(user: Any, area_id: int | None, subject_layer: str) -> None:
    """Raises NotAllowed."""
    if not permissions.covers(permissions.area_scope(user, roles_for(subject_layer)), [area_id]):
        raise NotAllowed(_("Rounds of this area, or about this, are looked after by somebody else."))


def seen_rounds(user: Any) -> "QuerySet[ProposalRound]":
    """The live rounds of this person's areas."""
    if not is_staff(user):
        return ProposalRound.objects.none()
    found: QuerySet[ProposalRound] = ProposalRound.objects.live().in_areas(permissions.area_scope(user, STAFF))
    return found.select_related("area").defer("area__geometry")


def seen_proposals(user: Any) -> "QuerySet[Proposal]":
    """Live proposals of these rounds, wherever they lie."""
    found: QuerySet[Proposal] = Proposal.objects.live().filter(round__in=seen_rounds(user).order_by().values("pk"))
    return found.select_related("round__area", "area", "merged_into").defer("area__geometry", "round__area__geometry")


def seen_meetings(user: Any) -> "QuerySet[RoundMeeting]":
    found: QuerySet[RoundMeeting] = RoundMeeting.objects.live().filter(
        round__in=seen_rounds(user).order_by().values("pk")
    )
    return found.select_related("round__area").defer("round__area__geometry")


def manageable_areas(user: Any, subject_layer: str) -> "QuerySet[AdminArea]":
    """The areas whose residents this person may ask."""
    scope = permissions.area_scope(user, roles_for(subject_layer))
    found: QuerySet[AdminArea] = AdminArea.objects.current()
    return (found if scope is None else found.filter(pk__in=sorted(scope))).order_by("mois_code")


@dataclass(frozen=True)
class Subject:
    """The record a round is about, as this person may see it."""

    layer: Layer
    record: Any

    @property
    def url(self) -> str:
        return reverse("record-detail", args=[self.layer, self.record.pk])

    @property
    def area(self) -> AdminArea | None:
        """Its area; of several, what holds them all."""
        ids = [each for each in self.layer.area_ids_of(self.record) if each is not None]
        areas = list(AdminArea.objects.filter(pk__in=ids).select_related("parent").order_by("mois_code"))
        parents = {area.parent for area in areas}
        if len(areas) > 1 and len(parents) == 1:
            return parents.pop()
        return areas[0] if areas else None


def subject_of(user: Any, layer_id: str, pk: int | None) -> Subject | None:
    """None where there is none, where it is gone, or where this person may not see it."""
    if not layer_id or pk is None:
        return None
    try:
        layer = layers.get(layer_id)
    except LayerNotFound:
        return None
    record = layer.queryset(user).filter(pk=pk).first()
    return Subject(layer, record) if record is not None else None


def may_open_about(user: Any, layer: Layer, record: Any) -> bool:
    """Whether a record's page offers this person to open a round about it."""
    if not is_staff(user):
        return False
    return permissions.covers(permissions.area_scope(user, roles_for(layer.id)), layer.area_ids_of(record))
