"""The doors between the open and the closed part of a plan, and how each is controlled."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..document import BY_RULE, DOOR, LOCKED, OPEN
from ..topology import OUTSIDE
from .passages import Link, Network


@dataclass(frozen=True)
class Interface:
    """An opening between an open room (or ``OUTSIDE``) and a closed one.

    ``is_controlled``: it is restricted, or opened by a badge, key, code or guard. ``closed_after_hours``: it is locked
    then, or behind a shutter; a gap without a door is only what a shutter closes.
    """

    opening: str
    level: str
    open_side: str
    closed_room: str
    kind: str
    restriction: str
    access_control: str
    is_controlled: bool
    closed_after_hours: bool


def interfaces(network: Network) -> list[Interface]:
    """All of a plan, in the order of its openings."""
    return [found for link in network.links for found in _at(network, link)]


def _at(network: Network, link: Link) -> Iterator[Interface]:
    opening = link.opening
    if opening is None:
        return
    closed = [room for room in (link.a, link.b) if room != OUTSIDE and not network.rooms[room].is_open]
    if len(closed) != 1:
        return
    locked = opening.after_hours == LOCKED or (opening.after_hours == BY_RULE and opening.kind == DOOR)
    yield Interface(
        opening=opening.key,
        level=opening.level,
        open_side=link.other(closed[0]),
        closed_room=closed[0],
        kind=opening.kind,
        restriction=opening.restriction,
        access_control=opening.access_control,
        is_controlled=opening.restriction != OPEN or bool(opening.access_control),
        closed_after_hours=link.shuttered or locked,
    )
