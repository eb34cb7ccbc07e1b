"""Checklists, and a year of inspections of the demo depots: each day of their schedules that is not waited for is
answered, and classes are looked at between them. Most pass, some fail and are repaired; where the schedules are overdue
nobody inspects, so that open repairs and stale inspections are there to be seen."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disaster import checklists as rules
from disaster.models import (
    Balance,
    Checklist,
    Depot,
    Inspection,
    InspectionKind,
    InspectionResult,
    RepairState,
    RepairTask,
    Schedule,
)
from disaster.querysets_inspections import checklists_in_force
from disaster.querysets_schedules import working_days
from disaster.services.checklists import load_samples
from disaster.services.inspection_reading import repair_title
from gis_core.models import User

from .schedules import planned_days

DAYS = 365
# Classes are looked at roughly every two months.
EVERY = 61
FAILS_OF_HUNDRED = 12
SIGNED = [
    [[120, 260], [180, 120], [240, 270]],
    [[150, 200], [215, 200]],
    [[320, 130], [330, 260], [420, 180], [500, 250]],
]


@transaction.atomic
def load() -> dict[str, int]:
    made = load_samples()
    if Inspection.objects.filter(is_example=True).exists():
        return {"checklists": made, "inspections": 0}
    depots = list(Depot.objects.filter(is_example=True).select_related("area").order_by("area_id", "pk"))
    author = User.objects.filter(username="officer").first()
    if not depots or author is None:
        return {"checklists": made, "inspections": 0}
    found = _planned(depots, author)
    Inspection.objects.bulk_create(found)
    tasks = _tasks(found, author)
    RepairTask.objects.bulk_create(tasks)
    return {"checklists": made, "inspections": len(found), "repair tasks": len(tasks)}


def _planned(depots: list[Depot], author: User) -> list[Inspection]:
    today = timezone.localdate()
    editions = checklists_in_force(today)
    held: dict[int, set[int]] = {}
    stock = Balance.objects.filter(depot__in=depots, quantity__gt=0, lot__item__item_class__isnull=False)
    for depot_id, class_id in stock.values_list("depot", "lot__item__item_class").distinct():
        held.setdefault(depot_id, set()).add(class_id)
    schedules: dict[int, list[Schedule]] = {depot.pk: [] for depot in depots}
    for schedule in Schedule.objects.live().filter(depot__in=depots).select_related("depot").order_by("pk"):
        schedules[schedule.depot_id].append(schedule)
    found = []
    for depot in depots:
        chance = random.Random(f"inspections {depot.name}")  # noqa: S311
        until = min((each.next_due for each in schedules[depot.pk] if each.next_due), default=today)
        for kept in sorted(held.get(depot.pk, ())):
            if kept in editions:
                found += _year(depot, editions[kept], min(until, today), today, chance, author)
        for schedule in schedules[depot.pk]:
            if schedule.item_class_id in editions:
                found += _answered(schedule, editions[schedule.item_class_id], today, chance, author)
    return sorted(found, key=lambda inspection: inspection.inspected_on)


def _year(
    depot: Depot, edition: Checklist, until: date, today: date, chance: random.Random, author: User
) -> list[Inspection]:
    read = rules.read(edition.body)
    day = today - timedelta(days=DAYS - chance.randint(0, EVERY))
    found = []
    while day < until:
        found.append(_inspection(depot, edition, read, _answers(read, chance), day, author))
        day += timedelta(days=EVERY + chance.randint(-6, 12))
    return found


def _answered(
    schedule: Schedule, edition: Checklist, today: date, chance: random.Random, author: User
) -> list[Inspection]:
    """The inspections that brought a schedule to what it waits for now."""
    read = rules.read(edition.body)
    found = []
    for planned in planned_days(schedule, working_days()):
        if schedule.last_done_on is None or planned.due > schedule.last_done_on:
            break
        if (today - planned.due).days <= DAYS:
            made = _inspection(schedule.depot, edition, read, _answers(read, chance), planned.due, author)
            made.kind, made.schedule, made.due_on = InspectionKind.REGULAR, schedule, planned.due
            found.append(made)
    return found


def _answers(read: rules.Checklist, chance: random.Random) -> dict[str, Any]:
    """Good answers; now and then one question fails."""
    answers: dict[str, Any] = {}
    for question in read.questions:
        if question.kind != "text":
            answers[question.key] = _good(question, chance)
    if chance.randrange(100) < FAILS_OF_HUNDRED:
        question = chance.choice([each for each in read.questions if each.kind != "text"])
        answers[question.key] = _bad(question)
    return rules.kept(read, answers)


def _good(question: rules.Question, chance: random.Random) -> Any:
    if question.kind == "measure":
        low = question.low or 0
        high = question.high if question.high is not None else low * 2
        return round(low + (high - low) * chance.uniform(0.2, 0.6))
    if question.kind == "choice":
        return next(option.value for option in question.options if not option.fails)
    return "no" if question.fails_on == "yes" else "yes"


def _bad(question: rules.Question) -> Any:
    if question.kind == "measure":
        return round((question.low or 0) * 0.7) if question.low else round((question.high or 0) * 1.3)
    if question.kind == "choice":
        return next((option.value for option in question.options if option.fails), question.options[0].value)
    return question.fails_on


def _inspection(
    depot: Depot, edition: Checklist, read: rules.Checklist, answers: dict[str, Any], day: date, author: User
) -> Inspection:
    judged = rules.judge(read, answers)
    at = timezone.make_aware(datetime.combine(day, time(10, 20)))
    return Inspection(
        depot=depot, area_id=depot.area_id, item_class_id=edition.item_class_id, checklist=edition,
        kind=InspectionKind.AD_HOC,
        result=InspectionResult.PASSED if judged.is_passed else InspectionResult.FAILED,
        answers=answers,
        failed=[
            {"key": fault.key, "code": fault.code, **fault.params, "units": _units(read, fault)}
            for fault in judged.failed
        ],
        signature=SIGNED, inspected_by=author, inspected_on=day, inspected_at=at, device_time=at, received_at=at,
        location=depot.location, is_example=True, created_at=at, updated_at=at, created_by=author, updated_by=author,
    )  # fmt: skip


def _units(read: rules.Checklist, fault: rules.Fault) -> int | None:
    question = read.question(fault.key)
    return 1 if question is not None and question.blocks else None


def _tasks(found: list[Inspection], author: User) -> list[RepairTask]:
    """A task for each failure; those of more than two months ago are done."""
    today = timezone.localdate()
    tasks = []
    open_now: set[tuple[Any, ...]] = set()
    for inspection in found:
        read = rules.read(inspection.checklist.body)
        for number, failure in enumerate(inspection.failed):
            question = read.question(failure["key"])
            assert question is not None
            same = (inspection.depot_id, inspection.item_class_id, question.key)
            is_done = (today - inspection.inspected_on).days > 60
            if not is_done and same in open_now:
                continue
            task = _task(inspection, question, author, failure.get("units"))
            if is_done:
                closed = inspection.inspected_at + timedelta(days=2 + number + inspection.depot_id % 9)
                task.state, task.closed_at, task.closed_by = RepairState.DONE, closed, author
                task.resolution, task.cost_krw = "부품 교체 후 시험 가동함", 20_000 + inspection.depot_id % 7 * 15_000
            else:
                open_now.add(same)
                if inspection.depot_id % 3 == 0:
                    task.state, task.assignee = RepairState.IN_WORK, author
            tasks.append(task)
    return tasks


def _task(inspection: Inspection, question: rules.Question, author: User, units: int | None) -> RepairTask:
    return RepairTask(
        inspection=inspection, question=question.key, title=repair_title(question), depot=inspection.depot,
        item_class_id=inspection.item_class_id, blocks=question.blocks and inspection.item_class_id is not None,
        quantity=units if inspection.item_class_id else None,
        due_on=inspection.inspected_on + timedelta(days=question.days), created_at=inspection.inspected_at,
        updated_at=inspection.inspected_at, created_by=author, updated_by=author,
    )  # fmt: skip
