"""The API of phones that may be offline: records, files, receipts, comparison."""

import json
import re
from base64 import b64decode
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from gis_core.api.problems import BadRequest, problem
from gis_core.models import Device, OfflineEntry, OfflineRecord, Upload

from . import arrivals, export_key, kinds, reconcile, records, uploads
from .chain import sha256hex
from .records import Answer, Envelope, Refused
from .uploads import UploadRefused

# A record is text: even one with hundreds of answers is far smaller.
BODY_LIMIT = 1_000_000
PIECE_LIMIT = 8_000_000
PAGE = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")
_SEQUENCE_LIMIT = 2_000_000_000


class OfflineView(APIView):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise NotAuthenticated(_("Sign in to send what is on this phone."))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response


def _kind(kind_id: str) -> kinds.Kind:
    found = kinds.get(kind_id)
    if found is None:
        raise Http404
    return found


def _raw(request: Request, limit: int) -> bytes:
    """The body as it came. Its length is looked at before anything of it is read."""
    http: HttpRequest = request._request
    if _length(request) > limit:
        raise BadRequest(_("The request is too large."), "Content-Length")
    return http.body


def _length(request: Request) -> int:
    text = request.headers.get("Content-Length") or "0"
    if not text.isascii() or not text.isdecimal():
        raise BadRequest(_("The header must be a number of bytes."), "Content-Length")
    return int(text)


class Record(OfflineView):
    """A record, by the uuid its phone gave it."""

    def put(self, request: Request, kind: str, uuid: UUID) -> HttpResponse:
        found, raw = _kind(kind), _raw(request, BODY_LIMIT)
        if _digest(request) != sha256hex(raw) or not _is_text(raw):
            raise BadRequest(_("The text did not arrive as it was sent."), "Content-Digest")
        try:
            return _answered(records.put(request.user, found, uuid, raw, _envelope(request)))
        except Refused as error:
            told = {
                "not_your_device": _("This phone has sent records of somebody else."),
                "not_your_record": _("This record is somebody else's."),
                "sequence_reused": _("This number was used for another record."),
            }
            return problem(HTTPStatus.CONFLICT, told[error.code], code=error.code)


def _digest(request: Request) -> str:
    found = _DIGEST.fullmatch(request.headers.get("Content-Digest", "").strip())
    try:
        return b64decode(found[1], validate=True).hex() if found else ""
    except ValueError:
        return ""


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _envelope(request: Request) -> Envelope:
    headers = request.headers
    sequence, previous = headers.get("Dongne-Sequence", ""), headers.get("Dongne-Previous", "")
    moment = arrivals.moment(headers.get("Dongne-Time", ""))
    try:
        device = UUID(headers.get("Dongne-Device", ""))
    except ValueError as error:
        raise BadRequest(_("The header must name the device by its uuid."), "Dongne-Device") from error
    if not sequence.isascii() or not sequence.isdecimal() or not 0 < int(sequence) < _SEQUENCE_LIMIT:
        raise BadRequest(_("The header must be a number from 1."), "Dongne-Sequence")
    if previous and not _SHA256.fullmatch(previous):
        raise BadRequest(_("The header must be a SHA-256 in hexadecimal."), "Dongne-Previous")
    if moment is None:
        raise BadRequest(_("The header must be a time with its offset."), "Dongne-Time")
    resolves = headers.get("Dongne-Resolves", "")
    if resolves and not _SHA256.fullmatch(resolves):
        raise BadRequest(_("The header must be a SHA-256 in hexadecimal."), "Dongne-Resolves")
    label = headers.get("Dongne-Device-Label", "")
    return Envelope(device, int(sequence), previous, moment, label, _if_match(headers), resolves)


def _if_match(headers: Any) -> int | None:
    text = headers.get("If-Match", "").strip().strip('"')
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadRequest(_("The header must hold a version."), "If-Match")
    return int(text)


def _answered(answer: Answer) -> HttpResponse:
    told = {
        records.REJECTED: _("The record was not accepted; it is kept with the reasons."),
        records.STALE: _("Somebody else has changed this since you read it."),
        records.CONFLICT: _("Another text of this record is here already."),
    }
    if answer.status in told:
        response = problem(answer.status, told[answer.status], **answer.body)
    else:
        response = JsonResponse(answer.body, status=answer.status)
    if answer.version:
        response.headers["ETag"] = f'"{answer.version}"'
    return response


class Status(OfflineView):
    """What the server holds of a record now: whether all its photos came, and what the office said."""

    def get(self, request: Request, kind: str, uuid: UUID) -> HttpResponse:
        found = _kind(kind)
        record = arrivals.looked_at(request.user, kind, uuid)
        if record is None:
            raise Http404
        told = records.receipt(record)
        if record.target_id is not None:
            told["target"] = found.statuses([record.target_id])[record.target_id]
        response = JsonResponse(told)
        response.headers["ETag"] = f'"{record.version}"'
        return response


class Statuses(OfflineView):
    """What the office said of many records of this person: {"uuids": […]}, at most 500, gives {"records": […]}."""

    def post(self, request: Request, kind: str) -> HttpResponse:
        found = _kind(kind)
        try:
            uuids = [UUID(each) for each in json.loads(_raw(request, BODY_LIMIT))["uuids"]]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadRequest(_("This is no list of records."), "uuids") from error
        if len(uuids) > PAGE:
            raise BadRequest(_("Ask for at most %(limit)s records at a time.") % {"limit": PAGE}, "uuids")
        records = list(
            OfflineRecord.objects.filter(user=request.user.pk, kind=kind, uuid__in=uuids).exclude(target_id=None)
        )
        targets = found.statuses([each.target_id for each in records if each.target_id])
        told = [
            {"uuid": str(each.uuid), "version": each.version, "target": targets[each.target_id]}
            for each in records
            if each.target_id in targets
        ]
        return JsonResponse({"records": told})


class File(OfflineView):
    """A file in pieces (after the IETF's resumable uploads): HEAD asks how far it is, PATCH goes on."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not _SHA256.fullmatch(kwargs["sha256"]):
            raise Http404

    def head(self, request: Request, sha256: str) -> HttpResponse:
        upload = uploads.find(request.user, sha256)
        if upload is None:
            return _progress(HttpResponse(status=HTTPStatus.NOT_FOUND), 0, 0, False)
        return _of(HttpResponse(), upload)

    get = head

    def patch(self, request: Request, sha256: str) -> HttpResponse:
        offset, size = (self._number(request, name) for name in ("Upload-Offset", "Upload-Length"))
        if size > uploads.limit() or _length(request) > PIECE_LIMIT:
            return _refused(UploadRefused("too_large"))
        try:
            piece = _raw(request, PIECE_LIMIT)
            upload = uploads.append(request.user, sha256, offset, size, piece)
        except UploadRefused as error:
            return _refused(error)
        if upload.completed_at is None and upload.received == 0 and piece:
            return _refused(UploadRefused("hash"))
        if upload.completed_at:
            arrivals.arrived(request.user, sha256)
        return _of(HttpResponse(status=HTTPStatus.NO_CONTENT), upload)

    @staticmethod
    def _number(request: Request, name: str) -> int:
        text = request.headers.get(name, "")
        if not text.isascii() or not text.isdecimal() or len(text) > 15:
            raise BadRequest(_("The header must be a number of bytes."), name)
        return int(text)


def _refused(error: UploadRefused) -> HttpResponse:
    status, told = {
        "too_large": (
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("A file may have up to %(limit)s MB.") % {"limit": uploads.limit() // 1_000_000},
        ),
        "length": (HTTPStatus.CONFLICT, _("The pieces do not make up the length that was announced.")),
        "offset": (HTTPStatus.CONFLICT, _("The next piece begins elsewhere.")),
        "hash": (HTTPStatus.UNPROCESSABLE_ENTITY, _("The file did not arrive as it was sent; it begins again.")),
    }[error.code]
    response = problem(status, told, code=error.code)
    response.headers["Upload-Offset"] = str(error.offset)
    return response


def _of(response: HttpResponse, upload: Upload) -> HttpResponse:
    return _progress(response, upload.received, upload.size, upload.completed_at is not None)


def _progress(response: HttpResponse, received: int, size: int, is_complete: bool) -> HttpResponse:
    response.headers["Upload-Offset"] = str(received)
    response.headers["Upload-Length"] = str(size)
    response.headers["Upload-Complete"] = "?1" if is_complete else "?0"
    return response


class Receipts(OfflineView):
    """All that a device was answered, in the order of its numbers."""

    def get(self, request: Request) -> HttpResponse:
        after = request.query_params.get("after", "0")
        try:
            device = Device.objects.filter(
                uuid=UUID(request.query_params.get("device", "")), user=request.user.pk
            ).first()
        except ValueError as error:
            raise BadRequest(_("“device” is a uuid."), "device") from error
        if not after.isascii() or not after.isdecimal() or len(after) > 9:
            raise BadRequest(_("“after” is a number."), "after")
        if device is None:
            raise Http404
        entries = list(device.entries.filter(sequence__gt=int(after)).order_by("sequence")[: PAGE + 1])
        page = entries[:PAGE]
        more = page[-1].sequence if len(entries) > PAGE else None
        return JsonResponse({"receipts": [_told(entry) for entry in page], "next_after": more})


def _told(entry: OfflineEntry) -> dict[str, Any]:
    return {"status": entry.status, "sequence": entry.sequence, "chain": entry.chain, **entry.receipt}


class Reconcile(OfflineView):
    def post(self, request: Request) -> HttpResponse:
        try:
            said = json.loads(_raw(request, 16 * BODY_LIMIT))
            found = reconcile.compare(request.user, {**said, "device": UUID(str(said["device"]))})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadRequest(_("This is no list of what a phone has sent."), "body") from error
        if found is None:
            raise Http404
        facts = {name: getattr(found, name) for name in ("agrees", "device_count", "server_count")}
        return JsonResponse({**facts, **found.differences})


class Key(OfflineView):
    def get(self, request: Request) -> HttpResponse:
        return JsonResponse(export_key.public())
