"""One record of every kind that the pages of disaster readiness show, for tests that go through all pages."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from disaster.models import (
    Agreement,
    CountLine,
    CountSession,
    Depot,
    Loan,
    LocalHoliday,
    Machine,
    Responder,
    Schedule,
    Training,
    TransferOrder,
)
from disaster.services.ledger import Draft, Leg, post
from gis_core.models import Organisation, User
from tests import factories
from tests.disaster.coverage_support import make_road, make_village
from tests.disaster.inspection_support import make_checklist
from tests.disaster.operations_support import make_incident
from tests.disaster.readiness_support import make_inspection, make_ready, make_repair, make_season
from tests.factories import place


def make_disaster_records(depot: Depot, user: User) -> dict[str, int]:
    """Ids by layer, and by kind for the others."""
    item = make_ready(depot)
    lot = item.lots.get()
    day = timezone.localdate()
    movement = post(user, Draft("receive", day, (Leg(depot, lot, 4),), key=uuid.uuid4(), reason="구입"))
    loan = Loan.objects.create(
        depot=depot, lot=lot, borrower_name="이웃 면", quantity=1, lent_on=day, due_on=day + timedelta(days=7)
    )
    count = CountSession.objects.create(depot=depot, counted_on=day, counted_by=user)
    CountLine.objects.create(session=count, lot=lot, expected=10)
    incident = make_incident(depot.area, 1200, 600)
    order = TransferOrder.objects.create(incident=incident, item=item, quantity=2, source=depot, area=depot.area)
    make_season()
    LocalHoliday.objects.create(day=date(2026, 4, 1), name="군민의 날")
    partner = factories.make_organisation(point=place(720, 720), kind="machinery_owner", area=depot.area)
    return {
        "incidents": incident.pk,
        "inspections": make_inspection(depot, day).pk,
        "machines": _machine(partner, depot).pk,
        "villages": make_village("예시마을", place(650, 650)).pk,
        "roads": make_road(place(600, 600), place(800, 800)).pk,
        "movement": movement.pk,
        "loan": loan.pk,
        "count": count.pk,
        "order": order.pk,
        "repair": make_repair(depot).pk,
        "checklist": make_checklist(item.item_class).pk,
        "schedule": _schedule(depot).pk,
        "training": Training.objects.get().pk,
        "responder": Responder.objects.order_by("pk")[0].pk,
        "partner": partner.pk,
        "agreement": _agreement(partner, depot).pk,
        "item": item.pk,
        "item_class": item.item_class_id,
        "depot": depot.pk,
    }


def _machine(partner: Organisation, depot: Depot) -> Machine:
    return Machine.objects.create(kind="excavator", organisation=partner, area=depot.area, location=depot.location)


def _schedule(depot: Depot) -> Schedule:
    day = timezone.localdate()
    return Schedule.objects.create(
        title="정기점검", depot=depot, by_month_day="13", starts_on=day - timedelta(days=90),
        next_nominal=day - timedelta(days=3), next_due=day - timedelta(days=3),
    )  # fmt: skip


def _agreement(partner: Organisation, depot: Depot) -> Agreement:
    return Agreement.objects.create(
        title="장비 지원 협약", organisation=partner, area=depot.area, signed_on=date(2025, 1, 1),
        valid_from=date(2025, 1, 1), valid_until=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
