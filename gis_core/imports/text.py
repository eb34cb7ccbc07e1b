"""Text encodings of Korean files: UTF-8 with or without a mark, CP949, and what Excel calls Unicode text."""

import codecs

from django.utils.translation import gettext_lazy as _

from .errors import problem

# What .cpg files and people write, by the name Python knows.
_NAMES = {
    "949": "cp949", "ms949": "cp949", "windows949": "cp949", "ansi949": "cp949", "ksc56011987": "cp949",
    "ksc5601": "cp949", "euckr": "cp949", "51949": "cp949", "uhc": "cp949", "korean": "cp949",
    "65001": "utf-8", "utf8": "utf-8", "88591": "iso-8859-1", "latin1": "iso-8859-1", "1252": "cp1252",
    "ansi1252": "cp1252",
}  # fmt: skip


def codec_name(label: str) -> str | None:
    """Python's name for an encoding as a .cpg file or a person writes it; None when it is unknown."""
    label = label.strip().strip("\x00").strip()
    short = "".join(letter for letter in label.lower() if letter.isalnum())
    if short in _NAMES:
        return _NAMES[short]
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def known_codec(label: str) -> str:
    """As ``codec_name``, refusing what is unknown."""
    name = codec_name(label)
    if name is None:
        raise problem(_("“%(label)s” is not a text encoding that is known here."), label=label)
    return name


def detect(data: bytes) -> str:
    """The encoding of a text: its mark if it has one, else UTF-8 if it is that, else CP949.

    Raises ImportProblem when it is none of them, naming the first line that fails.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "cp949"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            failed = error
        else:
            return encoding
    raise problem(
        _("The text is neither UTF-8 nor CP949 (line %(line)s)."), line=data.count(b"\n", 0, failed.start) + 1
    ) from failed


def decode(data: bytes, given: str = "") -> tuple[str, str]:
    """The text, and the encoding it was in. Decoding happens here once, and never again later."""
    encoding = known_codec(given) if given else detect(data)
    if encoding == "utf-8" and data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise problem(_("The text is not %(encoding)s (line %(line)s)."), encoding=encoding, line=line) from error


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def is_garbled(text: str) -> bool:
    """Whether a text was damaged before it reached us: Hangul read as Latin-1, or replacement characters."""
    if "\ufffd" in text:
        return True
    if not any("\x80" <= letter <= "\xff" for letter in text):
        return False
    for encoding in ("utf-8", "cp949"):
        try:
            repaired = text.encode("iso-8859-1").decode(encoding)
        except UnicodeError:
            continue
        if any("가" <= letter <= "힣" for letter in repaired):
            return True
    return False
