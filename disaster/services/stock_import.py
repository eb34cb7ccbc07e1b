"""Writing a wide stock table: one receipt for what nobody had said anything of, one adjustment for what differs, in one
transaction, once per upload."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from disaster.models import Balance, Item, Lot, MovementKind
from gis_core.editing.errors import Invalid
from gis_core.models import Submission

from . import ledger
from .stock_reading import Change, Preview

PURPOSE = "stock-import"
# One upload is one import, however often it is confirmed.
_IMPORTS = uuid.UUID("0f9b3d8c-6f6e-4a56-9a39-6a1d4a3c7f10")


@dataclass(frozen=True)
class Written:
    """What an import did. ``again``: it had been done before, and nothing was done now."""

    opened: int = 0
    adjusted: int = 0
    zeros: int = 0
    same: int = 0
    again: bool = False


def token(upload: str) -> uuid.UUID:
    return uuid.uuid5(_IMPORTS, upload)


def is_written(upload: str) -> bool:
    return Submission.objects.filter(token=token(upload)).exists()


@transaction.atomic
def write(user: Any, upload: str, day: date, digest: str, build: Callable[[], Preview], name: str = "") -> Written:
    """Write what was confirmed. ``build`` reads the table against the ledger as it is now, which has to come to the
    same as what the person saw (``digest``). Raises NotAllowed and Invalid; then nothing is written.
    """
    _submission, first = Submission.objects.get_or_create(
        token=token(upload), defaults={"user": user, "layer": PURPOSE}
    )
    if not first:
        return Written(again=True)
    _hold(build())
    preview = build()
    if not preview.is_clear:
        raise Invalid({"__all__": [_("There are still questions to answer.")]})
    if preview.digest != digest:
        raise _changed()
    if not preview.changes:
        raise Invalid({"__all__": [_("The table says nothing that could be written.")]})
    return _write(user, upload, day, preview, name)


def _changed() -> Invalid:
    return Invalid({"__all__": [_("The ledger or your choices changed since you looked. Look again, then write.")]})


def _hold(preview: Preview) -> None:
    """The balances the table speaks of, held in the ledger's order until the end."""
    held = Balance.objects.select_for_update().filter(
        depot__in={each.depot.pk for each in preview.changes},
        lot__item__in={each.column.item.pk for each in preview.changes if each.column.item},
    )
    list(held.order_by("depot_id", "lot_id", "condition"))


def _write(user: Any, upload: str, day: date, preview: Preview, name: str) -> Written:
    lots: dict[str, Lot] = {}
    for column in preview.columns:
        item = column.item or Item.objects.create(name=column.name, unit=column.unit, created_by=user, updated_by=user)
        lots[column.heading] = ledger.lot_of(item)
    opened = [each for each in preview.changes if each.is_opening]
    adjusted = [each for each in preview.changes if not each.is_opening and each.difference]
    zeros = [each for each in opened if not each.after]
    # None left is something to know: the balance is there from now on.
    ledger.lock(_leg(each, lots) for each in zeros)
    for kind, changes in ((MovementKind.RECEIVE, opened), (MovementKind.ADJUST, adjusted)):
        legs = tuple(_leg(each, lots) for each in changes if each.difference)
        if legs:
            key = uuid.uuid5(token(upload), kind)
            reason = _("Stock table %(file)s") % {"file": name}
            movement = ledger.post(user, ledger.Draft(kind, day, legs, key=key, reason=reason[:300]))
            if kind == MovementKind.RECEIVE:
                _refuse_received_meanwhile(movement, opened, lots)
    return Written(
        len(opened) - len(zeros), len(adjusted), len(zeros), len(preview.changes) - len(opened) - len(adjusted)
    )


def _refuse_received_meanwhile(movement: Any, opened: list[Change], lots: dict[str, Lot]) -> None:
    """Where nothing was known there was nothing to hold: somebody may have received something just now."""
    wanted = {(each.depot.pk, lots[each.column.heading].pk): each.after for each in opened}
    for entry in movement.entries.select_related("balance"):
        if entry.quantity_after != wanted[entry.balance.depot_id, entry.balance.lot_id]:
            raise _changed()


def _leg(change: Change, lots: dict[str, Lot]) -> ledger.Leg:
    return ledger.Leg(change.depot, lots[change.column.heading], change.difference)
