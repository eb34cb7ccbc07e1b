"""The key for what a phone hands over as a file: anybody may lock with it, only this server opens.

The private key is a file outside the database (``OFFLINE_KEY_FILE``), made on first use.
"""

import json
import os
from base64 import b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid

FORMAT, VERSION = "dongne-unsent", 1
_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def public() -> dict[str, Any]:
    """``id``, ``algorithm`` and ``public_jwk``, as a phone takes them (RFC 7517)."""
    numbers = _private(str(settings.OFFLINE_KEY_FILE)).public_key().public_numbers()
    jwk = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    identity = sha256(json.dumps(jwk, sort_keys=True).encode()).hexdigest()[:16]
    return {"id": identity, "algorithm": "RSA-OAEP-256", "public_jwk": jwk}


def _number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


@lru_cache(maxsize=2)
def _private(path: str) -> rsa.RSAPrivateKey:
    file = Path(path)
    if not file.exists():
        _make(file)
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _make(file: Path) -> None:
    """Two servers that begin at once must end with one key: whoever links first wins."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = file.with_name(f"{file.name}.{uuid4().hex}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def opened(data: bytes) -> dict[str, Any]:
    """What a phone's file holds. Raises Invalid, saying what is wrong with it."""
    try:
        outer = json.loads(data)
        if outer["format"] != FORMAT or outer["version"] != VERSION:
            raise ValueError
        wrapped, iv, content = (b64decode(outer[name], validate=True) for name in ("wrapped_key", "iv", "content"))
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid({"file": [_("This is no file of unsent records.")]}) from error
    if outer.get("key") != public()["id"]:
        raise Invalid({"file": [_("This file was made for another server's key.")]})
    try:
        secret = _private(str(settings.OFFLINE_KEY_FILE)).decrypt(wrapped, _OAEP)
        inner = json.loads(AESGCM(secret).decrypt(iv, content, None))
    except (ValueError, InvalidTag) as error:
        raise Invalid({"file": [_("This file is damaged and cannot be opened.")]}) from error
    if not isinstance(inner, dict):
        raise Invalid({"file": [_("This is no file of unsent records.")]})
    return inner
