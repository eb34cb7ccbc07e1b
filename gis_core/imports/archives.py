"""Opening zip archives that strangers packed: nothing outside the folder, nothing enormous."""

import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from .errors import problem

MAX_MEMBERS = 500
MAX_UNPACKED = 1024**3  # bytes
_CHUNK = 1024 * 1024
_SYMLINK = 0o120000


def check(path: Path) -> list[zipfile.ZipInfo]:
    """The members of an archive that is safe to open, also when it is a spreadsheet. Raises ImportProblem."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise problem(_("The archive is damaged.")) from error
    if len(members) > MAX_MEMBERS:
        raise problem(_("The archive holds more than %(limit)s files."), limit=MAX_MEMBERS)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise problem(_("The archive would unpack to more than %(limit)s MB."), limit=MAX_UNPACKED // 1024**2)
    for member in members:
        if member.flag_bits & 1:
            raise problem(_("The archive is locked with a password."))
        if _escapes(member):
            raise problem(_("The archive holds a path that leaves its folder: %(name)s"), name=member.filename[:100])
    return members


def _escapes(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return (
        path.is_absolute()
        or ".." in path.parts
        or ":" in path.parts[0]
        or (member.external_attr >> 16) & 0o170000 == _SYMLINK
    )


def unpack(path: Path, folder: Path) -> list[Path]:
    """The archive's files, unpacked into ``folder``. What a header claims about sizes is not believed."""
    written = 0
    files = []
    members = check(path)
    with zipfile.ZipFile(path) as archive:
        for member in members:
            name = _korean_name(member)
            if "__MACOSX" in name or PurePosixPath(name).name.startswith("."):
                continue
            target = folder.joinpath(*PurePosixPath(name.replace("\\", "/")).parts)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as out:
                    while chunk := packed.read(_CHUNK):
                        written += len(chunk)
                        if written > MAX_UNPACKED:
                            raise problem(
                                _("The archive would unpack to more than %(limit)s MB."), limit=MAX_UNPACKED // 1024**2
                            )
                        out.write(chunk)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
                raise problem(_("The archive is damaged.")) from error
            files.append(target)
    return files


def _korean_name(member: zipfile.ZipInfo) -> str:
    """The member's name. Archives made on Korean Windows hold CP949 names that zip takes for CP437."""
    name = member.filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name)
