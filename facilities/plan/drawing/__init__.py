"""Edit operations on a plan: what the editor sends, checked and applied.

An operation is JSON: ``op`` and what it needs; places are [x, y] in local metres and are snapped to the grid. Whatever
cannot be done, or is no operation at all, raises ``Refused`` and changes nothing. After every operation rooms are
valid, overlap nowhere and lie within the level's outline (faults an import brought along are not held against it).

    {"op": "draw", "level", "geometry": Polygon, "attributes": {}, "over": "free" | "cut"}
    {"op": "split", "unit", "line": [place, ...]}
    {"op": "merge", "units": [key, ...], "into": key}
    {"op": "reshape", "unit", "geometry": Polygon}
    {"op": "move_corners", "level", "moves": [{"from": place, "to": place}]}
    {"op": "place_opening", "level", "at": place, "width": metres, "attributes": {}}
    {"op": "move_opening", "key", "at": place and/or "width": metres}
    {"op": "place", "kind": "fixtures" | "amenities", "level", "geometry", "attributes": {}}
    {"op": "move", "kind", "key", "geometry"}
    {"op": "set", "kind", "keys": [key, ...], "attributes": {}}
    {"op": "remove", "kind", "keys": [key, ...]}
    {"op": "assign_team", "team", "from": unit | null, "to": unit | null}
    {"op": "copy_level", "from", "to", "replace": bool}
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shapely.errors import ShapelyError

from ..document import Document
from . import corners, openings, parts, rooms
from .draft import Draft, Outcome, Refused
from .values import malformed, text

__all__ = ["OPERATIONS", "OPERATIONS_MAX", "Outcome", "Refused", "apply", "apply_all"]

OPERATIONS_MAX = 500
OPERATIONS: Mapping[str, Callable[[Draft, Mapping[str, Any]], None]] = {
    "draw": rooms.draw,
    "split": rooms.split,
    "merge": rooms.merge,
    "reshape": rooms.reshape,
    "move_corners": corners.move_corners,
    "place_opening": openings.place_opening,
    "move_opening": openings.move_opening,
    "place": parts.place,
    "move": parts.move,
    "set": parts.set_attributes,
    "remove": parts.remove,
    "assign_team": parts.assign_team,
    "copy_level": parts.copy_level,
}


def apply(document: Document, operation: Any, new_key: Callable[[], str]) -> Outcome:
    """Apply one operation. ``new_key`` gives the keys of new parts. Raises Refused."""
    return apply_all(document, [operation], new_key)


def apply_all(document: Document, operations: Iterable[Any], new_key: Callable[[], str]) -> Outcome:
    """Apply operations in order, all or none. Raises Refused."""
    draft = Draft(document, new_key)
    for number, operation in enumerate(operations):
        if number >= OPERATIONS_MAX:
            raise Refused("too_many_operations", params={"maximum": OPERATIONS_MAX})
        _apply(draft, operation)
    return draft.outcome()


def _apply(draft: Draft, operation: Any) -> None:
    if not isinstance(operation, Mapping):
        raise malformed("operation")
    name = text(operation, "op")
    if name not in OPERATIONS:
        raise Refused("unknown_operation", params={"op": name[:60]})
    try:
        OPERATIONS[name](draft, operation)
    except ShapelyError as error:
        # Shapes that an import has left so broken that even repaired they cannot be computed with.
        raise Refused("not_computable") from error
