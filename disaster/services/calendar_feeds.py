"""Calendar feeds: a person's inspections for their calendar program, at an address nobody can guess.

An event's UID is made of the schedule's uuid and the period of the planned day, so that a changed day or title moves
the event and never doubles it. Only the hash of a link's secret is kept. A feed holds no personal data.
"""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from disaster import schedules as rules
from disaster.models import CalendarFeed, LocalHoliday, Schedule
from disaster.querysets_schedules import own_schedules, rule_of, working_days
from disaster.words.schedules import sentence, why_shifted
from disaster.working_days import WorkingDays
from gis_core import permissions
from gis_core.models import Role

SECRET_BYTES = 32
# So many schedules a calendar program takes without trouble: a city's officer has fewer.
MOST_SCHEDULES = 500
BACK, AHEAD = timedelta(days=366), timedelta(days=2 * 366)
HOUR = timedelta(hours=1)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def make(user: Any, language: str) -> tuple[CalendarFeed, str]:
    """A new link and its secret, which is not kept."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    return CalendarFeed.objects.create(user=user, token_sha256=_digest(token), language=language), token


def revoke(user: Any, pk: int) -> bool:
    """Whether this was a link of this person that worked until now."""
    found = CalendarFeed.objects.filter(user=user, pk=pk, revoked_at=None)
    return bool(found.update(revoked_at=timezone.now()))


def links(user: Any) -> Any:
    """The person's links that work."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None)


def find(token: str) -> CalendarFeed | None:
    """The feed of a secret; None where it was revoked, or its person no longer looks after depots. Notes its use."""
    feed: CalendarFeed | None = (
        CalendarFeed.objects.filter(token_sha256=_digest(token), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if feed is None or not permissions.roles_of(feed.user) & {Role.DISASTER_OFFICER, Role.ADMINISTRATOR}:
        return None
    now = timezone.now()
    # Programs ask often; when it was last used is told to the hour.
    CalendarFeed.objects.filter(Q(used_at=None) | Q(used_at__lt=now - HOUR), pk=feed.pk).update(used_at=now)
    return feed


def _schedules(feed: CalendarFeed) -> Any:
    return own_schedules(feed.user).order_by("pk")[:MOST_SCHEDULES]


def etag(feed: CalendarFeed) -> str:
    """Made of everything that decides what the feed says."""
    found = own_schedules(feed.user).order_by().aggregate(
        number=Count("pk"), versions=Sum("version"), last=Max("updated_at"), depots=Max("depot__updated_at"),
        areas=Max("depot__area__updated_at"), classes=Max("item_class__updated_at"), ids=Sum("pk"),
    )  # fmt: skip
    days = list(LocalHoliday.objects.values_list("day", "name", "is_working_day"))
    facts = (feed.pk, feed.language, timezone.localdate(), sorted(found.items()), days)
    return f'"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


def render(feed: CalendarFeed) -> bytes:
    """The feed as iCalendar (RFC 5545): all-day events from one year back to two ahead, in the feed's language."""
    with translation.override(feed.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Dongne//Inspections//KO")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Inspections of depots"))
        calendar.add("x-wr-timezone", "Asia/Seoul")
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
        days, today = working_days(), timezone.localdate()
        for schedule in _schedules(feed):
            for event in _events(schedule, today, days):
                calendar.add_component(event)
        found: bytes = calendar.to_ical()
        return found


def _events(schedule: Schedule, today: date, days: WorkingDays) -> Iterator[Event]:
    rule = rule_of(schedule)
    begin, end = today - BACK, today + AHEAD
    if rule.is_completed:
        waited = schedule.next_nominal
        found = [rules.Planned(waited, schedule.next_due)] if waited and schedule.next_due else []
    else:
        found = rules.plan(rule, begin, end, days.is_working)
    if not found:
        return
    about = _about(schedule, rule)
    for planned in found:
        yield _event(schedule, rules.period_key(rule, planned.nominal), planned, about, why_shifted(planned, days))


def _about(schedule: Schedule, rule: rules.Rule) -> dict[str, str]:
    depot = schedule.depot
    what = f"{schedule.title} · {depot}"
    told = [sentence(rule)]
    if schedule.item_class:
        told.insert(0, str(schedule.item_class))
    place = depot.address or (depot.area.full_name if depot.area else "")
    return {"summary": what, "location": place, "description": "\n".join(told)}


def _event(schedule: Schedule, key: str, planned: rules.Planned, about: dict[str, str], why: str) -> Event:
    event = Event()
    event.add("uid", f"{schedule.uuid}-{key}@dongne")
    event.add("summary", about["summary"])
    event.add("dtstart", planned.due)
    event.add("dtend", planned.due + timedelta(days=1))
    event.add("dtstamp", schedule.updated_at)
    event.add("last-modified", schedule.updated_at)
    event.add("sequence", schedule.version)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [_("Inspection")])
    event.add("description", "\n".join(filter(None, [about["description"], why])))
    if about["location"]:
        event.add("location", about["location"])
    return event


__all__ = ["etag", "find", "links", "make", "render", "revoke"]
