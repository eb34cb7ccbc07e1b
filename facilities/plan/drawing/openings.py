"""Openings placed on walls and moved along them."""

from dataclasses import replace

from shapely import LineString

from ..document import Opening
from .draft import Draft, Place, Refused
from .follow import like
from .values import Operation, attributes, number, place, text
from .walls import Walls, middle

# How far from a wall an opening may be put down.
SNAP_M = 1.0
WIDTH_MIN_M, WIDTH_MAX_M = 0.3, 50.0


def place_opening(draft: Draft, operation: Operation) -> None:
    """A new opening on the nearest wall, in the middle of its thickness, clear of corners and of other openings."""
    level = draft.level(text(operation, "level"))
    at = place(operation.get("at"), "at")
    width = _width(operation)
    values = attributes("openings", operation.get("attributes", {}), draft.document)
    line = _on_wall(draft, level.key, at, width)
    draft.put("openings", Opening(draft.new_key(), level.key, line, **values))


def move_opening(draft: Draft, operation: Operation) -> None:
    """Another place, another width, or both."""
    opening: Opening = draft.get("openings", text(operation, "key"))
    if operation.get("at") is None and operation.get("width") is None:
        raise Refused("nothing_told", (opening.key,))
    at = middle(opening.geometry) if operation.get("at") is None else place(operation["at"], "at")
    width = opening.width_m if operation.get("width") is None else _width(operation)
    line = like(opening.geometry, _on_wall(draft, opening.level, at, width, opening.key))
    draft.put("openings", replace(opening, geometry=line))


def _width(operation: Operation) -> float:
    return number(operation.get("width"), "width", WIDTH_MIN_M, WIDTH_MAX_M)


def _on_wall(draft: Draft, level: str, at: Place, width: float, key: str = "") -> LineString:
    walls = Walls(draft.on_level("units", level), draft.level(level).outline)
    face = walls.nearest(at, SNAP_M)
    keys = (key,) if key else ()
    if face is None:
        raise Refused("no_wall_near", keys, {"within": SNAP_M}, at)
    wall = walls.wall(face, at)
    taken = [other.geometry for other in draft.on_level("openings", level) if other.key != key]
    try:
        return wall.line(wall.seat(wall.t(at), width, taken), wall.thickness / 2, width)
    except Refused as refused:
        rooms = [owner for owner in (wall.owner, wall.opposite) if owner]
        raise Refused(refused.code, [*keys, *rooms], refused.params, at) from refused
