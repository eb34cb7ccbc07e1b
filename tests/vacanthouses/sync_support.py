"""Phones for tests: they speak the protocol of /api/survey through Django's own client."""

import hashlib
import json
import uuid as uuids
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from django.test import Client
from django.utils import timezone
from PIL import Image

from gis_core.models import User
from gis_core.offline.chain import chain_of, sha256hex
from vacanthouses.models import VacantHouse


@cache
def photo(number: int) -> bytes:
    """A small JPEG, another for each number."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 90)).save(out, "JPEG", comment=str(number).encode())
    return out.getvalue()


def described(data: bytes, slot: str = "photo_front") -> dict[str, Any]:
    """A photo as a record names it."""
    return {"sha256": sha256hex(data), "size": len(data), "slot": slot, "taken_at": now_text(), "fix": None}


def now_text(ahead: timedelta = timedelta()) -> str:
    return (timezone.localtime() + ahead).isoformat()


def visit_body(house: VacantHouse | None, *photos: bytes, **values: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "schema": 1, "house": house.pk if house else None, "new_house": None, "assignment": None, "campaign": None,
        "step": "field", "outcome": "surveyed", "reason": "", "form": None, "answers": {"roof": "fair"}, "note": "",
        "visited_at": now_text(), "fix": {"lon": 127.54, "lat": 35.44, "accuracy_m": 6.0, "at": now_text()},
        "photos": [described(each, f"photo_{index}") for index, each in enumerate(photos)],
    }  # fmt: skip
    return {**body, **values}


@dataclass
class Phone:
    """One device of one person, with its numbering."""

    user: User
    device: uuids.UUID = field(default_factory=uuids.uuid4)
    sequence: int = 0
    chain: str = ""
    ahead: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.client = Client()
        self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")

    def sending(self, uuid: uuids.UUID, body: dict[str, Any] | str, kind: str = "visits") -> dict[str, Any]:
        """A numbered sending, as it is kept on the phone until it is answered."""
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        self.sequence += 1
        previous, sha256 = self.chain, sha256hex(text.encode())
        self.chain = chain_of(previous, self.sequence, kind, uuid, sha256)
        return {
            "uuid": uuid, "kind": kind, "text": text, "sha256": sha256, "sequence": self.sequence,
            "previous": previous, "time": (timezone.localtime() + self.ahead).isoformat(),
        }  # fmt: skip

    def deliver(self, sending: dict[str, Any], if_match: int | None = None, **headers: str) -> Any:
        digest = b64encode(bytes.fromhex(sending["sha256"])).decode()
        sent = {
            "Content-Digest": f"sha-256=:{digest}:",
            "Dongne-Device": str(self.device),
            "Dongne-Sequence": str(sending["sequence"]),
            "Dongne-Previous": sending["previous"],
            "Dongne-Time": sending["time"],
            **({"If-Match": f'"{if_match}"'} if if_match else {}),
            **headers,
        }
        return self.client.put(
            f"/api/survey/{sending['kind']}/{sending['uuid']}", sending["text"], content_type="application/json",
            headers=sent,
        )  # fmt: skip

    def put(self, body: dict[str, Any] | str, uuid: uuids.UUID | None = None, if_match: int | None = None) -> Any:
        return self.deliver(self.sending(uuid or uuids.uuid4(), body), if_match)

    def piece(self, data: bytes, offset: int, end: int | None = None, sha256: str = "", size: int | None = None) -> Any:
        return self.client.patch(
            f"/api/survey/files/{sha256 or hashlib.sha256(data).hexdigest()}", data[offset:end],
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset), "Upload-Length": str(len(data) if size is None else size)},
        )  # fmt: skip

    def upload(self, data: bytes) -> Any:
        return self.piece(data, 0)

    def head(self, data: bytes) -> Any:
        return self.client.head(f"/api/survey/files/{sha256hex(data)}")

    def status(self, uuid: uuids.UUID) -> Any:
        return self.client.get(f"/api/survey/records/visits/{uuid}")

    def reconcile(self, uuid_hashes: dict[uuids.UUID, str], **values: Any) -> Any:
        said = {
            "device": str(self.device), "count": len(uuid_hashes), "sequence": self.sequence, "chain": self.chain,
            "records": [{"kind": "visits", "uuid": str(k), "body_sha256": v} for k, v in uuid_hashes.items()],
            "unsent": 0, "oldest_unsent_at": None, "time": now_text(), **values,
        }  # fmt: skip
        return self.client.post("/api/survey/reconcile", json.dumps(said), content_type="application/json")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
