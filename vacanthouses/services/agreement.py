"""Agreement of blind pairs, by question and by first surveyor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vacanthouses import grading as rules
from vacanthouses.agreement import Agreement, agreement
from vacanthouses.models import BlindPair, RuleKind, RuleTable
from vacanthouses.words.answers import Answered, answered, in_language

from .rules import in_force


@dataclass(frozen=True)
class Row:
    title: str
    agreement: Agreement
    is_ordered: bool = False


@dataclass(frozen=True)
class Found:
    items: list[Row]
    surveyors: list[Row]


def of_pairs(pairs: Iterable[BlindPair]) -> Found:
    """Only questions that both visits answered with something known count. Items of the grading table have an order."""
    by_item: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    by_surveyor: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    titles: dict[str, str] = {}
    tables: dict[str, rules.GradingTable | None] = {}
    orders: dict[str, list[str]] = {}
    for pair in pairs:
        if pair.second is None:
            continue
        table = _table(pair, tables)
        of_pair = _orders(table)
        orders |= of_pair
        titles |= {item.id: in_language(item.title) for item in table.items} if table else {}
        for each in answered(pair.first.form, pair.first.answers):
            both = _both(each, pair.second.answers, of_pair)
            if both is not None:
                titles.setdefault(each.question.id, each.question.title)
                by_item[each.question.id].append(both)
                if each.question.id in of_pair:
                    by_surveyor[pair.first.surveyor].append(both)
    order = next(iter(orders.values()), [])
    items = [
        Row(titles[name], agreement(found, orders.get(name, ())), name in orders) for name, found in by_item.items()
    ]
    people = sorted(by_surveyor.items(), key=lambda each: str(each[0]))
    return Found(items, [Row(str(person), agreement(found, order), bool(order)) for person, found in people])


def _table(pair: BlindPair, known: dict[str, rules.GradingTable | None]) -> rules.GradingTable | None:
    regime = pair.first.house.regime
    if regime not in known:
        table: RuleTable | None = in_force(RuleKind.GRADING, regime, pair.first.visited_at.date())
        known[regime] = rules.read(table.body) if table else None
    return known[regime]


def _orders(table: rules.GradingTable | None) -> dict[str, list[str]]:
    """Answers of each item from the best to the worst."""
    return {item.id: sorted(item.points, key=item.points.__getitem__) for item in table.items} if table else {}


def _both(each: Answered, second: Any, orders: dict[str, list[str]]) -> tuple[Any, Any] | None:
    """The two answers; None for free text and where one of the two says nothing."""
    name, other = each.question.id, second.get(each.question.id)
    known = orders.get(name) or list(each.question.options)
    if not known:
        return None
    if not isinstance(each.value, str) or not isinstance(other, str):
        return None
    return (each.value, other) if each.value in known and other in known else None
