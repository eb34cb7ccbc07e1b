"""Readiness in words: every number says in one sentence what it comes from."""

from collections import Counter
from collections.abc import Mapping
from math import floor

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disaster.models import Item
from disaster.readiness import INSPECTION, PEOPLE, STOCK, Factor, Fall, Part, Readiness
from disaster.seasons import Window

FACTORS = {
    STOCK: gettext_lazy("Stock that works"),
    INSPECTION: gettext_lazy("Freshness of inspection"),
    PEOPLE: gettext_lazy("Trained people"),
}
CAUSES = {
    STOCK: gettext_lazy("stock expires"),
    INSPECTION: gettext_lazy("the inspection grows old"),
    PEOPLE: gettext_lazy("training lapses"),
}
UNKNOWN = {
    STOCK: gettext_lazy("no stock recorded: %(items)s"),
    INSPECTION: gettext_lazy("never inspected: %(items)s"),
    PEOPLE: gettext_lazy("no people recorded: %(items)s"),
}


def percent(share: float | None) -> str:
    """A share in whole percent, rounded down: 99.6% is not all. What is not nothing is at least 1%."""
    if share is None:
        return _("unknown")
    whole = floor(100 * share + 1e-9)
    return f"{max(whole, 1) if share > 0 else 0}%"


def span(factor: Factor) -> str:
    """One number where it is known, else from the least to the most."""
    if factor.is_known:
        return percent(factor.low)
    return _("unknown") if (factor.low, factor.high) == (0, 1) else f"{percent(factor.low)}–{percent(factor.high)}"


def amount(number: int, item: Item) -> str:
    """Units are Korean words, which an English sentence does without."""
    told = formats.number_format(number, force_grouping=True)
    return told if get_language() == "en" else f"{told}{item.unit}"


def sentence(readiness: Readiness, items: Mapping[int, Item]) -> str:
    """The town's readiness in one sentence: the number, what limits it, and how much is unknown."""
    limit = readiness.limit
    if limit is None:
        return _("No readiness: no item is asked for here for this hazard.")
    if readiness.score is None:
        return _("Readiness unknown: %(reasons)s.") % {"reasons": unknown_reasons(readiness, items)}
    about = {"score": percent(readiness.score), "number": len(readiness.parts), "unknown": unknown_tail(readiness)}
    if readiness.score == 1:
        if readiness.low == 1:
            told = _("Readiness %(score)s: all %(number)s items are there, freshly inspected, with trained people.")
        else:
            told = _("Readiness %(score)s as far as is known%(unknown)s.")
        return told % about
    item = items[limit.item]
    told = _("Readiness %(score)s, limited by %(item)s: %(clauses)s%(unknown)s.")
    return told % {**about, "item": item, "clauses": ", ".join(clauses(limit, item))}


def unknown_tail(readiness: Readiness) -> str:
    """How much is unknown, to stand before a sentence's end; empty where all is known."""
    unknown = len(readiness.parts) - len(readiness.known)
    if not unknown:
        return ""
    if readiness.low == readiness.score:
        told = _(" (%(unknown)s of %(items)s items not known)")
    else:
        told = _(" (%(unknown)s of %(items)s items not known: it may be as low as %(low)s)")
    return told % {"unknown": unknown, "items": len(readiness.parts), "low": percent(readiness.low)}


def unknown_reasons(readiness: Readiness, items: Mapping[int, Item]) -> str:
    """Why nothing can be said, with the number of items for each reason, and the most it could be."""
    reasons = Counter(name for part in readiness.parts for name in part.unknown)
    told = []
    for name, number in reasons.items():
        of = _("%(number)s of %(all)s items") % {"number": number, "all": len(readiness.parts)}
        told.append(str(UNKNOWN[name]) % {"items": of})
    if readiness.high < 1:
        told.append(_("at most %(high)s because of %(item)s") % _most(readiness, items))
    return ", ".join(told)


def _most(readiness: Readiness, items: Mapping[int, Item]) -> dict[str, object]:
    return {"high": percent(readiness.high), "item": items[readiness.parts[0].item]}


def clauses(part: Part, item: Item) -> list[str]:
    """What keeps an item from being ready, factor by factor; what is in order, or changes nothing, is left out."""
    told = [name for name, factor in part.factors if factor.low < 1 and (factor.is_known or not part.is_known)]
    return [factor_text(part, name, item) for name in told]


def part_sentence(part: Part, item: Item) -> str:
    """One item in one sentence."""
    about = {"item": item, "score": span(Factor(part.low, part.high))}
    found = clauses(part, item)
    if not found:
        return _("%(item)s %(score)s: as many as asked for, and everything in order.") % about
    return _("%(item)s %(score)s: %(clauses)s.") % {**about, "clauses": ", ".join(found)}


def factor_text(part: Part, name: str, item: Item) -> str:
    """One factor of an item with its numbers, to stand inside a sentence."""
    return {STOCK: _stock, INSPECTION: _inspection, PEOPLE: _people}[name](part, item)


def _stock(part: Part, item: Item) -> str:
    if part.usable is None:
        return _("no stock was ever recorded")
    about = {"usable": amount(part.usable, item), "needed": amount(part.needed, item)}
    if part.usable >= part.needed:
        return _("%(usable)s can be used where %(needed)s are asked for") % about
    found = [
        (_("%(number)s in repair"), part.in_repair),
        (_("%(number)s expired"), part.expired),
        (_("%(number)s unusable"), part.unusable),
        (_("%(number)s promised to others"), part.promised),
    ]
    reasons = ", ".join(text % {"number": amount(number, item)} for text, number in found if number)
    told = _("only %(usable)s of %(needed)s can be used") if part.usable else _("none of %(needed)s can be used")
    told %= about
    return f"{told} ({reasons})" if reasons else told


def _inspection(part: Part, item: Item) -> str:
    if part.fresh_days is None:
        return _("is not inspected")
    if part.usable is None:
        return _("nothing known to be inspected")
    if part.usable == 0:
        return _("nothing there to be inspected")
    told = []
    if part.days is not None:
        about = {"days": part.days, "fresh": part.fresh_days, "share": percent(part.inspection.low)}
        if part.days <= part.fresh_days:
            told.append(_("inspected %(days)s days ago (counts for %(fresh)s days)") % about)
        elif part.never or part.inspection.low == 0:
            told.append(_("inspected %(days)s days ago, which no longer counts in full after %(fresh)s days") % about)
        else:
            told.append(_("inspected %(days)s days ago, which after %(fresh)s days counts only %(share)s") % about)
    if part.never:
        told.append(_("%(number)s never inspected") % {"number": amount(part.never, item)})
    return ", ".join(told)


def _people(part: Part, item: Item) -> str:
    if part.people_needed == 0:
        return _("nobody needs to be trained")
    if part.trained is None:
        return _("nothing is recorded about people")
    about = {"trained": part.trained, "needed": part.people_needed}
    if part.trained >= part.people_needed:
        return _("%(trained)s trained people where %(needed)s are needed") % about
    return _("only %(trained)s of %(needed)s trained people") % about


def no_season() -> str:
    return _("No season is known for this hazard, so there is no forecast.")


def season(window: Window, readiness: Readiness) -> str:
    """Which day a forecast looks to."""
    if window.holds(readiness.day):
        return _("The season runs until %(day)s.") % {"day": window.end.isoformat()}
    return _("The season begins on %(day)s.") % {"day": window.begin.isoformat()}


def forecast(now: Readiness, then: Readiness, window: Window, falling: list[Fall], items: Mapping[int, Item]) -> str:
    """Where readiness will be if nothing more is done, and what falls first, in one sentence."""
    about: dict[str, object] = {
        "day": then.day.isoformat(), "after": percent(then.score), "now": percent(now.score),
        "after_low": percent(then.low),
    }  # fmt: skip
    if window.holds(now.day):
        head = _("If nothing more is done, readiness will be %(after)s at the season's end on %(day)s (now %(now)s)")
    else:
        head = _("If nothing more is done, readiness will be %(after)s at the season's begin on %(day)s (now %(now)s)")
    if not falling:
        return _("%(head)s: nothing expires, lapses or grows old until then.") % {"head": head % about}
    first = falling[0]
    told = _("%(head)s: first, from %(fall)s, %(item)s, because %(cause)s.")
    return told % {
        "head": head % about,
        "fall": first.day.isoformat(),
        "item": items[first.item],
        "cause": CAUSES[first.cause],
    }


def fall_text(fall: Fall, items: Mapping[int, Item]) -> str:
    """One thing that falls, as a line of a list."""
    told = _("%(day)s: %(item)s, %(cause)s (%(before)s → %(after)s)")
    return told % {
        "day": fall.day.isoformat(), "item": items[fall.item], "cause": CAUSES[fall.cause],
        "before": percent(fall.before), "after": percent(fall.after),
    }  # fmt: skip


def to_do(part: Part, item: Item) -> list[tuple[str, str]]:
    """What would raise an item, as (factor, what to do)."""
    found = []
    if part.usable is None:
        found.append((STOCK, _("Record how many of %(item)s there are.") % {"item": item}))
    elif part.usable < part.needed:
        about = {"item": item, "number": amount(part.needed - part.usable, item)}
        told = _("Procure %(number)s of %(item)s.")
        if part.in_repair:
            told = _("Repair or procure %(number)s of %(item)s.")
        found.append((STOCK, told % about))
    if part.inspection.low < 1 and part.usable:
        found.append((INSPECTION, _("Inspect %(item)s.") % {"item": item}))
    if part.trained is None and part.people_needed:
        found.append((PEOPLE, _("Record the people who can be called.")))
    elif part.people.low < 1:
        about = {"item": item, "number": part.people_needed - (part.trained or 0)}
        found.append((PEOPLE, _("Train %(number)s more people to use %(item)s.") % about))
    return found
