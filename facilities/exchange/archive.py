"""Reading files that strangers made: nothing larger than it should be, nothing outside a zip's own folder."""

import io
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from .report import BROKEN, EMPTY, TOO_LARGE, TOO_MANY, ImportRefused

MB: Final = 1024 * 1024
FILE_MAX: Final = 100 * MB
MEMBERS_MAX: Final = 500
MEMBER_MAX: Final = 64 * MB
UNPACKED_MAX: Final = 256 * MB
# Coordinates as text shrink to a tenth at best; what shrinks more, and is large, was packed to burst.
RATIO_MAX: Final = 200
RATIO_FROM: Final = 4 * MB
_CHUNK: Final = 256 * 1024
_SYMLINK: Final = 0o120000

# The codes of archives, beside those in ``report``.
LOCKED: Final = "archive.locked"
ESCAPES: Final = "archive.escapes"  # name
BOMB: Final = "archive.bomb"  # name


def content(source: Path | str | bytes, limit: int = FILE_MAX) -> bytes:
    """The bytes of a file, or those given. Raises ImportRefused when there are none or too many."""
    if isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(limit + 1)
    if len(data) > limit:
        raise ImportRefused(TOO_LARGE, {"limit_mb": limit // MB})
    if not data:
        raise ImportRefused(EMPTY)
    return data


def unpack(data: bytes, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """The archive's files whose names end in one of ``suffixes``, by file name without folders, lower case.

    Where two folders hold the same name, the one nearer the top is taken. What a header claims about sizes is not
    believed. Raises ImportRefused.
    """
    found: dict[str, bytes] = {}
    left = UNPACKED_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in _members(archive):
                name = PurePosixPath(member.filename.replace("\\", "/")).name.lower()
                if name.endswith(suffixes) and not name.startswith(".") and name not in found:
                    found[name] = _read(archive, member, min(left, MEMBER_MAX))
                    left -= len(found[name])
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise ImportRefused(BROKEN, {"detail": str(error)[:200]}) from error
    return found


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive that is safe to open, those nearer the top first."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MEMBERS_MAX:
        raise ImportRefused(TOO_MANY, {"what": "files", "count": len(members), "limit": MEMBERS_MAX})
    if sum(member.file_size for member in members) > UNPACKED_MAX:
        raise ImportRefused(TOO_LARGE, {"limit_mb": UNPACKED_MAX // MB})
    for member in members:
        if member.flag_bits & 1:
            raise ImportRefused(LOCKED)
        if _escapes(member):
            raise ImportRefused(ESCAPES, {"name": member.filename[:100]})
        if member.file_size > RATIO_FROM and member.file_size > RATIO_MAX * max(member.compress_size, 1):
            raise ImportRefused(BOMB, {"name": member.filename[:100]})
    usual = [member for member in members if "__MACOSX" not in member.filename]
    return sorted(usual, key=lambda member: member.filename.count("/"))


def _escapes(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return (
        path.is_absolute()
        or ".." in path.parts
        or not path.parts
        or ":" in path.parts[0]
        or (member.external_attr >> 16) & 0o170000 == _SYMLINK
    )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    parts, size = [], 0
    with archive.open(member) as packed:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise ImportRefused(TOO_LARGE, {"limit_mb": limit // MB})
            if size > RATIO_FROM and size > RATIO_MAX * max(member.compress_size, 1):
                raise ImportRefused(BOMB, {"name": member.filename[:100]})
            parts.append(chunk)
    return b"".join(parts)
