"""A contact in one way of writing, so that the same person is the same however they type it. Pure."""

import re
import unicodedata

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_MOBILE = re.compile(r"01[016-9]\d{7,8}")


class BadContact(ValueError):
    """This is no address or number that a code can be sent to."""


def email(text: str) -> str:
    """Lower case: mail servers tell capitals apart in theory only. What follows a plus is the same mailbox, and so the
    same person. Raises BadContact."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not _EMAIL.fullmatch(plain) or len(plain) > 254:
        raise BadContact
    box, host = plain.split("@")
    kept = box.split("+")[0]
    if not kept:
        raise BadContact
    return f"{kept}@{host}"


def phone(text: str) -> str:
    """A mobile number as 01012345678, also from +82 10. Raises BadContact."""
    plain = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", text))
    if plain.startswith("+82"):
        plain = f"0{plain.removeprefix('+82').lstrip('0')}"
    if not _MOBILE.fullmatch(plain):
        raise BadContact
    return plain


def normal(channel: str, text: str) -> str:
    """Raises BadContact."""
    return email(text) if channel == "email" else phone(text)
