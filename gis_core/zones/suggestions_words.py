"""Why a set of towns is suggested, in the user's language."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .scorecard_words import number
from .suggestions import Candidate, PartName
from .suggestions_forms import WEIGHTS

# Resources told of one town; their number is always told.
TOLD = 2


@dataclass(frozen=True)
class PartText:
    """``percent``: 0 to 100, None where unknown."""

    title: Any
    percent: int | None
    weight: float
    reason: str


def parts(found: Candidate, weights: Mapping[str, float], names: Mapping[int, str], titles: Mapping[str, str]) -> Any:
    reasons = {
        PartName.BORDER: _border(found),
        PartName.TRAVEL: _travel(found),
        PartName.COMPLEMENT: _complement(found, names, titles),
        PartName.MOVEMENT: _movement(found),
    }
    return [
        PartText(WEIGHTS[part], None if value is None else round(100 * value), weights[part], reasons[part])
        for part in PartName
        for value in [found.parts[part]]
    ]


def _border(found: Candidate) -> str:
    told = _("%(km)s km of border shared, %(share)s %% of their edges.")
    return told % {"km": f"{found.border_m / 1000:,.1f}", "share": f"{100 * found.border_share:.0f}"}


def _travel(found: Candidate) -> str:
    told = _("On the mean %(minutes)s minutes between two of them.") % {"minutes": f"{found.minutes:.0f}"}
    if found.estimated == found.pairs:
        return told + " " + _("Estimated from the straight line.")
    if found.estimated:
        some = _("%(some)s of %(all)s ways estimated from the straight line.")
        return told + " " + some % {"some": found.estimated, "all": found.pairs}
    return told + " " + _("From the loaded table.")


def _complement(found: Candidate, names: Mapping[int, str], titles: Mapping[str, str]) -> str:
    if found.parts[PartName.COMPLEMENT] is None:
        return _("Nothing is recorded that one could have and another lack.")
    by_need: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in found.helps:
        by_need[each.lacking][each.resource].append(names[each.giving])
    number_met = sum(len(needed) for needed in by_need.values())
    if not number_met:
        return _("No lack of one could be met by another.")
    told = [_town_lacks(names[town], needed, titles) for town, needed in by_need.items()]
    head = ngettext("%(number)s lack could be met:", "%(number)s lacks could be met:", number_met)
    return f"{head % {'number': number_met}} {'; '.join(told)}."


def _town_lacks(name: str, needed: Mapping[int, list[str]], titles: Mapping[str, str]) -> str:
    shown = [
        _("%(what)s (%(giving)s has it)") % {"what": titles[str(resource)], "giving": ", ".join(giving)}
        for resource, giving in list(needed.items())[:TOLD]
    ]
    more = len(needed) - len(shown)
    tail = " " + _("and %(count)s more") % {"count": more} if more else ""
    return _("%(name)s lacks %(things)s") % {"name": name, "things": ", ".join(shown) + tail}


def _movement(found: Candidate) -> str:
    if found.parts[PartName.MOVEMENT] is None:
        return _("No table of movements is loaded for these towns.")
    told = _("Of %(moving)s people who move from or to them, %(inside)s stay among them.")
    return told % {"moving": number(round(found.moving)), "inside": number(round(found.inside))}
