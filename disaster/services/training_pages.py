"""What the pages of training show: by town, by person, and of one training."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from disaster import querysets_people as queries
from disaster import training as rules
from disaster.models import Attendance, ItemClass, Responder, Training, TrainingKind
from gis_core.models import AdminArea, AreaLevel


@dataclass(frozen=True)
class Cell:
    """Of a class in a town: people whose training counts, how many are needed, when the next one lapses (its last day),
    whose lapsed, and who never was trained."""

    item_class: ItemClass
    valid: int
    needed: int
    lapses_on: date | None
    lapsed: int
    never: int

    @property
    def is_enough(self) -> bool:
        return self.valid >= self.needed


@dataclass(frozen=True)
class TownRow:
    """``people`` None: nobody was ever recorded, so what they can do is unknown."""

    town: AdminArea
    people: int | None
    cells: list[Cell]
    exercise: date | None
    exercise_late: bool


def town_table(towns: Sequence[AdminArea], day: date) -> list[TownRow]:
    """In a fixed number of statements, however many towns."""
    ids = [town.pk for town in towns]
    people, classes = queries.available_people(ids), queries.trained_classes()
    last, exercises = queries.last_trainings(day, ids), queries.last_exercises(towns, day)
    since = queries.exercise_since(day)
    rows = []
    for town in towns:
        known = people.get(town.pk)
        cells = [_cell(each, last.get((town.pk, each.pk), {}).values(), known or 0, day) for each in classes]
        held = exercises.get(town.pk)
        rows.append(TownRow(town, known, cells, held, held is None or held <= since))
    return rows


def _cell(of_class: ItemClass, held: Iterable[date], people: int, day: date) -> Cell:
    until = [rules.valid_until(each, of_class.training_months or 0) for each in held]
    valid = [each for each in until if each >= day]
    return Cell(
        of_class, len(valid), of_class.people_needed, min(valid, default=None), len(until) - len(valid),
        people - len(until),
    )  # fmt: skip


@dataclass(frozen=True)
class PersonRow:
    """``until``: for each class the last day on which training counts, None for never; ``hours`` of twelve months."""

    person: Responder
    until: list[tuple[date | None, bool]]
    hours: float


def people_table(people: Sequence[Responder], day: date) -> list[PersonRow]:
    classes = queries.trained_classes()
    rows = Attendance.objects.filter(
        responder__in=[each.pk for each in people], was_present=True, training__retired_at=None,
        training__held_on__lte=day,
    )  # fmt: skip
    last: dict[tuple[int, int], date] = {}
    hours: dict[int, list[tuple[date, float]]] = defaultdict(list)
    columns = ("responder_id", "training__kind", "training__item_class_id", "training__held_on", "training__hours")
    for person, kind, of_class, held_on, length in rows.order_by("training__held_on").values_list(*columns):
        hours[person].append((held_on, float(length)))
        if kind == TrainingKind.USE:
            last[person, of_class] = held_on
    found = []
    for person in people:
        held = [(each, last.get((person.pk, each.pk))) for each in classes]
        until = [rules.valid_until(on, each.training_months or 0) if on else None for each, on in held]
        cells = [(each, each is not None and each >= day) for each in until]
        found.append(PersonRow(person, cells, rules.hours_within_year(hours[person.pk], day)))
    return found


def towns_below(area: AdminArea, scope: frozenset[int] | None) -> Any:
    """The town itself, or the towns of a city, as far as a scope reaches."""
    towns = AdminArea.objects.towns()
    is_town = area.level == AreaLevel.EUPMYEONDONG
    towns = towns.filter(pk=area.pk) if is_town else towns.filter(parent=area)
    return (towns if scope is None else towns.filter(pk__in=sorted(scope))).order_by("full_name")


def attendance(found: Training, known: Any, towns: Any) -> list[tuple[Responder, bool]]:
    """The people of the training's towns and whoever was present from elsewhere, with whether they were present."""
    present = set(found.attendances.filter(was_present=True).values_list("responder_id", flat=True))
    here = set(towns.values_list("pk", flat=True))
    people = [each for each in known if each.pk in present or (each.area_id in here and each.is_available)]
    return [(each, each.pk in present) for each in people]


def counts_until(found: Training) -> date | None:
    """The last day on which it counts; None where it is no use training."""
    of_class = found.item_class
    if found.kind != TrainingKind.USE or of_class is None or of_class.training_months is None:
        return None
    return rules.valid_until(found.held_on, of_class.training_months)
