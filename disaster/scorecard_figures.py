"""What disaster readiness adds to the comparison of a zone's members: readiness, and what open borders would gain."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from math import floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disaster import sharing
from disaster.coverage import Assumptions, Tally
from disaster.models import Depot, Hazard, Village
from disaster.services import readiness as services
from disaster.services.coverage import at
from disaster.words import coverage as words
from disaster.words import readiness as readiness_words
from gis_core import permissions
from gis_core.layers.registry import layers
from gis_core.zones import scorecard_registry as registry
from gis_core.zones.scorecard import Figure, Join, Known
from gis_core.zones.scorecard_registry import Gain, GainLine, Question


def register() -> None:
    registry.asset("depots")
    registry.asset("machines")
    registry.figures(readiness_figures)
    registry.sharing(coverage_gain)
    registry.sharing(readiness_gains)


def _scope(user: Any, layer_id: str) -> frozenset[int] | None:
    """Where this person sees a layer; None means everywhere."""
    layer = layers.get(layer_id)
    return permissions.area_scope(user, layer.access.view) if permissions.can_view(user, layer) else frozenset()


def readiness_figures(user: Any, area_ids: frozenset[int], day: date) -> list[Figure]:
    """Per hazard, the readiness of each town in percent; towns that must hold nothing for it are left out."""
    scope = _scope(user, "depots")
    seen = area_ids if scope is None else area_ids & scope
    if not seen:
        return []
    facts = services.gather(seen, day)
    figures = []
    for hazard in Hazard:
        towns = {area: facts.town(area, hazard.value).readiness for area in sorted(facts.items_of)}
        values = {
            area: Known(_percent(each.low), _percent(each.score))
            for area, each in towns.items()
            if each.is_asked and each.score is not None
        }
        if any(each.is_asked for each in towns.values()):
            title = _("Readiness: %(hazard)s") % {"hazard": hazard.label}
            note = _("Of several towns, the weakest.")
            figures.append(Figure(title, "%", values, Join.LEAST, note=note, scope=scope))
    return figures


def _percent(share: float) -> float:
    """Whole percent, rounded down: nearly ready is not ready."""
    return floor(100 * share + 1e-9)


def _unseen(title: str) -> Gain:
    said = _("You see only part of these towns, so this cannot be reckoned for you.")
    return Gain(title, said, "", ())


def coverage_gain(user: Any, question: Question) -> list[Gain]:
    """People within so many minutes of the nearest depot: of their own town's depots, and of all the zone's."""
    scopes = [_scope(user, name) for name in ("depots", "villages")]
    if frozenset() in scopes:
        return []
    title = _("Within %(number)s minutes of a depot") % {"number": question.minutes}
    if any(scope is not None and not question.towns <= scope for scope in scopes):
        return [_unseen(title)]
    sides = _sides(question)
    if not any(side.depots for side in sides):
        return []
    if not any(side.villages for side in sides):
        return [Gain(title, _("No village is recorded here: nobody knows how many people are in reach."), "", ())]
    assumed = Assumptions()
    found = sharing.in_reach(sides, question.minutes, assumed)
    lines = tuple(
        GainLine(
            each.title, _of(each.alone, each.all), _of(each.together, each.all),
            each.together.villages > each.alone.villages,
        )
        for each in found
    )  # fmt: skip
    explained = _(
        "Straight line times %(detour)s, driven at %(speed)s km/h; every depot counts, whatever it holds. Both figures "
        "are samples, not official."
    ) % {"detour": f"{assumed.detour:g}", "speed": f"{assumed.speed_kmh:g}"}
    return [Gain(title, _coverage_said(found), explained, lines)]


def _sides(question: Question) -> list[sharing.Side]:
    """Each member's villages and depots: two statements."""
    towns = sorted(question.towns)
    villages, depots = defaultdict(list), defaultdict(list)
    for village in Village.objects.live().filter(area_id__in=towns).order_by("pk"):
        villages[village.area_id].append((at(village), village.people))
    for depot in Depot.objects.live().filter(area_id__in=towns).order_by("pk"):
        depots[depot.area_id].append(at(depot))

    def within(found: Mapping[Any, list[Any]], areas: frozenset[int]) -> tuple[Any, ...]:
        return tuple(each for area in sorted(areas) for each in found.get(area, ()))

    return [
        sharing.Side(title, within(villages, areas), within(depots, areas)) for title, areas in question.members.items()
    ]


def _of(part: Tally, whole: Tally) -> str:
    if not whole.villages:
        return _("no village recorded")
    return _("%(part)s of %(whole)s villages: %(people)s") % {
        "part": words.number(part.villages), "whole": words.number(whole.villages),
        "people": words.people(part) if part.villages else _("nobody"),
    }  # fmt: skip


def _coverage_said(found: list[sharing.InReach]) -> str:
    gained = Tally()
    for each in found:
        more = each.together - each.alone
        gained = Tally(gained.villages + more.villages, gained.people + more.people, gained.uncounted + more.uncounted)
    if not gained.villages:
        return _("Opening the border brings no further village into reach.")
    return ngettext(
        "Opening the border brings %(gained)s more into reach.",
        "Opening the border brings %(gained)s more into reach.",
        gained.villages,
    ) % {"gained": words.villages_and_people(gained)}


def readiness_gains(user: Any, question: Question) -> list[Gain]:
    """Per hazard, each member's readiness alone, and that of all stock, inspections and people taken together."""
    scope = _scope(user, "depots")
    if scope == frozenset():
        return []
    title = _("Readiness")
    if scope is not None and not question.towns <= scope:
        return [_unseen(title)]
    facts = services.gather(question.towns, question.day)
    lines = [line for hazard in Hazard if (line := _readiness_line(facts, question, hazard)) is not None]
    if not lines:
        return []
    said = _(
        "If everything that the members hold stood ready for all of them, the whole zone would be as ready as this."
    )
    explained = _(
        "Needs, stock that works, inspections and trained people of all members are added up; what is unknown is not "
        "counted."
    )
    return [Gain(title, said, explained, tuple(lines))]


def _readiness_line(facts: services.Facts, question: Question, hazard: Hazard) -> GainLine | None:
    """None where fewer than two members must hold anything for this hazard."""
    told, known, asked = [], [], []
    for title, areas in question.members.items():
        towns = [town for area in sorted(areas) if (town := facts.town(area, hazard.value)).asked]
        if not towns:
            continue
        asked += [town.asked for town in towns]
        scores = [town.score for town in towns if town.score is not None]
        known += scores
        alone = _alone(min(town.readiness.low for town in towns), min(scores, default=None))
        told.append(f"{title} {alone}")
    if len(told) < 2:
        return None
    together = sharing.least(sharing.pooled(asked), question.day)
    text = _("at least %(score)s") % {"score": readiness_words.percent(together)}
    return GainLine(str(hazard.label), ", ".join(told), text, bool(known) and together > min(known))


def _alone(low: float, high: float | None) -> str:
    if high is None:
        return _("unknown")
    if low == high:
        return readiness_words.percent(high)
    return f"{readiness_words.percent(low)}–{readiness_words.percent(high)}"
