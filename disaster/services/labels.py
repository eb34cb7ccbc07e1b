"""Labels: what they stand for, made once, revoked, renewed. Printing again gives the label that is in use."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disaster.access import officer_scope
from disaster.models import Balance, Depot, ItemClass, Label, Lot
from disaster.querysets_inspections import live_labels
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed

# 16 random bytes: nobody guesses the address of another depot.
TOKEN_BYTES = 16
MOST_AT_ONCE = 1000

# (depot, class or None, lot or None), by number.
Thing = tuple[int, int | None, int | None]


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


@transaction.atomic
def labels_of(user: Any, things: Sequence[Thing]) -> list[Label]:
    """The labels in use of these things, in their order; those that have none get one. Raises Invalid, NotAllowed."""
    wanted = list(dict.fromkeys(things))
    if not wanted:
        raise Invalid({"__all__": [_("Choose what to print labels for.")]})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"__all__": [_("Print at most %(number)s labels at once.") % {"number": MOST_AT_ONCE}]})
    _refuse_wrong(user, wanted)
    depots = Depot.objects.filter(pk__in={depot for depot, _class, _lot in wanted})
    known = _by_thing(live_labels(depots))
    missing = [thing for thing in wanted if thing not in known]
    if missing:
        # Somebody else may print the same just now: whoever comes second takes the first one's.
        Label.objects.bulk_create(
            [
                Label(token=new_token(), depot_id=depot, item_class_id=item_class, lot_id=lot, created_by=user)
                for depot, item_class, lot in missing
            ],
            ignore_conflicts=True,
        )
        known = _by_thing(live_labels(depots))
    return [known[thing] for thing in wanted]


def _by_thing(labels: Iterable[Label]) -> dict[Thing, Label]:
    return {(each.depot_id, each.item_class_id, each.lot_id): each for each in labels}  # type: ignore[misc]


def _refuse_wrong(user: Any, things: Iterable[Thing]) -> None:
    """Raises NotAllowed for a depot of another town, Invalid for what is not there."""
    depots = {each.pk: each for each in Depot.objects.live().filter(pk__in={depot for depot, _c, _l in things})}
    classes = set(ItemClass.objects.live().values_list("pk", flat=True))
    lots = dict(Lot.objects.filter(pk__in={lot for _d, _c, lot in things if lot}).values_list("pk", "item__item_class"))
    scope = officer_scope(user)
    for depot, item_class, lot in things:
        if depot not in depots:
            raise Invalid({"__all__": [_("This depot is not known here.")]})
        if not permissions.covers(scope, [depots[depot].area_id]):
            raise NotAllowed(_("This depot lies outside the area that you look after."))
        if (item_class is not None and item_class not in classes) or (lot is not None and lots.get(lot) != item_class):
            raise Invalid({"__all__": [_("This class or lot is not known here.")]})


@transaction.atomic
def revoke(label: Label, user: Any) -> Label:
    """Take a label out of use: whoever scans it is told so. Again changes nothing. Raises NotAllowed."""
    held: Label = Label.objects.select_for_update(of=("self",)).select_related("depot").get(pk=label.pk)
    if not permissions.covers(officer_scope(user), [held.depot.area_id if held.depot else None]):
        raise NotAllowed(_("This depot lies outside the area that you look after."))
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
    return held


@transaction.atomic
def renew(label: Label, user: Any) -> Label:
    """A new label in place of one that was lost or copied. Raises Invalid, NotAllowed."""
    held = revoke(label, user)
    assert held.depot_id is not None
    return labels_of(user, [(held.depot_id, held.item_class_id, held.lot_id)])[0]


def printable(depots: Iterable[Depot]) -> list[tuple[Depot, list[tuple[Thing, Any, list[tuple[Thing, Lot]]]]]]:
    """What a label can be printed for: each depot, the classes that lie in it, and their lots that have a code."""
    found = list(depots)
    rows = (
        Balance.objects.filter(depot__in=found, quantity__gt=0, lot__item__item_class__isnull=False)
        .select_related("lot__item__item_class")
        .order_by("lot__item__item_class", "lot__item", "lot__code", "pk")
    )
    held: dict[int, dict[int, tuple[ItemClass, dict[int, Lot]]]] = {}
    for row in rows:
        item_class = row.lot.item.item_class
        assert item_class is not None
        _class, lots = held.setdefault(row.depot_id, {}).setdefault(item_class.pk, (item_class, {}))
        if row.lot.code:
            lots[row.lot_id] = row.lot
    return [
        (
            depot,
            [
                ((depot.pk, pk, None), item_class, [((depot.pk, pk, lot.pk), lot) for lot in lots.values()])
                for pk, (item_class, lots) in held.get(depot.pk, {}).items()
            ],
        )
        for depot in found
    ]
