"""Who is in reach of what works, from what is recorded; and what the pages and files show of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from shapely import MultiPoint
from shapely import from_wkb as shapely_from_wkb

from disaster import querysets_places as querysets
from disaster.coverage import Assumptions, Costs, Measure, Place, Reached, State, Tally, costs, reach, tally
from disaster.models import Depot, Item, Village
from disaster.querysets_working import working_stock
from disaster.road_network import JOIN_M, Network, Piece
from gis_core.models import AdminArea

# Roads that leave the villages' rectangle and come back are taken along.
MARGIN_M = 5_000.0
STRAIGHT, ROADS = "straight", "roads"


@dataclass(frozen=True)
class Question:
    """Which villages are within ``limit`` minutes or km of a depot that holds ``least`` working units of an item."""

    item: Item
    towns: tuple[AdminArea, ...]
    day: date
    measure: Measure = Measure.MINUTES
    limit: float = 30.0
    by: str = STRAIGHT
    least: int = 1
    assumed: Assumptions = field(default_factory=Assumptions)


@dataclass(frozen=True)
class Facts:
    """What a question is answered from. ``holding`` are depots with enough of it that works; ``unknown`` should hold
    it, and nobody has said that they do; ``lacking`` are the others."""

    villages: Sequence[Village]
    depots: Sequence[Depot]
    working: dict[int, int]
    holding: tuple[Depot, ...]
    unknown: tuple[Depot, ...]
    network: Network | None

    @cached_property
    def lacking(self) -> tuple[Depot, ...]:
        others = {depot.pk for depot in (*self.holding, *self.unknown)}
        return tuple(depot for depot in self.depots if depot.pk not in others)

    @property
    def targets(self) -> list[Place]:
        return [at(village) for village in self.villages]


@dataclass(frozen=True)
class Line:
    """A village and how it stands."""

    village: Village
    town: AdminArea
    reached: Reached
    depot: Depot | None


@dataclass(frozen=True)
class TownLine:
    area: AdminArea
    reached: Tally
    out: Tally
    unknown: Tally

    @property
    def has_gap(self) -> bool:
        return bool(self.out.villages or self.unknown.villages)


@dataclass(frozen=True)
class Answer:
    question: Question
    facts: Facts
    lines: list[Line]

    @cached_property
    def sums(self) -> dict[State, Tally]:
        return tally([line.reached.state for line in self.lines], [line.village.people for line in self.lines])

    @cached_property
    def all(self) -> Tally:
        found = Tally()
        for line in self.lines:
            found.add(line.village.people)
        return found

    @cached_property
    def towns(self) -> list[TownLine]:
        """By town, those with the most people out of reach first."""
        rows = []
        for area in self.question.towns:
            lines = [line for line in self.lines if line.town.pk == area.pk]
            found = tally([line.reached.state for line in lines], [line.village.people for line in lines])
            rows.append(TownLine(area, found[State.REACHED], found[State.OUT], found[State.UNKNOWN]))
        return sorted(
            rows, key=lambda row: (-row.out.people, -row.out.villages, -row.unknown.villages, row.area.mois_code)
        )

    @property
    def straight(self) -> int:
        """Of how many villages the figure is a straight line's though roads were asked for."""
        if self.facts.network is None:
            return 0
        return sum(line.reached.cost is not None and line.reached.is_straight for line in self.lines)


def at(record: Any) -> Place:
    """A record's location as x, y (EPSG:5179)."""
    return record.location.x, record.location.y


def gather(user: Any, question: Question) -> Facts:
    """Six statements, whatever the number of villages, depots and roads."""
    villages = list(querysets.villages(area.pk for area in question.towns))
    depots = list(querysets.depots(user))
    rows = working_stock(question.day, depots=[depot.pk for depot in depots], items=[question.item.pk])
    working = {row.depot_id: row.working for row in rows}
    expected = querysets.depots_that_should_hold(question.item, question.day)
    return Facts(
        villages,
        depots,
        working,
        tuple(depot for depot in depots if working.get(depot.pk, 0) >= question.least),
        tuple(depot for depot in depots if depot.pk not in working and depot.pk in expected),
        _network(villages) if question.by == ROADS else None,
    )


def _network(villages: Sequence[Village]) -> Network | None:
    """The roads around these villages; None where none are loaded."""
    if not villages:
        return None
    west, south, east, north = MultiPoint([at(village) for village in villages]).bounds
    bounds = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    rows = querysets.roads(bounds).values_list("line", "speed_kmh", "is_one_way")
    pieces = [Piece(shapely_from_wkb(bytes(line.wkb)), speed, one_way) for line, speed, one_way in rows]
    pieces = [piece for piece in pieces if piece.line.length > 0]
    return Network(pieces, join_m=JOIN_M) if pieces else None


def ways(question: Question, facts: Facts, sources: Sequence[Place]) -> Costs:
    """From these places to all villages."""
    return costs(sources, facts.targets, question.measure, question.assumed, facts.network)


def answer(user: Any, question: Question, facts: Facts | None = None) -> Answer:
    """How each village stands. Raises PermissionDenied for roles that see no depots."""
    facts = facts or gather(user, question)
    known = ways(question, facts, [at(depot) for depot in facts.holding])
    possible = ways(question, facts, [at(depot) for depot in facts.unknown]) if facts.unknown else None
    towns = {area.pk: area for area in question.towns}
    found = reach(known, question.limit, possible)
    lines = [
        Line(village, towns[village.area_id or 0], each, None if each.source is None else facts.holding[each.source])
        for village, each in zip(facts.villages, found, strict=True)
    ]
    return Answer(question, facts, lines)


def without(facts: Facts, lost: frozenset[int], doubtful: frozenset[int] = frozenset()) -> Facts:
    """The same facts without the ``lost`` depots; of the ``doubtful`` nobody knows whether they are of any use."""
    left = [depot for depot in facts.holding if depot.pk not in lost]
    return replace(
        facts,
        depots=[depot for depot in facts.depots if depot.pk not in lost],
        holding=tuple(depot for depot in left if depot.pk not in doubtful),
        unknown=(
            *(depot for depot in facts.unknown if depot.pk not in lost),
            *(depot for depot in left if depot.pk in doubtful),
        ),
    )
