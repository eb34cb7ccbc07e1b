"""Visits as phones send them: the one place where they are written.

Nothing that somebody saw is lost because the office changed its mind meanwhile: a visit to a house that was given to
another crew, or in a round that was closed, is taken all the same, and the manager decides.
"""

from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea, Role
from gis_core.offline.kinds import Kind, Sending
from vacanthouses.models import (
    Assignment,
    Campaign,
    Crew,
    Decision,
    HouseStatus,
    Owner,
    Regime,
    VacantHouse,
    Visit,
    VisitState,
)

from .blind import pair_second
from .visit_reading import OWNER, NewHouse, Reading, read

SURVEYORS = frozenset({Role.SURVEYOR, Role.SURVEY_MANAGER})
OPEN_STATES = (VisitState.WAITING, VisitState.SUBMITTED, VisitState.RETURNED)
_OWNER_FACTS = {"owner_name": "name", "owner_phone": "phone", "owner_address": "address"}


def accept(sending: Sending, body: dict[str, Any], target_id: int | None) -> int:
    """Write a visit, or change one that is not decided yet. Raises Invalid, NotAllowed."""
    reading = read(sending, body)
    visit = _visit(target_id)
    if visit is not None and visit.state not in OPEN_STATES:
        raise Invalid({"__all__": [_("The office has already decided about this visit; it can no longer be changed.")]})
    house = visit.house if visit is not None and reading.new_house else _house(sending, reading)
    if visit is not None and visit.house_id != house.pk:
        raise Invalid({"house": [_("A visit stays with its house.")]})
    _refuse_elsewhere(sending.user, house.area_id)
    assignment = _assignment(reading, house)
    values = _values(sending, reading, house, assignment)
    if visit is None:
        visit = Visit.objects.create(
            uuid=sending.uuid, house=house, surveyor=sending.user, created_by=sending.user, updated_by=sending.user,
            found_new=reading.new_house is not None, received_at=sending.received_at, **values,
        )  # fmt: skip
    else:
        Visit.objects.filter(pk=visit.pk).update(**values, updated_by=sending.user, updated_at=timezone.now())
    if assignment is not None:
        Assignment.objects.filter(pk=assignment.pk, done_at=None).update(
            done_at=reading.visited_at, updated_by=sending.user
        )
    _keep_owner(house, sending.user, reading.owner)
    return visit.pk


def _visit(target_id: int | None) -> Visit | None:
    if target_id is None:
        return None
    return Visit.objects.select_for_update(of=("self",)).select_related("house").get(pk=target_id)


def _refuse_elsewhere(user: Any, area_id: int | None) -> None:
    """Raises NotAllowed."""
    if not permissions.covers(permissions.area_scope(user, SURVEYORS), [area_id]):
        raise NotAllowed(_("This house lies outside the area in which you survey."))


def _house(sending: Sending, reading: Reading) -> VacantHouse:
    if reading.new_house is not None:
        return _found(sending, reading, reading.new_house)
    house = VacantHouse.objects.filter(pk=reading.house_id or 0).first()
    if house is None:
        raise Invalid({"house": [_("This house is not known here.")]})
    return house


def _found(sending: Sending, reading: Reading, new: NewHouse) -> VacantHouse:
    """A house found on the way. One that has this parcel number already is that house."""
    area = AdminArea.objects.containing(new.place)
    _refuse_elsewhere(sending.user, area.pk if area else None)
    known = VacantHouse.objects.live().filter(pnu=new.pnu).first() if new.pnu else None
    if known is not None:
        return known
    campaign = _campaign(reading, area.pk if area else None)
    return VacantHouse.objects.create(
        pnu=new.pnu,
        address=new.address or _("%(area)s, found on the way") % {"area": area.full_name if area else ""},
        area=area,
        regime=campaign.regime if campaign else Regime.RURAL,
        status=HouseStatus.CANDIDATE,
        found_on=timezone.localdate(reading.visited_at),
        location=new.place,
        created_by=sending.user,
        updated_by=sending.user,
    )


def _campaign(reading: Reading, area_id: int | None) -> Campaign | None:
    """The round named; one of another area is none."""
    campaign = Campaign.objects.live().filter(pk=reading.campaign_id or 0).first()
    within = campaign is not None and area_id in AdminArea.objects.descendant_ids([campaign.area_id])
    return campaign if within else None


def _assignment(reading: Reading, house: VacantHouse) -> Assignment | None:
    """The assignment named; one of another house is none."""
    if reading.assignment_id is None:
        return None
    return Assignment.objects.filter(pk=reading.assignment_id, house=house).select_related("campaign").first()


def _values(sending: Sending, reading: Reading, house: VacantHouse, assignment: Assignment | None) -> dict[str, Any]:
    campaign = assignment.campaign if assignment else _campaign(reading, house.area_id)
    place: GEOSGeometry = reading.place or house.location
    return {
        "campaign": campaign,
        "assignment": assignment,
        "area_id": house.area_id,
        "crew": _crew(sending.user, assignment),
        "step": reading.step,
        "state": VisitState.WAITING,
        "outcome": reading.outcome,
        "reason": reading.reason,
        "form": reading.form,
        "answers": reading.answers,
        "note": reading.note,
        "visited_at": reading.visited_at,
        "device_time": reading.device_time,
        "location": place,
        "accuracy_m": reading.accuracy_m if reading.place else None,
    }


def _crew(user: Any, assignment: Assignment | None) -> Crew | None:
    own = Crew.objects.live().filter(members=user)
    if assignment is not None and assignment.crew_id:
        return own.filter(pk=assignment.crew_id).first() or own.first()
    return own.first()


def _keep_owner(house: VacantHouse, user: Any, said: dict[str, Any]) -> None:
    """What was heard of the owner goes where it is encrypted. The same name is the same owner."""
    facts = {field: str(said[name]).strip() for name, field in _OWNER_FACTS.items() if said.get(name)}
    if not facts.get("name"):
        return
    if said.get(f"{OWNER}reuse_consent") in (True, "yes"):
        facts["reuse_consent_on"] = timezone.localdate()  # type: ignore[assignment]
    # Who plans a reuse holds the house while they ask whether every owner agreed.
    VacantHouse.objects.select_for_update(of=("self",)).get(pk=house.pk)
    known = next((each for each in Owner.objects.live().filter(house=house) if each.name == facts["name"]), None)
    if known is None:
        Owner.objects.create(house=house, created_by=user, updated_by=user, **facts)
        return
    changed = {field: value for field, value in facts.items() if getattr(known, field) != value}
    if changed:
        Owner.objects.filter(pk=known.pk).update(**changed, updated_by=user)


def current(target_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """The visit as it is now, in the words of its text: the office may have corrected answers."""
    return as_told(Visit.objects.get(pk=target_id), body)


def as_told(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """The same of a visit that is at hand; its reviews may be prefetched."""
    said = body.get("answers") or {}
    owner = {name: value for name, value in said.items() if name.startswith(OWNER)}
    # What the form left out of the answers is still what the phone said.
    unused = {name: value for name, value in said.items() if name not in visit.answers and name not in owner}
    removed = _removed(visit)
    kept = {name: value for name, value in unused.items() if name not in removed}
    return {**body, "answers": {**kept, **owner, **visit.answers}}


def _removed(visit: Visit) -> set[str]:
    """Answers that a reviewer has taken away."""
    changes = [review.changes for review in visit.reviews.all()]
    return {name for each in changes for name, (_before, after) in each.items() if after is None}


def settle(target_id: int, is_complete: bool) -> None:
    """Let a visit wait for its photos, or for its review."""
    state = VisitState.SUBMITTED if is_complete else VisitState.WAITING
    Visit.objects.filter(pk=target_id, state__in=OPEN_STATES).exclude(state=state).update(state=state)
    pair_second(Visit.objects.select_related("assignment").get(pk=target_id))


# A correction is no answer to the surveyor, and what was said before the visit came again is answered.
_ANSWERS = {
    VisitState.ACCEPTED: Decision.ACCEPT,
    VisitState.RETURNED: Decision.RETURN,
    VisitState.SET_ASIDE: Decision.SET_ASIDE,
}


def comment_of(visit: Visit) -> str:
    """What the reviewer wrote with the decision that holds now; the reviews may be prefetched."""
    said = [each.comment for each in visit.reviews.all() if each.decision == _ANSWERS.get(VisitState(visit.state))]
    return said[-1] if said else ""


def statuses(target_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What the phone shows of the office's side: the state, and what the reviewer wrote."""
    return {
        visit.pk: {
            "id": visit.pk,
            "house": visit.house_id,
            "state": visit.state,
            "comment": comment_of(visit),
            "is_final": visit.state in (VisitState.ACCEPTED, VisitState.SET_ASIDE),
            "url": reverse("visit-review", args=[visit.pk]),
        }
        for visit in Visit.objects.filter(pk__in=target_ids).prefetch_related("reviews")
    }


VISITS = Kind(id="visits", layer_id="visits", accept=accept, current=current, settle=settle, statuses=statuses)

__all__ = ["VISITS", "accept", "as_told", "comment_of", "current", "settle", "statuses"]
