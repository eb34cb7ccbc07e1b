"""Where the bytes lie: one directory per file under MEDIA_ROOT, named by the hash of the original.

A directory is filled aside and renamed into place, so that it is there whole or not at all.
"""

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

ORIGINAL = "original"
SHOWN = "shown"
THUMBNAIL = "thumbnail"

_CHUNK = 1 << 20


def folder(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "files" / sha256[:2] / sha256


def path(sha256: str, variant: str) -> Path:
    return folder(sha256) / variant


def keep(sha256: str, original: BinaryIO, copies: dict[str, bytes]) -> bool:
    """Put a file and its copies in place; False when they were there already."""
    target = folder(sha256)
    if target.exists():
        return False
    aside = Path(settings.MEDIA_ROOT) / "files" / "incoming" / uuid.uuid4().hex
    aside.mkdir(parents=True)
    try:
        original.seek(0)
        _write(aside / ORIGINAL, iter(lambda: original.read(_CHUNK), b""))
        for variant, data in copies.items():
            _write(aside / variant, [data])
        sync_folder(aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(aside, target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if target.exists():
            return False  # Somebody else was faster with the same file.
        raise
    return True


def drop(sha256: str) -> None:
    """Remove a file that no attachment refers to."""
    shutil.rmtree(folder(sha256), ignore_errors=True)


def kept(older_than: float) -> Iterator[str]:
    """The hashes of files that were put in place before ``older_than`` (a time as ``time.time`` gives it)."""
    for found in (Path(settings.MEDIA_ROOT) / "files").glob("??/*"):
        if found.stat().st_mtime < older_than:
            yield found.name


def drop_unfinished(older_than: float) -> int:
    """Remove what a server that stopped in the middle of an upload left aside; how many."""
    stale = [
        one for one in (Path(settings.MEDIA_ROOT) / "files" / "incoming").glob("*") if one.stat().st_mtime < older_than
    ]
    for one in stale:
        shutil.rmtree(one, ignore_errors=True)
    return len(stale)


def sync_folder(path: Path) -> None:
    """Let the names in a folder outlive a loss of power, as their contents do."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("xb") as out:
        for chunk in chunks:
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
