"""Stacking advice of a plan, and the option that follows it."""

import uuid
from typing import Any

from django.db import transaction

from facilities.models import Plan, PlanStatus
from facilities.plan.document import Document
from facilities.plan.stacking import Rules, Stacking, advise

from . import edits, plans
from .documents import load
from .standards import standards_in_force


class NothingAdvised(Exception):
    """The plan has changed so that no move is advised any more."""


def advice_on(document: Document) -> Stacking:
    """Advice by the standards in force today."""
    return advise(document, Rules.of(standards_in_force()))


@transaction.atomic
def draft(plan: Plan, user: Any, name: str) -> Plan:
    """A new option based on the plan, in which every team sits where it is advised to.

    Raises NotAllowed, Invalid naming ``name``, and NothingAdvised.
    """
    option = plans.create(plan.building, user, name, status=PlanStatus.OPTION, based_on=plan)
    operations = advice_on(load(option)).operations
    if not operations:
        raise NothingAdvised
    edits.edit(option, user, operations, version=option.version, token=uuid.uuid4())
    return option
