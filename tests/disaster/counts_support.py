"""A depot with stock as the ledger writes it, and tables as people upload them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from disaster.models import Balance, Condition, Depot, Item, MovementKind
from disaster.services import ledger
from gis_core.models import User


def make_item(name: str, unit: str = "매", **values: Any) -> Item:
    return Item.objects.get_or_create(name=name, defaults={"unit": unit, "hazards": ["flood"], **values})[0]


def stock(
    user: User, depot: Depot, item: Item, quantity: int, *, code: str = "", day: Any = None,
    condition: str = Condition.USABLE,
) -> Balance:  # fmt: skip
    """Received through the ledger; a negative quantity is issued."""
    lot = ledger.lot_of(item, code)
    kind = MovementKind.RECEIVE if quantity > 0 else MovementKind.ISSUE
    leg = ledger.Leg(depot, lot, quantity, condition)
    ledger.post(user, ledger.Draft(kind, day or timezone.localdate(), (leg,)))
    return Balance.objects.get(depot=depot, lot=lot, condition=condition)


def held(depot: Depot, item: Item) -> dict[str, int]:
    """What the depot holds of an item, by lot and condition."""
    rows = Balance.objects.filter(depot=depot, lot__item=item).order_by("pk")
    return {f"{row.lot.code}{row.condition}": row.quantity for row in rows.select_related("lot")}


def adds_up() -> bool:
    """Whether every balance is the sum of its entries."""
    return all(row.quantity == sum(row.entries.values_list("change", flat=True)) for row in Balance.objects.all())


def csv_file(*lines: str, encoding: str = "utf-8", name: str = "재고표.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode(encoding), content_type="text/csv")


def xlsx_file(*lines: list[Any], name: str = "재고표.xlsx") -> SimpleUploadedFile:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())
