"""The maps of coverage: villages, depots, roads and flood maps as marks with words."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import from_wkb

from disaster.coverage import State
from disaster.coverage_map import Mark, Picture, coverage_map, legend_mark
from disaster.models import Depot
from disaster.services.coverage import ROADS, Answer, Line, at
from disaster.words import coverage as words
from gis_core.models import AdminArea

LEGEND = {
    "reached": gettext_lazy("village in reach"),
    "out": gettext_lazy("village out of reach"),
    "unknown": gettext_lazy("village: not known"),
    "holding": gettext_lazy("depot with enough that works"),
    "unsure": gettext_lazy("depot: not known"),
    "empty": gettext_lazy("other depot"),
    "wet": gettext_lazy("depot that cannot be used"),
    "best": gettext_lazy("chosen place"),
}
# More lines than this are a cloth, not a map.
MOST_ROADS = 4000
HEIGHT = 460.0


def draw(
    answer: Answer, title: str, *, extra: Iterable[Mark] = (), picture: Picture | None = None, height: float = HEIGHT
) -> SafeString:
    """The map of an answer; ``extra`` marks take the place of depots at the same spot."""
    added = list(extra)
    taken = {mark.place for mark in added}
    marks = [_village(line, answer) for line in answer.lines]
    marks += [mark for mark in _depots(answer) if mark.place not in taken]
    shapes = [(area.name, from_wkb(bytes(area.geometry.wkb))) for area in answer.question.towns]
    network = answer.facts.network if answer.question.by == ROADS else None
    roads = list(network.lines[:MOST_ROADS]) if network else []
    drawn = coverage_map(shapes, [*marks, *added], title, roads=roads, picture=picture, height=height)
    # Made of numbers and escaped words only.
    return mark_safe(drawn)  # noqa: S308


def legend(kinds: Iterable[str]) -> list[tuple[SafeString, Any]]:
    return [(mark_safe(legend_mark(kind)), LEGEND[kind]) for kind in kinds]  # noqa: S308


def _village(line: Line, answer: Answer) -> Mark:
    told = [str(line.village), str(words.STATES[line.reached.state])]
    if line.depot is not None:
        told.append(f"{line.depot}: {words.way(line.reached, answer.question.measure, by_roads=_by_roads(answer))}")
    return Mark(line.reached.state.value, at(line.village), " · ".join(told))


def _by_roads(answer: Answer) -> bool:
    return answer.facts.network is not None


def _depots(answer: Answer) -> list[Mark]:
    """Depots of the towns, and those of elsewhere that are the nearest of some village."""
    towns = {area.pk for area in answer.question.towns}
    used = {line.depot.pk for line in answer.lines if line.depot and line.reached.state == State.REACHED}
    facts = answer.facts
    holding, unknown = {each.pk for each in facts.holding}, {each.pk for each in facts.unknown}
    shown = [depot for depot in facts.depots if depot.area_id in towns or depot.pk in used]
    return [_depot(depot, answer, depot.pk in holding, depot.pk in unknown) for depot in shown]


def _depot(depot: Depot, answer: Answer, is_holding: bool, is_unknown: bool) -> Mark:
    working = answer.facts.working.get(depot.pk)
    item = answer.question.item
    if working is None:
        stock = (
            _("%(item)s: not known") % {"item": item} if is_unknown else _("%(item)s: none recorded") % {"item": item}
        )
    else:
        stock = _("%(item)s: %(number)s work") % {"item": item, "number": words.number(working)}
    kind = "holding" if is_holding else "unsure" if is_unknown else "empty"
    return Mark(kind, at(depot), f"{depot} · {stock}")


def town_name(area: AdminArea | None) -> str:
    return area.name if area else ""
