"""Changing what a depot holds."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import LayerChange

from .models import Depot, StockItem, StockLine


@dataclass(frozen=True)
class StockEntry:
    """One line as a person left it. ``line_id`` and ``version`` are None for a new one."""

    item: StockItem
    quantity: int
    standard_quantity: int | None
    line_id: int | None = None
    version: int | None = None
    remove: bool = False


@transaction.atomic
def save_stock(depot: Depot, user: Any, entries: list[StockEntry]) -> int:
    """Write all lines or none; returns how many changed.

    Raises NotAllowed, and Invalid naming the item when somebody else changed its line since it was read.
    """
    if not permissions.can_change(user, layers.of(depot), depot):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    # Locks the depot, so that two people adding the same item wait for one another.
    Depot.objects.select_for_update(of=("self",)).get(pk=depot.pk)
    existing = {line.pk: line for line in StockLine.objects.filter(depot=depot, retired_at__isnull=True)}
    held = {line.item_id for line in existing.values()}
    changed = 0
    for entry in entries:
        if entry.line_id is None:
            if entry.item.pk in held:
                raise Invalid({"__all__": [_("%(item)s is in the list already.") % {"item": entry.item}]})
            held.add(entry.item.pk)
            StockLine.objects.create(
                depot=depot, item=entry.item, quantity=entry.quantity,
                standard_quantity=entry.standard_quantity, created_by=user, updated_by=user,
            )  # fmt: skip
            changed += 1
        else:
            changed += _change(existing.get(entry.line_id), user, entry)
    if changed:
        # The depots' list and map show what is short: their data have changed too.
        LayerChange.objects.create(table_name=Depot._meta.db_table)
    return changed


def _change(line: StockLine | None, user: Any, entry: StockEntry) -> int:
    if line is None or line.version != entry.version:
        raise Invalid(
            {"__all__": [_("Somebody changed %(item)s meanwhile. Its present figure is shown.") % {"item": entry.item}]}
        )
    values: dict[str, Any] = {"quantity": entry.quantity, "standard_quantity": entry.standard_quantity}
    if entry.remove:
        values = {"retired_at": timezone.now(), "retired_reason": _("taken off the depot's list")}
    elif all(getattr(line, name) == value for name, value in values.items()):
        return 0
    StockLine.objects.filter(pk=line.pk, version=line.version).update(**values, updated_by=user)
    return 1
