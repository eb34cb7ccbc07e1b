"""Photos: what they say about themselves, and the copies that others may see. No Django here."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from .errors import FileRefused

Image.init()
register_heif_opener()

# Phones' multi-picture JPEGs open as JPEG too.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "HEIF", "AVIF")
# Decoded whole, this many pixels take some 250 MB. A plain JPEG can be decoded at a fraction of its size.
PIXEL_LIMIT = 64_000_000
PIXEL_LIMIT_REDUCIBLE = 250_000_000
SHOWN_EDGE = 2560
THUMBNAIL_EDGE = 480

_SEOUL = timezone(timedelta(hours=9))
_TEXT_LIMIT = 500
# Opaque blobs and copies of the picture itself tell nothing that could be shown.
_SKIPPED_TAGS = {"MakerNote", "UserComment", "PrintImageMatching", "XMLPacket", "ImageResources", "InterColorProfile"}
_LOSSLESS = {"image/png", "image/gif"}


@dataclass(frozen=True)
class Facts:
    """What a photo says about itself. ``place`` is (longitude, latitude) in WGS84 degrees."""

    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Copies:
    """The encoded copies without metadata, upright; ``width`` and ``height`` are those of ``shown``."""

    shown: bytes
    thumbnail: bytes
    width: int
    height: int


def shown_type(media_type: str) -> str:
    """The type of the copy that is shown: drawings stay sharp, everything else becomes JPEG."""
    return "image/png" if media_type in _LOSSLESS else "image/jpeg"


def examine(file: BinaryIO, media_type: str) -> tuple[Facts, Copies]:
    """Read a photo once: its facts, and the copies to show.

    Raises FileRefused: ``damaged``, or ``too_many_pixels``.
    """
    with _opened(file) as image:
        facts = read_facts(image.getexif())
        image.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))
        upright = in_srgb(ImageOps.exif_transpose(image))
    lossless = shown_type(media_type) == "image/png"
    upright.thumbnail((SHOWN_EDGE, SHOWN_EDGE), Image.Resampling.LANCZOS)
    shown = upright if lossless else on_white(upright)
    thumbnail = on_white(upright)
    thumbnail.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    copies = Copies(
        shown=_encoded(shown, "PNG", optimize=True) if lossless else _encoded(shown, "JPEG", quality=86, optimize=True),
        thumbnail=_encoded(thumbnail, "WEBP", quality=80),
        width=shown.width,
        height=shown.height,
    )
    return facts, copies


@contextmanager
def _opened(file: BinaryIO) -> Iterator[Image.Image]:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # The limit below is the one that counts.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as image:
                _check_size(image)
                yield image
    except Image.DecompressionBombError as error:
        raise FileRefused("too_many_pixels", limit=PIXEL_LIMIT // 1_000_000) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError) as error:
        raise FileRefused("damaged", found="") from error


def _check_size(image: Image.Image) -> None:
    # A progressive JPEG keeps all its coefficients in memory, so it gains nothing from a reduced decoding.
    reducible = image.format in {"JPEG", "MPO"} and not image.info.get("progressive")
    limit = PIXEL_LIMIT_REDUCIBLE if reducible else PIXEL_LIMIT
    if image.width * image.height > limit:
        raise FileRefused("too_many_pixels", limit=limit // 1_000_000)


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture as RGB or RGBA in the colours a browser assumes."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        image = _eight_bit(image)
    alpha = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in {"RGB", "CMYK"} and not alpha:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A broken profile: the plain numbers are the best guess.
    return image.convert("RGBA" if alpha else "RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit and floating grey as 8 bits; Pillow's own conversion would clip it to white."""
    low, high = image.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    span = (high - low) or 1
    return image.convert("F").point(lambda value: value * (255 / span) - low * (255 / span)).convert("L")


def on_white(image: Image.Image) -> Image.Image:
    """A copy without transparency, as paper shows it."""
    if image.mode != "RGBA":
        return image.copy()
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    # Writers pick comments, profiles and more from here, even of the file the picture came from.
    image.info = {}
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def read_facts(exif: Image.Exif) -> Facts:
    """Date, place and the readable rest of a photo's EXIF; a broken part counts as absent."""
    try:
        main, detail = dict(exif), exif.get_ifd(ExifTags.IFD.Exif)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (ValueError, OSError, SyntaxError, KeyError, TypeError):
        return Facts()
    metadata = {
        **_readable(main, ExifTags.TAGS),
        **_readable(detail, ExifTags.TAGS),
        **_readable(gps, ExifTags.GPSTAGS),
    }
    return Facts(taken_at=_taken_at({**main, **detail}), place=_place(gps), metadata=metadata)


def _readable(tags: Any, names: dict[int, str]) -> dict[str, Any]:
    named = ((names.get(tag), value) for tag, value in tags.items())
    plain = {name: _plain(value) for name, value in named if name and name not in _SKIPPED_TAGS}
    return {name: value for name, value in plain.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    """A value as JSON that PostgreSQL takes: no NaN, no NUL characters, nothing long."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return "".join(char for char in value if char.isprintable() and char != "\ufffd")[:_TEXT_LIMIT].strip()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value[:16]]
    if isinstance(value, dict):
        return None
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else number


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _taken_at(tags: dict[int, Any]) -> datetime | None:
    for when, offset in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
        (ExifTags.Base.DateTime, ExifTags.Base.OffsetTime),
    ):
        try:
            taken = datetime.strptime(_plain(tags.get(when)) or "", "%Y:%m:%d %H:%M:%S")
        except (ValueError, TypeError):
            continue
        if taken.year < 1990:
            continue  # A camera whose clock was never set.
        try:
            zone = datetime.strptime(_plain(tags.get(offset)) or "", "%z").tzinfo
        except (ValueError, TypeError):
            zone = _SEOUL
        return taken.replace(tzinfo=zone)
    return None


def _place(gps: Any) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None  # Receivers without a fix write zeroes.
    return longitude, latitude


def _degrees(value: Any, reference: Any, negative: str, limit: float) -> float | None:
    if not isinstance(value, tuple | list) or len(value) != 3:
        return None
    parts = [_number(part) for part in value]
    if parts[0] is None:
        return None
    degrees = parts[0] + (parts[1] or 0) / 60 + (parts[2] or 0) / 3600
    if str(_plain(reference)).upper().startswith(negative):
        degrees = -degrees
    return degrees if abs(degrees) <= limit else None
