"""What is wrong with a plan's circulation in office hours: one function for each rule."""

from collections.abc import Iterator

from ..document import EMPLOYEES_ONLY, VERTICAL, Unit
from ..findings import Finding, Severity, Suggestion
from ..topology import OUTSIDE, joins
from .interfaces import Interface
from .survey import PUBLIC, STAFF, STEP_FREE, Survey
from .terrain import WAITING_ROOM
from .ways import Drawing, Search, Way


def openings(survey: Survey) -> Iterator[Finding]:
    """Openings that join nothing or lead into a void, and entrances that do not lead outside."""
    network = survey.network
    units = network.document.index["units"]
    for opening in network.document.openings:
        pair = network.sides[opening.key]
        rooms = [side for side in pair if side is not None and side in units]
        about = {"opening": opening.key, "rooms": list(dict.fromkeys(rooms))}
        place = opening.geometry
        if opening.entrance and OUTSIDE not in pair:
            yield Finding("entrance_not_outside", "warning", opening.level, (opening.key,), about, place)
        elif not joins(pair):
            yield Finding("opening_leads_nowhere", "note", opening.level, (opening.key,), about, place)
        elif any(not units[room].is_walkable for room in rooms):
            yield Finding("opening_to_void", "warning", opening.level, (opening.key,), about, place)


def doorless_rooms(survey: Survey) -> Iterator[Finding]:
    for key in survey.network.rooms:
        if key in survey.doorless:
            room = survey.network.rooms[key]
            walker = PUBLIC if room.is_open else STAFF
            severity: Severity = "note" if room.category == "nonpublic" else "error"
            suggestion = survey.remedies(walker).of([key])
            yield Finding("no_door", severity, room.level, (key,), {"rooms": [key]}, room.geometry, suggestion)


def open_rooms(survey: Survey) -> Iterator[Finding]:
    """Rule 1: every open room is reached from a public entrance through open rooms and unrestricted openings only."""
    rooms = [key for key, room in survey.network.rooms.items() if room.is_open and key not in survey.doorless]
    targets = [key for key in rooms if key not in survey.public]
    if survey.has_public_entrance:
        yield from survey.broken("open_unreached", "error", PUBLIC, targets)
    elif survey.network.rooms:
        suggestion = survey.remedies(PUBLIC).of(targets)
        yield Finding("no_public_entrance", "error", suggestion=suggestion)


def closed_rooms(survey: Survey) -> Iterator[Finding]:
    """Rule 2: staff reach every closed room, without crossing a public waiting room where that can be avoided."""
    if not any(link.opening and link.opening.entrance for link in survey.network.links_of[OUTSIDE]):
        return
    rooms = [key for key, room in survey.network.rooms.items() if not room.is_open and key not in survey.doorless]
    yield from survey.broken("closed_unreached", "error", STAFF, [key for key in rooms if key not in survey.staff])
    targets = [key for key in rooms if key in survey.staff and key not in survey.staff_apart]
    if targets:
        yield from _through_waiting(survey, targets)


def _through_waiting(survey: Survey, targets: list[str]) -> Iterator[Finding]:
    """A finding for each waiting room that staff must cross, with the whole way drawn."""
    network = survey.network
    search = Search(survey.terrain(survey.apart), overcoming=(WAITING_ROOM,))
    crossed: dict[str, list[tuple[str, Way]]] = {}
    for target in targets:
        way = search.to(target)
        if way is not None:
            waiting = next(key for code, key in way.obstacles if code == WAITING_ROOM)
            crossed.setdefault(waiting, []).append((target, way))
    for waiting, held in crossed.items():
        rooms = [target for target, _ in held]
        drawing = Drawing(network, min((way for _, way in held), key=lambda way: way.effort), whole=True)
        level = network.rooms[waiting].level
        yield Finding(
            "staff_cross_waiting", "warning", level, survey.ordered(level, [waiting, *rooms]),
            {"rooms": rooms, "waiting": waiting, "route": drawing.to_json()}, drawing.on_level(level),
            survey.remedies(survey.apart).of(rooms),
        )  # fmt: skip


def uncontrolled(survey: Survey, interfaces: list[Interface]) -> Iterator[Finding]:
    """Rule 3: a door between open and closed that anybody may use."""
    for interface in interfaces:
        if interface.is_controlled:
            continue
        opening = survey.network.document.get("openings", interface.opening)
        change = {"op": "set", "kind": "openings", "keys": [opening.key], "attributes": {"restriction": EMPLOYEES_ONLY}}
        rooms = [interface.open_side, interface.closed_room]
        yield Finding(
            "interface_uncontrolled", "warning", opening.level, (opening.key, interface.closed_room),
            {"opening": opening.key, "rooms": rooms}, opening.geometry,
            Suggestion("restrict", {"opening": opening.key, "rooms": rooms, "operations": [change]}),
        )  # fmt: skip


def not_step_free(survey: Survey) -> Iterator[Finding]:
    """Rule 5: open rooms that can be reached, but not in a wheelchair."""
    rooms = survey.network.rooms.items()
    targets = [key for key, room in rooms if key in survey.public and room.category not in VERTICAL]
    yield from survey.broken(
        "not_step_free", "warning", STEP_FREE, [key for key in targets if key not in survey.step_free]
    )


def shafts(survey: Survey) -> Iterator[Finding]:
    """Stairs and lifts that lead to no other level."""
    if len(survey.network.document.levels) < 2:
        return
    for key, room in survey.network.rooms.items():
        if room.category not in {"stairs", "elevator", "escalator"}:
            continue
        if not any(link.is_shaft for link in survey.network.links_of[key]):
            suggestion = _same_shaft(survey, room)
            yield Finding("shaft_alone", "warning", room.level, (key,), {"rooms": [key]}, room.geometry, suggestion)


def _same_shaft(survey: Survey, room: Unit) -> Suggestion | None:
    """The stairs or lift right above or below, to be given the same name."""
    ordinals = survey.network.ordinals
    for other in survey.network.rooms.values():
        apart = abs(ordinals.get(other.level, 0) - ordinals.get(room.level, 0))
        if apart == 1 and other.category == room.category and other.geometry.intersects(room.geometry.centroid):
            name = other.shaft or room.shaft or f"{room.category}-{room.key[:8]}"
            keys = [room.key, other.key]
            change = {"op": "set", "kind": "units", "keys": keys, "attributes": {"shaft": name}}
            return Suggestion("same_shaft", {"rooms": keys, "operations": [change]})
    return None
