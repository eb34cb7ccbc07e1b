"""Pages as PDF: A4, our own Korean font embedded, nothing fetched from anywhere but our own files."""

import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Importing WeasyPrint makes Pillow accept truncated pictures everywhere: half an upload would pass for a photo.
ImageFile.LOAD_TRUNCATED_IMAGES = False

_STATIC = "static:"
_IMAGE = "image:"
# Photos keep no more than a printer shows.
IMAGE_DPI = 220


class NotOurs(ValueError):
    """A print template asked for something outside our static files and the images given to it."""


class _OwnFiles(URLFetcher):
    """``static:<path>`` is a static file, ``image:<name>`` one of the given images; all else stops the rendering."""

    def __init__(self, images: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=["data"], fail_on_errors=True)
        self._images = images

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = self._path(url)
        if path is None:
            raise NotOurs(url)
        if path.suffix == ".woff2":
            return URLFetcherResponse(url, _unpacked_font(path), {"Content-Type": "font/ttf"})
        kind = mimetypes.guess_type(path.name)[0]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind} if kind else {})

    def _path(self, url: str) -> Path | None:
        if url.startswith(_IMAGE):
            return self._images.get(unquote(url.removeprefix(_IMAGE)))
        found = finders.find(unquote(url.removeprefix(_STATIC))) if url.startswith(_STATIC) else None
        return Path(found) if found else None


@lru_cache(maxsize=8)
def _unpacked_font(path: Path) -> bytes:
    """A WOFF2 font as TrueType. Unpacking takes most of a second, which WeasyPrint would spend on every document."""
    out = BytesIO()
    with path.open("rb") as packed:
        woff2.decompress(packed, out)
    return out.getvalue()


def render(
    template: str,
    context: dict[str, Any],
    request: HttpRequest | None = None,
    images: Mapping[str, Path] | None = None,
) -> bytes:
    """A tagged PDF of ``template`` in the active language; ``printed_at`` (Asia/Seoul) is in its context.

    ``images`` are files that the template may show as ``image:<name>``: the caller has checked that this person may
    see them. Raises weasyprint's FatalURLFetchingError (from NotOurs) when the template asks for anything else.
    """
    html = render_to_string(template, {"printed_at": timezone.localtime(), **context}, request)
    document = HTML(string=html, base_url=_STATIC, url_fetcher=_OwnFiles(images or {}))
    pdf: bytes = document.write_pdf(font_config=FontConfiguration(), pdf_tags=True, dpi=IMAGE_DPI)
    return pdf
