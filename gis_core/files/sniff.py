"""What a file is, by what it holds. Its name only has to agree."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from .errors import FileRefused

_HEAD = 4096
_TAIL = 65536
_MIMETYPE_ENTRY = 200


@dataclass(frozen=True)
class FileType:
    media_type: str
    title: str
    # The first is the one a file without any gets.
    extensions: tuple[str, ...]
    photo: bool = False


def _photo(media_type: str, title: str, *extensions: str) -> FileType:
    return FileType(media_type, title, extensions, photo=True)


JPEG = _photo("image/jpeg", "JPEG", "jpg", "jpeg", "jpe", "jfif")
PNG = _photo("image/png", "PNG", "png")
GIF = _photo("image/gif", "GIF", "gif")
WEBP = _photo("image/webp", "WebP", "webp")
TIFF = _photo("image/tiff", "TIFF", "tif", "tiff")
HEIC = _photo("image/heic", "HEIC", "heic", "heif", "hif")
AVIF = _photo("image/avif", "AVIF", "avif")
PDF = FileType("application/pdf", "PDF", ("pdf",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", ("docx",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", ("xlsx",))
PPTX = FileType("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint", ("pptx",))
DOC = FileType("application/msword", "Word 97", ("doc",))
XLS = FileType("application/vnd.ms-excel", "Excel 97", ("xls",))
PPT = FileType("application/vnd.ms-powerpoint", "PowerPoint 97", ("ppt",))
HWP = FileType("application/x-hwp", "HWP", ("hwp",))
HWPX = FileType("application/hwp+zip", "HWPX", ("hwpx",))
ODT = FileType("application/vnd.oasis.opendocument.text", "ODT", ("odt",))
ODS = FileType("application/vnd.oasis.opendocument.spreadsheet", "ODS", ("ods",))
ODP = FileType("application/vnd.oasis.opendocument.presentation", "ODP", ("odp",))
ZIP = FileType("application/zip", "ZIP", ("zip",))
CSV = FileType("text/csv", "CSV", ("csv",))
TEXT = FileType("text/plain", "TXT", ("txt",))

ACCEPTED = (
    JPEG, PNG, GIF, WEBP, TIFF, HEIC, AVIF, PDF, HWP, HWPX, DOCX, XLSX, PPTX, DOC, XLS, PPT, ODT, ODS, ODP,
    ZIP, CSV, TEXT,
)  # fmt: skip

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_PACKAGE_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX))
_PACKAGE_MIMETYPES = {kind.media_type: kind for kind in (HWPX, ODT, ODS, ODP)}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names in the directory of an OLE file are UTF-16.
_OLE_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_OLE_MACROS = "_VBA_PROJECT"
_TEXT_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def sniff(file: BinaryIO, name: str) -> FileType:
    """The type of ``file`` (seekable), whose name must agree with it.

    Raises FileRefused: ``empty``, ``unknown``, ``damaged``, ``macros``, or ``not_what_it_says``.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise FileRefused("empty")
    found = _by_header(head) or _by_structure(file, head) or _as_text(file, name)
    if found is None:
        raise FileRefused("unknown")
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    if extension and extension not in found.extensions:
        raise FileRefused("not_what_it_says", found=found.title, extension=extension)
    file.seek(0)
    return found


def _by_header(head: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return TIFF
    if head[4:8] == b"ftyp":
        brands = {head[8:12], *(head[i : i + 4] for i in range(16, min(64, int.from_bytes(head[:4], "big")), 4))}
        if b"avif" in brands:
            return AVIF
        return HEIC if brands & _HEIF_BRANDS else None
    return None


def _by_structure(file: BinaryIO, head: bytes) -> FileType | None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        if b"startxref" not in file.read():
            raise FileRefused("damaged", found=PDF.title)
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(file)
    if head.startswith(_OLE):
        return _compound(file)
    return None


def _zipped(file: BinaryIO) -> FileType:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                raise FileRefused("macros")
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    mimetype = entry.read(_MIMETYPE_ENTRY).decode("ascii", "replace").strip()
                return _PACKAGE_MIMETYPES.get(mimetype, ZIP)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused("damaged", found=ZIP.title) from error
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _PACKAGE_PARTS if part in names), ZIP)
    return ZIP


def _compound(file: BinaryIO) -> FileType | None:
    file.seek(0)
    data = file.read()
    if _OLE_MACROS.encode("utf-16-le") in data:
        raise FileRefused("macros")
    if b"HWP Document File" in data:
        return HWP
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return None


def _as_text(file: BinaryIO, name: str) -> FileType | None:
    file.seek(0)
    data = file.read()
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "cp949")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(char) in _TEXT_CONTROLS for char in set(text)):
            return None
        return CSV if name.lower().endswith(".csv") else TEXT
    return None
