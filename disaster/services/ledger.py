"""The stock ledger's one way in.

What a movement must keep is said here once: a balance is the sum of its entries, never negative, not on any past day
either; a request sent twice happens once; nothing is written behind a count that settled what was there.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.models import (
    Balance,
    Condition,
    CountSession,
    Depot,
    Entry,
    Item,
    Loan,
    Lot,
    Movement,
    MovementKind,
    TransferOrder,
)
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.writing import locked, write
from gis_core.layers.registry import layers
from gis_core.models import LayerChange, Organisation

# Kinds whose entries only move things about inside our depots: nothing may come into being or vanish.
_WITHIN = {MovementKind.TRANSFER, MovementKind.RECONDITION}
_IN = {MovementKind.RECEIVE, MovementKind.ARRIVE, MovementKind.RETURN}
_OUT = {MovementKind.ISSUE, MovementKind.SEND, MovementKind.LOAN, MovementKind.DISPOSE, MovementKind.EXPIRE}
# An expired lot can only be written off, moved to where it is destroyed, or put right.
_NEEDS_LIFE = {MovementKind.ISSUE, MovementKind.LOAN, MovementKind.SEND}
# More than anybody stores, and what the column can hold.
MOST_UNITS = 1_000_000_000


@dataclass(frozen=True)
class Leg:
    """What happens to one balance; ``change`` is signed."""

    depot: Depot
    lot: Lot
    change: int
    condition: str = Condition.USABLE

    @property
    def key(self) -> tuple[int, int, str]:
        return self.depot.pk, self.lot.pk, self.condition


@dataclass(frozen=True)
class Draft:
    """A movement that has not been written. ``key`` is the sender's own name for it: the same again is the same."""

    kind: str
    occurred_on: date
    legs: tuple[Leg, ...]
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    reason: str = ""
    document: str = ""
    counterpart: Organisation | None = None
    corrects: Movement | None = None
    order: TransferOrder | None = None
    loan: Loan | None = None
    count: CountSession | None = None

    def digest(self) -> str:
        """What was asked for, as one value."""
        facts = [
            self.kind, self.occurred_on.isoformat(), sorted([*leg.key, leg.change] for leg in self.legs),
            self.reason, self.document, self.counterpart and self.counterpart.pk, self.corrects and self.corrects.pk,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def post(user: Any, draft: Draft) -> Movement:
    """Write a movement with its entries; the one written first, where it was asked for before.

    Raises NotAllowed, and Invalid naming depot and item, when it cannot have happened; then nothing is written.
    """
    _refuse_malformed(draft)
    refuse_elsewhere(user, {leg.depot for leg in draft.legs})
    try:
        # A request that is sent twice at once waits here until the first is written, or was refused.
        with transaction.atomic():
            movement = Movement.objects.create(
                key=draft.key, key_hash=draft.digest(), kind=draft.kind, occurred_on=draft.occurred_on,
                recorded_by=user, counterpart=draft.counterpart, reason=draft.reason, document=draft.document,
                corrects=draft.corrects, order=draft.order, loan=draft.loan, count=draft.count,
            )  # fmt: skip
    except IntegrityError:
        return _recorded_before(draft)
    balances = lock(draft.legs)
    for leg in draft.legs:
        _refuse_impossible(draft, leg, balances[leg.key])
    _write(movement, draft, balances)
    # The depots' list and map show what is short: their data have changed too.
    LayerChange.objects.create(table_name=Depot._meta.db_table)
    return movement


def _recorded_before(draft: Draft) -> Movement:
    """The movement with this key. Raises Invalid when it was about something else; without one it
    was the movement to correct that somebody else corrected meanwhile."""
    movement = Movement.objects.filter(key=draft.key).first()
    if movement is None:
        raise Invalid({"__all__": [_("This was taken back already. Look at it again.")]})
    if movement.key_hash != draft.digest():
        raise Invalid({"__all__": [_("This was already recorded with other figures. Open the form again.")]})
    return movement


def lock(legs: Iterable[Leg]) -> dict[tuple[int, int, str], Balance]:
    """The balances of these legs, made where there are none, held until the transaction ends.

    First made, then held, each in one order for everybody: nobody who holds one waits for one to be made, so that
    nobody waits in a circle.
    """
    wanted = {leg.key for leg in legs}
    rows = Balance.objects.filter(depot_id__in={key[0] for key in wanted}, lot_id__in={key[1] for key in wanted})
    missing = sorted(wanted - set(rows.order_by().values_list("depot_id", "lot_id", "condition")))
    if missing:
        Balance.objects.bulk_create(
            [Balance(depot_id=depot, lot_id=lot, condition=condition) for depot, lot, condition in missing],
            ignore_conflicts=True,
        )
    held = rows.select_for_update(of=("self",)).order_by("depot_id", "lot_id", "condition")
    found = {(row.depot_id, row.lot_id, row.condition): row for row in held}
    return {key: found[key] for key in wanted}


def _write(movement: Movement, draft: Draft, balances: dict[tuple[int, int, str], Balance]) -> None:
    entries = []
    for leg in draft.legs:
        balance = balances[leg.key]
        balance.quantity += leg.change
        balance.sequence += 1
        balance.moved_on = max(filter(None, [balance.moved_on, draft.occurred_on]))
        entries.append(
            Entry(
                movement=movement,
                balance=balance,
                change=leg.change,
                sequence=balance.sequence,
                quantity_after=balance.quantity,
                occurred_on=draft.occurred_on,
            )
        )
    Entry.objects.bulk_create(entries)
    for balance in balances.values():
        Balance.objects.filter(pk=balance.pk).update(
            quantity=balance.quantity, sequence=balance.sequence, moved_on=balance.moved_on
        )


def _refuse_malformed(draft: Draft) -> None:
    if not draft.legs or any(leg.change == 0 for leg in draft.legs):
        raise Invalid({"quantity": [_("Enter how many.")]})
    if len({leg.key for leg in draft.legs}) < len(draft.legs):
        raise Invalid({"__all__": [_("Nothing can be moved to where it is.")]})
    if draft.occurred_on > timezone.localdate():
        raise Invalid({"occurred_on": [_("This day has not come yet.")]})
    if draft.kind in _WITHIN:
        sums: dict[int, int] = {}
        for leg in draft.legs:
            sums[leg.lot.pk] = sums.get(leg.lot.pk, 0) + leg.change
        if any(sums.values()):
            raise Invalid({"__all__": [_("As much must arrive as leaves.")]})
    wrong = (draft.kind in _IN and any(leg.change < 0 for leg in draft.legs)) or (
        draft.kind in _OUT and any(leg.change > 0 for leg in draft.legs)
    )
    if wrong:
        raise Invalid({"quantity": [_("The quantity must be more than zero.")]})


def refuse_elsewhere(user: Any, depots: Iterable[Depot]) -> None:
    """Raises NotAllowed when one of the depots is not this person's to change."""
    layer = layers.get("depots")
    for depot in depots:
        if not permissions.can_change(user, layer, depot):
            raise NotAllowed(_("%(depot)s lies outside the area in which you may change records.") % {"depot": depot})


def _refuse_impossible(draft: Draft, leg: Leg, balance: Balance) -> None:
    """What only shows once the balance is held."""
    about = {"depot": leg.depot, "item": leg.lot, "unit": leg.lot.item.unit}
    if leg.depot.retired_at is not None and leg.change > 0:
        raise Invalid({"__all__": [_("%(depot)s is no longer in use.") % about]})
    if balance.counted_on and draft.occurred_on < balance.counted_on:
        told = _("%(item)s in %(depot)s was counted on %(day)s: nothing can be recorded for a day before that.")
        raise Invalid({"occurred_on": [told % {**about, "day": balance.counted_on.isoformat()}]})
    if draft.kind == MovementKind.RECEIVE:
        _refuse_dates(draft, leg)
    if draft.kind in _NEEDS_LIFE and leg.lot.expires_on and leg.lot.expires_on < draft.occurred_on:
        told = _("%(item)s expired on %(day)s: write it off instead.")
        raise Invalid({"lot": [told % {**about, "day": leg.lot.expires_on.isoformat()}]})
    if balance.quantity + leg.change > MOST_UNITS:
        raise Invalid({"quantity": [_("No depot holds so many. Look at the quantity again.")]})
    if leg.change < 0:
        available = lowest_since(balance, draft.occurred_on)
        if available + leg.change < 0:
            told = _("%(depot)s has only %(number)d %(unit)s of %(item)s that could be taken on that day.")
            raise Invalid({"quantity": [told % {**about, "number": available}]})


def _refuse_dates(draft: Draft, leg: Leg) -> None:
    if leg.lot.expires_on and leg.lot.expires_on < draft.occurred_on:
        raise Invalid({"expires_on": [_("It had expired before it was received.")]})
    if leg.lot.made_on and leg.lot.made_on > draft.occurred_on:
        raise Invalid({"made_on": [_("It was made after it was received.")]})


def lowest_since(balance: Balance, day: date) -> int:
    """The least that the balance held at the end of any day from ``day`` on: what could be taken then without a later
    day coming out below zero. Within one day what came counts before what went."""
    if balance.moved_on is None or balance.moved_on <= day:
        return int(balance.quantity)
    later = (
        Entry.objects.filter(balance=balance, occurred_on__gt=day)
        .values("occurred_on")
        .order_by("-occurred_on")
        .annotate(change=Sum("change"))
    )
    held = lowest = balance.quantity
    for each in later:
        held -= each["change"]
        lowest = min(lowest, held)
    return lowest


def lot_of(item: Item, code: str = "", made_on: date | None = None, expires_on: date | None = None) -> Lot:
    """The lot of an item by its code, made where there is none. A lot with a date and no code goes by its date.

    Raises Invalid when the lot is known with another date of expiry.
    """
    code = code.strip() or (expires_on.isoformat() if expires_on else "")
    lot, _new = Lot.objects.get_or_create(item=item, code=code, defaults={"made_on": made_on, "expires_on": expires_on})
    if expires_on and lot.expires_on != expires_on:
        told = _("Lot %(code)s of %(item)s expires on %(day)s.")
        day = lot.expires_on.isoformat() if lot.expires_on else _("no day")
        raise Invalid({"expires_on": [told % {"code": code, "item": item, "day": day}]})
    return lot


@transaction.atomic
def correct(user: Any, movement: Movement, reason: str, key: uuid.UUID) -> Movement:
    """Take a movement back by its counter-entry, on the day of the movement itself; a loan follows.

    Raises Invalid without a reason, when it was taken back before, when it is a part of a count or an order, or when a
    count has settled the matter since.
    """
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    # Held, so that two people who take the same back are told of each other.
    held = Movement.objects.select_for_update(of=("self",)).select_related("loan").get(pk=movement.pk)
    before = Movement.objects.filter(corrects=held).first()
    if before is None:
        if reason_not := why_not_corrected(held):
            raise Invalid({"__all__": [reason_not]})
        if held.loan is not None:
            _undo_loan(user, held)
    elif before.key != key:
        raise Invalid({"__all__": [_("This was taken back already, on %(day)s.") % {"day": _day(before)}]})
    legs = tuple(
        Leg(entry.balance.depot, entry.balance.lot, -entry.change, entry.balance.condition)
        for entry in held.entries.select_related("balance__depot", "balance__lot__item")
    )
    draft = Draft(MovementKind.CORRECT, held.occurred_on, legs, key=key, reason=reason.strip(), corrects=held)
    return post(user, replace(draft, loan=held.loan))


def why_not_corrected(movement: Movement) -> str:
    """Why movements like this are not taken back; "" where they are. That it was not yet is asked when it is done."""
    if movement.kind == MovementKind.CORRECT:
        return _("A correction is not corrected: record what really happened.")
    if movement.order_id is not None:
        return _("This is a step of a request for help: put it right there.")
    if movement.count_id is not None:
        return _("What a count found is put right by another count.")
    return ""


def _day(movement: Movement) -> str:
    return timezone.localdate(movement.recorded_at).isoformat()


def _undo_loan(user: Any, movement: Movement) -> None:
    """The loan as it would be without the movement. Raises Invalid when some of it came back meanwhile."""
    loan: Loan = locked(movement.loan)
    if movement.kind == MovementKind.RETURN:
        back = sum(entry.change for entry in movement.entries.all())
        write(loan, user, returned=loan.returned - back)
    elif loan.returned:
        raise Invalid({"__all__": [_("Some of it was given back: take that back first.")]})
    else:
        write(loan, user, retired_at=timezone.now(), retired_reason=_("Taken back in the ledger"))
