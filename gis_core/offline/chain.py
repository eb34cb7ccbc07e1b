"""The chain over what a device has sent: one comparison tells whether both sides hold the same history. Pure."""

import hashlib


def sha256hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def chain_of(previous: str, sequence: int, kind: str, uuid: object, body_sha256: str) -> str:
    """The chain after a sending; ``previous`` is the chain before it, empty before the first (js/offline/chain.js)."""
    return sha256hex(f"{previous}\n{sequence}\n{kind}\n{uuid}\n{body_sha256}".encode())
