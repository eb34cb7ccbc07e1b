"""Giving houses of a round to a crew, into a work area, or back to nobody: all of them at once, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse, WorkArea

from .assignments import MANAGERS, crews_for, current, houses_of
from .work_areas import begin, houses_by_area, redraw


@dataclass(frozen=True)
class Given:
    """How many houses changed hands, how many stayed because they were visited, and the areas that houses left."""

    changed: int
    visited: int
    left: tuple[str, ...]


@transaction.atomic
def assign(
    campaign: Campaign, user: Any, houses: Iterable[int], crew: Crew | None,
    *, into: WorkArea | None = None, seen: Mapping[int, int] | None = None,
) -> Given:  # fmt: skip
    """Give houses to a crew, ``into`` a work area and so to its crew, or (neither) to nobody.

    What has been visited stays where it was. A house stays in its work area while that area's crew has it, and
    leaves the area when another crew gets it: otherwise giving the area would take it back unseen. ``seen`` holds the
    version of each house's assignment (0: none) that the person looked at; where one changed meanwhile nothing is
    written. Two managers at once wait for one another on the round. Raises NotAllowed, Invalid.
    """
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [locked.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    wanted = set(houses)
    there = {
        each.house_id: each
        for each in current(locked)
        .filter(house__in=wanted)
        .select_related("house", "crew", "work_area")
        .select_for_update(of=("self",))
    }
    _refuse_stale(locked, wanted, there, seen)
    area = _area(locked, into)
    if area is None and crew is not None and not crews_for(locked).filter(pk=crew.pk).exists():
        raise Invalid({"crew": [_("This crew does not work in the area of this round.")]})
    open_ = [each for each in there.values() if each.done_at is None]
    before = houses_by_area(locked)
    changed = _into(locked, user, wanted - there.keys(), open_, area) if area else _to(
        locked, user, wanted - there.keys(), open_, crew
    )  # fmt: skip
    left = {
        each.work_area.name
        for each in open_
        if each.work_area is not None and not _stays(each, area, crew)
    }  # fmt: skip
    if left or area:
        redraw(locked, user, before)
    return Given(changed, len(there) - len(open_), tuple(sorted(left)))


@transaction.atomic
def draw(campaign: Campaign, user: Any, houses: Iterable[int], *, seen: Mapping[int, int]) -> tuple[WorkArea, Given]:
    """A new work area of the houses that were drawn around. Raises NotAllowed; Invalid as ``assign`` does, and where
    all of them were visited."""
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    wanted = set(houses)
    area = begin(locked, user, list(VacantHouse.objects.filter(pk__in=wanted)))
    given = assign(locked, user, wanted, None, into=area, seen=seen)
    if not given.changed:
        raise Invalid({"houses": [_("All of these houses were visited: they stay where they are.")]})
    area.refresh_from_db()
    return area, given


def _refuse_stale(
    campaign: Campaign, wanted: set[int], there: Mapping[int, Assignment], seen: Mapping[int, int] | None
) -> None:
    known = set(houses_of(campaign).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known - there.keys():
        raise Invalid({"houses": [_("Some of these houses no longer belong to this round. Look again and choose.")]})
    if seen is None:
        return
    now = {pk: there[pk].version if pk in there else 0 for pk in wanted}
    stale = [pk for pk in sorted(wanted) if now[pk] != seen.get(pk, 0)]
    if stale:
        names = VacantHouse.objects.filter(pk__in=stale).order_by("address").values_list("address", flat=True)
        told = _("Changed while you were choosing: %(houses)s. Nothing was moved; look again.")
        raise Invalid({"houses": [told % {"houses": ", ".join(names)}]})


def _area(campaign: Campaign, into: WorkArea | None) -> WorkArea | None:
    if into is None:
        return None
    found = WorkArea.objects.live().filter(pk=into.pk, campaign=campaign).select_related("crew").first()
    if found is None:
        raise Invalid({"crew": [_("This work area is no longer there. Look again and choose.")]})
    return found


def _stays(assignment: Assignment, area: WorkArea | None, crew: Crew | None) -> bool:
    if area is not None:
        return assignment.work_area_id == area.pk
    return crew is not None and assignment.work_area is not None and assignment.work_area.crew_id == crew.pk


def _to(campaign: Campaign, user: Any, fresh: set[int], open_: list[Assignment], crew: Crew | None) -> int:
    if crew is None:
        current(campaign).filter(pk__in=[each.pk for each in open_]).update(
            retired_at=timezone.now(), retired_reason=_("taken back"), updated_by=user
        )
        return len(open_)
    moving = [each for each in open_ if each.crew_id != crew.pk]
    keeping = [each.pk for each in moving if _stays(each, None, crew)]
    rows = current(campaign).filter(pk__in=[each.pk for each in moving])
    rows.filter(pk__in=keeping).update(crew=crew, updated_by=user)
    rows.exclude(pk__in=keeping).update(crew=crew, work_area=None, updated_by=user)
    return len(moving) + _make(campaign, user, fresh, crew, None)


def _into(campaign: Campaign, user: Any, fresh: set[int], open_: list[Assignment], area: WorkArea) -> int:
    """Houses come to the area's crew; of an area that nobody has yet, they keep the crew they have."""
    moving = [
        each
        for each in open_
        if each.work_area_id != area.pk or (area.crew_id is not None and each.crew_id != area.crew_id)
    ]
    hands = {"crew": area.crew} if area.crew_id is not None else {}
    current(campaign).filter(pk__in=[each.pk for each in moving]).update(work_area=area, updated_by=user, **hands)
    return len(moving) + _make(campaign, user, fresh, area.crew, area)


def _make(campaign: Campaign, user: Any, houses: set[int], crew: Crew | None, area: WorkArea | None) -> int:
    made = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign, house_id=pk, crew=crew, work_area=area, step=campaign.step,
            created_by=user, updated_by=user,
        )
        for pk in sorted(houses)
    )  # fmt: skip
    return len(made)
