"""What the survey's sheets of paper tell: a visit on its form, and a house for the opinion and the notice about it."""

from dataclasses import dataclass
from typing import Any

from vacanthouses.clocks import Clock
from vacanthouses.models import Grading, Owner, Review, VacantHouse, Visit, VisitState
from vacanthouses.words.answers import changes_told, slot_title
from vacanthouses.words.form_sheets import Part, filled
from vacanthouses.words.grading import Told, lines_of

from . import clocks, review_facts
from .visit_reading import OWNER

# The step that begins the clock of a reported house, in every table of clocks.
REPORTED = "report_received"
# A sheet about a house shows so many photos of the visit that it was graded by.
MOST_PHOTOS = 6


@dataclass(frozen=True)
class SheetPhoto:
    """``title`` is what the form asked for."""

    shown: review_facts.ShownPhoto
    title: str


@dataclass(frozen=True)
class VisitSheet:
    """``graded`` is the visit's grading in words; ``owners`` empty unless they were asked for."""

    visit: Visit
    parts: list[Part]
    photos: list[SheetPhoto]
    decisions: list[tuple[Review, list[tuple[str, str, str]]]]
    grading: Grading | None
    graded: Told | None
    owners: list[Owner]
    distance_m: float | None


@dataclass(frozen=True)
class HouseSheet:
    """``grading`` is the one in force; ``photos`` those of its visit; ``reported`` the clock of the latest report."""

    house: VacantHouse
    grading: Grading | None
    graded: Told | None
    photos: list[SheetPhoto]
    reported: Clock | None


def of_visit(visit: Visit, user: Any, *, with_owner: bool) -> VisitSheet:
    """A fixed number of statements, whatever the form holds. Who asks may see the visit."""
    grading = visit.gradings.select_related("table", "updated_by").order_by("-is_current", "-pk").first()
    reviews = list(visit.reviews.select_related("reviewer"))
    ground = visit.house.parcel or visit.house.location
    return VisitSheet(
        visit,
        filled(visit.form, visit.answers, visit.outcome, OWNER),
        photos_of(visit, user),
        [(each, changes_told(visit.form, each.changes)) for each in reviews],
        grading,
        lines_of(grading) if grading else None,
        list(Owner.objects.live().filter(house=visit.house_id)) if with_owner else [],
        None if visit.accuracy_m is None else ground.distance(visit.location),
    )


def photos_of(visit: Visit, user: Any) -> list[SheetPhoto]:
    return [
        SheetPhoto(each, slot_title(visit.form, each.slot) or each.attachment.name)
        for each in review_facts.photos_of(visit, user)
    ]


def of_house(house: VacantHouse, user: Any) -> HouseSheet:
    """What is known of a house today."""
    found = house.gradings.filter(is_current=True).select_related("table", "updated_by", "visit__form", "visit__house")
    grading = found.first()
    visit = grading.visit if grading else _latest(house)
    reported = [each for each in clocks.clocks_of(house) if each.rule.start == REPORTED and each.started_on]
    return HouseSheet(
        house,
        grading,
        lines_of(grading) if grading else None,
        photos_of(visit, user)[:MOST_PHOTOS] if visit else [],
        reported[0] if reported else None,
    )


def _latest(house: VacantHouse) -> Visit | None:
    accepted = house.visits.filter(retired_at=None, state=VisitState.ACCEPTED).exclude(assignment__is_blind=True)
    found: Visit | None = accepted.select_related("form", "house").order_by("-visited_at", "-pk").first()
    return found
