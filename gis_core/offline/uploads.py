"""Files that arrive in pieces and go on where they stopped.

What is told to be received lies on the disk before it is told: a piece is written and synced, then its row. A piece
that was written when the server died before the row is written over by the same piece sent again.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gis_core.files import store
from gis_core.models import Upload

KEPT_UNCLAIMED = timedelta(days=30)


class UploadRefused(Exception):
    """``code``: offset (``offset`` is where to go on), too_large, length, hash."""

    def __init__(self, code: str, offset: int = 0) -> None:
        super().__init__(code)
        self.code, self.offset = code, offset


def limit() -> int:
    return settings.OFFLINE_FILE_LIMIT_MB * 1_000_000


def _path(user_id: int, sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / str(user_id) / sha256


def find(user: Any, sha256: str) -> Upload | None:
    upload = Upload.objects.filter(user=user, sha256=sha256).first()
    if upload is not None and upload.completed_at and whole(upload.user_id, sha256) is None:
        # What it was kept for has been purged: it must be sent anew.
        upload.completed_at, upload.received = None, 0
        upload.save(update_fields=["completed_at", "received"])
    return upload


@transaction.atomic
def append(user: Any, sha256: str, offset: int, size: int, piece: bytes) -> Upload:
    """Add a piece; the upload as it is then. Raises UploadRefused, and then nothing has changed but a wrong whole."""
    if size > limit():
        raise UploadRefused("too_large")
    Upload.objects.get_or_create(user=user, sha256=sha256, defaults={"size": size})
    upload = Upload.objects.select_for_update().get(user=user, sha256=sha256)
    if upload.completed_at:
        return upload
    if upload.size != size and not upload.received:
        upload.size = size
    if upload.size != size or offset + len(piece) > size:
        raise UploadRefused("length", upload.received)
    if offset != upload.received:
        raise UploadRefused("offset", upload.received)
    _write(_path(upload.user_id, sha256), offset, piece)
    upload.received += len(piece)
    upload.seen_at = timezone.now()
    if upload.received == size:
        if _hash(_path(upload.user_id, sha256)) == sha256:
            upload.completed_at = timezone.now()
        else:
            upload.received = 0
    upload.save()
    return upload


def take(user: Any, sha256: str, data: bytes) -> Upload:
    """A whole file at once; what came of it before is written over. Raises UploadRefused."""
    upload = find(user, sha256)
    if upload is not None and upload.completed_at:
        return upload
    return append(user, sha256, upload.received if upload else 0, len(data), data[upload.received if upload else 0 :])


def _write(path: Path, offset: int, piece: bytes) -> None:
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w+b" if is_new else "r+b") as out:
        out.truncate(offset)
        out.seek(offset)
        out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if is_new:
        store.sync_folder(path.parent)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole(user_id: int, sha256: str) -> Path | None:
    """Where a file lies that this person has sent whole; what is kept for good by now, too."""
    if not Upload.objects.filter(user_id=user_id, sha256=sha256, completed_at__isnull=False).exists():
        return None
    path = _path(user_id, sha256)
    kept = store.path(sha256, store.ORIGINAL)
    return next((each for each in (path, kept) if each.exists()), None)


def drop(user_id: int, sha256: str) -> None:
    """The bytes are kept for good elsewhere: the piece-wise copy may go. That it arrived stays known."""
    _path(user_id, sha256).unlink(missing_ok=True)


def sweep() -> int:
    """Forget uploads that no record has claimed for a long time; how many."""
    old = Upload.objects.filter(seen_at__lt=timezone.now() - KEPT_UNCLAIMED)
    for user_id, sha256 in old.values_list("user_id", "sha256"):
        drop(user_id, sha256)
    number, _by_model = old.delete()
    return number
