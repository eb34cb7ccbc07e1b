"""Grading a vacant house by a loadable table, with the effect of every item (시행령 §8의2). Pure.

The official item weights (별지 4) are not public here: tables are data with a source. The score is a sum of defects:
0 where every item got its best answer, 100 where every item got its worst.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from vacanthouses.rule_reading import BadRule, at, mapping, number, sequence, text, titles

# What a house is called that the answers do not suffice to grade.
NOT_GRADED = "none"
GRADES = frozenset({"1", "2", "3", "4", "ordinary", "specific"})


@dataclass(frozen=True)
class Item:
    """A question that counts. ``points`` by answer: 0 is the best; an answer without points tells nothing."""

    id: str
    group: str
    title: Mapping[str, str]
    weight: float
    points: Mapping[str, float]

    @property
    def most(self) -> float:
        return max(self.points.values())


@dataclass(frozen=True)
class KnockOut:
    """An answer (or a worse one) to one item, after which the grade is ``at_least`` as bad, whatever the score."""

    item: str
    answer: str
    at_least: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class Limits:
    """From where on a reviewer is told: metres, metres, minutes, minutes, metres."""

    photo_distance_m: float
    accuracy_m: float
    photo_minutes: float
    shortest_minutes: float
    neighbour_m: float


@dataclass(frozen=True)
class GradingTable:
    """``grades`` from the best to the worst; ``cutoffs`` the score from which each of them is given."""

    grades: tuple[str, ...]
    groups: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, Mapping[str, str]]
    items: tuple[Item, ...]
    cutoffs: tuple[float, ...]
    knock_outs: tuple[KnockOut, ...]
    # The share of weight (0 to 1) that may be unknown before no grade is given.
    most_unknown: float
    review: Limits | None


@dataclass(frozen=True)
class Effect:
    """What one item did. ``share`` is its part (0 to 1) of the weight that was answered, ``effect`` its part of the
    score; all are null for an item about which nothing is known: it is left out, neither good nor bad."""

    item: str
    answer: str
    points: float | None
    max: float
    share: float | None
    effect: float | None


@dataclass(frozen=True)
class Explanation:
    """``by_score`` is the grade before knock-outs; ``best`` and ``worst`` what unknown items could make of it."""

    score: float | None
    grade: str
    by_score: str
    items: tuple[Effect, ...]
    knock_outs: tuple[KnockOut, ...]
    missing: tuple[str, ...]
    unknown_share: float
    best: str
    worst: str

    def kept(self) -> list[dict[str, Any]]:
        """The items as ``Grading.items`` keeps them: one line each, and one for every knock-out."""
        lines: list[dict[str, Any]] = [asdict(effect) for effect in self.items]
        lines += [
            {"knock_out": rule.item, "answer": rule.answer, "at_least": rule.at_least} for rule in self.knock_outs
        ]
        return lines


def explain(table: GradingTable, answers: Mapping[str, Any]) -> Explanation:
    """The grade of a house by its answers (item id to answer).

    Unknown items are left out, their share told; where more than ``most_unknown`` is unknown there is no grade, unless
    a knock-out decides for the worst one. A worse answer never gives a better grade.
    """
    whole = sum(item.weight for item in table.items)
    known = [item for item in table.items if _points(item, answers) is not None]
    weight = sum(item.weight for item in known)
    effects = tuple(_effect(item, answers, weight) for item in table.items)
    score = sum(each.effect or 0 for each in effects) if weight else None
    unknown = 1 - weight / whole
    hit = tuple(rule for rule in table.knock_outs if _hits(table, rule, answers))
    by_score = NOT_GRADED if score is None or unknown > table.most_unknown + 1e-9 else _by_score(table, score)
    floor = max((table.grades.index(rule.at_least) for rule in hit), default=0)
    return Explanation(
        score=score,
        grade=_worse(table, by_score, floor),
        by_score=by_score,
        items=effects,
        knock_outs=hit,
        missing=tuple(item.id for item in table.items if _points(item, answers) is None),
        unknown_share=unknown,
        best=_supposing(table, answers, best=True),
        worst=_supposing(table, answers, best=False),
    )


def _points(item: Item, answers: Mapping[str, Any]) -> float | None:
    answer = answers.get(item.id)
    return item.points.get(answer) if isinstance(answer, str) else None


def _effect(item: Item, answers: Mapping[str, Any], weight: float) -> Effect:
    points, answer = _points(item, answers), answers.get(item.id)
    told = answer if isinstance(answer, str) else ""
    if points is None:
        return Effect(item.id, told, None, item.most, None, None)
    share = item.weight / weight
    return Effect(item.id, told, points, item.most, share, 100 * share * points / item.most)


def _hits(table: GradingTable, rule: KnockOut, answers: Mapping[str, Any]) -> bool:
    item = next(item for item in table.items if item.id == rule.item)
    points = _points(item, answers)
    return points is not None and points >= item.points[rule.answer]


def _by_score(table: GradingTable, score: float) -> str:
    # Sums of fractions miss a round cut-off by a hair.
    return table.grades[sum(score >= cutoff - 1e-9 for cutoff in table.cutoffs) - 1]


def _worse(table: GradingTable, grade: str, floor: int) -> str:
    if grade == NOT_GRADED:
        return table.grades[-1] if floor == len(table.grades) - 1 else NOT_GRADED
    return table.grades[max(table.grades.index(grade), floor)]


def _supposing(table: GradingTable, answers: Mapping[str, Any], *, best: bool) -> str:
    """The grade if every unknown item had its best or its worst answer."""
    pick = min if best else max
    full = {
        item.id: answers[item.id]
        if _points(item, answers) is not None
        else pick(item.points, key=item.points.__getitem__)
        for item in table.items
    }
    whole = sum(item.weight for item in table.items)
    score = sum(_effect(item, full, whole).effect or 0 for item in table.items)
    floor = max((table.grades.index(rule.at_least) for rule in table.knock_outs if _hits(table, rule, full)), default=0)
    return _worse(table, _by_score(table, score), floor)


def read(body: Any) -> GradingTable:
    """Raises BadRule with the place of the first fault."""
    body = mapping(body, "")
    grades = _grades(body)
    groups = {
        name: titles(mapping(found, at("groups", name)), at("groups", name))
        for name, found in mapping(body.get("groups"), "groups").items()
    }
    answers = {
        name: titles(mapping(found, at("answers", name)), at("answers", name))
        for name, found in mapping(body.get("answers", {}), "answers").items()
    }
    items = tuple(_item(found, at("items", n), groups) for n, found in enumerate(sequence(body.get("items"), "items")))
    if not items:
        raise BadRule("items", "empty")
    for n, item in enumerate(items):
        if item.id in {former.id for former in items[:n]}:
            raise BadRule(at(at("items", n), "id"), "twice", name=item.id)
    rules = sequence(body.get("knock_outs", []), "knock_outs")
    return GradingTable(
        grades=grades,
        groups=groups,
        answers=answers,
        items=items,
        cutoffs=_cutoffs(body, grades),
        knock_outs=tuple(_knock_out(found, at("knock_outs", n), items, grades) for n, found in enumerate(rules)),
        most_unknown=number(body, "most_unknown", "", low=0, high=1),
        review=_limits(body["review"]) if "review" in body else None,
    )


def _grades(body: Mapping[str, Any]) -> tuple[str, ...]:
    found = sequence(body.get("grades"), "grades")
    for n, grade in enumerate(found):
        if grade not in GRADES:
            raise BadRule(at("grades", n), "not_one_of", names=", ".join(sorted(GRADES)))
    if len(found) < 2 or len(set(found)) < len(found):
        raise BadRule("grades", "two_or_more")
    return tuple(found)


def _item(found: Any, path: str, groups: Mapping[str, Any]) -> Item:
    found = mapping(found, path)
    group = text(found, "group", path)
    if group not in groups:
        raise BadRule(at(path, "group"), "not_one_of", names=", ".join(groups))
    given, where = mapping(found.get("points"), at(path, "points")), at(path, "points")
    points = {str(answer): number(given, answer, where, low=0) for answer in given}
    if not points or max(points.values()) == 0:
        raise BadRule(where, "no_difference")
    if min(points.values()) != 0:
        raise BadRule(where, "best_is_zero")
    weight = number(found, "weight", path, low=0)
    if weight == 0:
        raise BadRule(at(path, "weight"), "not_positive")
    in_order = dict(sorted(points.items(), key=lambda each: each[1]))
    return Item(text(found, "id", path), group, titles(found, path), weight, in_order)


def _cutoffs(body: Mapping[str, Any], grades: tuple[str, ...]) -> tuple[float, ...]:
    given = mapping(body.get("cutoffs"), "cutoffs")
    for name in given:
        if name not in grades:
            raise BadRule(at("cutoffs", name), "not_one_of", names=", ".join(grades))
    found = tuple(number(given, grade, "cutoffs", low=0, high=100) for grade in grades)
    if found[0] != 0:
        raise BadRule(at("cutoffs", grades[0]), "first_from_zero")
    for former, following, grade in zip(found, found[1:], grades[1:], strict=False):
        if following <= former:
            raise BadRule(at("cutoffs", grade), "not_rising")
    return found


def _knock_out(found: Any, path: str, items: tuple[Item, ...], grades: tuple[str, ...]) -> KnockOut:
    found = mapping(found, path)
    name, answer, grade = (text(found, key, path) for key in ("item", "answer", "at_least"))
    item = next((item for item in items if item.id == name), None)
    if item is None:
        raise BadRule(at(path, "item"), "not_one_of", names=", ".join(each.id for each in items))
    if answer not in item.points:
        raise BadRule(at(path, "answer"), "not_one_of", names=", ".join(item.points))
    if grade not in grades:
        raise BadRule(at(path, "at_least"), "not_one_of", names=", ".join(grades))
    return KnockOut(name, answer, grade, titles(found, path))


def _limits(found: Any) -> Limits:
    found = mapping(found, "review")
    return Limits(**{name: number(found, name, "review", low=0) for name in Limits.__dataclass_fields__})
