"""Screening a survey round's area: from meters and signs to ranked candidates, with what became of all the rest."""

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from scipy.spatial import cKDTree

from gis_core import jobs
from gis_core.crs import STORAGE_SRID
from gis_core.models import AdminArea
from vacanthouses import screening
from vacanthouses.models import (
    Campaign,
    Candidate,
    CandidateState,
    Exclusion,
    HouseStatus,
    RuleKind,
    RuleTable,
    ScreeningRun,
    VacantHouse,
    Visit,
    VisitOutcome,
    VisitState,
)
from vacanthouses.words import screening as words

from . import places as gathering
from .campaigns import refuse_outside

Scored = tuple[gathering.Place, screening.Explanation]


def start(campaign: Campaign, table: RuleTable, user: Any) -> Any:
    """The job that screens a round. Raises NotAllowed."""
    refuse_outside(user, [campaign.area_id])
    title = _("Screening of %(round)s") % {"round": campaign}
    return jobs.start(screen_in_background, user, title, campaign=campaign.pk, table=table.pk)


@jobs.background
def screen_in_background(job: jobs.Handle, campaign: int, table: int) -> dict[str, Any]:
    found = Campaign.objects.live().filter(pk=campaign).first()
    rules = RuleTable.objects.live().filter(pk=table, kind=RuleKind.SCREENING).first()
    if found is None or rules is None:
        raise jobs.JobError(_("The survey round or the rule table is not there any more."))
    run = screen(found, rules, user=job.job.created_by, job=job)
    told = words.funnel(screening.read(rules.body), run.counts)
    return {
        "facts": [[title, number] for title, number, _kept in told],
        "link": reverse("screening", args=[found.pk]),
    }


@transaction.atomic
def screen(
    campaign: Campaign, table: RuleTable, *, user: Any = None, day: date | None = None, job: jobs.Handle | None = None
) -> ScreeningRun:
    """Screen anew; the same data give the same candidates, and what a manager decided about a house stays.

    Raises JobError when the table is of the other regime.
    """
    if table.regime not in ("", campaign.regime):
        raise jobs.JobError(_("This table is not for the regime of the survey round."))
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    rules = screening.read(table.body)
    day = day or timezone.localdate()
    counts: Counter[str] = Counter()
    _say(job, 1, gettext_lazy("Gathering meters and signs"))
    area_ids = AdminArea.objects.descendant_ids([campaign.area_id])
    found = gathering.gather(area_ids, rules, day, counts)
    _say(job, 2, gettext_lazy("Scoring"))
    scored = _scored(rules, found, counts)
    scored = _not_excluded(rules, scored, day, counts)
    _say(job, 3, gettext_lazy("Writing candidates"))
    houses = _houses(campaign, rules, scored, day, counts, user)
    return _write(campaign, table, houses, counts, user, job)


def _say(job: jobs.Handle | None, done: int, message: Any) -> None:
    if job is not None:
        job.progress(done, 4, message)


def _scored(rules: screening.Table, found: gathering.Gathered, counts: Counter[str]) -> list[Scored]:
    """The places from the threshold on, the highest score first."""
    scores = screening.scores(rules, found.columns)
    over = [int(index) for index in np.flatnonzero(scores >= rules.threshold)]
    counts["below_threshold"] = found.count - len(over)
    pnus = [*found.pnus, *[""] * (found.count - len(found.pnus))]
    over.sort(key=lambda index: (-scores[index], pnus[index], index))
    places = gathering.named(found, over)
    return [
        (place, screening.explain(rules, gathering.facts_at(found.columns, index)))
        for index, place in zip(over, places, strict=True)
    ]


def _not_excluded(rules: screening.Table, scored: list[Scored], day: date, counts: Counter[str]) -> list[Scored]:
    """Without those that an exclusion of the table covers on the day, and those that double a higher one nearby."""
    in_force = (
        Exclusion.objects.filter(code__in=list(rules.exclusions), pnu__in={place.pnu for place, _why in scored} - {""})
        .filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))
        .order_by("code", "pk")
    )
    excluded = {row.pnu: row.code for row in in_force}
    left = []
    for place, why in scored:
        if place.pnu in excluded:
            counts[f"excluded:{excluded[place.pnu]}"] += 1
        else:
            left.append((place, why))
    doubles = gathering.doubled([place for place, _why in left], rules.near_m)
    counts["doubled"] += len(doubles)
    return [row for index, row in enumerate(left) if index not in doubles]


def _houses(
    campaign: Campaign, rules: screening.Table, scored: list[Scored], day: date, counts: Counter[str], user: Any
) -> list[tuple[VacantHouse, screening.Explanation]]:
    """The house of each place, made as a suspected one where there is none; those known already are only linked."""
    pnus = {place.pnu for place, _why in scored} - {""}
    known = {house.pnu: house for house in VacantHouse.objects.live().filter(pnu__in=pnus).order_by("-pk")}
    near = _near([place for place, _why in scored if place.pnu not in known], rules.near_m)
    recent = _recently_not_vacant(day - timedelta(days=rules.not_vacant_days))
    taken: set[int] = set()
    rows, new = [], []
    for place, why in scored:
        house = known.get(place.pnu) or near.get(id(place))
        refusal = _refusal(house, place, campaign, recent, taken)
        if refusal:
            counts[refusal] += 1
            continue
        if house is None:
            house = _new_house(campaign, place, day, user)
            new.append(house)
        else:
            taken.add(house.pk)
        rows.append((house, why))
    counts["new_houses"] = len(new)
    VacantHouse.objects.bulk_create(new, batch_size=1000)
    return rows


def _recently_not_vacant(since: date) -> set[int]:
    visits = Visit.objects.live().filter(state=VisitState.ACCEPTED, outcome=VisitOutcome.NOT_VACANT)
    return set(visits.filter(visited_at__date__gte=since).values_list("house_id", flat=True))


def _near(places: list[gathering.Place], near_m: float) -> dict[int, VacantHouse]:
    """The live house within ``near_m`` of each place that has one, the first made; by the place's identity."""
    located = [place for place in places if place.location is not None]
    if not located or not near_m:
        return {}
    xy = np.array([place.location.coords for place in located])
    low, high = (xy.min(axis=0) - near_m).tolist(), (xy.max(axis=0) + near_m).tolist()
    box = Polygon.from_bbox((*low, *high))
    box.srid = STORAGE_SRID
    around = VacantHouse.objects.live().filter(location__intersects=box).order_by("pk")
    houses = list(around.values_list("pk", "location"))
    if not houses:
        return {}
    beside = cKDTree([location.coords for _pk, location in houses]).query_ball_point(xy, near_m)
    first = {id(place): houses[min(found)][0] for place, found in zip(located, beside, strict=True) if found}
    full = VacantHouse.objects.in_bulk(set(first.values()))
    return {place: full[pk] for place, pk in first.items()}


def _refusal(
    house: VacantHouse | None, place: gathering.Place, campaign: Campaign, recent: set[int], taken: set[int]
) -> str:
    """Why a place becomes no candidate, as a name of ``counts``; empty when it becomes one."""
    if house is None:
        return "" if place.location is not None else "without_location"
    reasons = {
        "doubled": house.pk in taken,
        "recently_not_vacant": house.pk in recent,
        "demolished": house.status == HouseStatus.DEMOLISHED,
        "other_regime": house.regime != campaign.regime,
    }
    return next((name for name, holds in reasons.items() if holds), "")


def _new_house(campaign: Campaign, place: gathering.Place, day: date, user: Any) -> VacantHouse:
    return VacantHouse(
        pnu=place.pnu, address=place.address or place.pnu, area_id=place.area_id, regime=campaign.regime, found_on=day,
        location=place.location, is_example=campaign.is_example, created_by=user, updated_by=user,
    )  # fmt: skip


def _write(
    campaign: Campaign, table: RuleTable, houses: list[tuple[VacantHouse, screening.Explanation]],
    counts: Counter[str], user: Any, job: jobs.Handle | None,
) -> ScreeningRun:  # fmt: skip
    before = ScreeningRun.objects.filter(campaign=campaign, is_current=True)
    # Later runs come last, so that the latest decision about a house is the one that stays.
    decided = {
        row.house_id: (row.state, row.state_reason)
        for row in Candidate.objects.filter(run__campaign=campaign).select_related("run").order_by("run_id")
        if row.state != CandidateState.OPEN or row.run.is_current
    } if before.exists() else {}  # fmt: skip
    before.update(is_current=False, updated_by=user)
    counts["candidates"] = len(houses)
    run: ScreeningRun = ScreeningRun.objects.create(
        campaign=campaign, table=table, job=job.job if job else None, counts=dict(counts), created_by=user,
        updated_by=user,
    )  # fmt: skip
    rows = []
    for rank, (house, why) in enumerate(houses, 1):
        state, reason = decided.get(house.pk, (CandidateState.OPEN, ""))
        rows.append(
            Candidate(
                run=run, house=house, score=why.score, rank=rank, reasons=[asdict(found) for found in why.reasons],
                unknown=list(why.unknown), state=state, state_reason=reason, created_by=user, updated_by=user,
            )
        )  # fmt: skip
    Candidate.objects.bulk_create(rows, batch_size=1000)
    return run
