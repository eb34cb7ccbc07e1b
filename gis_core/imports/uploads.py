"""Files between the upload and the import: kept privately for a day, for check and import are two steps."""

import re
import shutil
import time
import unicodedata
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from .errors import problem

KEPT_SECONDS = 24 * 3600
_KEY = re.compile(r"\d+-[0-9a-f]{32}")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _of(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    return _folder() / key


def keep(upload: Any, user: Any) -> str:
    """Store an uploaded file; returns its key, which begins with its owner. Forgotten uploads are swept."""
    sweep()
    key = f"{user.pk}-{uuid.uuid4().hex}"
    folder = _of(key)
    folder.mkdir(parents=True)
    name = get_valid_filename(unicodedata.normalize("NFC", Path(upload.name).name))[-100:]
    with (folder / name).open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return key


def path_of(key: str) -> Path:
    """The stored file. Raises ImportProblem when it has been swept."""
    folder = _of(key)
    # Opening a GeoPackage may leave SQLite's own files beside it.
    kept = [each for each in folder.glob("*") if not each.name.endswith(("-wal", "-shm", "-journal"))]
    found = kept[0] if kept else None
    if found is None:
        raise problem(_("The uploaded file is no longer kept; upload it again."))
    return found


def belongs_to(key: str, user: Any) -> bool:
    return bool(_KEY.fullmatch(key)) and key.split("-")[0] == str(user.pk)


def forget(key: str) -> None:
    shutil.rmtree(_of(key), ignore_errors=True)


def sweep() -> None:
    """Remove the uploads that nobody came back for: they may hold personal data."""
    if not _folder().is_dir():
        return
    for folder in _folder().iterdir():
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
