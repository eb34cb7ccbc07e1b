"""Whether a contact is a person's own: a code goes there, and they type it."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gis_core.models import ContactCode, Participant, ProposalRound
from gis_core.participation import limits, senders, words
from gis_core.participation.sealing import code_hash, contact_hash

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5


class WrongCode(ValueError):
    """The code is wrong, too old, was used, or was guessed at too often: which one it is stays unsaid."""


def send_code(found: ProposalRound, channel: str, contact: str) -> None:
    """Send a code to a contact (in its normal form). Beyond the limit of a contact nothing is sent, and nothing said:
    the answer tells nobody whether somebody takes part. Raises TooMany, SendingFailed."""
    hashed = contact_hash(found.pk, channel, contact)
    code = f"{secrets.randbelow(10**6):06}"
    now = timezone.now()
    with transaction.atomic():
        # Who asks twice in the same moment counts twice.
        ProposalRound.objects.select_for_update(no_key=True).get(pk=found.pk)
        limits.refuse_flood(found)
        if not limits.may_send(found, hashed):
            return
        ContactCode.objects.create(
            round=found, contact_hash=hashed, code_hash=code_hash(found.pk, hashed, code), channel=channel, sent_at=now,
            expires_at=now + CODE_LIFE,
        )  # fmt: skip
    senders.send(channel, contact, *words.code_mail(found, code))


def check_code(found: ProposalRound, channel: str, contact: str, code: str) -> Participant:
    """Who typed the newest code that was sent to this contact. Raises WrongCode."""
    hashed = contact_hash(found.pk, channel, contact)
    with transaction.atomic():
        sent = ContactCode.objects.select_for_update().filter(round=found, contact_hash=hashed)
        newest = sent.order_by("-sent_at", "-pk").first()
        is_right = newest is not None and _try(newest, code_hash(found.pk, hashed, code))
        # Wrong tries are counted too, so the refusal comes after the commit.
        person = _participant(found, hashed, channel) if is_right else None
    if person is None:
        raise WrongCode
    return person


def _try(sent: ContactCode, hashed: str) -> bool:
    now = timezone.now()
    if sent.used_at is not None or sent.expires_at <= now or sent.tries >= MOST_TRIES:
        return False
    sent.tries += 1
    is_right = hmac.compare_digest(sent.code_hash, hashed)
    if is_right:
        sent.used_at = now
    sent.save(update_fields=["tries", "used_at"])
    return is_right


def _participant(found: ProposalRound, hashed: str, channel: str) -> Participant:
    person, _new = Participant.objects.get_or_create(round=found, contact_hash=hashed, defaults={"channel": channel})
    return person


def at_desk(found: ProposalRound, channel: str, contact: str) -> Participant:
    """Somebody who stands before an officer, who has seen that the contact is theirs. No contact is kept."""
    hashed = contact_hash(found.pk, channel, contact)
    person, _new = Participant.objects.get_or_create(round=found, contact_hash=hashed, defaults={"channel": "on_site"})
    return person


def forget_codes() -> int:
    """Codes that have long run out; how many."""
    gone, _by_model = ContactCode.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    return gone
