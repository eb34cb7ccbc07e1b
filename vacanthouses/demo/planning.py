"""Invented owners, and one improvement plan for each demo county (``fixtures/planning.yaml``)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from gis_core.demo import fixtures
from gis_core.models import AdminArea, User
from vacanthouses.models import (
    HouseStatus,
    ImprovementPlan,
    Measure,
    MeasureState,
    Owner,
    VacantHouse,
)
from vacanthouses.services import measures, plans, reuse


def load() -> dict[str, int]:
    """Needs houses, rule tables and the manager's account; makes nothing where a plan is there or these are not."""
    parameters = fixtures.parameters("planning")
    manager = User.objects.filter(username=parameters["manager"]).first()
    if manager is None or ImprovementPlan.objects.filter(is_example=True).exists():
        return {"improvement plans": 0, "measures": 0, "owners": 0}
    owners = _Owners(parameters["owners"])
    for facts in parameters["plans"]:
        _plan(facts, parameters, manager, owners)
    return {
        "improvement plans": len(parameters["plans"]),
        "measures": Measure.objects.filter(is_example=True).count(),
        "owners": Owner.objects.filter(house__is_example=True).count(),
    }


class _Owners:
    """Gives houses owners, one name after the other."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.day = timezone.localdate() - timedelta(days=facts["agreed_days_ago"])
        self.names, self.addresses = cycle(facts["names"]), cycle(facts["addresses"])
        self.number = 0

    def give(self, house: VacantHouse, agreed: list[bool]) -> None:
        for agrees in agreed:
            self.number += 1
            Owner.objects.create(
                house=house,
                name=next(self.names),
                phone=f"010-0000-{self.number:04d}",
                address=next(self.addresses),
                share="" if len(agreed) == 1 else f"1/{len(agreed)}",
                publication_consent_on=self.day if agrees and len(agreed) == 1 else None,
                reuse_consent_on=self.day if agrees else None,
                note="예시 소유자 (지어낸 사람)",
            )


def _plan(facts: dict[str, Any], parameters: dict[str, Any], manager: User, owners: _Owners) -> None:
    today = timezone.localdate()
    area = AdminArea.objects.by_code(facts["area"])
    assert area is not None, facts["area"]
    plan = ImprovementPlan.objects.create(
        name=f"{today.year}년 {facts['name']}", area=area, year=today.year, note=facts["note"], is_example=True
    )
    below = AdminArea.objects.descendant_ids([area.pk])
    houses = VacantHouse.objects.live().filter(
        area__in=sorted(below), is_example=True, status=HouseStatus.CONFIRMED, owners=None
    )
    for rule in parameters["measures"]:
        chosen = houses.filter(grade__in=rule["grades"], measures=None).order_by("area__mois_code", "pk")
        made = list(_reuses(plan, rule, chosen, manager, owners) if "uses" in rule else _others(plan, rule, chosen))
        _carry_on(made, rule, manager, today)
    patterns = cycle(owners.facts["patterns"])
    for house in houses.order_by("pk")[: owners.facts["houses"]]:
        owners.give(house, next(patterns))
    for step, days in facts["steps"].items():
        plans.take(plan, manager, step, today - timedelta(days=days))


def _others(plan: ImprovementPlan, rule: dict[str, Any], houses: Any) -> Iterator[Measure]:
    for house in houses[: rule["number"]]:
        yield Measure.objects.create(
            plan=plan, house=house, area=house.area, kind=rule["kind"], location=house.location, is_example=True
        )


def _reuses(
    plan: ImprovementPlan, rule: dict[str, Any], houses: Any, manager: User, owners: _Owners
) -> Iterator[Measure]:
    """For each use a house that suits it, whose owner agrees."""
    # Those of which more is known first.
    free = sorted(houses[:60], key=lambda house: house.parcel is None)
    for use in rule["uses"]:
        house = next((each for each in free if _suits(each, use)), None)
        if house is not None:
            free.remove(house)
            owners.give(house, [True])
            yield measures.add(plan, manager, house, rule["kind"], use)


def _suits(house: VacantHouse, use: str) -> bool:
    """Whether nothing but the missing consent stands against it."""
    match = reuse.match_house(house).of(use)
    return all(gate.state != "fail" for gate in match.gates)


def _carry_on(made: list[Measure], rule: dict[str, Any], manager: User, today: date) -> None:
    """Costs for all of them; the first are done, the next under way, the rest planned for the coming months."""
    done = rule["done"]
    for number, measure in enumerate(made):
        for line in rule["costs"]:
            measures.add_cost(measure, manager, line)
        planned = today + timedelta(days=30 * (number + 1))
        is_next = done["number"] <= number < done["number"] + rule["under_way"]
        state = MeasureState.UNDER_WAY if is_next else MeasureState.PLANNED
        Measure.objects.filter(pk=measure.pk).update(planned_on=planned, state=state)
        measure.refresh_from_db()
        if number < done["number"]:
            day = today - timedelta(days=12)
            measures.finish(measure, manager, measure.version, day, done["outcome"], done["living_population"])
