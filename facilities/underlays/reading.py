"""Asks the worker process about an uploaded drawing. No Django here."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Unreadable

# The processor's time is limited in the worker itself; this is for one that waits without working.
SECONDS = 90
PREVIEWS = 24
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Read:
    """A page of a drawing as pictures. ``width`` x ``height`` are its own pixels; see ``picture.Page``."""

    full: bytes
    shown: bytes
    media_type: str
    width: int
    height: int
    dpi: float | None


@dataclass(frozen=True)
class PageChoice:
    number: int
    paper_mm: tuple[float, float] | None
    thumbnail: bytes


def read_page(path: Path, media_type: str, number: int) -> Read:
    """Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="dongne-underlay-") as out:
        found = _ask(path, media_type, out, task="page", number=number)
        full, shown = (Path(out, name).read_bytes() for name in ("full", "shown"))
        return Read(full, shown, **found)


def read_pages(path: Path, media_type: str, first: int = 1) -> tuple[int, list[PageChoice]]:
    """How many pages there are, and up to ``PREVIEWS`` of them from ``first`` on. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="dongne-underlay-") as out:
        found = _ask(path, media_type, out, task="pages", first=first, most=PREVIEWS)
        return found["count"], [
            PageChoice(
                page["number"],
                tuple(page["paper_mm"]) if page["paper_mm"] else None,
                Path(out, f"{page['number']}.webp").read_bytes(),
            )
            for page in found["pages"]
        ]


def _ask(path: Path, media_type: str, out: str, **task: Any) -> dict[str, Any]:
    question = json.dumps({"path": str(path), "media_type": media_type, "out": out, **task})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "facilities.underlays.worker"],
            input=question, capture_output=True, text=True, timeout=SECONDS, cwd=_ROOT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_heavy") from error
    if done.returncode < 0:
        # Stopped by a limit, or by the library itself where memory ran out.
        raise Unreadable("too_heavy")
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unreadable("damaged") from error
    if "refused" in found:
        raise Unreadable(found["refused"], **found["params"])
    return found
