"""A part's attributes as IMDF's properties, and back.

Our own exports carry every attribute in ``properties.dongne`` too. When such a file comes back, what IMDF's properties
say wins wherever it is not what we wrote: somebody may have changed the file with another program.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from shapely import Point

from facilities.plan.document import (
    ACCESS_CONTROLS,
    DOOR,
    EMPLOYEES_ONLY,
    GAP,
    OPEN,
    PART_TYPES,
    RESTRICTED,
    Fixture,
    Kind,
    Opening,
    Part,
    Unit,
)

from . import imdf_terms as terms
from . import tidy
from .notes import Notes

LANGUAGE: Final = "ko"

# Which of our attributes each property of IMDF's tells.
_TOLD: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "units": {"category": ("category",), "restriction": ("restriction",), "name": ("name_ko", "name_en")},
    "openings": {
        "category": ("entrance", "restriction"),
        "accessibility": ("step_free",),
        "access_control": ("access_control",),
        "door": ("kind", "automatic"),
        "name": ("name",),
    },
    "fixtures": {"category": ("category",), "name": ("name",)},
    "amenities": {"category": ("category",), "name": ("name",)},
}


def labels(korean: str, english: str = "") -> dict[str, str] | None:
    """IMDF's LABELS; None when there is no name."""
    return {tag: text for tag, text in ((LANGUAGE, korean), ("en", english)) if text} or None


def names(value: object) -> tuple[str, str]:
    """The Korean and the English of LABELS; a name in another language counts as English, a bare text as Korean."""
    if isinstance(value, str):
        return value, ""
    if not isinstance(value, Mapping):
        return "", ""
    told: dict[str, str] = {str(tag).lower(): text for tag, text in value.items() if isinstance(text, str) and text}
    korean = next((text for tag, text in told.items() if tag.split("-")[0] == "ko"), "")
    english = next((text for tag, text in told.items() if tag.split("-")[0] == "en"), "")
    return korean, english or ("" if korean else next(iter(told.values()), ""))


def name(value: object) -> str:
    korean, english = names(value)
    return korean or english


def own(part: Part) -> dict[str, Any]:
    """Every attribute of a part by its own name."""
    return {
        item.name: list(value) if isinstance(value := getattr(part, item.name), tuple) else value
        for item in fields(part)
        if item.name not in {"geometry", "level"}
    }


def properties(part: Part) -> dict[str, Any]:
    """What IMDF's properties tell of a part's attributes."""
    if isinstance(part, Unit):
        return _unit(part)
    if isinstance(part, Opening):
        return _opening(part)
    out = terms.fixture_out if isinstance(part, Fixture) else terms.amenity_out
    return {"category": out(part.category), "name": labels(part.name)}


def _unit(unit: Unit) -> dict[str, Any]:
    reachable = unit.category in {"elevator", "ramp"} or unit.category.endswith(".wheelchair")
    return {
        "category": terms.unit_out(unit.category),
        "restriction": unit.restriction or None,
        "accessibility": ["wheelchair"] if reachable else None,
        "name": labels(unit.name_ko, unit.name_en),
    }


def _opening(opening: Opening) -> dict[str, Any]:
    category = "pedestrian"
    if opening.entrance:
        category = "pedestrian.principal" if opening.restriction == OPEN else "service"
    door: dict[str, Any] = {"automatic": opening.automatic}
    if opening.kind == GAP:
        door["type"] = "open"
    return {
        "category": category,
        "accessibility": ["wheelchair"] if opening.step_free else None,
        "access_control": [opening.access_control] if opening.access_control else None,
        "door": door,
        "name": labels(opening.name),
    }


def values(kind: Kind, told: Mapping[str, Any]) -> dict[str, Any]:
    """A part's attributes out of a feature's properties: ours where the file is ours, IMDF's where it was changed."""
    foreign = _READ[kind](told)
    ours = told.get(terms.OWN)
    if not isinstance(ours, Mapping):
        return foreign
    kept = {key: value for key, value in ours.items() if key not in {"key", "level"}}
    nowhere: Any = Point()
    wrote = properties(PART_TYPES[kind](key="", level="", geometry=nowhere, **tidy.attributes(kind, kept, Notes())))
    for each, attributes in _TOLD[kind].items():
        if wrote[each] != told.get(each):
            kept.update({attribute: foreign[attribute] for attribute in attributes if attribute in foreign})
    return kept


def _read_unit(told: Mapping[str, Any]) -> dict[str, Any]:
    korean, english = names(told.get("name") or told.get("alt_name"))
    return {
        "category": terms.unit_in(told.get("category")),
        "restriction": told.get("restriction") or OPEN,
        "name_ko": korean,
        "name_en": english,
    }


def _read_opening(told: Mapping[str, Any]) -> dict[str, Any]:
    category, door, control = told.get("category"), told.get("door"), told.get("access_control")
    door = door if isinstance(door, Mapping) else {}
    controls = control if isinstance(control, list) else [control] if control else []
    restriction = {"service": EMPLOYEES_ONLY, "emergencyexit": RESTRICTED}.get(str(category), OPEN)
    found = {
        "kind": GAP if door.get("type") == "open" else DOOR,
        "automatic": door.get("automatic") is True,
        "restriction": restriction,
        # Of foreign service doors only those that lead outside are entrances; the reader looks.
        "entrance": category == "pedestrian.principal" or (category == "service" and terms.OWN in told),
        "access_control": next((each for each in controls if each in ACCESS_CONTROLS), controls[0] if controls else ""),
        "name": name(told.get("name") or told.get("alt_name")),
    }
    accessibility = told.get("accessibility")
    # Nothing said is no step: few files say anything. Our own say it always.
    if terms.OWN in told:
        found["step_free"] = isinstance(accessibility, list) and "wheelchair" in accessibility
    return found


def _read_fixture(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"category": terms.fixture_in(told.get("category")), "name": name(told.get("name") or told.get("alt_name"))}


def _read_amenity(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"category": terms.amenity_in(told.get("category")), "name": name(told.get("name") or told.get("alt_name"))}


_READ: Final = {
    "units": _read_unit,
    "openings": _read_opening,
    "fixtures": _read_fixture,
    "amenities": _read_amenity,
}
