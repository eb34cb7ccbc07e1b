"""Opening a DXF, broken ones included, and its texts in the encoding that they were really written in."""

import io
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf import DXFError, recover
from ezdxf.audit import Auditor
from ezdxf.document import Drawing
from ezdxf.tools import codepage

from . import report
from .report import ImportRefused

# ezdxf takes some thirty times the file in memory, and half a second for each megabyte.
MAX_BYTES = 20_000_000
# What a person may choose from; the first two are what Korean offices' programs write.
ENCODINGS = ("utf-8", "cp949", "cp1252", "cp932", "gbk")
DWG_FILE = "dxf.dwg"  # version: a DWG was given

_BINARY_DXF = b"AutoCAD Binary DXF\r\n\x1a\x00"
_DWG = re.compile(rb"AC10\d\d[\x00-\x0f]")
_FIRST_GROUP = re.compile(rb"\s*(999\s*\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", re.IGNORECASE)
_HANGUL = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True)
class DxfFile:
    """``mended`` and ``errors`` are what ezdxf had to repair and what it could not. ``encoding`` is what the texts were
    decoded with, as the header said; ``text`` reads them in another."""

    drawing: Drawing
    encoding: str
    mended: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def text(self, value: str, encoding: str = "") -> str:
        return recoded(value, self.encoding, encoding or self.encoding)


def load(source: Path | bytes) -> DxfFile:
    """The drawing of a file or its content. Raises ImportRefused for what is no DXF or cannot be recovered."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_BYTES:
        raise ImportRefused(report.TOO_LARGE, {"limit_mb": MAX_BYTES // 1_000_000})
    data = source if isinstance(source, bytes) else source.read_bytes()
    _refuse_others(data)
    # ezdxf warns of every flaw; they are reported from the audit instead.
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    try:
        drawing, auditor = _read(data)
    except ImportRefused:
        raise
    except (DXFError, ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise ImportRefused(report.BROKEN, {"detail": str(error)[:200]}) from error
    return DxfFile(
        drawing,
        _encoding_of(drawing),
        tuple(str(fix.message) for fix in auditor.fixes),
        tuple(str(error.message) for error in auditor.errors),
    )


def _refuse_others(data: bytes) -> None:
    if not data.strip():
        raise ImportRefused(report.EMPTY)
    if _DWG.match(data):
        raise ImportRefused(DWG_FILE, {"version": data[:6].decode("ascii")})
    if not looks_like_dxf(data[:4096]):
        raise ImportRefused(report.NOT_THIS_FORMAT, {"expected": "DXF"})


def looks_like_dxf(head: bytes) -> bool:
    """Whether a file that begins like this may be a DXF, even a damaged one."""
    if head.startswith(_BINARY_DXF) or _FIRST_GROUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return True
    return b"\x00" not in head and b"SECTION" in head and (b"HEADER" in head or b"ENTITIES" in head)


def _read(data: bytes) -> tuple[Drawing, Auditor]:
    if data.startswith(_BINARY_DXF):
        drawing = _read_binary(data)
        return drawing, drawing.audit()
    # Surrogates keep bytes that the header's encoding has no letter for, so that ``recoded`` gets them back.
    return recover.read(io.BytesIO(data), errors="surrogateescape")


def _read_binary(data: bytes) -> Drawing:
    from ezdxf.lldxf.tagger import binary_tags_loader, tag_compiler

    return Drawing.load(tag_compiler(iter(binary_tags_loader(data, errors="surrogateescape"))))


def _encoding_of(drawing: Drawing) -> str:
    """What ezdxf decoded the texts with: UTF-8 from R2007 on, the header's code page before."""
    if drawing.dxfversion >= "AC1021":
        return "utf-8"
    return codepage.toencoding(str(header(drawing, "$DWGCODEPAGE", "ANSI_1252")))


def recoded(text: str, was: str, wanted: str) -> str:
    """A text that was decoded as ``was`` read as ``wanted`` instead; bytes that have no letter become the sign for it.

    Letters written as \\U+XXXX are right already: a text that ``was`` cannot hold stays as it is.
    """
    try:
        data = text.encode(was, "surrogateescape")
    except UnicodeEncodeError:
        data = b""
    if not data or (was == wanted and data.isascii()):
        return printable(text)
    return printable(data.decode(wanted, "replace"))


def printable(text: str) -> str:
    """Without lone surrogates and control characters, which no database takes."""
    text = text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= c <= "\udfff" for c in text) else text
    return "".join(c for c in text if c >= " " or c in "\n\t")


def guessed_encoding(texts: list[str], was: str) -> str:
    """The encoding that the texts make sense in; ``was`` when they are plain ASCII."""
    data = [text.encode(was, "surrogateescape") for text in texts if _encodable(text, was)]
    foreign = [each for each in data if not each.isascii()]
    if not foreign:
        return was
    for encoding in ("utf-8", "cp949"):
        decoded = _decoded(foreign, encoding)
        if decoded and (encoding == "utf-8" or _mostly_hangul(decoded)):
            return encoding
    return was


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _decoded(data: list[bytes], encoding: str) -> str:
    try:
        return "".join(each.decode(encoding) for each in data)
    except UnicodeDecodeError:
        return ""


def _mostly_hangul(text: str) -> bool:
    letters = [c for c in text if ord(c) > 127]
    return len(_HANGUL.findall(text)) > 0.6 * len(letters)


def header(drawing: Drawing, name: str, default: Any = None) -> Any:
    """A header variable; ezdxf raises for some that it does not know."""
    try:
        return drawing.header.get(name, default)
    except ezdxf.DXFError:
        return default
