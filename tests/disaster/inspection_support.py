"""Depots with pumps and checklists, and phones that inspect them."""

import uuid as uuids
from typing import Any

from disaster.models import Balance, Checklist, Depot, Inspection, Item, ItemClass, Lot, Schedule
from tests.factories import make_depot, place
from tests.vacanthouses.sync_support import Phone, described, now_text

PUMP_BODY: dict[str, Any] = {
    "version": 1,
    "questions": [
        {"key": "starts", "kind": "yes_no", "title": {"ko": "시동이 걸립니까?", "en": "Does it start?"}, "blocks": True,
         "severity": "high", "repair": {"ko": "펌프 수리", "en": "Repair the pump"}, "photo": "on_fail"},
        {"key": "flow", "kind": "measure", "unit": "L/min", "min": 200, "max": 3000,
         "title": {"ko": "양수량", "en": "Litres a minute"}, "only_if": {"question": "starts", "is": "yes"},
         "blocks": True, "severity": "high", "repair": {"ko": "양수량 점검", "en": "Look at the flow"}},
        {"key": "hose", "kind": "yes_no", "title": {"ko": "호스가 새지 않습니까?", "en": "Is the hose tight?"},
         "repair": {"ko": "호스 교체", "en": "Replace the hose"}},
    ],
}  # fmt: skip
DEPOT_BODY: dict[str, Any] = {
    "version": 1,
    "questions": [
        {"key": "board", "kind": "yes_no", "title": {"ko": "현황판이 맞습니까?", "en": "Is the board right?"},
         "repair": {"ko": "현황판 정리", "en": "Put the board right"}},
    ],
}  # fmt: skip
GOOD = {"starts": "yes", "flow": 400, "hose": "yes"}


def make_pump_class() -> ItemClass:
    found, _new = ItemClass.objects.get_or_create(code="pump", defaults={"name": "펌프류", "name_en": "Pumps"})
    return found


def make_checklist(item_class: ItemClass | None, body: dict[str, Any] | None = None, **values: Any) -> Checklist:
    facts = {"title": "시험 점검표", "effective_from": "2020-01-01", "source": "시험", **values}
    made: Checklist = Checklist.objects.create(
        item_class=item_class, body=body or (PUMP_BODY if item_class else DEPOT_BODY), **facts
    )
    made.refresh_from_db()
    return made


def make_pump_depot(name: str = "운봉 창고", pumps: int = 4, east: float = 500, **values: Any) -> Depot:
    """A depot in 운봉 (or wherever ``east`` lies) with so many pumps."""
    depot = make_depot(place(east, 500), name=name, **values)
    item, _new = Item.objects.get_or_create(
        name="수중펌프", defaults={"unit": "대", "hazards": ["flood"], "item_class": make_pump_class()}
    )
    lot, _new = Lot.objects.get_or_create(item=item, code="")
    Balance.objects.create(depot=depot, lot=lot, quantity=pumps)
    return depot


def make_schedule(depot: Depot, item_class: ItemClass | None, due: Any, **values: Any) -> Schedule:
    facts = {"title": "월 점검", "by_month_day": "13", "starts_on": "2020-01-01", **values}
    made: Schedule = Schedule.objects.create(
        depot=depot, item_class=item_class, next_due=due, next_nominal=due, **facts
    )
    made.refresh_from_db()
    return made


def inspection_body(at: Depot, edition: Checklist, *photos: bytes, **values: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "schema": 1, "depot": at.pk, "item_class": edition.item_class_id, "lot": None, "schedule": None,
        "due_on": None, "checklist": edition.pk, "title": "펌프류", "answers": dict(GOOD), "units": {}, "note": "",
        "signature": [], "inspected_at": now_text(), "fix": None,
        "photos": [described(each, "starts") for each in photos],
    }  # fmt: skip
    return {**body, **values}


def send(phone: Phone, body: dict[str, Any], uuid: uuids.UUID | None = None, if_match: int | None = None) -> Any:
    return phone.deliver(phone.sending(uuid or uuids.uuid4(), body, "inspections"), if_match)


def only_inspection() -> Inspection:
    found: Inspection = Inspection.objects.get()
    return found
