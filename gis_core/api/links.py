"""Links as OGC API has them."""

from typing import Any


def absolute(request: Any, path: str) -> str:
    return str(request.build_absolute_uri(path))


def link(request: Any, path: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    found = {"href": absolute(request, path), "rel": rel, "type": media_type}
    if title:
        found["title"] = title
    return found
