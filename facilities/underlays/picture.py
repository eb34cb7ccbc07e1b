"""Scans and drawings as pictures to draw over: pages of images and PDFs, upright, in sRGB, without metadata.

Nothing here trusts its input, and nothing here is called in a server's own process: see ``worker``. No Django here.
"""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from gis_core.files.images import FORMATS, in_srgb, on_white

from .errors import Unreadable

PDF = "application/pdf"
MAX_PAGES = 500
# Decoded whole, one byte a pixel; pictures with colours take four (a plain JPEG is decoded at a fraction).
PIXEL_LIMIT_GREY, PIXEL_LIMIT, PIXEL_LIMIT_JPEG = 200_000_000, 64_000_000, 250_000_000
# The kept picture has no more pixels, and the copy for browsers no longer edge: an A1 sheet at 1:100 to 2 cm.
FULL_PIXELS, SHOWN_EDGE, THUMBNAIL_EDGE = 32_000_000, 4096, 320
# Pages are rendered at this, or less when they would have more than FULL_PIXELS.
PDF_DPI, LEAST_PDF_DPI = 200.0, 20.0
_POINTS, _INCH_MM = 72.0, 25.4
# A page outside this is no drawing but a mistake or an attack (mm).
_PAGE_MM = (5.0, 20_000.0)
# Resolutions that a scanner writes; cameras and screens write 72 or 96 without having measured anything.
_SCAN_DPI = (99.0, 2401.0)
# PNG is kept while it is not this much larger than JPEG: lines stay sharp.
_SHARP_IS_WORTH = 2.0
_GREY = {"1", "L"}


@dataclass(frozen=True)
class Page:
    """A page as two pictures. ``width`` x ``height`` are the drawing's own pixels, which the pictures may have fewer
    of; ``dpi`` is how many of them make an inch of paper (None when nobody knows)."""

    full: bytes
    shown: bytes
    media_type: str
    width: int
    height: int
    dpi: float | None


@dataclass(frozen=True)
class Preview:
    """A page to choose from: its size on paper (mm), when known, and a small WebP."""

    number: int
    paper_mm: tuple[float, float] | None
    thumbnail: bytes


def count_pages(path: Path, media_type: str) -> int:
    """Raises Unreadable."""
    with _opened(path, media_type) as source:
        return source.pages


def previews(path: Path, media_type: str, first: int, most: int) -> list[Preview]:
    """Pages from ``first`` (1-based) on, at most so many. Raises Unreadable."""
    with _opened(path, media_type) as source:
        return [source.preview(number) for number in range(first, min(first + most, source.pages + 1))]


def read_page(path: Path, media_type: str, number: int) -> Page:
    """Raises Unreadable."""
    with _opened(path, media_type) as source:
        if not 1 <= number <= source.pages:
            raise Unreadable("no_such_page", pages=source.pages)
        picture, size, dpi = source.picture(number)
    picture = _within(picture, FULL_PIXELS)
    shown = picture.copy()
    shown.thumbnail((SHOWN_EDGE, SHOWN_EDGE), Image.Resampling.LANCZOS)
    sharp, soft = _encoded(shown, "PNG"), _encoded(shown, "JPEG")
    kept = "PNG" if len(sharp) <= len(soft) * _SHARP_IS_WORTH else "JPEG"
    small = sharp if kept == "PNG" else soft
    full = small if shown.size == picture.size else _encoded(picture, kept)
    return Page(full, small, f"image/{kept.lower()}", *size, dpi)


@contextmanager
def _opened(path: Path, media_type: str) -> Iterator["_PdfSource | _ImageSource"]:
    source: _PdfSource | _ImageSource
    try:
        with warnings.catch_warnings():
            # Our own limits are the ones that count.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            source = _PdfSource(path) if media_type == PDF else _ImageSource(path)
            try:
                if source.pages > MAX_PAGES:
                    raise Unreadable("too_many_pages", pages=source.pages, limit=MAX_PAGES)
                yield source
            finally:
                source.close()
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels", limit=PIXEL_LIMIT // 1_000_000) from error
    except MemoryError as error:
        raise Unreadable("too_heavy") from error
    except (pdfium.PdfiumError, UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable("damaged") from error
    except (IndexError, KeyError, RuntimeError, TypeError, ZeroDivisionError) as error:
        # What decoders raise on files nobody meant to be read.
        raise Unreadable("damaged") from error


class _PdfSource:
    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise Unreadable("password" if "password" in str(error).lower() else "damaged") from error
        self.pages = len(self._document)
        if self.pages == 0:
            raise Unreadable("damaged")

    def close(self) -> None:
        self._document.close()

    def _page(self, number: int) -> tuple[Any, tuple[float, float]]:
        """The page, and its size in mm."""
        page = self._document[number - 1]
        width, height = (float(side) / _POINTS * _INCH_MM for side in page.get_size())
        if not all(math.isfinite(side) and _PAGE_MM[0] <= side <= _PAGE_MM[1] for side in (width, height)):
            raise Unreadable("page_size", width=round(width), height=round(height))
        return page, (width, height)

    def preview(self, number: int) -> Preview:
        page, paper = self._page(number)
        scale = THUMBNAIL_EDGE / max(paper) * _INCH_MM / _POINTS
        image = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
        return Preview(number, paper, _encoded(image, "WEBP"))

    def picture(self, number: int) -> tuple[Image.Image, tuple[int, int], float]:
        page, (width, height) = self._page(number)
        dpi = min(PDF_DPI, math.sqrt(FULL_PIXELS / (width * height)) * _INCH_MM * 0.999)
        if dpi < LEAST_PDF_DPI:
            raise Unreadable("page_size", width=round(width), height=round(height))
        image = page.render(scale=dpi / _POINTS, draw_annots=True).to_pil().convert("RGB")
        return image, image.size, image.width / (width / _INCH_MM)


class _ImageSource:
    def __init__(self, path: Path) -> None:
        self._image = Image.open(path, formats=FORMATS)
        # Only TIFF means pages by its frames; elsewhere they are an animation or a thumbnail.
        self.pages = int(getattr(self._image, "n_frames", 1)) if self._image.format == "TIFF" else 1

    def close(self) -> None:
        self._image.close()

    def preview(self, number: int) -> Preview:
        image, (width, height), dpi = self.picture(number, 4 * THUMBNAIL_EDGE**2)
        image.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        paper = (width / dpi * _INCH_MM, height / dpi * _INCH_MM) if dpi else None
        return Preview(number, paper, _encoded(image, "WEBP"))

    def picture(self, number: int, most: int = FULL_PIXELS) -> tuple[Image.Image, tuple[int, int], float | None]:
        """The page upright in grey or RGB, of about so many pixels; how many it has in truth; and its dpi."""
        if self.pages > 1:
            self._image.seek(number - 1)
        self._check_size(self._image)
        dpi, size = _dpi(self._image), self._image.size
        if self._image.format in {"JPEG", "MPO"}:
            part = min(1.0, math.sqrt(most / (size[0] * size[1])))
            self._image.draft("RGB", (math.ceil(size[0] * part), math.ceil(size[1] * part)))
            self._image.load()
        else:
            self._image.load()
            # Pillow turns a TIFF upright as it loads it.
            size = self._image.size
        plain = self._image.convert("L") if self._image.mode in _GREY else on_white(in_srgb(self._image))
        reduced = _within(plain, most)
        upright = ImageOps.exif_transpose(reduced)
        is_turned = upright.size == reduced.size[::-1] != reduced.size
        return upright, (size[1], size[0]) if is_turned else size, dpi

    def _check_size(self, image: Image.Image) -> None:
        limit = PIXEL_LIMIT_GREY if image.mode in _GREY else PIXEL_LIMIT
        if image.format in {"JPEG", "MPO"} and not image.info.get("progressive"):
            limit = PIXEL_LIMIT_JPEG
        if image.width * image.height > limit:
            raise Unreadable("too_many_pixels", limit=limit // 1_000_000)


def _dpi(image: Image.Image) -> float | None:
    """The resolution the file claims, when a scanner may have meant it and it is the same both ways."""
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    low, high = _SCAN_DPI
    return across if low <= across <= high and abs(across - down) < 0.01 * across else None


def _within(image: Image.Image, pixels: int) -> Image.Image:
    """The picture, with at most so many pixels."""
    part = math.sqrt(pixels / (image.width * image.height))
    if part >= 1:
        return image
    size = (max(1, int(image.width * part)), max(1, int(image.height * part)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _encoded(image: Image.Image, format: str) -> bytes:
    options: dict[str, dict[str, Any]] = {
        "PNG": {"compress_level": 6},
        "JPEG": {"quality": 88, "optimize": True},
        "WEBP": {"quality": 80},
    }
    bare = image.copy()
    # Writers pick comments, profiles and more from here.
    bare.info = {}
    out = BytesIO()
    bare.save(out, format, **options[format])
    return out.getvalue()
