"""When a round is over for long enough, nobody can be found by it any more."""

import secrets
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gis_core.models import ContactCode, Participant, Proposal, ProposalRound, Vote
from gis_core.participation.querysets import to_be_forgotten

# A hash that nobody's contact gives: the row stays, because turnout is counted by it.
_GONE = "gone-"


def forget_contacts(day: date | None = None) -> int:
    """Contacts, their hashes, and who made which proposal, of rounds that ended long ago; of how many people."""
    kept = Participant.objects.exclude(contact_hash__startswith=_GONE)
    rounds = to_be_forgotten(day or timezone.localdate()).filter(pk__in=kept.order_by().values("round"))
    return sum(_forget(found) for found in rounds.order_by("pk"))


@transaction.atomic
def _forget(found: ProposalRound) -> int:
    people = Participant.objects.select_for_update().filter(round=found).exclude(contact_hash__startswith=_GONE)
    gone = list(people)
    for person in gone:
        person.contact, person.contact_hash = "", f"{_GONE}{secrets.token_hex(16)}"
    Participant.objects.bulk_update(gone, ["contact", "contact_hash"], batch_size=500)
    Proposal.objects.filter(round=found).exclude(participant=None).update(participant=None)
    ContactCode.objects.filter(round=found).delete()
    # Rows written anew in one transaction look alike to the database too, which otherwise marks a ballot and the
    # participant's row of the same moment with the same number.
    Vote.objects.filter(proposal__round=found).update(on_site=F("on_site"))
    return len(gone)
