"""Attributes as a plan may hold them, out of whatever a file says."""

import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from shapely.geometry.base import BaseGeometry

from facilities.plan.document import (
    ACCESS_CONTROLS,
    AFTER_HOURS,
    AMENITY_CATEGORIES,
    FIXTURE_CATEGORIES,
    OPENING_KINDS,
    PART_TYPES,
    RESTRICTIONS,
    UNIT_CATEGORIES,
    Kind,
    Level,
    Team,
)
from facilities.plan.drawing.values import DESKS_MAX, NAME_MAX, NOTE_MAX, NUMBER_MAX, SHAFT_MAX

from .meta import as_uuid
from .notes import Notes
from .report import UNKNOWN_CATEGORY, UNKNOWN_VALUE

TEXT_CUT = "text_cut"  # what (the attribute), limit: a text longer than a plan can hold
SHORT_NAME_MAX, COUNT_MAX = 8, 32_767
LEVEL_HEIGHT_MIN, LEVEL_HEIGHT_MAX = 1.8, 30.0
ORDINAL_MIN, ORDINAL_MAX = -9, 99

_NAMES = {"name", "name_ko", "name_en"}
_TEXTS = {**dict.fromkeys(_NAMES, NAME_MAX), "number": NUMBER_MAX, "shaft": SHAFT_MAX, "note": NOTE_MAX}
_CATEGORIES: dict[Kind, tuple[str, ...]] = {
    "units": UNIT_CATEGORIES,
    "fixtures": FIXTURE_CATEGORIES,
    "amenities": AMENITY_CATEGORIES,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "restriction": RESTRICTIONS,
    "kind": OPENING_KINDS,
    "access_control": ACCESS_CONTROLS,
    "after_hours": AFTER_HOURS,
}


def text(value: Any, limit: int, notes: Notes, what: str = "name", allowed: str = "") -> str:
    """The value as text of at most ``limit`` letters, without what databases cannot hold; "" for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    found = unicodedata.normalize("NFC", str(value))
    found = "".join(" " if _unfit(letter) and letter not in allowed else letter for letter in found).strip()
    if len(found) > limit:
        notes.add(TEXT_CUT, "note", what=what, limit=limit)
        found = found[:limit].strip()
    return found


def _unfit(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"}


def whole(value: Any, high: int = COUNT_MAX) -> int:
    """A count between 0 and ``high``; 0 for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
        return 0
    return int(value)


def attributes(kind: Kind, values: Mapping[str, Any], notes: Notes, key: str = "") -> dict[str, Any]:
    """The attributes of a part, each either one that a plan may hold or left out; what was changed is noted."""
    found: dict[str, Any] = {}
    for item in fields(PART_TYPES[kind]):
        if item.name not in values or item.default is MISSING:
            continue
        value = values[item.name]
        if item.name in _TEXTS:
            allowed = "\n" if item.name == "note" else ""
            found[item.name] = text(value, _TEXTS[item.name], notes, item.name, allowed)
        elif isinstance(item.default, tuple):
            found[item.name] = _keys(value)
        elif isinstance(item.default, str):
            choices = _CATEGORIES[kind] if item.name == "category" else _CHOICES[item.name]
            found[item.name] = _choice(item, choices, value, notes, key)
        elif isinstance(item.default, bool):
            found[item.name] = _flag(item, value, notes, key)
        else:
            found[item.name] = whole(value, DESKS_MAX)
    return found


def _choice(item: Field[Any], choices: tuple[str, ...], value: Any, notes: Notes, key: str) -> str:
    if isinstance(value, str) and value in choices:
        return value
    said = text(value, 40, Notes())
    if item.name == "category":
        notes.add(UNKNOWN_CATEGORY, key=key, what=said)
    else:
        notes.add(UNKNOWN_VALUE, key=key, what=item.name, value=said)
    return str(item.default)


def _flag(item: Field[Any], value: Any, notes: Notes, key: str) -> bool:
    if isinstance(value, bool):
        return value
    notes.add(UNKNOWN_VALUE, key=key, what=item.name, value=text(value, 40, Notes()))
    return bool(item.default)


def _keys(value: Any) -> tuple[str, ...]:
    keys = [as_uuid(item) for item in value] if isinstance(value, list | tuple) else []
    return tuple(dict.fromkeys(key for key in keys if key))


def level(key: str, values: Mapping[str, Any], outline: BaseGeometry | None, notes: Notes) -> Level:
    """A level; ``values`` are those of the dataclass. A height that no storey has is left out."""
    height = values.get("height_m")
    if isinstance(height, bool) or not isinstance(height, int | float):
        height = None
    elif not LEVEL_HEIGHT_MIN <= height <= LEVEL_HEIGHT_MAX:
        notes.add(UNKNOWN_VALUE, level=key, what="height_m", value=f"{height:g}")
        height = None
    ordinal = values.get("ordinal")
    return Level(
        key,
        ordinal if isinstance(ordinal, int) and ORDINAL_MIN <= ordinal <= ORDINAL_MAX else 0,
        text(values.get("short_name"), SHORT_NAME_MAX, notes, "short_name"),
        text(values.get("name"), NAME_MAX, notes),
        None if height is None else float(height),
        outline,
    )


def teams(value: Any, notes: Notes) -> tuple[Team, ...]:
    """The teams of a list that our own exports carry; others are passed over."""
    found: dict[str, Team] = {}
    for item in value if isinstance(value, list) else []:
        key = as_uuid(item.get("key")) if isinstance(item, dict) else None
        if key:
            counts = {name: whole(item.get(name)) for name in _TEAM_COUNTS}
            found[key] = Team(key, text(item.get("name"), NAME_MAX, notes), **counts)
    return tuple(found.values())


_TEAM_COUNTS = ("headcount_now", "headcount_planned", "visits_per_day")
