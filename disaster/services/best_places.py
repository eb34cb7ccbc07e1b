"""Where a few more depots or items help most: candidates, the solver's answer, and what it means for villages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from disaster import querysets_places as querysets
from disaster.best_places import Placement, maximal_covering, p_median
from disaster.coverage import Assumptions, Measure, Place, Table, Tally, costs
from disaster.models import Item
from disaster.services.coverage import Facts, Question, at, gather, ways
from disaster.words import coverage as words
from gis_core import jobs
from gis_core.models import AdminArea

COVER, MEDIAN = "cover", "median"
DEPOTS, OFFICES, VILLAGES = "depots", "offices", "villages"
# What a page computes while somebody waits; more is done in the background.
PAIRS_AT_ONCE = 20_000
SECONDS_AT_ONCE, SECONDS = 8.0, 120.0
# Rows of costs made between two signs of progress.
ROWS_AT_ONCE = 50
NOTHING = Placement((), 0.0, 0.0, True)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wish:
    """So many more, for what aim, and where they could be."""

    number: int = 2
    aim: str = COVER
    kinds: tuple[str, ...] = (DEPOTS, OFFICES)


@dataclass(frozen=True)
class Candidate:
    kind: str
    pk: int
    name: str
    place: Place

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True)
class Best:
    """What was found. ``gained``: villages newly in reach; ``mean_before`` and ``mean_after``: the mean cost per person
    to the nearest; ``supposed``: what a village of unknown number of people was taken for, None where none is;
    ``guessed``: villages to which a straight line was taken because no road is known."""

    candidates: Sequence[Candidate]
    placement: Placement
    gained: Tally
    gained_villages: frozenset[int]
    mean_before: float | None
    mean_after: float | None
    supposed: int | None
    guessed: int

    @property
    def chosen(self) -> list[Candidate]:
        return [self.candidates[number] for number in self.placement.chosen]


def candidates(question: Question, facts: Facts, wish: Wish) -> list[Candidate]:
    """Depots in these towns that do not hold it, offices, villages."""
    towns = {area.pk for area in question.towns}
    found: list[Candidate] = []
    if DEPOTS in wish.kinds:
        here = [depot for depot in (*facts.lacking, *facts.unknown) if depot.area_id in towns]
        found += [Candidate(DEPOTS, depot.pk, depot.name, at(depot)) for depot in here]
    if OFFICES in wish.kinds:
        found += [Candidate(OFFICES, each.pk, each.name, at(each)) for each in querysets.offices(towns)]
    if VILLAGES in wish.kinds:
        found += [Candidate(VILLAGES, each.pk, each.name, at(each)) for each in facts.villages]
    return found


def is_big(facts: Facts, offered: Sequence[Candidate]) -> bool:
    return len(facts.villages) * len(offered) > PAIRS_AT_ONCE


def solve(
    question: Question, facts: Facts, wish: Wish, offered: Sequence[Candidate], *, seconds: float = SECONDS_AT_ONCE,
    progress: Progress = lambda done, total: None,
) -> Best:  # fmt: skip
    """The best choice among ``offered``; ``progress(done, total)`` counts candidates and may raise to stop."""
    there, places = [at(depot) for depot in facts.holding], [each.place for each in offered]
    weights, supposed = _weights(facts)
    now, then = _table(question, facts, there), _table(question, facts, places, progress)
    is_in = (now <= question.limit).any(axis=0)
    finite, guessed = _finite(then, question, facts, places)
    present = _finite(now, question, facts, there)[0].min(axis=0) if there else None
    if not then.size:
        placement = NOTHING
    elif wish.aim == MEDIAN:
        placement = p_median(weights, finite, wish.number, present=present, seconds=seconds)
    else:
        placement = maximal_covering(
            np.where(is_in, 0.0, weights), then <= question.limit, wish.number, seconds=seconds
        )
    chosen = list(placement.chosen)
    newly = np.any(then[chosen] <= question.limit, axis=0) & ~is_in
    gained = Tally()
    for village, is_new in zip(facts.villages, newly, strict=True):
        if is_new:
            gained.add(village.people)
    nearest = [*([present] if present is not None else []), *finite[chosen]]
    return Best(
        list(offered),
        placement,
        gained,
        frozenset(village.pk for village, is_new in zip(facts.villages, newly, strict=True) if is_new),
        _mean(present, weights),
        _mean(np.min(nearest, axis=0) if nearest else None, weights),
        supposed,
        guessed if wish.aim == MEDIAN else 0,
    )


def _weights(facts: Facts) -> tuple[Table, int | None]:
    """People per village; where nobody knows, the median of the others: zero would say that nobody lives there."""
    counted = [village.people for village in facts.villages if village.people is not None]
    supposed = max(1, round(median(counted))) if counted else 1
    found = np.array([supposed if each.people is None else each.people for each in facts.villages], dtype=float)
    return found, supposed if len(counted) < len(facts.villages) else None


def _table(
    question: Question, facts: Facts, places: Sequence[Place], progress: Progress = lambda done, total: None
) -> Table:
    """Costs from places (rows) to villages (columns), NaN where no way is known; a few rows at a time."""
    parts = [np.empty((0, len(facts.villages)))]
    for begin in range(0, len(places), ROWS_AT_ONCE):
        progress(begin, len(places))
        parts.append(ways(question, facts, places[begin : begin + ROWS_AT_ONCE]).values)
    return np.concatenate(parts)


def _finite(table: Table, question: Question, facts: Facts, places: Sequence[Place]) -> tuple[Table, int]:
    """The table with the straight line's cost where no way is known, and for how many villages that was so."""
    missing = np.isnan(table)
    straight = costs(places, facts.targets, question.measure, question.assumed).values
    return np.where(missing, straight, table), int(missing.any(axis=0).sum())


def _mean(costs: Table | None, weights: Table) -> float | None:
    """The mean cost of a person to the nearest; None where there is none at all."""
    return None if costs is None or not weights.sum() else float((costs * weights).sum() / weights.sum())


def start(user: Any, question: Question, wish: Wish, title: str) -> Any:
    """The same in the background, for many villages or candidates; its page shows how far it is."""
    asked = {
        "item": question.item.pk, "towns": [area.pk for area in question.towns], "day": question.day.isoformat(),
        "measure": question.measure.value, "limit": question.limit, "by": question.by, "least": question.least,
        "detour": question.assumed.detour, "speed": question.assumed.speed_kmh,
        "number": wish.number, "aim": wish.aim, "kinds": list(wish.kinds),
    }  # fmt: skip
    return jobs.start(solve_in_background, user, title, asked=asked)


def asked_for(asked: dict[str, Any]) -> tuple[Question, Wish]:
    """What a job was asked. Raises JobError where the item or a town is no longer in use."""
    item = Item.objects.live().filter(pk=asked["item"]).first()
    day = parse_date(asked["day"])
    towns = tuple(AdminArea.objects.current().filter(pk__in=asked["towns"]).order_by("mois_code"))
    if item is None or day is None or not towns:
        raise jobs.JobError(_("The item or the towns are no longer in use. Ask again."))
    assumed = Assumptions(asked["detour"], asked["speed"])
    question = Question(
        item, towns, day, Measure(asked["measure"]), asked["limit"], asked["by"], asked["least"], assumed
    )
    return question, Wish(asked["number"], asked["aim"], tuple(asked["kinds"]))


@jobs.background
def solve_in_background(job: jobs.Handle, asked: dict[str, Any]) -> dict[str, Any]:
    question, wish = asked_for(asked)
    user = job.job.created_by
    facts = gather(user, question)
    offered = candidates(question, facts, wish)
    total = len(offered) + 1

    def progress(done: int, _total: int) -> None:
        job.progress(done, total, _("Ways from %(done)s of %(total)s places") % {"done": done, "total": len(offered)})

    job.progress(0, total)
    best = solve(question, facts, wish, offered, seconds=SECONDS, progress=progress)
    job.message = words.best(best, question, wish)
    placement = best.placement
    return {
        "facts": [[_("Places chosen"), ", ".join(each.name for each in best.chosen) or _("none")]],
        "notes": words.notes(best, question, wish),
        "asked": asked,
        "chosen": [each.key for each in best.chosen],
        "proof": [placement.gain, placement.bound, placement.is_proved],
        "link": reverse("best-places-result", args=[job.job.pk]),
    }


def kept(report: dict[str, Any], user: Any) -> tuple[Question, Wish, Facts, Best]:
    """What a job found, told of the stock and villages of now. Raises JobError."""
    question, wish = asked_for(report["asked"])
    facts = gather(user, question)
    chosen = set(report["chosen"])
    # Where one was taken out of use meanwhile it is not among the candidates any more.
    offered = [each for each in candidates(question, facts, wish) if each.key in chosen]
    best = solve(question, facts, replace(wish, number=len(offered)), offered)
    gain, bound, is_proved = report["proof"]
    placement = Placement(tuple(range(len(offered))), gain, bound, is_proved)
    return question, wish, facts, replace(best, placement=placement)
