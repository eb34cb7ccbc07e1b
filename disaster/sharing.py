"""What towns gain when their depots serve one another: people in reach, and readiness of what is pooled. No Django."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from disaster.coverage import Assumptions, Measure, Place, State, Tally, costs, reach, tally
from disaster.readiness import Asked, measure


@dataclass(frozen=True)
class Side:
    """A member: its villages (place, and people or None where nobody counted) and its depots, in EPSG:5179."""

    title: str
    villages: tuple[tuple[Place, int | None], ...]
    depots: tuple[Place, ...]


@dataclass(frozen=True)
class InReach:
    """Of a member's villages: those in reach of its own depots, and of anybody's."""

    title: str
    all: Tally
    alone: Tally
    together: Tally


def in_reach(sides: Sequence[Side], minutes: float, assumed: Assumptions) -> list[InReach]:
    """Villages within so many minutes (straight line times detour) of the nearest depot, with the border closed and
    open. Opening it never lowers what is in reach."""
    depots = [place for side in sides for place in side.depots]
    return [
        InReach(
            side.title,
            _counted(side, None, minutes, assumed),
            _counted(side, side.depots, minutes, assumed),
            _counted(side, depots, minutes, assumed),
        )
        for side in sides
    ]


def _counted(side: Side, depots: Sequence[Place] | None, minutes: float, assumed: Assumptions) -> Tally:
    people = [number for _place, number in side.villages]
    if depots is None:
        return tally([State.REACHED] * len(people), people)[State.REACHED]
    found = costs(depots, [place for place, _number in side.villages], Measure.MINUTES, assumed)
    return tally([each.state for each in reach(found, minutes)], people)[State.REACHED]


def pooled(towns: Iterable[Sequence[Asked]]) -> tuple[Asked, ...]:
    """What several towns must hold and hold, as if they were one town. What is unknown of one adds nothing, so that
    the readiness of what is pooled is the least that it can be."""
    by_item: dict[int, list[Asked]] = defaultdict(list)
    for asked in towns:
        for each in asked:
            by_item[each.item].append(each)
    return tuple(_pooled(found) for _item, found in sorted(by_item.items()))


def _pooled(found: Sequence[Asked]) -> Asked:
    return replace(
        found[0],
        needed=sum(each.needed for each in found),
        batches=tuple(batch for each in found for batch in each.batches or ()),
        in_repair=sum(each.in_repair for each in found),
        unusable=sum(each.unusable for each in found),
        promised=sum(each.promised for each in found),
        people_needed=sum(each.people_needed for each in found),
        trained_until=tuple(until for each in found for until in each.trained_until or ()),
    )


def least(asked: Sequence[Asked], day: date) -> float:
    """The least that readiness can be, 0 to 1."""
    return measure(asked, day).low
