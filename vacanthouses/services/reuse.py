"""Matching the vacant houses of somebody's areas with kinds of reuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from vacanthouses import reuse as rules
from vacanthouses.models import Regime, RuleKind, RuleTable, VacantHouse
from vacanthouses.rule_reading import BadRule

from . import house_facts
from .rules import in_force


@dataclass(frozen=True)
class Matched:
    """A house with its matches in the order of the kinds; ``table`` is the one they were made by."""

    house: VacantHouse
    matches: list[rules.Match]
    table: "Edition"

    @property
    def best(self) -> rules.Match:
        return rules.best(self.matches)

    def of(self, kind: str) -> rules.Match:
        return next(match for match in self.matches if match.kind == kind)


@dataclass(frozen=True)
class Edition:
    """The table in force for a regime, as a row and as read; both None where there is none that can be read."""

    row: RuleTable | None
    table: rules.ReuseTable | None


def editions() -> Mapping[str, Edition]:
    """By regime."""
    return {regime: edition(regime) for regime in Regime.values}


def edition(regime: str) -> Edition:
    row = in_force(RuleKind.REUSE, regime)
    try:
        return Edition(row, rules.read(row.body)) if row is not None else Edition(None, None)
    except BadRule:
        return Edition(None, None)


def match_all(houses: "QuerySet[VacantHouse]") -> list[Matched]:
    """Every kind for every house, the most promising house first. As many statements as ``house_facts.gather`` + 2."""
    tables = editions()
    found = [_matched(facts, tables[facts.house.regime]) for facts in house_facts.gather(houses)]
    return sorted(found, key=lambda each: (rules.rank(each.best), each.house.pk))


def match_house(house: VacantHouse) -> Matched:
    [facts] = house_facts.gather(VacantHouse.objects.filter(pk=house.pk).select_related("area"))
    return _matched(facts, edition(house.regime))


def _matched(facts: house_facts.HouseFacts, found: Edition) -> Matched:
    told = facts.for_reuse()
    return Matched(facts.house, [rules.explain(found.table, kind, told) for kind in rules.KINDS], found)


def kept(matched: Matched, kind: str) -> dict[str, Any]:
    """The match of one kind as a measure keeps it, with the edition it was made by."""
    row = matched.table.row
    return {**matched.of(kind).kept(), "table": row.pk if row else None}


def table_of(kept: Mapping[str, Any]) -> rules.ReuseTable | None:
    """The edition by which a kept match was made; None where it can no longer be read."""
    row = RuleTable.objects.filter(pk=kept.get("table") or 0).first()
    try:
        return rules.read(row.body) if row is not None else None
    except BadRule:
        return None
