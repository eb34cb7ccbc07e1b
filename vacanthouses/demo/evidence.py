"""Invented readings and signs for the demo houses, and the first survey round's screening by them."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from gis_core.demo import fixtures
from gis_core.models import AdminArea
from vacanthouses.models import (
    Campaign,
    CampaignStage,
    Evidence,
    Exclusion,
    Meter,
    ReadingBatch,
    Regime,
    RuleKind,
    VacantHouse,
)
from vacanthouses.services import rules
from vacanthouses.services.screening import screen

NAME = "readings-example.csv"


def load() -> dict[str, int]:
    if ReadingBatch.objects.filter(name=NAME).exists():
        return {"meters": 0, "candidates": 0}
    parameters = fixtures.parameters("readings")
    random = Random(parameters["seed"])  # noqa: S311
    batch = ReadingBatch.objects.create(name=NAME, source="예시 (example)")
    areas = [area for code in parameters["areas"] if (area := AdminArea.objects.by_code(code))]
    houses = VacantHouse.objects.live().filter(area__in=areas, is_example=True).order_by("pk")
    meters: list[Meter] = []
    for house in houses:
        _house(house, parameters, random, batch, meters)
    for number in range(parameters["lived_in"]):
        meters += _lived_in(areas[number % len(areas)], number, parameters, random, batch)
    Meter.objects.bulk_create(meters)
    return {"meters": len(meters), "candidates": _screening()}


def _house(
    house: VacantHouse, parameters: dict[str, Any], random: Random, batch: ReadingBatch, meters: list[Meter]
) -> None:
    kept = "low" if random.random() < parameters["empty"] else "usual"
    made = [_meter(kind, house.pnu, house.area, parameters, random, batch, kept) for kind in ("power", "water")]
    for meter in made:
        meter.address, meter.location = house.address, house.location
    if kept == "low":
        some_time_ago = timezone.localdate() - timedelta(days=random.randrange(100, 900))
        if random.random() < parameters["removed"]:
            _remove(made[0], some_time_ago)
        made[1].cut_off_on = some_time_ago if random.random() < parameters["water_cut"] else None
    meters += made
    place = {"pnu": house.pnu, "batch": batch}
    for code in ("solar_pv", "mail_pile"):
        if random.random() < parameters["pv" if code == "solar_pv" else code]:
            Evidence.objects.create(code=code, area=house.area, location=house.location, **place)
    if random.random() < parameters["excluded"]:
        Exclusion.objects.create(code=random.choice(["public_rental", "second_home"]), **place)


def _remove(meter: Meter, day: date) -> None:
    """A meter gives no readings from the month on in which it was taken away."""
    meter.removed_on = day
    left = (day.year - meter.first_month.year) * 12 + day.month - meter.first_month.month
    meter.usage = [use if month < left else None for month, use in enumerate(meter.usage)]


def _lived_in(
    area: AdminArea, number: int, parameters: dict[str, Any], random: Random, batch: ReadingBatch
) -> list[Meter]:
    # Lots from 8001 on are none of the demo houses'.
    pnu = f"{area.mois_code[:8]}211{8001 + number:04d}0000"
    return [_meter(kind, pnu, area, parameters, random, batch, "usual") for kind in ("power", "water")]


def _meter(
    kind: str, pnu: str, area: AdminArea | None, parameters: dict[str, Any], random: Random, batch: ReadingBatch,
    level: str,
) -> Meter:  # fmt: skip
    low, high = parameters[level][kind]
    known = [random.random() >= parameters["missing"] for _month in range(parameters["months"])]
    use = [round(random.uniform(low, high), 1) if there else None for there in known]
    today = timezone.localdate()
    first = today.year * 12 + today.month - 1 - len(use)
    return Meter(
        kind=kind, number=f"EX-{kind}-{pnu}", pnu=pnu, area=area, usage=use, batch=batch,
        first_month=date(first // 12, first % 12 + 1, 1),
    )  # fmt: skip


def _screening() -> int:
    """Of the first rural round under way, where there is one; how many candidates."""
    rounds = Campaign.objects.live().filter(is_example=True, stage=CampaignStage.OPEN, regime=Regime.RURAL)
    campaign, table = rounds.order_by("pk").first(), rules.in_force(RuleKind.SCREENING, Regime.RURAL)
    return screen(campaign, table).candidates.count() if campaign and table else 0
