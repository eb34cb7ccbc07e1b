"""Editions of standard quantities. A change is a new edition for days to come; what was in force then stays so."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster import mean_use
from disaster.access import officer_scope
from disaster.models import Depot, Item, StandardQuantity
from disaster.querysets_stock import first_entry, used_by_year
from gis_core import permissions
from gis_core.editing import writing
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers
from gis_core.models import AdminArea, LayerChange


@dataclass(frozen=True)
class Edition:
    """What a person decides: exactly one of ``depot`` and ``area`` is given."""

    item: Item
    quantity: int
    method: str
    source: str
    effective_from: date
    depot: Depot | None = None
    area: AdminArea | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def decide(user: Any, edition: Edition) -> StandardQuantity:
    """A new edition; the one made first, where the form is sent again. Raises NotAllowed, Invalid."""
    _refuse_elsewhere(user, edition.depot, edition.area)
    if not edition.source.strip():
        raise Invalid({"source": [_("Say where it comes from.")]})
    if edition.effective_from < timezone.localdate():
        raise Invalid({"effective_from": [_("An edition holds from today or later: what was in force stays so.")]})
    values = {
        "item": edition.item, "depot": edition.depot, "area": edition.area, "quantity": edition.quantity,
        "method": edition.method, "source": edition.source.strip(), "effective_from": edition.effective_from,
    }  # fmt: skip
    try:
        with transaction.atomic():
            made: StandardQuantity = writing.make(StandardQuantity, user, values, edition.token)
    except IntegrityError as error:
        told = _("There is an edition from that day already. Withdraw it first, or choose another day.")
        raise Invalid({"effective_from": [told]}) from error
    LayerChange.objects.create(table_name=Depot._meta.db_table)
    return made


@transaction.atomic
def withdraw(user: Any, standard: StandardQuantity, reason: str, version: int) -> None:
    """Take back an edition that is not in force yet. Raises NotAllowed, Invalid."""
    _refuse_elsewhere(user, standard.depot, standard.area)
    current: StandardQuantity = writing.locked(standard)
    if current.effective_from <= timezone.localdate():
        raise Invalid({"__all__": [_("It is in force already: make a new edition.")]})
    writing.retire(current, user, reason, version)


def may_decide(user: Any, depot: Depot | None, area: AdminArea | None) -> bool:
    """For a depot its keeper; for a town or city an officer of it or above."""
    layer = layers.get("depots")
    if depot is not None:
        return permissions.can_change(user, layer, depot)
    if area is None or not permissions.can_add(user, layer):
        return False
    return permissions.covers(officer_scope(user), [area.pk])


def _refuse_elsewhere(user: Any, depot: Depot | None, area: AdminArea | None) -> None:
    if (depot is None) == (area is None):
        raise Invalid({"place": [_("Choose a depot, a town or a city.")]})
    if not may_decide(user, depot, area):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


def depots_of(depot: Depot | None, area: AdminArea | None) -> Any:
    """The depots that a standard of this place speaks of."""
    if depot is not None:
        return [depot.pk]
    assert area is not None
    return Depot.objects.filter(area__in=sorted(AdminArea.objects.descendant_ids([area.pk])))


def propose(item: Item, depot: Depot | None, area: AdminArea | None) -> mean_use.Proposal | None:
    """The mean yearly use of the last five full years, as far as the ledger goes back."""
    depots = depots_of(depot, area)
    return mean_use.proposal(used_by_year(item, depots), first_entry(item, depots), timezone.localdate())
