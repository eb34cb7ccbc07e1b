"""Loans (대여대장): what is lent to somebody outside, and comes back in parts."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from disaster.models import Condition, Depot, Loan, Lot, Movement, MovementKind
from gis_core.editing.errors import Invalid
from gis_core.editing.writing import locked, make, write
from gis_core.models import Organisation

from . import ledger


@dataclass(frozen=True)
class Lending:
    """What a person asks to lend. ``borrower`` is known here, or ``borrower_name`` says who it is."""

    depot: Depot
    lot: Lot
    quantity: int
    lent_on: date
    due_on: date
    borrower: Organisation | None = None
    borrower_name: str = ""
    purpose: str = ""
    document: str = ""
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def lend(user: Any, asked: Lending) -> Loan:
    """A loan with its movement; the one made first, where it was asked for before. Raises NotAllowed, Invalid."""
    if asked.quantity < 1:
        raise Invalid({"quantity": [_("Enter how many.")]})
    if asked.due_on < asked.lent_on:
        raise Invalid({"due_on": [_("It is due back before it was lent.")]})
    if asked.borrower is None and not asked.borrower_name.strip():
        raise Invalid({"borrower_name": [_("Say who borrows it.")]})
    values = {
        "depot": asked.depot, "lot": asked.lot, "quantity": asked.quantity, "lent_on": asked.lent_on,
        "due_on": asked.due_on, "borrower": asked.borrower, "borrower_name": asked.borrower_name.strip(),
        "purpose": asked.purpose.strip(),
    }  # fmt: skip
    loan: Loan = make(Loan, user, values, asked.key)
    ledger.post(
        user,
        ledger.Draft(
            MovementKind.LOAN, asked.lent_on, (ledger.Leg(asked.depot, asked.lot, -asked.quantity),), key=asked.key,
            reason=asked.purpose.strip(), document=asked.document.strip(), counterpart=asked.borrower, loan=loan,
        ),
    )  # fmt: skip
    return loan


@transaction.atomic
def give_back(
    user: Any, loan: Loan, quantity: int, day: date, key: uuid.UUID, condition: str = Condition.USABLE, reason: str = ""
) -> Movement:
    """Some of what was lent comes back into its depot, in the condition it is in then. Raises NotAllowed, Invalid."""
    if quantity < 1:
        raise Invalid({"quantity": [_("Enter how many.")]})
    # Held before it is asked whether this was recorded already: the same form, sent twice, waits here.
    current: Loan = locked(loan)
    is_new = not Movement.objects.filter(key=key).exists()
    if is_new and day < current.lent_on:
        raise Invalid({"occurred_on": [_("It was lent on %(day)s.") % {"day": current.lent_on.isoformat()}]})
    if is_new and quantity > current.quantity - current.returned:
        told = _("Only %(number)d %(unit)s are still out.")
        left = current.quantity - current.returned
        raise Invalid({"quantity": [told % {"number": left, "unit": current.lot.item.unit}]})
    legs = (ledger.Leg(current.depot, current.lot, quantity, condition),)
    movement = ledger.post(
        user,
        ledger.Draft(
            MovementKind.RETURN, day, legs, key=key, reason=reason.strip(), counterpart=current.borrower, loan=current
        ),
    )
    if is_new:
        write(current, user, returned=current.returned + quantity)
    return movement


@transaction.atomic
def extend(user: Any, loan: Loan, due_on: date, version: int) -> Loan:
    """A loan may be kept longer. Raises NotAllowed, and Invalid when it changed meanwhile."""
    ledger.refuse_elsewhere(user, {loan.depot})
    current: Loan = locked(loan)
    if current.version != version and current.due_on != due_on:
        raise Invalid({"__all__": [_("Somebody changed this loan meanwhile. Look at it again.")]})
    if due_on < current.lent_on:
        raise Invalid({"due_on": [_("It is due back before it was lent.")]})
    if current.due_on != due_on:
        write(current, user, due_on=due_on)
    return current
