"""Networks and machines that fail at every moment: what was acknowledged is there once, what was refused is kept.

Each example is two phones of one person, the records and photos they hold, and the faults they meet, in the order
hypothesis draws. A phone goes on with the same sending until it is answered; the server must make that safe.
"""

import json
import os
import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core.models import Attachment, OfflineEntry, OfflineRecord, OfflineState, User
from gis_core.offline import arrivals, records, uploads
from gis_core.offline.chain import chain_of, sha256hex
from gis_core.offline.records import Envelope
from gis_core.offline.uploads import UploadRefused
from tests.factories import Territory, make_house, place
from tests.vacanthouses.sync_support import photo, visit_body
from vacanthouses.models import VacantHouse, Visit
from vacanthouses.services.visits import VISITS

# CI has 20 minutes for everything; SYNC_RUNS=1000 takes some three minutes alone.
RUNS = int(os.environ.get("SYNC_RUNS", "400"))


class Fault(Enum):
    NONE = "arrives"
    LOST = "never arrives"
    UNHEARD = "arrives, and its answer does not"
    TWICE = "arrives twice"
    KILLED = "the server dies before it commits"


@dataclass
class Sending:
    """What a phone has numbered and keeps until it is answered."""

    uuid: uuids.UUID
    text: str
    sequence: int
    previous: str
    if_match: int | None = None
    answer: Any = None


@dataclass
class Kept:
    """A record as its person knows it. ``is_good`` tells what the server must say of it."""

    body: dict[str, Any]
    photos: list[bytes]
    is_good: bool
    edits: int
    uuid: uuids.UUID = field(default_factory=uuids.uuid4)
    version: int | None = None
    note: str = ""


class Killed(Exception):
    pass


class Phone:
    def __init__(self, user: User, kept: list[Kept]) -> None:
        self.user, self.device = user, uuids.uuid4()
        self.sequence, self.chain = 0, ""
        self.kept = {record.uuid: record for record in kept}
        self.sendings: list[Sending] = []
        # Bytes that the phone knows to have arrived, by photo.
        self.offsets = {data: 0 for record in kept for data in record.photos}
        for record in kept:
            self.number(record)

    def number(self, record: Kept) -> None:
        text = json.dumps({**record.body, "note": record.note}, ensure_ascii=False)
        self.sequence += 1
        self.sendings.append(Sending(record.uuid, text, self.sequence, self.chain, record.version))
        self.chain = chain_of(self.chain, self.sequence, "visits", record.uuid, sha256hex(text.encode()))

    def todo(self) -> list[Callable[[Fault], None]]:
        """What the phone could do next, in any order."""
        open_sendings = [sending for sending in self.sendings if sending.answer is None]
        found: list[Callable[[Fault], None]] = [
            lambda fault, sending=sending: self.send(sending, fault)
            for sending in open_sendings  # type: ignore[misc]
        ]
        found += [
            lambda fault, data=data: self.upload(data, fault)  # type: ignore[misc]
            for data, offset in self.offsets.items()
            if offset < len(data)
        ]
        return found

    def send(self, sending: Sending, fault: Fault) -> None:
        envelope = Envelope(self.device, sending.sequence, sending.previous, timezone.now(), if_match=sending.if_match)
        raw = sending.text.encode()
        answer = through(fault, lambda: records.put(self.user, VISITS, sending.uuid, raw, envelope))
        if answer is None:
            return
        sending.answer = answer
        record = self.kept[sending.uuid]
        if answer.status in records.TAKEN:
            assert Visit.objects.filter(uuid=sending.uuid).count() == 1, "acknowledged, so it is there"
            record.version = answer.version
            if record.edits:
                record.edits -= 1
                record.note += "·"
                self.number(record)

    def upload(self, data: bytes, fault: Fault) -> None:
        """A piece of at most half the photo, from where the phone believes it to be."""
        offset = self.offsets[data]
        piece = data[offset : offset + max(1, len(data) // 2)]
        sha256 = sha256hex(data)

        def arrive() -> int:
            try:
                upload = uploads.append(self.user, sha256, offset, len(data), piece)
            except UploadRefused as refused:
                assert refused.code == "offset"
                return refused.offset
            if upload.completed_at:
                arrivals.arrived(self.user, sha256)
            return upload.received

        told = through(fault, arrive)
        if told is not None:
            self.offsets[data] = told


def through(fault: Fault, request: Callable[[], Any]) -> Any:
    """The answer of a request that meets a fault; None where none is heard."""
    if fault is Fault.LOST:
        return None
    if fault is Fault.KILLED:
        try:
            with transaction.atomic():
                request()
                raise Killed
        except Killed:
            return None
    answer = request()
    if fault is Fault.TWICE:
        answer = request()
    return None if fault is Fault.UNHEARD else answer


@st.composite
def plans(draw: st.DrawFn) -> list[list[tuple[list[int], bool, int]]]:
    """For each of two phones its records: photos by number, whether it is good, and how often it is edited."""
    record = st.tuples(st.lists(st.integers(1, 2), max_size=1), st.integers(0, 4).map(bool), st.sampled_from([0, 0, 1]))
    return [draw(st.lists(record, min_size=1, max_size=most)) for most in (2, 1)]


def kept_of(house: VacantHouse, plan: list[tuple[list[int], bool, int]]) -> list[Kept]:
    found = []
    for numbers, is_good, edits in plan:
        photos = [photo(number) for number in numbers]
        body = visit_body(house, *photos, outcome="surveyed" if is_good else "no_entry")
        found.append(Kept(body, photos, is_good, edits if is_good else 0))
    return found


def check(phones: list[Phone]) -> None:
    """Everything the phones know is true of the server, once each."""
    good = [record for phone in phones for record in phone.kept.values() if record.is_good]
    assert Visit.objects.count() == len(good)
    for record in good:
        visit = Visit.objects.get(uuid=record.uuid)
        assert (visit.note, visit.state) == (record.note, "submitted")
        assert Attachment.objects.live().of("visits", visit.pk).count() == len(set(record.photos))
        assert OfflineRecord.objects.get(uuid=record.uuid).state == OfflineState.ACCEPTED
    for phone in phones:
        for record in phone.kept.values():
            if not record.is_good:
                refused = OfflineRecord.objects.get(uuid=record.uuid)
                assert refused.state == OfflineState.REJECTED
                assert refused.problems[0]["field"] == "reason"
                assert json.loads(refused.body) == {**record.body, "note": ""}
        entries = list(OfflineEntry.objects.filter(device=phone.device).order_by("sequence"))
        assert [entry.sequence for entry in entries] == list(range(1, phone.sequence + 1)), "none missing, none doubled"
        assert entries[-1].chain == phone.chain
    assert OfflineRecord.objects.count() == sum(len(phone.kept) for phone in phones)


@pytest.mark.django_db
def test_no_acknowledged_record_is_missing_none_is_doubled_and_every_rejection_is_kept(
    surveyor: User, territory: Territory, settings_for_media: Path
) -> None:
    house = make_house(place(500, 500))
    met: set[Fault] = set()

    @settings(max_examples=RUNS, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(plans(), st.lists(st.sampled_from(Fault), max_size=10), st.integers(0, 2**32))
    def run(plan: list[list[tuple[list[int], bool, int]]], faults: list[Fault], seed: int) -> None:
        try:
            with transaction.atomic():
                phones = [Phone(surveyor, kept_of(house, each)) for each in plan]
                random = Random(seed)
                waiting = list(reversed(faults))
                while todo := [step for phone in phones for step in phone.todo()]:
                    fault = waiting.pop() if waiting else Fault.NONE
                    met.add(fault)
                    random.choice(todo)(fault)
                check(phones)
                raise Killed
        except Killed:
            pass  # The next example begins with nothing.

    run()
    assert met == set(Fault)


@pytest.fixture
def settings_for_media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files in a folder of this test. That they outlive a loss of power is not what is asked here."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    return tmp_path
