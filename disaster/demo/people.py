"""Invented people, partners, trainings and call tests in the towns of Namwon."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from disaster.models import (
    Agreement,
    Attendance,
    Availability,
    CallTest,
    Duty,
    ItemClass,
    Machine,
    Responder,
    Training,
    TrainingKind,
)
from disaster.querysets_people import PARTNER_KINDS
from gis_core.crs import STORAGE_SRID
from gis_core.demo import fixtures
from gis_core.models import AdminArea, Organisation

MOST_METRES = 400


class Maker:
    """Each name and phone once, in a row."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.random = Random(facts["seed"])  # noqa: S311
        self.number = 1000

    def person(self, area: AdminArea, duty: str, organisation: Organisation | None = None, **values: Any) -> Responder:
        self.number += 1
        name = self.random.choice(self.facts["family"]) + self.random.choice(self.facts["given"])
        return Responder.objects.create(
            name=name, phone=self.facts["phone"].format(number=self.number), area=area, duty=duty,
            organisation=organisation, is_example=True, **values,
        )  # fmt: skip

    def some(self, share: float) -> bool:
        return self.random.random() < share


def load() -> dict[str, int]:
    """Nothing where the demo's people are there already."""
    facts = fixtures.parameters("partners")
    city = AdminArea.objects.by_code(facts["city"])
    if city is None or Responder.objects.filter(is_example=True).exists():
        return {"responders": 0, "trainings": 0, "agreements": 0, "machines": 0, "call tests": 0}
    make, today = Maker(facts), timezone.localdate()
    towns = list(AdminArea.objects.towns().filter(parent=city).order_by("mois_code"))
    partners = _partners(make, towns)
    for town in towns:
        _people(make, town, [each for each in partners if each.area_id == town.pk])
    made = {
        "trainings": _trainings(make, towns, today) + _course(make, city, towns, today),
        "agreements": sum(_agreement(make, each, today) for each in partners),
        "machines": sum(_machines(make, each) for each in partners),
        "call tests": sum(_calls(make, each, today) for each in partners),
    }
    return {"responders": Responder.objects.filter(is_example=True).count(), **made}


def _partners(make: Maker, towns: list[AdminArea]) -> list[Organisation]:
    found = Organisation.objects.live().filter(is_example=True, kind__in=PARTNER_KINDS, area__in=towns)
    kinds = set(found.values_list("kind", flat=True))
    for row in make.facts["organisations"]:
        if row["kind"] not in kinds:
            make.number += 1
            Organisation.objects.create(
                **row, area=make.random.choice(towns), is_example=True, contact_name="견본 담당",
                contact_phone=make.facts["phone"].format(number=make.number),
            )  # fmt: skip
    return list(found.select_related("area").order_by("pk"))


def _people(make: Maker, town: AdminArea, partners: list[Organisation]) -> None:
    """The official calls the keeper, heads and village heads; these call their people."""
    numbers = {duty: make.random.randint(*most) for duty, most in make.facts["people"].items()}
    official = make.person(town, Duty.OFFICIAL)
    for _number in range(numbers["keeper"]):
        make.person(town, Duty.KEEPER, called_by=official)
    heads = [make.person(town, Duty.VILLAGE_HEAD, called_by=official) for _number in range(numbers["village_head"])]
    leaders = [make.person(town, Duty.HEAD, each, called_by=official) for each in partners]
    for leader in leaders:
        duty = (
            Duty.OPERATOR if leader.organisation and leader.organisation.kind == "machinery_owner" else Duty.VOLUNTEER
        )
        make.person(town, duty, leader.organisation, called_by=leader, is_available=make.some(0.9))
    for number in range(numbers["volunteer"]):
        make.person(town, Duty.VOLUNTEER, called_by=heads[number % len(heads)])


def _trainings(make: Maker, towns: list[AdminArea], today: date) -> int:
    classes = {each.code: each for each in ItemClass.objects.live()}
    people = {town.pk: list(Responder.objects.filter(is_example=True, area=town).order_by("pk")) for town in towns}
    planned, exercise = make.facts["planned"], make.facts["exercise"]
    rows = [(row, TrainingKind.USE) for row in (*make.facts["trainings"], planned)]
    made = 0
    for row, kind in [*rows, (exercise, TrainingKind.EXERCISE)]:
        for town in towns:
            if not make.some(row["towns"]):
                continue
            days = row["days_ahead"] if "days_ahead" in row else -row["days_ago"]
            held = Training.objects.create(
                title=f"{town.name} {row['title']}", kind=kind, item_class=classes.get(row.get("class", "")), area=town,
                held_on=today + timedelta(days=days + make.random.randint(-9, 9)), hours=row["hours"],
                place=f"{town.name} 주민센터(예시)", instructor="예시 장비 교육팀", is_example=True,
            )  # fmt: skip
            made += 1
            came = [each for each in people[town.pk] if make.some(row.get("share", 0))]
            Attendance.objects.bulk_create(Attendance(training=held, responder=each) for each in came)
    return made


def _course(make: Maker, city: AdminArea, towns: list[AdminArea], today: date) -> int:
    row = make.facts["course"]
    held = Training.objects.create(
        title=row["title"], kind=TrainingKind.COURSE, area=city, held_on=today - timedelta(days=row["days_ago"]),
        hours=row["hours"], instructor="예시 교육원", is_example=True,
    )  # fmt: skip
    keepers = Responder.objects.filter(is_example=True, area__in=towns, duty=Duty.KEEPER).order_by("pk")
    Attendance.objects.bulk_create(Attendance(training=held, responder=each) for each in keepers if make.some(0.7))
    return 1


def _agreement(make: Maker, partner: Organisation, today: date) -> int:
    words, drawn = make.facts["agreement"], make.random.random()
    if partner.area is None:
        return 0
    for row in make.facts["agreements"]:
        drawn -= row["share"]
        if drawn < 0:
            signed = today + timedelta(days=row["signed"] + make.random.randint(-20, 20))
            until = (
                None if row["until"] is None else today + timedelta(days=row["until"] + make.random.randint(-15, 15))
            )
            Agreement.objects.create(
                title=words["title"].format(partner=partner.name), organisation=partner, area=partner.area,
                signed_on=signed, valid_from=signed, valid_until=until, terms=words["terms"],
                our_contact=words["contact"], is_example=True,
            )  # fmt: skip
            return 1
    return 0


def _machines(make: Maker, partner: Organisation) -> int:
    kinds = make.facts["machines_of"]
    if partner.kind not in kinds or partner.area is None:
        return 0
    rows = make.facts["machines"]
    number = 2 if partner.kind == "machinery_owner" else 1
    place = partner.location or partner.area.geometry.point_on_surface
    driver = Responder.objects.filter(organisation=partner, duty=Duty.OPERATOR).first()
    for row in make.random.sample(rows, number):
        off = [make.random.uniform(-MOST_METRES, MOST_METRES) for _axis in range(2)]
        spot = Point(place.x + off[0], place.y + off[1], srid=STORAGE_SRID)
        Machine.objects.create(
            **row, organisation=partner, area=AdminArea.objects.containing(spot) or partner.area, location=spot,
            operator=driver, availability=make.random.choice(Availability.values), is_example=True,
        )  # fmt: skip
    return number


def _calls(make: Maker, partner: Organisation, today: date) -> int:
    rules = make.facts["calls"]
    if not make.some(rules["called"]):
        return 0
    days = make.random.randint(*rules["long_days" if make.some(rules["long_ago"]) else "days_ago"])
    reached = make.some(rules["reached"])
    at = datetime.combine(today - timedelta(days=days), time(make.random.randint(9, 17), 10))
    CallTest.objects.create(
        organisation=partner, responder=Responder.objects.filter(organisation=partner).order_by("pk").first(),
        called_at=timezone.make_aware(at), was_reached=reached,
        minutes=make.random.choice(rules["minutes"]) if reached else None, note="예시" if reached else "",
    )  # fmt: skip
    return 1
