"""A day's route as pages and paper tell it: every stop with its address, the way to it, and when the crew is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.shapes import to_shapely
from gis_core.layers.registry import layers
from gis_core.models import AdminArea
from vacanthouses import day_plan, pnu
from vacanthouses.models import DayRoute
from vacanthouses.route_map import Mark, route_map

from .routes import TODO, Draft, Place, Stop, stops_of, timetable
from .starting_places import called, places_for

# The hour at which offices send crews out. Times are estimates and are told as such.
BEGINS = time(9, 0)
# Outlines of towns are for the eye.
OUTLINE_M = 10.0


@dataclass(frozen=True)
class Row:
    """``number`` is the stop's place in the day. Without the right to see its address, it and the map keep silent."""

    number: int
    stop: Stop
    is_shown: bool
    address: str
    lot: str
    note: str
    leg_m: float | None
    arrives: str


@dataclass(frozen=True)
class Sheet:
    """``visited`` of ``rows`` are done; ``shown`` is how many addresses are given out."""

    rows: tuple[Row, ...]
    start_name: str
    begins: str
    back_m: float
    ends: str
    length_m: float
    minutes: float
    visited: int
    shown: int


def draft_of(route: DayRoute) -> Draft:
    """A saved route as it can be planned further."""
    each = day_plan.house_minutes(route.minutes, route.length_m, len(route.stops))
    return Draft(route.crew, route.day, route.is_closed, route.start, round(each, 1), tuple(route.stops))


def sheet_of(route: DayRoute, user: Any) -> tuple[Sheet, Draft, list[Stop]]:
    """A saved route. Length and minutes are those of its stops that are still known."""
    draft = draft_of(route)
    stops = stops_of(route.campaign, route.crew, draft.stops)
    name = called(places_for(route.campaign, route.crew), route.start).name
    return sheet(draft, stops, user, name), draft, stops


def sheet(draft: Draft, stops: Sequence[Stop], user: Any, start_name: str) -> Sheet:
    day = timetable(draft, stops)
    legs = iter(day.legs)
    layer = layers.get("vacant-houses")
    rows = []
    for number, stop in enumerate(stops, 1):
        leg = next(legs) if stop.place is not None else None
        house = stop.assignment.house
        is_shown = permissions.sees_personal(user, layer, house)
        rows.append(
            Row(
                number, stop, is_shown, house.address if is_shown else _("outside your area"),
                _lot(house.pnu) if is_shown else "",
                house.note if is_shown and not stop.assignment.is_blind else "",
                leg.length_m if leg else None, _clock(leg.arrives) if leg else "",
            )
        )  # fmt: skip
    visited = sum(stop.assignment.done_at is not None for stop in stops)
    return Sheet(
        tuple(rows), start_name, _clock(0), day.back_m, _clock(day.minutes), day.length_m, day.minutes, visited,
        sum(row.is_shown for row in rows),
    )  # fmt: skip


def _clock(minutes: float) -> str:
    return (datetime.combine(datetime.min, BEGINS) + timedelta(minutes=round(minutes))).strftime("%H:%M")


def _lot(number: str) -> str:
    """The lot number (지번), which is what the last digits of a PNU say."""
    try:
        return pnu.parse(number).lot
    except ValueError:
        return number[-8:]


def picture(found: Sheet, draft: Draft, others: Sequence[Place] = (), height: float = 420.0) -> SafeString:
    """The route as SVG; stops whose address the person may not see are left out of it."""
    shown = [row for row in found.rows if row.is_shown and row.stop.place is not None]
    marks = [Mark(row.number, row.stop.place, row.stop.state) for row in shown if row.stop.place is not None]
    ids = {row.stop.assignment.house.area_id for row in shown} | {draft.crew.area_id}
    outlines = AdminArea.objects.filter(pk__in=[pk for pk in ids if pk is not None]).only("geometry")
    towns = [shape.simplify(OUTLINE_M) for area in outlines if (shape := to_shapely(area.geometry)) is not None]
    title = _("The way of the day, with its stops numbered")
    drawn = route_map(
        (draft.start.x, draft.start.y), marks, towns, title, is_closed=draft.is_closed, others=others, height=height
    )
    # Made of numbers and an escaped title only.
    return mark_safe(drawn)  # noqa: S308


def still_to_visit(stops: Sequence[Stop]) -> tuple[int, ...]:
    return tuple(stop.assignment.pk for stop in stops if stop.state == TODO)
