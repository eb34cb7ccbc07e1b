"""Why a house has its grade, in words: every item with what it did to the score, and what overruled the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from vacanthouses import grading as rules
from vacanthouses.models import Grade, Grading
from vacanthouses.rule_reading import BadRule

from .answers import in_language


@dataclass(frozen=True)
class Line:
    """One item. ``effect`` is in points of the score, empty for what is not known."""

    group: str
    title: str
    answer: str
    points: str
    share: str
    effect: str


@dataclass(frozen=True)
class Told:
    lines: list[Line]
    overruled: list[str]
    unknown: str


def _number(value: float | None, places: int = 1) -> str:
    return "" if value is None else formats.number_format(value, places)


def lines_of(grading: Grading) -> Told:
    """A kept grading in words. A table that can no longer be read still tells its items by their names."""
    try:
        table = rules.read(grading.table.body)
    except BadRule:
        table = None
    return told(table, grading.items)


def told(table: rules.GradingTable | None, kept: list[dict[str, Any]]) -> Told:
    items = {item.id: item for item in table.items} if table else {}
    lines, overruled, unknown = [], [], 0.0
    for row in kept:
        if "knock_out" in row:
            overruled.append(_overruled(table, row))
            continue
        item = items.get(row["item"])
        lines.append(_line(table, item, row))
        if row["share"] is None and item and table:
            unknown += item.weight / sum(each.weight for each in table.items)
    share = _("%(share)s %% of the weight is not known and was left out.") % {"share": _number(100 * unknown, 0)}
    return Told(lines, overruled, share if unknown else "")


def _line(table: rules.GradingTable | None, item: rules.Item | None, row: Mapping[str, Any]) -> Line:
    answers = table.answers if table else {}
    answer = in_language(answers.get(row["answer"])) or row["answer"]
    known = row["points"] is not None
    return Line(
        group=in_language(table.groups[item.group]) if table and item else "",
        title=in_language(item.title) if item else row["item"],
        answer=answer or _("not answered"),
        points=f"{_number(row['points'], 0)} / {_number(row['max'], 0)}" if known else "",
        share=f"{_number(100 * row['share'], 1)} %" if known else "",
        effect=f"+{_number(row['effect'])}" if known else "",
    )


def _overruled(table: rules.GradingTable | None, row: Mapping[str, Any]) -> str:
    found = [
        rule
        for rule in (table.knock_outs if table else ())
        if (rule.item, rule.answer, rule.at_least) == (row["knock_out"], row["answer"], row["at_least"])
    ]
    why = in_language(found[0].title) if found else row["knock_out"]
    return _("%(why)s: at least %(grade)s") % {"why": why, "grade": Grade(row["at_least"]).label}


def reasons(table: rules.GradingTable, found: rules.Explanation) -> str:
    """The three items that weigh most, and what overruled them, in one line."""
    said = told(table, found.kept())
    by_effect = sorted((each for each in found.items if each.effect), key=lambda each: -(each.effect or 0))[:3]
    titles = {item.id: item for item in table.items}
    parts = [f"{in_language(titles[each.item].title)} +{_number(each.effect)}" for each in by_effect]
    score = "–" if found.score is None else _number(found.score)
    return "; ".join([_("score %(score)s") % {"score": score}, *parts, *said.overruled])
