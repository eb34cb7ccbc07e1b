"""What domains add to the comparison of towns: which layers can be shared, figures of towns, what sharing would gain.

A domain registers from its ``apps.py`` or ``layers.py``, as with ``gis_core.daily``; gis_core asks them all alike.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .scorecard import Asset, Figure


@dataclass(frozen=True)
class Question:
    """``members``: by title, each member's towns (primary keys); ``minutes``: within which help must come."""

    members: Mapping[str, frozenset[int]]
    day: date
    minutes: int

    @property
    def towns(self) -> frozenset[int]:
        return frozenset().union(*self.members.values())


@dataclass(frozen=True)
class GainLine:
    """A member, or a thing of which each member has its own, with the border closed and open, as text."""

    title: str
    alone: str
    together: str
    is_better: bool = False


@dataclass(frozen=True)
class Gain:
    """What opening the border brings: one sentence, each member's line, and how it was reckoned."""

    title: str
    said: str
    explained: str
    lines: tuple[GainLine, ...]


# (user, areas as primary keys, day): what this person may see of each area.
Figures = Callable[[Any, frozenset[int], date], list[Figure]]
Sharing = Callable[[Any, Question], list[Gain]]

_assets: dict[str, Asset] = {}
_figures: list[Figures] = []
_sharing: list[Sharing] = []


def asset(layer_id: str, *, by_category: bool = True, but: Iterable[str] = ()) -> None:
    """A layer of which more is something to share: centres and depots, but not vacant houses."""
    _assets[layer_id] = Asset(by_category, frozenset(but))


def figures(work: Figures) -> None:
    _figures.append(work)


def sharing(work: Sharing) -> None:
    _sharing.append(work)


def asset_of(layer_id: str) -> Asset | None:
    return _assets.get(layer_id)


def all_figures(user: Any, area_ids: frozenset[int], day: date) -> list[Figure]:
    return [figure for work in _figures for figure in work(user, area_ids, day)]


def all_gains(user: Any, question: Question) -> list[Gain]:
    return [gain for work in _sharing for gain in work(user, question)]


# Partners; each town and city has its own office.
asset("organisations", but=("local_government", "town_office", "residents_council", "other"))
