"""What to change so that a room can be reached: found by looking for the way with the least change and trying it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from ..document import EMPLOYEES_ONLY, OPEN, STAYS_OPEN
from ..findings import Suggestion
from ..topology import OUTSIDE
from . import terrain as codes
from .passages import Link
from .terrain import Obstacle, Terrain
from .ways import Search, Step, Way

# How many of a finding's rooms are tried; what cures one mostly cures its neighbours.
_TRIED = 5
# A longer list is no suggestion but a new plan.
_MOST_CHANGES = 4
# Changes of an opening: what is suggested, and the attributes it sets.
_SETTINGS: Mapping[str, tuple[str, dict[str, Any]]] = {
    codes.RESTRICTED_DOOR: ("unrestrict", {"restriction": OPEN}),
    codes.LOCKED_DOOR: ("unlock", {"after_hours": STAYS_OPEN}),
    codes.NOT_ENTRANCE: ("make_entrance", {"entrance": True}),
    codes.STEP: ("level_threshold", {"step_free": True}),
}


class Remedies:
    """Looks for what would let one walker from the starts reach rooms."""

    def __init__(self, terrain: Terrain, starts: Iterable[str] = (OUTSIDE,)) -> None:
        self._terrain, self._starts = terrain, list(starts)

    @cached_property
    def _search(self) -> Search:
        return Search(self._terrain, self._starts, self._terrain.network.possible)

    @cached_property
    def _reached(self) -> frozenset[str]:
        return self._terrain.reach(self._starts)

    def of(self, targets: Sequence[str]) -> Suggestion | None:
        """The change, or set of changes, with the least effort that lets most of these rooms be reached; None where
        nothing that is known would help. ``params`` say how many it cures of how many."""
        ways = [way for way in map(self._search.to, targets[:_TRIED]) if way and not _crosses_waiting(way)]
        tried = [[way] for way in ways] + [ways[:count] for count in range(2, len(ways) + 1)]
        best: tuple[int, float, list[Suggestion]] | None = None
        for together in tried:
            changes = _changes(self._terrain, [step for way in together for step in way.steps if step.obstacles])
            cured, effort = self._cured(targets, together), sum(way.effort for way in together)
            if cured and len(changes) <= _MOST_CHANGES and (best is None or (-cured, effort) < (-best[0], best[1])):
                best = (cured, effort, changes)
        return _together(best[2], {"cured": best[0], "of": len(targets)}) if best else None

    def _cured(self, targets: Sequence[str], ways: Sequence[Way]) -> int:
        """How many of the rooms are reached when the obstacles on these ways are gone."""
        on_the_way = [step.room for way in ways for step in way.steps if step.room not in self._reached]
        reached = self._terrain.spread(on_the_way, self._reached)
        return sum(target in reached for target in targets)


def _crosses_waiting(way: Way) -> bool:
    return any(code == codes.WAITING_ROOM for code, _ in way.obstacles)


def _changes(terrain: Terrain, steps: Sequence[Step]) -> list[Suggestion]:
    found: dict[tuple[str, str], Suggestion] = {}
    for step in steps:
        for obstacle in step.obstacles:
            found.setdefault(obstacle, _change(terrain, step.link, obstacle))
    return list(found.values())


def _change(terrain: Terrain, link: Link, obstacle: Obstacle) -> Suggestion:
    code, key = obstacle
    rooms = [link.a, link.b]
    if code == codes.CLOSED_ROOM:
        return Suggestion("open_room", {"rooms": [key], **_set("units", key, {"restriction": OPEN})})
    if code == codes.STAIRS:
        return Suggestion("add_lift", {"rooms": rooms})
    if code == codes.SHUTTERED:
        return Suggestion("move_shutter", {"opening": key, "rooms": rooms})
    if code == codes.NARROW:
        width = terrain.network.rules.min_clear_width_m
        widened = {"op": "move_opening", "key": key, "width": width}
        return Suggestion("widen", {"opening": key, "rooms": rooms, "width": width, "operations": [widened]})
    if code in _SETTINGS and key == link.key:
        name, attributes = _SETTINGS[code]
        return Suggestion(name, {"opening": key, "rooms": rooms, **_set("openings", key, attributes)})
    if code == codes.STEP:
        return Suggestion("replace_steps", {"rooms": [key]})
    return _new_door(terrain, link)


def _new_door(terrain: Terrain, link: Link) -> Suggestion:
    assert link.wall is not None
    assert link.place is not None
    entrance, width = OUTSIDE in (link.a, link.b), terrain.network.rules.new_door_m
    at = [round(link.place.x, 3), round(link.place.y, 3)]
    attributes = {"restriction": EMPLOYEES_ONLY if terrain.walker.staff else OPEN, "entrance": entrance}
    place = {"op": "place_opening", "level": link.wall.level, "at": at, "width": width, "attributes": attributes}
    rooms = [link.a, link.b]
    return Suggestion("add_entrance" if entrance else "add_door", {"rooms": rooms, "operations": [place]})


def _set(kind: str, key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"operations": [{"op": "set", "kind": kind, "keys": [key], "attributes": attributes}]}


def _together(changes: list[Suggestion], about: dict[str, Any]) -> Suggestion:
    """One suggestion: the change itself, or ``together`` with all of them. ``operations`` are for the plan editor; they
    are there only when they do the whole of it."""
    if len(changes) == 1:
        return Suggestion(changes[0].code, {**changes[0].params, **about})
    doable = all("operations" in change.params for change in changes)
    operations = [operation for change in changes for operation in change.params.get("operations", [])]
    params: dict[str, Any] = {"changes": [change.to_json() for change in changes], **about}
    return Suggestion("together", {**params, "operations": operations} if doable else params)
