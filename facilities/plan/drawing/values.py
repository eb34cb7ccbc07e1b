"""Reading the JSON of operations: every value is looked at before it is used, whatever it is."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import shapely
from shapely import LineString, Point, Polygon
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from ..document import (
    ACCESS_CONTROLS,
    AFTER_HOURS,
    AMENITY_CATEGORIES,
    FIXTURE_CATEGORIES,
    OPENING_KINDS,
    RESTRICTIONS,
    UNIT_CATEGORIES,
    Document,
    Kind,
    snapped,
)
from .draft import Place, Refused

# Local coordinates have their origin at the building: nothing of it is farther away.
REACH_M = 10_000.0
CORNERS_MAX = 1_000
KEYS_MAX = 5_000
DESKS_MAX = 500
# The room that facilities.models.plans has for each text.
NAME_MAX, NUMBER_MAX, SHAFT_MAX, NOTE_MAX = 60, 12, 20, 200

Operation: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[str, Any, Document], Any]


def malformed(name: str) -> Refused:
    return Refused("malformed", params={"field": name})


def text(operation: Operation, name: str) -> str:
    value = operation.get(name)
    if not isinstance(value, str):
        raise malformed(name)
    return value


def one_of(operation: Operation, name: str, values: tuple[str, ...]) -> Any:
    value = text(operation, name)
    if value not in values:
        raise Refused("bad_value", params={"field": name, "value": value[:60]})
    return value


def keys(operation: Operation, name: str) -> list[str]:
    """A list of different keys, at least one."""
    value = operation.get(name)
    if not isinstance(value, list) or not 0 < len(value) <= KEYS_MAX:
        raise malformed(name)
    if not all(isinstance(key, str) for key in value) or len(set(value)) < len(value):
        raise malformed(name)
    return value


def optional_key(operation: Operation, name: str) -> str | None:
    return None if operation.get(name) is None else text(operation, name)


def number(value: Any, name: str, low: float, high: float) -> float:
    """Also refuses what is not finite, for it lies within no limits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise malformed(name)
    if not low <= value <= high:
        raise Refused("bad_number", params={"field": name, "low": low, "high": high})
    return float(value)


def place(value: Any, name: str) -> Place:
    """[x, y], on the grid."""
    found = snapped(Point(_xy(value, name)))
    return float(found.x), float(found.y)


def _xy(value: Any, name: str) -> Place:
    if not isinstance(value, list | tuple) or len(value) < 2:
        raise malformed(name)
    return number(value[0], name, -REACH_M, REACH_M), number(value[1], name, -REACH_M, REACH_M)


def line(value: Any, name: str) -> LineString:
    """A list of places, at least two different ones, on the grid."""
    found: LineString = snapped(LineString(_run(value, name, least=2)))
    if found.length == 0:
        raise malformed(name)
    return found


def _run(value: Any, name: str, least: int) -> list[Place]:
    if not isinstance(value, list | tuple) or len(value) < least:
        raise malformed(name)
    if len(value) > CORNERS_MAX:
        raise Refused("too_many_corners", params={"maximum": CORNERS_MAX})
    return [_xy(item, name) for item in value]


def geometry(operation: Operation, name: str, types: tuple[str, ...]) -> BaseGeometry:
    """A GeoJSON geometry of one of these types, on the grid. Polygons are valid."""
    value = operation.get(name)
    if not isinstance(value, Mapping) or value.get("type") not in types:
        raise malformed(name)
    coordinates = value.get("coordinates")
    if value["type"] == "Point":
        return Point(place(coordinates, name))
    return line(coordinates, name) if value["type"] == "LineString" else _polygon(coordinates, name)


def _polygon(value: Any, name: str) -> Polygon:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= CORNERS_MAX:
        raise malformed(name)
    rings = [_run(ring, name, least=3) for ring in value]
    if sum(map(len, rings)) > CORNERS_MAX:
        raise Refused("too_many_corners", params={"maximum": CORNERS_MAX})
    try:
        drawn: Polygon = shapely.remove_repeated_points(snapped(Polygon(rings[0], rings[1:])))
    except (ValueError, ShapelyError) as error:
        raise malformed(name) from error
    refuse_invalid(drawn)
    return drawn


def refuse_invalid(polygon: Polygon, keys: tuple[str, ...] = ()) -> None:
    """Refuse a polygon that crosses itself, with the place."""
    if not polygon.is_valid:
        raise Refused("self_crossing", keys, place=_fault_place(polygon))


def _fault_place(polygon: Polygon) -> Place | None:
    """GEOS ends its reason with the place: ``Self-intersection[4 2.5]``."""
    reason = shapely.is_valid_reason(polygon)
    words = reason[reason.find("[") + 1 : -1].split()
    try:
        return float(words[0]), float(words[1])
    except (ValueError, IndexError):
        return None


def attributes(kind: Kind, value: Any, document: Document) -> dict[str, Any]:
    """The attributes of a part as its dataclass holds them."""
    if not isinstance(value, Mapping):
        raise malformed("attributes")
    rules = ATTRIBUTES[kind]
    for name in value:
        if name not in rules:
            raise Refused("unknown_attribute", params={"field": str(name)[:60]})
    return {name: rules[name](name, item, document) for name, item in value.items()}


def _choice(values: tuple[str, ...]) -> Rule:
    def check(name: str, value: Any, document: Document) -> str:
        return str(one_of({name: value}, name, values))

    return check


def _words(maximum: int, allowed: str = "") -> Rule:
    """Text without control characters or halves of characters: databases and files cannot hold them."""

    def check(name: str, value: Any, document: Document) -> str:
        found = unicodedata.normalize("NFC", text({name: value}, name)).strip()
        if len(found) > maximum:
            raise Refused("too_long", params={"field": name, "maximum": maximum})
        if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in allowed for letter in found):
            raise Refused("bad_text", params={"field": name})
        return found

    return check


def _flag(name: str, value: Any, document: Document) -> bool:
    if not isinstance(value, bool):
        raise malformed(name)
    return value


def _desks(name: str, value: Any, document: Document) -> int:
    if not isinstance(value, int):
        raise malformed(name)
    return int(number(value, name, 0, DESKS_MAX))


def _teams(name: str, value: Any, document: Document) -> tuple[str, ...]:
    if value == []:
        return ()
    found = keys({name: value}, name)
    for key in found:
        if key not in document.team_of:
            raise Refused("unknown_team", params={"key": key[:60]})
    return tuple(found)


# What may be set, and to what. Key, level and geometry are changed by operations of their own.
ATTRIBUTES: dict[Kind, dict[str, Rule]] = {
    "units": {
        "category": _choice(UNIT_CATEGORIES),
        "restriction": _choice(RESTRICTIONS),
        "name_ko": _words(NAME_MAX),
        "name_en": _words(NAME_MAX),
        "number": _words(NUMBER_MAX),
        "teams": _teams,
        "desks": _desks,
        "after_hours": _flag,
        "idle": _flag,
        "shaft": _words(SHAFT_MAX),
        "note": _words(NOTE_MAX, allowed="\n"),
    },
    "openings": {
        "kind": _choice(OPENING_KINDS),
        "restriction": _choice(RESTRICTIONS),
        "access_control": _choice(ACCESS_CONTROLS),
        "after_hours": _choice(AFTER_HOURS),
        "entrance": _flag,
        "step_free": _flag,
        "automatic": _flag,
        "name": _words(NAME_MAX),
    },
    "fixtures": {"category": _choice(FIXTURE_CATEGORIES), "name": _words(NAME_MAX)},
    "amenities": {"category": _choice(AMENITY_CATEGORIES), "name": _words(NAME_MAX)},
}
