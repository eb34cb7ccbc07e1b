"""Day routes: proposing a crew's day, changing it, and keeping one route for each crew and day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Conflict, Invalid, NotAllowed
from vacanthouses import day_plan
from vacanthouses.models import Assignment, Campaign, Crew, DayRoute

from .assignments import MANAGERS, crews_for

Place = tuple[float, float]
TODO, DONE, AWAY = "todo", "done", "away"


@dataclass(frozen=True)
class Draft:
    """A day as somebody plans it. ``stops`` are assignment ids in order, ``each`` the minutes of one house."""

    crew: Crew
    day: date
    is_closed: bool
    start: Point
    each: float
    stops: tuple[int, ...]


@dataclass(frozen=True)
class Stop:
    """``state``: todo, done (visited), or away (no longer this crew's). ``place`` in EPSG:5179, where it is known."""

    assignment: Assignment
    state: str
    place: Place | None


def work_of(campaign: Campaign, crew: Crew) -> QuerySet[Assignment]:
    """What the crew still has to visit in the round; blind second visits too."""
    found: QuerySet[Assignment] = Assignment.objects.live().filter(campaign=campaign, crew=crew, done_at=None)
    return found.select_related("house__area").order_by("pk")


def stops_of(campaign: Campaign, crew: Crew, ids: Sequence[int]) -> list[Stop]:
    """The stops behind these assignment ids, in their order; ids that name nothing in the round are passed over."""
    rows = Assignment.objects.filter(campaign=campaign).select_related("house__area", "crew").in_bulk(list(ids))
    found = [rows[pk] for pk in ids if pk in rows]
    return [Stop(each, _state(each, crew), _place(each)) for each in found]


def _state(assignment: Assignment, crew: Crew) -> str:
    if assignment.retired_at is not None or assignment.crew_id != crew.pk:
        return AWAY
    return DONE if assignment.done_at is not None else TODO


def _place(assignment: Assignment) -> Place | None:
    location = assignment.house.location
    return (location.x, location.y) if location else None


def routes_of(campaign: Campaign, user: Any) -> QuerySet[DayRoute]:
    """The round's routes: all of them for its managers, for others those of their own crews."""
    found = DayRoute.objects.live().filter(campaign=campaign).select_related("crew", "crew__area", "updated_by")
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [campaign.area_id]):
        found = found.filter(crew__members=user)
    return found.order_by("-day", "crew__name", "pk")


def present(campaign: Campaign, crew: Crew, day: date) -> DayRoute | None:
    """The crew's route of the day, where it has one."""
    found: DayRoute | None = (
        DayRoute.objects.live().filter(campaign=campaign, crew=crew, day=day).select_related("updated_by").first()
    )
    return found


def elsewhere(campaign: Campaign, crew: Crew, day: date) -> set[int]:
    """Assignments that the crew's routes of other days, from today on, already hold."""
    others = DayRoute.objects.live().filter(campaign=campaign, crew=crew, day__gte=timezone.localdate())
    return {pk for stops in others.exclude(day=day).values_list("stops", flat=True) for pk in stops}


def propose(campaign: Campaign, draft: Draft, minutes: float, most: int) -> tuple[int, ...]:
    """The stops of the best day: what still has to be visited and is in no other day's route. Writes nothing."""
    taken = elsewhere(campaign, draft.crew, draft.day)
    open_ = [each for each in work_of(campaign, draft.crew) if each.pk not in taken]
    placed = [(each.pk, place) for each in open_ if (place := _place(each)) is not None]
    chosen = day_plan.choose(
        _xy(draft.start), [place for _pk, place in placed],
        is_closed=draft.is_closed, minutes=minutes, each=draft.each, most=most,
    )  # fmt: skip
    return tuple(placed[number][0] for number in chosen)


def timetable(draft: Draft, stops: Iterable[Stop]) -> day_plan.Timetable:
    """When the crew is at each of the stops that have a place."""
    places = [stop.place for stop in stops if stop.place is not None]
    return day_plan.timetable(_xy(draft.start), places, is_closed=draft.is_closed, each=draft.each)


def reordered(draft: Draft, stops: Sequence[Stop]) -> tuple[int, ...]:
    """The same stops on the shortest way."""
    placed = [(stop.assignment.pk, stop.place) for stop in stops if stop.place is not None]
    order = day_plan.best_order(_xy(draft.start), [place for _pk, place in placed], is_closed=draft.is_closed)
    return tuple(placed[number][0] for number in order)


def added(draft: Draft, stops: Sequence[Stop], new: Assignment) -> tuple[int, ...]:
    """The stops with one more, where it lengthens the route least."""
    ids = [stop.assignment.pk for stop in stops]
    place = _place(new)
    if place is None or new.pk in ids or any(stop.place is None for stop in stops):
        return tuple(ids)
    places = [stop.place for stop in stops if stop.place is not None]
    ids.insert(day_plan.best_place(_xy(draft.start), places, place, is_closed=draft.is_closed), new.pk)
    return tuple(ids)


@transaction.atomic
def save(campaign: Campaign, user: Any, draft: Draft, version: int) -> DayRoute:
    """Keep the day as the crew's one route of that day, in place of the one at ``version`` (0: there is none).

    Raises NotAllowed; Invalid where stops may not be kept; Conflict with the route that somebody saved meanwhile.
    """
    locked = _locked(campaign, user)
    if not crews_for(locked).filter(pk=draft.crew.pk).exists():
        raise Invalid({"crew": [_("This crew does not work in the area of this round.")]})
    stops = stops_of(locked, draft.crew, draft.stops)
    _check(draft, stops)
    day = timetable(draft, stops)
    facts = {
        "is_closed": draft.is_closed, "start": draft.start, "stops": list(draft.stops),
        "length_m": round(day.length_m, 1), "minutes": round(day.minutes, 1), "updated_by": user,
    }  # fmt: skip
    known = present(locked, draft.crew, draft.day)
    if known is not None and known.stops == facts["stops"] and known.is_closed == draft.is_closed and (
        known.start == draft.start and known.minutes == facts["minutes"]
    ):  # fmt: skip
        return known
    if (known.version if known else 0) != version:
        raise Conflict(known or DayRoute(crew=draft.crew, day=draft.day, version=0), {}, [])
    if known is None:
        return DayRoute.objects.create(campaign=locked, crew=draft.crew, day=draft.day, created_by=user, **facts)
    DayRoute.objects.filter(pk=known.pk).update(**facts)
    known.refresh_from_db()
    return known


def _check(draft: Draft, stops: Sequence[Stop]) -> None:
    if not stops:
        raise Invalid({"stops": [_("A route needs at least one house.")]})
    if len(stops) != len(draft.stops) or len(set(draft.stops)) != len(draft.stops):
        raise Invalid({"stops": [_("Some stops are no houses of this round, or are there twice. Plan the day anew.")]})
    away = [str(stop.assignment.house) for stop in stops if stop.state == AWAY]
    if away:
        told = _("No longer this crew's: %(houses)s. Remove these stops.")
        raise Invalid({"stops": [told % {"houses": ", ".join(away)}]})
    unplaced = [str(stop.assignment.house) for stop in stops if stop.place is None]
    if unplaced:
        told = _("Without a place on the map: %(houses)s. Remove these stops.")
        raise Invalid({"stops": [told % {"houses": ", ".join(unplaced)}]})


@transaction.atomic
def retire(route: DayRoute, user: Any, version: int) -> None:
    """Take a route back; sent twice, it goes once. Raises NotAllowed, Invalid where it was changed meanwhile."""
    _locked(route.campaign, user)
    found = DayRoute.objects.get(pk=route.pk)
    if found.retired_at is not None:
        return
    if found.version != version:
        told = _("%(who)s changed this meanwhile. Open it again to see what it says now.")
        raise Invalid({"__all__": [told % {"who": found.updated_by or _("the system")}]})
    DayRoute.objects.filter(pk=found.pk).update(
        retired_at=timezone.now(), retired_reason=_("taken back"), updated_by=user
    )


def _locked(campaign: Campaign, user: Any) -> Campaign:
    """The round, held until the end of the transaction, so that two managers wait for one another."""
    found: Campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not permissions.covers(permissions.area_scope(user, MANAGERS), [found.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    return found


def _xy(point: Point) -> Place:
    return point.x, point.y
