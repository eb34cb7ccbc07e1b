"""What is known of vacant houses for matching and ranking: parcel, neighbours, survey, consents. Few statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Area
from django.db.models import Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery

from gis_core.models import Organisation, OrganisationKind
from vacanthouses import reuse, risk
from vacanthouses.models import (
    Grading,
    HouseStatus,
    Owner,
    RegisteredBuilding,
    VacantHouse,
    Visit,
    VisitOutcome,
    VisitState,
)

# Where the register names no building this near (m), it is not loaded: nothing is known of neighbours.
REGISTER_M = 500


@dataclass(frozen=True)
class HouseFacts:
    """A house with what its surveys found. ``worn``: how bad each graded item is, 0 best to 1 worst."""

    house: Any
    answers: dict[str, Any]
    worn: dict[str, float]
    consents: tuple[bool, ...]

    def for_reuse(self) -> reuse.Facts:
        house = self.house
        choices = {name: value for name, value in self.answers.items() if isinstance(value, str)}
        numbers = {
            "parcel_m2": house.parcel_m2.sq_m if house.parcel_m2 is not None else None,
            "built_year": house.built_year,
            "office_m": house.office_m,
            "lived_near": house.lived_near if house.has_register else None,
            "vacant_near": house.vacant_near,
        }
        return reuse.Facts(self.consents, numbers, {**choices, "grade": house.grade})

    def for_risk(self) -> risk.Facts:
        house, dangers = self.house, self.answers.get("danger")
        return risk.Facts(
            items=self.worn,
            dangers=frozenset(map(str, dangers)) if isinstance(dangers, list) else None,
            lived_near=house.lived_near if house.has_register else None,
            vacant_near=house.vacant_near,
            office_m=house.office_m,
        )


def gather(houses: "QuerySet[VacantHouse]") -> list[HouseFacts]:
    """Four statements, however many houses: the houses with their neighbourhood, gradings, visits, consents."""
    found = list(_placed(houses))
    pks = [house.pk for house in found]
    graded, worn = _graded(pks)
    visited = _visited(pks)
    agreed: dict[int, list[bool]] = defaultdict(list)
    for pk, day in Owner.objects.live().filter(house__in=pks).order_by("pk").values_list("house", "reuse_consent_on"):
        agreed[pk].append(day is not None)
    return [
        HouseFacts(
            house, visited.get(house.pk, {}) | graded.get(house.pk, {}), worn.get(house.pk, {}), tuple(agreed[house.pk])
        )
        for house in found
    ]


def _placed(houses: "QuerySet[VacantHouse]") -> "QuerySet[Any]":
    offices = Organisation.objects.live().filter(kind=OrganisationKind.TOWN_OFFICE, location__isnull=False)
    # A plain function: a geographic one cannot refer to the outer query.
    metres = Func(F("location"), OuterRef("location"), function="ST_Distance", output_field=FloatField())
    nearest = offices.annotate(far=metres).order_by("far")
    vacant = VacantHouse.objects.live().filter(
        status=HouseStatus.CONFIRMED, location__dwithin=(OuterRef("location"), risk.VACANT_M)
    )
    register = RegisteredBuilding.objects.live()
    empty = VacantHouse.objects.live().filter(pnu=OuterRef("pnu"), status=HouseStatus.CONFIRMED)
    lived = register.filter(is_house=True, location__dwithin=(OuterRef("location"), risk.LIVED_M)).filter(
        ~Q(pnu=OuterRef("pnu")), ~Exists(empty)
    )
    return houses.annotate(
        parcel_m2=Area("parcel"),
        office_m=Subquery(nearest.values("far")[:1]),
        vacant_near=_number(vacant.exclude(pk=OuterRef("pk"))),
        lived_near=_number(lived),
        has_register=Exists(register.filter(location__dwithin=(OuterRef("location"), REGISTER_M))),
    )


def _number(rows: "QuerySet[Any]") -> Subquery:
    # A plain function: Count would group by every row that is counted.
    return Subquery(rows.order_by().annotate(number=Func(F("pk"), function="count")).values("number"))


def _graded(pks: list[int]) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, float]]]:
    """By house, the answers of the grading in force, and how bad each is; an answer without points tells nothing."""
    answers: dict[int, dict[str, str]] = {}
    worn: dict[int, dict[str, float]] = {}
    rows = Grading.objects.live().filter(house__in=pks, is_current=True).values_list("house", "items")
    for pk, items in rows:
        known = [row for row in items if row.get("points") is not None and row.get("max")]
        answers[pk] = {row["item"]: row["answer"] for row in known}
        worn[pk] = {row["item"]: row["points"] / row["max"] for row in known}
    return answers, worn


def _visited(pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By house, the latest accepted answer to each question. Blind second visits are for comparison only."""
    rows = (
        Visit.objects.live().filter(house__in=list(pks), state=VisitState.ACCEPTED, outcome=VisitOutcome.SURVEYED)
        .exclude(assignment__is_blind=True).order_by("visited_at", "pk").values_list("house", "answers")
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for pk, answers in rows:
        found[pk].update(answers)
    return found
