"""How rooms, levels and openings are called in a sentence."""

from django.utils.translation import get_language

from facilities.plan.document import Document, Level, Unit

from .document import UNIT_CATEGORY_LABELS


def bare_name(unit: Unit) -> str:
    """The room's name in the user's language, or in the other one; else what it is."""
    korean = (get_language() or "ko").startswith("ko")
    name = (unit.name_ko or unit.name_en) if korean else (unit.name_en or unit.name_ko)
    return name or str(UNIT_CATEGORY_LABELS[unit.category])


def room_name(unit: Unit) -> str:
    """The room's name with its number in front."""
    return f"{unit.number} {bare_name(unit)}" if unit.number else bare_name(unit)


def room_names(document: Document, keys: tuple[str, ...] | list[str]) -> str:
    """Rooms by key, joined by commas; a key that is no room is left out."""
    return ", ".join(room_name(document.index["units"][key]) for key in keys if key in document.index["units"])


def level_name(level: Level) -> str:
    return level.short_name or level.name or str(level.ordinal)
