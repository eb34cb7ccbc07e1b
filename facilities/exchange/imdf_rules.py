"""What each property of each IMDF feature type must be (OGC 20-094, one page for each type)."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from . import imdf_terms as terms

# The feature type of every id in the archive.
Ids: TypeAlias = dict[str, str]
Rule: TypeAlias = Callable[[Any, Ids], bool]

POLYGONAL: Final = frozenset({"Polygon", "MultiPolygon"})
_UNLOCATED: Final[frozenset[object]] = frozenset({None})
_ANY: Final[frozenset[object]] = frozenset(
    {None, "Point", "MultiPoint", "LineString", "MultiLineString", *POLYGONAL, "GeometryCollection"}
)
GEOMETRIES: Final[dict[str, frozenset[object]]] = {
    "address": _UNLOCATED,
    "amenity": frozenset({"Point"}),
    "anchor": frozenset({"Point"}),
    "building": _UNLOCATED,
    "detail": frozenset({"LineString", "MultiLineString"}),
    "fixture": frozenset(POLYGONAL),
    "footprint": frozenset(POLYGONAL),
    "geofence": frozenset(POLYGONAL),
    "kiosk": frozenset(POLYGONAL),
    "level": frozenset(POLYGONAL),
    "occupant": _UNLOCATED,
    "opening": frozenset({"LineString"}),
    "relationship": _ANY,
    "section": frozenset(POLYGONAL),
    "unit": frozenset(POLYGONAL),
    "venue": frozenset(POLYGONAL),
}

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PROVINCE: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def _text(value: Any, ids: Ids) -> bool:
    return isinstance(value, str) and value != ""


def _flag(value: Any, ids: Ids) -> bool:
    return isinstance(value, bool)


def _whole(value: Any, ids: Ids) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _labels(value: Any, ids: Ids) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 0
        and all(_TAG.fullmatch(tag) and isinstance(text, str) and text for tag, text in value.items())
    )


def _point(value: Any, ids: Ids) -> bool:
    return isinstance(value, dict) and value.get("type") == "Point"


def _door(value: Any, ids: Ids) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"type", "automatic", "material"}
        and value.get("type") in [None, *terms.DOOR_TYPES]
        and value.get("material") in [None, *terms.DOOR_MATERIALS]
        and isinstance(value.get("automatic"), bool | None)
    )


def _reference(value: Any, ids: Ids) -> bool:
    return isinstance(value, dict) and value.get("feature_type") == ids.get(str(value.get("id")), "")


def _matching(pattern: re.Pattern[str]) -> Rule:
    return lambda value, ids: isinstance(value, str) and pattern.fullmatch(value) is not None


def _one_of(values: frozenset[str]) -> Rule:
    return lambda value, ids: isinstance(value, str) and value in values


def _id_of(kind: str) -> Rule:
    return lambda value, ids: isinstance(value, str) and ids.get(value) == kind


def _list_of(rule: Rule) -> Rule:
    return lambda value, ids: isinstance(value, list) and all(rule(item, ids) for item in value)


def _or_null(rule: Rule) -> Rule:
    return lambda value, ids: value is None or rule(value, ids)


_NAMES: Final[dict[str, Rule]] = {"name": _or_null(_labels), "alt_name": _or_null(_labels)}
_NAMED: Final[dict[str, Rule]] = {"name": _labels, "alt_name": _or_null(_labels)}
_SPOT: Final[dict[str, Rule]] = {"display_point": _or_null(_point)}
_LEVEL: Final[dict[str, Rule]] = {"level_id": _id_of("level")}
_ADDRESS: Final[dict[str, Rule]] = {"address_id": _or_null(_id_of("address"))}
_CONTACT: Final[dict[str, Rule]] = dict.fromkeys(("hours", "phone", "website"), _or_null(_text))
_RESTRICTION: Final[dict[str, Rule]] = {"restriction": _or_null(_one_of(terms.RESTRICTED))}
_ACCESSIBILITY: Final[dict[str, Rule]] = {"accessibility": _or_null(_list_of(_one_of(terms.ACCESSIBILITY)))}


def _category(values: frozenset[str]) -> dict[str, Rule]:
    return {"category": _one_of(values)}


RULES: Final[dict[str, dict[str, Rule]]] = {
    "address": {
        "address": _text,
        "unit": _or_null(_text),
        "locality": _text,
        "province": _or_null(_matching(_PROVINCE)),
        "country": _matching(_COUNTRY),
        **dict.fromkeys(("postal_code", "postal_code_ext", "postal_code_vanity"), _or_null(_text)),
    },
    "amenity": {
        **_category(terms.AMENITIES),
        **_ACCESSIBILITY,
        **_NAMES,
        **_CONTACT,
        "unit_ids": _list_of(_id_of("unit")),
        **_ADDRESS,
        "correlation_id": _or_null(_text),
    },
    "anchor": {**_ADDRESS, "unit_id": _id_of("unit")},
    "building": {**_category(terms.BUILDINGS), **_RESTRICTION, **_NAMES, **_SPOT, **_ADDRESS},
    "detail": _LEVEL,
    "fixture": {
        **_category(terms.FIXTURES),
        **_NAMES,
        "anchor_id": _or_null(_id_of("anchor")),
        **_LEVEL,
        **_SPOT,
    },
    "footprint": {
        **_category(terms.FOOTPRINTS),
        "name": _or_null(_labels),
        "building_ids": _list_of(_id_of("building")),
    },
    "geofence": {"category": _text},
    "kiosk": {**_NAMES, "anchor_id": _or_null(_id_of("anchor")), **_LEVEL, **_SPOT},
    "level": {
        **_category(terms.LEVELS),
        **_RESTRICTION,
        "outdoor": _flag,
        "ordinal": _whole,
        "name": _labels,
        "short_name": _labels,
        **_SPOT,
        **_ADDRESS,
        "building_ids": _or_null(_list_of(_id_of("building"))),
    },
    "occupant": {
        # Nearly a thousand trades; which of them exist is no matter for a plan.
        "category": _text,
        "name": _labels,
        "anchor_id": _id_of("anchor"),
        **_CONTACT,
        "validity": lambda value, ids: value is None or isinstance(value, dict),
        "correlation_id": _or_null(_text),
    },
    "opening": {
        **_category(terms.OPENINGS),
        **_ACCESSIBILITY,
        "access_control": _or_null(_list_of(_one_of(terms.ACCESS_CONTROL))),
        "door": _or_null(_door),
        **_NAMES,
        **_SPOT,
        **_LEVEL,
    },
    "relationship": {
        **_category(terms.RELATIONSHIPS),
        "direction": _one_of(frozenset({"directed", "undirected"})),
        "origin": _or_null(_reference),
        "intermediary": _or_null(_list_of(_reference)),
        "destination": _or_null(_reference),
        "hours": _or_null(_text),
    },
    "section": {"category": _text, **_RESTRICTION, **_NAMES, **_LEVEL, **_SPOT},
    "unit": {**_category(terms.UNITS), **_RESTRICTION, **_ACCESSIBILITY, **_NAMES, **_LEVEL, **_SPOT},
    "venue": {
        **_category(terms.VENUES),
        **_RESTRICTION,
        **_NAMED,
        **_CONTACT,
        "display_point": _point,
        "address_id": _id_of("address"),
    },
}
