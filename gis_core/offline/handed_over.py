"""Taking what a phone handed over as a file, as if the phone had sent it itself."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid
from gis_core.models import User

from . import arrivals, export_key, kinds, records, uploads
from .chain import sha256hex
from .records import Envelope, Refused
from .uploads import UploadRefused


@dataclass(frozen=True)
class Taken:
    """One record of the file: what became of it."""

    uuid: str
    status: int
    problems: list[str]


@dataclass(frozen=True)
class Report:
    user: User
    records: list[Taken]
    files: int
    # Hashes of files that could not be taken.
    refused: list[str]


def load(data: bytes, people: QuerySet[User]) -> Report:
    """Each record stands alone; what was sent before is not doubled. Raises Invalid when the file cannot be read.

    The key is public, so the file proves nothing of its maker: it counts as what one of ``people`` sent because whoever
    loads it is responsible for them, and history names that person.
    """
    said = export_key.opened(data)
    try:
        user = people.filter(pk=int(said["user"]["id"])).first()
        device, label = UUID(str(said["device"])), str(said.get("label") or "")
        found, files = list(said["records"]), list(said["files"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid({"file": [_("This is no file of unsent records.")]}) from error
    if user is None:
        raise Invalid({"file": [_("These are the records of nobody in your areas.")]})
    refused = [sha256 for file in files if (sha256 := _file(user, file))]
    taken = [_record(user, device, label, each) for each in found]
    return Report(user, taken, len(files) - len(refused), refused)


def _file(user: User, said: Any) -> str | None:
    """The hash of a file that could not be taken; None when it was."""
    try:
        sha256, data = str(said["sha256"]), b64decode(said["base64"], validate=True)
        if sha256hex(data) != sha256:
            return sha256
        uploads.take(user, sha256, data)
    except (KeyError, TypeError, ValueError, UploadRefused):
        return str(said)[:80]
    arrivals.arrived(user, sha256)
    return None


def _record(user: User, device: UUID, label: str, said: Any) -> Taken:
    try:
        kind, uuid = kinds.get(str(said["kind"])), UUID(str(said["uuid"]))
        sequence, moment = int(said["sequence"]), arrivals.moment(said["time"])
        raw = str(said["body"]).encode()
        if_match = int(said["if_match"]) if said.get("if_match") else None
        if kind is None or moment is None or not 0 < sequence < 2**31:
            raise ValueError
        previous, resolves = (str(said.get(name) or "")[:64] for name in ("previous", "resolves"))
        envelope = Envelope(device, sequence, previous, moment, label, if_match, resolves)
        answer = records.put(user, kind, uuid, raw, envelope)
    except Refused as error:
        return Taken(str(said.get("uuid")), records.CONFLICT, [error.code])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Taken(str(said)[:60], 400, [_("This is no record.")])
    return Taken(str(uuid), answer.status, [each["message"] for each in answer.body.get("problems", [])])
