"""Invented visits with small drawn photos, their reviews, gradings and blind pairs (``fixtures/visits.yaml``)."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image, ImageDraw

from gis_core.demo import fixtures
from gis_core.files import store
from gis_core.models import AdminArea, User
from gis_core.models.files import Attachment, AttachmentKind
from vacanthouses import grading
from vacanthouses.models import (
    Assignment,
    BlindPair,
    Campaign,
    Crew,
    RuleKind,
    SurveyStep,
    VacantHouse,
    Visit,
    VisitState,
)
from vacanthouses.services import blind, reviews
from vacanthouses.services.review_facts import VISITS
from vacanthouses.services.rules import in_force

FAR_M, NEAR_M = 400, 12
SIZE = (480, 360)
ANSWERS = ("good", "fair", "poor", "bad")


def load() -> dict[str, int]:
    """Needs houses, rule tables, a round and its crews; makes nothing where visits are there or these are not."""
    campaign = Campaign.objects.filter(is_example=True, stage="open").order_by("pk").first()
    parameters = fixtures.parameters("visits")
    manager = User.objects.filter(username=parameters["manager"]).first()
    if campaign is None or manager is None or Visit.objects.filter(is_example=True).exists():
        return {"visits": 0}
    random = Random(parameters["seed"])  # noqa: S311
    visits = [
        visit
        for who in parameters["surveyors"]
        for visit in _of_surveyor(who, campaign, parameters, random)
    ]  # fmt: skip
    _photos(visits, parameters, random)
    _decide(visits, manager, parameters)
    seconds = _blind(campaign, manager, parameters, random)
    return {"visits": len(visits) + len(seconds)}


def _of_surveyor(
    who: dict[str, Any], campaign: Campaign, parameters: dict[str, Any], random: Random
) -> Iterator[Visit]:
    surveyor = User.objects.get(username=who["username"])
    areas = [AdminArea.objects.by_code(code) for code in who["areas"]]
    free = VacantHouse.objects.live().filter(
        is_example=True, area__in=[area for area in areas if area], regime=campaign.regime
    )
    houses = list(free.exclude(visits__is_example=True).order_by("area__mois_code", "pk")[: 3 * who["visits"]])
    random.shuffle(houses)
    crew = Crew.objects.filter(is_example=True, members=surveyor).order_by("pk").first()
    times = _times(parameters, random)
    for house in houses[: who["visits"]]:
        yield _visit(house, surveyor, crew, campaign, next(times), parameters, random)


def _times(parameters: dict[str, Any], random: Random) -> Iterator[datetime]:
    """From nine o'clock on, some houses a day; now and then two in no time."""
    day = timezone.localtime() - timedelta(days=parameters["begins_days_ago"])
    number = 0
    while True:
        at = day.replace(hour=9, minute=0, second=0, microsecond=0)
        for _visit_of_day in range(parameters["visits_a_day"]):
            number += 1
            hurried = number % parameters["hurried_every"] == 0
            at += timedelta(minutes=2 if hurried else random.randint(*parameters["minutes_apart"]))
            yield at
        day += timedelta(days=1)


def _visit(
    house: VacantHouse, surveyor: User, crew: Crew | None, campaign: Campaign, at: datetime,
    parameters: dict[str, Any], random: Random,
) -> Visit:  # fmt: skip
    outcome = _drawn(parameters["outcomes"], random)
    # Who can see the house looks at what its grade is made of, too.
    step = SurveyStep.GRADING if outcome == "surveyed" else campaign.step
    assignment = Assignment.objects.filter(
        campaign=campaign, house=house, step=campaign.step, is_blind=False, retired_at=None
    ).first()
    if assignment is not None:
        Assignment.objects.filter(pk=assignment.pk).update(done_at=at)
    return Visit.objects.create(
        house=house,
        campaign=campaign,
        assignment=assignment,
        area=house.area,
        surveyor=surveyor,
        crew=crew,
        step=step,
        state=VisitState.SUBMITTED,
        outcome=outcome,
        reason=random.choice(parameters["reasons"][outcome]) if outcome in parameters["reasons"] else "",
        form=in_force(RuleKind.FORM, campaign.regime, at.date(), key=step),
        answers=_answers(house, at, parameters, random) if outcome == "surveyed" else {},
        note=random.choice(parameters["notes"]),
        visited_at=at,
        device_time=at,
        received_at=at + timedelta(hours=random.uniform(1, 9)),
        location=_near(house.location, NEAR_M, random),
        accuracy_m=round(random.uniform(4, 18), 1),
        created_by=surveyor,
        updated_by=surveyor,
        is_example=True,
    )


def _answers(house: VacantHouse, at: datetime, parameters: dict[str, Any], random: Random) -> dict[str, str]:
    table = in_force(RuleKind.GRADING, house.regime, at.date())
    if table is None:
        return {}
    conditions = parameters["conditions"]
    condition = _drawn({name: facts["weight"] for name, facts in conditions.items()}, random)
    weights = conditions[condition]["answers"]
    return {"entered": "inside"} | {item.id: _drawn(weights, random) for item in grading.read(table.body).items}


def _photos(visits: list[Visit], parameters: dict[str, Any], random: Random) -> None:
    """One photo each; some taken far away, some used for two houses."""
    attachments, former = [], b""
    for number, visit in enumerate(visits, start=1):
        again = former and number % parameters["reused_photo_every"] == 0
        data = former if again else _drawing(number, visit, random)
        reach = FAR_M if number % parameters["far_photo_every"] == 0 else NEAR_M
        attachments.append(_kept(visit, data, _near(visit.house.location, reach, random)))
        former = data
    Attachment.objects.bulk_create(attachments)


def _drawing(number: int, visit: Visit, random: Random) -> bytes:
    """A house of two colours under a sky, the worse the more crooked; the number makes it this visit's own."""
    picture = Image.new("RGB", SIZE, (150 + random.randrange(60), 190, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, *SIZE), fill=(110, 140 + random.randrange(40), 80))
    wall, roof = (200 + random.randrange(40), 190, 160), (120 + random.randrange(80), 70, 50)
    lean = 25 if "bad" in visit.answers.values() else random.randrange(8)
    draw.polygon([(130, 290), (130 + lean, 170), (350 + lean, 170), (350, 290)], fill=wall)
    draw.polygon([(100 + lean, 172), (240 + 2 * lean, 90), (380 + lean, 172)], fill=roof)
    draw.rectangle((220, 220, 260, 290), fill=(90, 60, 40))
    draw.text((12, 336), f"demo {number}", fill=(255, 255, 255))
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def _kept(visit: Visit, data: bytes, place: Point) -> Attachment:
    sha256 = hashlib.sha256(data).hexdigest()
    # A drawing holds nothing private, and is as small as a preview: the copies are the same.
    store.keep(sha256, BytesIO(data), {store.SHOWN: data, store.THUMBNAIL: data})
    return Attachment(
        layer=VISITS,
        record_id=visit.pk,
        kind=AttachmentKind.PHOTO,
        name="house.jpg",
        caption="정면",
        media_type="image/jpeg",
        size=len(data),
        sha256=sha256,
        width=SIZE[0],
        height=SIZE[1],
        uploaded_by=visit.surveyor,
        taken_at=visit.visited_at + timedelta(minutes=3),
        taken_place=place,
    )


def _decide(visits: list[Visit], manager: User, parameters: dict[str, Any]) -> None:
    for number, visit in enumerate(visits, start=1):
        if number % parameters["returned_every"] == 0:
            comment = parameters["comments"][number % len(parameters["comments"])]
            reviews.send_back(visit, manager, visit.version, comment)
        elif number % 10 < parameters["decided_of_ten"]:
            reviews.accept(visit, manager, visit.version)


def _blind(campaign: Campaign, manager: User, parameters: dict[str, Any], random: Random) -> list[Visit]:
    """A sample drawn as a manager would, most of it visited again: mostly the same answers, some another."""
    facts = parameters["blind"]
    crews = list(Crew.objects.filter(is_example=True, members__isnull=False).distinct().order_by("pk"))
    pairs = blind.draw(campaign, manager, facts["percent"], facts["seed"], crews)
    return [
        _second(pair, facts, random)
        for number, pair in enumerate(pairs)
        if number % 10 < facts["visited_of_ten"]
    ]  # fmt: skip


def _second(pair: BlindPair, facts: dict[str, Any], random: Random) -> Visit:
    first, crew = pair.first, pair.assignment.crew
    assert crew is not None
    answers = {
        name: random.choice(ANSWERS) if value in ANSWERS and random.randrange(facts["changed_one_in"]) == 0 else value
        for name, value in first.answers.items()
    }
    at = first.visited_at + timedelta(days=2, hours=1)
    surveyor = crew.members.order_by("pk").first()
    assert surveyor is not None
    Assignment.objects.filter(pk=pair.assignment_id).update(done_at=at)
    visit = Visit.objects.create(
        house=first.house, campaign=pair.campaign, assignment=pair.assignment, area=first.area, surveyor=surveyor,
        crew=crew, step=first.step, state=VisitState.SUBMITTED, outcome=first.outcome, form=first.form,
        answers=answers, visited_at=at, device_time=at, received_at=at + timedelta(hours=4),
        location=_near(first.house.location, NEAR_M, random), accuracy_m=9, created_by=surveyor, updated_by=surveyor,
        is_example=True,
    )  # fmt: skip
    blind.pair_second(visit)
    return visit


def _near(place: Point, metres: float, random: Random) -> Point:
    """A place within, or for a long way about, so many metres."""
    far = metres if metres > NEAR_M else random.uniform(-metres, metres)
    return Point(place.x + far, place.y + random.uniform(-NEAR_M, NEAR_M), srid=place.srid)


def _drawn(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
