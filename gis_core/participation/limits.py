"""How often somebody may ask, so that nobody can try out codes, flood mailboxes or drown a round."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from gis_core.models import ContactCode, ProposalRound

from .sealing import address_hash

# A village hall shares one address: enough for all who sit there, too few for a machine.
CODES_PER_ADDRESS, TRIES_PER_ADDRESS = 40, 120
HOUR = 60 * 60
CODES_PER_CONTACT, CONTACT_SPAN = 3, timedelta(minutes=10)
CODES_PER_CONTACT_AND_DAY = 10
CODES_PER_ROUND = 1000


class TooMany(RuntimeError):
    """Asked too often; to be tried again later."""


def count_address(what: str, address: str, most: int) -> None:
    """Counts in the cache, by the address's hash. Raises TooMany beyond ``most`` in an hour."""
    key = f"residents:{what}:{address_hash(address)}"
    cache.add(key, 0, HOUR)
    try:
        count = cache.incr(key)
    except ValueError:
        # It ran out between the two: the hour begins anew.
        cache.set(key, 1, HOUR)
        count = 1
    if count > most:
        raise TooMany


def refuse_flood(found: ProposalRound) -> None:
    """Raises TooMany when a round sends more codes in an hour than people take part in one."""
    sent = ContactCode.objects.filter(round=found, sent_at__gt=timezone.now() - timedelta(seconds=HOUR))
    if sent.count() >= CODES_PER_ROUND:
        raise TooMany


def may_send(found: ProposalRound, contact: str) -> bool:
    """Whether a further code may go to this contact (its hash)."""
    now = timezone.now()
    sent = ContactCode.objects.filter(round=found, contact_hash=contact)
    lately = sent.filter(sent_at__gt=now - CONTACT_SPAN).count()
    return lately < CODES_PER_CONTACT and sent.filter(sent_at__gt=now - timedelta(days=1)).count() < (
        CODES_PER_CONTACT_AND_DAY
    )
