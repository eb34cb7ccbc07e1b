"""An open flood, an exercise that is over, and orders in several states: all through the services, so that the ledger
agrees."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from disaster.models import Depot, Incident, Item, TransferOrder
from disaster.orders import Step
from disaster.querysets_operations import today
from disaster.querysets_working import working_stock
from disaster.services import incidents as incident_services
from disaster.services import orders as order_services
from disaster.services.orders import Act, Part
from gis_core.demo import fixtures
from gis_core.models import AdminArea, User

# So that each step of the demo is named, and loading it again does nothing twice.
_SPACE = uuid.UUID("5a1d6f7e-6a35-4f0b-9f0e-5a1c7b2c0a05")


def load() -> dict[str, int]:
    officer = User.objects.filter(username="officer").first()
    if officer is None or Incident.objects.filter(is_example=True).exists():
        return {"incidents": 0}
    rows = fixtures.parameters("incidents")["incidents"]
    orders = sum(_incident(officer, row) for row in rows)
    return {"incidents": len(rows), "orders": orders}


def _incident(officer: User, row: dict[str, Any]) -> int:
    began = timezone.now() - timedelta(hours=row["began_hours_ago"])
    place = fixtures.location(row["lon"], row["lat"])
    incident = Incident.objects.create(
        title=row["title"], hazard=row["hazard"], is_exercise=row.get("exercise", False), began_at=began,
        note=row["note"], location=place, area=AdminArea.objects.containing(place), is_example=True,
        created_by=officer, updated_by=officer,
    )  # fmt: skip
    orders = sum(_order(officer, incident, number, each) for number, each in enumerate(row["orders"]))
    if "lasted_hours" in row:
        incident.refresh_from_db()
        ended = began + timedelta(hours=row["lasted_hours"])
        incident_services.close(officer, incident, ended, incident.version, _name(incident, "close"))
    return orders


def _order(officer: User, incident: Incident, number: int, row: dict[str, Any]) -> int:
    """One order and its steps; none where the depot has not that much that works."""
    item = Item.objects.filter(name=row["item"]).first()
    source = Depot.objects.live().filter(name=row["from"], is_example=True).first() if row.get("from") else None
    if item is None or ("from" in row and (source is None or not _has(source, item, row["quantity"]))):
        return 0
    needed = incident.began_at + timedelta(hours=row.get("needed_after_hours", 12))
    part = Part(row["quantity"], source=source)
    order = order_services.ask(officer, incident, item, [part], _name(incident, number), needed)[0]
    for at, (step, units) in enumerate(row.get("steps", {}).items()):
        order = TransferOrder.objects.get(pk=order.pk)
        act = Act(
            order.version, token=_name(incident, f"{number}.{at}"), number=units if isinstance(units, int) else 0,
            reason=units if isinstance(units, str) else "",
        )  # fmt: skip
        order_services.take(officer, order, Step(step), act)
    return 1


def _has(depot: Depot, item: Item, number: int) -> bool:
    found = working_stock(today(), depots=[depot.pk], items=[item.pk])
    return bool(found) and found[0].working >= number


def _name(incident: Incident, step: Any) -> uuid.UUID:
    return uuid.uuid5(_SPACE, f"{incident.pk}/{step}")
