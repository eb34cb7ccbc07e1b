"""What waits for a disaster officer in operations."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core.layers.layer import Todo

from . import orders as rules
from .access import is_officer
from .waiting import waiting_for
from .words.operations import unit


def operation_todos(user: Any) -> list[Todo]:
    """Orders that wait for this person, and what should have come back."""
    if not is_officer(user):
        return []
    waiting = waiting_for(user)
    answer = [row for row in waiting if row.step in {rules.Step.COMMIT, rules.Step.SEND, rules.Step.RECEIVE}]
    back = [row for row in waiting if row.is_overdue]
    page = reverse("operations")
    return [
        Todo(_("Orders that wait for you"), len(answer), page, _named(answer)),
        Todo(_("What should have come back from incidents"), len(back), f"{page}#overdue", _named(back)),
    ]


def _named(rows: list[Any]) -> str:
    return ", ".join(f"{row.order.item} {unit(row.number, row.order.item)}" for row in rows[:3])
