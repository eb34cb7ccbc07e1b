"""A plan's network as one walker finds it: what stops whom, and who gets where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from ..document import LOCKED, OPEN
from ..topology import OUTSIDE
from .passages import Link, Network, Rules


@dataclass(frozen=True)
class Walker:
    """Somebody on the way: the public (open rooms and unrestricted openings only) or, with ``staff``, anybody who works
    here and may use every opening and room. ``avoiding`` names categories of open rooms not to be crossed; who is
    ``indoors`` does not leave the building on the way, and who is ``fleeing`` takes any door."""

    staff: bool = False
    avoiding: tuple[str, ...] = ()
    after_hours: bool = False
    step_free: bool = False
    indoors: bool = False
    fleeing: bool = False


# What stops a walker, at an opening or in a room,
RESTRICTED_DOOR, NOT_ENTRANCE, LOCKED_DOOR, SHUTTERED = "restricted", "not_entrance", "locked", "shuttered"
NARROW, STEP, STAIRS = "narrow", "step", "stairs"
CLOSED_ROOM, WAITING_ROOM = "closed_room", "waiting_room"
# and where there is a wall so far.
NO_DOOR, NO_ENTRANCE = "no_door", "no_entrance"

# One of these codes, and the key of the opening or room (of a shaft or wall: those of both rooms).
Obstacle: TypeAlias = tuple[str, str]
# A hundredth of a metre is the drawing's, not the door's.
_DRAWN_M: Final = 0.01


class Terrain:
    """All keys are those of rooms, or OUTSIDE."""

    def __init__(self, network: Network, walker: Walker) -> None:
        self.network, self.walker = network, walker
        held = ((key, self._in_room(key)) for key in network.rooms)
        self._rooms: dict[str, tuple[Obstacle, ...]] = {key: codes for key, codes in held if codes}

    def obstacles(self, link: Link, into: str) -> tuple[Obstacle, ...]:
        """What stops the walker on the way through the link into the room behind it, what is the room's own first."""
        key = link.key or f"{link.a} {link.b}"
        at_link = [(code, key) for code in _at_link(self.walker, link, self.network.rules)]
        in_room = self._rooms.get(into, ())
        return (*in_room, *at_link) if at_link else in_room

    def _in_room(self, key: str) -> tuple[Obstacle, ...]:
        room, walker = self.network.rooms[key], self.walker
        found = []
        if not walker.staff and not room.is_open:
            found.append((CLOSED_ROOM, key))
        if room.is_open and room.category in walker.avoiding:
            found.append((WAITING_ROOM, key))
        if walker.step_free and room.category == "steps":
            found.append((STEP, key))
        return tuple(found)

    @cached_property
    def onward(self) -> dict[str, list[str]]:
        """For each room the rooms that the walker can go on to."""
        found: dict[str, list[str]] = {room: [] for room in (OUTSIDE, *self.network.rooms)}
        for link in self.network.links:
            if self.walker.indoors and OUTSIDE in (link.a, link.b):
                continue
            if not any(_at_link(self.walker, link, self.network.rules)):
                if link.b not in self._rooms:
                    found[link.a].append(link.b)
                if link.a not in self._rooms:
                    found[link.b].append(link.a)
        return found

    def reach(self, starts: Iterable[str] = (OUTSIDE,)) -> frozenset[str]:
        """The rooms that the walker can reach from rooms where they may be."""
        return self.spread((start for start in starts if start not in self._rooms), frozenset()) - {OUTSIDE}

    def spread(self, starts: Iterable[str], known: frozenset[str]) -> frozenset[str]:
        """Where somebody gets from these rooms, them included, without going on in the ``known`` ones."""
        found = set(starts)
        waiting = list(found)
        while waiting:
            for room in self.onward[waiting.pop()]:
                if room not in found and room not in known:
                    found.add(room)
                    waiting.append(room)
        return frozenset(found)


def _at_link(walker: Walker, link: Link, rules: Rules) -> Iterator[str]:
    """The codes of what stops the walker at a link."""
    if walker.after_hours and link.shuttered:
        yield SHUTTERED
    opening = link.opening
    if opening is None:
        yield from _without_opening(walker, link)
        return
    if not opening.entrance and OUTSIDE in (link.a, link.b) and not walker.fleeing:
        yield NOT_ENTRANCE
    if opening.restriction != OPEN and not walker.staff:
        yield RESTRICTED_DOOR
    if walker.after_hours and opening.after_hours == LOCKED:
        yield LOCKED_DOOR
    if walker.step_free:
        if not opening.step_free:
            yield STEP
        if opening.width_m < rules.min_clear_width_m - _DRAWN_M:
            yield NARROW


def _without_opening(walker: Walker, link: Link) -> Iterator[str]:
    if link.wall is not None:
        yield NO_ENTRANCE if OUTSIDE in (link.a, link.b) else NO_DOOR
    elif walker.step_free and not link.step_free:
        yield STAIRS
