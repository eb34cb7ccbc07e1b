"""Reading the body of a rule table: every value is checked where it stands, and a fault names its place.

Each kind of table has a module with a function ``read(body)`` that gives frozen dataclasses or raises BadRule.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class BadRule(ValueError):
    """``path`` is where in the table (``items.roof.points``); ``code`` and ``params`` say what is wrong there."""

    def __init__(self, path: str, code: str, **params: Any) -> None:
        super().__init__(f"{path}: {code} {params}" if params else f"{path}: {code}")
        self.path, self.code, self.params = path, code, params


def at(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadRule(path, "not_a_mapping")
    return value


def sequence(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise BadRule(path, "not_a_list")
    return value


def number(
    body: Mapping[str, Any], name: str, path: str, *, low: float | None = None, high: float | None = None,
    default: float | None = None,
) -> float:  # fmt: skip
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRule(at(path, name), "missing" if value is None else "not_a_number")
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadRule(at(path, name), "out_of_range", low=low, high=high)
    return float(value)


def text(body: Mapping[str, Any], name: str, path: str, *, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or not (value or default == ""):
        raise BadRule(at(path, name), "missing" if value in (None, "") else "not_a_text")
    return value


def flag(body: Mapping[str, Any], name: str, path: str, *, default: bool = False) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise BadRule(at(path, name), "not_yes_or_no")
    return value


def titles(body: Mapping[str, Any], path: str) -> Mapping[str, str]:
    """``title: {ko: ..., en: ...}``: tables carry their own words in both languages."""
    found = mapping(body.get("title"), at(path, "title"))
    return {language: text(found, language, at(path, "title")) for language in ("ko", "en")}
