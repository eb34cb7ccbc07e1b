"""Ranking the vacant houses of somebody's areas by the danger to their neighbours."""

from dataclasses import dataclass

from django.db.models import QuerySet

from vacanthouses import risk as rules
from vacanthouses.models import VacantHouse

from . import house_facts


@dataclass(frozen=True)
class Ranked:
    rank: int
    house: VacantHouse
    danger: rules.Danger


def rank(houses: "QuerySet[VacantHouse]") -> list[Ranked]:
    """The greatest known danger first; of equal ones that of which more is unknown."""
    found = [(facts.house, rules.explain(facts.for_risk())) for facts in house_facts.gather(houses)]
    found.sort(key=lambda each: (-each[1].score, -each[1].most, each[0].pk))
    return [Ranked(number, house, danger) for number, (house, danger) in enumerate(found, start=1)]
