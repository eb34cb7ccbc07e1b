"""An evaluation sheet's body as the text of a form, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml
from django.utils.translation import gettext as _

from . import periods
from .evaluation_reading import BadSheet, read
from .words import sheet_fault

# The database keeps no order of keys.
_ORDER = (
    "version", "missing", "tasks", "key", "ko", "en", "title", "weight", "indicator", "period", "rule", "kind",
    "none_at", "all_at", "target", "best", "of", "at_least", "at_most", "share", "bands", "otherwise", "items",
)  # fmt: skip


class Unreadable(ValueError):
    """The text is no body; the message says in the user's language why and where."""


class _Loader(yaml.SafeLoader):
    """Without anchors: a few lines of them can grow into gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("Anchors (*name) are not taken."))
        return super().compose_node(parent, index)


def as_text(body: Any) -> str:
    return yaml.safe_dump(_ordered(body), allow_unicode=True, sort_keys=False, width=110)


def _ordered(node: Any) -> Any:
    if isinstance(node, list):
        return [_ordered(each) for each in node]
    if not isinstance(node, dict):
        return node
    place = {name: number for number, name in enumerate(_ORDER)}
    return {name: _ordered(node[name]) for name in sorted(node, key=lambda each: place.get(each, len(place)))}


def from_text(text: str, known: set[str]) -> Any:
    """The body. ``known`` are the keys of indicators there are. Raises Unreadable, naming the place."""
    try:
        body = _jsonable(yaml.load(text, Loader=_Loader))  # noqa: S506
        _refuse_unknown(read(body), known)
    except BadSheet as fault:
        raise Unreadable(sheet_fault(fault)) from fault
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        told = _("Line %(line)s cannot be read: %(problem)s")
        raise Unreadable(told % {"line": line, "problem": error.problem}) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(_("The text cannot be read: %s") % error) from error
    return body


def _refuse_unknown(sheet: Any, known: set[str]) -> None:
    for at, task in enumerate(sheet.tasks):
        for number, item in enumerate(task.items):
            if item.indicator not in known:
                raise BadSheet(f"tasks.{at}.items.{number}.indicator", "no_indicator", name=item.indicator)


def _jsonable(value: Any, path: str = "") -> Any:
    """What a YAML text holds, as JSON can keep it. Raises BadSheet for what JSON has not."""
    if isinstance(value, dict):
        return {str(name): _jsonable(each, f"{path}.{name}".lstrip(".")) for name, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each, f"{path}.{number}".lstrip(".")) for number, each in enumerate(value)]
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise BadSheet(path, "not_a_number")
    if isinstance(value, datetime | date) or not (value is None or isinstance(value, str | int | float | bool)):
        raise BadSheet(path, "not_a_text")
    return value


def moved(body: Any, years: int) -> Any:
    """The body with every item's period so many years later: where the next year's edition begins."""
    if isinstance(body, Mapping):
        return {name: _later(each, years) if name == "period" else moved(each, years) for name, each in body.items()}
    return [moved(each, years) for each in body] if isinstance(body, list) else body


def _later(text: Any, years: int) -> Any:
    try:
        period = periods.parse(str(text))
    except periods.BadPeriod:
        return text
    return str(periods.Period(period.year + years, period.kind, period.number))
