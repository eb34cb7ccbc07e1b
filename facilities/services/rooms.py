"""Rooms by their key, whatever plans they stand in: for requests, which speak of a room before and after alike."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _

from facilities.models import Plan, PlanStatus, Unit
from facilities.words.names import room_name

# Whose name of a room counts when plans differ: what was agreed, then what was built, what is, what was proposed.
_PREFERRED = (PlanStatus.AGREED, PlanStatus.AS_BUILT, PlanStatus.AS_IS, PlanStatus.OPTION)


def _units() -> Any:
    rank = Case(
        *(When(plan__status=status, then=Value(number)) for number, status in enumerate(_PREFERRED)),
        default=Value(len(_PREFERRED)),
        output_field=IntegerField(),
    )
    live = Unit.objects.filter(plan__in=Plan.objects.in_use()).annotate(rank=rank)
    return live.select_related("level").order_by("rank", "plan_id", "level__ordinal", "pk")


@dataclass(frozen=True)
class Room:
    """``name`` with its floor; ``plans`` are the ids of those that show it, the one that names it first."""

    key: str
    name: str
    plans: tuple[int, ...] = ()


def rooms_by_key(keys: Iterable[UUID | str]) -> dict[str, Room]:
    """Rooms by key (as text), in one query. A key that stands in no plan any more is left out."""
    wanted = {str(key) for key in keys}
    if not wanted:
        return {}
    found: dict[str, Room] = {}
    for unit in _units().filter(key__in=wanted):
        key = str(unit.key)
        room = found.get(key) or Room(key, _named(unit))
        found[key] = replace(room, plans=(*room.plans, unit.plan_id))
    return found


def room_names(keys: Iterable[UUID | str]) -> dict[str, str]:
    """Names by key (as text), each with its floor."""
    return {key: room.name for key, room in rooms_by_key(keys).items()}


def room_choices(project_id: int | None, kept: Iterable[UUID]) -> list[tuple[str, str]]:
    """The rooms of all plans of the project's centre, floor by floor, and those linked already, as (key, name)."""
    choices: dict[str, tuple[int, str]] = {}
    if project_id is not None:
        for unit in _units().filter(plan__building__centre__projects=project_id):
            choices.setdefault(str(unit.key), (unit.level.ordinal, _named(unit)))
    gone = {str(key) for key in kept} - choices.keys()
    names = room_names(gone)
    listed = sorted(choices.items(), key=lambda item: item[1])
    return [(key, name) for key, (_floor, name) in listed] + [
        (key, names.get(key, _("a room that is in no plan any more"))) for key in sorted(gone)
    ]


def rooms_text(keys: Iterable[UUID | str]) -> str:
    """Rooms in a sentence, for history and conflicts."""
    wanted = [str(key) for key in keys]
    names = room_names(wanted)
    return ", ".join(names.get(key, _("a room that is in no plan any more")) for key in wanted)


def _named(unit: Any) -> str:
    return f"{unit.level.short_name} {room_name(unit)}"
