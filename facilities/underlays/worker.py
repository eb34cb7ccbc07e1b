"""Reads one uploaded drawing in a process of its own, so that a hostile file costs that process and nothing else.

Run as ``python -m facilities.underlays.worker`` with the task as JSON on standard input:
{"path", "media_type", "out", "task": "pages" | "page", "first", "most", "number"}. Pictures are written into the
directory ``out``; the answer is JSON on standard output: {"refused": code, "params"} or what was found. No Django here.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from facilities.underlays import picture
from facilities.underlays.errors import Unreadable

# An A0 page full of vectors takes some 10 s and 600 MB.
MEMORY_LIMIT, CPU_SECONDS, FILE_LIMIT = 2_000_000_000, 40, 400_000_000


def limit() -> None:
    """Whatever a file asks for, this process gets no more. Systems that know no such limit go without it."""
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_LIMIT),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (amount, amount))
        except (ValueError, OSError):
            continue


def answer(task: dict[str, Any]) -> dict[str, Any]:
    path, out, media_type = Path(task["path"]), Path(task["out"]), task["media_type"]
    if task["task"] == "pages":
        count = picture.count_pages(path, media_type)
        # With one page there is nothing to choose.
        found = picture.previews(path, media_type, task["first"], task["most"]) if count > 1 else []
        for preview in found:
            (out / f"{preview.number}.webp").write_bytes(preview.thumbnail)
        pages = [{"number": preview.number, "paper_mm": preview.paper_mm} for preview in found]
        return {"count": count, "pages": pages}
    page = picture.read_page(path, media_type, task["number"])
    (out / "full").write_bytes(page.full)
    (out / "shown").write_bytes(page.shown)
    return {"media_type": page.media_type, "width": page.width, "height": page.height, "dpi": page.dpi}


def main() -> None:
    limit()
    # Pillow's own bound is below ours; sizes are checked before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        found = answer(json.load(sys.stdin))
    except Unreadable as error:
        found = {"refused": error.code, "params": error.params}
    except MemoryError:
        found = {"refused": "too_heavy", "params": {}}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
