"""What a keeper's phone takes along: the depots, what is in them, their checklists, what is due, and their labels.

A scanned label opens its checklist without a network, so the pack knows what each label in use stands for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import get_language

from disaster.access import own_depots
from disaster.models import Balance, Checklist, Depot, Inspection, Schedule
from disaster.querysets_inspections import checklists_in_force, live_labels
from gis_core.offline import export_key

# What a city officer looks after; a province's officer takes the depots whose inspections are due first.
MOST_DEPOTS = 400
# How far ahead the phone shows what becomes due.
AHEAD = timedelta(days=45)
# The editions of one's own inspections of late go along, so that they can be corrected.
CORRECTED = timedelta(days=60)


@dataclass(frozen=True)
class Pack:
    body: dict[str, Any]


def pack_of(user: Any) -> Pack:
    """The pack of this person's depots. A fixed number of statements, whatever there is."""
    today = timezone.localdate()
    depots, left_out = _depots(user)
    in_force = checklists_in_force(today)
    editions = {each.pk: each for each in in_force.values()} | _own_editions(user, today)
    stock = _stock(depots)
    return Pack(
        {
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "language": get_language(),
            "user": {"id": user.pk, "name": str(user)},
            "today": today.isoformat(),
            "depots": [_depot(depot, stock[depot.pk]) for depot in depots],
            "classes": {str(pk): _title(each) for pk, each in in_force.items() if pk is not None},
            "checklists": {str(pk): _edition(each) for pk, each in editions.items()},
            "in_force": {str(pk or "depot"): each.pk for pk, each in in_force.items()},
            "due": _due(depots, today),
            "labels": _labels(depots),
            "left_out": left_out,
            "key": export_key.public(),
        }
    )


def _depots(user: Any) -> tuple[list[Depot], int]:
    found = own_depots(user)
    first = Schedule.objects.active().filter(depot__in=found).order_by("next_due").values_list("depot_id", flat=True)
    count = found.count()
    if count <= MOST_DEPOTS:
        return list(found.order_by("area__full_name", "name", "pk")), 0
    wanted = list(dict.fromkeys(first[: 20 * MOST_DEPOTS]))[:MOST_DEPOTS]
    chosen = found.filter(pk__in=wanted) if wanted else found
    return list(chosen.order_by("area__full_name", "name", "pk")[:MOST_DEPOTS]), count - MOST_DEPOTS


def _stock(depots: Iterable[Depot]) -> dict[int, list[dict[str, Any]]]:
    """What lies in each depot, by lot, with the class it is inspected as. What has no class is inspected by nobody."""
    rows = (
        Balance.objects.filter(depot__in=list(depots), quantity__gt=0, lot__item__item_class__isnull=False)
        .values("depot_id", "lot_id", name=F("lot__item__name"), name_en=F("lot__item__name_en"),
                unit=F("lot__item__unit"), item_class=F("lot__item__item_class_id"), code=F("lot__code"),
                expires_on=F("lot__expires_on"))
        .annotate(held=Sum("quantity"))
        .order_by("item_class", "lot__item_id", "lot_id")
    )  # fmt: skip
    english = get_language() == "en"
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["depot_id"]].append(
            {
                "lot": row["lot_id"],
                "class": row["item_class"],
                "item": row["name_en"] if english and row["name_en"] else row["name"],
                "code": row["code"],
                "unit": row["unit"],
                "quantity": row["held"],
                "expires_on": row["expires_on"].isoformat() if row["expires_on"] else None,
            }
        )
    return found


def _depot(depot: Depot, stock: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": depot.pk,
        "name": depot.name,
        "area": depot.area.name if depot.area else "",
        "address": depot.address,
        "stock": stock,
    }


def _title(edition: Checklist) -> str:
    return str(edition.item_class)


def _edition(edition: Checklist) -> dict[str, Any]:
    return {"id": edition.pk, "title": edition.title, "class": edition.item_class_id, "body": edition.body}


def _own_editions(user: Any, today: date) -> dict[int, Checklist]:
    own = Inspection.objects.live().filter(inspected_by=user, inspected_on__gte=today - CORRECTED)
    found = Checklist.objects.filter(pk__in=own.values("checklist")).select_related("item_class")
    return {each.pk: each for each in found}


def _due(depots: Iterable[Depot], today: date) -> list[dict[str, Any]]:
    schedules = Schedule.objects.active().filter(depot__in=list(depots), next_due__lte=today + AHEAD)
    return [
        {
            "schedule": each.pk, "title": each.title, "depot": each.depot_id, "class": each.item_class_id,
            "due_on": each.next_due.isoformat(),
        }
        for each in schedules.order_by("next_due", "depot", "pk")
    ]  # fmt: skip


def _labels(depots: Iterable[Depot]) -> dict[str, dict[str, Any]]:
    return {
        each.token: {"depot": each.depot_id, "class": each.item_class_id, "lot": each.lot_id}
        for each in live_labels(Depot.objects.filter(pk__in=[depot.pk for depot in depots]))
    }


__all__ = ["Pack", "pack_of"]
