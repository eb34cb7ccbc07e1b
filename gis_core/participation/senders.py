"""How a text reaches a person: one function for each channel, named in the settings.

``CONTACT_SENDERS`` maps a channel to the dotted path of ``send(contact, subject, text)``, which raises SendingFailed. A
channel without one is not offered.
"""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from gis_core.models.participation import Channel

log = logging.getLogger(__name__)


class SendingFailed(RuntimeError):
    """The text did not go out."""


def channels() -> list[Channel]:
    """The channels through which this office can reach people."""
    return [channel for channel in (Channel.PHONE, Channel.EMAIL) if settings.CONTACT_SENDERS.get(channel)]


def send(channel: str, contact: str, subject: str, text: str) -> None:
    """Raises SendingFailed, also for what a sender did not expect: no person's page breaks over it."""
    sender: Callable[[str, str, str], None] = import_string(settings.CONTACT_SENDERS[channel])
    try:
        sender(contact, subject, text)
    except Exception as error:
        # The error may name the contact, which belongs in no log.
        log.warning("a text could not be sent by %s: %s", channel, type(error).__name__)
        raise SendingFailed from error


def mail(contact: str, subject: str, text: str) -> None:
    send_mail(subject, text, None, [contact])


def console(contact: str, subject: str, text: str) -> None:
    """For trying it out: what would be sent is written where the server runs."""
    sys.stdout.write(f"\n{contact}\n{subject}\n{text}\n")
    sys.stdout.flush()
