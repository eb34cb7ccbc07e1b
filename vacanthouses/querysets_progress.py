"""Figures of a survey round: counts by town, crew and day. A fixed number of statements, whatever there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncDate

from gis_core.models import AdminArea
from gis_core.models.offline import Device
from vacanthouses.models import Assignment, Campaign, Crew, VacantHouse, Visit, VisitOutcome

# The tables whose rows decide the figures; each notes its writing statements (gis_core.models.record.note_change).
TABLES = tuple(model._meta.db_table for model in (Assignment, Visit, Campaign, Crew, VacantHouse, AdminArea))


def version() -> str:
    """Changes with every committed statement on the tables that the figures come from, or when a phone was seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(id), 0) FROM gis_core_layerchange WHERE table_name = ANY(%s)", [list(TABLES)]
        )
        count, highest = cursor.fetchone()
    return f"{count}.{highest}"


def crews_of(campaign: Campaign) -> list[int]:
    """Crews of the campaign's area and below: few, and found without reading the assignments."""
    area = campaign.area_id
    near = Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area) | Q(work_areas__campaign=campaign)
    return sorted(Crew.objects.live().filter(near).values_list("pk", flat=True))


def devices_version(crews: Iterable[int]) -> str:
    seen = Device.objects.filter(user__survey_crews__in=list(crews)).aggregate(
        last=Max("seen_at"), unsent=Sum("unsent")
    )
    return f"{seen['last']}.{seen['unsent']}"


@dataclass(frozen=True)
class Share:
    """Houses of one area, crew and day on which they were done; ``day`` None: still to be visited."""

    area_id: int | None
    crew_id: int | None
    day: date | None
    number: int


def shares(campaign: Campaign) -> list[Share]:
    """What is to be visited, read once for all figures. A blind second visit is no further house."""
    found = Assignment.objects.live().filter(campaign=campaign, is_blind=False).order_by()
    rows = found.annotate(day=TruncDate("done_at")).values_list("house__area_id", "crew_id", "day")
    return [Share(*row) for row in rows.annotate(number=Count("pk"))]


def no_entry(campaign: Campaign, by: str) -> dict[int | None, int]:
    """Houses that could not be entered, by ``area_id`` or ``crew_id`` of the visit."""
    visits = Visit.objects.live().filter(campaign=campaign, outcome=VisitOutcome.NO_ENTRY).order_by()
    return dict(visits.values_list(by).annotate(number=Count("house", distinct=True)))


def devices_by_crew(crews: Iterable[int]) -> dict[int, dict[str, Any]]:
    """When a phone of a member was last seen, and how much its phones said they had not sent."""
    rows = (
        Device.objects.filter(user__survey_crews__in=list(crews))
        .order_by()
        .values("user__survey_crews")
        .annotate(seen=Max("seen_at"), unsent=Sum("unsent"))
    )
    return {row["user__survey_crews"]: dict(row) for row in rows}
