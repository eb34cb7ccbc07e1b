"""What a plan's page shows: its drafts with their reasons, depots before and after, both maps, what is unknown."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from disaster import operations_map as drawing
from disaster import orders as order_rules
from disaster import redistribution as rules
from disaster.models import Depot, Hazard, Item, OrderState, TransferOrder
from disaster.querysets_operations import figures, orders, place_of
from disaster.redistribution import Options, Stand, Transfer
from disaster.words import operations as order_words
from disaster.words import redistribution as words
from gis_core.editing.shapes import to_shapely
from gis_core.jobs import JobError
from gis_core.models import AdminArea, CooperationZone, Job
from gis_core.static_map import Ground as MapGround

from .redistribution import Ground, Wish, drafts, ground
from .redistribution_facts import standings, stands

ENDED = {OrderState.CANCELLED, OrderState.REFUSED}
MOST_ROWS = 200


def waiting_plans(user: Any) -> list[dict[str, Any]]:
    """Plans with drafts that wait to be approved, the newest first."""
    waiting: QuerySet[Any] = orders(user).filter(state=OrderState.DRAFT, plan__isnull=False)
    found = waiting.order_by().values("plan")
    return list(found.annotate(number=Count("pk"), made_at=Max("created_at")).order_by("-made_at"))


def seen_drafts(user: Any, plan: uuid.UUID) -> list[TransferOrder]:
    """The orders of a plan that this person sees."""
    seen = set(orders(user).filter(plan=plan).values_list("pk", flat=True))
    return [order for order in drafts(plan) if order.pk in seen]


def of_plan(found: Sequence[TransferOrder], job: Job | None) -> dict[str, Any]:
    wish = Wish(**job.report["wish"]) if job is not None and "wish" in job.report else None
    open_drafts = [order for order in found if order.state == OrderState.DRAFT]
    around, options = _around(found, wish, job)
    active = [order for order in found if order.state not in ENDED and order.source and order.destination]
    return {
        "job": job,
        "wish": _wish(wish) if wish else "",
        "rows": _rows(found),
        "open": len(open_drafts),
        "is_stale": any(row["stale"] for row in _told(open_drafts).values()),
        "before_after": _before_after(around, active),
        "unknown": around.unknown[:MOST_ROWS],
        "unknown_number": len(around.unknown),
        "facts": words.facts(around, [(order.quantity, order.distance_m or 0) for order in active]),
        **_maps(around, active, options),
    }


def _around(found: Sequence[TransferOrder], wish: Wish | None, job: Job | None) -> tuple[Ground, Options]:
    """The depots that the plan looked at, as they stand today without it."""
    plan = found[0].plan if found else (job.pk if job is not None else None)
    if wish is not None:
        try:
            return ground(wish, but_plan=plan), wish.options
        except JobError:
            pass
    depots: dict[int, Depot] = {d.pk: d for order in found for d in (order.source, order.destination) if d is not None}
    items = {order.item_id: order.item for order in found}
    return Ground(depots, items, stands(depots, list(items), but_plan=plan)), Options()


def _wish(wish: Wish) -> str:
    area = AdminArea.objects.filter(pk=wish.area).first() if wish.area else None
    zone = CooperationZone.objects.filter(pk=wish.zone).first() if wish.zone else None
    item = Item.objects.filter(pk=wish.item).first() if wish.item else None
    hazard = Hazard(wish.hazard).label if wish.hazard else ""
    return words.wish(wish, area, zone, item, hazard)


def _told(found: Collection[TransferOrder]) -> dict[int, dict[str, str]]:
    """By order why it was proposed, and what has become of that."""
    told = {}
    now = standings(found)
    for order in found:
        standing = now[order.pk]
        stale = words.stale(standing) if not standing.fits else ""
        changed = words.changed(standing) if standing.fits and standing.changed else ""
        told[order.pk] = {"because": words.because(order, standing), "stale": stale, "changed": changed}
    return told


def _rows(found: Sequence[TransferOrder]) -> list[dict[str, Any]]:
    told = _told([order for order in found if order.state == OrderState.DRAFT])
    return [
        {
            "order": order,
            "number": order_words.unit(order.quantity, order.item),
            "km": f"{(order.distance_m or 0) / 1000:.1f}",
            "badge": order_words.STATE_BADGES.get(order_rules.State(order.state), ""),
            "because": order.reason,
            "on_the_way": figures(order).on_the_way,
            **told.get(order.pk, {}),
        }
        for order in found
    ]


@dataclass(frozen=True)
class BeforeAfter:
    depot: Depot
    item: Item
    standard: int | None
    before: int
    after: int

    @property
    def lacks(self) -> int:
        return max(0, (self.standard or 0) - self.after)


def _before_after(around: Ground, active: Sequence[TransferOrder]) -> list[BeforeAfter]:
    """Depots that give or take, and those that still lack something."""
    found = []
    for item, item_stands in around.stands.items():
        transfers = _transfers(active, item)
        after = rules.after(item_stands, transfers)
        touched = {key for each in transfers for key in (each.giver, each.taker)}
        for stand in item_stands:
            if stand.works is None or (stand.depot not in touched and not rules.short(stand)):
                continue
            before = stand.works + stand.coming
            row = BeforeAfter(
                around.depots[stand.depot], around.items[item], stand.standard, before, after[stand.depot]
            )
            found.append(row)
    return found[:MOST_ROWS]


def _transfers(active: Sequence[TransferOrder], item: int) -> list[Transfer]:
    return [
        Transfer(order.source_id or 0, order.destination_id or 0, order.quantity, 0, 0, 0)
        for order in active
        if order.item_id == item
    ]


def _maps(around: Ground, active: Sequence[TransferOrder], options: Options) -> dict[str, SafeString]:
    """Before, and after with what goes where."""
    if not around.depots:
        return {}
    towns = {depot.area_id for depot in around.depots.values() if depot.area_id is not None}
    areas = AdminArea.objects.filter(pk__in=towns)
    grounds = [MapGround(shape, area.name) for area in areas if (shape := to_shapely(area.geometry)) is not None]
    moved = {
        item: _moved(item_stands, _transfers(active, item)) for item, item_stands in around.stands.items()
    }  # fmt: skip
    lines = [
        drawing.Line(place_of(order.source), place_of(order.destination), f"{order.quantity:,}")
        for order in active
        if order.source and order.destination
    ]
    before = drawing.draw(_marks(around, around.stands, options), [], grounds, _("Before"))
    after = drawing.draw(_marks(around, moved, options), lines, grounds, _("After"))
    return {"map_before": mark_safe(before), "map_after": mark_safe(after)}  # noqa: S308


def _moved(item_stands: Sequence[Stand], transfers: Sequence[Transfer]) -> list[Stand]:
    held = rules.after(item_stands, transfers)
    return [
        replace(stand, works=held.get(stand.depot), coming=0) if stand.works is not None else stand
        for stand in item_stands
    ]


def _marks(around: Ground, by_item: Mapping[int, Sequence[Stand]], options: Options) -> list[drawing.Mark]:
    """A mark for each depot: lacking something outranks having something over; figures where there is one item."""
    kinds: dict[int, str] = {}
    texts: dict[int, str] = defaultdict(str)
    for item_stands in by_item.values():
        for stand in item_stands:
            kind, text = _mark(stand, options)
            if _RANK[kind] >= _RANK[kinds.get(stand.depot, "unknown")]:
                kinds[stand.depot] = kind
                texts[stand.depot] = text if len(by_item) == 1 else ""
    return [
        drawing.Mark(place_of(around.depots[key]), kind, texts[key], str(around.depots[key]))
        for key, kind in kinds.items()
    ]


_RANK = {"unknown": 0, "even": 1, "over": 2, "short": 3}


def _mark(stand: Stand, options: Options) -> tuple[str, str]:
    if stand.works is None or stand.standard is None:
        return "unknown", ""
    if lacks := rules.short(stand):
        return "short", f"−{lacks:,}"
    spare = rules.over(stand, options)
    return ("over", f"+{spare:,}") if spare else ("even", "")


def legend() -> list[tuple[SafeString, str]]:
    """The signs of the maps with their words."""
    titles = {"over": _("has something over"), "short": _("lacks something"), "even": _("as it should be"),
              "unknown": _("unknown, or without a standard")}  # fmt: skip
    return [(mark_safe(drawing.legend_mark(kind)), title) for kind, title in titles.items()]  # noqa: S308
