"""Incidents, depots and officers of two towns, to test orders with."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from disaster.models import Balance, Depot, Incident, Item, TransferOrder
from disaster.orders import Step
from disaster.querysets_operations import figures
from disaster.services import orders as services
from disaster.services.orders import Act, Part
from gis_core.models import AdminArea, Role, User
from tests.factories import Territory, geos, make_depot, make_stock, make_user, place


def make_incident(area: AdminArea, east: float = 2500, north: float = 500, **values: Any) -> Incident:
    values = {"title": "요천 범람", "hazard": "flood", "began_at": timezone.now() - timedelta(hours=5), **values}
    return Incident.objects.create(area=area, location=geos(place(east, north)), **values)


def pumps_in(depot: Depot, number: int = 5, name: str = "수중펌프", **values: Any) -> Item:
    item: Item = make_stock(depot, name, number, **values).lot.item
    return item


class Towns:
    """운봉읍 has a depot and gives; 주천면 has an incident and asks. Each has its keeper."""

    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        self.depot = make_depot(place(500, 500), name="운봉 창고")
        self.pump = pumps_in(self.depot)
        self.incident = make_incident(territory.jucheon)
        self.giver = make_user("giver", (Role.DISASTER_OFFICER, territory.unbong))
        self.asker = make_user("asker", (Role.DISASTER_OFFICER, territory.jucheon))

    def ask(self, number: int = 5, **values: Any) -> TransferOrder:
        part = Part(number, **{"source": self.depot, **values})
        return services.ask(self.asker, self.incident, self.pump, [part], uuid.uuid4())[0]


def take(user: User, order: TransferOrder, step: str, number: int = 0, **values: Any) -> TransferOrder:
    """A step on what the person sees now."""
    order = TransferOrder.objects.get(pk=order.pk)
    return services.take(user, order, Step(step), Act(order.version, number=number, **values))


def in_all(item: Item) -> int:
    """What all ledgers hold of an item, with what is under way, out, lost and used up."""
    held = Balance.objects.filter(lot__item=item).aggregate(total=Sum("quantity"))["total"] or 0
    told = [figures(order) for order in TransferOrder.objects.filter(item=item, source__isnull=False)]
    return held + sum(it.on_the_way + it.out + it.lost_on_the_way + it.used_up for it in told)


def held(depot: Depot, item: Item) -> int:
    return Balance.objects.filter(depot=depot, lot__item=item).aggregate(total=Sum("quantity"))["total"] or 0


def client(user: User) -> Client:
    """A browser in English."""
    found = Client()
    found.force_login(user)
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found
