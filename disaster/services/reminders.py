"""Mails that remind people of inspections: one a day for each, only where there is something to say."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation

from disaster.access import OFFICERS
from disaster.querysets_schedules import own_schedules
from disaster.words import reminders as words
from gis_core.models import Submission, User

SOON = timedelta(days=7)
# A mail is read on a phone: of more than this it tells the number and the page.
MOST_LINES = 20
_DAYS = uuid.UUID("5a3c0e6e-8f0f-4f6e-9a86-1c7f0a0d4b11")


def recipients() -> Iterator[User]:
    """People who look after depots and have an address."""
    found = User.objects.filter(is_active=True, role_grants__role__in=OFFICERS).exclude(email="")
    yield from found.order_by("pk").distinct()


def send_all(day: date | None = None) -> tuple[int, list[str]]:
    """Send the mails of a day (default: today) to whom they were not sent yet; how many, and what went wrong with whom.

    One that fails holds up none of the others, and is tried again by the next run.
    """
    day = day or timezone.localdate()
    sent, wrong = 0, []
    for user in recipients():
        try:
            sent += _send(user, day)
        except Exception as error:
            wrong.append(f"{user.username}: {error}")
    return sent, wrong


@transaction.atomic
def _send(user: User, day: date) -> bool:
    """Whether there was something to say, and it was not said today. Whoever runs at the same time waits here."""
    mail = _mail(user, day)
    if mail is None:
        return False
    token = uuid.uuid5(_DAYS, f"{user.pk} {day.isoformat()}")
    _submission, is_new = Submission.objects.get_or_create(token=token, defaults={"user": user, "layer": "reminder"})
    if is_new:
        send_mail(mail[0], mail[1], None, [user.email])
    return is_new


def _mail(user: User, day: date) -> tuple[str, str] | None:
    """Subject and text in the person's language; None where nothing is overdue or near."""
    waiting: Any = own_schedules(user).filter(next_due__lte=day + SOON).order_by("next_due", "pk")
    overdue, soon = waiting.filter(next_due__lt=day), waiting.filter(next_due__gte=day)
    late, near = overdue.count(), soon.count()
    if not late and not near:
        return None
    with translation.override(user.language):
        lines = [
            words.part(words.overdue(late), list(overdue[:MOST_LINES]), late),
            words.part(words.soon(near), list(soon[:MOST_LINES]), near),
        ]
        return words.subject(late, near), words.text(user, filter(None, lines), settings.SITE_URL)
