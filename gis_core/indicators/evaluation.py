"""Scores of towns by an evaluation sheet: total, tasks, items, each with its reason. Pure.

An item's points are rounded to hundredths, half up, and everything else is their sum: what is shown adds up. A value
that nobody entered makes, unless the sheet says otherwise, a range: no points at least, all of them at most; so total
and place are ranges too, and become one number when everything is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .evaluation_reading import BANDS, ENTERED, LEFT_OUT, LINEAR, RANK, TARGET, ZERO, Item, Rule, Sheet, Task

NOTHING, ALL = Decimal(0), Decimal(1)
_HUNDREDTH = Decimal("0.01")
# By indicator and period, then by town.
Values = Mapping[tuple[str, str], Mapping[int, Decimal]]


@dataclass(frozen=True)
class ItemScore:
    """``low`` and ``high`` are points, different only where it is unknown; ``reason`` with ``params`` says why."""

    key: str
    weight: Decimal
    value: Decimal | None
    low: Decimal
    high: Decimal
    reason: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class TaskScore:
    """``scaled`` where items were left out: ``low`` and ``high`` are then those of the others, stretched."""

    key: str
    weight: Decimal
    low: Decimal
    high: Decimal
    items: tuple[ItemScore, ...]
    scaled: bool = False


@dataclass(frozen=True)
class TownScore:
    """``first`` and ``last`` are the places that the town can have among all, from 1; the same where that is sure."""

    town: int
    low: Decimal
    high: Decimal
    tasks: tuple[TaskScore, ...]
    first: int = 0
    last: int = 0

    @property
    def is_known(self) -> bool:
        return self.low == self.high


def evaluate(sheet: Sheet, values: Values, towns: Sequence[int]) -> list[TownScore]:
    """Every town's score, the best first; towns that cannot be told apart by what is known keep their given order."""
    scores = [_town(sheet, values, town, towns) for town in towns]
    placed = [
        replace(
            score,
            first=1 + sum(other.low > score.high for other in scores),
            last=sum(other.high > score.low for other in scores if other is not score) + 1,
        )
        for score in scores
    ]
    return sorted(placed, key=lambda score: (-score.low, -score.high))


def _town(sheet: Sheet, values: Values, town: int, towns: Sequence[int]) -> TownScore:
    tasks = tuple(_task(task, values, town, towns) for task in sheet.tasks)
    return TownScore(town, _sum(task.low for task in tasks), _sum(task.high for task in tasks), tasks)


def _task(task: Task, values: Values, town: int, towns: Sequence[int]) -> TaskScore:
    items = tuple(_item(item, values, town, towns) for item in task.items)
    counted = [item for item in items if item.reason != LEFT_OUT]
    if len(counted) == len(items):
        return TaskScore(task.key, task.weight, _sum(i.low for i in items), _sum(i.high for i in items), items)
    if not counted:
        return TaskScore(task.key, task.weight, NOTHING, task.weight, items, scaled=True)
    stretch = task.weight / _sum(item.weight for item in counted)
    low, high = (rounded(_sum(found) * stretch) for found in ([i.low for i in counted], [i.high for i in counted]))
    return TaskScore(task.key, task.weight, low, high, items, scaled=True)


def _item(item: Item, values: Values, town: int, towns: Sequence[int]) -> ItemScore:
    known = values.get((item.indicator, item.period), {})
    value = known.get(town)
    if value is None:
        high = item.weight if item.missing not in (ZERO, LEFT_OUT) else NOTHING
        return ItemScore(item.key, item.weight, None, NOTHING, high, item.missing, {})
    if item.rule.kind == RANK:
        share, reason, params = _by_rank(item.rule, value, [known[each] for each in towns if each in known])
    else:
        share, reason, params = _SHARES[item.rule.kind](item.rule, value)
    points = rounded(share * item.weight)
    return ItemScore(item.key, item.weight, value, points, points, reason, params)


Found = tuple[Decimal, str, dict[str, str]]


def _by_bands(rule: Rule, value: Decimal) -> Found:
    for band in rule.bands:
        if value >= band.limit if rule.at_least else value <= band.limit:
            reason = "band_from" if rule.at_least else "band_to"
            return band.share, reason, {"limit": plain(band.limit), "share": _percent(band.share)}
    last = rule.bands[-1].limit
    reason = "below_bands" if rule.at_least else "above_bands"
    return rule.otherwise, reason, {"limit": plain(last), "share": _percent(rule.otherwise)}


def _by_line(rule: Rule, value: Decimal) -> Found:
    share = min(max((value - rule.low) / (rule.high - rule.low), NOTHING), ALL)
    reason = "line_end" if share == ALL else "line_begin" if share == NOTHING else "line"
    return share, reason, {"low": plain(rule.low), "high": plain(rule.high), "share": _percent(share)}


def _by_target(rule: Rule, value: Decimal) -> Found:
    share = min(max(value / rule.high, NOTHING), ALL)
    return share, "target_met" if share == ALL else "target", {"target": plain(rule.high), "share": _percent(share)}


def _by_rank(rule: Rule, value: Decimal, all_values: Sequence[Decimal]) -> Found:
    """Towns with the same value have the same place, the better one."""
    place = 1 + sum(each > value if rule.at_least else each < value for each in all_values)
    among = len(all_values)
    share = ALL if among == 1 else Decimal(among - place) / (among - 1)
    return share, "rank", {"place": str(place), "among": str(among), "share": _percent(share)}


def _by_points(rule: Rule, value: Decimal) -> Found:
    share = min(max(value / rule.high, NOTHING), ALL)
    return share, "entered", {"of": plain(rule.high)}


_SHARES = {BANDS: _by_bands, LINEAR: _by_line, TARGET: _by_target, ENTERED: _by_points}


def _sum(points: Any) -> Decimal:
    return sum(points, NOTHING)


def rounded(points: Decimal) -> Decimal:
    return points.quantize(_HUNDREDTH, ROUND_HALF_UP)


def _percent(share: Decimal) -> str:
    return plain((share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def plain(number: Decimal) -> str:
    """A number without the zeros at its end: 40.0000 is 40, 1E+2 is 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kept(scores: Sequence[TownScore]) -> list[dict[str, Any]]:
    """Scores as JSON can keep them; numbers as text, so that none changes."""
    return [
        {
            "town": score.town, "low": str(score.low), "high": str(score.high),
            "first": score.first, "last": score.last, "tasks": [_kept_task(task) for task in score.tasks],
        }
        for score in scores
    ]  # fmt: skip


def _kept_task(task: TaskScore) -> dict[str, Any]:
    return {
        "key": task.key, "weight": str(task.weight), "low": str(task.low), "high": str(task.high),
        "scaled": task.scaled,
        "items": [
            {
                "key": item.key, "weight": str(item.weight), "low": str(item.low), "high": str(item.high),
                "value": None if item.value is None else str(item.value),
                "reason": item.reason, "params": dict(item.params),
            }
            for item in task.items
        ],
    }  # fmt: skip


def recalled(told: Sequence[Mapping[str, Any]]) -> list[TownScore]:
    """The scores that ``kept`` gave."""
    return [
        TownScore(
            each["town"], Decimal(each["low"]), Decimal(each["high"]), tuple(map(_recalled_task, each["tasks"])),
            each["first"], each["last"],
        )
        for each in told
    ]  # fmt: skip


def _recalled_task(told: Mapping[str, Any]) -> TaskScore:
    items = tuple(
        ItemScore(
            each["key"], Decimal(each["weight"]), None if each["value"] is None else Decimal(each["value"]),
            Decimal(each["low"]), Decimal(each["high"]), each["reason"], each["params"],
        )
        for each in told["items"]
    )  # fmt: skip
    return TaskScore(
        told["key"], Decimal(told["weight"]), Decimal(told["low"]), Decimal(told["high"]), items, told["scaled"]
    )
