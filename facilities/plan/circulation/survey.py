"""What the rules of the circulation check share: who reaches which rooms, and what stops them where."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from ..document import OPEN
from ..findings import Finding, Severity
from ..topology import OUTSIDE
from .passages import Network, Rules
from .remedies import Remedies
from .terrain import Obstacle, Terrain, Walker
from .ways import Drawing, Search, Way

PUBLIC, STAFF = Walker(), Walker(staff=True)
STEP_FREE = Walker(step_free=True)
AFTER_HOURS, AFTER_HOURS_STEP_FREE = Walker(after_hours=True), Walker(after_hours=True, step_free=True)
# To a toilet nobody should have to leave the building.
AFTER_HOURS_INDOORS = Walker(after_hours=True, indoors=True)


class Survey:
    """A plan's rooms by who reaches them: sets of keys."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._terrains: dict[Walker, Terrain] = {}
        self._remedies: dict[Walker, Remedies] = {}

    def terrain(self, walker: Walker) -> Terrain:
        if walker not in self._terrains:
            self._terrains[walker] = Terrain(self.network, walker)
        return self._terrains[walker]

    def remedies(self, walker: Walker) -> Remedies:
        """For those who come from outside."""
        if walker not in self._remedies:
            self._remedies[walker] = Remedies(self.terrain(walker))
        return self._remedies[walker]

    @property
    def rules(self) -> Rules:
        return self.network.rules

    @cached_property
    def apart(self) -> Walker:
        """Staff who keep away from the waiting public."""
        return Walker(staff=True, avoiding=self.rules.waiting_categories)

    @cached_property
    def has_public_entrance(self) -> bool:
        entrances = (link.opening for link in self.network.links_of[OUTSIDE])
        return any(opening and opening.entrance and opening.restriction == OPEN for opening in entrances)

    @cached_property
    def doorless(self) -> frozenset[str]:
        return frozenset(room for room in self.network.rooms if not self.network.links_of[room])

    @cached_property
    def public(self) -> frozenset[str]:
        return self.terrain(PUBLIC).reach()

    @cached_property
    def staff(self) -> frozenset[str]:
        return self.terrain(STAFF).reach()

    @cached_property
    def staff_apart(self) -> frozenset[str]:
        return self.terrain(self.apart).reach()

    @cached_property
    def step_free(self) -> frozenset[str]:
        return self.terrain(STEP_FREE).reach()

    @cached_property
    def after_hours(self) -> frozenset[str]:
        return self.terrain(AFTER_HOURS).reach()

    @cached_property
    def after_hours_step_free(self) -> frozenset[str]:
        return self.terrain(AFTER_HOURS_STEP_FREE).reach()

    @cached_property
    def toilets(self) -> list[str]:
        """Those of everybody."""
        rooms = self.network.rooms.items()
        return [key for key, room in rooms if room.is_open and room.category.startswith("restroom")]

    @cached_property
    def near_toilet_after_hours(self) -> frozenset[str]:
        return self.terrain(AFTER_HOURS_INDOORS).reach(self.toilets)

    def broken(
        self, code: str, severity: Severity, walker: Walker, targets: Sequence[str], starts: Iterable[str] = (OUTSIDE,)
    ) -> Iterator[Finding]:
        """A finding for each place that keeps the walker from some of the targets, none of which is reached.

        The way there is drawn up to that place; ``params`` have the rooms, the ``reason`` (a code of ``terrain``, or
        "cut_off" where no way leads there at all), the opening, the rooms ``between`` which it breaks, and the way on
        all levels as ``route``.
        """
        if not targets:
            return
        starts, terrain = list(starts), self.terrain(walker)
        from_outside = starts == [OUTSIDE]
        search = Search(terrain, starts)
        remedies = self.remedies(walker) if from_outside else Remedies(terrain, starts)
        stopped: dict[Obstacle | frozenset[str], list[tuple[str, Way | None]]] = {}
        for target in targets:
            way = search.to(target)
            place = way.broken_step.obstacles[0] if way else self._cluster(target)
            stopped.setdefault(place, []).append((target, way))
        for held in stopped.values():
            rooms = [target for target, _ in held]
            nearest = min((way for _, way in held if way), key=lambda way: way.effort, default=None)
            if nearest and not from_outside:
                nearest = nearest.turned(terrain)
            found = self._stopped(code, severity, rooms, nearest) if nearest else self._cut_off(code, severity, rooms)
            yield replace(found, suggestion=remedies.of(rooms))

    def _stopped(self, code: str, severity: Severity, rooms: list[str], way: Way) -> Finding:
        step = way.broken_step
        reason, _ = step.obstacles[0]
        drawing = Drawing(self.network, way)
        level = drawing.pieces[-1][0] if drawing.pieces else ""
        between = [step.link.other(step.room), step.room]
        params = {"rooms": rooms, "reason": reason, "between": between, "route": drawing.to_json()}
        if step.link.key:
            params["opening"] = step.link.key
        keys = self.ordered(level, rooms, [step.link.key] if step.link.key else [])
        return Finding(code, severity, level, keys, params, drawing.on_level(level))

    def _cut_off(self, code: str, severity: Severity, rooms: list[str]) -> Finding:
        first = self.network.rooms[rooms[0]]
        keys = self.ordered(first.level, rooms)
        return Finding(code, severity, first.level, keys, {"rooms": rooms, "reason": "cut_off"}, first.geometry)

    def ordered(self, level: str, rooms: Sequence[str], openings: Sequence[str] = ()) -> tuple[str, ...]:
        """What can be selected on the finding's level first, rooms before openings."""
        here = [room for room in rooms if self.network.rooms[room].level == level]
        elsewhere = [room for room in rooms if room not in here]
        return (*here, *openings, *elsewhere)

    def _cluster(self, room: str) -> frozenset[str]:
        """The rooms that hang together with it."""
        if room not in self._clusters:
            rooms = self.terrain(Walker(staff=True, indoors=True)).reach([room])
            self._clusters.update(dict.fromkeys(rooms, rooms))
        return self._clusters[room]

    @cached_property
    def _clusters(self) -> dict[str, frozenset[str]]:
        return {}
