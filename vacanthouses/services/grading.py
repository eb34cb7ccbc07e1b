"""Gradings: made from an accepted visit, given by a person with a reason, and made anew when a table changes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing import Conflict, Invalid, NotAllowed
from vacanthouses import grading as rules
from vacanthouses.models import Grade, Grading, RuleKind, RuleTable, VacantHouse, Visit
from vacanthouses.querysets_reviews import REVIEWERS

from .rules import in_force


@dataclass(frozen=True)
class Move:
    """A house that would get another grade by a table, and why."""

    grading: Grading
    explanation: rules.Explanation

    @property
    def before(self) -> Grade:
        return Grade(self.grading.grade)

    @property
    def after(self) -> Grade:
        return Grade(self.explanation.grade)


@dataclass(frozen=True)
class Preview:
    """What a table would change. ``kept`` are gradings that a person gave: a table does not move them."""

    moves: list[Move]
    kept: list[Move]
    looked_at: int
    # Stands for exactly these moves: what was confirmed is what is done.
    digest: str


def update_house(house: VacantHouse, user: Any, **facts: Any) -> None:
    """Write facts of a house that is locked; history and version follow by trigger. Raises Conflict."""
    changed = {name: value for name, value in facts.items() if getattr(house, name) != value}
    if not changed:
        return
    rows = VacantHouse.objects.filter(pk=house.pk, version=house.version)
    if not rows.update(**changed, updated_by=user, updated_at=timezone.now()):
        raise Conflict(VacantHouse.objects.get(pk=house.pk), {}, [])
    house.refresh_from_db()


def grade_visit(visit: Visit, house: VacantHouse, user: Any) -> Grading | None:
    """Grade a house, which is locked, by an accepted visit; None where no table is in force or no item was answered."""
    table = in_force(RuleKind.GRADING, house.regime, timezone.localdate(visit.visited_at))
    if table is None:
        return None
    found = rules.explain(rules.read(table.body), visit.answers)
    if found.unknown_share == 1:
        return None
    return _keep(house, visit, table, found, user)


def _keep(house: VacantHouse, visit: Visit, table: RuleTable, found: rules.Explanation, user: Any) -> Grading:
    house.gradings.filter(is_current=True).update(is_current=False, updated_by=user)
    made = Grading.objects.create(
        house=house,
        visit=visit,
        table=table,
        computed=found.grade,
        grade=found.grade,
        score=found.score,
        items=found.kept(),
        created_by=user,
        updated_by=user,
    )
    update_house(house, user, grade=found.grade)
    return made


@transaction.atomic
def override(grading: Grading, user: Any, grade: str, reason: str, expected_version: int) -> Grading:
    """Give another grade than the table's, for a reason; the table's own grade takes it back.

    Raises NotAllowed, Invalid, Conflict.
    """
    house = VacantHouse.objects.select_for_update(of=("self",)).get(pk=grading.house_id)
    if not permissions.covers(permissions.area_scope(user, REVIEWERS), [house.area_id]):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    current = Grading.objects.select_related("table").get(pk=grading.pk)
    if not current.is_current or current.version != expected_version:
        raise Conflict(current, {}, [])
    if grade not in {*rules.read(current.table.body).grades, rules.NOT_GRADED}:
        raise Invalid({"grade": [_("This table does not give this grade.")]})
    if grade != current.computed and not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    told = reason.strip()[:300] if grade != current.computed else ""
    Grading.objects.filter(pk=current.pk).update(
        grade=grade, override_reason=told, updated_by=user, updated_at=timezone.now()
    )
    update_house(house, user, grade=grade)
    current.refresh_from_db()
    return current


def concerned(table: RuleTable) -> "QuerySet[Grading]":
    """Gradings in force of visits made while the table is in force, by whatever table they were made."""
    found = Grading.objects.filter(is_current=True, visit__visited_at__date__gte=table.effective_from)
    if table.effective_to:
        found = found.filter(visit__visited_at__date__lte=table.effective_to)
    later = RuleTable.objects.live().filter(
        kind=table.kind, regime=table.regime, is_active=True, effective_from__gt=table.effective_from
    )
    if (following := later.order_by("effective_from").first()) is not None:
        found = found.filter(visit__visited_at__date__lt=following.effective_from)
    if table.regime:
        found = found.filter(house__regime=table.regime)
    return found.exclude(table=table).select_related("house", "visit").order_by("pk")


def preview(table: RuleTable) -> Preview:
    """Who would move if this table counted. Writes nothing. Raises BadRule."""
    read = rules.read(table.body)
    moves: list[Move] = []
    kept: list[Move] = []
    looked_at = 0
    for move in _judged(table, read):
        looked_at += 1
        if move.explanation.grade == move.grading.computed:
            continue
        (kept if move.grading.override_reason else moves).append(move)
    told = "\n".join(
        [f"{table.pk} {table.version}"] + [f"{move.grading.pk} {move.grading.version} {move.after}" for move in moves]
    )
    return Preview(moves, kept, looked_at, hashlib.sha256(told.encode()).hexdigest())


def _judged(table: RuleTable, read: rules.GradingTable) -> Iterator[Move]:
    for grading in concerned(table).iterator(2000):
        yield Move(grading, rules.explain(read, grading.visit.answers))


@transaction.atomic
def put_in_force(table: RuleTable, user: Any, digest: str, progress: Callable[[int, int], None] | None = None) -> int:
    """Use a grading table, and give the houses that move their new grades; how many.

    ``digest`` is that of the preview that was confirmed. Raises Invalid when it is no longer what would be done.
    """
    locked = RuleTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
    found = preview(locked)
    if found.digest != digest:
        raise Invalid({"__all__": [_("What would move has changed meanwhile. Look at it again.")]})
    RuleTable.objects.filter(pk=locked.pk).update(is_active=True, updated_by=user)
    houses = VacantHouse.objects.select_for_update(of=("self",)).order_by("pk")
    for number, move in enumerate(found.moves, start=1):
        house = houses.get(pk=move.grading.house_id)
        _keep(house, move.grading.visit, locked, move.explanation, user)
        if progress:
            progress(number, len(found.moves))
    return len(found.moves)
