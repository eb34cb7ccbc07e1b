"""An app that opens without a network: its page, and every static file that page needs, under one version.

What a page needs is found, not listed: from the scripts and styles a shell names, imports and ``url(...)`` are
followed, so that no file can be forgotten. The page knows no user and depends on the language alone: on a shared phone
it may be opened by anybody.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from .words import text

_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")
_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")

STYLES = (
    "vendor/krds/krds_tokens.css",
    *(f"gis_core/css/{name}.css" for name in ("base", "shell", "components", "forms", "pages", "offline")),
)


class MissingFile(LookupError):
    """A shell needs a static file that is not there."""


@dataclass(frozen=True)
class Shell:
    """``modules``, ``scripts`` (classic) and ``styles`` are static names; ``text`` gives further words for scripts and
    ``config`` what else they are told; ``roles`` may work with it."""

    id: str
    title: Promise | str
    short_title: Promise | str
    template: str
    modules: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    text: Callable[[], dict[str, str]] = dict
    config: Callable[[], dict[str, Any]] = dict

    def url(self, page: str, **kwargs: Any) -> str:
        return reverse(f"{self.id}-{page}", kwargs=kwargs)


def body(shell: Shell) -> str:
    """The page in the language in force."""
    address = {name: shell.url(name) for name in ("app", "worker", "session")}
    config = {"id": shell.id, "address": address, "sign_in": reverse("sign-in"), **shell.config()}
    styles = (*STYLES, *shell.styles)
    # The language's own render, without a request: nothing of one user can get into it.
    return render_to_string(
        shell.template,
        {"app": shell, "config": config, "text": {**text(), **shell.text()}, "styles": styles},
    )


@dataclass(frozen=True)
class Contents:
    version: str
    urls: tuple[str, ...]


def contents(shell: Shell) -> Contents:
    """What the app consists of now. Files are read anew only where they may change while the server runs."""
    return _contents(shell) if settings.DEBUG else _lasting(shell)


def _contents(shell: Shell) -> Contents:
    digest = hashlib.sha256(_read("gis_core/js/offline/worker.js"))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            digest.update(body(shell).encode())
    urls = dict(_needed(shell))
    for url, name in sorted(urls.items()):
        digest.update(f"\n{url}\n".encode() + hashlib.sha256(_read(name)).digest())
    return Contents(digest.hexdigest()[:16], tuple(sorted(urls)))


_lasting = cache(_contents)


def _needed(shell: Shell) -> Iterator[tuple[str, str]]:
    """(address, static name) of every file. Manifest storage renames what templates and styles name, not imports."""
    own = (*shell.scripts, *shell.files, "gis_core/favicon.svg")
    yield from ((staticfiles_storage.url(name), name) for name in (*own, *shell.modules))
    for name in (*STYLES, *shell.styles):
        yield staticfiles_storage.url(name), name
        yield from ((staticfiles_storage.url(named), named) for named in _named(name, _URL))
    seen: set[str] = set()
    waiting = [named for name in shell.modules for named in _named(name, _IMPORT)]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield f"{settings.STATIC_URL}{name}", name
            waiting += _named(name, _IMPORT)


def _named(name: str, pattern: re.Pattern[str]) -> list[str]:
    found = pattern.findall(_read(name).decode())
    inside = [each for each in found if not each.startswith(("data:", "#", "http"))]
    return [normpath(join(dirname(name), each.partition("#")[0].partition("?")[0])) for each in inside]


def _read(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise MissingFile(name)
    return Path(path).read_bytes()


def source(name: str) -> str:
    """The text of a static file as it was written."""
    return _read(name).decode()
