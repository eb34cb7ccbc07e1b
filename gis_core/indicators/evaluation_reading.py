"""Reading the body of an evaluation sheet: every value is checked where it stands, and a fault names its place. Pure.

``missing`` is what a value that nobody entered means: ``unknown`` (the score is a range), ``zero`` (no points) or
``left_out`` (the task is measured by its other items). Shares of an item's points are given in percent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .formula import KEY
from .periods import BadPeriod
from .periods import parse as parse_period

VERSION = 1
UNKNOWN, ZERO, LEFT_OUT = MISSING = ("unknown", "zero", "left_out")
BANDS, LINEAR, TARGET, RANK, ENTERED = KINDS = ("bands", "linear", "target", "rank", "entered")
WHOLE = Decimal(100)


class BadSheet(ValueError):
    """``path`` is where in the body (``tasks.0.items.2.weight``, counted from 0); ``code`` and ``params`` say what."""

    def __init__(self, path: str, code: str, **params: Any) -> None:
        super().__init__(f"{path}: {code} {params}" if params else f"{path}: {code}")
        self.path, self.code, self.params = path, code, params


@dataclass(frozen=True)
class Band:
    """Values from ``limit`` on (or up to it) are worth this share (0 to 1)."""

    limit: Decimal
    share: Decimal


@dataclass(frozen=True)
class Rule:
    """How a value becomes a share of an item's points.

    bands: the first of ``bands`` that holds, else ``otherwise``; ``at_least`` says which way they run.
    linear: nothing at ``low``, all at ``high``, which may be the smaller one.
    target: the value's share of ``high``. rank: all for the first town, nothing for the last; ``at_least`` says that
    more is better. entered: the value is the points, of ``high``.
    """

    kind: str
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    bands: tuple[Band, ...] = ()
    otherwise: Decimal = Decimal(0)
    at_least: bool = True


@dataclass(frozen=True)
class Item:
    key: str
    title: Mapping[str, str]
    weight: Decimal
    indicator: str
    period: str
    rule: Rule
    missing: str


@dataclass(frozen=True)
class Task:
    key: str
    title: Mapping[str, str]
    weight: Decimal
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Sheet:
    tasks: tuple[Task, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for task in self.tasks for item in task.items)

    @property
    def needs(self) -> frozenset[tuple[str, str]]:
        """The indicators and periods that are measured."""
        return frozenset((item.indicator, item.period) for item in self.items)


def read(body: Any) -> Sheet:
    """Raises BadSheet."""
    body = _mapping(body, "", {"version", "missing", "tasks"})
    if body.get("version") != VERSION:
        raise BadSheet("version", "unknown_version", known=VERSION)
    missing = _one_of(body, "missing", "", MISSING, UNKNOWN)
    tasks = tuple(_task(each, f"tasks.{at}", missing) for at, each in enumerate(_sequence(body, "tasks", "")))
    _once([(f"tasks.{at}.key", task.key) for at, task in enumerate(tasks)])
    _adds_up([task.weight for task in tasks], WHOLE, "tasks")
    places = [
        (f"tasks.{at}.items.{n}.key", item.key) for at, task in enumerate(tasks) for n, item in enumerate(task.items)
    ]
    _once(places)
    return Sheet(tasks)


def _task(value: Any, path: str, missing: str) -> Task:
    told = _mapping(value, path, {"key", "title", "weight", "items"})
    weight = _number(told, "weight", path, above=0)
    items = tuple(_item(each, f"{path}.items.{at}", missing) for at, each in enumerate(_sequence(told, "items", path)))
    _adds_up([item.weight for item in items], weight, f"{path}.items")
    return Task(_key(told, path), _titles(told, path), weight, items)


def _item(value: Any, path: str, missing: str) -> Item:
    told = _mapping(value, path, {"key", "title", "weight", "indicator", "period", "rule", "missing"})
    return Item(
        _key(told, path),
        _titles(told, path),
        weight := _number(told, "weight", path, above=0),
        _key(told, path, "indicator"),
        _period(told, path),
        _rule(told.get("rule"), f"{path}.rule", weight),
        _one_of(told, "missing", path, MISSING, missing),
    )


def _rule(value: Any, path: str, weight: Decimal) -> Rule:
    if value is None:
        raise BadSheet(path, "missing")
    told = _mapping(value, path)
    kind = _one_of(told, "kind", path, KINDS)
    return _RULES[kind](told, path, weight)


def _bands(told: Mapping[str, Any], path: str, _weight: Decimal) -> Rule:
    _known(told, path, {"kind", "bands", "otherwise"})
    bands = []
    way = ""
    for at, each in enumerate(_sequence(told, "bands", path)):
        place = f"{path}.bands.{at}"
        band = _mapping(each, place, {"at_least", "at_most", "share"})
        named = [name for name in ("at_least", "at_most") if name in band]
        if len(named) != 1:
            raise BadSheet(place, "one_limit")
        if way and named[0] != way:
            raise BadSheet(f"{place}.{named[0]}", "same_way", name=way)
        way = named[0]
        bands.append(Band(_number(band, way, place), _share(band, "share", place)))
        if len(bands) > 1 and (bands[-1].limit >= bands[-2].limit) == (way == "at_least"):
            # Such a band could never hold: the one before takes all of it.
            raise BadSheet(f"{place}.{way}", "never_holds")
    return Rule(BANDS, bands=tuple(bands), otherwise=_share(told, "otherwise", path, "0"), at_least=way == "at_least")


def _linear(told: Mapping[str, Any], path: str, _weight: Decimal) -> Rule:
    _known(told, path, {"kind", "none_at", "all_at"})
    low, high = _number(told, "none_at", path), _number(told, "all_at", path)
    if low == high:
        raise BadSheet(f"{path}.all_at", "same_ends")
    return Rule(LINEAR, low, high, at_least=high > low)


def _target(told: Mapping[str, Any], path: str, _weight: Decimal) -> Rule:
    _known(told, path, {"kind", "target"})
    return Rule(TARGET, high=_number(told, "target", path, above=0))


def _rank(told: Mapping[str, Any], path: str, _weight: Decimal) -> Rule:
    _known(told, path, {"kind", "best"})
    return Rule(RANK, at_least=_one_of(told, "best", path, ("highest", "lowest")) == "highest")


def _entered(told: Mapping[str, Any], path: str, weight: Decimal) -> Rule:
    _known(told, path, {"kind", "of"})
    return Rule(ENTERED, high=_number(told, "of", path, above=0) if "of" in told else weight)


_RULES = {BANDS: _bands, LINEAR: _linear, TARGET: _target, RANK: _rank, ENTERED: _entered}


def _known(told: Mapping[str, Any], path: str, names: set[str]) -> None:
    for name in told:
        if name not in names:
            raise BadSheet(_at(path, str(name)), "unknown_name", names=", ".join(sorted(names)))


def _mapping(value: Any, path: str, names: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadSheet(path, "not_a_mapping")
    if names is not None:
        _known(value, path, names)
    return value


def _sequence(told: Mapping[str, Any], name: str, path: str) -> Sequence[Any]:
    value = told.get(name)
    if not isinstance(value, list):
        raise BadSheet(_at(path, name), "missing" if value is None else "not_a_list")
    if not value:
        raise BadSheet(_at(path, name), "empty")
    return value


def _number(told: Mapping[str, Any], name: str, path: str, above: int | None = None) -> Decimal:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadSheet(_at(path, name), "missing" if value is None else "not_a_number")
    found = Decimal(str(value))
    if not abs(found) < Decimal(10) ** 16:
        raise BadSheet(_at(path, name), "not_a_number")
    if above is not None and found <= above:
        raise BadSheet(_at(path, name), "not_positive")
    return found


def _share(told: Mapping[str, Any], name: str, path: str, default: str | None = None) -> Decimal:
    found = Decimal(default) if default is not None and name not in told else _number(told, name, path)
    if not 0 <= found <= WHOLE:
        raise BadSheet(_at(path, name), "not_a_share")
    return found / WHOLE


def _key(told: Mapping[str, Any], path: str, name: str = "key") -> str:
    value = told.get(name)
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise BadSheet(_at(path, name), "missing" if value is None else "not_a_key")
    return value


def _titles(told: Mapping[str, Any], path: str) -> Mapping[str, str]:
    place = _at(path, "title")
    if told.get("title") is None:
        raise BadSheet(place, "missing")
    found = _mapping(told["title"], place, {"ko", "en"})
    for language in ("ko", "en"):
        if not isinstance(found.get(language), str) or not found[language].strip():
            raise BadSheet(f"{place}.{language}", "missing" if not found.get(language) else "not_a_text")
    return {language: str(found[language]) for language in ("ko", "en")}


def _period(told: Mapping[str, Any], path: str) -> str:
    value = told.get("period")
    if value is None:
        raise BadSheet(_at(path, "period"), "missing")
    try:
        # A year is read by YAML as a number.
        return str(parse_period(str(value)))
    except BadPeriod as error:
        raise BadSheet(_at(path, "period"), "not_a_period") from error


def _one_of(told: Mapping[str, Any], name: str, path: str, names: Sequence[str], default: str | None = None) -> str:
    value = told.get(name, default)
    if value not in names:
        raise BadSheet(_at(path, name), "missing" if value is None else "not_one_of", names=", ".join(names))
    return str(value)


def _once(keys: list[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for path, key in keys:
        if key in seen:
            raise BadSheet(path, "twice", name=key)
        seen.add(key)


def _adds_up(weights: list[Decimal], whole: Decimal, path: str) -> None:
    if sum(weights) != whole:
        raise BadSheet(path, "not_the_sum", sum=f"{sum(weights):f}", whole=f"{whole:f}")


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
