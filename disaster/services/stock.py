"""What people record about stock: movements from forms, shelves, and the catalogue."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.models import Balance, Condition, Depot, Item, ItemClass, Movement, MovementKind
from disaster.querysets_stock import may_edit_catalogue
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import Organisation

from . import ledger


@dataclass(frozen=True)
class Note:
    """What every movement says besides its quantities."""

    occurred_on: date
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    reason: str = ""
    document: str = ""
    counterpart: Organisation | None = None

    def draft(self, kind: str, *legs: ledger.Leg) -> ledger.Draft:
        return ledger.Draft(
            kind, self.occurred_on, legs, key=self.key, reason=self.reason.strip(), document=self.document.strip(),
            counterpart=self.counterpart,
        )  # fmt: skip


@dataclass(frozen=True)
class LotFacts:
    """The lot that comes in, as its label says."""

    item: Item
    code: str = ""
    made_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def receive(user: Any, depot: Depot, lot: LotFacts, quantity: int, condition: str, shelf: str, note: Note) -> Movement:
    """Raises NotAllowed, Invalid; nothing is left of a lot that is not received."""
    found = ledger.lot_of(lot.item, lot.code, lot.made_on, lot.expires_on)
    leg = ledger.Leg(depot, found, quantity, condition)
    movement = ledger.post(user, note.draft(MovementKind.RECEIVE, leg))
    if shelf.strip():
        Balance.objects.filter(depot=depot, lot=found, condition=condition).update(shelf=shelf.strip()[:40])
    return movement


def take_out(user: Any, balance: Balance, quantity: int, note: Note) -> Movement:
    """Issued for use."""
    return ledger.post(user, note.draft(MovementKind.ISSUE, _leg(balance, -quantity)))


def write_off(user: Any, balance: Balance, quantity: int, note: Note) -> Movement:
    """Disposed of; what had expired by then is noted as expired. Raises Invalid without a reason."""
    if not note.reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    expires_on = balance.lot.expires_on
    kind = MovementKind.EXPIRE if expires_on and expires_on < note.occurred_on else MovementKind.DISPOSE
    return ledger.post(user, note.draft(kind, _leg(balance, -quantity)))


def transfer(user: Any, balance: Balance, target: Depot, quantity: int, note: Note) -> Movement:
    there = ledger.Leg(target, balance.lot, quantity, balance.condition)
    return ledger.post(user, note.draft(MovementKind.TRANSFER, _leg(balance, -quantity), there))


def recondition(user: Any, balance: Balance, condition: str, quantity: int, note: Note) -> Movement:
    then = ledger.Leg(balance.depot, balance.lot, quantity, condition)
    return ledger.post(user, note.draft(MovementKind.RECONDITION, _leg(balance, -quantity), then))


def _leg(balance: Balance, change: int) -> ledger.Leg:
    return ledger.Leg(balance.depot, balance.lot, change, Condition(balance.condition))


@transaction.atomic
def put_on_shelf(user: Any, balance: Balance, shelf: str) -> None:
    """Where in the depot it is. Raises NotAllowed."""
    ledger.refuse_elsewhere(user, {balance.depot})
    Balance.objects.filter(pk=balance.pk).update(shelf=shelf.strip()[:40])


@transaction.atomic
def add_to_catalogue(user: Any, model: Any, values: dict[str, Any], token: uuid.UUID | None) -> Any:
    """A new item or class. Raises NotAllowed, Invalid where the name or number is taken."""
    _refuse_others(user)
    try:
        with transaction.atomic():
            return writing.make(model, user, values, token)
    except IntegrityError as error:
        raise Invalid({"__all__": [_("This name or number is taken.")]}) from error


@transaction.atomic
def change_catalogue(user: Any, record: Item | ItemClass, base: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """What the person changed of what they saw; the fields that somebody else changed meanwhile, which are kept."""
    _refuse_others(user)
    current = writing.locked(record)
    try:
        with transaction.atomic():
            return writing.change(current, user, base, values)
    except IntegrityError as error:
        raise Invalid({"__all__": [_("This name or number is taken.")]}) from error


@transaction.atomic
def retire_item(user: Any, item: Item, reason: str, version: int) -> None:
    """An item that is not kept any more: its ledger stays. Raises Invalid as long as some is there."""
    _refuse_others(user)
    current: Item = writing.locked(item)
    if Balance.objects.filter(lot__item=current, quantity__gt=0).exists():
        raise Invalid({"__all__": [_("Some of it is still in a depot: issue it or write it off first.")]})
    writing.retire(current, user, reason, version)


def _refuse_others(user: Any) -> None:
    if not may_edit_catalogue(user):
        raise NotAllowed(_("The catalogue is kept by disaster officers of a city or county."))


def today() -> date:
    return timezone.localdate()
