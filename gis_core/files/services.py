"""Attaching, listing and retiring files of records."""

import hashlib
import math
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from gis_core import permissions
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, transformer
from gis_core.layers.layer import Layer
from gis_core.models.files import Attachment, AttachmentKind, AttachmentQuerySet

from . import images, store
from .errors import FileRefused
from .sniff import FileType, sniff

_NAME_LIMIT = 200
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True)
class Prepared:
    """A checked upload: everything about it is known, nothing is kept yet."""

    file: BinaryIO
    name: str
    type: FileType
    size: int
    sha256: str
    facts: images.Facts = field(default_factory=images.Facts)
    copies: images.Copies | None = None


def attach(layer: Layer, user: Any, record: Any, upload: UploadedFile, caption: str = "") -> tuple[Attachment, bool]:
    """Attach a file to a record: the attachment, and whether it is new (the same file twice is one attachment).

    Raises FileRefused; then neither file nor row is kept.
    """
    if not permissions.can_change(user, layer, record):
        raise FileRefused("not_allowed")
    prepared = prepare(upload)
    try:
        return keep(layer, user, record, prepared, caption)
    except BaseException:
        drop_if_unused(prepared.sha256)
        raise


def prepare(upload: UploadedFile) -> Prepared:
    """Check a file by its content. Raises FileRefused."""
    name = clean_name(upload.name or "")
    if upload.size is None or upload.size > settings.UPLOAD_LIMIT_MB * 1_000_000:
        raise FileRefused("too_large")
    file: BinaryIO = upload  # type: ignore[assignment]
    found = sniff(file, name)
    if not PurePosixPath(name).suffix:
        name = f"{name}.{found.extensions[0]}"
    facts, copies = images.examine(file, found.media_type) if found.photo else (images.Facts(), None)
    return Prepared(file, name, found, upload.size, _hash(upload), facts, copies)


def _hash(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def keep(layer: Layer, user: Any, record: Any, prepared: Prepared, caption: str) -> tuple[Attachment, bool]:
    with transaction.atomic():
        lock(prepared.sha256)
        of_record = Attachment.objects.live().of(layer.id, record.pk)
        if existing := of_record.filter(sha256=prepared.sha256).first():
            return existing, False
        copies = prepared.copies
        variants = {store.SHOWN: copies.shown, store.THUMBNAIL: copies.thumbnail} if copies else {}
        store.keep(prepared.sha256, prepared.file, variants)
        attachment = Attachment.objects.create(
            layer=layer.id,
            record_id=record.pk,
            kind=AttachmentKind.PHOTO if prepared.type.photo else AttachmentKind.DOCUMENT,
            name=prepared.name,
            media_type=prepared.type.media_type,
            size=prepared.size,
            sha256=prepared.sha256,
            width=copies.width if copies else None,
            height=copies.height if copies else None,
            caption=caption.strip()[:200],
            uploaded_by=user,
            taken_at=prepared.facts.taken_at,
            taken_place=_stored_place(prepared.facts.place),
            metadata=prepared.facts.metadata,
        )
    return attachment, True


# Other apps keep pictures in the store too; each says whether it still refers to a file.
_referrers: list[Callable[[str], bool]] = []


def add_referrer(refers: Callable[[str], bool]) -> None:
    """Let an app's own rows keep files in the store: ``refers`` tells whether one of them names a hash.

    Called when the app is ready. Such an app calls ``lock`` before it keeps a file, in the transaction that makes
    the row.
    """
    _referrers.append(refers)


def lock(sha256: str) -> None:
    """Let one transaction at a time keep or drop this file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def drop_if_unused(sha256: str) -> bool:
    """Remove a file that neither an attachment nor a row of an app refers to; whether it was removed."""
    with transaction.atomic():
        lock(sha256)
        attached = Attachment.objects.filter(sha256=sha256).exists()
        used = attached or any(refers(sha256) for refers in _referrers)
        if not used:
            store.drop(sha256)
    return not used


def sweep(older_than: timedelta) -> int:
    """Remove files that nothing refers to: a transaction undone after its upload leaves one. How many."""
    limit = time.time() - older_than.total_seconds()
    return store.drop_unfinished(limit) + sum(drop_if_unused(sha256) for sha256 in list(store.kept(limit)))


def _stored_place(place: tuple[float, float] | None) -> Point | None:
    if place is None:
        return None
    x, y = transformer(LONLAT_SRID, STORAGE_SRID).transform(*place)
    return Point(x, y, srid=STORAGE_SRID) if math.isfinite(x) and math.isfinite(y) else None


def clean_name(name: str) -> str:
    """A file name without path, control characters and text-direction tricks, in composed Hangul.

    macOS sends Hangul decomposed, which other systems show as loose letters.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = _UNSAFE.sub("", name).strip(" .") or "file"
    suffix = PurePosixPath(name).suffix[:20]
    stem = name[: len(name) - len(suffix)] if suffix else name
    return stem[: _NAME_LIMIT - len(suffix)] + suffix


def retire(attachment: Attachment, user: Any, reason: str) -> None:
    """Take an attachment out of sight; the file stays for administrators."""
    Attachment.objects.live().filter(pk=attachment.pk).update(
        retired_at=timezone.now(), retired_by=user, retired_reason=reason.strip()[:200]
    )


def attachments_of(layer: Layer, record: Any) -> AttachmentQuerySet:
    return Attachment.objects.live().of(layer.id, record.pk).select_related("uploaded_by")


def sees_original(user: Any, layer: Layer, record: Any) -> bool:
    """Whether the user may have the original with what its EXIF tells."""
    return permissions.can_change(user, layer, record) or permissions.sees_personal(user, layer, record)
