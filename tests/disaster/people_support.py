"""People, partners and trainings to test with."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from disaster.models import Agreement, Attendance, CallTest, ItemClass, Machine, Responder, Training
from gis_core.models import AdminArea, Organisation
from tests.factories import geos, make_organisation, place

SECRET, PHONE = "견본이름", "010-0000-7777"


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def pumps(months: int = 12, needed: int = 2) -> ItemClass:
    facts = {"name": "펌프류", "name_en": "Pumps", "training_months": months, "people_needed": needed}
    found, _new = ItemClass.objects.update_or_create(code="pump", defaults=facts)
    return found


def make_person(area: AdminArea, **values: Any) -> Responder:
    made: Responder = Responder.objects.create(**{"name": SECRET, "phone": PHONE, "area": area, **values})
    made.refresh_from_db()
    return made


def make_training(area: AdminArea, held_on: date, *present: Responder, **values: Any) -> Training:
    facts = {"title": "펌프 교육", "kind": "use", "item_class": pumps(), "hours": 2, **values}
    made: Training = Training.objects.create(area=area, held_on=held_on, **facts)
    Attendance.objects.bulk_create(Attendance(training=made, responder=each) for each in present)
    made.refresh_from_db()
    return made


def make_partner(east: float = 500, **values: Any) -> Organisation:
    values = {"kind": "volunteer_fire", "contact_name": SECRET, "contact_phone": PHONE, **values}
    return make_organisation(point=place(east, 500), **values)


def make_agreement(partner: Organisation, begins: int = 100, until: int | None = -100, **values: Any) -> Agreement:
    """In force from so many days ago until so many days ago (negative: to come; None: open-ended)."""
    first = days_ago(begins)
    facts = {"title": "재난 협약", "area": partner.area, "signed_on": first, "valid_from": first, **values}
    last = None if until is None else days_ago(until)
    made: Agreement = Agreement.objects.create(organisation=partner, valid_until=last, **facts)
    made.refresh_from_db()
    return made


def make_call(partner: Organisation, days: int = 10, was_reached: bool = True) -> CallTest:
    at = timezone.now() - timedelta(days=days)
    return CallTest.objects.create(organisation=partner, was_reached=was_reached, called_at=at)


def make_machine(partner: Organisation, **values: Any) -> Machine:
    facts = {"kind": "excavator", "name": "굴착기", "availability": "ready", "area": partner.area, **values}
    made: Machine = Machine.objects.create(organisation=partner, location=geos(place(600, 600)), **facts)
    made.refresh_from_db()
    return made


def shown(form: Any, **values: Any) -> dict[str, Any]:
    """A form as a page shows it, with what the person changed of it."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        text = "" if value is None or value is False else "on" if value is True else str(value)
        first = "" if value is None else str(value)
        if text or value is not False:
            data[bound.html_name] = text
        data[bound.html_initial_name] = first
        if value is False:
            data.pop(bound.html_name, None)
    return {**data, **values}
