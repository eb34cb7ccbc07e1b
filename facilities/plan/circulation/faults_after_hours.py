"""What is wrong with a plan's circulation when the office is closed, its doors locked and its shutters down."""

from collections.abc import Iterator

from ..document import BY_RULE, GAP
from ..findings import Finding, Suggestion
from ..topology import OUTSIDE
from .interfaces import Interface
from .survey import AFTER_HOURS, AFTER_HOURS_INDOORS, AFTER_HOURS_STEP_FREE, Survey


def shared_rooms(survey: Survey) -> Iterator[Finding]:
    """Rule 4: each room in use after hours reaches a public entrance, a toilet and a step-free route.

    Rooms which nobody reaches in office hours either are left to the rules for those.
    """
    shared = [
        key
        for key, room in survey.network.rooms.items()
        if room.after_hours and key not in survey.doorless and (key in survey.public or not room.is_open)
    ]
    reached = survey.after_hours
    if survey.has_public_entrance:
        unreached = [key for key in shared if key not in reached]
        yield from survey.broken("after_hours_no_entrance", "error", AFTER_HOURS, unreached)
    yield from _toilets(survey, [key for key in shared if survey.network.rooms[key].is_open])
    stepped = [key for key in shared if key in reached & survey.step_free and key not in survey.after_hours_step_free]
    yield from survey.broken("after_hours_not_step_free", "warning", AFTER_HOURS_STEP_FREE, stepped)


def _toilets(survey: Survey, shared: list[str]) -> Iterator[Finding]:
    if not shared:
        return
    if not survey.toilets:
        first = survey.network.rooms[shared[0]]
        params = {"rooms": shared, "reason": "no_toilet"}
        keys = survey.ordered(first.level, shared)
        yield Finding("after_hours_no_toilet", "error", first.level, keys, params, first.geometry)
        return
    far = [key for key in shared if key not in survey.near_toilet_after_hours]
    yield from survey.broken("after_hours_no_toilet", "error", AFTER_HOURS_INDOORS, far, survey.toilets)


def interfaces_left_open(survey: Survey, interfaces: list[Interface]) -> Iterator[Finding]:
    """Ways into the closed part that stay open while the public uses the shared rooms.

    A staff door that is to stay open and needs a badge or key is none of them.
    """
    if not any(room.after_hours for room in survey.network.rooms.values()):
        return
    for interface in interfaces:
        public = interface.open_side == OUTSIDE or interface.open_side in survey.after_hours
        if interface.closed_after_hours or not public or (interface.access_control and interface.kind != GAP):
            continue
        opening = survey.network.document.get("openings", interface.opening)
        rooms = [interface.open_side, interface.closed_room]
        about = {"opening": opening.key, "rooms": rooms}
        change = {"op": "set", "kind": "openings", "keys": [opening.key], "attributes": {"after_hours": BY_RULE}}
        gap = opening.kind == GAP
        suggestion = Suggestion("add_shutter", about) if gap else Suggestion("lock", {**about, "operations": [change]})
        yield Finding(
            "interface_open_after_hours", "warning", opening.level, (opening.key, interface.closed_room),
            {**about, "reason": "gap" if gap else "stays_open"}, opening.geometry, suggestion,
        )  # fmt: skip
