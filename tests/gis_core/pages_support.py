"""What the tests of pages share: signed-in clients, htmx requests, and reading what a page says."""

import html
import re
from typing import Any

from django.test import Client

from gis_core.models import User

HTMX = {"HX-Request": "true"}


def signed_in(user: User | None, language: str = "en") -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def text(response: Any) -> str:
    """What a page says, without tags, spaces run together."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def inputs(response: Any) -> dict[str, list[str]]:
    """Values of the page's inputs by name, as a browser would send them, radio buttons and boxes only when ticked."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", response.content.decode()):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if not given.get("name") or given["name"] == "csrfmiddlewaretoken":
            continue
        if given.get("type") in {"radio", "checkbox"} and not re.search(r"\schecked\b", tag):
            continue
        found.setdefault(given["name"], []).append(html.unescape(given.get("value", "")))
    return found


def house_form(house: Any, **changed: Any) -> dict[str, Any]:
    """The edit form of a house as it is, with some fields changed."""
    values = {
        name: getattr(house, name) for name in ("pnu", "address", "regime", "status", "grade", "found_on", "note")
    }
    return {**values, "version": house.version, "geometry": "", "outline": "", **changed}
