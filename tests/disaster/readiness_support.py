"""A town with pumps, people and inspections, to measure readiness by."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from disaster.models import (
    Attendance,
    Balance,
    Checklist,
    Depot,
    Entry,
    HazardSeason,
    Inspection,
    Item,
    ItemClass,
    Lot,
    Movement,
    RepairTask,
    Responder,
    StandardQuantity,
    Training,
)
from gis_core.models import AdminArea, User
from tests.factories import make_user


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def make_class(code: str = "pump", **values: Any) -> ItemClass:
    facts = {"name": "펌프류", "name_en": "Pumps", "fresh_days": 120, "training_months": 12, "people_needed": 2}
    return ItemClass.objects.get_or_create(code=code, defaults={**facts, **values})[0]


def make_item(name: str = "수중펌프", name_en: str = "Submersible pump", **values: Any) -> Item:
    facts = {"name_en": name_en, "unit": "대", "hazards": ["flood"], "item_class": make_class()}
    return Item.objects.get_or_create(name=name, defaults={**facts, **values})[0]


def make_standard(item: Item, quantity: int, since: date = date(2020, 1, 1), **where: Any) -> StandardQuantity:
    return StandardQuantity.objects.create(
        item=item, quantity=quantity, method="own", source="시험", effective_from=since, **where
    )


def receive(depot: Depot, item: Item, quantity: int, day: date, code: str = "", **values: Any) -> Balance:
    """As the ledger writes it: balance, movement and entry."""
    condition = values.pop("condition", "usable")
    lot = Lot.objects.get_or_create(item=item, code=code, defaults=values)[0]
    balance = Balance.objects.get_or_create(depot=depot, lot=lot, condition=condition)[0]
    balance.quantity += quantity
    balance.sequence += 1
    balance.save()
    kind = "receive" if quantity > 0 else "issue"
    movement = Movement.objects.create(kind=kind, occurred_on=day, key_hash="test")
    Entry.objects.create(
        movement=movement, balance=balance, change=quantity, sequence=balance.sequence,
        quantity_after=balance.quantity, occurred_on=day,
    )  # fmt: skip
    return balance


def make_inspection(depot: Depot, day: date, of_class: ItemClass | None = None, **values: Any) -> Inspection:
    of_class = of_class or make_class()
    checklist = Checklist.objects.get_or_create(
        title="점검표", item_class=of_class, defaults={"effective_from": date(2020, 1, 1), "source": "시험", "body": {}}
    )[0]
    inspector = User.objects.filter(username="inspector").first() or make_user("inspector")
    facts = {
        "item_class": of_class, "checklist": checklist, "result": "passed", "inspected_by": inspector,
        "inspected_on": day, "inspected_at": timezone.now(), "area": depot.area, "location": depot.location,
    }  # fmt: skip
    return Inspection.objects.create(depot=depot, **{**facts, **values})


def train(area: AdminArea, number: int, held_on: date, of_class: ItemClass | None = None) -> list[Responder]:
    training = Training.objects.create(
        title="사용교육", item_class=of_class or make_class(), area=area, held_on=held_on, hours=2
    )
    people = [Responder.objects.create(name=f"대응 {number}", area=area) for number in range(number)]
    Attendance.objects.bulk_create(Attendance(training=training, responder=each) for each in people)
    return people


def make_repair(depot: Depot, **values: Any) -> RepairTask:
    return RepairTask.objects.create(depot=depot, **{"title": "고장", **values})


def make_season(hazard: str = "flood", begins: tuple[int, int] = (5, 15), ends: tuple[int, int] = (10, 15)) -> None:
    HazardSeason.objects.create(
        hazard=hazard, begins_month=begins[0], begins_day=begins[1], ends_month=ends[0], ends_day=ends[1],
        effective_from=date(2020, 1, 1), source="시험",
    )  # fmt: skip


def make_ready(depot: Depot, number: int = 6) -> Item:
    """A depot whose town is fully ready: pumps by their standard, inspected today, with the people it takes."""
    item = make_item()
    make_standard(item, number, depot=depot)
    receive(depot, item, number, ago(100))
    make_inspection(depot, today())
    train(depot.area, 2, ago(10))
    return item
