"""Phones that send visits with photos to a server over HTTP, and do not hear some of its answers."""

import json
import uuid as uuids
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from random import Random
from time import perf_counter
from typing import Any

from gis_core.offline.chain import chain_of, sha256hex

from .askers import HOST

# What a phone sends at a time, as js/offline/queue.js begins.
PIECE = 512 * 1024
# Of so many requests one is not heard: the line is cut after it was sent. One is sent a second time though heard.
WARM_UP = 3
UNHEARD_ONE_IN, TWICE_ONE_IN = 12, 25


@dataclass(frozen=True)
class Visit:
    """``body`` without its photos, which are added with their hashes."""

    uuid: uuids.UUID
    text: str
    photos: list[bytes]


@dataclass
class Phone:
    """One person's device. ``seconds`` by kind of request, ``faults`` by what happened to requests."""

    port: int
    headers: dict[str, str]
    visits: list[Visit]
    random: Random
    device: uuids.UUID = field(default_factory=uuids.uuid4)
    sequence: int = 0
    chain: str = ""
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: Counter[str] = field(default_factory=Counter)
    compared: dict[str, Any] = field(default_factory=dict)
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def warm_up(self) -> None:
        """A worker that has just begun reads its programme with its first requests."""
        self.connection = HTTPConnection(HOST, self.port, timeout=120)
        for _time in range(WARM_UP):
            self._heard("GET", "key", None, None)

    def run(self) -> None:
        """Send everything, and compare with the server. Raises RuntimeError when the server does not take something."""
        for visit in self.visits:
            self._send(visit)
        self._compare()
        self.connection.close()

    def _send(self, visit: Visit) -> None:
        raw = visit.text.encode()
        sha256 = sha256hex(raw)
        previous, self.sequence = self.chain, self.sequence + 1
        self.chain = chain_of(previous, self.sequence, "visits", visit.uuid, sha256)
        headers = {
            "Content-Type": "application/json",
            "Content-Digest": f"sha-256=:{b64encode(bytes.fromhex(sha256)).decode()}:",
            "Dongne-Device": str(self.device),
            "Dongne-Sequence": str(self.sequence),
            "Dongne-Previous": previous,
            "Dongne-Time": datetime.now(UTC).isoformat(),
        }
        self._ask("record", "PUT", f"visits/{visit.uuid}", raw, headers, expected=(200, 201))
        for photo in visit.photos:
            self._upload(photo)
        told = json.loads(self._ask("receipt", "GET", f"records/visits/{visit.uuid}")[2])
        if told["state"] != "accepted":
            raise RuntimeError(f"all was sent, but the server says {told}")

    def _upload(self, photo: bytes) -> None:
        address = f"files/{sha256hex(photo)}"
        status, headers, _body = self._ask("file, how far", "HEAD", address, expected=(200, 404))
        offset = int(headers["Upload-Offset"]) if status == 200 else 0
        while offset < len(photo):
            sent = {
                "Content-Type": "application/octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Length": str(len(photo)),
            }
            piece = photo[offset : offset + PIECE]
            _status, headers, _body = self._ask("file, piece", "PATCH", address, piece, sent, expected=(204, 409))
            offset = int(headers["Upload-Offset"])

    def _compare(self) -> None:
        said = {
            "device": str(self.device), "count": len(self.visits), "sequence": self.sequence, "chain": self.chain,
            "records": [
                {"kind": "visits", "uuid": str(each.uuid), "body_sha256": sha256hex(each.text.encode())}
                for each in self.visits
            ],
            "unsent": 0, "oldest_unsent_at": None,
        }  # fmt: skip
        body = json.dumps(said).encode()
        json_type = {"Content-Type": "application/json"}
        self.compared = json.loads(self._ask("comparison", "POST", "reconcile", body, json_type)[2])
        after: int | None = 0
        while after is not None:
            page = json.loads(self._ask("receipts", "GET", f"receipts?device={self.device}&after={after}")[2])
            self.receipts += page["receipts"]
            after = page["next_after"]

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
        expected: tuple[int, ...] = (200,),
    ) -> tuple[int, Any, bytes]:  # fmt: skip
        """The answer, asked for again where it was not heard; timed where it was."""
        if self.random.randrange(UNHEARD_ONE_IN) == 0:
            self.faults["answers not heard"] += 1
            self._request(method, path, body, headers)
            # The server may still be at it when the same comes again.
            self.connection.close()
        started = perf_counter()
        status, told, content = self._heard(method, path, body, headers)
        self.seconds[kind].append(perf_counter() - started)
        if status not in expected:
            raise RuntimeError(f"{method} {path} was answered with {status}: {content[:500]!r}")
        if self.random.randrange(TWICE_ONE_IN) == 0:
            self.faults["sent twice"] += 1
            again = self._heard(method, path, body, headers)
            if again[0] not in (*expected, 409):
                raise RuntimeError(f"{method} {path} sent again was answered with {again[0]}")
        return status, told, content

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None) -> None:
        self.connection.request(method, f"/api/survey/{path}", body, {**self.headers, **(headers or {})})

    def _heard(self, method: str, path: str, body: bytes | None, headers: Any) -> tuple[int, Any, bytes]:
        self._request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()
