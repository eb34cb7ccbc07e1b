"""Text that is unreadable in the database, in its history and in its backups.

The keys are settings, never rows: ``FIELD_KEYS`` holds one or more, separated by commas, the newest first. What was
written under an older key is read with it; ``manage.py rotate_keys`` writes everything anew under the newest. (빈집
특례법 §26: personal data of owners is kept encrypted.)
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _


class Unreadable(ValueError):
    """A value was written under a key that this server does not have."""


def key_of(secret: str) -> bytes:
    """A Fernet key from any secret text of enough length: what ``FIELD_KEYS`` holds need not be base64."""
    return urlsafe_b64encode(sha256(secret.encode()).digest())


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key_of(key)) for key in keys])


def cipher() -> MultiFernet:
    return _cipher(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises Unreadable when no key of this server opens it."""
    try:
        return cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(_("This was encrypted with a key that this server does not have.")) from error


class EncryptedTextField(models.TextField):
    """Text encrypted on its way into the database; an empty text stays empty. It cannot be searched or sorted by."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return encrypt(prepared) if prepared else prepared

    def get_lookup(self, lookup_name: str) -> Any:
        # The same text is another cipher each time: only emptiness can be asked for.
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None
