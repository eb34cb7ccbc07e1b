"""Plans of redistribution in the user's language."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disaster.redistribution import Basis

from .operations import unit


def way(order: Any) -> str:
    return f"{order.item}: {order.source} → {order.destination}"


def because(order: Any, now: Any) -> str:
    """One sentence: why this much goes from here to there."""
    was = Basis.read(order.reason) or now.was
    if was is None:
        return order.reason
    over, keeps, short = (unit(number, order.item) for number in (was.over, was.keeps, was.short))
    told = _("The giver has %(over)s more than the %(keeps)s it keeps; the taker lacks %(short)s.")
    return told % {"over": over, "keeps": keeps, "short": short}


def stale(now: Any) -> str:
    """Why a draft does not fit any more."""
    if now.over is None or now.short is None:
        return _("What one of the two depots holds is not known any more. Compute the plan anew.")
    if now.drawn > now.over:
        return _("The giver has only %(over)d over now, and the plan takes %(drawn)d. Compute the plan anew.") % {
            "over": now.over, "drawn": now.drawn,
        }  # fmt: skip
    return _("The taker lacks only %(short)d now, and the plan brings %(filled)d. Compute the plan anew.") % {
        "short": now.short, "filled": now.filled,
    }  # fmt: skip


def changed(now: Any) -> str:
    """What has changed since the draft was made, where it still fits."""
    return _("Stock has changed: the giver has %(over)d over now, the taker lacks %(short)d.") % {
        "over": now.over, "short": now.short,
    }  # fmt: skip


def facts(ground: Any, moved: Sequence[tuple[int, float]]) -> list[list[Any]]:
    """What a plan comes to; ``moved`` is the quantity and the way (metres) of each transfer."""
    return [
        [_("depots looked at"), len(ground.depots)],
        [_("transfers proposed"), len(moved)],
        [_("units moved"), sum(number for number, _way in moved)],
        [_("units × km"), f"{sum(number * metres for number, metres in moved) / 1000:,.1f}"],
        [_("unknown: depot and item"), len(ground.unknown)],
        [_("without a standard: depot and item"), ground.without_standard],
    ]


def wish(found: Any, area: Any, zone: Any, item: Any, hazard: Any) -> str:
    """What a plan was asked for, in one line."""
    parts = [str(zone or area or ""), str(item or hazard or _("all items"))]
    parts.append(_("floor %(percent)d%% of the standard") % {"percent": found.floor})
    if found.below_standard:
        parts.append(_("givers may go below their standard"))
    if found.most_km is not None:
        parts.append(_("at most %(km)g km") % {"km": found.most_km})
    return " · ".join(filter(None, parts))


def approved(number: int) -> str:
    return ngettext(
        "%(number)d draft is now a request to the depot that gives.",
        "%(number)d drafts are now requests to the depots that give.",
        number,
    ) % {"number": number}
