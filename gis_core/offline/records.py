"""Taking a record from a phone: once, whole, and never without a receipt.

Everything that is answered is kept as an ``OfflineEntry`` in the same transaction as what it changed: what was taken,
what was refused and why, and what clashed. An answer that was lost is therefore given again, word for word, to the
same sending.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.files.services import lock
from gis_core.models import Device, OfflineEntry, OfflineRecord, OfflineState

from . import arrivals, bodies
from .chain import chain_of, sha256hex
from .kinds import Kind, Sending

OK, CREATED, CONFLICT, STALE, REJECTED = 200, 201, 409, 412, 422
TAKEN = (OK, CREATED)


@dataclass(frozen=True)
class Envelope:
    """What stands around a record: the device, its numbering, and its clock.

    ``resolves`` is the hash of a text that clashed: this one was made by somebody who saw what stood against it.
    """

    device: UUID
    sequence: int
    previous: str
    device_time: datetime
    label: str = ""
    if_match: int | None = None
    resolves: str = ""


@dataclass(frozen=True)
class Answer:
    """``version`` is the record's, for the ETag; 0 where there is none to tell."""

    status: int
    body: dict[str, Any]
    version: int = 0


class Refused(Exception):
    """Nothing was looked at: ``code`` is not_your_device, not_your_record or sequence_reused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def put(user: Any, kind: Kind, uuid: UUID, raw: bytes, envelope: Envelope) -> Answer:
    """Take a sending; ``raw`` is UTF-8. Raises Refused."""
    now = timezone.now()
    device = _device(user, envelope, now)
    sha256 = sha256hex(raw)
    before = device.entries.select_related("record").filter(sequence=envelope.sequence).first()
    if before is not None:
        if (before.record.kind, before.record.uuid, before.body_sha256) != (kind.id, uuid, sha256):
            raise Refused("sequence_reused")
        return _again(before)
    lock(sha256hex(f"{kind.id} {uuid}".encode()))
    record = OfflineRecord.objects.select_for_update(of=("self",)).filter(kind=kind.id, uuid=uuid).first()
    if record is not None and record.user_id != user.pk:
        raise Refused("not_your_record")
    work = _Work(user, kind, uuid, raw.decode(), sha256, envelope, device, now)
    status, record, told = _decided(work, record)
    return _noted(work, status, record, told)


@dataclass(frozen=True)
class _Work:
    user: Any
    kind: Kind
    uuid: UUID
    text: str
    sha256: str
    envelope: Envelope
    device: Device
    now: datetime

    @property
    def sending(self) -> Sending:
        skew = (self.envelope.device_time - self.now).total_seconds()
        return Sending(self.user, self.device, self.uuid, self.envelope.device_time, self.now, skew)


def _device(user: Any, envelope: Envelope, now: datetime) -> Device:
    """The device, locked: one sending of a device at a time. Raises Refused."""
    Device.objects.get_or_create(uuid=envelope.device, defaults={"user": user, "label": envelope.label[:200]})
    device = Device.objects.select_for_update(of=("self",)).get(uuid=envelope.device)
    if device.user_id != user.pk:
        raise Refused("not_your_device")
    device.seen_at = now
    device.clock_skew_s = (envelope.device_time - now).total_seconds()
    device.label = envelope.label[:200] or device.label
    device.save(update_fields=["seen_at", "clock_skew_s", "label"])
    return device


def _again(entry: OfflineEntry) -> Answer:
    """The answer of a sending that came before. What has arrived meanwhile is told as it is now."""
    if entry.status in TAKEN:
        return Answer(OK, receipt(entry.record, entry), entry.version)
    return Answer(entry.status, entry.receipt, entry.version)


def _decided(work: _Work, record: OfflineRecord | None) -> tuple[int, OfflineRecord, dict[str, Any]]:
    """What becomes of a sending: its status, the record after it, and what is told besides the receipt."""
    try:
        body = _parsed(work.text)
        if record is None or record.version == 0:
            return _first(work, record, body)
        if record.body_sha256 == work.sha256:
            return OK, record, {}
        if work.envelope.if_match is None:
            return CONFLICT, record, {"current_sha256": record.body_sha256, **_unmerged(work, record, body)}
        return _edited(work, record, body)
    except (Invalid, NotAllowed) as error:
        return REJECTED, _kept(work, record, _problems(error)), {}


def _parsed(text: str) -> dict[str, Any]:
    """Raises Invalid."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid({"__all__": [_("This is no JSON text.")]}) from error
    if not isinstance(body, dict) or "\\u0000" in text:
        raise Invalid({"__all__": [_("This is no record.")]})
    if not isinstance(body.get("answers", {}), dict):
        raise Invalid({"answers": [_("This is no list of answers.")]})
    return body


def _problems(error: Invalid | NotAllowed) -> list[dict[str, str]]:
    if isinstance(error, NotAllowed):
        return [{"field": "__all__", "message": str(error)}]
    return [{"field": field, "message": text} for field, texts in error.errors.items() for text in texts]


def _first(
    work: _Work, record: OfflineRecord | None, body: dict[str, Any]
) -> tuple[int, OfflineRecord, dict[str, Any]]:
    """A new record, or one that was rejected until now."""
    target_id, files = _accepted(work, body, None)
    record = record or OfflineRecord(kind=work.kind.id, uuid=work.uuid, user=work.user)
    _write(work, record, target_id, work.text, files)
    return CREATED, record, {"merged": []}


def _edited(work: _Work, record: OfflineRecord, body: dict[str, Any]) -> tuple[int, OfflineRecord, dict[str, Any]]:
    """A change of what is there: merged with what others changed since the version the phone knew."""
    assert record.target_id is not None
    assert work.envelope.if_match is not None
    base = _seen(record, work.envelope.resolves) or _text_of(record, work.envelope.if_match)
    if base is None:
        return STALE, record, _unmerged(work, record, body)
    theirs = work.kind.current(record.target_id, json.loads(record.body))
    found = bodies.merged(base, body, theirs)
    if found.clashes:
        return STALE, record, _clash(record, found.clashes, theirs, found.body)
    target_id, files = _accepted(work, found.body, record.target_id)
    _write(work, record, target_id, json.dumps(found.body, ensure_ascii=False), files)
    return OK, record, {"merged": found.theirs}


def _text_of(record: OfflineRecord, version: int) -> dict[str, Any] | None:
    """What a phone sent as this version."""
    taken = record.entries.filter(version=version, status__in=TAKEN).order_by("pk")
    text = taken.values_list("body", flat=True).last()
    return json.loads(text) if text is not None else None


def _seen(record: OfflineRecord, sha256: str) -> dict[str, Any] | None:
    """What was shown of the record when this text clashed with it: what a person chose then stands against that."""
    clashed = record.entries.filter(body_sha256=sha256, status__in=(CONFLICT, STALE)) if sha256 else None
    receipt = clashed.order_by("pk").values_list("receipt", flat=True).last() if clashed is not None else None
    return receipt.get("current") if receipt else None


def _unmerged(work: _Work, record: OfflineRecord, body: dict[str, Any]) -> dict[str, Any]:
    """A clash in everything that differs, because nothing is known that both texts began from."""
    assert record.target_id is not None
    theirs = work.kind.current(record.target_id, json.loads(record.body))
    return _clash(record, bodies.apart(body, theirs), theirs, theirs)


def _clash(
    record: OfflineRecord, difference: dict[str, Any], theirs: dict[str, Any], merged: dict[str, Any]
) -> dict[str, Any]:
    """``merged`` has both sides' other changes, and theirs where they clash: a person picks, field by field."""
    return {"difference": difference, "current": theirs, "merged": merged, "version": record.version}


def _accepted(work: _Work, body: dict[str, Any], target_id: int | None) -> tuple[int, list[Any]]:
    """Raises Invalid, NotAllowed; then nothing of it is kept."""
    with transaction.atomic():
        files = arrivals.announced(body)
        return work.kind.accept(work.sending, body, target_id), files


def _write(work: _Work, record: OfflineRecord, target_id: int, text: str, files: list[Any]) -> None:
    record.device, record.device_time = work.device, work.envelope.device_time
    record.state, record.version = OfflineState.WAITING, record.version + 1
    record.body, record.body_sha256, record.problems = text, work.sha256, []
    record.target_id, record.updated_at = target_id, work.now
    record.save()
    arrivals.announce(record, files)
    arrivals.gather(record)


def _kept(work: _Work, record: OfflineRecord | None, problems: list[dict[str, str]]) -> OfflineRecord:
    """A rejection is kept with its reason. A record that was taken before stays as it was."""
    if record is None:
        record = OfflineRecord(kind=work.kind.id, uuid=work.uuid, user=work.user)
    if record.version == 0:
        record.state, record.body, record.body_sha256 = OfflineState.REJECTED, work.text, work.sha256
        record.device, record.device_time = work.device, work.envelope.device_time
    record.problems, record.updated_at = problems, work.now
    record.save()
    return record


def _noted(work: _Work, status: int, record: OfflineRecord, told: dict[str, Any]) -> Answer:
    """Keep the sending and its answer, and move the head of the device's chain."""
    envelope, device = work.envelope, work.device
    entry = OfflineEntry(
        device=device, sequence=envelope.sequence, record=record, version=record.version, body=work.text,
        body_sha256=work.sha256, previous=envelope.previous, status=status,
        chain=chain_of(envelope.previous, envelope.sequence, work.kind.id, work.uuid, work.sha256),
        device_time=envelope.device_time, received_at=work.now, receipt={},
    )  # fmt: skip
    body = {**receipt(record, entry), **(told if status in TAKEN else {})}
    if status == REJECTED:
        body = {"problems": record.problems, "receipt": body}
    elif status not in TAKEN:
        body = {**told, "receipt": body}
    entry.receipt = body
    entry.save()
    if envelope.sequence > device.sequence:
        device.sequence, device.chain = envelope.sequence, entry.chain
        device.save(update_fields=["sequence", "chain"])
    return Answer(status, body, record.version)


def receipt(record: OfflineRecord, entry: OfflineEntry | None = None) -> dict[str, Any]:
    """What the server holds of a record; of one sending of it, where ``entry`` is given."""
    files = list(record.files.all())
    skew = (entry.device_time - entry.received_at).total_seconds() if entry and entry.device_time else None
    return {
        "uuid": str(record.uuid),
        "kind": record.kind,
        "version": entry.version if entry else record.version,
        "state": record.state,
        "missing": sorted({file.sha256 for file in files if file.attachment_id is None and not file.problem}),
        "damaged": [{"sha256": file.sha256, "reason": file.problem} for file in files if file.problem],
        "sequence": entry.sequence if entry else None,
        "chain": entry.chain if entry else None,
        "body_sha256": entry.body_sha256 if entry else record.body_sha256,
        "received_at": timezone.localtime(entry.received_at if entry else record.updated_at).isoformat(),
        "device_time": timezone.localtime(entry.device_time).isoformat() if entry and entry.device_time else None,
        "clock_skew_s": round(skew, 1) if skew is not None else None,
        "target": {"id": record.target_id} if record.target_id else None,
        "merged": entry.receipt.get("merged", []) if entry and entry.receipt else [],
        "problems": record.problems,
    }
