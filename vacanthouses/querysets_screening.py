"""Candidates of a screening: by town, reason and state, and what visits found of them."""

from collections.abc import Mapping

from django.db.models import OuterRef, QuerySet, Subquery

from gis_core.models import AdminArea
from vacanthouses.models import Campaign, Candidate, CandidateState, ScreeningRun, Visit, VisitOutcome, VisitState

DECISIVE = (VisitOutcome.SURVEYED, VisitOutcome.NOT_VACANT, VisitOutcome.GONE)


def current_run(campaign: Campaign) -> ScreeningRun | None:
    found: ScreeningRun | None = (
        ScreeningRun.objects.filter(campaign=campaign, is_current=True).select_related("table", "created_by").first()
    )
    return found


def chosen(run: ScreeningRun, filters: Mapping[str, str]) -> QuerySet[Candidate]:
    """The candidates of a run in the order of their rank; ``filters``: town (id), reason (code), state. Values that
    make no sense filter nothing."""
    found: QuerySet[Candidate] = (
        Candidate.objects.filter(run=run).select_related("house", "house__area", "updated_by").order_by("rank")
    )
    town, reason, state = (filters.get(name, "") for name in ("town", "reason", "state"))
    if town.isascii() and town.isdecimal() and len(town) < 10:
        found = found.filter(house__area_id=int(town))
    if reason:
        found = found.filter(reasons__contains=[{"code": reason}])
    if state in CandidateState.values:
        found = found.filter(state=state)
    return found


def towns(run: ScreeningRun) -> QuerySet[AdminArea]:
    ids = Candidate.objects.filter(run=run).values("house__area_id")
    return AdminArea.objects.filter(pk__in=ids).order_by("mois_code")


def visited(table_key: str) -> list[tuple[int, list[dict[str, object]], str]]:
    """(house, reasons, outcome) of the candidates of current screenings by any edition of a table, where an accepted
    visit told whether the house is vacant; the latest such visit counts."""
    last = (
        Visit.objects.live()
        .filter(house=OuterRef("house"), state=VisitState.ACCEPTED, outcome__in=DECISIVE)
        .order_by("-visited_at", "-pk")
    )
    candidates = Candidate.objects.filter(run__is_current=True, run__table__key=table_key)
    told = candidates.annotate(outcome=Subquery(last.values("outcome")[:1])).exclude(outcome=None)
    return list(told.order_by("house_id", "run_id").values_list("house_id", "reasons", "outcome"))
