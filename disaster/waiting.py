"""Which orders wait for a person, and for which step."""

from dataclasses import dataclass
from typing import Any

from . import orders as rules
from .access import is_officer, officer_scope
from .models import IncidentState, TransferOrder
from .querysets_operations import figures, orders

# In the order in which they are asked about; an order waits for one step at a time.
_STEPS = (rules.Step.COMMIT, rules.Step.SEND, rules.Step.RECEIVE, rules.Step.RETURN)
_TO_SETTLE = (rules.Step.RECEIVE, rules.Step.RETURN)
MOST = 200


@dataclass(frozen=True)
class Waiting:
    """An order that waits for a step of this person, and for how many units. ``is_overdue``: the incident is over and
    things are still out."""

    order: TransferOrder
    step: rules.Step
    number: int
    is_overdue: bool = False


def waiting_for(user: Any) -> list[Waiting]:
    """What waits for this person, the longest waiting first. One statement.

    What an open incident has received waits for nobody: it is needed there.
    """
    if not is_officer(user):
        return []
    scope = officer_scope(user)
    unfinished = orders(user).filter(state__in=list(rules.UNFINISHED)).order_by("needed_by", "pk")[:MOST]
    return [row for order in unfinished for row in _of(order, scope)]


def _of(order: TransferOrder, scope: frozenset[int] | None) -> list[Waiting]:
    found = figures(order)
    incident = order.incident
    # An incident that was taken out of use needs nothing any more either.
    over = incident is not None and (incident.state == IncidentState.CLOSED or incident.retired_at is not None)
    rows = []
    for step in _STEPS:
        number = rules.most(found, step)
        if not number or not _is_mine(order, step, scope):
            continue
        if step == rules.Step.RETURN and not over:
            continue
        rows.append(Waiting(order, step, number, is_overdue=over and step in _TO_SETTLE))
    return rows


def _is_mine(order: TransferOrder, step: rules.Step, scope: frozenset[int] | None) -> bool:
    """Whether it waits for this person's towns. By the areas alone, so that a list asks nothing per order."""
    if scope is None:
        return True
    asks = order.area_id in scope
    gives = order.source is not None and order.source.area_id in scope
    if order.partner_id is not None:
        return asks
    if rules.SIDES[step] == rules.Side.GIVING:
        # A call to everybody waits for all but the town that calls; who looks after several towns looks for it there.
        return gives or (order.source is None and (not asks or len(scope) > 1))
    return asks or (step == rules.Step.RETURN and gives)
