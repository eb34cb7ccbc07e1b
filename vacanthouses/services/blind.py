"""Blind re-surveys: a sample of visits is surveyed again by somebody who saw nothing of the first visit."""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import Invalid, NotAllowed
from gis_core.models import Role
from vacanthouses.models import Assignment, BlindPair, Campaign, Crew, Visit, VisitOutcome, VisitState
from vacanthouses.querysets_reviews import REVIEWERS

SURVEYORS = frozenset({Role.SURVEYOR, Role.SURVEY_MANAGER})


def eligible(campaign: Campaign) -> list[Visit]:
    """Visits that can be drawn: decided or waiting, whose house was entered, and not yet drawn in this round."""
    drawn = Assignment.objects.filter(campaign=campaign, is_blind=True, retired_at__isnull=True)
    return list(
        Visit.objects.filter(
            campaign=campaign,
            retired_at__isnull=True,
            outcome=VisitOutcome.SURVEYED,
            state__in=[VisitState.SUBMITTED, VisitState.ACCEPTED],
        )
        .exclude(assignment__is_blind=True)
        .exclude(house__in=drawn.values("house"))
        .select_related("house", "surveyor")
        .order_by("pk")
    )


def sample(visits: Iterable[Visit], number: int, seed: int) -> list[Visit]:
    """``number`` visits, from every surveyor about the same share, at least one where the number allows. One per house.

    The same seed draws the same sample.
    """
    random = Random(seed)  # noqa: S311
    of_surveyor: dict[int, list[Visit]] = defaultdict(list)
    houses: set[int] = set()
    for visit in visits:
        if visit.house_id not in houses:
            houses.add(visit.house_id)
            of_surveyor[visit.surveyor_id].append(visit)
    total = sum(len(found) for found in of_surveyor.values())
    if not total:
        return []
    drawn: list[Visit] = []
    spare: list[Visit] = []
    for _surveyor, found in sorted(of_surveyor.items()):
        random.shuffle(found)
        share = max(1, number * len(found) // total)
        drawn += found[:share]
        spare += found[share:]
    random.shuffle(drawn)
    random.shuffle(spare)
    return sorted((drawn + spare)[:number] if len(drawn) <= number else drawn[:number], key=lambda visit: visit.pk)


@transaction.atomic
def draw(campaign: Campaign, user: Any, percent: float, seed: int, crews: list[Crew]) -> list[BlindPair]:
    """Draw a sample and give each house to a crew in which its first surveyor is not.

    Houses to which none of the crews may go are not drawn (``reachable``). Raises NotAllowed, Invalid.
    """
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not permissions.covers(permissions.area_scope(user, REVIEWERS), [locked.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    visits = eligible(locked)
    if not visits:
        raise Invalid({"__all__": [_("There is no visit that could be surveyed again.")]})
    free = reachable(visits, crews)
    if not free:
        told = _("No crew is left for %(house)s: one is needed that may work there and without %(surveyor)s.")
        raise Invalid({"crews": [told % {"house": visits[0].house, "surveyor": visits[0].surveyor}]})
    load = dict.fromkeys(crews, 0)
    pairs = []
    for visit in sample(free, ceil(len(free) * percent / 100), seed):
        crew = min(free[visit], key=lambda each: (load[each], each.pk))
        load[crew] += 1
        assignment = Assignment.objects.create(
            campaign=locked, house_id=visit.house_id, step=visit.step, crew=crew, is_blind=True,
            created_by=user, updated_by=user,
        )  # fmt: skip
        pairs.append(
            BlindPair.objects.create(
                campaign=locked, first=visit, assignment=assignment, created_by=user, updated_by=user
            )
        )
    return pairs


def reachable(visits: Iterable[Visit], crews: list[Crew]) -> dict[Visit, list[Crew]]:
    """The visits that one of the crews can repeat, with these crews."""
    members = {crew: list(crew.members.all()) for crew in crews}
    found = {visit: [crew for crew in crews if _may_go(members[crew], visit)] for visit in visits}
    return {visit: free for visit, free in found.items() if free}


def _may_go(members: list[Any], visit: Visit) -> bool:
    """Whether one of them surveys there, and none of them was the first."""
    return all(member.pk != visit.surveyor_id for member in members) and any(
        permissions.covers(permissions.area_scope(member, SURVEYORS), [visit.area_id]) for member in members
    )


def pair_second(visit: Visit) -> BlindPair | None:
    """Note a blind visit as the second of its pair, once it is complete. Call it whenever a visit was written.

    The first surveyor's own visit is no second look, and what was returned or set aside no longer counts.
    """
    if visit.assignment_id is None or visit.state == VisitState.WAITING:
        return None
    pair = BlindPair.objects.select_for_update(of=("self",)).filter(assignment=visit.assignment_id).first()
    if pair is None or pair.first.surveyor_id == visit.surveyor_id:
        return None
    counts = visit.state in {VisitState.SUBMITTED, VisitState.ACCEPTED} and visit.outcome == VisitOutcome.SURVEYED
    second = visit.pk if counts else (None if pair.second_id == visit.pk else pair.second_id)
    if pair.second_id != second:
        BlindPair.objects.filter(pk=pair.pk).update(second=second, updated_at=timezone.now())
        pair.refresh_from_db()
    return pair
