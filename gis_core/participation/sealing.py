"""What is kept of a contact and a code, and what a page carries from one step to the next without anybody reading it.

A contact is kept as a hash with a key, another one in each round, so that rounds cannot be held against one another and
no list of numbers can be tried out without the server's key. ``CONTACT_KEY`` must stay the same while a round lasts.
"""

import hmac
import json
from hashlib import sha256
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from gis_core.encryption import cipher, encrypt

# How long a person may take over a form after their contact was verified.
PASS_SECONDS = 60 * 60


class BadSeal(ValueError):
    """This was not sealed here, is of another round, or is too old."""


def _keyed(*parts: object) -> str:
    text = "\x1f".join(str(part) for part in parts)
    return hmac.new(settings.CONTACT_KEY.encode(), text.encode(), sha256).hexdigest()


def contact_hash(round_id: int, channel: str, contact: str) -> str:
    """``contact`` in its normal form (``contacts.normal``)."""
    return _keyed("contact", round_id, channel, contact)


def code_hash(round_id: int, contact: str, code: str) -> str:
    """``contact`` is its hash: a code is good for one contact of one round."""
    return _keyed("code", round_id, contact, code)


def address_hash(address: str) -> str:
    return _keyed("address", address)[:32]


def seal(kind: str, round_id: int, **facts: Any) -> str:
    return encrypt(json.dumps({**facts, "kind": kind, "round": round_id}))


def unseal(kind: str, round_id: int, text: str, seconds: int = PASS_SECONDS) -> dict[str, Any]:
    """The facts that were sealed. Raises BadSeal."""
    try:
        facts: dict[str, Any] = json.loads(cipher().decrypt(text.encode(), ttl=seconds))
    except (InvalidToken, ValueError) as error:
        raise BadSeal from error
    if facts.pop("kind", None) != kind or facts.pop("round", None) != round_id:
        raise BadSeal
    return facts
